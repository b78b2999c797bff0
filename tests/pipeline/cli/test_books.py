"""The books at the terminal: proofs, balances, matching and writing off by people who may."""

import json

import pytest

from pipeline.stages.release import release


@pytest.fixture
def posted(money, decide, claim_document):
    claims = money.claims(2, claim_document)
    money.remit(
        decide(claims[0], 10_000, ("CO", "50", 4_500)),
        decide(claims[1], 9_000, ("CO", "45", 5_500), clm01="NOTOURS", payer_number="ICN9"),
    )
    return claims


def test_a_proof_agrees_and_says_so(run, posted, money):
    shown = run("proof", "T1")
    assert shown.exit_code == 0
    assert "BPR02 = sum of CLP04 - sum of PLB" in shown.output
    assert "All of it agrees" in shown.output
    told = json.loads(run("proof", "R1", "--json").output)
    assert [one["agrees"] for one in told] == [True]
    with money.tx() as tx:
        tx.run("UPDATE remittance SET claims_paid_cents = 1")
    wrong = run("proof", "T1")
    assert wrong.exit_code == 1
    assert "DOES NOT AGREE: paid on claims (CLP04)" in wrong.output
    assert run("proof", "T9").exit_code == 2


def test_balances_and_an_account_line_by_line(run, posted):
    shown = run("ledger")
    assert "eft expected" in shown.output
    assert shown.output.rstrip().endswith("sum 0.00")
    assert sum(json.loads(run("ledger", "--json").output).values()) == 0
    account = run("ledger", "eft_expected", "--claim", posted[0].clm01)
    assert "file I1, set 1, segment" in account.output
    assert account.output.rstrip().endswith("before 0.00, after 100.00")
    assert json.loads(run("ledger", "eft_expected", "--json").output)["closing_cents"] == 19_000
    assert run("ledger", "nothing").exit_code == 2


def test_a_decision_is_matched_and_taken_away_by_a_biller(run, posted, money):
    [row_id] = money.column("SELECT id FROM remittance_claim WHERE claim_id IS NULL")
    said = ("match", str(row_id), posted[1].clm01, "--reason", "same member")
    refused = run(*said, "--as", "ana")
    assert refused.exit_code == 2
    assert "matching.match" in refused.output
    assert f"is claim {posted[1].clm01}'s" in run(*said, "--as", "bill").output
    assert "already" in run(*said, "--as", "bill").output
    assert money.column("SELECT actor FROM match_action") == ["bill"]
    gone = run("unmatch", str(row_id), "--reason", "no", "--as", "bill")
    assert f"it was {posted[1].clm01}'s" in gone.output


def test_what_was_refused_is_given_up_and_taken_back(run, posted):
    shown = run("write-off", posted[0].clm01, "--reason", "too late", "--as", "bill", "--cents", "1500")
    assert "write-off 1: 15.00" in shown.output
    assert "30.00 of it still refused" in shown.output
    assert "is taken back" in run("write-off", "--undo", "1", "--reason", "no", "--as", "bill").output
    assert run("write-off", "--reason", "x", "--as", "bill").exit_code == 2
    assert run("write-off", posted[0].clm01, "--reason", "x", "--as", "ana").exit_code == 2


def test_without_a_remittance_the_proof_is_of_all_payments(run, money, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    money.remit(decide(claim, 14_500))
    money.deposit(14_500)
    release(money.ctx, money.org, money.org)
    shown = run("proof")
    assert (shown.exit_code, "All of it agrees" in shown.output) == (0, True)
    with money.tx() as tx:
        tx.run("UPDATE payment_entry SET amount_cents = 1")
    wrong = run("proof")
    assert wrong.exit_code == 1
    assert "DOES NOT FIT: payment 1 of 30.00: its entry has another amount" in wrong.output
    assert json.loads(run("proof", "--json").output)["agrees"] is False
