"""The Reserve Banks' printed holidays, and counting over weekends and year ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.calendar import add_banking_days, day_of, holidays_of, is_banking_day, next_banking_day

PRINTED = {
    2026: "1-1 1-19 2-16 5-25 6-19 7-4 9-7 10-12 11-11 11-26 12-25",
    2027: "1-1 1-18 2-15 5-31 6-19 7-5 9-6 10-11 11-11 11-25 12-25",
    2028: "1-1 1-17 2-21 5-29 6-19 7-4 9-4 10-9 11-11 11-23 12-25",
}


@pytest.mark.parametrize("year", PRINTED)
def test_the_holidays_are_those_printed(year):
    days = {date(year, *map(int, text.split("-"))) for text in PRINTED[year].split()}
    assert holidays_of(year) == days
    closed = {day for day in (date(year, 1, 1) + timedelta(n) for n in range(365)) if not is_banking_day(day)}
    assert {day for day in closed if day.weekday() < 5} == {day for day in days if day.weekday() < 5}


@pytest.mark.parametrize("friday", ["2026-07-03", "2027-06-18", "2027-12-24", "2027-12-31", "2028-11-10"])
def test_a_saturday_holiday_leaves_friday_and_monday_open(friday):
    day = date.fromisoformat(friday)
    assert is_banking_day(day)
    assert next_banking_day(day) == day + timedelta(3)


def test_a_sunday_holiday_closes_monday():
    assert not is_banking_day(date(2027, 7, 5))
    assert next_banking_day(date(2027, 7, 2)) == date(2027, 7, 6)
    assert next_banking_day(date(2029, 11, 9)) == date(2029, 11, 13)


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-25", 1, "2026-11-27"),
        ("2026-11-25", 2, "2026-11-30"),
        ("2026-12-24", 1, "2026-12-28"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2028-12-29", 1, "2029-01-02"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", -1, "2026-11-20"),
        ("2027-01-04", -1, "2026-12-31"),
        ("2026-11-21", -1, "2026-11-20"),
    ],
)
def test_banking_days_are_counted(day, n, then):
    assert add_banking_days(date.fromisoformat(day), n) == date.fromisoformat(then)


@given(st.dates(date(2021, 1, 1), date(2040, 12, 31)), st.integers(1, 30))
def test_counting_forth_and_back_meets(day, n):
    there = next_banking_day(day, n)
    assert is_banking_day(there)
    assert add_banking_days(there, -n) == (day if is_banking_day(day) else add_banking_days(day, -1))
    assert add_banking_days(next_banking_day(day), n - 1) == there


def test_the_day_itself_is_not_counted_backwards_by_mistake():
    with pytest.raises(ValueError, match="from 1"):
        next_banking_day(date(2026, 1, 2), 0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-20T04:59:59", "2026-11-19"),  # five hours behind in winter
        ("2026-11-20T05:00:00", "2026-11-20"),
        ("2026-07-20T03:59:59", "2026-07-19"),  # four in summer
        ("2026-07-20T04:00:00", "2026-07-20"),
        ("2026-03-08T06:59:59", "2026-03-08"),  # the night of the lost hour
        ("2026-03-09T03:59:59", "2026-03-08"),
        ("2026-11-01T05:30:00", "2026-11-01"),  # the night of the hour that comes twice
        ("2026-11-02T04:59:59", "2026-11-01"),
        ("2027-01-01T04:00:00", "2026-12-31"),
    ],
)
def test_a_moments_business_day_is_that_of_the_reserve_banks(moment, day):
    assert day_of(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == date.fromisoformat(day)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)), st.integers(1, 86_400))  # noqa: DTZ001
def test_business_days_never_run_backwards(moment, seconds):
    earlier = moment.replace(tzinfo=UTC)
    assert day_of(earlier) <= day_of(earlier + timedelta(seconds=seconds))
    assert day_of(earlier + timedelta(days=1)) - day_of(earlier) in {timedelta(0), timedelta(1), timedelta(2)}


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="without a zone"):
        day_of(datetime(2026, 11, 20, 12))  # noqa: DTZ001
