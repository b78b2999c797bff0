"""Remittances meet claims and deposits; the books stay whole whatever the payer says."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.services import setup
from pipeline.stages.ingest import ingest
from pipeline.stages.match import match
from pipeline.store import ledger, remittances


@pytest.fixture
def claims(money, claim_document):
    """Three office visits of 145.00, 30.00 of which the patient has paid each."""
    return money.claims(3, claim_document)


def balances(money, claim):
    with money.tx() as tx:
        found = ledger.claim_balances(tx, [claim.id]).get(claim.id, {})
    return {account: cents for account, cents in found.items() if cents}


def test_paid_partly_paid_and_denied_post_and_move(money, decide, claims):
    paid, partly, denied = claims
    money.remit(
        decide(paid, 12_000, ("CO", "45", 2_000), ("PR", "2", 500)),
        decide(partly, 10_000, ("CO", "50", 4_500)),
        decide(denied, 0, ("PR", "29", 14_500)),
    )
    assert money.states("claim") == ["PAID", "PARTLY_PAID", "DENIED"]
    assert money.states("submission") == ["ADJUDICATED"] * 3
    assert money.column("SELECT DISTINCT payer_control_number FROM submission") == ["ICN1"]
    assert money.states("remittance") == ["POSTED"]
    assert balances(money, paid) == {
        "revenue": -14_500, "eft_expected": 12_000, "adjustment_co": 2_000,
        "patient_cash": 3_000, "patient_credit": -2_500,
    }  # fmt: skip
    assert balances(money, denied) == {"revenue": -14_500, "patient_cash": 3_000, "patient_due": 11_500}
    proof = money.proof()
    assert proof.balanced
    assert (proof.eft_expected_cents, proof.remitted_cents, proof.deposited_cents) == (22_000, 22_000, 0)
    assert balances(money, partly)["receivable_denied"] == 4_500
    assert money.exceptions() == ["denied"]
    assert money.column("SELECT reason FROM work_exception") == ["refused: CO-50; next: appeal, refund patient"]
    assert money.column("SELECT next_step FROM claim ORDER BY id") == ["refund_patient", "appeal", "bill_patient"]


def test_twice_and_at_once_posts_once(money, decide, claims):
    file_id = money.store("x12:835", money.era(*(decide(c, 14_500) for c in claims)))
    ingest(money.ctx, money.org, file_id)
    threads = [threading.Thread(target=match, args=(money.ctx, money.org, file_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    match(money.ctx, money.org, file_id)
    assert money.column("SELECT count(*) FROM journal WHERE source_kind = 'remittance_claim'") == [3]
    assert money.column("SELECT count(*) FROM history WHERE event = 'paid'") == [3]
    assert money.column("SELECT count(*) FROM due_work WHERE stage = 'match'") == [0]


@pytest.mark.parametrize("deposit_first", [True, False])
def test_deposit_and_remittance_meet_whichever_comes_first(money, decide, claims, deposit_first):
    if deposit_first:
        money.deposit(14_500)
    money.remit(decide(claims[0], 14_500))
    if not deposit_first:
        assert money.column("SELECT count(*) FROM due_work WHERE stage = 'release'") == [0]
        money.deposit(14_500)
    assert money.states("remittance") == ["MATCHED"]
    assert money.states("deposit") == ["MATCHED"]
    assert money.column("SELECT remittance_id FROM deposit") == money.column("SELECT id FROM remittance")
    assert money.column("SELECT count(*) FROM due_work WHERE stage = 'release'") == [1]
    proof = money.proof()
    assert proof.balanced
    assert (proof.accounts["bank"], proof.eft_expected_cents) == (14_500, 0)


def test_deposits_and_remittances_that_come_at_once_all_meet(money, decide, claim_document):
    claims = money.claims(6, claim_document)
    arrived = [money.store("x12:835", money.era(decide(c, 14_500), trace=f"T{n}")) for n, c in enumerate(claims)]
    arrived += [
        money.store("nacha:deposit", money.deposit_file(14_500, trace=f"T{n}"), mailbox="bank") for n in range(6)
    ]
    threads = [threading.Thread(target=money.take_in, args=(file_id,)) for file_id in arrived]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(money.states("remittance")) == {"MATCHED"}
    assert set(money.states("deposit")) == {"MATCHED"}
    assert money.proof().eft_expected_cents == 0


def test_a_deposit_of_another_amount_or_for_the_second_time_is_not_married(money, decide, claims):
    money.remit(decide(claims[0], 14_500))
    money.deposit(14_000)
    assert money.states("remittance") == ["POSTED"]
    money.deposit(14_500)
    money.deposit(14_500)
    assert money.states("remittance") == ["MATCHED"]
    assert money.states("deposit") == ["WAITING", "MATCHED", "WAITING"]
    assert money.exceptions() == ["deposit_amount_differs", "duplicate_deposit"]


def test_a_remittance_of_zero_waits_for_no_deposit(money, decide, claims):
    money.remit(decide(claims[0], 0, ("CO", "50", 14_500)))
    assert money.states("remittance") == ["MATCHED"]


def test_a_claim_found_by_the_payers_number_alone(money, decide, claims):
    with money.tx() as tx:
        tx.run("UPDATE submission SET payer_control_number = 'ICN' || claim_id")
    money.remit(decide(claims[1], 14_500, clm01="MANGLED", payer_number=f"ICN{claims[1].id}"))
    assert money.states("claim") == ["SUBMITTED", "PAID", "SUBMITTED"]
    assert money.exceptions() == []


def test_money_of_an_unknown_claim_is_kept_apart_and_shown(money, decide, claims):
    money.remit(decide(claims[0], 14_500, clm01="NOTOURS"), decide(claims[1], 14_500))
    assert money.states("claim") == ["SUBMITTED", "PAID", "SUBMITTED"]
    assert money.exceptions() == ["unmatched_claim"]
    proof = money.proof()
    assert proof.balanced
    assert proof.accounts["unapplied_cash"] == -14_500
    assert money.column("SELECT money_cents FROM work_exception") == [14_500]


@pytest.mark.parametrize("correction_first", [False, True])
def test_reversal_and_correction_in_one_set(money, decide, claims, correction_first):
    claim = claims[0]
    first = decide(claim, 12_000, ("CO", "45", 2_000), ("PR", "2", 500))
    money.remit(first)
    both = [
        decide(claim, -12_000, ("CO", "45", -2_000), ("PR", "2", -500), status="22", charge=-14_500),
        decide(claim, 9_000, ("CO", "45", 4_500), ("PR", "2", 1_000)),
    ]
    money.remit(*(reversed(both) if correction_first else both), trace="T2", plb=[("FB", -3_000)])
    assert money.states("claim")[0] == "PAID"
    assert money.column("SELECT event FROM history WHERE subject_kind = 'claim' AND subject_id = :i ORDER BY id", i=claim.id)[-3:] == [
        "paid", "reversed", "paid",
    ]  # fmt: skip
    assert balances(money, claim) == {
        "revenue": -14_500, "eft_expected": 9_000, "adjustment_co": 4_500,
        "patient_cash": 3_000, "patient_credit": -2_000,
    }  # fmt: skip
    proof = money.proof()
    assert proof.balanced
    assert proof.eft_expected_cents == 12_000  # the second remittance is of zero
    assert proof.accounts["forward_balance"] == -3_000
    assert money.exceptions() == []


def test_a_reversal_alone_leaves_the_claim_open_in_the_books(money, decide, claims):
    claim = claims[0]
    money.remit(decide(claim, 14_500))
    money.remit(decide(claim, -14_500, status="22", charge=-14_500), trace="T2", plb=[("FB", -14_500)])
    assert money.states("claim")[0] == "REVERSED"
    assert balances(money, claim) == {
        "receivable": 14_500, "revenue": -14_500, "patient_cash": 3_000, "patient_prepaid": -3_000,
    }  # fmt: skip


@pytest.mark.parametrize("ingested", [True, False])
def test_a_reversal_waits_for_the_remittances_that_came_before_it(money, decide, claims, ingested):
    claim = claims[0]
    first = money.store("x12:835", money.era(decide(claim, 14_500)))
    second = money.store(
        "x12:835",
        money.era(decide(claim, -14_500, status="22", charge=-14_500), trace="T2", plb=[("FB", -14_500)]),
    )
    if ingested:
        ingest(money.ctx, money.org, first)
    money.take_in(second)
    assert money.column("SELECT state FROM remittance WHERE inbound_file_id = :i", i=second) == ["RECEIVED"]
    assert money.column("SELECT 1 FROM due_work WHERE stage = 'match' AND subject_id = :i", i=second) == [1]

    money.take_in(first)
    match(money.ctx, money.org, second)
    assert money.states("claim")[0] == "REVERSED"
    assert money.exceptions() == []
    assert money.column("SELECT 1 FROM due_work WHERE stage = 'match'") == []


def test_a_reversal_of_what_never_was_posted_goes_to_a_person(money, decide, claims):
    money.remit(decide(claims[0], -14_500, status="22", charge=-14_500), decide(claims[1], 14_500), trace="T2")
    assert "reversal_without_original" in money.exceptions()
    assert money.proof().balanced


def test_a_payer_that_pays_again_gets_a_credit_and_the_claim_stays_as_decided(money, decide, claims):
    claim = claims[0]
    money.remit(decide(claim, 12_000, ("CO", "45", 2_500)))
    money.remit(decide(claim, 12_000, ("CO", "45", 2_500)), trace="T2")
    assert balances(money, claim)["payer_credit"] == -12_000
    assert balances(money, claim)["patient_credit"] == -3_000
    assert money.column("SELECT count(*) FROM history WHERE event = 'paid'") == [1]
    assert money.exceptions() == ["payer_credit"]
    assert money.column("SELECT money_cents FROM work_exception") == [12_000]


def test_interest_and_a_takeback_at_provider_level(money, decide, claims):
    money.remit(decide(claims[0], 14_500), plb=[("L6", -863), ("WO", 5_000)])
    proof = money.proof()
    assert proof.balanced
    assert proof.eft_expected_cents == 14_500 + 863 - 5_000
    assert (proof.accounts["interest"], proof.accounts["recoupment"]) == (-863, 5_000)


def test_a_forwarded_claim_stays_open_and_is_shown(money, decide, claims):
    money.remit(decide(claims[0], 0, ("OA", "133", 14_500), status="23"))
    assert money.states("claim")[0] == "SUBMITTED"
    assert money.exceptions() == ["claim_forwarded"]


def test_another_charge_than_billed_is_shown(money, decide, claims):
    money.remit(decide(claims[0], 10_000, charge=10_000))
    assert money.exceptions() == ["charge_differs"]
    assert balances(money, claims[0])["receivable"] == 4_500


def test_another_tenants_claims_are_out_of_sight(money, claims, product):
    numbers = [claim.clm01 for claim in claims]
    other = setup.create_tenant(product.context, "other-ems", "Other", approval_limit_cents=0)
    with product.context.tenant(other, "test") as tx:
        assert remittances.candidates(tx, numbers, []) == []
    with money.tx() as tx:
        assert len(remittances.candidates(tx, numbers, [])) == 3


_share = st.integers(0, 14_500)
_SETTLED = ("eft_expected", "adjustment_co", "patient_due", "patient_prepaid", "patient_credit", "patient_cash",
            "payer_credit")  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_after_any_run_of_decisions_the_books_are_whole(money, decide, claim_document, data):
    """The invariant: every claim's receivable is what was billed less what was paid, adjusted and left to the patient.

    And once all decisions but one are taken back, in any order, the books are those of that one.
    """
    claims, number = money.claims(2, claim_document), 0
    standing = {claim.id: [] for claim in claims}

    def remit(rows):
        nonlocal number
        number += 1
        total = sum(row.paid_cents for row in rows)
        money.remit(*rows, trace=f"T{claims[0].id}-{number}", plb=[("FB", total)] if total < 0 else ())

    def taken_back(claim):
        paid, *adjustments = standing[claim.id].pop(data.draw(st.integers(0, len(standing[claim.id]) - 1)))
        return decide(claim, -paid, *((g, r, -c) for g, r, c in adjustments), status="22", charge=-14_500)

    for _ in range(data.draw(st.integers(1, 4), label="remittances")):
        rows = []
        for claim in claims:
            what = data.draw(st.sampled_from(["decide", "reverse", "nothing"]))
            if what == "decide":
                contract = data.draw(_share)
                patient = data.draw(st.integers(0, 14_500 - contract))
                paid = 14_500 - contract - patient
                if paid not in {one[0] for one in standing[claim.id]}:  # else nobody can say which one is taken back
                    standing[claim.id].append((paid, ("CO", "45", contract), ("PR", "3", patient)))
                    rows.append(decide(claim, *standing[claim.id][-1]))
            elif what == "reverse" and standing[claim.id]:
                rows.append(taken_back(claim))
        remit(rows)
    for claim in claims:
        assert_whole(balances(money, claim))
    while rows := [taken_back(claim) for claim in claims if len(standing[claim.id]) > 1]:
        remit(rows)
    proof = money.proof()
    assert proof.balanced
    assert "UNBALANCED" not in money.states("remittance")
    for claim in claims:
        found = balances(money, claim)
        assert_whole(found)
        for paid, (_, _, contract), (_, _, patient) in standing[claim.id]:
            expected = {
                "revenue": -14_500, "patient_cash": 3_000, "eft_expected": paid, "adjustment_co": contract,
                "patient_due": max(patient - 3_000, 0), "patient_credit": -max(3_000 - patient, 0),
            }  # fmt: skip
            assert found == {account: cents for account, cents in expected.items() if cents}
            [state] = money.column("SELECT state FROM claim WHERE id = :id", id=claim.id)
            assert state in {"PAID", "PARTLY_PAID", "DENIED"}


def assert_whole(found):
    settled = sum(found.get(a, 0) for a in _SETTLED)
    assert found.get("receivable", 0) == 14_500 - settled
    assert found.get("receivable", 0) >= 0
    assert found.get("patient_due", 0) >= 0
    assert found.get("patient_prepaid", 0) <= 0
