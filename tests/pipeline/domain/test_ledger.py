"""The books' rules without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.ledger import (
    Account,
    Decision,
    NewEntry,
    NewJournal,
    Position,
    billed,
    decided,
    provider_level,
    refund_cancelled,
    reversed_alone,
    reversed_from,
    unapplied,
)

DAY = date(2026, 11, 20)


def totals(entries):
    found = {}
    for entry in entries:
        found[entry.account] = found.get(entry.account, 0) + entry.amount_cents
    return {account: cents for account, cents in found.items() if cents}


def test_a_journal_that_does_not_sum_to_zero_cannot_be_made():
    with pytest.raises(ValueError, match="does not sum to zero"):
        NewJournal("claim", 1, "billed", DAY, (NewEntry(Account.RECEIVABLE, 1),))


def test_billing_keeps_what_the_patient_paid_apart_from_what_we_ask_for():
    bill, prepaid = billed(7, 10_000, 2_500, DAY)
    assert totals(bill.entries) == {Account.RECEIVABLE: 10_000, Account.REVENUE: -10_000}
    assert totals(prepaid.entries) == {Account.PATIENT_CASH: 2_500, Account.PATIENT_PREPAID: -2_500}
    assert len(billed(7, 10_000, 0, DAY)) == 1


def test_a_payment_with_a_patient_share_takes_it_from_what_the_patient_had_paid():
    position = Position(receivable_cents=10_000, patient_prepaid_cents=-5_000)
    posting = decided(7, position, Decision(6_000, {"CO": 2_000, "PR": 2_000}))
    after = position.after(posting.entries)
    assert totals(posting.entries) == {
        Account.EFT_EXPECTED: 6_000,
        Account.ADJUSTMENT_CO: 2_000,
        Account.RECEIVABLE: -10_000,
        Account.PATIENT_PREPAID: 2_000,
    }
    assert (after.receivable_cents, after.patient_due_cents, after.refundable_cents) == (0, 0, 3_000)


def test_a_patient_who_paid_too_little_owes_the_rest():
    position = Position(receivable_cents=10_000, patient_prepaid_cents=-500)
    after = position.after(decided(7, position, Decision(6_000, {"CO": 2_000, "PR": 2_000})).entries)
    assert (after.patient_due_cents, after.patient_prepaid_cents, after.refundable_cents) == (1_500, 0, 0)


def test_a_payer_that_pays_above_the_charge_gets_a_credit_and_the_patient_gets_none_of_it():
    position = Position(receivable_cents=10_000)
    posting = decided(7, position, Decision(12_000, {"OA": -2_000}))
    assert totals(posting.entries) == {
        Account.EFT_EXPECTED: 12_000,
        Account.RECEIVABLE: -10_000,
        Account.PAYER_CREDIT: -2_000,
    }
    assert posting.payer_credit_cents == 2_000


def test_a_decision_said_twice_adjusts_nothing_twice_and_its_money_is_the_payers():
    once = decided(7, Position(receivable_cents=10_000), Decision(8_000, {"CO": 1_000, "PR": 1_000}))
    position = Position(receivable_cents=10_000).after(once.entries)
    twice = decided(7, position, Decision(8_000, {"CO": 1_000, "PR": 1_000}))
    assert totals(twice.entries) == {Account.EFT_EXPECTED: 8_000, Account.PAYER_CREDIT: -8_000}
    assert twice.repeated
    assert not once.repeated


def test_a_reversal_gives_back_the_prepaid_that_was_applied():
    start = Position(receivable_cents=10_000, patient_prepaid_cents=-2_000)
    first = decided(7, start, Decision(8_000, {"PR": 2_000}))
    back = start.after(first.entries).after(reversed_from(first.entries).entries)
    assert back == start


def test_a_reversal_of_what_was_never_posted_stands_by_its_own_amounts():
    posting = reversed_alone(7, Decision(-4_500, {"CO": -9_000, "PR": -1_500}))
    assert totals(posting.entries)[Account.RECEIVABLE] == 15_000
    assert sum(e.amount_cents for e in posting.entries) == 0


def test_money_of_nobody_is_kept_whole():
    assert totals(unapplied(300).entries) == {Account.EFT_EXPECTED: 300, Account.UNAPPLIED_CASH: -300}
    assert unapplied(0).entries == ()


def test_a_plb_lowers_the_payment_where_positive():
    entries = provider_level([("L6", -863), ("WO", 5_000), ("AH", 10)])
    assert totals(entries) == {
        Account.INTEREST: -863,
        Account.RECOUPMENT: 5_000,
        Account.PROVIDER_ADJUSTMENT: 10,
        Account.EFT_EXPECTED: -4_147,
    }


def test_a_cancelled_refund_first_settles_what_the_patient_owes_meanwhile():
    assert totals(refund_cancelled(1, 7, 3_000, 1_000, DAY).entries) == {
        Account.REFUND_PAYABLE: 3_000,
        Account.PATIENT_DUE: -1_000,
        Account.PATIENT_PREPAID: -2_000,
    }


cents = st.integers(0, 1_000_000)


@given(
    charge=cents,
    prepaid=cents,
    paid=cents,
    adjusted=st.dictionaries(st.sampled_from(["CO", "OA", "PI", "PR", "CR"]), cents),
)
def test_whatever_a_payer_says_no_claim_is_settled_beyond_its_charge(charge, prepaid, paid, adjusted):
    start = Position(receivable_cents=charge, patient_prepaid_cents=-prepaid)
    posting = decided(7, start, Decision(paid, adjusted))
    after = start.after(posting.entries)
    assert sum(e.amount_cents for e in posting.entries) == 0
    assert 0 <= after.receivable_cents <= charge
    assert totals(posting.entries).get(Account.EFT_EXPECTED, 0) == paid
    assert after.patient_due_cents >= 0
    assert after.patient_prepaid_cents <= 0
    assert after.patient_prepaid_cents == 0 or after.patient_due_cents == 0
    assert start == after.after(reversed_from(posting.entries).entries)
