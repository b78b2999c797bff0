"""The books' rules without a database."""

from datetime import date

import pytest

from pipeline.domain.ledger import (
    Account,
    NewEntry,
    NewJournal,
    Position,
    billed,
    write_off_undone,
    written_off,
)
from pipeline.domain.payables import refund_cancelled, refund_owed

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


def test_a_cancelled_refund_first_settles_what_the_patient_owes_meanwhile():
    assert totals(refund_cancelled(1, 7, 3_000, 1_000, DAY).entries) == {
        Account.REFUND_PAYABLE: 3_000,
        Account.PATIENT_DUE: -1_000,
        Account.PATIENT_CREDIT: -2_000,
    }


def test_a_refund_comes_from_the_credit_first_and_from_what_was_paid_before_for_the_rest():
    position = Position(patient_prepaid_cents=-500, patient_credit_cents=-1_000)
    assert totals(refund_owed(1, 7, 1_200, position, DAY).entries) == {
        Account.PATIENT_CREDIT: 1_000,
        Account.PATIENT_PREPAID: 200,
        Account.REFUND_PAYABLE: -1_200,
    }


def test_a_write_off_gives_up_what_was_refused_and_can_be_undone():
    given_up, back = written_off(1, 7, 900, DAY), write_off_undone(1, 7, 900, DAY)
    assert totals(given_up.entries) == {Account.WRITE_OFF: 900, Account.RECEIVABLE_DENIED: -900}
    assert totals([*given_up.entries, *back.entries]) == {}
