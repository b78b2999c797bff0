"""A bank's answer to an ACH file, whatever form it came in: which file, what was counted, what is taken and what is not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from edi.findings import Finding, Place
from edi.nacha.file import AchFile
from edi.nacha.rows import error

ACCEPTED, REJECTED, HELD = "ACCEPTED", "REJECTED", "HELD"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAcknowledgment:
    """One answer. `created` is YYMMDDHHMM as in the file header; `rejected_batches` are (number, reason).

    `status` is ACCEPTED or REJECTED; anything else is neither, and the file is held. `codes` are the bank's own, as they
    came. `effective_dates` are (batch number, date) as the bank has them now: it moves a day on which it cannot settle.
    `adapter` names the form that was read.
    """

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
    codes: list[str] = field(default_factory=list)
    effective_dates: list[tuple[int, date]] = field(default_factory=list)
    adapter: str = "plain"

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
        findings = [] if self.key == file.key else [ack_error("ACH-ACK-KEY", "the answer names another file", 1)]
        unknown = {number for number, _ in self.rejected_batches} - {batch.number for batch in file.batches}
        if unknown:
            findings.append(ack_error("ACH-ACK-BATCH", "a rejected batch is not in the file that was sent", 1))
        return findings + [
            ack_error("ACH-ACK-TOTAL", f"the bank counts {told[name]} as {name.replace('_', ' ')}, we sent {sent}", 1)
            for name, sent in expected.items()
            if told[name] != sent
        ]

    def moved_dates(self, file: AchFile) -> list[tuple[int, date]]:
        """(batch number, date) of the batches to which the bank gives another effective date than was sent."""
        sent = {batch.number: batch.effective_date for batch in file.batches}
        return [(number, day) for number, day in self.effective_dates if number in sent and sent[number] != day]


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


def ack_error(code: str, message: str, line: int) -> Finding:
    """An error in an answer: whatever it is, the file is held."""
    return error(code, message, "hold the payments of this file and ask the bank", Place(line=line))
