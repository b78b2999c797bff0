"""Bytes to interchanges, groups, sets and segments. Any bytes at all: what is wrong becomes a finding, never a raise.

Delimiters are taken anew from every ISA. Line breaks around segments are tolerated, a newline may itself be the
terminator. Every byte ends up in a segment or in a finding that says why not.
"""

import re
from dataclasses import dataclass

from edi.findings import Finding, Place, Severity, class_of
from edi.x12.delimiters import Delimiters
from edi.x12.document import Document, Group, Interchange, TransactionSet
from edi.x12.pause import collector_paused
from edi.x12.structure import Builder

__all__ = ["Document", "Group", "Interchange", "TransactionSet", "read"]

_ISA = re.compile(r"ISA[^A-Za-z0-9\s]", re.ASCII)  # to ASCII, the separators \x1c to \x1f are no blanks
_WIDTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = " \t\r\n\x1a\x00"
_PLAIN = bytes(range(0x20, 0x7F)) + b"\r\n\t"
_BOM = "\xef\xbb\xbf"


@dataclass(slots=True)
class _Header:
    """A parsed ISA: its elements, delimiters and where the next segment starts."""

    elements: list[str]
    delimiters: Delimiters
    end: int
    padded: bool
    repeats: bool  # ISA11 says what it should


def read(data: bytes) -> Document:
    """Everything in ``data``, with findings for whatever is not as the standard has it. Never raises on bad bytes."""
    with collector_paused():
        return _read(data)


def _read(data: bytes) -> Document:
    text = data.decode("latin-1")
    document = Document()
    odd = bool(data.translate(None, _PLAIN))
    at = 0
    if text.startswith(_BOM):
        at = 3
        document.findings.append(
            _finding(
                Severity.WARNING,
                "X12-BOM",
                "the file begins with a UTF-8 byte order mark",
                "Have the sender leave it out.",
            )
        )
    index = 0
    while at < len(text):
        start = _next_isa(text, at, document, index)
        if start is None:
            break
        header = _header(text, start)
        if header is None:
            document.findings.append(_broken_isa(index))
            at = start + 3
            continue
        at, index = _interchange(text, header, document, index, odd=odd)
    if not document.interchanges and not document.findings:
        document.findings.append(
            _finding(Severity.ERROR, "X12-EMPTY", "the file holds nothing", "Ask the sender for the whole file.")
        )
    return document


def _next_isa(text: str, at: int, document: Document, index: int) -> int | None:
    """Where the next ISA starts; what lies before it is reported."""
    match = _ISA.search(text, at)
    stray = text[at : match.start() if match else len(text)].strip(_BLANKS)
    if stray:
        document.findings.append(
            _finding(
                Severity.ERROR,
                "X12-GARBAGE" if document.interchanges or match else "X12-NO-ISA",
                f"{len(stray)} bytes that belong to no interchange"
                if match
                else "bytes without an interchange header (ISA)",
                "Look at the file: cut in two, joined wrongly, or not X12 at all.",
                Place(segment_index=index),
                stray,
            )
        )
    return match.start() if match else None


def _header(text: str, start: int) -> _Header | None:
    """The ISA at ``start``. Collapsed padding is taken, with ``padded`` false; None if it is no header at all."""
    mark = text[start + 3]
    parts = text[start : start + 400].split(mark, 16)
    if len(parts) < 17 or len(parts[16]) < 2 or any(len(part) > 20 for part in parts[:16]):
        return None
    component, terminator = parts[16][0], parts[16][1]
    repetition = parts[11]
    taken = {mark, component, terminator}
    usable = len(repetition) == 1 and not repetition.isalnum() and repetition not in {*taken, " "}
    if not usable:  # a standards code as before 005010 ("U"), or a mistake: nothing can be repeated then
        repetition = next(one for one in "^!|`" if one not in taken)
    try:
        delimiters = Delimiters(mark, component, repetition, terminator)
    except ValueError:
        return None
    padded = all(len(part) == width for part, width in zip(parts[:16], _WIDTHS, strict=True))
    end = start + sum(len(part) + 1 for part in parts[:16]) + 2
    return _Header([*parts[:16], component], delimiters, end, padded, usable or parts[11] == "U")


