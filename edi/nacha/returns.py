"""The receiving banks' side: the file that brings entries back (record 7, type 99), made from the original file."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from edi.nacha import codes
from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda99


def return_file(
    original: AchFile,
    returned: Iterable[tuple[str, str]],
    *,
    created: datetime,
    modifier: str = "A",
    first_sequence: int = 1,
    information: str = "",
) -> AchFile:
    """A file returning the entries of `original` that `returned` names as (trace number, reason code).

    Each returning bank gets a batch of its own per original batch; entries keep amount, account, name and
    identification, take the return form of their transaction code and a new trace of the returning bank counted from
    `first_sequence`. Original addenda do not travel; a 99 takes their place. The file goes back to its origin.
    Raises ValueError where a trace number or reason is unknown, or nothing is returned.
    """
    reasons = dict(returned)
    unknown = set(reasons.values()) - codes.RETURN_REASONS.keys()
    if unknown or not reasons:
        raise ValueError("every return needs a reason code of the rules, and there has to be one")
    batches: list[AchBatch] = []
    sequence = first_sequence
    for batch in original.batches:
        for bank, entries in _by_bank(batch, reasons).items():
            batches.append(_return_batch(batch, bank, entries, reasons, len(batches) + 1, sequence, information))
            sequence += len(entries)
    if sum(len(batch.entries) for batch in batches) != len(reasons):
        raise ValueError("a returned trace number is not in the original file, or is there twice")
    return AchFile(
        origin=original.destination,
        origin_name=original.destination_name,
        destination=original.origin,
        destination_name=original.origin_name,
        created=created,
        modifier=modifier,
        batches=batches,
    )


def _by_bank(batch: AchBatch, reasons: dict[str, str]) -> dict[str, list[AchEntry]]:
    """The batch's returned entries by the 8 digits of the bank that returns them."""
    banks: dict[str, list[AchEntry]] = {}
    for entry in batch.entries:
        if entry.trace in reasons:
            banks.setdefault(entry.rdfi[:8], []).append(entry)
    return banks


def _return_batch(
    batch: AchBatch,
    bank: str,
    entries: list[AchEntry],
    reasons: dict[str, str],
    number: int,
    first_sequence: int,
    information: str,
) -> AchBatch:
    return replace(
        batch,
        odfi=bank,
        number=number,
        entries=[
            _return_entry(batch, entry, reasons[entry.trace], f"{bank}{sequence:07d}", information)
            for sequence, entry in enumerate(entries, start=first_sequence)
        ],
    )


def _return_entry(batch: AchBatch, entry: AchEntry, reason: str, trace: str, information: str) -> AchEntry:
    addenda = Addenda99(
        reason=reason,
        original_trace=entry.trace,
        original_rdfi=entry.rdfi[:8],
        trace=trace,
        information=information,
    )
    return replace(
        entry,
        transaction_code=codes.returned_code(entry.transaction_code),
        rdfi=batch.odfi + codes.check_digit(batch.odfi),
        trace=trace,
        addenda=[addenda],
    )
