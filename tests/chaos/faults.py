"""What a fault is, and when it strikes.

A fault strikes at a moment of a run and may be mended some time later. Its parameters come from the seed alone. It
counts only if it hit: a trap that no request sprang, or a child that was not there, is no fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar

import psycopg
import redis

from tests.chaos.bed import Bed


class Fault:
    """One way to break something. Subclasses set `kind` and strike; what they stop, `mend` starts again after `for_s`."""

    kind: ClassVar[str] = ""
    long: ClassVar[bool] = False  # only in the long profile

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.for_s = 0.0
        self.hits = 0

    def strike(self, bed: Bed) -> None:
        raise AssertionError(self.kind)

    def mend(self, bed: Bed) -> None:
        """Puts right what would stay broken; called once, `for_s` after the strike. It also counts late hits."""

    def over(self, bed: Bed) -> None:
        """The run has ended: counts what only shows by then."""


@dataclass(slots=True)
class Moment:
    """When something of a fault is to happen, in seconds from the beginning of a phase."""

    at_s: float
    fault: Fault
    mending: bool = False


class Timeline:
    """Faults in order of time. Call `tick` often, until nothing is `open` any more."""

    def __init__(self, moments: Sequence[Moment]) -> None:
        self._coming = sorted(moments, key=lambda moment: moment.at_s)

    @property
    def open(self) -> bool:
        return bool(self._coming)

    def tick(self, bed: Bed, now_s: float) -> None:
        while self._coming and self._coming[0].at_s <= now_s:
            moment = self._coming.pop(0)
            bed.note(f"{'mended' if moment.mending else 'struck'}: {moment.fault.kind}")
            try:
                if moment.mending:
                    moment.fault.mend(bed)
                    continue
                moment.fault.strike(bed)
                pause_s = moment.fault.for_s
            except (redis.RedisError, psycopg.OperationalError):  # another fault holds the server: mend when it is back
                pause_s = 1.0
            self._coming.append(Moment(now_s + pause_s, moment.fault, mending=True))
            self._coming.sort(key=lambda moment: moment.at_s)
