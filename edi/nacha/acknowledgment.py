"""The bank's answer to an ACH file: what it received, and whether it takes it.

Banks each have a form of their own; this is the plain text that our sandbox bank writes, one `TAG: value` a line:

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

from collections.abc import Iterable
from dataclasses import dataclass, field

from edi.findings import Finding, Place
from edi.nacha.file import AchFile
from edi.nacha.rows import error

TITLE = "ACH FILE ACKNOWLEDGMENT"
ACCEPTED, REJECTED = "ACCEPTED", "REJECTED"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAcknowledgment:
    """One answer. `created` is YYMMDDHHMM as in the file header; `rejected_batches` are (number, reason)."""

    origin: str
    created: str
    modifier: str
    batch_count: int
    entry_addenda_count: int
    debit_cents: int
    credit_cents: int
    status: str
    reason: str = ""
    rejected_batches: list[tuple[int, str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        """Origin, creation, modifier: equal to `AchFile.key` of the file that is answered."""
        return self.origin, self.created, self.modifier

    @property
    def accepted(self) -> bool:
        """The bank takes the file, save the batches in `rejected_batches`."""
        return self.status == ACCEPTED

    @property
    def rejected(self) -> bool:
        return self.status == REJECTED

    def disagreements(self, file: AchFile) -> list[Finding]:
        """Errors for the key and the four totals that differ from the file that was sent."""
        expected = {
            "batch_count": len(file.batches),
            "entry_addenda_count": file.entry_addenda_count,
            "debit_cents": file.debit_cents,
            "credit_cents": file.credit_cents,
        }
        told = {name: getattr(self, name) for name in expected}
        findings = [] if self.key == file.key else [_error("ACH-ACK-KEY", "the answer names another file", 1)]
        return findings + [
            _error("ACH-ACK-TOTAL", f"the bank counts {told[name]} as {name.replace('_', ' ')}, we sent {sent}", 1)
            for name, sent in expected.items()
            if told[name] != sent
        ]


def acknowledge(
    file: AchFile, status: str = ACCEPTED, reason: str = "", rejected_batches: Iterable[tuple[int, str]] = ()
) -> BankAcknowledgment:
    """The answer to `file` with its key and totals."""
    origin, created, modifier = file.key
    return BankAcknowledgment(
        origin=origin,
        created=created,
        modifier=modifier,
        batch_count=len(file.batches),
        entry_addenda_count=file.entry_addenda_count,
        debit_cents=file.debit_cents,
        credit_cents=file.credit_cents,
        status=status,
        reason=reason,
        rejected_batches=list(rejected_batches),
    )


def write_acknowledgment(value: BankAcknowledgment) -> bytes:
    """The answer as text in ASCII with LF. Raises ValueError for text that is no single line of printable ASCII."""
    names = _TEXTS | _NUMBERS
    lines = [TITLE, *(f"{tag}: {getattr(value, names[tag])}".rstrip(" ") for tag in _ORDER)]
    lines += [f"{_BATCH}: {number} {reason}".rstrip(" ") for number, reason in value.rejected_batches]
    lines.append(_END)
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise ValueError("an acknowledgment is printable ASCII")
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def is_acknowledgment(data: bytes) -> bool:
    """Whether the bytes begin as one of ours."""
    return data.lstrip().startswith(TITLE.encode("ascii"))


def is_whole(data: bytes) -> bool:
    """Whether the last line is END: a file that is still being written has none."""
    return data.rstrip().rpartition(b"\n")[2].strip() == _END.encode("ascii")


def read_acknowledgment(data: bytes) -> tuple[BankAcknowledgment | None, list[Finding]]:
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


def _error(code: str, message: str, line: int) -> Finding:
    return error(code, message, "hold the payments of this file and ask the bank", Place(line=line))
