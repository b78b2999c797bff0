"""Structure of a set against its table: which segments, in which order, how often; each element's usage, type, length
and code. Findings carry the code that a 999 would (IK304, IK403) in ``standard_code``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from edi.findings import Finding, Severity, class_of
from edi.x12.document import TransactionSet
from edi.x12.hierarchy import check_levels
from edi.x12.notes import broken_notes
from edi.x12.patterns import COMPONENT, ELEMENT, REPETITION, Charset, Fault, faults_of, misdated, segment_pattern
from edi.x12.schema import Loop, Segment
from edi.x12.tables.set_277ca import SET_277CA
from edi.x12.tables.set_835 import SET_835
from edi.x12.tables.set_837p import SET_837P
from edi.x12.tables.set_999 import SET_999

_TABLES = {
    ("837", "005010X222"): SET_837P,
    ("835", "005010X221"): SET_835,
    ("277", "005010X214"): SET_277CA,
    ("999", "005010X231"): SET_999,
}
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
    "9": "TIME", "10": "EMPTY", "12": "REPEAT", "13": "COMPONENTS", "I10": "NOT-USED",
}  # fmt: skip
_SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")


def check_set(ts: TransactionSet) -> list[Finding]:
    """Everything in which the set differs from its table. Never raises on bad data.

    Only structure is judged, not meaning (sums, check digits, external codes). A set that has no table here gives one
    finding. Sets: 837P X222A1, 835 X221A1, 277CA X214, 999 X231A1.
    """
    table = table_of(ts.set_id, ts.version)
    if table is None:
        return [_unsupported(ts)]
    return [*_Walk(ts, table).run(), *check_levels(ts)]


def table_of(set_id: str, version: str) -> Loop | None:
    """The table of a set by ST01 and its version; addenda (the A1 of X222A1) are not told apart."""
    return next(
        (table for (known, guide), table in _TABLES.items() if known == set_id and version.startswith(guide)), None
    )


@dataclass(slots=True)
class _Entry:
    """A loop's item at its position, under the segment id that opens it."""

    position: int
    item: Segment | Loop
    trigger: Segment

    def fits(self, segment: list[str], component: str) -> bool:
        key = self.trigger.key
        if key is None:
            return True
        value = segment[key[0]] if key[0] < len(segment) else ""
        return value in key[1] or value.split(component, 1)[0] in key[1]


@lru_cache(maxsize=512)
def _index(table: str, path: tuple[int, ...]) -> dict[str, list[_Entry]]:
    """Items of the loop at ``path`` below a table by the segment id that opens them."""
    loop = _loop_at(table, path)
    found: dict[str, list[_Entry]] = {}
    for position, item in enumerate(loop.contents):
        trigger = item if isinstance(item, Segment) else item.trigger
        found.setdefault(trigger.id, []).append(_Entry(position, item, trigger))
    return found


def _loop_at(table: str, path: tuple[int, ...]) -> Loop:
    loop: Segment | Loop = next(one for one in _TABLES.values() if one.id == table)
    for position in path:
        assert isinstance(loop, Loop)
        loop = loop.contents[position]
    assert isinstance(loop, Loop)
    return loop


@dataclass(slots=True)
class _Frame:
    """An open loop: how far it has come and how often each of its items was there."""

    loop: Loop
    path: tuple[int, ...]
    entries: dict[str, list[_Entry]]
    position: int = 0
    counts: dict[int, int] = field(default_factory=dict)

    def missing(self, upto: int) -> Iterator[Segment | Loop]:
        """Required items from the current position up to ``upto``, that one excluded, that were not there."""
        for at in range(self.position, upto):
            if self.loop.contents[at].usage == "R" and not self.counts.get(at):
                yield self.loop.contents[at]


