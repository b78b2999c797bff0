"""The customer's account at the bank: what moves it, told by ACH files, by reports, by both, as the configuration says.

Payers' money comes and may be taken back; the customer's own files are settled, and what returns is booked. All that came
due since the last look is told in one file of a kind. Settlements are told by reports only; the journal has them always.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sandbox import deposits, statements
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.desk import Desk, Job
from sandbox.faults import Faults
from sandbox.journal import Journal, read_journal
from sandbox.outbox import Outbox


class Account:
    """One per worker process: jobs ``deposit`` and ``settlement``."""

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
        self._clock = clock
        self._desk = desk
        self._outbox = outbox
        self._journal = journal
        self._faults = faults
        self._settled = {str(line["job"]) for line in read_journal(config.journal, "settled")}
        self._due_deposits: list[Job] = []
        self._due_settlements: list[Job] = []

    def do(self, job: Job) -> None:
        """Notes what is to be told at the next flush."""
        if job.what == "settlement":
            self._due_settlements.append(job)
        else:
            self._deposit(job)

    def flush(self) -> None:
        """Lay out what tells of all that came due since the last call."""
        self._due_deposits += self._orphans()
        paid = self._untold(self._due_deposits)
        settled = self._unsettled(self._due_settlements)
        self._due_deposits, self._due_settlements = [], []
        if paid or settled:
            self._tell(paid, settled)
            self._settled.update(job.id for job in settled)
            self._desk.done(*(job.id for job in (*paid, *settled)))

    def _tell(self, paid: Sequence[Job], settled: Sequence[Job]) -> None:
        now, bank, by = self._clock.now(), self._config.bank, self._config.deposits
        number = self._desk.counters.take("deposit")
        first = self._desk.counters.take("entry", len(paid))
        booked = [statements.line(job) for job in settled]
        if by == "ach":
            self._journal.append(*booked)
        else:
            # With both, the ACH file tells the journal of deposits: a kill before it makes the report of them anew.
            here = paid if by == "bai2" else []
            name = f"BAI2_{now:%Y%m%d%H%M%S}_{number}.bai2"
            data = statements.report(paid, settled, bank, now, number, first)
            lines = [*(deposits.line(job, name) for job in here), *booked]
            what = "deposit" if paid else "settlement"
            self._outbox.send("bank", name, data, what=what, jobs=_ids([*here, *settled]), lines=lines)
        if paid and by != "bai2":
            self._tell_by_entries(paid, now, number, first)

    def _tell_by_entries(self, paid: Sequence[Job], now: datetime, number: int, first: int) -> None:
        name = f"ACHDEP_{now:%Y%m%d%H%M%S}_{number}.ach"
        data = deposits.ach_file(paid, self._config.bank, now, number, first)
        lines = [deposits.line(job, name) for job in paid]
        self._outbox.send("bank", name, data, what="deposit", jobs=_ids(paid), lines=lines)

    def _untold(self, jobs: Sequence[Job]) -> list[Job]:
        self._desk.done(*(job.id for job in jobs if self._outbox.has_sent(job.id)))
        return [job for job in jobs if not self._outbox.has_sent(job.id)]

    def _unsettled(self, jobs: Sequence[Job]) -> list[Job]:
        """Each once, even where a kill made a follow-up twice."""
        self._desk.done(*(job.id for job in jobs if job.id in self._settled))
        return list({job.id: job for job in jobs if job.id not in self._settled}.values())

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

    def _orphans(self) -> list[Job]:
        """Deposits without an 835 that the faults ask for, each once."""
        today, now_s = self._day(0), self._clock.now_s()
        return [deposits.orphan_job(job_id, cents, today, now_s) for job_id, cents in self._faults.orphan_deposits()]

    def _day(self, after_s: float) -> date:
        return (self._clock.now() + timedelta(seconds=after_s)).date()


def _ids(jobs: Sequence[Job]) -> list[str]:
    return [job.id for job in jobs]
