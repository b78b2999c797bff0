"""Faults of Postgres, of the broker, and of the wires to them."""

import os
import signal
from random import Random
from typing import ClassVar

from local.spawn import alive, wait_until
from tests.chaos.bed import Bed
from tests.chaos.faults import Fault
from tests.chaos.wire import Trap, Wire


class Flushed(Fault):
    kind = "broker: FLUSHALL"

    def strike(self, bed: Bed) -> None:
        with bed.valkey() as client:
            client.flushall()
        self.hits = 1


class BrokerRestarted(Fault):
    kind = "broker: SHUTDOWN NOSAVE, started again"

    def strike(self, bed: Bed) -> None:
        with bed.valkey() as client:
            client.shutdown(nosave=True)
        bed.broker.again()
        self.hits = 1


class BrokerFull(Fault):
    """Nothing can be pushed; the doorbell is dead until it is mended."""

    kind = "broker: out of memory"

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = rng.uniform(0.5, 2.0)

    def strike(self, bed: Bed) -> None:
        with bed.valkey() as client:
            client.config_set("maxmemory", 1)
        self.hits = 1

    def mend(self, bed: Bed) -> None:
        with bed.valkey() as client:
            client.config_set("maxmemory", 0)


class BrokerFrozen(Fault):
    kind = "broker: frozen for 45 s"
    long = True

    def strike(self, bed: Bed) -> None:
        self.for_s = 45.0
        os.kill(bed.broker.now.pid, signal.SIGSTOP)
        self.hits = 1

    def mend(self, bed: Bed) -> None:
        os.kill(bed.broker.now.pid, signal.SIGCONT)


class PostgresRestarted(Fault):
    """No checkpoint, no goodbye: what was committed comes back from the log, the rest is gone."""

    kind = "Postgres: immediate restart"

    def strike(self, bed: Bed) -> None:
        pid = bed.database.now.pid
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not alive(pid, "postgres"), 20)
        bed.database.again()
        bed.await_postgres()
        self.hits = 1


class BackendKilled(Fault):
    """The postmaster ends all others too and recovers, as it must after any crash of one."""

    kind = "Postgres: a backend SIGKILLed, recovery"

    def strike(self, bed: Bed) -> None:
        pids = _backends(bed, "true")
        if pids:
            os.kill(self.rng.choice(pids), signal.SIGKILL)
            self.hits = 1
            bed.await_postgres()


class BackendTerminated(Fault):
    """Looks until it finds one that is in a transaction."""

    kind = "Postgres: pg_terminate_backend in a transaction"

    def strike(self, bed: Bed) -> None:
        found: list[int] = []
        wait_until(lambda: bool(found.extend(_backends(bed, "xact_start IS NOT NULL")) or found), 0.8, every_s=0.005)
        if found:
            with bed.admin() as cx:
                cx.execute("SELECT pg_terminate_backend(%s)", [self.rng.choice(found)])
            self.hits = 1


def _backends(bed: Bed, where: str) -> list[int]:
    """Backends that serve the product, the harness's own left out: they come through no wire, but look alike."""
    with bed.admin() as cx:
        rows = cx.execute(
            "SELECT pid FROM pg_stat_activity WHERE usename = 'claimrail_app' AND " + where + " ORDER BY pid"
        )
        return [row[0] for row in rows]


class _Cut(Fault):
    """At the next such requests, up to three of them."""

    name: ClassVar[str] = ""
    before: ClassVar[bool] = False
    cut: ClassVar[bool] = True

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = 1.6
        held = not self.cut or (not self.before and rng.random() < 0.3)
        hold_s = rng.uniform(0.3, 1.8) if held else 0.0
        self._traps = [
            Trap(self.name, rng.randint(1, 4), self.before, self.cut, hold_s) for _ in range(rng.randint(1, 3))
        ]

    def wire(self, bed: Bed) -> Wire:
        return bed.to_valkey

    def strike(self, bed: Bed) -> None:
        for trap in self._traps:
            self.wire(bed).arm(trap)

    def mend(self, bed: Bed) -> None:
        wire = self.wire(bed)
        wire.traps[:] = [trap for trap in wire.traps if trap not in self._traps]
        self.hits = sum(trap.sprung for trap in self._traps)


class PushCut(_Cut):
    kind = "wire: LPUSH lost"
    name, before = "LPUSH", True


class PushReplyCut(_Cut):
    kind = "wire: reply to LPUSH lost"
    name = "LPUSH"


class PushReplyLate(_Cut):
    kind = "wire: reply to LPUSH late"
    name, cut = "LPUSH", False


class PopReplyCut(_Cut):
    """The message left the queue and never arrived."""

    kind = "wire: reply to BRPOP lost"
    name = "BRPOP"


class AckCut(_Cut):
    kind = "wire: reply to EXEC lost"
    name = "EXEC"


class _PostgresCut(_Cut):
    def wire(self, bed: Bed) -> Wire:
        return bed.to_postgres


class CommitCut(_PostgresCut):
    kind = "wire: COMMIT lost"
    name, before = "COMMIT", True


class CommitReplyCut(_PostgresCut):
    """The commit took effect, and nobody was told."""

    kind = "wire: reply to COMMIT lost"
    name = "COMMIT"


class CommitReplyLate(_PostgresCut):
    kind = "wire: reply to COMMIT late"
    name, cut = "COMMIT", False


class InsertReplyCut(_PostgresCut):
    kind = "wire: reply to INSERT lost"
    name = "INSERT"


class Partition(Fault):
    """Neither server can be reached, and no connection is closed."""

    kind = "wire: partition for some seconds"

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = rng.uniform(0.5, 2.0)

    def strike(self, bed: Bed) -> None:
        bed.to_postgres.frozen = bed.to_valkey.frozen = True
        self.hits = 1

    def mend(self, bed: Bed) -> None:
        bed.to_postgres.frozen = bed.to_valkey.frozen = False


class LongPartition(Partition):
    kind = "wire: partition for ten minutes"
    long = True

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = 600.0


FAULTS: tuple[type[Fault], ...] = (
    Flushed,
    BrokerRestarted,
    BrokerFull,
    BrokerFrozen,
    PostgresRestarted,
    BackendKilled,
    BackendTerminated,
    PushCut,
    PushReplyCut,
    PushReplyLate,
    PopReplyCut,
    AckCut,
    CommitCut,
    CommitReplyCut,
    CommitReplyLate,
    InsertReplyCut,
    Partition,
    LongPartition,
)
