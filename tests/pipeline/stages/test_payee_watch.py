"""What time does to payees: prenotes wait their days and no longer, holds end, and what came back is paid to no more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from payees import Paying, account, form

from pipeline.services import payees as service
from pipeline.services import payments
from pipeline.stages.watch import watch
from pipeline.store import payees

FIRST, SECOND = "4400002227", "5500003338"
LAST_DAY = datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC)  # 30 November at the Reserve Banks, its last second


@pytest.fixture
def paying(money, decide, claim_document):
    made = Paying(money, decide, claim_document)
    made.bank(prenotes=["patient", "vendor"])
    return made


def look(paying):
    """Looks once; says whether a release was asked for."""
    with paying.money.tx() as tx:
        tx.run("DELETE FROM due_work WHERE stage = 'release'")
    watch(paying.ctx, paying.org, paying.org)
    return paying.money.column("SELECT count(*) FROM due_work WHERE stage = 'release'") == [1]


def prenotes(paying):
    return paying.money.column("SELECT prenote FROM bank_details ORDER BY id")


def out(paying, *, acknowledged=True):
    """A refund that waits for its prenote, which is at the bank; gives the prenote's file."""
    paying.refund(3_000)
    assert look(paying)
    paying.release()
    file_id, state = paying.upload()
    assert state == "SENT"
    if acknowledged:
        paying.acknowledge(file_id)
    return file_id


def test_money_follows_a_prenote_after_three_banking_days_and_a_holiday_is_none(paying):
    file_id = out(paying)
    assert paying.entries(file_id) == [(FIRST, 0, 23)]
    assert paying.money.column("SELECT obligation FROM payment WHERE kind = 'prenote'") == ["prenote:1"]
    # Made on Monday 23 it settles on Tuesday 24; then come Wednesday, Friday (Thursday is Thanksgiving) and Monday.
    assert paying.money.column("SELECT prenote_until FROM bank_details") == [date(2026, 11, 30)]
    paying.clock.at = LAST_DAY
    assert not look(paying)
    paying.release()
    assert (prenotes(paying), paying.money.states("payment")) == (["out"], ["APPROVED", "ACKNOWLEDGED"])
    paying.clock.at = LAST_DAY + timedelta(seconds=1)
    assert look(paying)
    paying.release()
    assert (prenotes(paying), paying.money.states("payment")) == (["passed"], ["IN_FILE", "ACKNOWLEDGED"])
    assert paying.entries(paying.newest()) == [(FIRST, 3_000, 22)]
    assert not look(paying)
    assert paying.money.proof().balanced


def test_one_that_the_bank_has_not_taken_in_or_that_a_bank_corrects_does_not_pass(paying):
    file_id = out(paying, acknowledged=False)
    paying.clock.at = LAST_DAY + timedelta(days=9)
    assert not look(paying)
    paying.acknowledge(file_id)
    with paying.money.tx() as tx:
        told = payees.ToldPayee(kind=payees.PayeeKind.PATIENT, key="", where=form(SECOND).where("Paul"), source="noc")
        [proposed] = payees.propose(tx, [(1, told)]).values()
    assert not look(paying)
    service.refuse(paying.ctx, paying.org, "ben", proposed, "the patient says no")
    assert look(paying)
    assert prenotes(paying) == ["passed", "none"]


def test_one_that_came_back_fails_the_account_and_stops_what_waited_for_it(paying):
    out(paying)
    with paying.money.tx() as tx:
        [failed] = payees.fail(tx, [1], "its prenote was returned: R03")
        assert payees.fail(tx, [failed], "again") == []
    assert (paying.details(), prenotes(paying)) == (["FAILED"], ["failed"])
    assert paying.money.states("payment") == ["VOIDED", "ACKNOWLEDGED"]
    paying.clock.at = LAST_DAY + timedelta(days=9)
    assert not look(paying)
    paying.release()
    assert paying.money.exceptions() == ["payee_details_failed", "refund_details_unusable"]
    assert len(paying.money.states("payment")) == 2
    paying.change(SECOND)
    assert paying.money.exceptions() == ["refund_details_unusable"]  # until a release has looked
    paying.release()
    assert paying.money.exceptions() == ["rule_hold"]
    assert prenotes(paying) == ["failed", "wanted"]
    assert paying.money.column("SELECT kind FROM payment ORDER BY id")[2:] == ["prenote", "refund"]


def test_a_vendors_new_account_is_tried_out_as_soon_as_it_is_confirmed(paying):
    new = service.NewPayee(kind="vendor", name="Invented Supply", key="V1", sec="CTX", details=form(FIRST))
    made = service.add(paying.ctx, paying.org, "bill", new)
    assert not look(paying)
    service.confirm(paying.ctx, paying.org, "ben", made.details_id)
    assert paying.money.column("SELECT kind || ' ' || sec || ' ' || state FROM payment") == ["prenote CCD APPROVED"]
    assert not look(paying)
    paying.release()
    assert paying.upload()[1] == "SENT"


def test_a_hold_on_changed_details_that_ends_asks_for_a_release(paying):
    paying.bank(prenotes=[], details_hold_h=24)
    paying.refund(3_000)
    paying.upload()
    paying.change(SECOND)
    paying.refund(2_000, refund_to=account(SECOND))
    assert not look(paying)
    for approver in ("ben", "cleo"):
        payments.approve(paying.ctx, paying.org, 2, approver)
    assert not look(paying)
    paying.clock.at += timedelta(hours=24)
    assert look(paying)
    service.hold(paying.ctx, paying.org, "ben", 1, "a doubt")
    assert not look(paying)
