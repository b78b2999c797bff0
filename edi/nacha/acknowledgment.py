"""The bank's answer to an ACH file: what it received, and whether it takes it.

Banks each have a form of their own. An adapter recognises one by its content and reads it; all give the same typed
result. Origin, creation and modifier name the file; then the four totals have to agree. Whatever an adapter does not
know (a status, a code, a missing end) is an error among its findings, and the answer then holds the file: it never
counts as an acceptance.
"""

from collections.abc import Callable
from dataclasses import dataclass

from edi.findings import Finding
from edi.nacha.answers import confirmation, fedach, plain
from edi.nacha.answers.plain import write as write_acknowledgment
from edi.nacha.answers.values import ACCEPTED, HELD, REJECTED, BankAcknowledgment, ack_error, acknowledge

__all__ = [
    "ACCEPTED",
    "ADAPTERS",
    "HELD",
    "REJECTED",
    "Adapter",
    "BankAcknowledgment",
    "acknowledge",
    "adapter_of",
    "is_acknowledgment",
    "is_whole",
    "read_acknowledgment",
    "write_acknowledgment",
]

Answer = tuple[BankAcknowledgment | None, list[Finding]]


@dataclass(frozen=True, slots=True)
class Adapter:
    """One bank's form: how it is recognised, when it is whole, how it is read, and what it is for people."""

    name: str
    recognise: Callable[[bytes], bool]
    is_whole: Callable[[bytes], bool]
    read: Callable[[bytes], Answer]
    meaning: str


ADAPTERS: dict[str, Adapter] = {
    row.name: row
    for row in (
        Adapter(
            "plain", plain.recognise, plain.is_whole, plain.read, "one `TAG: value` a line, as the sandbox writes it"
        ),
        Adapter(
            "fedach", fedach.recognise, fedach.is_whole, fedach.read, "the Reserve Banks' report of files deposited"
        ),
        Adapter(
            "confirmation",
            confirmation.recognise,
            confirmation.is_whole,
            confirmation.read,
            "records 1, 5, 8 and 9 of the file, with codes 01 to 07 in record 9",
        ),
    )
}


def adapter_of(data: bytes) -> Adapter | None:
    """The adapter that recognises the bytes, or None."""
    return next((adapter for adapter in ADAPTERS.values() if adapter.recognise(data)), None)


def is_acknowledgment(data: bytes) -> bool:
    """Whether the bytes begin as an answer that some adapter reads."""
    return adapter_of(data) is not None


def is_whole(data: bytes) -> bool:
    """Whether the answer's end is there: a file that is still being written has none."""
    adapter = adapter_of(data)
    return adapter is not None and adapter.is_whole(data)


def read_acknowledgment(data: bytes, adapter: str | None = None) -> Answer:
    """The answer, or None where something of it is missing, with findings. Never raises on bad bytes.

    `adapter` names the form, where the bank's is known; else the content tells. Raises KeyError for a name that is none.
    An answer of unknown status is handed out with its finding; it is neither accepted nor rejected.
    """
    found = ADAPTERS[adapter] if adapter is not None else adapter_of(data)
    if found is None:
        return None, [ack_error("ACH-ACK-TITLE", "the first line is not that of an acknowledgment", 1)]
    return found.read(data)
