"""Which line of the bank's statement settles which file of ours: exactly one that fits, or none.

The bank books a file as one sum a day of settlement: what its entries take less what they bring. A line that names a file,
by its name or by the key of its header, is that file's or nobody's; one that names none goes by amount and day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.calendar import add_banking_days

WITHIN_DAYS = 3
"""Banking days that the bank may take to tell, and after which a person is told."""
_UNTELLABLE = re.compile(r"[^A-Za-z0-9._-]")
"""What banks do not write in a reference."""


def told_as(name: str) -> str:
    """A name as a bank writes it in a reference."""
    return _UNTELLABLE.sub("_", name).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line about our own files; `cents` are what the account gained."""

    id: int
    cents: int
    day: date
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a file has still to bring or take on a day; `names`: how a reference may begin that means this file."""

    file_id: int
    cents: int
    day: date
    names: tuple[str, ...] = ()

    def named_by(self, reference: str) -> bool:
        told = told_as(reference)
        return any(told.startswith(told_as(name)) for name in self.names if name)

    def near(self, day: date, before_days: int = 0) -> bool:
        """Whether a line of that day may be about it."""
        return add_banking_days(self.day, -before_days) <= day <= add_banking_days(self.day, WITHIN_DAYS)


def meet(lines: Sequence[Line], expected: Sequence[Expected], before_days: int = 0) -> dict[int, int]:
    """The file of each line that has one, by the lines' ids. The order of neither matters.

    `before_days`: so many banking days a line may be earlier than what it is about.
    """
    met: dict[int, int] = {}
    open_ = list(dict.fromkeys(expected))
    for by_name in (True, False):
        waiting = [line for line in lines if line.id not in met]
        pairs = [
            (line, one)
            for line in waiting
            for one in open_
            if line.cents == one.cents and _may_be(line, one, open_, by_name=by_name, before_days=before_days)
        ]
        for line, one in pairs:
            if sum(other is line for other, _ in pairs) == 1 and sum(other is one for _, other in pairs) == 1:
                met[line.id] = one.file_id
                open_.remove(one)
    return met


def _may_be(line: Line, one: Expected, expected: Sequence[Expected], *, by_name: bool, before_days: int) -> bool:
    if by_name:
        return bool(line.reference) and one.named_by(line.reference)
    names_another = bool(line.reference) and any(other.named_by(line.reference) for other in expected)
    return not names_another and one.near(line.day, before_days)


def remaining(expected: Sequence[Expected], told_cents: Sequence[int]) -> list[Expected]:
    """What of a file's days no line has told yet. A line of the whole file's sum tells all of them."""
    whole = sum(one.cents for one in expected)
    left = list(expected)
    for cents in told_cents:
        if cents == whole:
            return []
        found = next((one for one in left if one.cents == cents), None)
        if found is not None:
            left.remove(found)
    return left


def overdue(day: date, today: date) -> bool:
    """Whether the bank has had its time to tell of something of that day."""
    return today > add_banking_days(day, WITHIN_DAYS)
