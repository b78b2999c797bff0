"""Writing a set segment by segment, each judged by its row of the table before it is taken.

Nothing is cut, padded or replaced: a value that does not fit raises NotRepresentable with its place. Trailing empty
elements are left off. Delimiters are put in last, after the whole text was searched for them.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from edi.amounts import text_from_cents
from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity, class_of
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.notes import broken_notes, shortest_breaking
from edi.x12.tables.patterns import COMPONENT, ELEMENT, REPETITION, Charset, Fault, faults_of, segment_pattern
from edi.x12.tables.schema import Loop, Segment
from edi.x12.written import WrittenSet

_SHARED = frozenset(
    {"ST", "HL", "LX", "SV1", "DTP", "PRV", "CRC", "HI", "QTY", "PER", "SBR", "CR1", "CTP", "LIN", "SE"}
)
"""Segments whose text comes again in many claims and names nobody: their verdict is remembered."""
_REMEMBERED = 20_000
_SEGMENT = "\x1c"
_PRIVATE = frozenset({ELEMENT, COMPONENT, REPETITION, _SEGMENT})  # no value holds one: the rows refuse them


class Row:
    """One row of a table, ready to be written, whatever the character set. ``seen`` remembers texts of segments that
    repeat and name nobody.
    """

    __slots__ = ("basic", "id", "loop", "notes", "notes_from", "seen", "segment", "shared", "wider")

    def __init__(self, segment: Segment, loop: str, *, shared: bool = False) -> None:
        self.segment = segment
        self.loop = loop
        self.id = segment.id
        self.notes = segment.notes
        self.notes_from = shortest_breaking(segment.notes)
        self.basic: Callable[[str], object] = segment_pattern(segment, Charset.BASIC).fullmatch
        self.wider: Callable[[str], object] | None = None
        self.shared = shared or segment.id in _SHARED
        self.seen: dict[tuple[str, ...], str] = {}

    def fits(self, text: str, charset: Charset) -> bool:
        """Whether a segment that basic characters do not write is one in the wider character set."""
        if charset is Charset.BASIC:
            return False
        if self.wider is None:
            self.wider = segment_pattern(self.segment, charset).fullmatch
        return self.wider(text) is not None

    def remember(self, values: tuple[str, ...], text: str) -> None:
        if len(self.seen) >= _REMEMBERED:
            self.seen.clear()
        self.seen[values] = text


class SetWriter:
    """Collects the segments of one set. ``put`` is the only way in."""

    __slots__ = ("_charset", "_delimiters", "_ranges", "_rows", "_texts")

    def __init__(self, delimiters: Delimiters = DEFAULT, charset: Charset = Charset.BASIC) -> None:
        self._texts: list[str] = []
        self._rows: list[Row] = []
        self._delimiters = delimiters
        self._charset = charset
        self._ranges: dict[str, tuple[int, int]] = {}

    @property
    def count(self) -> int:
        """How many segments there are; the last one's number."""
        return len(self._texts)

    def put(self, row: Row, *values: str) -> None:
        """Append a segment; ``values`` are elements from 01, blank where absent."""
        text = row.seen.get(values) if row.shared else None
        if text is None:
            text = self._judge(row, values)
        self._texts.append(text)
        self._rows.append(row)

    def _judge(self, row: Row, values: tuple[str, ...]) -> str:
        whole = ELEMENT.join((row.id, *values))
        text = whole.rstrip(ELEMENT)
        basic = row.basic(text) is not None
        if not (basic or row.fits(text, self._charset)) or whole.count(ELEMENT) != len(values):
            raise self._refusal(row, values)
        if len(values) >= row.notes_from:
            for position, code, words in broken_notes(row.notes, (row.id, *values)):
                raise self._refused(row, Fault(position, code, words))
        if row.shared and basic:  # it may be written again in any character set
            row.remember(values, text)
        return text

    def mark(self, control_number: str, first: int, *, again: bool = False) -> None:
        """Segments ``first`` up to the last one belong to this claim. A repeated number is refused unless ``again``."""
        if control_number in self._ranges and not again:
            raise self._refused(self._rows[first - 1], Fault(1, "23", "the same claim number twice in one set"))
        self._ranges[control_number] = (first, len(self._texts))

    def allow(self, row: Row, count: int, loop: Loop | None = None) -> None:
        """Refuse ``count`` segments of a row, or rounds of the loop that it opens, where the guide has not so many."""
        most = (loop or row.segment).maximum
        if most and count > most:
            raise self.refuse(row, 1, f"{most} {row.id} segments at most")

    def refuse(self, row: Row, position: int, words: str) -> NotRepresentable:
        """The exception for a value of the next segment that its writer will not take."""
        return self._refused(row, Fault(position, "6", words))

    def finish(self) -> WrittenSet:
        """The bytes, with the delimiters in their places."""
        text = _SEGMENT.join(self._texts)
        marks = self._delimiters
        if any(mark in text for mark in marks.all if mark not in _PRIVATE):
            raise self._delimiter_refusal()
        if _PRIVATE.isdisjoint(marks.all):
            text = text.replace(ELEMENT, marks.element).replace(COMPONENT, marks.component)
            text = text.replace(REPETITION, marks.repetition).replace(_SEGMENT, marks.segment)
        else:  # one replacement after another would meet its own work
            text = text.translate(str.maketrans(ELEMENT + COMPONENT + REPETITION + _SEGMENT, "".join(marks.all)))
        text += marks.segment
        return WrittenSet(data=text.encode("latin-1"), segment_count=len(self._texts), ranges=self._ranges)

    def _refusal(self, row: Row, values: Sequence[str]) -> NotRepresentable:
        for position, value in enumerate(values, 1):
            if ELEMENT in value:
                return self._refused(row, Fault(position, "6", "holds a control character", value=value))
        elements = ELEMENT.join((row.id, *values)).rstrip(ELEMENT).split(ELEMENT)
        faults = faults_of(row.segment, elements, self._charset)
        return self._refused(row, faults[0] if faults else Fault(1, "6", "does not fit its row"))

    def _delimiter_refusal(self) -> NotRepresentable:
        for number, text in enumerate(self._texts, 1):
            for position, value in enumerate(text.split(ELEMENT)):
                if any(mark in value for mark in self._delimiters.all):
                    fault = Fault(
                        position, "6", "holds a character that this interchange uses as delimiter", value=value
                    )
                    return self._refused(self._rows[number - 1], fault, number)
        raise AssertionError("a delimiter was seen and not found again")

    def _refused(self, row: Row, fault: Fault, number: int | None = None) -> NotRepresentable:
        return NotRepresentable(
            Finding(
                severity=Severity.ERROR,
                code="X12-WRITE",
                message=f"cannot be written: {fault.message}",
                cure="Correct the value where it comes from; nothing is cut or replaced here.",
                place=Place(
                    segment_number=number or len(self._texts) + 1,
                    segment=row.id,
                    loop=row.loop,
                    element=fault.element,
                    component=fault.component,
                ),
                standard_code=fault.code,
                value_class=class_of(fault.value) if fault.value else None,
                value_length=len(fault.value) if fault.value else None,
            )
        )


