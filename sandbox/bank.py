"""The bank: deposits payers' money, reads NACHA files, acknowledges each, returns some entries.

A file is taken if ``edi.nacha.check`` finds no error, achkit (an outside validator) agrees, and no accepted file had
the same origin, creation and modifier. Entries for accounts that end in "13" come back as R03.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import achkit

from edi.findings import Finding, Severity
from edi.nacha import reading
from edi.nacha.acknowledgment import ACCEPTED, REJECTED, acknowledge, write_acknowledgment
from edi.nacha.codes import CREDITS, LIVE
from edi.nacha.file import AchEntry, AchFile
from edi.nacha.returns import return_file
from edi.nacha.writing import write
from sandbox import deposits
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.desk import Desk, Job
from sandbox.faults import Faults
from sandbox.journal import Journal, Line, read_journal
from sandbox.outbox import Outbox
from sandbox.reception import Arrival, Received, Reception

RETURN_REASON = "R03"
_RETURNED_ENDING = "13"
_DUPLICATE = "DUPLICATE FILE"


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
        self._due_deposits: list[Job] = []
        self.reception = Reception(config.home("bank"), desk, journal, _is_whole, self._receive)

    def do(self, job: Job) -> None:
        """Carry out a job of the bank's."""
        if job.what == "deposit":
            self._deposit(job)
        elif job.what == "bank_ack":
            self._acknowledge(job)
        else:
            self._return(job)

    def _deposit(self, job: Job) -> None:
        """Notes a deposit for the next file, or puts it off; makes what the faults ask for beside it."""
        if job.data.get("spawned"):
            self._due_deposits.append(job)
            return
        now_s = self._clock.now_s()
        late_s = self._faults.late_deposit_s()
        if late_s is not None:
            self._desk.add(deposits.later(job, self._day(late_s), now_s + late_s))
            return
        if self._faults.uses("traceless_deposits"):
            job = replace(job, data=job.data | {"traced": False})
        if self._faults.uses("second_deposits"):
            self._desk.add(deposits.again(job, now_s))
        back_s = self._faults.reversed_deposit_s()
        if back_s is not None:
            self._desk.add(deposits.taken_back(job, self._day(back_s), now_s + back_s))
        self._due_deposits.append(job)

    def _day(self, after_s: float) -> date:
        return (self._clock.now() + timedelta(seconds=after_s)).date()

    def _orphans(self) -> list[Job]:
        """Deposits without an 835 that the faults ask for, each once."""
        today, now_s = self._day(0), self._clock.now_s()
        return [deposits.orphan_job(job_id, cents, today, now_s) for job_id, cents in self._faults.orphan_deposits()]

    def flush(self) -> None:
        """Lay out what tells of all deposits that came due since the last call: a file, a report, or both."""
        self._due_deposits += self._orphans()
        due = [job for job in self._due_deposits if not self._outbox.has_sent(job.id)]
        self._desk.done(*(job.id for job in self._due_deposits if self._outbox.has_sent(job.id)))
        self._due_deposits = []
        if not due:
            return
        now = self._clock.now()
        number = self._desk.counters.take("deposit")
        first = self._desk.counters.take("entry", len(due))
        told = {
            f"BAI2_{now:%Y%m%d%H%M%S}_{number}.bai2": deposits.bai2_report,
            f"ACHDEP_{now:%Y%m%d%H%M%S}_{number}.ach": deposits.ach_file,
        }
        wanted = {"ach": ("ACHDEP",), "bai2": ("BAI2",), "both": ("BAI2", "ACHDEP")}[self._config.deposits]
        files = [(name, make) for name, make in told.items() if name.startswith(wanted)]
        ids = [job.id for job in due]
        for name, make in files:
            # The last one tells the journal: a kill before it makes all of them anew.
            last = name == files[-1][0]
            lines = [deposits.line(job, name) for job in due] if last else []
            data = make(due, self._config.bank, now, number, first)
            self._outbox.send("bank", name, data, what="deposit", jobs=ids if last else [], lines=lines)
        self._desk.done(*ids)

    def _receive(self, arrival: Arrival) -> Received:
        document = reading.read(arrival.data)
        reasons = [*_errors(document.findings), *_outside_errors(arrival.data)]
        if document.file is None:
            return Received([_refused(arrival, reasons)], refused=True)
        if document.file.key in self._accepted:
            reasons = [_DUPLICATE]
        status = REJECTED if reasons else ACCEPTED
        if status == ACCEPTED:
            self._accepted.add(document.file.key)
        self._answer_later(arrival, document.file, status, reasons)
        line = _file_line(arrival, document.file, status, reasons)
        return Received([line, *(_payments(arrival, document.file) if not reasons else [])], refused=bool(reasons))

    def _answer_later(self, arrival: Arrival, file: AchFile, status: str, reasons: list[str]) -> None:
        delays = self._config.delays
        told_s = self._clock.now_s() + delays.bank_ack_s
        text = write_acknowledgment(acknowledge(file, status, "; ".join(reasons)[:60])).decode("ascii")
        data: dict[str, Any] = {"name": arrival.name, "file_id": arrival.file_id, "text": text}
        self._desk.add(Job(id=f"bank_ack-{arrival.file_id}", what="bank_ack", due_s=told_s, data=data))
        back = [entry.trace for batch in file.batches for entry in batch.entries if _comes_back(entry)]
        if status == ACCEPTED and back:
            data = {"path": f"{arrival.file_id}_{arrival.name}", "traces": back, "name": arrival.name}
            job = Job(id=f"return-{arrival.file_id}", what="return", due_s=told_s + delays.return_s, data=data)
            self._desk.add(job)

    def _acknowledge(self, job: Job) -> None:
        name = f"ACK_{job.data['name']}.txt"
        if (self._config.home("bank") / "outbound" / name).exists():
            name = f"ACK_{job.data['name']}_{job.data['file_id']}.txt"
        self._outbox.send("bank", name, job.data["text"].encode("ascii"), what=job.what, jobs=[job.id])
        self._desk.done(job.id)

    def _return(self, job: Job) -> None:
        original = reading.read((self._config.home("bank") / "archive" / job.data["path"]).read_bytes()).file
        assert original is not None
        number = self._desk.counters.take("return")
        first = self._desk.counters.take("entry", len(job.data["traces"]))
        back = return_file(
            original,
            [(trace, RETURN_REASON) for trace in job.data["traces"]],
            created=_minute(self._clock.now()),
            modifier=deposits.modifier(number),
            first_sequence=first,
        )
        name = f"RETURN_{number}.ach"
        amounts = {e.trace: e.amount_cents for batch in original.batches for e in batch.entries}
        lines = [_line("returned", t, amounts[t], job.data["name"], reason=RETURN_REASON) for t in job.data["traces"]]
        self._outbox.send("bank", name, write(back), what=job.what, jobs=[job.id], lines=lines)
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


