"""Two people stand up for what is paid to; whoever may stops it; nothing that was decided before a change is paid after it."""

from datetime import timedelta

import pytest
from at_once import at_once
from payees import Paying, account, form

from pipeline.domain.errors import CallerError, Conflict, NotAllowed, NotKnown
from pipeline.services import payees as service
from pipeline.services import payments, setup
from pipeline.services.payees import NewPayee

FIRST, SECOND, THIRD = "4400002227", "5500003338", "6600004449"


@pytest.fixture
def paying(money, decide, claim_document):
    return Paying(money, decide, claim_document)


def vendor(account_number=FIRST, key="V-1", **changes):
    given = {"kind": "vendor", "name": "Invented Supplies", "key": key, "details": form(account_number), **changes}
    return NewPayee(**given)


# -- two people ---------------------------------------------------------------------------------------------------------
def test_a_new_payee_is_paid_once_two_people_stand_up_one_of_them_an_approver(paying):
    ctx, org, money = paying.ctx, paying.org, paying.money
    made = service.add(ctx, org, "bill", vendor())
    assert (made.left, paying.details(), money.exceptions()) == (1, ["PROPOSED"], ["payee_details_proposed"])
    with pytest.raises(NotAllowed, match="bill proposed"):
        service.confirm(ctx, org, "bill", made.details_id)
    assert service.confirm(ctx, org, "ana", made.details_id) == 1
    with pytest.raises(Conflict, match="already"):
        service.confirm(ctx, org, "ana", made.details_id)
    assert service.confirm(ctx, org, "ben", made.details_id) == 0
    assert (paying.details(), money.exceptions()) == (["ACTIVE"], [])
    assert money.column("SELECT hold_until FROM bank_details") == [None]
    assert money.column("SELECT event FROM history WHERE subject_kind = 'bank_details' ORDER BY id") == [
        "proposed", "endorsed", "confirmed",
    ]  # fmt: skip
    with pytest.raises(Conflict, match="ACTIVE"):
        service.confirm(ctx, org, "cleo", made.details_id)


def test_what_a_claim_tells_takes_two_others_and_who_has_left_does_not_count(paying):
    paying.refund(3_000)
    paying.refund(2_000, refund_to=account(SECOND))
    assert (paying.details(), paying.money.exceptions()) == (["ACTIVE", "PROPOSED"], ["refund_details_changed"])
    [_, told] = paying.money.column("SELECT id FROM bank_details ORDER BY id")
    assert service.confirm(paying.ctx, paying.org, "ben", told) == 1
    with pytest.raises(Conflict, match="ben stands up"):
        service.confirm(paying.ctx, paying.org, "ben", told)
    with paying.money.tx() as tx:
        tx.run("UPDATE principal SET active = false WHERE name = 'ben'")
    assert service.confirm(paying.ctx, paying.org, "bill", told) == 1
    assert paying.details() == ["ACTIVE", "PROPOSED"]
    assert service.confirm(paying.ctx, paying.org, "cleo", told) == 0
    paying.release()
    assert paying.details() == ["REPLACED", "ACTIVE"]
    assert paying.live_accounts() == [FIRST[-4:], SECOND[-4:]]  # the first is in a file, and falls there
    assert "refund_details_changed" not in paying.money.exceptions()


def test_who_may_not_and_what_cannot_be_paid_to(paying):
    ctx, org = paying.ctx, paying.org
    setup.add_people(ctx, org, "test", {"ada": ["auditor"], "otto": ["operator"]})
    for actor in ("ben", "ada", "otto"):
        with pytest.raises(NotAllowed):
            service.add(ctx, org, actor, vendor())
    bad = vendor("44 ", details=form("4400-é", routing_number="091000018", name="x" * 23))
    with pytest.raises(CallerError) as raised:
        service.add(ctx, org, "bill", bad)
    assert [part.partition(":")[0] for part in str(raised.value).split("; ")] == [
        "routing_number", "account_number", "name",
    ]  # fmt: skip
    assert "4400" not in str(raised.value)
    for wrong in (
        {"kind": "patient"},
        {"kind": "friend"},
        {"sec": "PPD"},
        {"key": " "},
        {"kind": "payer", "sec": "CTX"},
    ):
        with pytest.raises(CallerError):
            service.add(ctx, org, "bill", vendor(**wrong))
    made = service.add(ctx, org, "bill", vendor())
    for actor in ("ada", "otto"):
        with pytest.raises(NotAllowed):
            service.confirm(ctx, org, actor, made.details_id)
    with pytest.raises(NotKnown):
        service.confirm(ctx, org, "ben", made.details_id + 1)
    with pytest.raises(NotKnown):
        service.change(ctx, org, "bill", made.payee_id + 1, form(SECOND))


