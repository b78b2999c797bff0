"""Money asked back: only what is out, for the causes that the rules know, within five banking days, and approved by another."""

import pytest
from nacha_judges import judged_by_achlens
from paid_parties import accept, balances, come_back, last_file, run, send

from edi.nacha.reading import check, read
from pipeline.domain.calendar import add_banking_days
from pipeline.domain.errors import CallerError, Conflict, NotAllowed, NotKnown
from pipeline.services import paying, payments, reversals
from pipeline.stages.upload import upload
from pipeline.store import ledger
from pipeline.store.reversals import reversal_settled


@pytest.fixture
def paid(money, decide, claim_document):
    """A refund of 30.00 that the bank has taken in."""
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    money.remit(decide(claim, claim.charge_cents))
    money.deposit(claim.charge_cents)
    send(money)
    accept(money)
    assert money.states("payment") == ["ACKNOWLEDGED"]
    return money.column("SELECT id FROM payment")[0]


def reverse(money, payment_id, cause="duplicate", actor="ana"):
    return reversals.reverse(money.ctx, money.org, actor, payment_id, cause)


def settled(money, payment_id):
    with money.tx() as tx:
        ledger.lock(tx)
        return reversal_settled(tx, [payment_id], money.ctx.today())


def test_it_is_a_debit_of_the_same_that_another_approves_and_is_ours_once_it_has_settled(money, paid):
    original = read(last_file(money)).file.batches[0]
    asked = reverse(money, paid)
    assert (asked.state, asked.new) == ("WAITING", True)
    assert reverse(money, paid, "amount") == paying.Asked(asked.payment_id, 3_000, "WAITING", new=False)
    send(money)
    data = last_file(money)
    assert check(data) == []
    assert judged_by_achlens(data) == []
    [batch] = read(data).file.batches
    [entry] = batch.entries
    assert (batch.description, batch.descriptive_date) == ("REVERSAL", f"{original.effective_date:%y%m%d}")
    assert (batch.sec, batch.company_id, batch.service_class) == (original.sec, original.company_id, 225)
    [before] = original.entries
    assert (entry.transaction_code, entry.rdfi, entry.account, entry.amount_cents, entry.individual_id) == (
        27, before.rdfi, before.account, 3_000, f"P{paid}",
    )  # fmt: skip
    assert balances(money, "refund_payable", "reversals", "bank") == (0, -3_000, 14_500)
    assert settled(money, asked.payment_id) == [paid]
    assert settled(money, asked.payment_id) == []
    assert money.states("payment") == ["REVERSED", "SENT"]
    assert balances(money, "refund_payable", "reversals", "bank") == (-3_000, 0, 14_500)
    again = paying.again(money.ctx, money.org, "ana", paid)
    send(money)
    assert money.column("SELECT state FROM payment WHERE id = :id", id=again.payment_id) == ["SENT"]
    assert balances(money, "refund_payable", "bank") == (0, 14_500 - 3_000)
    assert money.proof().balanced


def test_one_that_comes_back_leaves_the_payment_as_it_is(money, paid):
    reverse(money, paid)
    send(money)
    come_back(money, "R17")
    assert money.states("payment") == ["ACKNOWLEDGED", "RETURNED"]
    assert balances(money, "refund_payable", "reversals", "bank") == (0, 0, 14_500 - 3_000)


def test_a_payment_that_came_back_beside_its_reversal_is_told(money, paid):
    first = last_file(money)
    asked = reverse(money, paid)
    send(money)
    come_back(money, data=first)
    assert settled(money, asked.payment_id) == []
    assert "came_back_twice" in money.exceptions()
    assert balances(money, "reversals") == (-3_000,)


def test_what_cannot_be_asked_back(money, paid):
    with pytest.raises(CallerError, match="duplicate, receiver, amount, date"):
        reverse(money, paid, "regret")
    with pytest.raises(NotAllowed):
        reverse(money, paid, actor="ben")
    with pytest.raises(NotKnown):
        reverse(money, 99)
    asked = reverse(money, paid)
    with pytest.raises(Conflict, match="is a reversal"):
        reverse(money, asked.payment_id)
    with money.tx() as tx:
        tx.run("UPDATE payment SET state = 'SENT' WHERE id = :id", id=paid)
        tx.run("UPDATE payment SET state = 'VOIDED' WHERE id = :id", id=asked.payment_id)
    with pytest.raises(Conflict, match="refund and SENT"):
        reverse(money, paid)


def test_after_five_banking_days_it_is_too_late_even_where_it_was_approved(money, paid):
    [effective] = money.column("SELECT effective_date FROM payment_entry")
    asked = reverse(money, paid)
    payments.approve(money.ctx, money.org, asked.payment_id, "ben")
    run(money)
    [file_id] = money.column("SELECT id FROM outbound_file WHERE state = 'RESERVED' AND kind = 'ACH'")
    settles(money, paid, add_banking_days(effective, -5))
    assert money.objections(file_id) == []  # the fifth day is in time
    settles(money, paid, add_banking_days(effective, -6))
    upload(money.ctx, money.org, file_id)
    assert money.states("payment") == ["ACKNOWLEDGED", "VOIDED"]
    with pytest.raises(Conflict, match="5 banking days"):
        reverse(money, paid)


def settles(money, payment_id, day):
    with money.tx() as tx:
        tx.run("UPDATE payment_entry SET effective_date = :day WHERE payment_id = :id", day=day, id=payment_id)