def _comes_back(entry: AchEntry) -> bool:
    money = entry.transaction_code in LIVE and entry.transaction_code in CREDITS
    return money and entry.account.strip().endswith(_RETURNED_ENDING)


def _refused(arrival: Arrival, reasons: list[str]) -> Line:
    line = {"kind": "bank_file", "file": arrival.name, "file_id": arrival.file_id, "status": REJECTED, "key": []}
    return line | {"reason": "; ".join(reasons), "entries": 0, "debit_cents": 0, "credit_cents": 0}


def _file_line(arrival: Arrival, file: AchFile, status: str, reasons: list[str]) -> Line:
    return _refused(arrival, reasons) | {
        "status": status,
        "key": list(file.key),
        "entries": sum(len(batch.entries) for batch in file.batches),
        "debit_cents": file.debit_cents,
        "credit_cents": file.credit_cents,
    }


def _payments(arrival: Arrival, file: AchFile) -> list[Line]:
    entries = (entry for batch in file.batches for entry in batch.entries)
    return [
        _line("payment", entry.trace, entry.amount_cents, arrival.name, individual_id=entry.individual_id)
        for entry in entries
    ]


def _line(kind: str, trace: str, amount_cents: int, file: str, **more: str) -> Line:
    return {"kind": kind, "trace": trace, "amount_cents": amount_cents, **more, "file": file}


def _taken(line: Line) -> bool:
    return bool(line["status"] == ACCEPTED)


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None)
