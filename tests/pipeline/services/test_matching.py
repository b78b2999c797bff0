"""Matching by hand: the money follows the person's word, and can be taken back; nothing is posted twice."""

import pytest

from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.services import matching, proof
from pipeline.store import ledger


@pytest.fixture
def claims(money, claim_document):
    return money.claims(2, claim_document)


@pytest.fixture
def stray(money, decide, claims):
    """A decision on the first claim under a number that nobody knows."""
    money.remit(decide(claims[0], 12_000, ("CO", "45", 2_000), ("PR", "2", 500), clm01="NOTOURS", payer_number="ICN9"))
    [row_id] = money.column("SELECT id FROM remittance_claim")
    return row_id


def balances(money, claim):
    with money.tx() as tx:
        found = ledger.claim_balances(tx, [claim.id]).get(claim.id, {})
    return {account: cents for account, cents in found.items() if cents}


def tie(money, row_id, claim, actor="bill"):
    return matching.match(money.ctx, money.org, actor, row_id, claim.clm01, "same member and day")


def test_a_decision_without_a_claim_is_posted_as_if_it_had_borne_the_number(money, decide, claims, stray):
    assert money.exceptions() == ["unmatched_claim"]
    told = tie(money, stray, claims[0])
    assert (told.clm01, told.changed) == (claims[0].clm01, True)
    assert balances(money, claims[0]) == {
        "revenue": -14_500, "unapplied_cash": 12_000, "adjustment_co": 2_000,
        "patient_cash": 3_000, "patient_credit": -2_500,
    }  # fmt: skip
    assert money.states("claim") == ["PAID", "SUBMITTED"]
    assert money.column("SELECT state FROM submission ORDER BY id") == ["ADJUDICATED", "IN_FILE"]
    assert money.column("SELECT matched_by FROM remittance_claim") == ["hand"]
    assert money.exceptions() == []
    with money.tx() as tx:
        accounts = ledger.trial_balance(tx)
    assert (accounts["eft_expected"], accounts["unapplied_cash"]) == (12_000, 0)
    assert money.proof().balanced
    assert money.column("SELECT action FROM audit WHERE actor = 'bill'") == ["matching.match"]


def test_said_twice_it_changes_nothing_and_another_claim_is_refused(money, claims, stray):
    tie(money, stray, claims[0])
    before = money.column("SELECT count(*) FROM entry")
    assert not tie(money, stray, claims[0]).changed
    with pytest.raises(Conflict, match="untie it first"):
        tie(money, stray, claims[1])
    assert money.column("SELECT count(*) FROM entry") == before


def test_it_can_be_taken_away_and_given_to_the_right_claim(money, claims, stray):
    tie(money, stray, claims[0])
    told = matching.unmatch(money.ctx, money.org, "bill", stray, "it was his brother's")
    assert told.changed
    assert balances(money, claims[0]) == {
        "receivable": 14_500, "revenue": -14_500, "patient_cash": 3_000, "patient_prepaid": -3_000,
    }  # fmt: skip
    assert money.states("claim") == ["REVERSED", "SUBMITTED"]
    assert money.column("SELECT next_step FROM claim ORDER BY id") == ["await_decision", None]
    assert money.exceptions() == ["unmatched_claim"]
    assert not matching.unmatch(money.ctx, money.org, "bill", stray, "again").changed
    tie(money, stray, claims[1])
    assert money.states("claim") == ["REVERSED", "PAID"]
    tie_back = money.column("SELECT action FROM match_action ORDER BY id")
    assert tie_back == ["match", "unmatch", "match"]
    assert money.proof().balanced


def test_what_the_flow_matched_can_be_taken_away_too(money, decide, claims):
    money.remit(decide(claims[0], 14_500))
    [row_id] = money.column("SELECT id FROM remittance_claim")
    matching.unmatch(money.ctx, money.org, "bill", row_id, "not hers")
    with money.tx() as tx:
        assert ledger.trial_balance(tx)["unapplied_cash"] == -14_500
    tie(money, row_id, claims[0])
    assert money.states("claim") == ["PAID", "SUBMITTED"]
    [told] = proof.proofs(money.ctx, money.org, "bill", "T1")
    assert told.agrees


def test_a_reversal_takes_back_what_a_person_had_tied(money, decide, claims, stray):
    tie(money, stray, claims[0])
    money.remit(
        decide(claims[0], -12_000, ("CO", "45", -2_000), ("PR", "2", -500), status="22", charge=-14_500),
        decide(claims[1], 14_500),
        trace="T2",
    )
    assert balances(money, claims[0])["receivable"] == 14_500
    assert money.proof().balanced
    with pytest.raises(Conflict, match="was reversed"):
        matching.unmatch(money.ctx, money.org, "bill", stray, "too late")


def test_what_cannot_be_done_is_said(money, decide, claims, stray):
    with pytest.raises(NotKnown, match="no decision 99"):
        matching.match(money.ctx, money.org, "bill", 99, claims[0].clm01, "x")
    with pytest.raises(NotKnown, match="no claim"):
        matching.match(money.ctx, money.org, "bill", stray, "NOBODY", "x")
    with pytest.raises(CallerError, match="say why"):
        matching.match(money.ctx, money.org, "bill", stray, claims[0].clm01, " ")
    money.remit(decide(claims[1], 0, ("OA", "101", 14_500), status="25", clm01="PRE", payer_number="ICN8"), trace="T2")
    [predetermined] = money.column("SELECT id FROM remittance_claim WHERE status = '25'")
    with pytest.raises(Conflict, match="decides nothing"):
        tie(money, predetermined, claims[1])


def test_reasons_are_sealed(money, claims, stray):
    tie(money, stray, claims[0])
    [sealed] = money.column("SELECT reason FROM match_action")
    assert b"same member" not in bytes(sealed)


def test_taken_away_from_its_claim_it_stops_a_refund_that_waits(money, decide, claim_document):
    from pipeline.stages.release import release

    [claim] = money.claims(1, claim_document, patient_paid_cents=60_000)
    money.remit(decide(claim, claim.charge_cents))
    money.deposit(claim.charge_cents)
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["WAITING"]
    [decided] = money.column("SELECT id FROM remittance_claim")
    matching.unmatch(money.ctx, money.org, "bill", decided, "another's")
    assert money.states("payment") == ["VOIDED"]
    assert money.proof().balanced
