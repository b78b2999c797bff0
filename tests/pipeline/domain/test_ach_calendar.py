"""When files are made and which day their entries bear: cut-offs to the second, windows, holidays, the turn of the clock."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.domain.ach_calendar import STILL_TAKEN, BankHours, Window, WindowBook
from pipeline.domain.calendar import RESERVE_BANKS, add_banking_days, day_of, is_banking_day, next_banking_day
from pipeline.rules import ach_windows

BOOK = ach_windows.read(None)
LEAD = timedelta(minutes=30)
TWICE = BankHours(windows=BOOK, cutoffs=(time(10, 0), time(16, 30)), lead=LEAD)
QUICK = BankHours(windows=BOOK, settlement_days=0, same_day=True, lead=LEAD)
MILLION = 100_000_000


def at(told):
    """A moment as the Reserve Banks' clock shows it."""
    return datetime.fromisoformat(told).replace(tzinfo=RESERVE_BANKS)


@pytest.mark.parametrize(
    ("now", "passed", "coming"),
    [
        ("2026-12-01T16:29:59", "2026-12-01T10:00", "2026-12-01T16:30"),
        ("2026-12-01T16:30:00", "2026-12-01T16:30", "2026-12-02T10:00"),  # approved exactly then: the next one
        ("2026-12-01T16:30:01", "2026-12-01T16:30", "2026-12-02T10:00"),
        ("2026-12-02T09:59:59", "2026-12-01T16:30", "2026-12-02T10:00"),
        ("2026-12-04T17:00", "2026-12-04T16:30", "2026-12-07T10:00"),  # Friday
        ("2026-12-05T12:00", "2026-12-04T16:30", "2026-12-07T10:00"),
        ("2026-07-03T12:00", "2026-07-03T10:00", "2026-07-03T16:30"),  # the 4th is a Saturday: Friday is open
        ("2027-07-05T12:00", "2027-07-02T16:30", "2027-07-06T10:00"),  # the 4th is a Sunday: Monday is closed
        ("2026-11-26T12:00", "2026-11-25T16:30", "2026-11-27T10:00"),  # Thanksgiving
        ("2026-12-31T18:00", "2026-12-31T16:30", "2027-01-04T10:00"),
        ("2027-01-01T08:00", "2026-12-31T16:30", "2027-01-04T10:00"),
        ("2026-03-09T16:29:59", "2026-03-09T10:00", "2026-03-09T16:30"),  # the Monday after the lost hour
        ("2026-03-07T12:00", "2026-03-06T16:30", "2026-03-09T10:00"),
        ("2026-11-02T09:59:59", "2026-10-30T16:30", "2026-11-02T10:00"),  # after the hour that came twice
        ("2028-02-29T10:00", "2028-02-29T10:00", "2028-02-29T16:30"),
    ],
)
def test_cutoffs_are_those_of_banking_days_on_the_reserve_banks_clock(now, passed, coming):
    assert TWICE.passed(at(now)) == at(passed)
    assert TWICE.coming(at(now)) == at(coming)


def test_the_same_time_of_day_is_another_hour_of_the_world_after_each_turn():
    winter, summer = at("2026-03-06T16:30"), at("2026-03-09T16:30")
    assert (TWICE.passed(winter).hour, TWICE.passed(summer).hour) == (21, 20)
    assert TWICE.coming(winter) - TWICE.passed(winter) == timedelta(hours=17.5 + 48 - 1)
    assert TWICE.coming(at("2026-10-30T16:30")) - TWICE.passed(at("2026-10-30T16:30")) == timedelta(hours=17.5 + 48 + 1)


def test_a_bank_without_cutoffs_has_none():
    none = BankHours(windows=BOOK)
    assert (none.passed(at("2026-12-01T12:00")), none.coming(at("2026-12-01T12:00"))) == (None, None)
    assert none.bank_day(at("2026-12-01T23:59:59")) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("now", "days", "then"),
    [
        ("2026-12-01T16:30:00", 1, "2026-12-02"),
        ("2026-12-01T17:30:00", 1, "2026-12-02"),  # an hour after the last cut-off it is still taken
        ("2026-12-01T17:30:01", 1, "2026-12-03"),
        ("2026-12-04T16:30", 1, "2026-12-07"),
        ("2026-12-04T16:30", 2, "2026-12-08"),
        ("2026-12-05T09:00", 1, "2026-12-08"),  # Saturday: counts from Monday
        ("2026-12-24T16:30", 1, "2026-12-28"),
        ("2026-12-31T16:30", 1, "2027-01-04"),
        ("2027-12-31T16:30", 1, "2028-01-03"),  # 1 January 2028 is a Saturday
        ("2028-02-28T16:30", 1, "2028-02-29"),
        ("2027-02-26T16:30", 1, "2027-03-01"),
        ("2026-07-02T16:30", 1, "2026-07-03"),
        ("2026-03-06T16:30", 1, "2026-03-09"),
        ("2026-10-30T16:30", 1, "2026-11-02"),
    ],
)
def test_entries_bear_a_day_that_the_bank_can_keep(now, days, then):
    hours = BankHours(windows=BOOK, cutoffs=TWICE.cutoffs, settlement_days=days)
    assert hours.effective_date(at(now), 100) == date.fromisoformat(then)
    assert hours.effective_date(at(now), 100, debit=True) <= next_banking_day(hours.bank_day(at(now)))


HOLIDAYS = """
    2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
    2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25
    2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-23 2028-12-25
    2029-01-01 2029-01-15 2029-02-19 2029-05-28 2029-06-19 2029-07-04 2029-09-03 2029-10-08 2029-11-12 2029-11-22 2029-12-25
    2030-01-01 2030-01-21 2030-02-18 2030-05-27 2030-06-19 2030-07-04 2030-09-02 2030-10-14 2030-11-11 2030-11-28 2030-12-25
"""
"""Those on which the Reserve Banks are closed from Monday to Friday."""


