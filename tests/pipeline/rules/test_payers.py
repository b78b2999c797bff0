"""The table of payers' rules: what it gives for whom and when, and that a wrong one is told by its cell."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.payer_rules import MileageRule, PayerRules
from pipeline.rules.payers import FILE, read

HERE = Path(__file__).parents[3]
HEADING = (
    "payer_id,filing_code,valid_from,valid_to,mileage,tenths_to_miles,origin_destination_required,"
    "certification_required,insurance_type_required,frequencies,filing_limit_days"
)
WITH_ASKING = f"{HEADING},ask_after_days,ask_again_days,ask_at_most"
ALL = "*,*,,,medicare,100,yes,no,no,1 7 8,"
DAY = date(2026, 9, 14)


@pytest.fixture
def book(tmp_path):
    def make(*rows, heading=HEADING):
        (tmp_path / FILE).write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
        return read(tmp_path)

    return make


def test_the_rules_that_come_along_know_medicare():
    come_along = read(None)
    assert come_along.of("30CI1", "CI", DAY) == PayerRules()
    medicare = come_along.of("10MB1", "MB", DAY)
    assert medicare.mileage is MileageRule.MEDICARE
    assert medicare.certification_required
    assert medicare.insurance_type_required
    assert medicare.frequencies == {"1"}
    assert medicare.filing_limit_days == 365
    assert not come_along.of("20MC1", "MC", DAY).certification_required


def test_the_most_special_row_decides_alone(book):
    rules = book(
        ALL,
        "*,MC,,,tenths,0,no,no,no,1,",
        "20MC1,*,,,whole,0,yes,yes,no,1,90",
        "20MC1,MB,,,medicare,50,yes,no,yes,1 7,",
    )
    assert rules.of("99", "CI", DAY) == PayerRules()
    assert rules.of("99", "MC", DAY).mileage is MileageRule.TENTHS
    assert rules.of("20MC1", "MC", DAY) == PayerRules(
        mileage=MileageRule.WHOLE,
        tenths_to_miles=Decimal(0),
        certification_required=True,
        frequencies=frozenset("1"),
        filing_limit_days=90,
    )
    assert rules.of("20MC1", "MB", DAY).tenths_to_miles == 50


def test_a_rule_holds_from_its_first_day_to_its_last(book):
    rules = book(ALL, "20MC1,*,2025-07-01,2025-12-31,tenths,0,yes,no,no,1,", "20MC1,*,2026-01-01,,whole,0,yes,no,no,1,")
    found = [
        rules.of("20MC1", "MC", date.fromisoformat(day)).mileage.value
        for day in ("2025-06-30", "2025-07-01", "2025-12-31", "2026-01-01", "2099-01-01")
    ]
    assert found == ["medicare", "tenths", "tenths", "whole", "whole"]


def test_what_holds_for_everybody_may_change_from_one_day_to_the_next(book):
    rules = book("*,*,,2025-12-31,tenths,0,yes,no,no,1,", "*,*,2026-01-01,,whole,0,yes,no,no,1,")
    assert rules.of("1", "CI", date(2025, 12, 31)).mileage is MileageRule.TENTHS
    assert rules.of("1", "CI", date(2026, 1, 1)).mileage is MileageRule.WHOLE


def test_the_page_shows_rows_that_can_be_read(book):
    page = (HERE / "docs" / "operations" / "payers-rules.md").read_text()
    shown = [line.strip() for line in page.splitlines() if line.startswith("    20MC1,")]
    assert len(shown) == 2
    rules = book(f"{ALL},,,", *shown, heading=WITH_ASKING)
    assert [rules.of("20MC1", "MC", day).mileage.value for day in (date(2025, 12, 31), DAY)] == ["tenths", "whole"]
    assert all(f"| `{column}` |" in page for column in WITH_ASKING.split(",")[4:])


def test_who_is_asked_and_how_often_is_a_rule_and_a_table_from_before_asks_nobody(book):
    rules = book(f"{ALL},,,", "20MC1,*,,,medicare,100,yes,no,no,1,,21,14,4", heading=WITH_ASKING)
    asked = rules.of("20MC1", "MC", DAY)
    assert (asked.ask_after_days, asked.ask_again_days, asked.ask_at_most) == (21, 14, 4)
    assert rules.of("99", "CI", DAY).ask_after_days is None
    assert rules.asks_after_days == 21
    assert book(ALL).asks_after_days is None
    assert read(None).asks_after_days is None
    with pytest.raises(ConfigurationError, match="row 2, ask_at_most"):
        book(f"{ALL},1,1,0", heading=WITH_ASKING)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "row 2, payer_id"),
        (["10MB1,*,,,medicare,100,yes,no,no,1,"], "row 2, payer_id"),
        (["*,*,2026-01-01,,medicare,100,yes,no,no,1,"], "row 2, valid_from"),
        (["*,*,,2026-01-01,medicare,100,yes,no,no,1,"], "row 2, valid_to"),
        (["*,*,,2025-12-31,tenths,0,yes,no,no,1,", "*,*,2026-01-02,,whole,0,yes,no,no,1,"], "row 3, valid_from"),
        ([ALL, ALL], "row 3, valid_from"),
        ([ALL, "1,*,,2026-01-01,tenths,0,yes,no,no,1,", "1,*,2026-01-01,,whole,0,yes,no,no,1,"], "row 4, valid_from"),
        ([ALL, "1,*,2026-02-01,2026-01-01,tenths,0,yes,no,no,1,"], "row 3, valid_to"),
        ([ALL, "", "1 2,*,,,medicare,100,yes,no,no,1,"], "row 4, payer_id"),
        ([ALL, "1,,,,medicare,100,yes,no,no,1,"], "row 3, filing_code"),
        ([ALL, "1,*,1/1/2026,,medicare,100,yes,no,no,1,"], "row 3, valid_from"),
        ([ALL, "1,*,,,round,100,yes,no,no,1,"], "row 3, mileage"),
        ([ALL, "1,*,,,medicare,many,yes,no,no,1,"], "row 3, tenths_to_miles"),
        ([ALL, "1,*,,,medicare,nan,yes,no,no,1,"], "row 3, tenths_to_miles"),
        ([ALL, "1,*,,,medicare,100,true,no,no,1,"], "row 3, origin_destination_required"),
        ([ALL, "1,*,,,medicare,100,yes,,no,1,"], "row 3, certification_required"),
        ([ALL, "1,*,,,medicare,100,yes,no,no,7 8,"], "row 3, frequencies"),
        ([ALL, "1,*,,,medicare,100,yes,no,no,1,-5"], "row 3, filing_limit_days"),
        ([ALL, "1,*,,,medicare,100,yes,no,no,1"], "row 3: 10 cells"),
    ],
)
def test_a_wrong_cell_is_told_with_file_row_column_and_cure(book, tmp_path, rows, told):
    with pytest.raises(ConfigurationError) as refusal:
        book(*rows)
    assert str(refusal.value).startswith(f"{tmp_path / FILE}, {told}")
    assert str(refusal.value).endswith(")")


def test_another_heading_is_no_table_of_rules(book):
    with pytest.raises(ConfigurationError, match="row 1: the heading"):
        book(ALL, heading=HEADING.replace("mileage", "miles"))


def test_an_empty_file_is_no_table_of_rules(tmp_path):
    (tmp_path / FILE).write_text("")
    with pytest.raises(ConfigurationError, match="row 1"):
        read(tmp_path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named_with_its_cure(tmp_path, content):
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ConfigurationError, match="CLAIMRAIL_RULES_FOLDER") as refusal:
        read(tmp_path)
    assert str(tmp_path / FILE) in str(refusal.value)


def test_a_byte_order_mark_is_no_part_of_the_heading(tmp_path):
    (tmp_path / FILE).write_text(f"{HEADING}\r\n{ALL}\r\n", encoding="utf-8-sig")
    assert read(tmp_path).of("1", "CI", DAY) == PayerRules()
