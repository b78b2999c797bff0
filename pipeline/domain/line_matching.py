"""Which of our service lines each line of a decision (SVC) is about.

In this order, each step with what the steps before it left over:

1. by our line's number (REF*6R), the payer's word for it;
2. by code, modifiers, day and charge; the code is the one that the payer says was sent (SVC06) before its own (SVC01);
3. the same without the modifiers: payers drop or add one;
4. merged: one line with the charge and the units of several of ours of one code and day;
5. split: several lines of one code and day with the charge and the units of one of ours;
6. bundled: a line under a code that none of ours bears, with the charge of one or several of ours of that day.

Nothing is guessed: where a step could pair in more than one way, it does not. Only lines of ours that are alike in all
that a payer tells, answered by as many alike, are found as a group in which nobody can say which is which.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import TypeVar

from pipeline.domain.remittance import LineDecision

_MOST_TO_COMBINE = 10
"""Of so many lines every combination is looked at (a thousand); of more, none: sums of so many mean nothing."""

_Line = TypeVar("_Line")


class How(StrEnum):
    NUMBER = "number"
    EXACT = "exact"
    WITHOUT_MODIFIERS = "without_modifiers"
    MERGED = "merged"
    SPLIT = "split"
    BUNDLED = "bundled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OurLine:
    """A service line as it went out. `number` is its place in the claim, from 1; `control_number` its REF*6R.

    `procedure` is the revenue code where an institutional line has no procedure, as it is in a remittance (NU); with one,
    `revenue_code` tells lines of the same procedure apart. A line of a stay that has no day has those of the statement.
    """

    number: int
    control_number: str
    procedure: str
    modifiers: tuple[str, ...] = ()
    charge_cents: int
    units: Decimal
    service_date: date
    service_date_to: date | None = None
    revenue_code: str | None = None


@dataclass(frozen=True, slots=True)
class LineMatch:
    """`told` are positions in the decision's lines, from 0, `ours` numbers of our lines, from 1; both in order.

    Several on both sides are alike: all of these are about all of those.
    """

    how: How
    told: tuple[int, ...]
    ours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LinesMatched:
    """Every line of both sides once: in a match, or among what is left."""

    matches: tuple[LineMatch, ...]
    unmatched: tuple[int, ...]  # positions in the decision's lines
    untold: tuple[int, ...]  # our lines that no line of the decision is about

    @property
    def ours_of(self) -> dict[int, tuple[int, ...]]:
        """Our lines' numbers by position in the decision's lines; one that is not there is unmatched."""
        return {position: match.ours for match in self.matches for position in match.told}


def match_lines(told: Sequence[LineDecision], ours: Sequence[OurLine], day: date | None = None) -> LinesMatched:
    """Finds our line of each line of a decision; a reversal's, which are negative, as those of what it takes back.

    `day` is the claim's one day of service in the decision, which stands for lines that tell none.
    """
    table = _Table(_forward(told, day), {line.number: line for line in ours})
    for step in (_by_number, _pairs, _merged, _split, _bundled, _nothing_charged):
        step(table)
    matches = sorted(table.matches, key=lambda match: (match.told, match.ours))
    return LinesMatched(tuple(matches), tuple(sorted(table.told)), tuple(sorted(table.ours)))


def _forward(told: Sequence[LineDecision], day: date | None) -> dict[int, LineDecision]:
    """By position, each with its day; a reversal is turned round."""
    taken_back = any(line.charge_cents < 0 for line in told) and not any(line.charge_cents > 0 for line in told)
    sign = -1 if taken_back else 1
    return {
        position: replace(line, charge_cents=sign * line.charge_cents, service_date=line.service_date or day)
        for position, line in enumerate(told)
    }


@dataclass(slots=True)
class _Table:
    """What has no counterpart yet on either side, and what was found."""

    told: dict[int, LineDecision]
    ours: dict[int, OurLine]
    matches: list[LineMatch] = field(default_factory=list)
    by_code: dict[str, list[int]] = field(default_factory=dict)
    """Numbers of our lines by what went out, found or not."""

    def __post_init__(self) -> None:
        for number, line in self.ours.items():
            self.by_code.setdefault(line.procedure, []).append(number)

    def take(self, how: How, told: Iterable[int], ours: Iterable[int]) -> None:
        match = LineMatch(how, tuple(sorted(told)), tuple(sorted(ours)))
        for position in match.told:
            del self.told[position]
        for number in match.ours:
            del self.ours[number]
        self.matches.append(match)


# -- 1: the number --------------------------------------------------------------------------------------------------
def _by_number(table: _Table) -> None:
    """A number that several lines bear counts where together they have the charge: else somebody copied it."""
    numbers = {line.control_number: number for number, line in table.ours.items()}
    named: dict[int, list[int]] = {}
    for position, line in table.told.items():
        if line.control_number in numbers:
            named.setdefault(numbers[line.control_number], []).append(position)
    for number, positions in named.items():
        ours = table.ours[number]
        told = [table.told[position] for position in positions]
        if len(positions) > 1:
            if sum(line.charge_cents for line in told) == ours.charge_cents:
                table.take(How.SPLIT, positions, [number])
        elif (merged := _with_others(table, told[0], ours, set(named))) is not None:
            table.take(How.MERGED, positions, merged)
        else:
            table.take(How.NUMBER, positions, [number])


def _with_others(table: _Table, told: LineDecision, named: OurLine, taken: set[int]) -> list[int] | None:
    """Our lines that one bearing the number of `named` stands for, where it has the charge of more than that one."""
    if told.charge_cents <= named.charge_cents:
        return None
    others = {
        number: line
        for number, line in table.ours.items()
        if number not in taken and line.procedure == named.procedure and line.service_date == named.service_date
    }
    rest = told.charge_cents - named.charge_cents
    found = _sums(others, lambda some: sum(line.charge_cents for line in some) == rest, least=1)
    return [named.number, *found[0]] if len(found) == 1 else None


# -- 2 and 3: one to one --------------------------------------------------------------------------------------------
def _pairs(table: _Table) -> None:
    for how, modifiers in (
        (How.EXACT, _same_modifiers),
        (How.WITHOUT_MODIFIERS, _nested_modifiers),
        (How.WITHOUT_MODIFIERS, _any_modifiers),
    ):
        for day in (_same_day, _unknown_day):
            _pair(table, how, modifiers, day)


def _pair(
    table: _Table,
    how: How,
    modifiers: Callable[[LineDecision, OurLine], bool],
    day: Callable[[LineDecision, OurLine], bool],
) -> None:
    """Takes the pairs that fit nothing else, and groups all of whose members fit each other and are as many."""
    fits = {
        position: frozenset(
            number
            for number, ours in table.ours.items()
            if _code(told) == ours.procedure
            and told.charge_cents == ours.charge_cents
            and _same_revenue(told, ours)
            and modifiers(told, ours)
            and day(told, ours)
        )
        for position, told in table.told.items()
    }
    groups: dict[frozenset[int], list[int]] = {}
    for position, numbers in fits.items():
        if numbers:
            groups.setdefault(numbers, []).append(position)
    for numbers, positions in groups.items():
        contended = any(numbers & others for others in groups if others != numbers)
        if len(numbers) == len(positions) and not contended:
            table.take(how, positions, numbers)


def _code(told: LineDecision) -> str | None:
    return told.submitted_procedure or told.procedure


def _modifiers(told: LineDecision) -> frozenset[str]:
    return frozenset(told.submitted_modifiers if told.submitted_procedure else told.modifiers)


def _same_revenue(told: LineDecision, ours: OurLine) -> bool:
    """A revenue code that either does not tell contradicts none."""
    return told.revenue_code is None or ours.revenue_code in {None, told.revenue_code}


def _same_modifiers(told: LineDecision, ours: OurLine) -> bool:
    return _modifiers(told) == frozenset(ours.modifiers)


def _nested_modifiers(told: LineDecision, ours: OurLine) -> bool:
    return _modifiers(told) <= frozenset(ours.modifiers) or _modifiers(told) >= frozenset(ours.modifiers)


def _any_modifiers(_told: LineDecision, _ours: OurLine) -> bool:
    return True


def _same_day(told: LineDecision, ours: OurLine) -> bool:
    return told.service_date == ours.service_date


def _unknown_day(told: LineDecision, _ours: OurLine) -> bool:
    return told.service_date is None


def _within(told: LineDecision, ours: OurLine) -> bool:
    """Our line's day is the other's, or one of its days; a day that is not told contradicts none."""
    if told.service_date is None:
        return True
    return told.service_date <= ours.service_date <= (told.service_date_to or told.service_date)


# -- 4 to 6: sums ---------------------------------------------------------------------------------------------------
def _merged(table: _Table) -> None:
    def parts(told: LineDecision) -> list[tuple[int, ...]]:
        ours = {
            number: line
            for number, line in table.ours.items()
            if line.procedure == _code(told) and line.charge_cents and _within(told, line)
        }
        return _sums(ours, lambda some: _is_sum(told, some))

    found = {position: parts(told) for position, told in table.told.items()}
    for position, numbers in _undisputed(found):
        table.take(How.MERGED, [position], numbers)


def _is_sum(told: LineDecision, ours: Sequence[OurLine]) -> bool:
    """Of one day, and charge and units add up; units that are not told contradict none."""
    units = told.submitted_units or told.units
    return (
        sum(line.charge_cents for line in ours) == told.charge_cents
        and (units is None or sum(line.units for line in ours) == units)
        and (told.service_date is not None or len({line.service_date for line in ours}) == 1)
    )


def _split(table: _Table) -> None:
    def parts(ours: OurLine) -> list[tuple[int, ...]]:
        told = {
            position: line
            for position, line in table.told.items()
            if _code(line) == ours.procedure and line.charge_cents and _within_ours(line, ours)
        }
        return _sums(told, lambda some: _is_split(ours, some))

    found = {number: parts(ours) for number, ours in table.ours.items()}
    for number, positions in _undisputed(found):
        table.take(How.SPLIT, positions, [number])


def _within_ours(told: LineDecision, ours: OurLine) -> bool:
    if told.service_date is None:
        return True
    return ours.service_date <= told.service_date <= (ours.service_date_to or ours.service_date)


def _is_split(ours: OurLine, told: Sequence[LineDecision]) -> bool:
    units = [line.units for line in told if line.units is not None]
    return sum(line.charge_cents for line in told) == ours.charge_cents and (
        len(units) < len(told) or sum(units) == ours.units
    )


def _bundled(table: _Table) -> None:
    def parts(told: LineDecision) -> list[tuple[int, ...]]:
        if _code(told) in table.by_code or not told.charge_cents or told.service_date is None:
            return []
        ours = {number: line for number, line in table.ours.items() if line.charge_cents and _within(told, line)}
        return _sums(ours, lambda some: sum(line.charge_cents for line in some) == told.charge_cents, least=1)

    found = {position: parts(told) for position, told in table.told.items()}
    for position, numbers in _undisputed(found):
        table.take(How.BUNDLED, [position], numbers)


def _sums(
    lines: Mapping[int, _Line], is_sum: Callable[[Sequence[_Line]], bool], *, least: int = 2
) -> list[tuple[int, ...]]:
    """Every combination of at least so many lines that adds up; none of too many lines to tell."""
    if len(lines) > _MOST_TO_COMBINE:
        return []
    return [
        some
        for size in range(least, len(lines) + 1)
        for some in combinations(lines, size)
        if is_sum([lines[one] for one in some])
    ]


def _undisputed(found: Mapping[int, list[tuple[int, ...]]]) -> list[tuple[int, tuple[int, ...]]]:
    """Those with one combination only, no part of which a combination of another needs."""
    wanted = {one: {part for parts in sums for part in parts} for one, sums in found.items()}
    return [
        (one, sums[0])
        for one, sums in found.items()
        if len(sums) == 1 and not any(wanted[one] & wanted[other] for other in found if other != one)
    ]


# -- lines without a charge -----------------------------------------------------------------------------------------
def _nothing_charged(table: _Table) -> None:
    """A payer that takes a service apart may leave the whole charge on the first part and none on the others.

    Those go with that first part, where only one line of ours bears the code.
    """
    for position, told in list(table.told.items()):
        numbers = table.by_code.get(_code(told) or "", [])
        if told.charge_cents or len(numbers) != 1:
            continue
        for at, match in enumerate(table.matches):
            if match.ours == tuple(numbers):
                table.matches[at] = LineMatch(How.SPLIT, tuple(sorted((*match.told, position))), match.ours)
                del table.told[position]
