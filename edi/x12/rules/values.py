"""Texts of elements as values, remembered; None where they are none, for that is the structure's complaint."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from edi.x12.sets import reading
from edi.x12.tree import Item

whole = reading.counted


@lru_cache(maxsize=16384)
def cents(text: str) -> int | None:
    """An amount in cents."""
    try:
        return reading.cents(text)
    except ValueError:
        return None


@lru_cache(maxsize=16384)
def quantity(text: str) -> Decimal | None:
    """A decimal number."""
    try:
        return reading.quantity(text)
    except ValueError:
        return None


@lru_cache(maxsize=16384)
def days(kind: str, text: str) -> tuple[date, date] | None:
    """First and last day of a D8 or RD8 date; None for one that the calendar does not have too."""
    try:
        first, last = reading.period(kind, text)
    except ValueError:
        return None
    return first, last or first


def day(text: str) -> date | None:
    """A day, CCYYMMDD."""
    given = days("D8", text)
    return given[0] if given else None


def period(item: Item | None) -> tuple[date, date] | None:
    """First and last day of a DTP."""
    return None if item is None else days(item[2], item[3])
