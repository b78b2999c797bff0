"""The record types as tables: which fields each has before what repeats or runs free.

A record is a line of two digits and fields between commas; a slash ends it. Lines of code 88 go on where the line before
them stopped.
"""

from dataclasses import dataclass
from enum import StrEnum

CONTINUATION = "88"


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    DATE = "date"  # YYMMDD; some banks write the century
    TIME = "time"  # HHMM, 0000 to 2400, or 9999 for the end of the day
    COUNT = "count"  # digits
    AMOUNT = "amount"  # digits, cents
    SIGNED = "signed"  # cents with a sign


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind = Kind.TEXT
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`open_ended` records go on after their fields: statuses (03), availability and text (16)."""

    code: str
    title: str
    fields: tuple[Field, ...]
    open_ended: bool = False


FILE_HEADER = Table(
    "01",
    "file header",
    (
        Field("sender", required=True),
        Field("receiver", required=True),
        Field("created", Kind.DATE, required=True),
        Field("created_time", Kind.TIME),
        Field("file_id", required=True),
        Field("record_length", Kind.COUNT),
        Field("block_size", Kind.COUNT),
        Field("version", required=True),
    ),
)
GROUP_HEADER = Table(
    "02",
    "group header",
    (
        Field("receiver"),
        Field("originator", required=True),
        Field("status", required=True),
        Field("as_of", Kind.DATE, required=True),
        Field("as_of_time", Kind.TIME),
        Field("currency"),
        Field("modifier"),
    ),
)
ACCOUNT = Table("03", "account", (Field("number", required=True), Field("currency")), open_ended=True)
SUMMARY = (Field("type_code"), Field("amount_cents", Kind.SIGNED), Field("items", Kind.COUNT), Field("funds_type"))
TRANSACTION = Table(
    "16",
    "transaction",
    (Field("type_code", required=True), Field("amount_cents", Kind.AMOUNT), Field("funds_type")),
    open_ended=True,
)
REFERENCES = (Field("bank_reference"), Field("customer_reference"))
ACCOUNT_TRAILER = Table(
    "49",
    "account trailer",
    (Field("total_cents", Kind.SIGNED, required=True), Field("records", Kind.COUNT, required=True)),
)
GROUP_TRAILER = Table(
    "98",
    "group trailer",
    (
        Field("total_cents", Kind.SIGNED, required=True),
        Field("parts", Kind.COUNT, required=True),
        Field("records", Kind.COUNT, required=True),
    ),
)
FILE_TRAILER = Table(
    "99",
    "file trailer",
    (
        Field("total_cents", Kind.SIGNED, required=True),
        Field("parts", Kind.COUNT, required=True),
        Field("records", Kind.COUNT, required=True),
    ),
)
TABLES = {
    table.code: table
    for table in (FILE_HEADER, GROUP_HEADER, ACCOUNT, TRANSACTION, ACCOUNT_TRAILER, GROUP_TRAILER, FILE_TRAILER)
}
