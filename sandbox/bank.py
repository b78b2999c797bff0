"""The bank: takes NACHA files in, acknowledges and settles each, tells what comes back, and pays payers' money out.

A file is taken if ``edi.nacha.check`` finds no error, achkit (an outside validator) agrees, and no accepted file had
the same origin, creation and modifier. What becomes of its entries follows from their accounts (``sandbox.bank_outcomes``).
It is settled on its effective dates, or on the day of the acknowledgment where that is later, less what was rejected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

import achkit

from edi.findings import Finding, Severity
from edi.nacha import codes, reading
from edi.nacha.acknowledgment import (
    ACCEPTED,
    REJECTED,
    BankAcknowledgment,
    acknowledge,
    write_acknowledgment,
)
from edi.nacha.file import AchBatch, AchEntry, AchFile
from sandbox import statements
from sandbox.bank_account import Account
from sandbox.bank_returns import Returns
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.desk import Desk, Job
from sandbox.faults import Faults
from sandbox.journal import Journal, Line, read_journal
from sandbox.outbox import Outbox
from sandbox.reception import Arrival, Received, Reception

BANK_JOBS = frozenset({"bank_ack", "deposit", "settlement", "return", "noc", "dishonoured", "contested"})
_DUPLICATE = "DUPLICATE FILE"
_ON_REQUEST = "REFUSED ON REQUEST"
_RIGHTED_S = 30


@dataclass(frozen=True, slots=True)
class Judged:
    """A file that could be read: why it is rejected (nothing: it is taken), and the batches that are not taken."""

    file: AchFile
    reasons: Sequence[str]
    rejected: Sequence[AchBatch] = ()

    @property
    def status(self) -> str:
        return REJECTED if self.reasons else ACCEPTED

    @property
    def taken(self) -> list[AchBatch]:
        return [] if self.reasons else [batch for batch in self.file.batches if batch not in self.rejected]

    @property
    def answer(self) -> BankAcknowledgment:
        refused = [(batch.number, _ON_REQUEST) for batch in self.rejected]
        return acknowledge(self.file, self.status, "; ".join(self.reasons)[:60], refused)


class Bank:
    """One per worker process."""

    def __init__(
        self,
        config: SandboxConfig,
        clock: BusinessClock,
        desk: Desk,
        outbox: Outbox,
        journal: Journal,
        faults: Faults,
    ) -> None:
        self._config = config
        self._faults = faults
        self._clock = clock
        self._desk = desk
        self._outbox = outbox
        self._accepted = {tuple(line["key"]) for line in read_journal(config.journal, "bank_file") if _taken(line)}
        self._account = Account(config, clock, desk, outbox, journal, faults)
        self._returns = Returns(config, clock, desk, outbox, faults)
        self.reception = Reception(config.home("bank"), desk, journal, _is_whole, self._receive)

    def do(self, job: Job) -> None:
        """Carry out a job of the bank's."""
        if job.what == "bank_ack":
            self._acknowledge(job)
        elif job.what in {"deposit", "settlement"}:
            self._account.do(job)
        else:
            self._returns.do(job)

    def flush(self) -> None:
        """Lay out what tells of the customer's account, as it came due since the last call."""
        self._account.flush()

    def _receive(self, arrival: Arrival) -> Received:
        document = reading.read(arrival.data)
        reasons = [*_errors(document.findings), *_outside_errors(arrival.data)]
        if document.file is None:
            return Received([_refused(arrival, reasons)], refused=True)
        judged = self._judged(document.file, reasons)
        told_s = self._clock.now_s() + self._config.delays.bank_ack_s
        self._answer_later(arrival, judged.answer, told_s)
        if judged.taken:
            self._settle_later(arrival, judged, told_s)
            self._returns.expect(arrival.path.name, arrival.name, judged.taken, told_s)
        return Received([_file_line(arrival, judged), *_taken_lines(arrival, judged)], refused=bool(judged.reasons))

    def _judged(self, file: AchFile, reasons: list[str]) -> Judged:
        """The verdict on a file; what the faults ask for happens to files that are in order."""
        if file.key in self._accepted:
            return Judged(file, [_DUPLICATE])
        if reasons:
            return Judged(file, reasons)
        if self._faults.uses("reject_files"):
            return Judged(file, [_ON_REQUEST])
        self._accepted.add(file.key)
        return Judged(file, [], file.batches[:1] if self._faults.uses("reject_batches") else [])

    def _answer_later(self, arrival: Arrival, answer: BankAcknowledgment, told_s: float) -> None:
        """One acknowledgment, unless the faults ask for a wrong one before it or a second one beside it."""
        answers = [(answer, told_s)]
        if self._faults.uses("wrong_totals"):
            wrong = replace(
                answer, credit_cents=answer.credit_cents + 1, entry_addenda_count=answer.entry_addenda_count + 1
            )
            answers = [(wrong, told_s), (answer, told_s + _RIGHTED_S)]
        if self._faults.uses("double_acks"):
            answers.append(answers[-1])
        for place, (one, due_s) in enumerate(answers):
            again = f"_{place + 1}" if place else ""
            data = {"name": arrival.name, "file_id": arrival.file_id, "again": again}
            text = write_acknowledgment(one).decode("ascii")
            self._desk.add(
                Job(id=f"bank_ack-{arrival.file_id}{again}", what="bank_ack", due_s=due_s, data=data | {"text": text})
            )

    def _settle_later(self, arrival: Arrival, judged: Judged, told_s: float) -> None:
        """One booking for each effective date of the file, or none where credits and debits are equal."""
        cents: dict[date | None, int] = {}
        for batch in judged.taken:
            asked = batch.effective_date
            cents[asked] = cents.get(asked, 0) + batch.debit_cents - batch.credit_cents
        first = datetime.fromtimestamp(told_s, tz=UTC).date()
        told = (statements.file_reference(judged.file), arrival.name)
        for asked, moved in cents.items():
            on = max(asked or first, first)
            due_s = max(told_s, datetime.combine(on, time(), tzinfo=UTC).timestamp())
            if moved:
                about = f"{arrival.file_id}-{asked}"  # not by the day it is done on: made again after a kill, it is the same
                self._desk.add(statements.settlement_job(about, "file", moved, on, told, due_s))

    def _acknowledge(self, job: Job) -> None:
        if not self._outbox.has_sent(job.id):
            name = f"ACK_{job.data['name']}{job.data['again']}.txt"
            if (self._config.home("bank") / "outbound" / name).exists():
                name = f"ACK_{job.data['name']}_{job.data['file_id']}{job.data['again']}.txt"
            self._outbox.send("bank", name, job.data["text"].encode("ascii"), what=job.what, jobs=[job.id])
        self._desk.done(job.id)


