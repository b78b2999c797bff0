"""A line of the statement meets the one file that fits, or none."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.tying_out import Expected, Line, meet, overdue, remaining

WEDNESDAY = date(2026, 11, 25)
FRIDAY = date(2026, 11, 27)


def line(cents, reference="", day=WEDNESDAY, number=1):
    return Line(id=number, cents=cents, day=day, reference=reference)


def file(number, cents, *names, day=WEDNESDAY):
    return Expected(file_id=number, cents=cents, day=day, names=names)


def test_a_name_decides_where_sums_are_alike_and_a_wrong_sum_meets_nothing():
    both = [file(1, -500, "ACH_1.ach", "1999999999-2611251200-"), file(2, -500, "ACH_2.ach", "1999999999-2611251300-")]
    assert meet([line(-500, "1999999999-2611251300-A")], both) == {1: 2}
    assert meet([line(-500, "ach_1.ach")], both) == {1: 1}
    assert meet([line(-499, "ACH_1.ach")], both) == {}
    assert meet([line(-500, "ACH_1.ach"), line(-500, "B77", number=2)], both) == {1: 1, 2: 2}


def test_without_a_name_one_fits_or_none():
    assert meet([line(-500)], [file(1, -500)]) == {1: 1}
    assert meet([line(-500)], [file(1, -500), file(2, -500)]) == {}
    assert meet([line(-500), line(-500, number=2)], [file(1, -500)]) == {}
    late = date(2026, 12, 1)  # three banking days: Friday, Monday, Tuesday
    assert meet([line(-500, day=late)], [file(1, -500)]) == {1: 1}
    assert meet([line(-500, day=date(2026, 12, 2))], [file(1, -500)]) == {}
    assert meet([line(-500)], [file(1, -500, day=FRIDAY)]) == {}
    assert meet([line(-500)], [file(1, -500, day=FRIDAY)], before_days=1) == {1: 1}


def test_what_is_told_day_by_day_or_as_a_whole():
    days = [file(1, -500), file(1, -300, day=FRIDAY)]
    assert remaining(days, [-500]) == [days[1]]
    assert remaining(days, [-800]) == []
    assert remaining(days, [-801]) == days
    assert not overdue(WEDNESDAY, date(2026, 12, 1))
    assert overdue(WEDNESDAY, date(2026, 12, 2))


@given(
    st.lists(st.tuples(st.integers(-2, 2), st.sampled_from(["", "A", "B"])), max_size=5),
    st.lists(st.tuples(st.integers(-2, 2), st.sampled_from(["A", "B", "C"])), max_size=5),
    st.randoms(),
)
def test_no_order_changes_what_meets_and_no_file_is_met_twice(told, wanted, random):
    lines = [line(cents, reference, number=n) for n, (cents, reference) in enumerate(told)]
    files = [file(n, cents, name) for n, (cents, name) in enumerate(wanted)]
    met = meet(lines, files)
    assert len(set(met.values())) == len(met)
    random.shuffle(lines)
    random.shuffle(files)
    assert meet(lines, files) == met
