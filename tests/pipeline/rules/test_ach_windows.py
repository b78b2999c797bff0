"""The table of same-day windows: what comes along, and that a wrong one is told by its cell."""

from datetime import date

import pytest

from pipeline.domain.errors import ConfigurationError
from pipeline.rules.ach_windows import FILE, read

HEADING = "name,valid_from,valid_to,deadline,settlement,limit_cents"


def test_what_comes_along_are_the_windows_of_today_and_of_before():
    today = [row for row in read(None).rows if row.valid_from <= date(2026, 11, 20) <= row.valid_to]
    assert [f"{row.deadline:%H:%M} {row.settlement:%H:%M}" for row in today] == [
        "10:30 13:00", "14:45 17:00", "16:45 18:00",
    ]  # fmt: skip
    assert {row.limit_cents for row in today} == {100_000_000}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["a,,,10:30:00,13:00,1"], "row 2, deadline: not a value of this column (give a time of day as 16:45"),
        (["a,,,10:30,24:00,1"], "row 2, settlement: not a value"),
        (["a,,,10:30,10:30,1"], "row 2, settlement: not after the deadline"),
        (["a,,,10:30,13:00,1.00"], "row 2, limit_cents: not a value"),
        (["a,,,10:30,13:00,1", "a,2026-01-01,,10:30,13:00,2"], "row 3, valid_from: two rows hold"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, rows, told):
    (tmp_path / FILE).write_text("\n".join((HEADING, *rows)) + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        read(tmp_path)
    assert told in str(raised.value)
