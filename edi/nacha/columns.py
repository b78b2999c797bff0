"""What a table of 94 columns is made of: fields with kind, first column and width, and the record that reads and writes.

First columns are written out as the rules print them and proven contiguous to column 94 when a table is made.
A table reads a line into values and writes values into a line; it refuses what does not fit and never cuts.

Values by kind: NUMBER int; DIGITS, TEXT and PARTY str; DATE date or None; TIME time or None. CONST and BLANK have none.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

RECORD_LENGTH = 94
BLOCKING_FACTOR = 10


class Kind(StrEnum):
    """What a field holds and how it is filled."""

    CONST = "const"  # the same characters in every file
    BLANK = "blank"  # reserved: blanks
    NUMBER = "number"  # digits, right-aligned, zero-filled
    DIGITS = "digits"  # exactly as many digits as columns
    TEXT = "text"  # left-aligned, blank-filled
    PARTY = "party"  # file header's routing number after a blank, or an identification of ten characters
    DATE = "date"  # YYMMDD, or blank
    TIME = "time"  # HHMM, or blank


class Misfit(ValueError):
    """A value that a field cannot hold, or columns that a field cannot mean. The text never shows the value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `start` is its first column (1-based), `constant` the characters of a CONST."""

    name: str
    start: int
    width: int
    kind: Kind
    constant: str = ""

    @property
    def columns(self) -> tuple[int, int]:
        """First and last column, 1-based, inclusive."""
        return self.start, self.start + self.width - 1

    @property
    def pattern(self) -> str:
        """Regular expression of the field as the writers fill it, one group where it has a value."""
        if self.kind is Kind.CONST:
            return re.escape(self.constant)
        return _PATTERNS[self.kind].format(width=self.width)


_PATTERNS: Mapping[Kind, str] = {
    Kind.BLANK: " {{{width}}}",
    Kind.NUMBER: "([0-9]{{{width}}})",
    Kind.DIGITS: "([0-9]{{{width}}})",
    Kind.TEXT: "([ -~]{{{width}}})",
    Kind.PARTY: "([ -~][!-~][ -~]{{7}}[!-~])",
    Kind.DATE: "([0-9]{{6}}| {{6}})",
    Kind.TIME: "([0-9]{{4}}| {{4}})",
}


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _read_const(field: Field, text: str) -> None:
    if text != field.constant:
        raise Misfit(f"has to be '{field.constant}'")


def _read_blank(_field: Field, text: str) -> None:
    if text.strip(" "):
        raise Misfit("is reserved and has to be blank")


def _read_number(_field: Field, text: str) -> int:
    if not _digits(text):
        raise Misfit("has to be digits, zero-filled")
    return int(text)


def _read_digits(_field: Field, text: str) -> str:
    if not _digits(text):
        raise Misfit("has to be digits in every column")
    return text


def _read_text(_field: Field, text: str) -> str:
    return text.rstrip(" ")


def _read_party(_field: Field, text: str) -> str:
    return text.strip(" ")


def _read_date(_field: Field, text: str) -> date | None:
    if not text.strip(" "):
        return None
    if not _digits(text):
        raise Misfit("has to be a date YYMMDD")
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        raise Misfit("is no day of the calendar") from None


def _read_time(_field: Field, text: str) -> time | None:
    if not text.strip(" "):
        return None
    if not _digits(text):
        raise Misfit("has to be a time HHMM")
    try:
        return time(int(text[:2]), int(text[2:]))
    except ValueError:
        raise Misfit("is no time of day") from None


def _write_number(field: Field, value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Misfit("has to be a whole number")
    text = str(value)
    if value < 0 or len(text) > field.width:
        raise Misfit(f"has to lie between 0 and {field.width} digits")
    return text.rjust(field.width, "0")


def _write_digits(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) != field.width or not _digits(value):
        raise Misfit(f"has to be exactly {field.width} digits")
    return value


def _write_text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit("has to be text")
    if len(value) > field.width:
        raise Misfit(f"has at most {field.width} characters")
    if not (value.isascii() and value.isprintable()):
        raise Misfit("has only printable ASCII characters")
    return value.ljust(field.width)


def _write_party(field: Field, value: Any) -> str:
    text = _write_text(field, value).strip(" ")
    if len(text) not in {field.width - 1, field.width}:
        raise Misfit(f"has {field.width - 1} or {field.width} characters")
    return text.rjust(field.width)


def _write_date(_field: Field, value: Any) -> str:
    if value is None:
        return " " * 6
    if not isinstance(value, date) or not 2000 <= value.year <= 2099:
        raise Misfit("has to be a date of the years 2000 to 2099")
    return f"{value:%y%m%d}"


def _write_time(_field: Field, value: Any) -> str:
    if value is None:
        return " " * 4
    if not isinstance(value, time | datetime):
        raise Misfit("has to be a time of day")
    return f"{value:%H%M}"


_READ: Mapping[Kind, Callable[[Field, str], Any]] = {
    Kind.CONST: _read_const,
    Kind.BLANK: _read_blank,
    Kind.NUMBER: _read_number,
    Kind.DIGITS: _read_digits,
    Kind.TEXT: _read_text,
    Kind.PARTY: _read_party,
    Kind.DATE: _read_date,
    Kind.TIME: _read_time,
}
_WRITE: Mapping[Kind, Callable[[Field, Any], str]] = {
    Kind.CONST: lambda field, _value: field.constant,
    Kind.BLANK: lambda field, _value: " " * field.width,
    Kind.NUMBER: _write_number,
    Kind.DIGITS: _write_digits,
    Kind.TEXT: _write_text,
    Kind.PARTY: _write_party,
    Kind.DATE: _write_date,
    Kind.TIME: _write_time,
}


class MisfitAt(Misfit):
    """A misfit while writing, with the record and the field that refuses it."""

    def __init__(self, record: "Record", field: Field, value: object, reason: str) -> None:
        first, last = field.columns
        super().__init__(f"{record.name}, {field.name} (columns {first}-{last}) {reason}")
        self.record, self.field, self.reason = record, field, reason
        self.value_class, self.value_length = type(value).__name__, len(str(value))


class Record:
    """One record's table, with the readers and writers compiled from it.

    Raises AssertionError where the fields leave a gap, overlap or do not end in column 94.
    """

    def __init__(self, name: str, *fields: Field) -> None:
        self.name, self.fields = name, fields
        self.by_name = {field.name: field for field in fields}
        assert len(self.by_name) == len(fields), f"{name}: a field is named twice"
        column = 1
        for field in fields:
            assert field.start == column, f"{name}: {field.name} starts in {field.start}, not {column}"
            assert field.kind is not Kind.CONST or len(field.constant) == field.width, f"{name}: {field.name}"
            column += field.width
        assert column == RECORD_LENGTH + 1, f"{name} ends in column {column - 1}"
        self.valued = tuple(field for field in fields if field.kind not in {Kind.CONST, Kind.BLANK})
        self.pattern = "".join(field.pattern for field in fields)
        self._fullmatch = re.compile(self.pattern).fullmatch
        self._clean = [(field, _READ[field.kind]) for field in self.valued]
        self._readers = [(f, slice(f.start - 1, f.start - 1 + f.width), _READ[f.kind]) for f in fields]
        self._writers = [(f, _WRITE[f.kind]) for f in fields]

    def clean(self, line: str) -> dict[str, Any] | None:
        """Values by field name where every column is as a writer would set it, else None."""
        match = self._fullmatch(line)
        if match is None:
            return None
        texts = zip(self._clean, match.groups(), strict=True)
        try:
            return {field.name: reader(field, text) for (field, reader), text in texts}
        except Misfit:
            return None

    def read(self, line: str) -> tuple[dict[str, Any], list[tuple[Field, str]]]:
        """Values by field name, and the fields whose columns do not fit with the reason; those have no value.

        `line` has 94 characters.
        """
        values: dict[str, Any] = {}
        misfits: list[tuple[Field, str]] = []
        for field, columns, reader in self._readers:
            try:
                value = reader(field, line[columns])
            except Misfit as misfit:
                misfits.append((field, str(misfit)))
            else:
                if field.kind not in {Kind.CONST, Kind.BLANK}:
                    values[field.name] = value
        return values, misfits

    def unlike(self, line: str, values: Mapping[str, Any]) -> dict[str, str]:
        """The columns of `line`, by field name, which these values would not give back: what a writer has to be told."""
        told: dict[str, str] = {}
        for field, columns, _ in self._readers:
            try:
                same = _WRITE[field.kind](field, values.get(field.name)) == line[columns]
            except Misfit:
                same = False
            if not same:
                told[field.name] = line[columns]
        return told

    def write(self, values: Mapping[str, Any], unlike: Mapping[str, str] | None = None) -> str:
        """The line of 94 characters. Raises MisfitAt for the first value that does not fit.

        `unlike` has columns, as `unlike()` found them, that are set down as they were.
        """
        parts: list[str] = []
        for field, writer in self._writers:
            if unlike and field.name in unlike:
                parts.append(unlike[field.name])
                continue
            value = values.get(field.name)
            try:
                parts.append(writer(field, value))
            except Misfit as misfit:
                raise MisfitAt(self, field, value, str(misfit)) from None
        return "".join(parts)


def const(start: int, text: str, name: str = "record_type") -> Field:
    return Field(name, start, len(text), Kind.CONST, text)


def blank(start: int, width: int) -> Field:
    return Field(f"reserved_{start}", start, width, Kind.BLANK)


def number(name: str, start: int, width: int) -> Field:
    return Field(name, start, width, Kind.NUMBER)


def digits(name: str, start: int, width: int) -> Field:
    return Field(name, start, width, Kind.DIGITS)


def text(name: str, start: int, width: int) -> Field:
    return Field(name, start, width, Kind.TEXT)


def day(name: str, start: int) -> Field:
    return Field(name, start, 6, Kind.DATE)


def clock(name: str, start: int) -> Field:
    return Field(name, start, 4, Kind.TIME)


def party(name: str, start: int) -> Field:
    return Field(name, start, 10, Kind.PARTY)
