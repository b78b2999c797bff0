"""Totals: each claim once, each cent explained, and nothing hidden by what it is set off against."""

import json

import pytest
from bank_replies import BankDesk

from pipeline.services import intake, matching
from pipeline.services.report import totals
from pipeline.stages.release import release
from pipeline.store import exceptions, reports


@pytest.fixture
def claims(money, claim_document):
    """Four office visits of 145.00, 30.00 of which the patient has paid each."""
    return money.claims(4, claim_document)


def told(money):
    return totals(money.ctx, money.org)


def test_an_empty_tenant_has_nothing_and_is_balanced(money):
    empty = told(money)
    assert empty.outcomes.claims == empty.files_sent == empty.exceptions == empty.unmatched_cents == 0
    assert empty.ledger_balanced


def assert_adds_up(books):
    assert books.billed_cents + books.credit_cents == (
        books.paid_cents + books.adjusted_cents + books.patient_cents
        + books.open_cents + books.denied_cents + books.written_off_cents
    )  # fmt: skip


def test_outcomes_and_money_add_up(money, decide, claims, claim_document):
    paid, partly, denied, _ = claims
    bad = json.dumps({**json.loads(claim_document()), "external_id": "bad", "diagnoses": []}).encode()
    intake.submit(money.ctx, money.org, [bad], "test")
    money.claims(1, claim_document)  # another good one; the bad one goes through the edits with it
    money.remit(
        decide(paid, 12_000, ("CO", "45", 2_000), ("PR", "2", 500)),
        decide(partly, 10_000, ("CO", "50", 4_500)),
        decide(denied, 0, ("PR", "29", 14_500)),
    )
    found = told(money)
    assert found.outcomes.claims == 6
    assert (found.outcomes.paid, found.outcomes.partly_paid, found.outcomes.denied) == (1, 1, 1)
    assert (found.outcomes.edit_failed, found.outcomes.open) == (1, 2)
    books = found.money
    assert books.billed_cents == 5 * 14_500
    assert (books.paid_cents, books.adjusted_cents, books.patient_cents) == (22_000, 2_000, 15_000)
    assert (books.open_cents, books.denied_cents) == (2 * 14_500, 4_500)
    assert_adds_up(books)
    assert found.exceptions_by_type["edit_failed"].count == 1
    assert found.ledger_balanced
    json.dumps(found.as_dict())


def test_overpaid_and_reversed_claims_still_add_up(money, decide, claims):
    over, taken_back, *_ = claims
    money.remit(decide(over, 20_000, charge=20_000), decide(taken_back, 14_500), trace="T1")
    money.remit(decide(taken_back, -14_500, charge=-14_500, status="22"), trace="T2", plb=[("WO", -14_500)])
    found = told(money)
    assert (found.outcomes.paid, found.outcomes.open) == (1, 3)
    assert found.money.credit_cents == 5_500
    assert_adds_up(found.money)
    assert found.remitted.posted_cents == found.remitted.remittance_cents
    assert found.ledger_balanced


def test_unmatched_is_whatever_lacks_its_counterpart_and_each_cent_once(money, decide, claims):
    matched, stranger, *_ = claims
    money.remit(decide(matched, 14_500), trace="T1")
    assert told(money).unmatched_cents == 14_500  # the bank has seen nothing yet
    money.deposit(14_500, trace="T1")
    assert told(money).unmatched_cents == 0
    money.deposit(777, trace="T9")
    assert told(money).remitted.deposits_waiting_cents == 777
    money.remit(decide(stranger, 1_000, charge=1_000, clm01="NOBODYS", payer_number="NONE"), trace="T2")
    found = told(money)
    assert (found.remitted.awaiting_deposit_cents, found.remitted.unapplied_cents) == (1_000, 0)
    money.deposit(1_000, trace="T2")
    found = told(money)
    assert (found.remitted.awaiting_deposit_cents, found.remitted.unapplied_cents) == (0, 1_000)
    assert found.unmatched_cents == 1_777
    money.remit(decide(stranger, 14_500), trace="T3", amount=14_000)
    assert told(money).remitted.unposted_cents == 14_000


def test_what_a_person_matched_by_hand_is_unmatched_no_more_and_what_he_took_away_is(money, decide, claims):
    money.remit(decide(claims[0], 14_500, clm01="NOBODYS", payer_number="NONE"), trace="T1")
    money.deposit(14_500, trace="T1")
    assert told(money).remitted.unapplied_cents == 14_500
    [decision] = money.column("SELECT id FROM remittance_claim")
    matching.match(money.ctx, money.org, "bill", decision, claims[0].clm01, "same day")
    assert told(money).unmatched_cents == 0
    matching.unmatch(money.ctx, money.org, "bill", decision, "his brother's")
    assert told(money).remitted.unapplied_cents == 14_500
    assert told(money).ledger_balanced


def test_what_the_flow_matched_and_a_person_took_away_is_unmatched(money, decide, claims):
    money.remit(decide(claims[0], 14_500), trace="T1")
    money.deposit(14_500, trace="T1")
    assert told(money).unmatched_cents == 0
    [decision] = money.column("SELECT id FROM remittance_claim")
    matching.unmatch(money.ctx, money.org, "bill", decision, "not hers")
    assert told(money).unmatched_cents == 14_500


def test_a_set_that_does_not_add_up_counts_until_it_is_settled(money, decide, claims):
    money.remit(decide(claims[0], 14_500), trace="T1", amount=14_600)
    assert told(money).remitted.unposted_cents == 14_600
    money.remit(decide(claims[0], 14_500), trace="T1")
    money.deposit(14_500, trace="T1")
    assert told(money).unmatched_cents == 14_600  # nobody has said yet that the one stands for the other
    with money.tx() as tx:
        exceptions.close(tx, "remittance_unbalanced", "remittance", [1], "sent again")
    assert told(money).unmatched_cents == 0


def test_payments_are_counted_by_where_they_are(money, decide, claims):
    money.remit(decide(claims[0], 14_500), trace="T1")
    money.deposit(14_500, trace="T1")
    release(money.ctx, money.org, money.org)
    found = told(money).payments
    assert (found.under_way, found.under_way_cents) == (1, 3_000)
    assert found.released == found.waiting == 0
    bank = BankDesk(money)
    _, file = bank.send()
    bank.take(file)
    assert (told(money).payments.provisional, told(money).payments.provisional_cents) == (1, 3_000)
    bank.pass_days(14)
    counts = told(money).as_dict()
    assert (counts["payments_settled"], counts["payments_settled_cents"], counts["payments_provisional"]) == (
        1,
        3_000,
        0,
    )


def test_every_history_leads_to_its_state(money, decide, claims):
    money.remit(decide(claims[0], 14_500), trace="T1")
    money.deposit(14_500, trace="T1")
    release(money.ctx, money.org, money.org)
    with money.tx() as tx:
        assert reports.folds(tx) == []
        tx.run("UPDATE claim SET state = 'DENIED' WHERE id = :id", id=claims[0].id)
        tx.run("UPDATE deposit SET state = 'WAITING'")
        assert reports.folds(tx) == [
            f"claim {claims[0].id} is DENIED, its history leads to PAID",
            "deposit 1 is WAITING, its history leads to MATCHED",
        ]
