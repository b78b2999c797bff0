"""The table of the rules of release: what comes along, and that a wrong one is told by its cell."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.release_rules import Facts, summary
from pipeline.rules.release import FILE, read

HEADING = "name,version,kind,valid_from,valid_to,when,answer,approvals,reason"
DAY = date(2026, 11, 20)
FACTS = Facts(
    kind="refund", amount_cents=50_000, limit_cents=50_000, payee_payments=0, payee_known_days=0, payee_age_days=0,
    details_age_days=0, details_changed=False, prenoted=False, name_held=False, payee_30d_cents=0, payee_30d_count=0,
    same_amount_30d=0, payee_returns=0, day_cents=0, money_is_in=True,
)  # fmt: skip


@pytest.fixture
def book(tmp_path):
    def make(*rows, heading=HEADING):
        (tmp_path / FILE).write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
        return read(tmp_path)

    return make


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "release"),
        ({"amount_cents": 50_001}, "approve 1"),
        ({"amount_cents": 1_000_001}, "approve 2"),
        ({"same_amount_30d": 5}, "hold"),
        ({"payee_30d_count": 10}, "hold"),
        ({"payee_returns": 1}, "hold"),
        ({"money_is_in": False}, "hold"),
        ({"kind": "disbursement", "money_is_in": False}, "release"),
        ({"name_held": True}, "hold"),
        ({"details_changed": True, "details_age_days": 29}, "approve 2"),
        ({"details_changed": True, "details_age_days": 30}, "release"),
        ({"details_changed": True, "kind": "prenote", "amount_cents": 0}, "release"),
        ({"amount_cents": 200_001}, "approve 2"),
        ({"amount_cents": 200_001, "payee_payments": 1}, "approve 1"),
        ({"kind": "vendor", "amount_cents": 1}, "approve 1"),
        ({"kind": "vendor", "payee_payments": 1, "payee_age_days": 29}, "approve 1"),
        ({"kind": "vendor", "payee_payments": 1, "payee_age_days": 30}, "release"),
        ({"kind": "vendor", "payee_payments": 1, "payee_age_days": 30, "same_amount_30d": 1}, "hold"),
        ({"kind": "payer_refund", "amount_cents": 1}, "approve 1"),
    ],
)
def test_the_rules_that_come_along(changes, answer):
    assert summary(read(None).ruled(replace(FACTS, **changes), DAY)) == answer


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["a,1,*,,,amount >,release,,x"], "row 2, when: Failed to parse"),
        (["a,1,*,,,amount > 1,release,,x"], "write CEL over kind, amount_cents"),
        (["a,0,*,,,true,release,,x"], "row 2, version: not a value"),
        (
            ["a,1,*,,,true,perhaps,,x"],
            "row 2, answer: not a value of this column (give release, approve, hold, refuse)",
        ),
        (["a,1,*,,,true,approve,6,x"], "row 2, approvals: not a value"),
        (["a,1,*,,,true,release,,"], "row 2, reason: not a value"),
        (["a,1,*,,,true,release,,x", "a,2,*,2026-01-01,,true,hold,,x"], "row 3, valid_from: two rows hold"),
        ([], "without a rule nothing could ever be paid"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(book, rows, told):
    with pytest.raises(ConfigurationError) as raised:
        book(*rows)
    assert told in str(raised.value)


def test_a_new_version_takes_over_on_its_day(book):
    rules = book(
        "a,1,*,,2026-11-19,true,release,,x",
        "a,2,*,2026-11-20,,true,hold,,x",
    )
    assert rules.ruled(FACTS, date(2026, 11, 19)).rules == ("a/1",)
    assert rules.ruled(FACTS, DAY).rules == ("a/2",)
