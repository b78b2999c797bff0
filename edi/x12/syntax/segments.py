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
    tail = last.strip(_blanks(builder) + _AFTER) if last else last
    around.blanks += len(last) - len(tail)
    if tail and closed and tail.startswith("IEA" + mark):
        around.terminated = False
        pieces.append(tail)
        message, cure = "the last segment has no terminator", "Have the sender end it."
        builder.note(Severity.WARNING, "X12-UNTERMINATED", message, cure, len(pieces))
    elif tail:
        builder.unterminated(tail, len(pieces) + 1)
    if odd:
        _odd_characters(pieces, builder)
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
        message, cure = "blanks before or after segments", "Have the sender write none."
        builder.note(Severity.WARNING, "X12-INDENTED", message, cure, 1)
    if any(one in after for one in breaks):
        _line_breaks(bare, builder, "".join(breaks))
    return bare


def _without_empty(pieces: list[str], builder: Builder) -> list[str]:
    if "" not in pieces:
        return pieces
    empty = pieces.count("")
    builder.note(
        Severity.WARNING,
        "X12-EMPTY-SEGMENT",
        f"{empty} empty segments: two terminators in a row",
        "Have the sender drop them.",
        pieces.index("") + 1,
        value=builder.delimiters.segment * empty,
    )
    return [piece for piece in pieces if piece]


def _line_breaks(pieces: list[str], builder: Builder, breaks: str) -> None:
    """A line break inside a segment: if a segment begins after it, a terminator is missing and two became one."""
    inside = re.compile(f"[{breaks}]")
    merged = re.compile(f"[{breaks}]\\s*[A-Z][A-Z0-9]{{1,2}}{re.escape(builder.delimiters.element)}")
    for number, piece in enumerate(pieces, 1):
        if merged.search(piece):
            message, cure = "two segments without a terminator between them", "Ask the sender for a correct file."
            builder.note(Severity.ERROR, "X12-MERGED", message, cure, number, segment=_name(piece, builder))
        elif inside.search(piece):
            message, cure = "a line break inside a segment", "Have the sender break lines after segments only."
            builder.note(Severity.WARNING, "X12-LINE-BREAK", message, cure, number, segment=_name(piece, builder))


def _odd_characters(pieces: list[str], builder: Builder) -> None:
    marks = str.maketrans("", "", "".join(builder.delimiters.all))
    for number, piece in enumerate(pieces, 1):
        rest = piece.translate(marks)
        if not rest.isascii() or _CONTROL.search(rest):
            message, cure = "a character outside the X12 character sets", "Have the sender write plain ASCII."
            builder.note(Severity.WARNING, "X12-CHARACTER", message, cure, number, segment=_name(piece, builder))


def _name(piece: str, builder: Builder) -> str:
    return piece.split(builder.delimiters.element, 1)[0][:3]
