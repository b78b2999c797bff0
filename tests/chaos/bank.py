"""Faults of the bank: what it answers late, wrong, twice, of nobody's payments, or to refuse what was in order.

`sandbox/faults.py` has what it is asked for. Hits are counted after the run, by the bank's own journal, for an answer
may come long after the moment at which the fault spoiled it.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar

from sandbox.journal import Line, read_journal
from tests.chaos.bed import Bed
from tests.chaos.outside import Misbehaves

_EVERY_ONE = 99
_LATER = ("bank_ack", "return", "noc", "dishonoured", "contested")
_DAY_S = 86_400


class _Spoils(Misbehaves):
    """Asks for something with all that the bank does for a while."""

    asks: ClassVar[str] = ""

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = rng.uniform(2.5, 4.0)
        self._from = 0
        self._to: int | None = None

    def how(self) -> dict[str, Any]:
        return {self.asks: _EVERY_ONE}

    def strike(self, bed: Bed) -> None:
        self._from = len(read_journal(bed.running.journal))
        bed.misbehave(self, self.how())

    def mend(self, bed: Bed) -> None:
        bed.misbehave(self)
        self._to = len(read_journal(bed.running.journal))

    def over(self, bed: Bed) -> None:
        lines = read_journal(bed.running.journal)
        self.hits = sum(1 for _ in self.spoiled(lines[self._from : self._to], lines))

    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        """Which of the lines from the strike to the mending were spoiled, as all lines of the run tell."""
        raise AssertionError(self.kind)


def _files(then: Sequence[Line]) -> Iterator[Line]:
    return (line for line in then if line["kind"] == "bank_file")


def _told(lines: Sequence[Line], what: str) -> dict[str, Line]:
    """What the bank laid out of a sort, by the job."""
    return {job: one for one in lines if one["kind"] == "file_out" and one["what"] == what for job in one["jobs"]}


class FileRejected(_Spoils):
    kind = "bank: a file rejected"
    asks = "reject_files"

    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        return (line for line in _files(then) if line["reason"] == "REFUSED ON REQUEST")


class BatchRejected(_Spoils):
    kind = "bank: a batch rejected"
    asks = "reject_batches"

    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        return (line for line in _files(then) if line["rejected_batches"])


class _AnsweredAgain(_Spoils):
    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        told = _told(lines, "bank_ack")
        return (line for line in _files(then) if f"bank_ack-{line['file_id']}_2" in told)


class WrongTotalsFirst(_AnsweredAgain):
    kind = "bank: wrong totals first"
    asks = "wrong_totals"


class AnswersTwice(_AnsweredAgain):
    kind = "bank: told twice"
    asks = "double_acks"


class ReturnsTwice(_Spoils):
    kind = "bank: returns twice"
    asks = "double_returns"

    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        told = _told(lines, "return")
        return (one for job, one in _told(then, "return").items() if f"{job}-again" in told)


class ReturnsLate(_Spoils):
    """By days: they come when the payments count as paid, or nearly."""

    kind = "bank: returns late"
    asks = "late_returns"

    def how(self) -> dict[str, Any]:
        return {self.asks: {"count": _EVERY_ONE, "by_s": self.rng.randint(1, 3) * _DAY_S}}

    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        told = _told(lines, "return")
        for line in _files(then):
            back = told.get(f"return-{line['file_id']}")
            if back is not None and _when(back) - _when(line) >= timedelta(days=1):
                yield back


def _when(line: Line) -> datetime:
    return datetime.fromisoformat(line["at"])


class ReturnsDishonoured(_Spoils):
    kind = "bank: returns dishonoured"
    asks = "dishonour_returns"

    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        dishonoured = {line["trace"] for line in lines if line["kind"] == "dishonoured"}
        return (line for line in then if line["kind"] == "returned" and line["trace"] in dishonoured)


class _OfNobody(_Spoils):
    tells_as: ClassVar[str] = ""

    def spoiled(self, then: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
        names = {line["file"] for line in _files(then)}
        return (line for line in lines if line["kind"] == self.tells_as and "unknown" in line and line["file"] in names)


class ReturnOfNobody(_OfNobody):
    kind = "bank: return of an unknown trace"
    asks = "unknown_returns"
    tells_as = "returned"


class ChangeOfNobody(_OfNobody):
    kind = "bank: NOC of an unknown trace"
    asks = "unknown_nocs"
    tells_as = "noc"


class AnswersHeld(Misbehaves):
    """Whatever of them came due meanwhile comes at once when it is mended."""

    kind = "bank: answers late"

    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.for_s = rng.uniform(1.5, 2.5)
        self._held = rng.sample(_LATER, 3)

    def how(self) -> dict[str, Any]:
        return {"hold": self._held}

    def strike(self, bed: Bed) -> None:
        bed.misbehave(self, self.how())

    def mend(self, bed: Bed) -> None:
        now_s = bed.running.product.context.clock.now().timestamp()
        for path in (bed.running.sandbox_root / "pending").glob("*.json"):
            try:
                job = json.loads(path.read_text())
            except FileNotFoundError:
                continue  # done between listing and reading
            self.hits += job["what"] in self._held and job["due_s"] <= now_s
        bed.misbehave(self)


FAULTS = (
    AnswersHeld,
    AnswersTwice,
    BatchRejected,
    ChangeOfNobody,
    FileRejected,
    ReturnOfNobody,
    ReturnsDishonoured,
    ReturnsLate,
    ReturnsTwice,
    WrongTotalsFirst,
)
