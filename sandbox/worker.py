"""The process that answers: looks at the folders, does what is due, sleeps ``poll_s``.

It is apart from the SFTP server, because judging takes seconds in which the server must go on answering.
"""

import threading

from sandbox.bank import BANK_JOBS, Bank
from sandbox.clearinghouse import Clearinghouse
from sandbox.clock import BusinessClock
from sandbox.config import USERS, SandboxConfig
from sandbox.desk import Desk, Job
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.outbox import Outbox
from sandbox.payer import Payers
from sandbox.provider import Provider

_RETRY_HELD_S = 1.0


class Worker:
    """All partners of one ``root``. ``tick`` is one look; tests call it themselves."""

    def __init__(self, config: SandboxConfig) -> None:
        self._config = config
        self._clock = BusinessClock(config.clock_file)
        self._faults = Faults(config.control)
        for user in USERS:
            for folder in ("inbound", "outbound", "staging", "swept"):
                (config.home(user) / folder).mkdir(parents=True, exist_ok=True)
        journal = Journal(config.journal, self._clock)
        outbox = Outbox(config, self._faults, journal)
        outbox.recover()
        self.desk = Desk(config.root)
        self._bank = Bank(config, self._clock, self.desk, outbox, journal, self._faults)
        self._clearinghouse = Clearinghouse(config, self._clock, self.desk, outbox, journal)
        self._payers = Payers(config, self._clock, self.desk, outbox, self._clearinghouse)
        self._provider = Provider(config, self.desk, journal)
        self._receptions = (self._clearinghouse.reception, self._bank.reception, self._provider.reception)
        for reception in self._receptions:
            reception.recover()

    def tick(self) -> None:
        """Take in what came, then send what is due."""
        for reception in self._receptions:
            reception.look()
        now_s = self._clock.now_s()
        for job in self.desk.due(now_s):
            self._do(job, now_s)
        self._bank.flush()

    def run(self, stop: threading.Event) -> None:
        """Tick until told to stop; the tick in hand is finished."""
        while not stop.is_set():
            self.tick()
            stop.wait(self._config.poll_s)

    def _do(self, job: Job, now_s: float) -> None:
        what = "835" if job.what == "correction" else job.what
        if self._faults.mutes(what):
            self.desk.done(job.id)
        elif self._faults.holds(what):
            self.desk.postpone(job, now_s + _RETRY_HELD_S)
        elif job.what in {"835", "correction"}:
            self._payers.do(job)
        elif job.what in BANK_JOBS:
            self._bank.do(job)
        else:
            self._clearinghouse.do(job)
