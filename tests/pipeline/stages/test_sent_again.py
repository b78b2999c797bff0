"""Sent again: what was lost with a set goes by a person's word, once, and not when the partner has it after all."""

from contextlib import suppress
from dataclasses import replace

import pytest
from at_once import at_once
from x12_replies import at, claim, envelope, reply, report, ta1

from edi.x12.syntax.envelope import write_interchange
from pipeline.domain.errors import Conflict, NotKnown, TryLater
from pipeline.services import mailboxes, resubmission
from pipeline.stages.bundle import bundle
from pipeline.stages.upload import upload
from transport.errors import NoSpace


# -- sent again by a person --------------------------------------------------------------------------------------------
def test_what_was_held_goes_again_by_a_persons_word(flow, answers, edge):
    claims, number = answers.out(3, claims_per_set=2)
    answers.come(write_interchange(envelope(1), [], [ta1(number, "R", "006")]))
    file_id = edge.value("SELECT id FROM outbound_file")
    told = resubmission.resubmit_file(edge.ctx, edge.org, "ana", f"O{file_id}")
    assert (sorted(told.sent_again), told.left) == (sorted(c.clm01 for c in claims), [])
    assert told.paused_mailbox == "clearinghouse"
    assert edge.open_exceptions() == []
    assert flow.go_on() == number
    mailboxes.resume(edge.ctx, edge.org, "ana", "clearinghouse")
    assert flow.go_on() == number + 1
    assert flow.submissions(claims[0]) == [(1, "SET_REJECTED"), (2, "IN_FILE")]
    with pytest.raises(Conflict, match="no claim of file"):
        resubmission.resubmit_file(edge.ctx, edge.org, "ana", f"O{file_id}")
    actions = [row.action for row in edge.rows("SELECT action FROM audit ORDER BY id")]
    assert "file.resubmit" in actions
    assert "mailbox.bundle" in actions
    assert flow.folds() == []


def test_two_people_at_once_send_it_once(flow, answers, edge):
    claims, number = answers.out(4, claims_per_set=2)
    answers.come(write_interchange(envelope(1), [], [ta1(number, "R", "006")]))
    file_id = edge.value("SELECT id FROM outbound_file")
    sent = []

    def send():
        with suppress(Conflict):
            sent.extend(resubmission.resubmit_file(edge.ctx, edge.org, "ana", f"O{file_id}").sent_again)

    at_once([send] * 4)
    assert sorted(sent) == sorted(c.clm01 for c in claims)
    mailboxes.resume(edge.ctx, edge.org, "ana", "clearinghouse")
    flow.go_on()
    assert edge.value("SELECT count(*) FROM submission") == 8
    assert flow.folds() == []


def test_a_claim_that_the_partner_may_have_is_left_until_it_is_named(flow, answers, edge):
    claims, number = answers.out(2, claims_per_set=2)
    answers.come(write_interchange(envelope(1), [], [ta1(number, "R", "006")]))
    with edge.tx() as tx:
        from pipeline.store import exceptions

        exceptions.open_all(tx, [exceptions.Raise("contradictory_answer", "claim", claims[0].id, "invented")])
    file_id = edge.value("SELECT id FROM outbound_file")
    told = resubmission.resubmit_file(edge.ctx, edge.org, "ana", str(file_id))
    assert (told.sent_again, told.left) == ([claims[1].clm01], [claims[0].clm01])
    assert "file_rejected" in edge.open_exceptions()
    told = resubmission.resubmit_claims(edge.ctx, edge.org, "ana", [claims[0].clm01])
    assert told.sent_again == [claims[0].clm01]
    assert edge.open_exceptions() == ["contradictory_answer"]


def test_who_was_not_lost_with_a_set_is_not_sent_again(flow, answers, edge):
    [one], _number = answers.out(1)
    with pytest.raises(Conflict, match="SUBMITTED"):
        resubmission.resubmit_claims(edge.ctx, edge.org, "ana", [one.clm01])
    with pytest.raises(NotKnown):
        resubmission.resubmit_claims(edge.ctx, edge.org, "ana", ["NOSUCH"])
    assert flow.rung == []


def test_after_some_tries_a_person_is_asked_and_may_send_it_alone(flow, answers, edge):
    edge.ctx = replace(edge.ctx, limits=replace(edge.ctx.limits, submissions_per_claim=2))
    claims, number = answers.out(3, claims_per_set=3)
    for bad in claims[:2]:
        answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
        number = flow.go_on()
    assert flow.states(claims) == ["REJECTED"] * 3
    assert edge.open_exceptions() == ["set_rejected", "set_rejected", "tries_exhausted"]
    assert "has gone 2 times" in flow.reason("tries_exhausted")
    resubmission.resubmit_claims(edge.ctx, edge.org, "ana", [claims[2].clm01])
    assert edge.open_exceptions() == ["set_rejected"] * 2
    answers.come(reply(flow.go_on(), "A", ("0001", "A")))
    assert flow.submissions(claims[2]) == [(1, "SET_REJECTED"), (2, "SET_REJECTED"), (3, "SET_ACCEPTED")]
    assert flow.folds() == []


