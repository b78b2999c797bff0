"""One pass over a set against its table: findings of structure, and the tree of its loops."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from edi.findings import Finding, Severity, class_of
from edi.x12.judging.places import Plan, Spot, ids_of, plan_of
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
_PRIVATE = frozenset({ELEMENT, COMPONENT, REPETITION})
_OF_THE_STANDARD = {"segment": frozenset("127"), "element": frozenset({"2", "4", "5", "6", "8", "9", "10", "13"})}
"""Complaints of SNIP 1, the standard's syntax; what only the guide asks for (usage, codes, repeats) is SNIP 2."""
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")


def walk(ts: TransactionSet, table: Loop, profile: Profile) -> tuple[list[Finding], Node]:
    """What is wrong with structure and elements, and the tree. Never raises on bad data.

    What is missing is told at the last segment before the gap's end: inside the loop that lacks it.
    """
    return _Walk(ts, table, profile).run()


class _Frame:
    """An open loop: how far it has come and how often each of its items was there."""

    __slots__ = ("counts", "node", "plan", "position")

    def __init__(self, plan: Plan, node: Node, counts: dict[int, int]) -> None:
        self.plan = plan
        self.node = node
        self.position = 0
        self.counts = counts

    def missing(self, upto: int) -> Iterable[Segment | Loop]:
        """Required items from the current position up to ``upto``, that one excluded, that were not there."""
        if self.position in self.counts and self.plan.ahead[self.position] >= upto:
            return ()
        return self._missing(upto)

    def _missing(self, upto: int) -> Iterator[Segment | Loop]:
        for at in self.plan.required:
            if self.position <= at < upto and at not in self.counts:
                yield self.plan.loop.contents[at]


class _Walk:
    def __init__(self, ts: TransactionSet, table: Loop, profile: Profile) -> None:
        self._ts = ts
        self._profile = profile
        self._charset = profile.charset
        self._component = ts.delimiters.component
        self._plain = _PRIVATE.isdisjoint(ts.delimiters.all)
        self._findings: list[Finding] = []
        self._root = Node(table.id, self._component)
        self._frames = [_Frame(plan_of(table, profile.charset), self._root, {})]
        self._known = ids_of(table)

    def run(self) -> tuple[list[Finding], Node]:
        for number, segment in enumerate(self._ts.segments, 1):
            depth, spot = self._find(segment)
            if spot is None:
                self._misplaced(segment, number)
                continue
            if depth + 1 < len(self._frames):
                self._close(depth, number - 1)
            self._enter(spot, segment, number)
            text = self._private(segment)
            if not spot.sound(text, segment):
                self._faults(spot.trigger, text, number)
        self._end(len(self._ts.segments))
        return self._findings, self._root

    def _private(self, segment: list[str]) -> str:
        """The segment with private separators, which the interchange itself may use in other parts."""
        marks = self._ts.delimiters
        if self._plain:
            text = ELEMENT.join(segment)
            if self._component in text:
                text = text.replace(self._component, COMPONENT)
            return text.replace(marks.repetition, REPETITION) if marks.repetition in text else text
        inside = str.maketrans({marks.component: COMPONENT, marks.repetition: REPETITION})
        return ELEMENT.join([one.translate(inside) for one in segment])

    def _find(self, segment: list[str]) -> tuple[int, Spot | None]:
        """The innermost open loop that has a place for the segment from where it stands on."""
        name = segment[0]
        for depth in range(len(self._frames) - 1, -1, -1):
            frame = self._frames[depth]
            spots = frame.plan.spots.get(name)
            if spots is not None:
                first = frame.position if frame.position or not depth else 1  # what opened a loop does not come again
                for spot in spots:
                    if spot.position >= first and (not spot.key or spot.fits(segment, self._component)):
                        return depth, spot
        return 0, None

    def _close(self, depth: int, number: int) -> None:
        """Close the loops inside the one at ``depth``; ``number`` is the last segment in them."""
        while len(self._frames) > depth + 1:
            frame = self._frames.pop()
            for item in frame.missing(len(frame.plan.loop.contents)):
                self._lacks(item, number, frame.plan.loop.id)

    def _end(self, number: int) -> None:
        self._close(0, number)
        top = self._frames[0]
        for item in top.missing(len(top.plan.loop.contents)):
            self._lacks(item, number, top.plan.loop.id)

    def _enter(self, spot: Spot, segment: list[str], number: int) -> None:
        """Count the item, open its loop if it is one, and put the segment into the tree."""
        frame = self._frames[-1]
        position = spot.position
        if position > frame.position:
            for item in frame.missing(position):
                self._lacks(item, number, frame.plan.loop.id)
            frame.position = position
        count = frame.counts[position] = frame.counts.get(position, 0) + 1
        if spot.item.maximum and count == spot.item.maximum + 1:
            code, what = ("4", "loop") if spot.opens else ("5", "segment")
            words = f"{what} {spot.item.id} more than {spot.item.maximum} times"
            self._report(number, code, words, loop=frame.plan.loop.id)
        node = frame.node
        if spot.opens and isinstance(spot.item, Loop):
            node = Node(spot.item.id, self._component, node)
            frame.node.children.append(node)
            self._frames.append(_Frame(plan_of(spot.item, self._charset), node, {0: 1}))
        node.items.append(Item(number, segment, node))

    def _misplaced(self, segment: list[str], number: int) -> None:
        name = segment[0]
        node = self._frames[-1].node
        node.strays.append(Item(number, segment, node))
        if name not in self._known:
            words = "a segment that this set does not have" if _SEGMENT_ID.fullmatch(name) else "not a segment id"
            self._report(number, "1", words)
        elif any(
            spot.fits(segment, self._component) for frame in self._frames for spot in frame.plan.spots.get(name, ())
        ):
            self._report(number, "7", "a segment after its place in the order")
        else:
            self._report(number, "2", "a segment, or a qualifier in it, that has no place here")

    def _lacks(self, item: Segment | Loop, number: int, loop: str) -> None:
        trigger = item if isinstance(item, Segment) else item.trigger
        qualifier = "/".join(sorted(trigger.key[1])) if trigger.key else ""
        words = f"{trigger.id} {qualifier}".strip()
        words = (
            f"required segment {words} is missing"
            if isinstance(item, Segment)
            else f"required loop {item.id} ({words}) is missing"
        )
        self._report(number, "3", words, loop=loop if isinstance(item, Segment) else item.id, name=trigger.id)

    def _faults(self, row: Segment, text: str, number: int) -> None:
        loop = self._frames[-1].plan.loop.id
        for fault in faults_of(row, text.split(ELEMENT), self._charset):
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
