"""Taking apart: a rejected set costs the claims at fault and nobody else, once, whatever else is said of it."""

import pytest
from at_once import at_once
from x12_replies import BAD, at, claim, envelope, reply, report, ta1

from edi.x12.sets.t999 import ElementError
from edi.x12.syntax.envelope import write_interchange
from pipeline.domain.errors import TryLater
from pipeline.services import mailboxes, resubmission
from pipeline.services.story import story
from pipeline.stages.acknowledge import acknowledge

HI = ElementError(element=1, component=2, data_element="1271", code="7", value="NOT TOLD")


# -- at fault and not --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("by", ["name", "position"])
def test_the_claim_at_fault_goes_to_the_biller_and_the_rest_again(flow, answers, edge, by):
    claims, number = answers.out(3, claims_per_set=3)
    one, bad, three = claims
    where = flow.position(number, bad.clm01)
    error = at(where, "HI", claim=bad.clm01 if by == "name" else None, elements=[HI])
    answers.come(reply(number, "R", ("0001", "R", [error])))
    assert flow.states(claims) == ["VALIDATED", "REJECTED", "VALIDATED"]
    assert edge.open_exceptions() == ["set_rejected"]
    assert f"segment {where} HI in loop 2300: an element of it is wrong (IK304 8)" in flow.reason("set_rejected")
    assert "HI01-2 holds a code that is not valid (IK403 7)" in flow.reason("set_rejected")
    assert "NOT TOLD" not in flow.reason("set_rejected")
    [lot] = {row.lot_id for row in edge.rows("SELECT lot_id FROM claim WHERE state = 'VALIDATED'")}
    assert flow.rung == [("bundle", [lot])]
    assert edge.due("bundle", lot) is not None

    again = flow.go_on()
    assert flow.states(claims) == ["SUBMITTED", "REJECTED", "SUBMITTED"]
    assert flow.submissions(one) == flow.submissions(three) == [(1, "SET_REJECTED"), (2, "IN_FILE")]
    assert flow.submissions(bad) == [(1, "SET_REJECTED")]
    first, second = flow.sent_set(number), flow.sent_set(again)
    assert [s[1] for s in second.segments if s[0] == "CLM"] == [one.clm01, three.clm01]
    assert second.segments[1][3] == f"{again:09d}-0001" != first.segments[1][3]
    assert first.interchange != second.interchange
    answers.come(reply(again, "A", ("0001", "A")))
    assert flow.submissions(one) == [(1, "SET_REJECTED"), (2, "SET_ACCEPTED")]
    assert flow.folds() == []


def test_what_goes_again_is_billed_once(flow, answers, edge):
    claims, number = answers.out(2, claims_per_set=2)
    before = edge.value("SELECT count(*) FROM journal")
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=claims[0].clm01)])))
    flow.go_on()
    assert edge.value("SELECT count(*) FROM journal") == before


def test_sets_beside_it_are_left_alone(flow, answers, edge):
    claims, number = answers.out(4, claims_per_set=2)
    answers.come(reply(number, "P", ("0001", "A"), ("0002", "R", [at(5, claim=claims[2].clm01)]), included=2))
    assert flow.states(claims) == ["SUBMITTED", "SUBMITTED", "REJECTED", "VALIDATED"]
    apart = edge.rows("SELECT control_number AS n FROM transaction_set WHERE taken_apart_at IS NOT NULL")
    assert [row.n for row in apart] == ["0002"]
    assert edge.states() == ["ACCEPTED"]


def test_all_of_a_set_at_fault_leaves_nothing_to_send(flow, answers, edge):
    claims, number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=c.clm01) for c in claims])))
    assert flow.states(claims) == ["REJECTED", "REJECTED"]
    assert flow.rung == []
    assert edge.open_exceptions() == ["set_rejected"] * 2


def test_the_story_tells_whose_fault_it_was_and_that_the_claim_goes_again(flow, answers, edge):
    [one, bad], number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    flow.go_on()
    told = [(e.subject, e.what, e.detail or "") for e in story(edge.ctx, edge.org, "ana", one.clm01).events]
    [again] = [detail for subject, what, detail in told if (subject, what) == ("claim v1", "sent again")]
    assert again == (f"set 0001 of file {number:09d} was rejected for {bad.clm01}; this claim goes again as try 2")
    assert [subject for subject, what, _ in told if what == "bundled" and "submission" in subject] == [
        "submission 1",
        "submission 2",
    ]
    assert any(what == "set rejected" and "999 set 0001 R 5" in detail for _, what, detail in told)


