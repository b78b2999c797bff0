"""Faults of our own processes: killed, stopped, rung too often, with another idea of the time."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from random import Random

from local.spawn import kill_session
from pipeline.stages.table import STAGES
from tasks.ring import ring
from tests.chaos.bed import BEATS, WORKERS, Bed
from tests.chaos.faults import Fault

_STORM_S = 0.5


def children(pid: int) -> list[int]:
    """The pool of a worker."""
    try:
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def send_signal(pid: int, number: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


class WorkerKilled(Fault):
    kind = "worker with its pool: SIGKILL"

    def strike(self, bed: Bed) -> None:
        name = self.rng.choice(WORKERS)
        bed.system.kill_worker(name)
        bed.start_worker(name)
        self.hits = 1


class ParentKilled(Fault):
    """The pool goes on for a while without a parent, beside the worker that replaces it."""

    kind = "worker's parent alone: SIGKILL"

    def strike(self, bed: Bed) -> None:
        name = self.rng.choice(WORKERS)
        process = bed.system.processes[name]
        self.for_s = 1.0
        self._pid = process.pid
        bed.orphans.append(process.pid)
        process.popen.send_signal(signal.SIGKILL)
        process.popen.wait()
        bed.start_worker(name)
        self.hits = 1

    def mend(self, bed: Bed) -> None:
        kill_session(self._pid)
        bed.orphans.remove(self._pid)


class ChildKilled(Fault):
    kind = "child of a pool: SIGKILL"

    def strike(self, bed: Bed) -> None:
        pool = children(bed.system.processes[self.rng.choice(WORKERS)].pid)
        if pool:
            self.hits = int(send_signal(self.rng.choice(pool), signal.SIGKILL))


class _Stopped(Fault):
    """Frozen for so long that leases end and others take over; then it goes on as if nothing had happened."""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = rng.uniform(0.5, 2.5)

    def victim(self, bed: Bed) -> int | None:
        raise AssertionError(self.kind)

    def strike(self, bed: Bed) -> None:
        self._pid = self.victim(bed)
        if self._pid is not None:
            self.hits = int(send_signal(self._pid, signal.SIGSTOP))

    def mend(self, bed: Bed) -> None:
        if self._pid is not None:
            send_signal(self._pid, signal.SIGCONT)


class ParentStopped(_Stopped):
    kind = "worker's parent: SIGSTOP, SIGCONT"

    def victim(self, bed: Bed) -> int | None:
        return bed.system.processes[self.rng.choice(WORKERS)].pid


class ChildStopped(_Stopped):
    kind = "child of a pool: SIGSTOP, SIGCONT"

    def victim(self, bed: Bed) -> int | None:
        pool = children(bed.system.processes[self.rng.choice(WORKERS)].pid)
        return self.rng.choice(pool) if pool else None


class BeatStopped(_Stopped):
    kind = "beat: SIGSTOP, SIGCONT"

    def victim(self, bed: Bed) -> int | None:
        return bed.system.processes[self.rng.choice(BEATS)].pid


class BeatKilled(Fault):
    kind = "beat: SIGKILL"

    def strike(self, bed: Bed) -> None:
        name = self.rng.choice(BEATS)
        bed.system.kill_worker(name)
        bed.system.start_beat(name)
        self.hits = 1


class BellStorm(Fault):
    """Every bell that could be rung is rung several times at once, for every row there is."""

    kind = "events doubled and concurrent"

    def strike(self, bed: Bed) -> None:
        with bed.admin() as cx:
            due = cx.execute("SELECT stage, org_id, subject_id FROM due_work").fetchall()
            lots = cx.execute("SELECT org_id, id FROM lot").fetchall()
            drafts = cx.execute("SELECT org_id, array_agg(id) FROM claim GROUP BY org_id").fetchall()
        from tasks.claims import ready

        with suppress(Exception):  # a producer that cannot ring leaves it to the sweep
            for org_id, ids in drafts * 2:
                ready.apply_async((org_id, ids))
        bells = [(stage, org_id, subject) for stage, org_id, subject in due * 2 if stage in STAGES]
        bells += [(stage, org_id, lot) for org_id, lot in lots for stage in ("validate", "bundle", "render")]
        enough = time.monotonic() + _STORM_S
        for stage, org_id, subject in bells:
            if time.monotonic() < enough:  # a ring that fails takes its time
                ring(stage, org_id, [subject])
        self.hits = int(bool(due or lots or drafts))


class ClockStepped(Fault):
    """One worker thinks that it is hours earlier or later than the others and the outside do."""

    kind = "a worker's clock stepped"

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = rng.uniform(0.5, 2.5)

    def strike(self, bed: Bed) -> None:
        bed.step_clock(self.rng.choice((-7200, -600, 600, 7200)), (self.rng.choice(WORKERS),))
        self.hits = 1

    def mend(self, bed: Bed) -> None:
        bed.step_clock(0)


FAULTS: tuple[type[Fault], ...] = (
    WorkerKilled,
    ParentKilled,
    ChildKilled,
    ParentStopped,
    ChildStopped,
    BeatStopped,
    BeatKilled,
    BellStorm,
    ClockStepped,
)
