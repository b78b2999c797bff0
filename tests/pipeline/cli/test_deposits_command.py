"""`claimrail deposits`: both lists, and what a person says of them."""

import json

import pytest
from bank_files import ccd


@pytest.fixture
def waiting(money, decide, claim_document):
    claims = money.claims(2, claim_document)
    for number, claim in enumerate(claims, start=1):
        money.remit(decide(claim, 14_500), trace=f"T{number}")
    money.take_in(money.store("nacha:deposit", ccd((14_500, None, 1), (9_900, "T9", 2)), mailbox="bank"))


def test_both_lists_side_by_side(run, waiting):
    told = run("deposits", "list")
    assert told.exit_code == 0
    assert "2 deposits (244.00), 2 remittances (290.00)" in told.stdout
    assert "INVENTED PAYER" in told.stdout
    found = json.loads(run("deposits", "list", "--json").stdout)
    assert [one["alike"] for one in found["deposits"]] == [[1, 2], []]
    assert [one["deposit_due"] for one in found["remittances"]] == ["2026-11-27"] * 2


def test_match_part_settle_reopen_and_the_reasons(run, money, waiting):
    assert run("deposits", "match", "1", "2", "--reason", "the payer's letter", "--as", "bill").exit_code == 0
    assert money.states("deposit") == ["MATCHED", "WAITING"]
    assert run("deposits", "unmatch", "1", "--reason", "another letter", "--as", "bill").exit_code == 0
    assert run("deposits", "settle", "2", "--reason", "a grant", "--as", "bill").exit_code == 0
    assert money.states("deposit") == ["WAITING", "SETTLED"]
    assert run("deposits", "reopen", "2", "--reason", "no grant", "--as", "bill").exit_code == 0
    assert money.states("deposit") == ["WAITING", "WAITING"]
    shown = run("deposits", "show", "1").stdout
    assert "match: the payer's letter" in shown
    assert "unmatch: another letter" in shown
    assert json.loads(run("deposits", "show", "2", "--json").stdout)["deposit"]["state"] == "WAITING"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("match", "2", "1", "--reason", "x", "--as", "bill"), "only equal amounts are matched"),
        (("unmatch", "1", "--reason", "x", "--as", "bill"), "deposit 1 is matched with nothing"),
        (("settle", "9", "--reason", "x", "--as", "bill"), "there is no deposit 9"),
        (("reopen", "1", "--reason", " ", "--as", "bill"), "give a reason"),
    ],
)
def test_what_cannot_be_done_ends_in_one_line(run, waiting, arguments, told):
    result = run("deposits", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
