"""From bytes to records: lines, their continuations, and the fields in them with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from edi.bai2.records import CONTINUATION, Field, Kind
from edi.findings import Finding, Place, Severity, class_of

_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST = 18
"""Digits of an amount or a count; more is damage, and no database holds it."""
_MARKS = "\ufeff\x00\x1a"


def finding(
    code: str, message: str, cure: str, place: Place, value: str | None = None, *, error: bool = True
) -> Finding:
    """A finding; a value is told by class and length only."""
    return Finding(
        severity=Severity.ERROR if error else Severity.WARNING,
        code=code,
        message=message,
        cure=cure,
        place=place,
        value_class=None if value is None else class_of(value),
        value_length=None if value is None else len(value),
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """What one physical line adds to its record: its text after code and comma, and whether a slash ended it."""

    line: int
    body: str
    ended: bool


@dataclass(slots=True)
class Record:
    """A line and its continuations. `lines` counts all of them, as trailers do."""

    code: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.pieces[0].line

    @property
    def lines(self) -> int:
        return len(self.pieces)

    @property
    def ended(self) -> bool:
        return self.pieces[-1].ended

    @property
    def place(self) -> Place:
        return Place(line=self.line, segment=self.code)


def records(data: bytes) -> Iterator[Record]:
    """The records of a file in order; a line that begins with no code of two digits is a record of code ''."""
    open_record: Record | None = None
    for number, text in enumerate(_LINE_END.split(data.decode("latin-1").replace("\xef\xbb\xbf", "")), start=1):
        line = text.strip(_MARKS).rstrip()
        if not line:
            continue
        code = line[:2] if line[:2].isascii() and line[:2].isdigit() and line[2:3] in {",", "/", ""} else ""
        body = line[3:] if code else line
        ended = line.endswith("/")
        piece = Piece(number, body.removesuffix("/"), ended)
        if code == CONTINUATION and open_record is not None:
            open_record.pieces.append(piece)
            continue
        if open_record is not None:
            yield open_record
        open_record = Record(code, [piece])
    if open_record is not None:
        yield open_record


@dataclass(frozen=True, slots=True)
class Found:
    """One field's text and where it begins."""

    text: str
    line: int
    columns: tuple[int, int] | None


class Cursor:
    """Reads a record's fields one after the other, over the ends of its lines."""

    def __init__(self, record: Record) -> None:
        self._pieces = record.pieces
        self._code = record.code
        self._piece = 0
        self._at = 0
        self._last_line = record.line
        self.number = 0

    def next(self) -> Found | None:
        """The next field; None where there are no more."""
        if self._piece >= len(self._pieces):
            return None
        self.number += 1
        first = self._pieces[self._piece]
        self._last_line = first.line
        start = self._at
        text = ""
        while True:
            piece = self._pieces[self._piece]
            comma = piece.body.find(",", self._at)
            if comma >= 0:
                text += piece.body[self._at : comma]
                self._at = comma + 1
                break
            text += piece.body[self._at :]
            self._piece, self._at = self._piece + 1, 0
            if piece.ended or self._piece >= len(self._pieces):
                break
        width = max(len(text), 1)
        return Found(text.strip(), first.line, (start + 4, start + 3 + width))

    @property
    def done(self) -> bool:
        return self._piece >= len(self._pieces)

    def rest(self) -> str:
        """All that is left as free text, the lines apart by newlines; commas in it are its own."""
        if self.done:
            return ""
        pieces = self._pieces[self._piece :]
        texts = [pieces[0].body[self._at :], *(piece.body for piece in pieces[1:])]
        self._piece = len(self._pieces)
        return "\n".join(text for text in texts if text)

    def place(self, found: Found | None) -> Place:
        if found is None:
            return Place(line=self._last_line, segment=self._code, element=self.number + 1)
        return Place(line=found.line, segment=self._code, element=self.number, columns=found.columns)


def read_field(cursor: Cursor, of: Field, findings: list[Finding]) -> object:
    """The next field as its kind has it: text, date, int; None (or '') where blank, and where it cannot be read."""
    found = cursor.next()
    text = found.text if found else ""
    if not text:
        if of.required:
            findings.append(
                finding(
                    "BAI2-MISSING", f"{_called(of)} is missing", "ask the bank for the file anew", cursor.place(found)
                )
            )
        return "" if of.kind in {Kind.TEXT, Kind.TIME} else None
    if of.kind is Kind.TEXT:
        return text
    value = _PARSERS[of.kind](text)
    if value is None:
        what = {Kind.DATE: "no date", Kind.TIME: "no time of day"}.get(of.kind, "no whole number")
        findings.append(
            finding(
                "BAI2-VALUE", f"{_called(of)} is {what}", "ask the bank for the file anew", cursor.place(found), text
            )
        )
        return "" if of.kind is Kind.TIME else None
    return value


def _called(of: Field) -> str:
    return of.name.removesuffix("_cents").replace("_", " ")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST


def _count(text: str) -> int | None:
    return int(text) if _digits(text) else None


def _signed(text: str) -> int | None:
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    if not _digits(digits):
        return None
    return -int(digits) if sign == "-" else int(digits)


def _date(text: str) -> date | None:
    if not _digits(text) or len(text) not in {6, 8}:
        return None
    whole = text if len(text) == 8 else "20" + text
    try:
        return date(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    except ValueError:
        return None


def _time(text: str) -> str | None:
    if not _digits(text) or len(text) != 4:
        return None
    hours, minutes = int(text[:2]), int(text[2:])
    return text if text in {"2400", "9999"} or (hours < 24 and minutes < 60) else None


_PARSERS = {Kind.DATE: _date, Kind.TIME: _time, Kind.COUNT: _count, Kind.AMOUNT: _count, Kind.SIGNED: _signed}