def composite(*parts: str) -> str:
    """Components joined for ``SetWriter.put``, nothing trailing.

    A part that holds the private separator is spoilt on purpose, so that the row refuses it instead of shifting.
    """
    text = COMPONENT.join(parts)
    if text.count(COMPONENT) != len(parts) - 1:
        text = COMPONENT.join(part.replace(COMPONENT, "\x00") for part in parts)
    return text.rstrip(COMPONENT)


def repeated(*values: str) -> str:
    """Repeats of one element joined for ``SetWriter.put``; one that holds the private separator is spoilt on purpose."""
    return REPETITION.join(one.replace(REPETITION, "\x00") for one in values)


@lru_cache(maxsize=16384)
def day(value: date) -> str:
    """CCYYMMDD."""
    return value.strftime("%Y%m%d") if value.year >= 1000 else f"{value.year:04d}{value.month:02d}{value.day:02d}"


@lru_cache(maxsize=65536)
def money(cents: int) -> str:
    """Cents as the shortest decimal."""
    return text_from_cents(cents)


@lru_cache(maxsize=16384)
def number(value: Decimal | int) -> str:
    """A quantity without exponent or trailing zeros: Decimal("12.50") gives "12.5"."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", "", "-"} else text


def maybe_money(cents: int | None) -> str:
    return "" if cents is None else money(cents)


def maybe_number(value: Decimal | int | None) -> str:
    return "" if value is None else number(value)


def maybe_day(value: date | None) -> str:
    return "" if value is None else day(value)
