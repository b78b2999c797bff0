"""The tables agree with themselves and refuse what does not fit."""

from datetime import date

import pytest

from edi.nacha import records
from edi.nacha.columns import Field, Kind, MisfitAt, Record

TABLES = [table for table in vars(records).values() if isinstance(table, Record)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_covers_columns_1_to_94_and_names_each_field_once(table):
    assert sum(field.width for field in table.fields) == 94
    assert len({field.name for field in table.fields}) == len(table.fields)


def test_a_gap_is_seen_at_import():
    with pytest.raises(AssertionError, match="starts in 3, not 2"):
        Record("gap", Field("a", 1, 1, Kind.TEXT), Field("b", 3, 92, Kind.TEXT))


@pytest.mark.parametrize(
    ("name", "value", "columns"),
    [
        ("amount_cents", 10**10, (30, 39)),
        ("amount_cents", -1, (30, 39)),
        ("amount_cents", 1.5, (30, 39)),
        ("amount_cents", True, (30, 39)),
        ("amount_cents", None, (30, 39)),
        ("rdfi", "12104288", (4, 12)),
        ("rdfi", "1210428٣2", (4, 12)),
        ("account", "1" * 18, (13, 29)),
        ("name", "Zoë", (55, 76)),
        ("name", "A\tB", (55, 76)),
        ("name", None, (55, 76)),
        ("discretionary", "ABC", (77, 78)),
    ],
)
def test_what_does_not_fit_is_refused_with_its_columns_and_without_its_value(name, value, columns):
    good = {
        "transaction_code": 22, "rdfi": "121042882", "account": "1", "amount_cents": 1, "individual_id": "", "name": "X",
        "discretionary": "", "addenda_indicator": 0, "trace": "0" * 15,
    }  # fmt: skip
    assert len(records.ENTRY.write(good)) == 94
    with pytest.raises(MisfitAt, match=f"columns {columns[0]}-{columns[1]}") as caught:
        records.ENTRY.write(good | {name: value})
    assert caught.value.field.columns == columns
    assert str(value) not in str(caught.value) or len(str(value)) < 5


def test_dates_are_days_of_the_calendar():
    line = "5220" + "X" * 65 + "260230" + " " * 3 + "1" + "0" * 15
    values, misfits = records.BATCH_HEADER.read(line)
    assert "effective_date" not in values
    assert [(field.name, reason) for field, reason in misfits] == [("effective_date", "is no day of the calendar")]
    assert records.BATCH_HEADER.read(line.replace("260230", "280229"))[0]["effective_date"] == date(2028, 2, 29)
    assert records.BATCH_HEADER.read(line.replace("260230", "      "))[0]["effective_date"] is None