def test_the_same_again_is_the_same_and_other_content_is_refused(paying):
    made = service.add(paying.ctx, paying.org, "bill", vendor())
    assert service.add(paying.ctx, paying.org, "bill", vendor(key=" v-1 ")) == made
    with pytest.raises(Conflict, match="payees change"):
        service.add(paying.ctx, paying.org, "bill", vendor(SECOND))
    with pytest.raises(Conflict, match="say so already"):
        service.change(paying.ctx, paying.org, "ana", made.payee_id, form(FIRST))
    assert len(paying.details()) == 1


# -- a change -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["WAITING", "APPROVED", "IN_FILE"])
def test_what_was_decided_on_before_a_change_is_never_paid_after_it(paying, outside, state):
    paying.refund(60_000)
    if state != "WAITING":
        payments.approve(paying.ctx, paying.org, 1, "ben")
    if state == "IN_FILE":
        paying.release()
    assert paying.money.states("payment") == [state]
    paying.change(SECOND)
    if state == "IN_FILE":
        assert paying.upload()[1] == "VOIDED"
        assert outside["bank"].list("inbound") == []
    assert paying.money.states("payment") == ["VOIDED"]
    paying.release()
    assert paying.money.states("payment") == ["VOIDED", "WAITING"]
    assert paying.live_accounts() == [SECOND[-4:]]
    assert paying.money.column("SELECT approvals FROM payment WHERE state = 'WAITING'") == [2]
    assert paying.money.column("SELECT count(*) FROM payment_entry WHERE live") == [0]
    assert paying.money.proof().balanced


def test_changed_details_wait_their_time_to_the_second(paying):
    paying.bank(details_hold_h=24)
    paying.refund(3_000)
    paying.upload()
    paying.change(SECOND)
    paying.refund(2_000)  # the claim still tells the old account, of which people know
    assert paying.live_accounts() == [FIRST[-4:], SECOND[-4:]]
    for approver in ("ben", "cleo"):
        payments.approve(paying.ctx, paying.org, 2, approver)
    until = paying.clock.at + timedelta(hours=24)
    paying.clock.at = until - timedelta(seconds=1)
    paying.release()
    assert paying.money.states("payment") == ["SENT", "APPROVED"]
    paying.clock.at = until
    paying.release()
    assert paying.money.states("payment") == ["SENT", "IN_FILE"]
    assert [row[0] for row in paying.entries(paying.newest())] == [SECOND]


def test_refused_details_stop_the_refund_until_people_say_where_it_goes(paying):
    paying.refund(3_000)
    paying.refund(2_000, refund_to=account(SECOND))
    with pytest.raises(CallerError, match="reason"):
        service.refuse(paying.ctx, paying.org, "ben", 2, " ")
    service.refuse(paying.ctx, paying.org, "ben", 2, "Paul never heard of it")
    for _ in range(2):
        paying.release()
    assert (paying.details(), paying.money.exceptions()) == (["ACTIVE", "REFUSED"], ["refund_details_unusable"])
    paying.refund(1_000, refund_to=account(SECOND))
    assert paying.details() == ["ACTIVE", "REFUSED"]
    assert len(paying.money.states("payment")) == 1
    paying.change(THIRD)
    paying.release()
    assert "refund_details_unusable" not in paying.money.exceptions()
    assert paying.live_accounts()[-2:] == [THIRD[-4:]] * 2


def test_a_type_of_account_is_a_change_too(paying):
    paying.refund(3_000)
    paying.refund(2_000, refund_to={**account(FIRST), "routing_number": "111111118", "account_type": "savings"})
    assert paying.details() == ["ACTIVE", "PROPOSED"]


@pytest.mark.parametrize("people", [("ben", "cleo"), ("cleo", "ben")])
def test_two_who_change_at_once_leave_one_in_force(paying, people):
    paying.refund(3_000)
    ctx, org = paying.ctx, paying.org
    made = at_once([
        lambda: service.change(ctx, org, "bill", 1, form(SECOND)),
        lambda: service.change(ctx, org, "ana", 1, form(THIRD)),
    ])  # fmt: skip
    assert sorted(paying.money.column("SELECT version FROM bank_details")) == [1, 2, 3]
    at_once(
        [
            lambda: service.confirm(ctx, org, people[0], made[0].details_id),
            lambda: service.confirm(ctx, org, people[1], made[1].details_id),
            paying.release,
        ],
        leaving=(Conflict,),
    )
    # Whoever comes first: the older proposal is replaced by the newer one, or can no longer be confirmed.
    assert paying.money.column("SELECT state FROM bank_details ORDER BY version") == ["REPLACED", "REPLACED", "ACTIVE"]
    for _ in range(2):
        paying.release()
    active = paying.money.column("SELECT account_last4 FROM bank_details WHERE state = 'ACTIVE'")
    standing = paying.money.column("SELECT account_last4 FROM payment WHERE state IN ('WAITING', 'APPROVED')")
    assert set(standing) <= set(active)
    assert paying.money.proof().balanced