def test_nothing_settles_and_nothing_is_made_on_a_holiday():
    closed = {date.fromisoformat(one) for one in HOLIDAYS.split()}
    days = [date(2026, 1, 1) + timedelta(n) for n in range((date(2031, 1, 1) - date(2026, 1, 1)).days)]
    assert {day for day in days if day.weekday() < 5 and not is_banking_day(day)} == closed
    for day in closed:
        noon = at(f"{day}T12:00")
        assert day_of(TWICE.passed(noon)) < day < day_of(TWICE.coming(noon))
        assert TWICE.effective_date(at(f"{add_banking_days(day, -1)}T16:30"), 100) == next_banking_day(day)
        assert QUICK.effective_date(noon, 100) == next_banking_day(day)


@pytest.mark.parametrize("friday", ["2026-07-03", "2027-06-18", "2027-12-24", "2027-12-31", "2028-11-10"])
def test_the_friday_before_a_saturday_holiday_is_a_day_like_any_other(friday):
    day = date.fromisoformat(friday)
    assert TWICE.passed(at(f"{friday}T16:30")) == at(f"{friday}T16:30")
    assert QUICK.effective_date(at(f"{friday}T12:00"), 100) == day


@pytest.mark.parametrize(
    ("now", "cents", "then"),
    [
        ("2026-12-01T09:59:59", MILLION, "2026-12-01"),
        ("2026-12-01T09:59:59", MILLION + 1, "2026-12-02"),  # above the limit
        ("2026-12-01T16:14:59", 100, "2026-12-01"),
        ("2026-12-01T16:15:00", 100, "2026-12-02"),  # half an hour before the last window
        ("2026-12-05T12:00", 100, "2026-12-07"),  # Saturday: Monday's windows
        ("2022-03-17T12:00", 10_000_001, "2022-03-18"),
        ("2022-03-18T12:00", 10_000_001, "2022-03-18"),
        ("2020-03-19T12:00", 2_500_001, "2020-03-20"),
        ("2021-03-18T15:00", 100, "2021-03-19"),  # there were two windows until then
        ("2021-03-19T15:00", 100, "2021-03-19"),
        ("2016-09-22T12:00", 100, "2016-09-23"),  # there was no such thing
    ],
)
def test_same_day_is_kept_to_its_windows_and_its_limit(now, cents, then):
    assert QUICK.effective_date(at(now), cents) == date.fromisoformat(then)
    wished = BankHours(windows=BOOK, settlement_days=2, same_day=True, lead=LEAD)
    assert wished.effective_date(at(now), cents, same_day=True) == date.fromisoformat(then)
    assert wished.effective_date(at(now), cents) == next_banking_day(wished.bank_day(at(now)), 2)


def test_same_day_is_nothing_for_a_bank_that_has_it_not_nor_for_international_entries():
    noon = at("2026-12-01T12:00")
    slow = BankHours(windows=BOOK, settlement_days=0)
    assert slow.effective_date(noon, 100, same_day=True) == date(2026, 12, 2)
    assert QUICK.effective_date(noon, 100, "IAT") == date(2026, 12, 2)
    assert QUICK.effective_date(noon, 100, debit=True) == date(2026, 12, 1)


_TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
_HOURS = st.builds(
    BankHours,
    windows=st.just(WindowBook([Window(name="w", deadline=time(14, 45), settlement=time(17), limit_cents=MILLION)])),
    cutoffs=st.lists(_TIMES, max_size=4, unique=True).map(tuple),
    settlement_days=st.integers(0, 2),
    same_day=st.booleans(),
    lead=st.integers(0, 120).map(lambda minutes: timedelta(minutes=minutes)),
)
_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(RESERVE_BANKS))  # noqa: DTZ001


@given(_HOURS, _MOMENTS, st.integers(1, 2 * MILLION), st.booleans(), st.booleans())
@example(QUICK, at("2026-11-01T01:30"), 1, False, False)
def test_days_are_banking_days_and_never_too_far(hours, now, cents, debit, wish):
    taken, bears = hours.bank_day(now), hours.effective_date(now, cents, debit=debit, same_day=wish)
    assert is_banking_day(taken)
    assert is_banking_day(bears)
    assert day_of(now) <= taken <= bears <= next_banking_day(taken, 1 if debit else 2)
    assert hours.earliest(now, cents, "PPD") <= bears  # a file that is sent as soon as it is made stands
    assert bears > taken or (hours.same_day and cents <= MILLION and (wish or not hours.settlement_days))


@given(_HOURS.filter(lambda one: one.cutoffs), _MOMENTS, st.integers(0, 10 * 86_400))
def test_every_moment_lies_between_two_cutoffs_and_none_is_passed_over(hours, now, later_s):
    passed, coming = hours.passed(now), hours.coming(now)
    assert passed <= now < coming
    assert hours.passed(coming) == coming
    assert hours.coming(passed) == coming
    for one in (passed, coming):
        local = one.astimezone(RESERVE_BANKS)
        assert is_banking_day(local.date())
        assert local.time() in hours.cutoffs
    later = now + timedelta(seconds=later_s)
    assert (hours.passed(later) > now) == (later >= coming)  # due exactly from its cut-off on


@given(_HOURS, _MOMENTS, st.integers(1, MILLION))
def test_days_never_run_backwards(hours, now, cents):
    assert hours.earliest(now, cents, "PPD") <= hours.earliest(now + STILL_TAKEN, cents, "PPD")