class _Walk:
    """One pass over a set."""

    def __init__(self, ts: TransactionSet, table: Loop) -> None:
        self._ts = ts
        self._table = table
        self._findings: list[Finding] = []
        self._frames = [_Frame(table, (), _index(table.id, ()))]
        self._known = {row.id for _, row in table.walk()}
        marks = ts.delimiters
        self._private = str.maketrans({marks.component: COMPONENT, marks.repetition: REPETITION})

    def run(self) -> list[Finding]:
        for number, segment in enumerate(self._ts.segments, 1):
            found = self._find(segment)
            if found is None:
                self._misplaced(segment, number)
                continue
            depth, entry = found
            self._close(depth, number)
            row = self._enter(entry, number)
            self._elements(row, self._frames[-1].loop.id, segment, number)
        self._close(0, len(self._ts.segments))
        top = self._frames[0]
        for item in top.missing(len(top.loop.contents)):
            self._lacks(item, len(self._ts.segments), top.loop.id)
        return self._findings

    def _find(self, segment: list[str]) -> tuple[int, _Entry] | None:
        """The innermost open loop that has a place for the segment from where it stands on."""
        for depth in range(len(self._frames) - 1, -1, -1):
            frame = self._frames[depth]
            first = max(frame.position, min(depth, 1))  # what opened a loop does not come again inside it
            for entry in frame.entries.get(segment[0], ()):
                if entry.position >= first and entry.fits(segment, self._ts.delimiters.component):
                    return depth, entry
        return None

    def _close(self, depth: int, number: int) -> None:
        while len(self._frames) > depth + 1:
            frame = self._frames.pop()
            for item in frame.missing(len(frame.loop.contents)):
                self._lacks(item, number, frame.loop.id)

    def _enter(self, entry: _Entry, number: int) -> Segment:
        """Count the item, open its loop if it is one; the row that judges the segment."""
        frame = self._frames[-1]
        for item in frame.missing(entry.position):
            self._lacks(item, number, frame.loop.id)
        frame.position = entry.position
        count = frame.counts[entry.position] = frame.counts.get(entry.position, 0) + 1
        item = entry.item
        if item.maximum and count == item.maximum + 1:
            code, what = ("5", "segment") if isinstance(item, Segment) else ("4", "loop")
            self._report(number, code, f"{what} {item.id} more than {item.maximum} times", loop=frame.loop.id)
        if isinstance(item, Loop):
            path = (*frame.path, entry.position)
            opened = _Frame(item, path, _index(self._table.id, path))
            opened.counts[0] = 1
            self._frames.append(opened)
        return entry.trigger

    def _misplaced(self, segment: list[str], number: int) -> None:
        name = segment[0]
        if name not in self._known:
            words = "a segment that this set does not have" if _SEGMENT_ID.fullmatch(name) else "not a segment id"
            self._report(number, "1", words)
        elif any(
            entry.fits(segment, self._ts.delimiters.component)
            for frame in self._frames
            for entry in frame.entries.get(name, ())
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

    def _elements(self, row: Segment, loop: str, segment: list[str], number: int) -> None:
        text = ELEMENT.join([one.translate(self._private) for one in segment])
        pattern = segment_pattern_of(row)
        sound = pattern.fullmatch(text) and not (row.notes and any(broken_notes(row.notes, segment)))
        if sound and not misdated(segment):
            return
        for fault in faults_of(row, text.split(ELEMENT), Charset.EXTENDED):
            self._fault(fault, loop, number)

    def _fault(self, fault: Fault, loop: str, number: int) -> None:
        self._findings.append(
            Finding(
                severity=Severity.WARNING if fault.code == "10" else Severity.ERROR,
                code=f"X12-ELEMENT-{_ELEMENT_CODES.get(fault.code, fault.code)}",
                message=fault.message,
                cure="Correct the element as the guide has it.",
                place=self._ts.place(number, loop=loop, element=fault.element, component=fault.component),
                standard_code=fault.code,
                value_class=class_of(fault.value) if fault.value else None,
                value_length=len(fault.value) if fault.value else None,
            )
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
            )
        )


_PATTERNS: dict[int, tuple[Segment, re.Pattern[str]]] = {}


def segment_pattern_of(row: Segment) -> re.Pattern[str]:
    """The expression of a row for inbound text; remembered by identity, for hashing a row costs more than a match."""
    known = _PATTERNS.get(id(row))
    if known is None or known[0] is not row:
        known = _PATTERNS[id(row)] = (row, segment_pattern(row, Charset.EXTENDED))
    return known[1]


def _unsupported(ts: TransactionSet) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="X12-SET-UNSUPPORTED",
        message="a set whose structure is not judged here",
        cure="Nothing to do if it was only looked at; otherwise ask the sender for a supported set.",
        place=ts.place(1),
        standard_code="1",
    )
