"""Approvers decide; makers do not."""

import pytest

from pipeline.domain.errors import Conflict, NotAllowed, NotKnown
from pipeline.services import payments as service
from pipeline.stages.release import release
from pipeline.store import ledger


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
    [file_id] = money.column("SELECT max(id) FROM outbound_file")
    assert money.objections(file_id) == []
    with money.tx() as tx:
        tx.run("UPDATE principal SET active = false WHERE name = 'ben'")
    assert money.objections(file_id) == [f"payment {waiting.id}: 1 approvers must stand for this content, 0 do"]


def test_two_who_must_say_yes_are_two_people(money, waiting):
    with money.tx() as tx:
        tx.run("UPDATE payment SET approvals = 2")
    assert service.approve(money.ctx, money.org, waiting.id, "ben") == 1
    assert money.states("payment") == ["WAITING"]
    [now] = service.waiting(money.ctx, money.org)
    assert (now.given, now.needed) == (1, 2)
    with pytest.raises(Conflict, match="has approved payment"):
        service.approve(money.ctx, money.org, waiting.id, "ben")
    assert service.approve(money.ctx, money.org, waiting.id, "cleo") == 0
    assert money.states("payment") == ["APPROVED"]
    assert money.column("SELECT event FROM history WHERE subject_kind = 'payment' ORDER BY id") == [
        "proposed", "held_for_approval", "endorsed", "approved",
    ]  # fmt: skip


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