def test_a_file_that_never_left_is_no_try(flow, answers, edge, decide):
    edge.ctx = replace(edge.ctx, limits=replace(edge.ctx.limits, submissions_per_claim=3))
    [bad, worse, paid, one], number = answers.out(4, claims_per_set=4)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    flow.go_on(stages=2)
    edge.money.remit(decide(paid, paid.charge_cents))  # its file is voided, and the others get another
    answers.come(reply(flow.go_on(), "R", ("0001", "R", [at(5, claim=worse.clm01)])))
    assert flow.submissions(one) == [(1, "SET_REJECTED"), (2, "WITHDRAWN"), (3, "SET_REJECTED")]
    assert flow.state(one) == "VALIDATED"
    assert "tries_exhausted" not in edge.open_exceptions()


def test_what_cannot_be_written_any_more_is_not_called_unsent(flow, answers, edge):
    """It has left once and is billed: new content under its id is refused, so a person mends the cause and sends it."""
    [one, bad], number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    edge.run("UPDATE billing_provider SET valid_to = '2001-01-01'")
    flow.go_on()
    assert flow.states([one, bad]) == ["REJECTED", "REJECTED"]
    assert edge.open_exceptions() == ["set_rejected", "edit_failed"]
    edge.run("UPDATE billing_provider SET valid_to = NULL")
    resubmission.resubmit_claims(edge.ctx, edge.org, "ana", [one.clm01])
    assert edge.open_exceptions() == ["set_rejected"]
    flow.go_on()
    assert flow.submissions(one) == [(1, "SET_REJECTED"), (2, "WITHDRAWN"), (3, "IN_FILE")]
    assert flow.folds() == []


# -- decided before it goes again --------------------------------------------------------------------------------------
HOW_FAR = {"not yet bundled": 0, "bundled": 1, "rendered": 2}
AFTER_ALL = {
    "the payer pays": (lambda flow, one, decide: flow.edge.money.remit(decide(one, one.charge_cents)), "PAID"),
    "the payer denies": (
        lambda flow, one, decide: flow.edge.money.remit(decide(one, 0, ("CO", "29", one.charge_cents), status="4")),
        "DENIED",
    ),
    "a 277CA accepts": (
        lambda flow, one, _: flow.answers.come(report(claim(one.clm01), batch=flow.batch)),
        "HELD",
    ),
    "a 277CA accepts and echoes nothing": (lambda flow, one, _: flow.answers.come(report(claim(one.clm01))), "HELD"),
}


@pytest.mark.parametrize("far", HOW_FAR)
@pytest.mark.parametrize("told", AFTER_ALL)
def test_what_the_partner_turns_out_to_have_does_not_go_again(flow, answers, edge, decide, told, far):
    """A claim sent twice is a fraud in a payer's eyes: whatever comes before the further try leaves stops it."""
    [bad, one, two], number = answers.out(3, claims_per_set=3)
    flow.batch = f"{number:09d}-0001"
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    flow.go_on(stages=HOW_FAR[far])
    tell, state = AFTER_ALL[told]
    tell(flow, one, decide)
    assert flow.state(one) == state
    last = flow.go_on()
    assert [s[1] for s in flow.sent_set(last).segments if s[0] == "CLM"] == [two.clm01]
    assert flow.states([bad, one, two]) == ["REJECTED", state, "SUBMITTED"]
    out = edge.rows("SELECT claims, state FROM outbound_file WHERE kind = '837P' ORDER BY id")
    assert [row.state for row in out][-1] == "SENT"
    assert ("VOIDED" in [row.state for row in out]) is (far == "rendered")
    assert "IN_FILE" not in [s for _, s in flow.submissions(one)]
    assert "unexpected_decision" not in edge.open_exceptions()
    assert flow.folds() == []


