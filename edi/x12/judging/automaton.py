"""The structure walk as an automaton that is built while it is used.

Every open loop stands at the place of the loop inside it, and the innermost one at the segment that was taken last. So
the row of that segment, with the loops around it, says all there is to know about what may come next; only how often an
item was there is left to the walk to count. A ``Place`` is such a row. What a segment does there (a ``Step``) follows from its
id and its qualifier alone, so it is worked out once, by going through the open loops from the innermost outwards, and
then remembered.

What is remembered is bounded by the table, whatever is read: there are as many places as rows, and at each only steps by ids
and qualifiers that the table knows are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from edi.x12.judging.places import Plan, Spot, plan_of
from edi.x12.tables.patterns import Charset
from edi.x12.tables.schema import KEYED, Loop, Segment

_NOWHERE = -1
"""Position in a table before its first segment."""


class Level(NamedTuple):
    """An open loop and how far it has come: the position of the item that was there last."""

    plan: Plan
    position: int

    def missing(self, upto: int) -> Iterator["Lack"]:
        """Required items behind the position and before ``upto``."""
        for at in self.plan.required:
            if self.position < at < upto:
                yield Lack(self.plan.loop.contents[at], self.plan.loop.id)

    def unfinished(self) -> Iterator["Lack"]:
        """Required items that are missing if the loop ends here."""
        return self.missing(len(self.plan.loop.contents))


class Lack(NamedTuple):
    """A required item that is missing, and the loop that it is missing in."""

    item: Segment | Loop
    loop: str


@dataclass(frozen=True, slots=True)
class Step:
    """A segment taken. ``depth`` counts the loops around the one that takes it, as ``spot``; ``again`` says that this item was
    the last one there.

    ``loop`` is the id of the loop that takes it, ``opens`` that of the one it opens. ``lacks`` says that something is missing:
    ``closed`` in the loops that end before it, ``passed`` before it in its own.
    """

    spot: Spot
    depth: int
    loop: str
    opens: str | None
    again: bool
    lacks: bool
    closed: tuple[Lack, ...]
    passed: tuple[Lack, ...]
    place: "Place"


class Place:
    """A row of a table with the loops around it, outermost first in ``levels``, as the walk stands at it."""

    __slots__ = ("_charset", "_places", "_steps", "levels")

    def __init__(
        self, levels: tuple[Level, ...], charset: Charset, places: dict[tuple[tuple[int, int], ...], "Place"]
    ) -> None:
        self.levels = levels
        self._charset = charset
        self._places = places
        self._steps: dict[str, dict[str, Step]] = {}

    def step(self, segment: Sequence[str], component: str) -> Step | None:
        """What the segment does here; None where nothing has a place for it."""
        name = segment[0]
        key = KEYED.get(name)
        if key is None:
            qualifier = ""
        else:
            qualifier = segment[key] if key < len(segment) else ""
            if component in qualifier:
                qualifier = qualifier.split(component, 1)[0]
        known = self._steps.get(name)
        found = None if known is None else known.get(qualifier)
        return found or self._worked_out(segment, component, qualifier)

    def fits(self, segment: Sequence[str], component: str) -> bool:
        """True if an open loop has a place for the segment, wherever in its order."""
        return any(
            spot.fits(segment, component) for level in self.levels for spot in level.plan.spots.get(segment[0], ())
        )

    def _worked_out(self, segment: Sequence[str], component: str, qualifier: str) -> Step | None:
        found = self._found(segment, component)
        if found is None:
            return None
        depth, spot = found
        step = self._taken(depth, spot)
        if not qualifier or qualifier in spot.qualifiers:
            self._steps.setdefault(segment[0], {})[qualifier] = step
        return step

    def _found(self, segment: Sequence[str], component: str) -> tuple[int, Spot] | None:
        """The innermost open loop that has a place for the segment from where it stands on."""
        name = segment[0]
        for depth in range(len(self.levels) - 1, -1, -1):
            level = self.levels[depth]
            first = level.position if level.position or not depth else 1  # what opened a loop does not come again
            for spot in level.plan.spots.get(name, ()):
                if spot.position >= first and spot.fits(segment, component):
                    return depth, spot
        return None

    def _taken(self, depth: int, spot: Spot) -> Step:
        level = self.levels[depth]
        closed = tuple(lack for inner in self.levels[:depth:-1] for lack in inner.unfinished())
        passed = tuple(level.missing(spot.position))
        return Step(
            spot=spot,
            depth=depth,
            loop=level.plan.loop.id,
            opens=spot.item.id if spot.opens else None,
            again=spot.position == level.position,
            lacks=bool(closed or passed),
            closed=closed,
            passed=passed,
            place=self._after(depth, spot),
        )

    def _after(self, depth: int, spot: Spot) -> "Place":
        """The one place there is for a row, whichever way leads to it."""
        levels = (*self.levels[:depth], Level(self.levels[depth].plan, spot.position))
        if isinstance(spot.item, Loop):
            levels += (Level(plan_of(spot.item, self._charset), 0),)
        key = tuple((id(level.plan), level.position) for level in levels)
        known = self._places.get(key)
        if known is None:
            known = self._places[key] = Place(levels, self._charset, self._places)
        return known


_STARTS: dict[tuple[int, Charset], tuple[Loop, Place]] = {}


def start_of(table: Loop, charset: Charset) -> Place:
    """Where a walk through the table begins; remembered by identity, as the plans are."""
    known = _STARTS.get((id(table), charset))
    if known is None or known[0] is not table:
        start = Place((Level(plan_of(table, charset), _NOWHERE),), charset, {})
        known = _STARTS[id(table), charset] = (table, start)
    return known[1]
