"""One pass over a set against its table: findings of structure, and the tree of its loops."""

import re
from collections.abc import Iterable
from dataclasses import replace

from edi.findings import Finding, Severity, class_of
from edi.x12.judging.automaton import Lack, Place, Step, start_of
from edi.x12.judging.places import ids_of
from edi.x12.profile import Profile
from edi.x12.syntax.document import TransactionSet
from edi.x12.tables.patterns import COMPONENT, ELEMENT, EMPTY, REPETITION, Fault, faults_of
from edi.x12.tables.schema import Loop, Segment
from edi.x12.tree import Item, Node

_SEGMENT_CODES = {
    "1": "UNKNOWN",
    "2": "UNEXPECTED",
    "3": "MISSING",
    "4": "LOOP-REPEAT",
    "5": "REPEAT",
    "7": "ORDER",
}
_ELEMENT_CODES = {
    "1": "MISSING", "2": "TOGETHER", "3": "EXTRA", "4": "SHORT", "5": "LONG", "6": "CHARACTER", "7": "CODE", "8": "DATE",
    "9": "TIME", "10": "EXCLUSIVE", "12": "REPEAT", "13": "COMPONENTS", "I10": "NOT-USED",
}  # fmt: skip
_SEGMENT = "\x1c"
_PRIVATE = frozenset({ELEMENT, COMPONENT, REPETITION, _SEGMENT})
_OF_THE_STANDARD = {"segment": frozenset("127"), "element": frozenset({"2", "4", "5", "6", "8", "9", "10", "13"})}
"""Complaints of SNIP 1, the standard's syntax; what only the guide asks for (usage, codes, repeats) is SNIP 2."""
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")


def walk(ts: TransactionSet, table: Loop, profile: Profile) -> tuple[list[Finding], Node]:
    """What is wrong with structure and elements, and the tree. Never raises on bad data.

    What is missing is told at the last segment before the gap's end: inside the loop that lacks it.
    """
    return _Walk(ts, table, profile).run()