@pytest.mark.parametrize("told", AFTER_ALL)
def test_a_file_that_was_begun_and_is_invisible_yet_is_still_here(flow, answers, edge, decide, told):
    """A partner that is full keeps a file in STAGING for days; what comes meanwhile stops it as before, and is not its."""
    [bad, one, two], number = answers.out(3, claims_per_set=3)
    flow.batch = f"{number:09d}-0001"
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    flow.go_on(stages=2)
    edge.partner.at(1, "before", NoSpace("invented"))
    file_id = edge.value("SELECT max(id) FROM outbound_file")
    edge.run("UPDATE mailbox SET last_sent_at = NULL")
    with pytest.raises(TryLater):
        upload(edge.ctx, edge.org, file_id)
    assert edge.state(file_id) == "STAGING"
    tell, state = AFTER_ALL[told]
    tell(flow, one, decide)
    first = "ADJUDICATED" if state != "HELD" else "SET_REJECTED"
    assert (flow.state(one), flow.submissions(one)) == (state, [(1, first), (2, "IN_FILE")])
    edge.let_leases_end()
    last = flow.go_on()
    assert [s[1] for s in flow.sent_set(last).segments if s[0] == "CLM"] == [two.clm01]
    assert edge.states() == ["REJECTED", "VOIDED", "SENT"]
    assert flow.submissions(one) == [(1, first), (2, "WITHDRAWN")]
    assert flow.folds() == []


def test_what_may_have_arrived_before_is_not_sent_a_third_time(flow, answers, edge):
    """The first try is called accepted when the second has left; the second is lost for another's fault."""
    [bad, worse, one], number = answers.out(3, claims_per_set=3)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    again = flow.go_on()
    answers.come(report(claim(one.clm01), batch=f"{number:09d}-0001"))
    assert flow.state(one) == "SUBMITTED"
    assert edge.open_exceptions() == ["set_rejected", "contradictory_answer"]
    answers.come(reply(again, "R", ("0001", "R", [at(5, claim=worse.clm01)])))
    assert flow.states([bad, worse, one]) == ["REJECTED", "REJECTED", "HELD"]
    assert flow.go_on() == again
    assert edge.open_exceptions() == ["set_rejected", "contradictory_answer", "set_rejected"]
    resubmission.resubmit_claims(edge.ctx, edge.org, "ana", [one.clm01])
    assert flow.go_on() == again + 1
    assert flow.folds() == []


def test_a_file_that_holds_decided_claims_only_never_leaves(flow, answers, edge, decide):
    [bad, one], number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    flow.go_on(stages=2)
    edge.money.remit(decide(one, one.charge_cents))
    flow.go_on()
    assert edge.states() == ["REJECTED", "VOIDED"]
    assert flow.submissions(one) == [(1, "ADJUDICATED"), (2, "WITHDRAWN")]
    assert edge.rows("SELECT 1 FROM due_work WHERE stage IN ('bundle', 'render', 'upload')") == []
    assert flow.folds() == []


def test_money_and_bundle_at_once_never_send_a_paid_claim(flow, answers, edge, decide):
    """Four rounds of both together: whichever wins, the claim is paid and no file that leaves holds it."""
    for _ in range(4):
        [bad, one], number = answers.out(2, claims_per_set=2)
        answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
        lot = edge.value("SELECT lot_id FROM claim WHERE id = :c", c=one.id)
        era = edge.money.store("x12:835", edge.money.era(decide(one, one.charge_cents), trace=f"T{number}"))
        at_once(
            [lambda era=era: edge.money.take_in(era), lambda lot=lot: bundle(edge.ctx, edge.org, lot)],
            leaving=(TryLater,),
        )
        edge.money.take_in(era)
        flow.go_on()
        assert flow.state(one) == "PAID"
        assert {state for _, state in flow.submissions(one)} <= {"ADJUDICATED", "WITHDRAWN"}
    assert flow.folds() == []


def test_a_claim_held_by_doubt_goes_by_name_only(flow, answers, edge):
    [bad, one], number = answers.out(2, claims_per_set=2)
    flow.batch = f"{number:09d}-0001"
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    answers.come(report(claim(one.clm01), batch=flow.batch))
    assert flow.state(one) == "HELD"
    assert "is held" in flow.reason("contradictory_answer")
    assert "`claimrail resubmit" in flow.reason("contradictory_answer")
    flow.go_on()
    assert flow.submissions(one) == [(1, "SET_REJECTED")]
    resubmission.resubmit_claims(edge.ctx, edge.org, "ana", [one.clm01])
    flow.go_on()
    assert flow.submissions(one) == [(1, "SET_REJECTED"), (2, "IN_FILE")]


@pytest.mark.parametrize("how", ["at fault", "held"])
def test_what_waited_for_a_person_is_settled_when_the_payer_decides(flow, answers, edge, decide, how):
    [one], number = answers.out(1)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=one.clm01)] if how == "at fault" else [])))
    assert edge.open_exceptions() == ["set_rejected" if how == "at fault" else "file_rejected"]
    edge.money.remit(decide(one, one.charge_cents))
    assert (flow.state(one), edge.open_exceptions()) == ("PAID", [])
