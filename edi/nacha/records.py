"""The 94-column records as tables: name, first column, width and kind of every field.

First columns are written out as the rules print them and proven contiguous to column 94 when the module is imported.
A table reads a line into values and writes values into a line; it refuses what does not fit and never cuts.

Values by kind: NUMBER int; DIGITS, TEXT and PARTY str; DATE date or None; TIME time or None. CONST and BLANK have none.
"""

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

    Raises AssertionError at import where the fields leave a gap, overlap or do not end in column 94.
    """

    def __init__(self, name: str, *fields: Field) -> None:
        self.name, self.fields = name, fields
        self.by_name = {field.name: field for field in fields if field.name}
        column = 1
        for field in fields:
            assert field.start == column, f"{name}: {field.name} starts in {field.start}, not {column}"
            assert field.kind is not Kind.CONST or len(field.constant) == field.width, f"{name}: {field.name}"
            column += field.width
        assert column == RECORD_LENGTH + 1, f"{name} ends in column {column - 1}"
        self._readers = [(f, slice(f.start - 1, f.start - 1 + f.width), _READ[f.kind]) for f in fields]
        self._writers = [(f, _WRITE[f.kind]) for f in fields]

    def read(self, line: str) -> tuple[dict[str, Any], list[tuple[Field, str]]]:
        """Values by field name, and the fields whose columns do not fit with the reason; those have no value.

        `line` has 94 characters.
        """
        values: dict[str, Any] = {}
        misfits: list[tuple[Field, str]] = []
        for field, columns, reader in self._readers:
            try:
                values[field.name] = reader(field, line[columns])
            except Misfit as misfit:
                misfits.append((field, str(misfit)))
        return values, misfits

    def write(self, values: Mapping[str, Any]) -> str:
        """The line of 94 characters. Raises MisfitAt for the first value that does not fit."""
        parts: list[str] = []
        for field, writer in self._writers:
            value = values.get(field.name)
            try:
                parts.append(writer(field, value))
            except Misfit as misfit:
                raise MisfitAt(self, field, value, str(misfit)) from None
        return "".join(parts)


def _const(start: int, text: str, name: str = "record_type") -> Field:
    return Field(name, start, len(text), Kind.CONST, text)


def _blank(start: int, width: int) -> Field:
    return Field(f"reserved_{start}", start, width, Kind.BLANK)


def _number(name: str, start: int, width: int) -> Field:
    return Field(name, start, width, Kind.NUMBER)


def _id(name: str, start: int, width: int) -> Field:
    return Field(name, start, width, Kind.DIGITS)


def _text(name: str, start: int, width: int) -> Field:
    return Field(name, start, width, Kind.TEXT)


FILE_HEADER = Record(
    "file header",
    _const(1, "1"),
    _const(2, "01", "priority"),
    Field("destination", 4, 10, Kind.PARTY),
    Field("origin", 14, 10, Kind.PARTY),
    Field("created_date", 24, 6, Kind.DATE),
    Field("created_time", 30, 4, Kind.TIME),
    _text("modifier", 34, 1),
    _const(35, "094", "record_size"),
    _const(38, "10", "blocking_factor"),
    _const(40, "1", "format_code"),
    _text("destination_name", 41, 23),
    _text("origin_name", 64, 23),
    _text("reference", 87, 8),
)
BATCH_HEADER = Record(
    "batch header",
    _const(1, "5"),
    _number("service_class", 2, 3),
    _text("company_name", 5, 16),
    _text("company_data", 21, 20),
    _text("company_id", 41, 10),
    _text("sec", 51, 3),
    _text("description", 54, 10),
    _text("descriptive_date", 64, 6),
    Field("effective_date", 70, 6, Kind.DATE),
    _text("settlement_day", 76, 3),
    _text("originator_status", 79, 1),
    _id("odfi", 80, 8),
    _number("number", 88, 7),
)

_ENTRY_START = (_const(1, "6"), _number("transaction_code", 2, 2), _id("rdfi", 4, 9))
_ENTRY_MONEY = (_text("account", 13, 17), _number("amount_cents", 30, 10))
_ENTRY_END = (_number("addenda_indicator", 79, 1), _id("trace", 80, 15))
ENTRY = Record(
    "entry",
    *_ENTRY_START,
    *_ENTRY_MONEY,
    _text("individual_id", 40, 15),
    _text("name", 55, 22),
    _text("discretionary", 77, 2),
    *_ENTRY_END,
)
ENTRY_COUNTED = Record(
    "entry with addenda count",
    *_ENTRY_START,
    *_ENTRY_MONEY,
    _text("individual_id", 40, 15),
    _number("addenda_count", 55, 4),
    _text("name", 59, 16),
    _blank(75, 2),
    _text("discretionary", 77, 2),
    *_ENTRY_END,
)
ENTRY_SWAPPED = Record(
    "entry, name first",
    *_ENTRY_START,
    *_ENTRY_MONEY,
    _text("name", 40, 15),
    _text("individual_id", 55, 22),
    _text("discretionary", 77, 2),
    *_ENTRY_END,
)
ENTRY_INTERNATIONAL = Record(
    "international entry",
    *_ENTRY_START,
    _number("addenda_count", 13, 4),
    _blank(17, 13),
    _number("amount_cents", 30, 10),
    _text("account", 40, 35),
    _blank(75, 2),
    _text("discretionary", 77, 2),
    *_ENTRY_END,
)

ADDENDA_05 = Record(
    "payment addenda",
    _const(1, "705"),
    _text("text", 4, 80),
    _number("sequence", 84, 4),
    _number("entry_sequence", 88, 7),
)
ADDENDA_98 = Record(
    "notification of change",
    _const(1, "798"),
    _text("change_code", 4, 3),
    _text("original_trace", 7, 15),
    _blank(22, 6),
    _text("original_rdfi", 28, 8),
    _text("corrected", 36, 29),
    _text("refused_change_code", 65, 3),
    _text("refused_sequence", 68, 7),
    _blank(75, 5),
    _text("trace", 80, 15),
)
ADDENDA_99 = Record(
    "return",
    _const(1, "799"),
    _text("reason", 4, 3),
    _text("original_trace", 7, 15),
    Field("date_of_death", 22, 6, Kind.DATE),
    _text("original_rdfi", 28, 8),
    _text("information", 36, 44),
    _text("trace", 80, 15),
)
ADDENDA_OTHER = Record("addenda", _const(1, "7"), _text("type_code", 2, 2), _text("text", 4, 91))

BATCH_CONTROL = Record(
    "batch control",
    _const(1, "8"),
    _number("service_class", 2, 3),
    _number("entry_addenda_count", 5, 6),
    _number("entry_hash", 11, 10),
    _number("debit_cents", 21, 12),
    _number("credit_cents", 33, 12),
    _text("company_id", 45, 10),
    _text("mac", 55, 19),
    _blank(74, 6),
    _id("odfi", 80, 8),
    _number("number", 88, 7),
)
FILE_CONTROL = Record(
    "file control",
    _const(1, "9"),
    _number("batch_count", 2, 6),
    _number("block_count", 8, 6),
    _number("entry_addenda_count", 14, 8),
    _number("entry_hash", 22, 10),
    _number("debit_cents", 32, 12),
    _number("credit_cents", 44, 12),
    _blank(56, 39),
)
FILLER = "9" * RECORD_LENGTH