def test_a_change_and_a_file_at_the_same_moment_pay_one_account_or_nothing(paying, outside):
    paying.refund(3_000)
    paying.refund(60_000)  # waits, so that the change voids it and the file's last look locks what it rests on
    made = service.change(paying.ctx, paying.org, "bill", 1, form(SECOND))
    at_once([lambda: service.confirm(paying.ctx, paying.org, "ben", made.details_id), paying.upload])
    [state] = paying.money.column("SELECT state FROM outbound_file WHERE kind = 'ACH'")
    first, second = paying.money.states("payment")[:2]
    assert (state, first, second) in {("SENT", "SENT", "VOIDED"), ("VOIDED", "VOIDED", "VOIDED")}
    assert paying.details() == ["REPLACED", "ACTIVE"]
    assert len(outside["bank"].list("inbound")) == (state == "SENT")
    paying.release()
    assert paying.money.proof().balanced


# -- holds --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", ["payee", "name"])
def test_a_hold_stops_what_is_on_its_way_and_lets_it_go_when_it_is_lifted(paying, outside, by):
    ctx, org = paying.ctx, paying.org
    setup.add_people(ctx, org, "test", {"otto": ["operator"]})
    paying.refund(3_000)
    with pytest.raises(NotAllowed):
        service.hold(ctx, org, "bill", 1, "x")
    if by == "payee":
        service.hold(ctx, org, "otto", 1, "Paul is on the list of his bank")
    else:
        assert service.hold_name(ctx, org, "otto", "MERRIWEATHER, Paul", "on a list") == 1
    assert paying.upload()[1] == "VOIDED"
    paying.release()
    assert (paying.money.states("payment"), outside["bank"].list("inbound")) == (["APPROVED"], [])
    change = service.change(ctx, org, "bill", 1, form(SECOND))
    with pytest.raises(Conflict, match="on hold"):
        service.confirm(ctx, org, "ben", change.details_id)
    paying.refund(2_000)
    assert paying.money.states("payment") == ["APPROVED", "WAITING"]
    assert "on_hold/1" in paying.money.column("SELECT rule FROM payment ORDER BY id")[1]
    if by == "payee":
        with pytest.raises(Conflict):
            service.hold(ctx, org, "ben", 1, "again")
        service.lift(ctx, org, "otto", 1)
    else:
        with pytest.raises(Conflict):
            service.hold_name(ctx, org, "ben", "Paul Merriweather", "again")
        assert service.lift_name(ctx, org, "otto", "paul merriweather") == 1
    paying.release()
    assert paying.upload()[1] == "SENT"
    assert paying.money.states("payment") == ["SENT", "WAITING"]
    with pytest.raises((Conflict, NotKnown)):
        service.lift(ctx, org, "otto", 1) if by == "payee" else service.lift_name(ctx, org, "otto", "Paul Merriweather")


def test_all_of_it_is_told_and_nothing_of_it_stands_in_clear(paying):
    paying.refund(3_000)
    service.hold(paying.ctx, paying.org, "ben", 1, "Paul asked for it")
    service.lift(paying.ctx, paying.org, "ben", 1, "Paul changed his mind")
    service.refuse(
        paying.ctx,
        paying.org,
        "ben",
        service.change(paying.ctx, paying.org, "bill", 1, form(SECOND)).details_id,
        "not Paul's",
    )
    paying.change(THIRD)
    shown = service.show(paying.ctx, paying.org, "ada", 1)
    assert [(v.state, v.account_last4, v.stood_up) for v in shown.versions] == [
        ("REPLACED", "2227", ()), ("REFUSED", "3338", ("bill",)), ("ACTIVE", "4449", ("bill", "ben")),
    ]  # fmt: skip
    told = [(act.actor, act.what, act.reason) for act in shown.acts]
    assert ("ben", "payee.hold", "Paul asked for it") in told
    assert ("ben", "payee.refuse", "not Paul's") in told
    assert ("ben", "confirmed", "") in told
    assert [one.state for one in shown.payments] == ["IN_FILE"]
    with paying.money.tx() as tx:
        clear = "".join(
            str(row[0])
            for table in ("payee", "bank_details", "audit", "history", "name_hold", "work_exception")
            for row in tx.rows(f"SELECT to_jsonb(t) FROM {table} t")
        )
    for secret in (FIRST, SECOND, THIRD, "Paul", "Merriweather", "MERRIWEATHER"):
        assert secret not in clear