# -- once --------------------------------------------------------------------------------------------------------------
def test_the_same_rejection_twice_takes_apart_once(flow, answers, edge):
    [bad, _good], number = answers.out(2, claims_per_set=2)
    data = ("0001", "R", [at(5, claim=bad.clm01)])
    file_id = answers.come(reply(number, "R", data))
    before = flow.counts()
    acknowledge(edge.ctx, edge.org, file_id)
    answers.come(reply(number, "R", data, control=77))
    assert flow.counts() == before
    flow.go_on()
    before = flow.counts()
    answers.come(reply(number, "R", data, control=78))  # late: the claim has gone again by now
    assert flow.counts() == before
    assert flow.folds() == []


def test_doubled_at_once_it_takes_apart_once(flow, answers, edge):
    claims, number = answers.out(6, claims_per_set=3)
    sets = [("0001", "R", [at(5, claim=claims[0].clm01)]), ("0002", "R", [at(5, claim=claims[5].clm01)])]
    files = [answers.store(reply(number, "R", *sets, control=70 + n, included=2)) for n in range(3)]
    at_once(
        [lambda file_id=file_id: acknowledge(edge.ctx, edge.org, file_id) for file_id in files * 2], leaving=(TryLater,)
    )
    for file_id in files:
        acknowledge(edge.ctx, edge.org, file_id)
    assert edge.value("SELECT count(*) FROM history WHERE event = 'sent_again'") == 4
    assert len(flow.rung) == 1
    assert edge.open_exceptions() == ["set_rejected"] * 2
    flow.go_on()
    assert edge.value("SELECT count(*) FROM submission") == 10
    assert flow.folds() == []


def test_a_break_in_the_middle_leaves_nothing_and_the_next_try_does_it_all(flow, answers, edge, monkeypatch):
    from pipeline.stages import apart

    claims, number = answers.out(2, claims_per_set=2)
    file_id = answers.store(reply(number, "R", ("0001", "R", [at(5, claim=claims[0].clm01)])))
    before = flow.counts()
    with monkeypatch.context() as patched:
        patched.setattr(apart.work, "put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            acknowledge(edge.ctx, edge.org, file_id)
    assert flow.counts() == before
    acknowledge(edge.ctx, edge.org, file_id)
    assert flow.states(claims) == ["REJECTED", "VALIDATED"]


def test_an_answer_to_the_first_try_leaves_the_second_alone(flow, answers, edge):
    [one, bad], number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=bad.clm01)])))
    flow.go_on()
    answers.come(reply(number, "A", ("0001", "A"), control=77))
    assert flow.submissions(one) == [(1, "SET_REJECTED"), (2, "IN_FILE")]
    assert flow.states([one, bad]) == ["SUBMITTED", "REJECTED"]
    assert edge.open_exceptions().count("contradictory_answer") == 3  # the file and both claims


# -- against the evidence ----------------------------------------------------------------------------------------------
SHOWS = {
    "an id of the clearinghouse": lambda flow, one, _: flow.edge.run(
        "UPDATE submission SET clearinghouse_id = 'OA1' WHERE claim_id = :c", c=one.id
    ),
    "a 277CA that accepts": lambda flow, one, _: flow.answers.come(report(claim(one.clm01))),
    "a 277CA that rejects": lambda flow, one, _: flow.answers.come(report(claim(one.clm01, BAD))),
    "an 835": lambda flow, one, decide: flow.edge.money.remit(decide(one, one.charge_cents)),
}


@pytest.mark.parametrize("shows", SHOWS)
def test_a_set_in_which_one_claim_was_taken_in_is_not_taken_apart(flow, answers, edge, decide, shows):
    claims, number = answers.out(3, claims_per_set=3)
    SHOWS[shows](flow, claims[0], decide)
    before, told = flow.states(claims), edge.open_exceptions()
    answers.come(reply(number, "R", ("0001", "R", [at(5, claim=claims[1].clm01)])))
    assert flow.states(claims) == before
    assert before[1:] == ["SUBMITTED"] * 2
    assert "SET_REJECTED" not in answers.submissions()
    assert edge.open_exceptions() == [*told, *["contradictory_answer"] * 3]
    assert flow.rung == []
    late = edge.rows("SELECT detail FROM history WHERE event = 'late_answer'")
    assert [row.detail for row in late] == ["set_rejected"] * 3
    assert flow.folds() == []


def test_a_rejection_and_an_acceptance_at_once_never_take_half_of_a_set(flow, answers, edge):
    """Whichever is first counts for all of the set; the other one denies it."""
    claims, number = answers.out(6, claims_per_set=3)
    sets = [("0001", "R", [at(5, claim=claims[0].clm01)]), ("0002", "R", [at(5, claim=claims[3].clm01)])]
    files = [
        answers.store(reply(number, "R", *sets, included=2)),
        answers.store(report(claim(claims[1].clm01))),
        answers.store(report(claim(claims[5].clm01), number=2)),
    ]
    at_once(
        [lambda file_id=file_id: acknowledge(edge.ctx, edge.org, file_id) for file_id in files], leaving=(TryLater,)
    )
    for file_id in files:
        acknowledge(edge.ctx, edge.org, file_id)
    states = answers.submissions()
    for of_set in (states[:3], states[3:6]):
        assert of_set == ["SET_REJECTED"] * 3 or "SET_REJECTED" not in of_set
    assert edge.open_exceptions().count("contradictory_answer") >= 2
    assert flow.folds() == []