def _interchange(text: str, header: _Header, document: Document, index: int, *, odd: bool) -> tuple[int, int]:
    """Take one interchange apart; where the next may start and the next segment index."""
    body, end, torn = _body(text, header)
    terminator = header.delimiters.segment
    pieces = body.split(terminator)
    last = pieces.pop()
    builder = Builder(header.elements, header.delimiters, index, document.findings)
    if not header.padded:
        builder.note(
            Severity.WARNING,
            "X12-ISA-WIDTH",
            "ISA is not padded to its fixed widths",
            "Have the sender pad ISA to 106 bytes.",
            0,
        )
    if not header.repeats:
        cure = "Have the sender give a repetition separator of its own."
        builder.note(Severity.WARNING, "X12-ISA11", "ISA11 is no usable repetition separator", cure, 0, element=11)
    segments = _segments(pieces, builder, body, odd=odd)
    last = last.strip(_BLANKS)
    if last and last.startswith("IEA" + header.delimiters.element) and not torn:
        segments.append(last.split(header.delimiters.element))
        builder.note(
            Severity.WARNING,
            "X12-UNTERMINATED",
            "the last segment has no terminator",
            "Have the sender end it.",
            len(segments),
        )
    elif last:
        builder.unterminated(last, len(segments) + 1)
    document.interchanges.append(builder.build(segments))
    return end, index + 1 + len(segments)


def _body(text: str, header: _Header) -> tuple[str, int, bool]:
    """Text from the first segment after ISA through IEA, where it ends, and whether another ISA cut it short."""
    terminator = header.delimiters.segment
    trailer = _segment_start(text, "IEA" + header.delimiters.element, header.end, len(text), terminator)
    limit = len(text) if trailer is None else trailer
    other = _segment_start(text, "ISA", header.end, limit, terminator)
    if other is not None:
        return text[header.end : other], other, True
    if trailer is None:
        return text[header.end :], len(text), True
    close = text.find(terminator, trailer)
    end = close + 1 if close >= 0 else len(text)
    following = _segment_start(text, "ISA", trailer, end, terminator)
    end = end if following is None else following
    return text[header.end : end], end, False


def _segment_start(text: str, name: str, at: int, limit: int, terminator: str) -> int | None:
    """Where a segment of this name begins: right after a terminator or a line break, blanks aside."""
    found = text.find(name, at, limit)
    while found >= 0:
        before = text[max(found - 40, 0) : found].rstrip(" \t")
        fresh = found == at or before[-1:] in {terminator, "\r", "\n"}
        if fresh and (name != "ISA" or _ISA.match(text, found)):
            return found
        found = text.find(name, found + 1, limit)
    return None


def _segments(pieces: list[str], builder: Builder, body: str, *, odd: bool) -> list[list[str]]:
    """Pieces as elements. Blanks around them go; empty ones and, where the file has any, odd characters are reported."""
    mark, terminator = builder.delimiters.element, builder.delimiters.segment
    if "\n" in body or "\r" in body or "\t" in body or body[:1] == " " or terminator + " " in body:
        stripped = [piece.strip("\r\n") for piece in pieces]
        pieces = [piece.lstrip(" \t\r\n") for piece in stripped]
        if pieces != stripped:
            builder.note(Severity.WARNING, "X12-INDENTED", "blanks before segments", "Have the sender write none.", 1)
    if "" in pieces:
        for number, piece in enumerate(pieces, 1):
            if not piece:
                builder.note(
                    Severity.WARNING,
                    "X12-EMPTY-SEGMENT",
                    "an empty segment: two terminators in a row",
                    "Have the sender drop it.",
                    number,
                )
        pieces = [piece for piece in pieces if piece]
    if odd:
        _odd_characters(pieces, builder, mark)
    return [piece.split(mark) for piece in pieces]


def _odd_characters(pieces: list[str], builder: Builder, mark: str) -> None:
    separators = str.maketrans("", "", "".join(builder.delimiters.all))
    for number, piece in enumerate(pieces, 1):
        rest = piece.translate(separators)
        if not rest.isascii() or _CONTROL.search(rest):
            builder.note(
                Severity.WARNING,
                "X12-CHARACTER",
                "a character outside the X12 character sets",
                "Have the sender write plain ASCII.",
                number,
                segment=piece.split(mark, 1)[0][:3],
            )


def _broken_isa(index: int) -> Finding:
    return _finding(
        Severity.ERROR,
        "X12-ISA",
        "an interchange header that cannot be read: not sixteen elements with four different delimiters",
        "Ask the sender for the whole file.",
        Place(segment_index=index, segment="ISA"),
        standard_code="022",
    )


def _finding(
    severity: Severity,
    code: str,
    message: str,
    cure: str,
    place: Place | None = None,
    value: str | None = None,
    standard_code: str | None = None,
) -> Finding:
    return Finding(
        severity=severity,
        code=code,
        message=message,
        cure=cure,
        place=place or Place(),
        standard_code=standard_code,
        value_class=None if value is None else class_of(value),
        value_length=None if value is None else len(value),
    )
