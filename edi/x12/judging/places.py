"""Tables compiled for the structure walk: where in a loop a segment may stand, and the expression that judges it."""

from collections.abc import Sequence
from dataclasses import dataclass

from edi.x12.tables.notes import broken_notes, shortest_breaking
from edi.x12.tables.patterns import COMPONENT, ELEMENT, Charset, misdated, segment_pattern
from edi.x12.tables.schema import Composite, Loop, Segment

_EMPTY_COMPONENT = COMPONENT + ELEMENT


class Spot:
    """One item of a loop at its position. ``trigger`` is the row of the segment that stands or opens there.

    Nothing is wrong with a segment whose text, with private separators, has a ``match``, and which is ``tidy`` where the spot is
    ``wary``: where more is to be looked at than one expression can tell.
    """

    __slots__ = ("_notes_from", "item", "key", "match", "opens", "position", "qualifiers", "trigger", "wary")

    def __init__(self, position: int, item: Segment | Loop, charset: Charset) -> None:
        self.position = position
        self.item = item
        self.opens = isinstance(item, Loop)
        self.trigger = item.trigger if isinstance(item, Loop) else item
        self.key, self.qualifiers = self.trigger.key or (0, frozenset())
        self.match = segment_pattern(self.trigger, charset).fullmatch
        self._notes_from = shortest_breaking(self.trigger.notes)
        composite = any(isinstance(element, Composite) for element in self.trigger.elements)
        self.wary = composite or bool(self.trigger.notes) or self.trigger.id == "DTP"

    def fits(self, segment: Sequence[str], component: str) -> bool:
        """True if the segment's qualifier, where the row has one, belongs here."""
        if not self.key:
            return True
        value = segment[self.key] if self.key < len(segment) else ""
        return value in self.qualifiers or value.split(component, 1)[0] in self.qualifiers

    def tidy(self, text: str, segment: Sequence[str]) -> bool:
        """True if a segment that matches breaks no syntax note, has no separator too many, and is dated as it says."""
        return (
            _EMPTY_COMPONENT not in text
            and (len(segment) <= self._notes_from or not any(broken_notes(self.trigger.notes, segment)))
            and not misdated(segment)
        )


@dataclass(slots=True)
class Plan:
    """A compiled loop: its places by the id of the segment that fills them, and the positions that must be filled."""

    loop: Loop
    spots: dict[str, list[Spot]]
    required: tuple[int, ...]


_PLANS: dict[tuple[int, Charset], Plan] = {}
_IDS: dict[int, tuple[Loop, frozenset[str]]] = {}


def plan_of(loop: Loop, charset: Charset) -> Plan:
    """The compiled loop; remembered by identity, for hashing a table costs more than a walk."""
    known = _PLANS.get((id(loop), charset))
    if known is None or known.loop is not loop:
        known = _PLANS[id(loop), charset] = _compile(loop, charset)
    return known


def _compile(loop: Loop, charset: Charset) -> Plan:
    spots: dict[str, list[Spot]] = {}
    for position, item in enumerate(loop.contents):
        spot = Spot(position, item, charset)
        spots.setdefault(spot.trigger.id, []).append(spot)
    required = tuple(position for position, item in enumerate(loop.contents) if item.usage == "R")
    return Plan(loop, spots, required)


def ids_of(table: Loop) -> frozenset[str]:
    """Every segment id that the table knows."""
    known = _IDS.get(id(table))
    if known is None or known[0] is not table:
        known = _IDS[id(table)] = (table, frozenset(row.id for _, row in table.walk()))
    return known[1]