def _is_whole(data: bytes) -> bool | None:
    """Whether the file control is there; None for what is no ACH file at all."""
    document = reading.read(data)
    return None if document.file is None else document.complete


def _errors(findings: list[Finding]) -> list[str]:
    return sorted({finding.code for finding in findings if finding.severity is Severity.ERROR})


def _outside_errors(data: bytes) -> list[str]:
    judged = achkit.validate(data.decode("latin-1"))
    return sorted({f"ACHKIT {error['code']}" for error in judged["errors"]})


def _refused(arrival: Arrival, reasons: Sequence[str]) -> Line:
    line = {"kind": "bank_file", "file": arrival.name, "file_id": arrival.file_id, "status": REJECTED, "key": []}
    counted = {"entries": 0, "debit_cents": 0, "credit_cents": 0}
    return line | {"reason": "; ".join(reasons), "rejected_batches": [], **counted}


def _file_line(arrival: Arrival, judged: Judged) -> Line:
    file = judged.file
    return _refused(arrival, judged.reasons) | {
        "status": judged.status,
        "key": list(file.key),
        "rejected_batches": [batch.number for batch in judged.rejected],
        "entries": sum(len(batch.entries) for batch in file.batches),
        "debit_cents": file.debit_cents,
        "credit_cents": file.credit_cents,
    }


def _taken_lines(arrival: Arrival, judged: Judged) -> Iterable[Line]:
    return (_entry_line(arrival, batch, entry) for batch in judged.taken for entry in batch.entries)


def _entry_line(arrival: Arrival, batch: AchBatch, entry: AchEntry) -> Line:
    return {
        "kind": _kind(entry),
        "trace": entry.trace,
        "amount_cents": entry.amount_cents,
        "individual_id": entry.individual_id,
        "sec": batch.sec,
        "description": batch.description,
        "transaction_code": entry.transaction_code,
        "addenda": entry.information,
        "file": arrival.name,
    }


def _kind(entry: AchEntry) -> str:
    if entry.transaction_code in codes.PRENOTE:
        return "prenote"
    return "payment" if entry.transaction_code in codes.CREDITS else "debit"


def _taken(line: Line) -> bool:
    return bool(line["status"] == ACCEPTED)