# -- held --------------------------------------------------------------------------------------------------------------
OUTSIDE = {
    "a header": [at(4, "NM1", loop="1000")],
    "the billing provider": [at(9, "N4", loop="2010")],
    "no reason at all": [],
    "a claim and the header": [at(30), at(4, "NM1", loop="1000")],
}


@pytest.mark.parametrize("fault", OUTSIDE)
def test_a_fault_of_no_claim_is_not_halved(flow, answers, edge, fault):
    claims, number = answers.out(2, claims_per_set=2)
    answers.come(reply(number, "R", ("0001", "R", OUTSIDE[fault])))
    assert flow.states(claims) == ["HELD", "HELD"]
    assert edge.open_exceptions() == ["file_rejected"]
    assert flow.rung == []
    assert edge.value("SELECT bundling_pause FROM mailbox WHERE name = 'clearinghouse'") is not None
    assert edge.value("SELECT money_cents FROM work_exception") == sum(c.charge_cents for c in claims)
    assert flow.folds() == []


@pytest.mark.parametrize(
    "data",
    [
        lambda number: write_interchange(envelope(1), [], [ta1(number, "R", "006")]),
        lambda number: reply(number, "R"),
        lambda number: reply(number, "R", ("0001", "R"), ("0002", "R"), reasons=["5"], included=2),
    ],
    ids=["TA1", "a group without sets", "a group with a reason of its own"],
)
def test_a_refused_interchange_or_group_is_held(flow, answers, edge, data):
    claims, number = answers.out(4, claims_per_set=2)
    answers.come(data(number))
    assert flow.states(claims) == ["HELD"] * 4
    assert edge.open_exceptions() == ["file_rejected"]


@pytest.mark.parametrize(("sets", "rejected", "held"), [(4, 3, True), (6, 3, False), (3, 3, True), (2, 2, False)])
def test_most_sets_of_a_file_rejected_are_held(flow, answers, edge, sets, rejected, held):
    claims, number = answers.out(2 * sets, claims_per_set=2)
    verdicts = [
        (f"{n + 1:04d}", "R", [at(5, claim=claims[2 * n].clm01)]) if n < rejected else (f"{n + 1:04d}", "A")
        for n in range(sets)
    ]
    answers.come(reply(number, "P" if rejected < sets else "R", *verdicts, included=sets))
    lost = flow.states(claims[: 2 * rejected])
    assert lost == (["HELD", "HELD"] if held else ["REJECTED", "VALIDATED"]) * rejected
    assert flow.states(claims[2 * rejected :]) == ["SUBMITTED"] * 2 * (sets - rejected)
    assert ("file_rejected" in edge.open_exceptions()) is held


def test_what_a_person_sent_again_is_taken_apart_however_many_sets_are_rejected(flow, answers, edge):
    """Three sets, a faulty claim in each: held once, or else they would be held at every try."""
    claims, number = answers.out(6, claims_per_set=2)
    faulty = claims[::2]

    def verdicts():
        return [(f"{n:04d}", "R", [at(5, claim=one.clm01)]) for n, one in enumerate(faulty, start=1)]

    answers.come(reply(number, "R", *verdicts(), included=3))
    assert flow.states(claims) == ["HELD"] * 6
    assert "then their sets are taken apart" in flow.reason("file_rejected")
    mailboxes.resume(edge.ctx, edge.org, "ana", "clearinghouse")
    resubmission.resubmit_claims(edge.ctx, edge.org, "ana", [one.clm01 for one in claims])
    answers.come(reply(flow.go_on(), "R", *verdicts(), included=3))
    assert flow.states(claims) == ["REJECTED", "VALIDATED"] * 3
    assert edge.open_exceptions() == ["set_rejected"] * 3


def test_while_bundling_pauses_lots_wait_and_answers_are_taken(flow, answers, edge):
    held, number = answers.out(1)
    answers.come(reply(number, "R"))
    with pytest.raises(AssertionError, match="must pass"):
        edge.money.claims(1, edge.document)  # it gets no file
    [lot] = {row.lot_id for row in edge.rows("SELECT lot_id FROM claim WHERE state = 'VALIDATED'")}
    assert edge.due("bundle", lot) > 60
    assert flow.go_on() == number
    mailboxes.check(edge.ctx, edge.org, "ana", "clearinghouse")
    assert flow.go_on() == number  # a good login says nothing of files
    mailboxes.resume(edge.ctx, edge.org, "ana", "clearinghouse")
    assert edge.due("bundle", lot) <= 0
    assert flow.go_on() == number + 1
    assert flow.state(held[0]) == "HELD"
