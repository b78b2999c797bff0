"""Banking days of the Federal Reserve Banks, on which ACH entries settle.

Weekends and the System's holidays (its list K.8) are no banking days. A holiday on a Saturday leaves the Friday
before it open; one on a Sunday closes the Monday after it. The dates are local ones of the Reserve Banks (Eastern).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import financial_holidays

RESERVE_BANKS = ZoneInfo("America/New_York")
_DAY = timedelta(days=1)
_SATURDAY = 5


def day_of(moment: datetime) -> date:
    """The business day of a moment: the date at the Reserve Banks, by the clock that they keep that day.

    ValueError for a moment without a zone: nobody knows which day it is on.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone has no business day")
    return moment.astimezone(RESERVE_BANKS).date()


def written(moment: datetime) -> datetime:
    """A moment as files show it, without its zone: by the Reserve Banks' clock, so that its date is the business day."""
    return moment.astimezone(RESERVE_BANKS).replace(tzinfo=None)


def moment_of(day: date, at: time) -> datetime:
    """The moment (UTC) at which the Reserve Banks' clock shows this time of day.

    Their clock changes on Sundays, so that every time of a banking day is there once.
    """
    return datetime.combine(day, at, RESERVE_BANKS).astimezone(UTC)


@cache
def holidays_of(year: int) -> frozenset[date]:
    """The holidays of a year by the day on which the Reserve Banks keep them; some fall on a Saturday."""
    return frozenset(financial_holidays("XFED", years=year))


def is_banking_day(day: date) -> bool:
    """Whether the Reserve Banks settle on this day."""
    return day.weekday() < _SATURDAY and day not in holidays_of(day.year)


def next_banking_day(day: date, n: int = 1) -> date:
    """The n-th banking day after `day`, which itself never counts. Raises ValueError unless n is at least 1."""
    if n < 1:
        raise ValueError("n counts banking days after the day, from 1")
    for _ in range(n):
        day += _DAY
        while not is_banking_day(day):
            day += _DAY
    return day


def add_banking_days(day: date, n: int) -> date:
    """`day` moved by n banking days, backwards where n is negative.

    With n = 0 a banking day stays and any other day moves to the next banking day.
    """
    if n > 0:
        return next_banking_day(day, n)
    if n == 0:
        return day if is_banking_day(day) else next_banking_day(day)
    for _ in range(-n):
        day -= _DAY
        while not is_banking_day(day):
            day -= _DAY
    return day