class _Walk:
    """``_nodes`` are the loops of the place, outermost first (what is left behind them of closed ones does not count), and
    ``_counts`` how often the item was there that each stands at.
    """

    def __init__(self, ts: TransactionSet, table: Loop, profile: Profile) -> None:
        self._ts = ts
        self._profile = profile
        self._component = ts.delimiters.component
        self._findings: list[Finding] = []
        self._nodes = [Node(table.id, self._component)]
        self._counts = [0]
        self._start = start_of(table, profile.charset)
        self._known = ids_of(table)

    def run(self) -> tuple[list[Finding], Node]:
        place, component, nodes, counts = self._start, self._component, self._nodes, self._counts
        for number, (segment, text) in enumerate(zip(self._ts.segments, self._texts(), strict=True), 1):
            step = place.step(segment, component)
            if step is None:
                self._misplaced(place, segment, number)
                continue
            place, spot, depth = step.place, step.spot, step.depth
            if step.lacks:
                self._lacking(step.closed, number - 1)
                self._lacking(step.passed, number)
            if step.again:
                counts[depth] += 1
                self._counted(step, counts[depth], number)
            else:
                counts[depth] = 1
            node = nodes[depth] if step.opens is None else self._opened(step.opens, depth)
            node.items.append(Item(number, segment, node))
            if spot.match(text) is None or (spot.wary and not spot.tidy(text, segment)):
                self._faults(spot.trigger, place.levels[-1].plan.loop.id, text, number)
        self._end(place, len(self._ts.segments))
        return self._findings, nodes[0]

    def _texts(self) -> list[str]:
        """Every segment with private separators, which the interchange itself may use in other parts."""
        marks, segments = self._ts.delimiters, self._ts.segments
        if _PRIVATE.isdisjoint(marks.all):
            whole = _SEGMENT.join(map(ELEMENT.join, segments))
            texts = whole.replace(marks.component, COMPONENT).replace(marks.repetition, REPETITION).split(_SEGMENT)
            if len(texts) == len(segments):
                return texts
        inside = str.maketrans({marks.component: COMPONENT, marks.repetition: REPETITION})
        return [ELEMENT.join([one.translate(inside) for one in segment]) for segment in segments]

    def _opened(self, name: str, depth: int) -> Node:
        """A new loop below the one at ``depth``, in the place of what was open there."""
        nodes, inside = self._nodes, depth + 1
        node = Node(name, self._component, nodes[depth])
        nodes[depth].children.append(node)
        if inside == len(nodes):
            nodes.append(node)
            self._counts.append(1)
        else:
            nodes[inside] = node
            self._counts[inside] = 1
        return node

    def _counted(self, step: Step, count: int, number: int) -> None:
        """What comes once too often is told once."""
        spot = step.spot
        if spot.item.maximum and count == spot.item.maximum + 1:
            code, what = ("4", "loop") if spot.opens else ("5", "segment")
            words = f"{what} {spot.item.id} more than {spot.item.maximum} times"
            self._report(number, code, words, loop=step.loop)

    def _end(self, place: Place, number: int) -> None:
        """Close what is open."""
        for level in place.levels[::-1]:
            self._lacking(level.unfinished(), number)

    def _misplaced(self, place: Place, segment: list[str], number: int) -> None:
        name = segment[0]
        node = self._nodes[len(place.levels) - 1]
        node.strays.append(Item(number, segment, node))
        if name not in self._known:
            words = "a segment that this set does not have" if _SEGMENT_ID.fullmatch(name) else "not a segment id"
            self._report(number, "1", words)
        elif place.fits(segment, self._component):
            self._report(number, "7", "a segment after its place in the order")
        else:
            self._report(number, "2", "a segment, or a qualifier in it, that has no place here")

    def _lacking(self, lacks: Iterable[Lack], number: int) -> None:
        for item, loop in lacks:
            trigger = item if isinstance(item, Segment) else item.trigger
            qualifier = "/".join(sorted(trigger.key[1])) if trigger.key else ""
            words = f"{trigger.id} {qualifier}".strip()
            words = (
                f"required segment {words} is missing"
                if isinstance(item, Segment)
                else f"required loop {item.id} ({words}) is missing"
            )
            self._report(number, "3", words, loop=loop if isinstance(item, Segment) else item.id, name=trigger.id)

    def _faults(self, row: Segment, loop: str, text: str, number: int) -> None:
        for fault in faults_of(row, text.split(ELEMENT), self._profile.charset):
            self._findings.append(self._finding(fault, loop, number))

    def _finding(self, fault: Fault, loop: str, number: int) -> Finding:
        return Finding(
            severity=self._profile.doubtful if fault.code == EMPTY else Severity.ERROR,
            code=f"X12-ELEMENT-{_ELEMENT_CODES.get(fault.code, fault.code)}",
            message=fault.message,
            cure="Correct the element as the guide has it.",
            place=self._ts.place(number, loop=loop, element=fault.element, component=fault.component),
            standard_code=None if fault.code == EMPTY else fault.code,
            value_class=class_of(fault.value) if fault.value else None,
            value_length=len(fault.value) if fault.value else None,
            snip=1 if fault.code in _OF_THE_STANDARD["element"] else 2,
        )

    def _report(
        self, number: int, code: str, message: str, *, loop: str | None = None, name: str | None = None
    ) -> None:
        place = self._ts.place(number, loop=loop)
        if name is not None:
            place = replace(place, segment=name)
        self._findings.append(
            Finding(
                severity=Severity.ERROR,
                code=f"X12-SEGMENT-{_SEGMENT_CODES[code]}",
                message=message,
                cure="Bring the set into the order and completeness of its guide.",
                place=place,
                standard_code=code,
                snip=1 if code in _OF_THE_STANDARD["segment"] else 2,
            )
        )
