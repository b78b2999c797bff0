"""What payers' decisions do to the books, without a database."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.ledger import Account, Position
from pipeline.domain.posting import (
    Decision,
    applied_from_cash,
    decided,
    provider_level,
    repeated,
    reversed_alone,
    reversed_from,
    unapplied,
)

CLAIM, REMITTANCE = 7, 3
PATIENT = (Account.PATIENT_DUE, Account.PATIENT_PREPAID, Account.PATIENT_CREDIT)
BILLED = Position(receivable_cents=10_000)


def totals(entries):
    found = {}
    for entry in entries:
        found[entry.account] = found.get(entry.account, 0) + entry.amount_cents
    return {account: cents for account, cents in found.items() if cents}


def after(position, decision):
    return position.after(decided(CLAIM, REMITTANCE, position, decision).entries)


def test_a_payment_with_a_patient_share_takes_it_from_what_the_patient_had_paid():
    position = BILLED._replace(patient_prepaid_cents=-5_000)
    posting = decided(CLAIM, REMITTANCE, position, Decision(6_000, {"CO": 2_000}, 2_000))
    assert totals(posting.entries) == {
        Account.EFT_EXPECTED: 6_000,
        Account.ADJUSTMENT_CO: 2_000,
        Account.RECEIVABLE: -10_000,
        Account.PATIENT_PREPAID: 5_000,
        Account.PATIENT_CREDIT: -3_000,
    }
    assert position.after(posting.entries).refundable_cents == 3_000


def test_a_patient_who_paid_too_little_owes_the_rest():
    found = after(BILLED._replace(patient_prepaid_cents=-500), Decision(6_000, {"CO": 2_000}, 2_000))
    assert found == Position(patient_due_cents=1_500)


def test_what_no_rule_lets_go_stays_owed_as_denied():
    found = after(BILLED, Decision(4_000, {"CO": 1_000}, 0, kept_cents=5_000))
    assert found == Position(denied_cents=5_000)


def test_a_payer_that_thinks_again_pays_what_it_had_refused():
    denied = after(BILLED, Decision(0, {}, 0, kept_cents=10_000))
    assert after(denied, Decision(7_000, {"CO": 2_000}, 1_000)) == Position(patient_due_cents=1_000)


def test_a_later_payer_pays_what_the_one_before_left_to_the_patient():
    primary = after(BILLED, Decision(6_000, {"CO": 2_000}, 2_000))
    assert primary == Position(patient_due_cents=2_000)
    secondary = Decision(1_500, {}, 500, later_payer=True)
    assert after(primary, secondary) == Position(patient_due_cents=500)


def test_a_patient_gets_back_what_he_had_paid_of_a_share_that_a_later_payer_pays():
    primary = after(BILLED._replace(patient_prepaid_cents=-2_000), Decision(5_500, {"CO": 2_000}, 2_500))
    assert primary == Position(patient_due_cents=500)
    secondary = Decision(2_000, {}, 500, later_payer=True, earlier_cents={"OA": 7_500})
    posting = decided(CLAIM, REMITTANCE, primary, secondary, 2_500)
    assert totals(posting.entries) == {
        Account.EFT_EXPECTED: 2_000,
        Account.PATIENT_DUE: -500,
        Account.PATIENT_CREDIT: -1_500,
    }
    assert primary.after(posting.entries).refundable_cents == 1_500


def test_a_later_payer_pays_the_patients_share_and_not_what_the_one_before_refused():
    primary = after(BILLED, Decision(4_000, {"CO": 1_000}, 2_000, kept_cents=3_000))
    secondary = Decision(2_000, {}, 0, later_payer=True, earlier_cents={"OA": 8_000})
    assert after(primary, secondary) == Position(denied_cents=3_000)


def test_a_claim_that_was_sent_to_a_later_payer_first_owes_no_more_than_that_one_judges():
    posting = decided(
        CLAIM, REMITTANCE, BILLED, Decision(1_200, {}, 300, later_payer=True, earlier_cents={"OA": 8_500})
    )
    assert totals(posting.entries) == {
        Account.EFT_EXPECTED: 1_200,
        Account.ADJUSTMENT_OA: 8_500,
        Account.RECEIVABLE: -10_000,
        Account.PATIENT_DUE: 300,
    }


def test_a_payer_that_pays_above_the_charge_gets_a_credit_and_the_patient_gets_none_of_it():
    posting = decided(CLAIM, REMITTANCE, BILLED, Decision(12_000, {"OA": -2_000}))
    assert totals(posting.entries) == {
        Account.EFT_EXPECTED: 12_000,
        Account.RECEIVABLE: -10_000,
        Account.PAYER_CREDIT: -2_000,
    }
    assert posting.payer_credit_cents == 2_000


def test_a_decision_said_twice_adjusts_nothing_twice_and_its_money_is_the_payers():
    once = Decision(8_000, {"CO": 1_000}, 1_000)
    twice = decided(CLAIM, REMITTANCE, after(BILLED, once), once)
    assert totals(twice.entries) == {Account.EFT_EXPECTED: 8_000, Account.PAYER_CREDIT: -8_000}
    assert twice.repeated
    assert repeated(CLAIM, REMITTANCE, once) == twice


def test_a_reversal_gives_back_the_prepaid_that_was_applied_and_lowers_its_own_payment():
    start = BILLED._replace(patient_prepaid_cents=-2_000)
    first = decided(CLAIM, REMITTANCE, start, Decision(8_000, {}, 2_000))
    back = reversed_from(first.entries, 9, CLAIM, start.after(first.entries))
    assert start.after(first.entries).after(back.entries) == start
    assert [e.remittance_id for e in back.entries if e.account is Account.EFT_EXPECTED] == [9]


def test_what_was_given_back_to_the_patient_is_not_there_to_pay_with_again():
    start = BILLED._replace(patient_prepaid_cents=-2_000)
    first = decided(CLAIM, REMITTANCE, start, Decision(10_000))
    refunded = start.after(first.entries)._replace(patient_credit_cents=0, refund_payable_cents=-2_000)
    taken_back = refunded.after(reversed_from(first.entries, 9, CLAIM, refunded).entries)
    again = after(taken_back, Decision(9_000, {}, 1_000))
    assert again == Position(patient_due_cents=1_000, refund_payable_cents=-2_000)


def test_a_reversal_of_what_was_never_posted_stands_by_its_own_amounts():
    posting = reversed_alone(CLAIM, REMITTANCE, Decision(-4_500, {"CO": -9_000}, -1_500, -500))
    assert totals(posting.entries)[Account.RECEIVABLE] == 15_500
    assert sum(e.amount_cents for e in posting.entries) == 0


def test_money_of_nobody_is_kept_whole_until_somebody_names_the_claim():
    held = unapplied(REMITTANCE, 300)
    assert totals(held.entries) == {Account.EFT_EXPECTED: 300, Account.UNAPPLIED_CASH: -300}
    assert unapplied(REMITTANCE, 0).entries == ()
    posting = decided(CLAIM, REMITTANCE, Position(receivable_cents=300), Decision(300))
    assert totals([*held.entries, *applied_from_cash(posting.entries)]) == {
        Account.EFT_EXPECTED: 300,
        Account.RECEIVABLE: -300,
    }


def test_a_plb_lowers_the_payment_where_positive():
    entries = provider_level(REMITTANCE, [("L6", -863), ("WO", 5_000), ("AH", 10)])
    assert totals(entries) == {
        Account.INTEREST: -863,
        Account.RECOUPMENT: 5_000,
        Account.PROVIDER_ADJUSTMENT: 10,
        Account.EFT_EXPECTED: -4_147,
    }
    assert {e.subaccount for e in entries} == {"L6", "WO", "AH", None}


def test_a_takeback_comes_out_of_the_payers_own_credit_on_the_claim():
    entries = provider_level(REMITTANCE, [("WO", 5_000)], {CLAIM: 2_000})
    assert totals(entries) == {
        Account.PAYER_CREDIT: 2_000,
        Account.RECOUPMENT: 3_000,
        Account.EFT_EXPECTED: -5_000,
    }


def test_a_balance_carried_forward_comes_back_with_the_next_payment():
    this, next_ = (provider_level(one, [("FB", cents)]) for one, cents in ((1, -4_000), (2, 4_000)))
    assert totals(this) == {Account.FORWARD_BALANCE: -4_000, Account.EFT_EXPECTED: 4_000}
    assert totals([*this, *next_]) == {}


cents = st.integers(0, 1_000_000)
decisions = st.builds(
    Decision,
    paid_cents=cents,
    settled_cents=st.dictionaries(st.sampled_from(["CO", "OA", "PI", "CR"]), cents),
    patient_cents=cents,
    kept_cents=cents,
    later_payer=st.booleans(),
    earlier_cents=st.dictionaries(st.sampled_from(["CO", "OA"]), cents),
)


def owed(position):
    return position.receivable_cents + position.denied_cents + position.patient_due_cents


@settings(max_examples=400)
@given(charge=cents, prepaid=cents, said=st.lists(decisions, min_size=1, max_size=5))
def test_whatever_payers_say_no_claim_is_settled_beyond_its_charge(charge, prepaid, said):
    position = start = Position(receivable_cents=charge, patient_prepaid_cents=-prepaid)
    posted = []
    for decision in said:
        booked = totals(posted)
        shared = sum(booked.get(account, 0) for account in PATIENT)
        posting = decided(CLAIM, REMITTANCE, position, decision, shared)
        assert sum(e.amount_cents for e in posting.entries) == 0
        assert totals(posting.entries).get(Account.EFT_EXPECTED, 0) == decision.paid_cents
        position = position.after(posting.entries)
        posted += posting.entries
        for name in ("receivable_cents", "denied_cents", "patient_due_cents"):
            assert 0 <= getattr(position, name) <= charge, name
        assert position.patient_prepaid_cents == 0 or not posting.entries
        assert position.patient_credit_cents <= 0
        assert position.patient_credit_cents == 0 or position.patient_due_cents == 0
    # What is owed: billed less what payers and patient paid and what was adjusted; what payers paid beyond is theirs.
    booked = totals(posted)
    adjusted = sum(cents for account, cents in booked.items() if account.startswith("adjustment"))
    from_payers = booked.get(Account.EFT_EXPECTED, 0) + booked.get(Account.PAYER_CREDIT, 0)
    from_patient = booked.get(Account.PATIENT_PREPAID, 0) + booked.get(Account.PATIENT_CREDIT, 0)
    assert owed(position) == charge - from_payers - from_patient - adjusted
    assert position.after(reversed_from(posted, 9, CLAIM, position).entries) == start


@given(decisions)
def test_the_charge_of_a_decision_is_all_that_it_explains(decision):
    assert decision.charge_cents == decision.paid_cents + sum(decision.settled_cents.values()) + (
        decision.patient_cents + decision.kept_cents
    )
    assert dataclasses.replace(decision, kept_cents=0).charge_cents == decision.charge_cents - decision.kept_cents
