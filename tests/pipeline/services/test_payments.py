"""Approvers decide; makers do not."""

import pytest

from pipeline.domain.errors import Conflict, NotAllowed, NotKnown
from pipeline.services import payments as service
from pipeline.stages.release import release
from pipeline.store import ledger, payments


@pytest.fixture
def waiting(money, decide, claim_document):
    """One refund of 600.00, above the limit of 500.00."""
    [claim] = money.claims(1, claim_document, patient_paid_cents=60_000)
    money.remit(decide(claim, 14_500))
    money.deposit(14_500)
    release(money.ctx, money.org, money.org)
    [payment] = service.waiting(money.ctx, money.org)
    return payment


def test_what_waits_shows_no_account(waiting):
    assert (waiting.amount_cents, waiting.account_last4, waiting.prepared_by) == (60_000, "2227", "system:release")


def test_an_approver_lets_it_go(money, waiting):
    service.approve(money.ctx, money.org, waiting.id, "ben")
    assert money.column("SELECT stage FROM due_work WHERE stage = 'release'") == ["release"]
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["IN_FILE"]
    assert money.column("SELECT actor FROM history WHERE event = 'approved'") == ["ben"]
    assert money.column("SELECT action FROM audit WHERE subject_kind = 'payment'") == ["payment.approve"]
    assert money.column(
        "SELECT a.content_sha256 = p.content_sha256 FROM approval a JOIN payment p ON p.id = a.payment_id"
    ) == [True]
    with money.tx() as tx:
        assert payments.recheck(tx, tx.value("SELECT max(id) FROM outbound_file")) == []
        tx.run("UPDATE principal SET active = false WHERE name = 'ben'")
        assert "no approver stands" in payments.recheck(tx, tx.value("SELECT max(id) FROM outbound_file"))[0]


def test_deciding_twice_or_too_late_is_a_conflict(money, waiting):
    service.approve(money.ctx, money.org, waiting.id, "ben")
    for again in ("ben", "cleo"):
        with pytest.raises(Conflict):
            service.approve(money.ctx, money.org, waiting.id, again)
    assert money.column("SELECT count(*) FROM approval") == [1]


def test_denied_it_stays_the_patients_and_is_not_proposed_again(money, waiting):
    service.deny(money.ctx, money.org, waiting.id, "cleo", "asks for a cheque")
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["DENIED"]
    assert money.column("SELECT reason FROM payment") == ["asks for a cheque"]
    with money.tx() as tx:
        accounts = ledger.trial_balance(tx)
    assert (accounts["patient_credit"], accounts["refund_payable"]) == (-60_000, 0)


def test_who_may_not_decide(money, waiting):
    with pytest.raises(NotAllowed):
        service.approve(money.ctx, money.org, waiting.id, "ana")
    with pytest.raises(NotKnown):
        service.approve(money.ctx, money.org, waiting.id, "nobody")
    with pytest.raises(NotKnown):
        service.approve(money.ctx, money.org, waiting.id + 1, "ben")
    with money.tx() as tx:
        tx.run("UPDATE payment SET prepared_by = 'ben'")
    with pytest.raises(NotAllowed, match="prepared"):
        service.approve(money.ctx, money.org, waiting.id, "ben")
    assert money.states("payment") == ["WAITING"]


def test_a_payment_that_changed_under_its_hash_is_not_approved(money, waiting):
    with money.tx() as tx:
        tx.run("UPDATE payment SET amount_cents = 1")
    with pytest.raises(Conflict, match="hash"):
        service.approve(money.ctx, money.org, waiting.id, "ben")


@pytest.mark.parametrize("decide_", ["approve", "deny"])
def test_what_waits_is_in_the_queue_until_it_is_decided(money, waiting, decide_):
    [row] = _held(money)
    assert (row.severity, row.subject_id, row.money_cents) == ("warning", waiting.id, 60_000)
    release(money.ctx, money.org, money.org)
    assert money.exceptions() == ["rule_hold"]
    if decide_ == "approve":
        service.approve(money.ctx, money.org, waiting.id, "ben")
    else:
        service.deny(money.ctx, money.org, waiting.id, "ben", "asks for a cheque")
    assert money.exceptions() == []
    assert _held(money)[0].resolution == f"ben: payment.{decide_}"


def test_what_goes_by_rule_is_not(money, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    money.remit(decide(claim, claim.charge_cents))
    money.deposit(claim.charge_cents)
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["IN_FILE"]
    assert _held(money) == []


def _held(money):
    with money.tx() as tx:
        return tx.rows("SELECT severity, subject_id, money_cents, resolution FROM work_exception")
