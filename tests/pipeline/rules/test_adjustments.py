"""The rules of adjustments: what ends what is owed, for whom and when; a wrong table is told by its cell."""

from datetime import date

import pytest

from pipeline.domain.adjustment_rules import Payer, Treatment, judged, kept_reasons
from pipeline.domain.errors import ConfigurationError
from pipeline.domain.remittance import Adjusted
from pipeline.rules.adjustments import FILE, read

HEADING = "payer_id,filing_code,group,reason,valid_from,valid_to,treatment"
DAY = date(2026, 9, 14)
PAYER = Payer("30CI1", "CI")


@pytest.fixture
def book(tmp_path):
    def make(*rows, heading=HEADING):
        (tmp_path / FILE).write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
        return read(tmp_path)

    return make


def test_the_rules_that_come_along_let_go_of_price_and_of_nothing_else():
    rules = read(None)
    assert rules.of("30CI1", "CI", "CO", "45", DAY) is Treatment.PRICE
    assert rules.of("30CI1", "CI", "OA", "23", DAY) is Treatment.EARLIER_PAYER
    for group, reason in (("CO", "16"), ("CO", "50"), ("PI", "45"), ("OA", "18")):
        assert rules.of("30CI1", "CI", group, reason, DAY) is Treatment.KEPT


def test_a_payers_own_rule_goes_first_and_each_has_its_time(book):
    rules = book(
        "*,*,CO,45,,,price",
        "*,CI,CO,45,,,kept",
        "30CI1,*,CO,45,2026-01-01,2026-06-30,price",
        "30CI1,*,CO,45,2026-07-01,,kept",
    )
    assert rules.of("99", "MB", "CO", "45", DAY) is Treatment.PRICE
    assert rules.of("99", "CI", "CO", "45", DAY) is Treatment.KEPT
    assert rules.of("30CI1", "CI", "CO", "45", date(2026, 6, 30)) is Treatment.PRICE
    assert rules.of("30CI1", "CI", "CO", "45", date(2026, 7, 1)) is Treatment.KEPT
    assert rules.of("30CI1", None, "CO", "45", date(2025, 1, 1)) is Treatment.PRICE


def test_a_folder_without_the_table_has_the_one_that_comes_along(tmp_path):
    assert read(tmp_path).rows == read(None).rows


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["*,*,PR,1,,,price"], "row 2, group: not a value of this column"),
        (["*,*,CO,45,,,gone"], "row 2, treatment: not a value of this column (give price, earlier_payer, kept)"),
        (["*,*,CO,,,,price"], "row 2, reason: not a value"),
        (["*,*,CO,45,2026-02-01,2026-01-01,price"], "row 2, valid_to: before valid_from"),
        (["*,*,CO,45,,,price", "*,*,CO,45,2026-01-01,,kept"], "row 3, valid_from: two rows hold"),
        (["*,*,CO,45,price"], "row 2: 5 cells, 7 are needed"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(book, rows, told):
    with pytest.raises(ConfigurationError) as raised:
        book(*rows)
    assert told in str(raised.value)


def test_a_decision_is_sorted_into_what_ends_what_is_the_patients_and_what_stays_owed():
    rows = [Adjusted("CO", "45", 2_000), Adjusted("CO", "16", 300), Adjusted("PR", "1", 500), Adjusted("OA", "23", 100)]
    first = judged(read(None), PAYER, DAY, 7_000, rows)
    assert (dict(first.settled_cents), first.patient_cents, first.kept_cents) == ({"CO": 2_000, "OA": 100}, 500, 300)
    assert first.charge_cents == 9_900
    # What earlier payers did is booked by their own decisions.
    later = judged(read(None), PAYER, DAY, 7_000, rows, later_payer=True)
    assert dict(later.settled_cents) == {"CO": 2_000}
    assert kept_reasons(read(None), PAYER, DAY, [*rows, *rows]) == ["CO-16"]
