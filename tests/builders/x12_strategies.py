"""Strategies for whole transaction sets, drawn from the tables: what a guide allows, whatever it means.

A drawn set knows the row of the table behind each of its segments, so that a test can also break one fact of it and
say beforehand what must be found.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

import x12_values
from hypothesis import strategies as st

from edi.x12.guides import Guide
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read
from edi.x12.tables.patterns import COMPONENT, REPETITION
from edi.x12.tables.schema import Segment

_VISIBLE = "*:^~|><!+#@}{][;?=%$&_`"
_ODD = "\x07\x1c\x1d\x1e\x1f\xa7"
_ENOUGH = 25
"""Segments after which a set takes only what its table requires."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One segment: its loop's id, its row, which instance of the loop it is in, whether it opens that loop, its values."""

    loop: str
    row: Segment
    instance: int
    opens: bool
    values: list[str]


@dataclass(frozen=True, slots=True)
class DrawnSet:
    """A set with its delimiters; ``breaks`` is written after each segment."""

    guide: Guide
    delimiters: Delimiters
    breaks: str
    segments: list[Drawn] = field(repr=False)

    @property
    def wire(self):
        """Segments as a reader gives them: the set's own delimiters inside elements."""
        marks = str.maketrans({COMPONENT: self.delimiters.component, REPETITION: self.delimiters.repetition})
        return [[value.translate(marks) for value in one.values] for one in self.segments]

    @property
    def data(self):
        """ST to SE as bytes."""
        marks = self.delimiters
        return "".join(marks.element.join(one) + marks.segment for one in self.wire).encode("latin-1")

    @property
    def interchange(self):
        """The set in an envelope, as bytes, with the line breaks."""
        data = write_interchange(envelope(self.guide, self.delimiters), [self.data])
        end = self.delimiters.segment.encode("latin-1")
        return data.replace(end, end + self.breaks.encode("ascii"))

    def read(self):
        """The set as ``edi.x12.syntax.reader`` gives it."""
        [ts] = read(self.interchange).sets
        return ts

    def holding(self, segments):
        """The same set with other segments, SE01 set right."""
        last = segments[-1]
        counted = [*segments[:-1], replace(last, values=["SE", str(len(segments)), *last.values[2:]])]
        return replace(self, segments=counted)

    def _repr_pretty_(self, printer, _cycle):
        """Short where Hypothesis tells an example: the bytes say all, the rows would fill pages."""
        printer.text(f"{self.guide.name}: {self.interchange!r}")


def version_of(guide):
    """A version that belongs to the guide, for ST03 and GS08."""
    return guide.version if len(guide.version) > 6 else "005010"


def envelope(guide, delimiters=DEFAULT):
    return Envelope(
        sender_qualifier="ZZ",
        sender_id="RB001",
        receiver_qualifier="30",
        receiver_id="330897513",
        group_sender="RB001",
        group_receiver="330897513",
        control_number=101,
        usage="T",
        when=datetime.fromisoformat("2026-11-20T10:15"),
        functional_id="HC",
        version=version_of(guide),
        delimiters=delimiters,
    )


@st.composite
def delimiters(draw):
    """Any four that the standard allows and that no number or date needs; the customary four are the simplest."""
    if draw(st.integers(0, 2)) == 0:
        return DEFAULT
    marks = draw(st.lists(st.sampled_from(_VISIBLE + _ODD), min_size=3, max_size=3, unique=True))
    terminator = draw(st.sampled_from([one for one in "~\n\r" + _VISIBLE + _ODD if one not in marks]))
    return Delimiters(*marks, terminator)


@st.composite
def sets(draw, guide, through=()):
    """A set of this guide that its table allows; items ``through`` are in it wherever they may stand."""
    marks = draw(delimiters())
    breaks = draw(st.sampled_from(["", "\n", "\r\n"])) if marks.segment not in "\r\n" else ""
    drawing = _Drawing(draw, guide, frozenset(marks.all), through)
    drawing.loop(guide.table, parent="")
    return DrawnSet(guide, marks, breaks, []).holding(drawing.segments)


class _Drawing:
    """One set while it is drawn."""

    def __init__(self, draw, guide, marks, through):
        self.segments = []
        self._draw = draw
        self._guide = guide
        self._marks = marks
        self._through = {id(item) for item in through}
        self._levels = 0
        self._instances = 0
        self._control = draw(st.integers(1, 999_999_999).map("{:04d}".format))

    def loop(self, loop, parent):
        """One instance of the loop, whatever is below it included. ``parent`` is the HL01 above it."""
        self._instances += 1
        instance, level, opened = self._instances, parent, len(self.segments)
        for position, (item, times) in enumerate(self._plan(loop)):
            for _ in range(times):
                if not isinstance(item, Segment):
                    self.loop(item, level)
                    continue
                if item.id == "HL":
                    self._levels += 1
                    level = str(self._levels)
                values = self._draw(x12_values.elements(item, self._marks, self._fixed(item, level, parent)))
                self.segments.append(Drawn(loop.id, item, instance, position == 0 and parent is not None, values))
        self._announce(loop, opened)

    def _plan(self, loop):
        """What the loop holds, in order, and how often: the required, and a few of the others."""
        few = 0 if len(self.segments) > _ENOUGH else 3
        optional = [at for at, item in enumerate(loop.contents) if item.usage == "S"]
        taken = self._draw(st.sets(st.sampled_from(optional), max_size=few)) if optional and few else set()
        return [
            (item, self._times(item, few))
            for at, item in enumerate(loop.contents)
            if item.usage == "R" or at in taken or id(item) in self._through
        ]

    def _times(self, item, few):
        return self._draw(st.integers(1, min(item.maximum or 2, 2))) if few else 1

    def _fixed(self, row, level, parent):
        """Values that follow from the set as a whole, by position."""
        if row.id == "ST":
            return {1: self._guide.set_id, 2: self._control} | (
                {3: version_of(self._guide)} if len(row.elements) > 2 else {}
            )
        if row.id == "SE":
            return {1: "0", 2: self._control}
        if row.id == "HL":
            return {1: level} | ({2: parent} if row.elements[1].usage != "N" else {})
        return {}

    def _announce(self, loop, opened):
        """HL04 says whether a level has levels below it: known only now."""
        first = self.segments[opened]
        if first.row.id == "HL" and len(first.row.elements) > 3:
            below = any(one.row.id == "HL" for one in self.segments[opened + 1 :])
            codes = first.row.elements[3].codes
            code = next(one for one in codes if one == ("1" if below else "0"))
            self.segments[opened] = replace(first, values=[*first.values[:4], code])
