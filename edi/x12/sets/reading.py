"""What every set reader needs: dates, amounts and findings with the place of the segment at hand."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from edi.amounts import cents_from_text
from edi.findings import Finding, Severity, class_of
from edi.x12.syntax.document import TransactionSet

_LONGEST = 20
"""Sign, point and the eighteen digits of the longest number in our tables."""

cents = lru_cache(maxsize=65536)(cents_from_text)
"""Cents of an amount; ValueError if it is none."""


@lru_cache(maxsize=16384)
def day(text: str) -> date:
    """CCYYMMDD as a date; ValueError if it is none."""
    if len(text) != 8 or not text.isdigit() or not text.isascii():
        raise ValueError("not a date, CCYYMMDD")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def whole(text: str) -> int:
    """A whole number without sign; ValueError if it is none, or longer than a count, a position or a number ever is."""
    if not (text.isdecimal() and text.isascii()) or len(text) > _LONGEST:
        raise ValueError("not a whole number")
    return int(text)


def counted(text: str) -> int | None:
    """A whole number without sign, or None."""
    try:
        return whole(text)
    except ValueError:
        return None


@lru_cache(maxsize=16384)
def quantity(text: str) -> Decimal:
    """An X12 decimal number; ValueError if it is none."""
    if not text.isascii() or len(text) > _LONGEST or not text.lstrip("-").replace(".", "", 1).isdigit():
        raise ValueError("not a number as X12 writes it")
    try:
        return Decimal(text)
    except InvalidOperation as problem:
        raise ValueError("not a number as X12 writes it") from problem


def period(kind: str, text: str) -> tuple[date, date | None]:
    """First and last day of a DTP with qualifier D8 (no last day) or RD8; ValueError otherwise."""
    if kind == "D8":
        return day(text), None
    first, dash, last = text.partition("-")
    if kind != "RD8" or not dash:
        raise ValueError("neither a date nor a range of dates")
    return day(first), day(last)


def moment(day_text: str, time_text: str) -> datetime:
    """Date and time of day as a naive datetime, for X12 tells no zone; ValueError if they are none.

    The time is HHMM, HHMMSS, or HHMMSS with one or two digits of decimal seconds.
    """
    if not 4 <= len(time_text) <= 8 or len(time_text) == 5 or not time_text.isdigit() or not time_text.isascii():
        raise ValueError("not a time, HHMM, HHMMSS or HHMMSSDD")
    when = day(day_text)
    hour, minute, second = (int(time_text[at : at + 2] or 0) for at in (0, 2, 4))
    micros = int(time_text[6:].ljust(6, "0"))
    return datetime(when.year, when.month, when.day, hour, minute, second, micros)  # noqa: DTZ001 - X12 tells no zone


def element(segment: list[str], position: int) -> str:
    """The element at ``position``, blank where the segment ends before it."""
    return segment[position] if position < len(segment) else ""


def optional(segment: list[str], position: int) -> str | None:
    """The element at ``position``, None where blank or absent."""
    return (segment[position] if position < len(segment) else "") or None


def unreadable(
    ts: TransactionSet, number: int, code: str, message: str, *, position: int | None = None, value: str = ""
) -> Finding:
    """An error: something of segment ``number`` cannot be taken as a value."""
    return Finding(
        severity=Severity.ERROR,
        code=code,
        message=message,
        cure="Ask the sender for a correct set; this part is left out, not guessed.",
        place=ts.place(number, element=position),
        value_class=class_of(value) if value else None,
        value_length=len(value) if value else None,
    )


def unused(ts: TransactionSet, number: int, code: str) -> Finding:
    """An info: a segment that the typed value has no room for; it stays in the file."""
    return Finding(
        severity=Severity.INFO,
        code=code,
        message="the typed value has no place for this segment; it stays in the file",
        cure="Nothing to do.",
        place=ts.place(number),
    )
