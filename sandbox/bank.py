"""The bank: deposits payers' money, reads NACHA files, acknowledges each, returns some entries.

A file is taken if ``edi.nacha.check`` finds no error, achkit (an outside validator) agrees, and no accepted file had
the same origin, creation and modifier. Entries for accounts that end in "13" come back as R03.
"""

from datetime import UTC, date, datetime
from typing import Any

import achkit

from edi.findings import Finding, Severity
from edi.nacha import reading
from edi.nacha.acknowledgment import ACCEPTED, REJECTED, acknowledge, write_acknowledgment
from edi.nacha.codes import CREDITS, LIVE
from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda05
from edi.nacha.returns import return_file
from edi.nacha.trn import trn_text
from edi.nacha.writing import write
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.desk import Desk, Job
from sandbox.journal import Journal, Line, read_journal
from sandbox.outbox import Outbox
from sandbox.reception import Arrival, Received, Reception

RETURN_REASON = "R03"
_RETURNED_ENDING = "13"
_DUPLICATE = "DUPLICATE FILE"


class Bank:
    """One per worker process."""

    def __init__(
        self, config: SandboxConfig, clock: BusinessClock, desk: Desk, outbox: Outbox, journal: Journal
    ) -> None:
        self._config = config
        self._clock = clock
        self._desk = desk
        self._outbox = outbox
        self._accepted = {tuple(line["key"]) for line in read_journal(config.journal, "bank_file") if _taken(line)}
        self._due_deposits: list[Job] = []
        self.reception = Reception(config.home("bank"), desk, journal, _is_whole, self._receive)

    def do(self, job: Job) -> None:
        """Carry out a job of the bank's."""
        if job.what == "deposit":
            self._due_deposits.append(job)
        elif job.what == "bank_ack":
            self._acknowledge(job)
        else:
            self._return(job)

    def flush(self) -> None:
        """Lay out one file for all deposits that came due since the last call."""
        due = [job for job in self._due_deposits if not self._outbox.has_sent(job.id)]
        self._desk.done(*(job.id for job in self._due_deposits if self._outbox.has_sent(job.id)))
        self._due_deposits = []
        if not due:
            return
        now = self._clock.now()
        number = self._desk.counters.take("deposit")
        name = f"ACHDEP_{now:%Y%m%d%H%M%S}_{number}.ach"
        data = write(_deposit_file(due, self._config, now, number, self._desk.counters.take("entry", len(due))))
        lines = [_line("deposit", job.data["trace"], job.data["amount_cents"], name) for job in due]
        ids = [job.id for job in due]
        self._outbox.send("bank", name, data, what="deposit", jobs=ids, lines=lines)
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
            modifier=_modifier(number),
            first_sequence=first,
        )
        name = f"RETURN_{number}.ach"
        amounts = {e.trace: e.amount_cents for batch in original.batches for e in batch.entries}
        lines = [_line("returned", t, amounts[t], job.data["name"], reason=RETURN_REASON) for t in job.data["traces"]]
        self._outbox.send("bank", name, write(back), what=job.what, jobs=[job.id], lines=lines)
        self._desk.done(job.id)


def deposit_job(
    *, trace: str, payer_name: str, tax_id: str, amount_cents: int, payee: tuple[str, str], on: date, due_s: float
) -> Job:
    """The job of paying one 835 set out. ``payee`` is (identification, name)."""
    data = {
        "trace": trace,
        "payer_name": payer_name,
        "tax_id": tax_id,
        "amount_cents": amount_cents,
        "payee_id": payee[0],
        "payee_name": payee[1],
        "on": on.isoformat(),
    }
    return Job(id=f"deposit-{trace}", what="deposit", due_s=due_s, data=data)


def _deposit_file(due: list[Job], config: SandboxConfig, now: datetime, number: int, first: int) -> AchFile:
    """CCD credits with the 835's TRN in their addenda: a batch a payer and settlement day."""
    grouped: dict[tuple[str, str, str], list[Job]] = {}
    for job in due:
        grouped.setdefault((job.data["payer_name"], job.data["tax_id"], job.data["on"]), []).append(job)
    batches = []
    for place, ((payer, tax_id, on), jobs) in enumerate(grouped.items(), start=1):
        entries = [_deposit_entry(job, config, first + n) for n, job in enumerate(jobs)]
        first += len(jobs)
        batches.append(
            AchBatch(
                service_class=220,
                company_name=payer[:16].strip(),  # payers abbreviate themselves to the field
                company_id=f"1{tax_id}",
                sec="CCD",
                description="HCCLAIMPMT",
                effective_date=date.fromisoformat(on),
                odfi=config.bank.routing[:8],
                number=place,
                entries=entries,
            )
        )
    return AchFile(
        origin=config.bank.routing,
        origin_name=config.bank.name,
        destination=config.bank.deposit_routing,
        destination_name=config.bank.name,
        created=_minute(now),
        modifier=_modifier(number),
        batches=batches,
    )


def _deposit_entry(job: Job, config: SandboxConfig, sequence: int) -> AchEntry:
    return AchEntry(
        transaction_code=22,
        rdfi=config.bank.deposit_routing,
        account=config.bank.deposit_account,
        amount_cents=job.data["amount_cents"],
        individual_id=job.data["payee_id"][:15],
        name=job.data["payee_name"][:22].strip(),
        trace=f"{config.bank.routing[:8]}{sequence:07d}",
        addenda=[Addenda05(text=trn_text(job.data["trace"], f"1{job.data['tax_id']}"))],
    )


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


def _modifier(number: int) -> str:
    """A to Z, 0 to 9: keeps files of the same minute apart."""
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[(number - 1) % 36]
