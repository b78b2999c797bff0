"""The text of one interchange as segments: blanks around them go, and whatever is odd about them is reported."""

import re
from dataclasses import dataclass

from edi.findings import Severity
from edi.x12.syntax.structure import Builder

_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
_AFTER = "\x1a\x00"


@dataclass(slots=True)
class Around:
    """What lay around the segments: blanks that were tolerated, and whether the last one had its terminator."""

    blanks: int = 0
    terminated: bool = True


def segments_of(body: str, builder: Builder, around: Around, *, closed: bool, odd: bool) -> list[list[str]]:
    """The segments after ISA, split into elements.

    ``body`` ends after IEA where ``closed``; ``odd`` says that the file holds characters outside printable ASCII.
    """
    mark, terminator = builder.delimiters.element, builder.delimiters.segment
    pieces = body.split(terminator)
    last = pieces.pop()
    pieces = _bare(pieces, body, builder, around)
    pieces = _without_empty(pieces, builder)
    pieces += _unended(last, builder, around, len(pieces) + 1, closed=closed)
    if odd:
        _odd_characters(pieces, builder)
    return [piece.split(mark) for piece in pieces]


class BitByBit:
    """The same for pieces of the text that come one after the other: `take` any number of times, then `end`."""

    def __init__(self, builder: Builder, around: Around) -> None:
        self._builder = builder
        self._around = around
        self._blanks = _blanks(builder)
        self._breaks = "".join(one for one in "\r\n" if one in self._blanks)
        self._pieces = 0  # that there were, empty ones too
        self._stripped = self._line_ends = 0  # blanks around them, and how many of these ended lines
        self._empty_first = self._empty_count = 0
        self.count = 0  # segments that were given out

    def take(self, pieces: list[str]) -> list[list[str]]:
        """The segments in what stood before so many terminators."""
        bare = [piece.strip(self._blanks) for piece in pieces]
        before, after = "".join(pieces), "".join(bare)
        if len(before) != len(after):
            self._stripped += len(before) - len(after)
            self._line_ends += sum(before.count(one) - after.count(one) for one in self._breaks)
        if any(one in after for one in self._breaks):
            _line_breaks(bare, self._builder, self._breaks, self._pieces + 1)
        if "" in bare:
            self._empty_first = self._empty_first or self._pieces + bare.index("") + 1
            self._empty_count += bare.count("")
            bare = [piece for piece in bare if piece]
        self._pieces += len(pieces)
        return self._split(bare, after)

    def end(self, last: str, *, closed: bool) -> list[list[str]]:
        """The segment, if any, in what stands after the last terminator; notes what is noted once for all."""
        self._around.blanks += self._stripped
        if self._stripped > self._line_ends:
            _indented(self._builder)
        if self._empty_count:
            _empty(self._builder, self._empty_first, self._empty_count)
        pieces = _unended(last, self._builder, self._around, self.count + 1, closed=closed)
        return self._split(pieces, "".join(pieces))

    def _split(self, pieces: list[str], text: str) -> list[list[str]]:
        if not text.isascii() or _CONTROL.search(text):
            _odd_characters(pieces, self._builder, self.count + 1)
        self.count += len(pieces)
        mark = self._builder.delimiters.element
        return [piece.split(mark) for piece in pieces]


def _blanks(builder: Builder) -> str:
    """Blanks that are no delimiter of this interchange."""
    return "".join(one for one in " \t\r\n" if one not in builder.delimiters.all)


def _bare(pieces: list[str], body: str, builder: Builder, around: Around) -> list[str]:
    """The pieces without line breaks and blanks around them."""
    terminator = builder.delimiters.segment
    blank = body[:1] == " " or terminator + " " in body or " " + terminator in body
    if not blank and not any(one in body for one in "\n\r\t" if one != terminator):
        return pieces
    blanks = _blanks(builder)
    bare = [piece.strip(blanks) for piece in pieces]
    before, after = "".join(pieces), "".join(bare)
    breaks = [one for one in "\r\n" if one in blanks]
    stripped = len(before) - len(after)
    around.blanks += stripped
    if stripped > sum(before.count(one) - after.count(one) for one in breaks):
        _indented(builder)
    if any(one in after for one in breaks):
        _line_breaks(bare, builder, "".join(breaks))
    return bare


def _without_empty(pieces: list[str], builder: Builder) -> list[str]:
    if "" not in pieces:
        return pieces
    _empty(builder, pieces.index("") + 1, pieces.count(""))
    return [piece for piece in pieces if piece]


def _unended(last: str, builder: Builder, around: Around, number: int, *, closed: bool) -> list[str]:
    """What stands after the last terminator: an IEA is taken, as segment ``number``; anything else is cut off."""
    tail = last.strip(_blanks(builder) + _AFTER) if last else last
    around.blanks += len(last) - len(tail)
    if tail and closed and tail.startswith("IEA" + builder.delimiters.element):
        around.terminated = False
        message, cure = "the last segment has no terminator", "Have the sender end it."
        builder.note(Severity.WARNING, "X12-UNTERMINATED", message, cure, number, bare=True)
        return [tail]
    if tail:
        builder.unterminated(tail, number)
    return []


def _indented(builder: Builder) -> None:
    message, cure = "blanks before or after segments", "Have the sender write none."
    builder.note(Severity.WARNING, "X12-INDENTED", message, cure, 1, bare=True)


def _empty(builder: Builder, first: int, count: int) -> None:
    message, cure = f"{count} empty segments: two terminators in a row", "Have the sender drop them."
    value = builder.delimiters.segment * count
    builder.note(Severity.WARNING, "X12-EMPTY-SEGMENT", message, cure, first, value=value, bare=True)


def _line_breaks(pieces: list[str], builder: Builder, breaks: str, first: int = 1) -> None:
    """A line break inside a segment: if a segment begins after it, a terminator is missing and two became one."""
    inside = re.compile(f"[{breaks}]")
    merged = re.compile(f"[{breaks}]\\s*[A-Z][A-Z0-9]{{1,2}}{re.escape(builder.delimiters.element)}")
    for number, piece in enumerate(pieces, first):
        if merged.search(piece):
            message, cure = "two segments without a terminator between them", "Ask the sender for a correct file."
            builder.note(Severity.ERROR, "X12-MERGED", message, cure, number, segment=_name(piece, builder), bare=True)
        elif inside.search(piece):
            message, cure = "a line break inside a segment", "Have the sender break lines after segments only."
            builder.note(
                Severity.WARNING, "X12-LINE-BREAK", message, cure, number, segment=_name(piece, builder), bare=True
            )


def _odd_characters(pieces: list[str], builder: Builder, first: int = 1) -> None:
    marks = str.maketrans("", "", "".join(builder.delimiters.all))
    for number, piece in enumerate(pieces, first):
        rest = piece.translate(marks)
        if not rest.isascii() or _CONTROL.search(rest):
            message, cure = "a character outside the X12 character sets", "Have the sender write plain ASCII."
            builder.note(
                Severity.WARNING, "X12-CHARACTER", message, cure, number, segment=_name(piece, builder), bare=True
            )


def _name(piece: str, builder: Builder) -> str:
    return piece.split(builder.delimiters.element, 1)[0][:3]
