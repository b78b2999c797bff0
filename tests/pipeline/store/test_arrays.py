"""Array literals mean to Postgres what the values meant to us."""

from datetime import UTC, date, datetime

import pytest

from pipeline.store.arrays import array


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("bigint", [1, None, -(2**63), 2**63 - 1]),
        ("smallint", []),
        ("text", ["a", None, "", "NULL", 'quo"ted', "back\\slash", "{curly, comma}", " blanks ", "líne\nfeed"]),
        ("boolean", [True, None, False]),
        ("bytea", [b"\x00\xff", None, b""]),
        ("bytea", []),
        ("date", [date(2026, 2, 28), None, date(1, 1, 1)]),
        ("timestamptz", [datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC), None]),
    ],
)
def test_what_goes_in_comes_out(money, type_, values):
    with money.tx() as tx:
        rows = tx.rows(f"SELECT v FROM unnest(CAST(:given AS {type_}[])) AS g(v)", given=array(type_, values))
    assert [row.v for row in rows] == values


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("bigint", [3, None, 2**40]),
        ("text", ["a", None, "{}"]),
        ("text", []),
        ("bytea", [b"\x00", None]),
        ("boolean", [True, None, False]),
        ("date", [date(2026, 2, 28)]),
        ("timestamptz", [None, None]),
    ],
)
def test_a_plain_list_means_the_same(money, type_, values):
    with money.tx() as tx:
        rows = tx.rows(f"SELECT v FROM unnest(CAST(:given AS {type_}[])) AS g(v)", given=values)
    assert [row.v for row in rows] == values
