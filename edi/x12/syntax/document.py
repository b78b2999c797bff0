"""What a file holds, taken apart down to segments and elements: no meaning yet.

Document -> Interchange -> Group -> TransactionSet -> segments
"""

from dataclasses import dataclass, field

from edi.findings import Finding, Place
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.syntax.ta1 import Ta1

LEFT_OUT = frozenset({"X12-BOM", "X12-NO-ISA", "X12-GARBAGE", "X12-ISA", "X12-EMPTY-SEGMENT", "X12-TRUNCATED"})
"""Codes of findings about bytes that are in no segment."""


@dataclass(slots=True, kw_only=True)
class TransactionSet:
    """ST to SE. ``segments[n]`` is the segment with number n + 1 (as IK302 counts), its id at element 0.

    Elements are raw text, one character a byte (latin-1); composites and repeats are not split. ``version`` is ST03
    where given, else GS08. ``complete`` says that SE was seen.
    """

    set_id: str  # ST01
    control_number: str  # ST02
    version: str
    segments: list[list[str]] = field(repr=False)
    first_segment_index: int
    complete: bool = False
    delimiters: Delimiters = DEFAULT
    interchange: str | None = None  # ISA13
    group: str | None = None  # GS06

    def place(
        self, number: int, *, loop: str | None = None, element: int | None = None, component: int | None = None
    ) -> Place:
        """The address of segment ``number`` (ST = 1), or of an element or component in it."""
        return Place(
            interchange=self.interchange,
            group=self.group,
            set_control=self.control_number,
            segment_index=self.first_segment_index + number - 1,
            segment_number=number,
            segment=self.name_of(number),
            loop=loop,
            element=element,
            component=component,
        )

    def name_of(self, number: int) -> str | None:
        """The id of segment ``number``, None where there is none."""
        return self.segments[number - 1][0] if 0 < number <= len(self.segments) else None


@dataclass(slots=True, kw_only=True)
class OpenSet(TransactionSet):
    """A set that is read bit by bit: ``segments`` are those that are at hand, the first of which has number ``first``.

    Of those that went, only the ids in ``names`` are remembered.
    """

    first: int = 1
    names: dict[int, str] = field(default_factory=dict, repr=False)

    def name_of(self, number: int) -> str | None:
        """As of any set, but only of a segment that is at hand or remembered."""
        at = number - self.first
        return self.segments[at][0] if 0 <= at < len(self.segments) else self.names.get(number)

    def remember(self, number: int) -> None:
        """Keep the id of a segment that is at hand."""
        name = self.name_of(number)
        if name is not None:
            self.names[number] = name

    def let_go(self, number: int) -> None:
        """Forget the segments before this one."""
        del self.segments[: max(0, number - self.first)]
        self.first = max(self.first, number)

    def between(self, first: int, last: int) -> list[list[str]]:
        """Segments ``first`` to ``last``, which are at hand."""
        return self.segments[first - self.first : last - self.first + 1]


def opened(ts: TransactionSet) -> OpenSet:
    """The same set, to be read bit by bit."""
    return OpenSet(
        set_id=ts.set_id,
        control_number=ts.control_number,
        version=ts.version,
        segments=[],
        first_segment_index=ts.first_segment_index,
        delimiters=ts.delimiters,
        interchange=ts.interchange,
        group=ts.group,
    )


def set_of(data: bytes, version: str, delimiters: Delimiters = DEFAULT) -> TransactionSet:
    """A whole set (ST to SE) that we wrote, as its reader will have it; it stands in no interchange yet."""
    *pieces, _ = data.decode("latin-1").split(delimiters.segment)
    segments = [piece.split(delimiters.element) for piece in pieces]
    return TransactionSet(
        set_id=segments[0][1],
        control_number=segments[0][2],
        version=version,
        segments=segments,
        first_segment_index=0,
        complete=True,
        delimiters=delimiters,
    )


@dataclass(slots=True, kw_only=True)
class Group:
    """GS to GE. ``segments`` are its own and those of its sets, as read. ``complete`` says that GE was seen."""

    functional_id: str  # GS01
    sender: str  # GS02
    receiver: str  # GS03
    date: str  # GS04
    time: str  # GS05
    control_number: str  # GS06
    version: str  # GS08
    sets: list[TransactionSet] = field(default_factory=list)
    segments: list[list[str]] = field(default_factory=list, repr=False)
    delimiters: Delimiters = DEFAULT
    complete: bool = False


@dataclass(slots=True, kw_only=True)
class Interchange:
    """ISA to IEA, ids without their padding. ``complete`` says that IEA was seen, ``terminated`` that it was ended.

    ``segments`` is every segment as read, ISA first, whether or not it belongs to a group or set; ``blanks`` counts the
    line breaks and spaces around them.
    """

    sender_qualifier: str  # ISA05
    sender_id: str  # ISA06
    receiver_qualifier: str  # ISA07
    receiver_id: str  # ISA08
    date: str  # ISA09, YYMMDD
    time: str  # ISA10, HHMM
    version: str  # ISA12
    control_number: str  # ISA13
    ack_requested: bool = False  # ISA14
    usage: str  # ISA15
    delimiters: Delimiters
    ta1s: list[Ta1] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    segments: list[list[str]] = field(default_factory=list, repr=False)
    blanks: int = 0
    complete: bool = False
    terminated: bool = True


@dataclass(slots=True, kw_only=True)
class Document:
    """A whole file: its interchanges in order and everything that was wrong with its syntax and counts.

    Each byte is in one of four places: a segment or its terminator, ``blanks`` here (between interchanges), ``blanks``
    of an interchange, or a finding with one of the codes in ``LEFT_OUT``, whose ``value_length`` counts it.
    """

    interchanges: list[Interchange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    blanks: int = 0

    @property
    def complete(self) -> bool:
        """At least one interchange, and every one closed by its IEA, its groups and sets closed too."""
        return bool(self.interchanges) and all(
            interchange.complete
            and all(group.complete and all(s.complete for s in group.sets) for group in interchange.groups)
            for interchange in self.interchanges
        )

    @property
    def sets(self) -> list[TransactionSet]:
        """Every set of every group, in order of the file."""
        return [one for interchange in self.interchanges for group in interchange.groups for one in group.sets]
