"""Array literals mean to Postgres what the values meant to us."""

import pytest

from pipeline.store.arrays import array


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ("bigint", [1, None, -(2**63), 2**63 - 1]),
        ("smallint", []),
        ("text", ["a", None, "", "NULL", 'quo"ted', "back\\slash", "{curly, comma}", " blanks ", "líne\nfeed"]),
        ("boolean", [True, None, False]),
        ("bytea", [b"\x00\xff", None]),
    ],
)
def test_what_goes_in_comes_out(money, type_, values):
    with money.tx() as tx:
        rows = tx.rows(f"SELECT v FROM unnest(CAST(:given AS {type_}[])) AS g(v)", given=array(type_, values))
    assert [row.v for row in rows] == values
