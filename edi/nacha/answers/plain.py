"""Adapter `plain`: the text that our sandbox bank writes, one `TAG: value` a line.

    ACH FILE ACKNOWLEDGMENT
    ORIGIN: 1912345678            header columns 14-23
    CREATED: 2611221030           header columns 24-33, YYMMDDHHMM
    MODIFIER: A                   header column 34
    BATCHES: 2                    as counted by the bank
    ENTRIES AND ADDENDA: 14
    DEBIT CENTS: 0
    CREDIT CENTS: 125050
    STATUS: ACCEPTED              or REJECTED
    REASON:                       why it is rejected, else blank
    REJECTED BATCH: 2 SEC INVALID once a rejected batch of an accepted file: its number and why
    END

Origin, creation and modifier name the file; then the four totals have to agree. A status that is not known, a tag that
is missing or twice, a file without END: errors, and the answer never counts as an acceptance.
"""

from edi.findings import Finding
from edi.nacha.answers.values import ACCEPTED, REJECTED, BankAcknowledgment
from edi.nacha.answers.values import ack_error as _error

TITLE = "ACH FILE ACKNOWLEDGMENT"
_END = "END"
_TEXTS = {"ORIGIN": "origin", "CREATED": "created", "MODIFIER": "modifier", "STATUS": "status", "REASON": "reason"}
_NUMBERS = {
    "BATCHES": "batch_count",
    "ENTRIES AND ADDENDA": "entry_addenda_count",
    "DEBIT CENTS": "debit_cents",
    "CREDIT CENTS": "credit_cents",
}
_ORDER = ("ORIGIN", "CREATED", "MODIFIER", *_NUMBERS, "STATUS", "REASON")
_BATCH = "REJECTED BATCH"
_DIGITS_MAX = 12


def write(value: BankAcknowledgment) -> bytes:
    """The answer as text in ASCII with LF. Raises ValueError for text that is no single line of printable ASCII."""
    names = _TEXTS | _NUMBERS
    lines = [TITLE, *(f"{tag}: {getattr(value, names[tag])}".rstrip(" ") for tag in _ORDER)]
    lines += [f"{_BATCH}: {number} {reason}".rstrip(" ") for number, reason in value.rejected_batches]
    lines.append(_END)
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise ValueError("an acknowledgment is printable ASCII")
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def recognise(data: bytes) -> bool:
    """Whether the bytes begin as one of ours."""
    return data.lstrip().startswith(TITLE.encode("ascii"))


def is_whole(data: bytes) -> bool:
    """Whether the last line is END: a file that is still being written has none."""
    return data.rstrip().rpartition(b"\n")[2].strip() == _END.encode("ascii")


def read(data: bytes) -> tuple[BankAcknowledgment | None, list[Finding]]:
    """The answer, or None where something of it is missing, with findings. Never raises on bad bytes.

    An answer of unknown status is handed out with its finding; it is neither accepted nor rejected.
    """
    lines = [line.strip() for line in data.decode("ascii", "replace").splitlines()]
    if not lines or lines[0] != TITLE:
        return None, [_error("ACH-ACK-TITLE", "the first line is not that of an acknowledgment", 1)]
    values: dict[str, object] = {}
    batches: list[tuple[int, str]] = []
    findings: list[Finding] = []
    for number, line in enumerate(lines[1:], start=2):
        if line == _END:
            break
        findings += _read_line(line, number, values, batches)
    else:
        findings.append(_error("ACH-ACK-END", "the last line is missing: the answer is not whole", len(lines)))
    findings += [
        _error("ACH-ACK-TAG", f"{tag} is missing", len(lines))
        for tag in _ORDER
        if (_TEXTS | _NUMBERS)[tag] not in values
    ]
    if findings:
        return None, findings
    if values["status"] not in {ACCEPTED, REJECTED}:
        findings.append(_error("ACH-ACK-STATUS", "the status is neither ACCEPTED nor REJECTED", len(lines)))
    return BankAcknowledgment(**values, rejected_batches=batches), findings  # type: ignore[arg-type]  # checked by tag above


def _read_line(line: str, number: int, values: dict[str, object], batches: list[tuple[int, str]]) -> list[Finding]:
    tag, _, text = (part.strip() for part in line.partition(":"))
    if tag == _BATCH:
        batch, _, reason = text.partition(" ")
        if not _is_number(batch):
            return [_error("ACH-ACK-TAG", "a rejected batch has no number", number)]
        batches.append((int(batch), reason.strip()))
        return []
    name = (_TEXTS | _NUMBERS).get(tag)
    if name is None or name in values:
        return [_error("ACH-ACK-TAG", "the tag is unknown or stands twice", number)]
    if tag in _NUMBERS and not _is_number(text):
        return [_error("ACH-ACK-NUMBER", f"{tag} is no number", number)]
    values[name] = int(text) if tag in _NUMBERS else text
    return []


def _is_number(text: str) -> bool:
    """ASCII digits, no more than any total of the format has."""
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX
