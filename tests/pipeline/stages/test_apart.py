"""Taking apart: a rejected set costs the claims at fault and nobody else, once, whatever else is said of it."""

import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from x12_replies import BAD, at, claim, envelope, reply, report, ta1

from edi.x12.sets.t999 import ElementError
from edi.x12.syntax.document import TransactionSet
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from pipeline.domain.errors import Conflict, NotKnown, TryLater
from pipeline.services import mailboxes, resubmission
from pipeline.services.story import story
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.stages.upload import upload
from pipeline.store import reports

HI = ElementError(element=1, component=2, data_element="1271", code="7", value="NOT TOLD")


class Flow:
    """Claims that are out in sets, a 999 that rejects some, and the stages run until nothing is due."""

    def __init__(self, answers, edge):
        self.answers, self.edge = answers, edge
        self.rung = []
        edge.ctx = replace(edge.ctx, ring=lambda stage, _org, ids: self.rung.append((stage, list(ids))))

    def go_on(self, stages=None):
        """Bundles, renders and uploads whatever waits; gives the control number of the last file.

        Up to `stages` of these, once; without, until nothing is due at once.
        """
        while True:
            self._round(stages)
            now = "SELECT EXISTS (SELECT 1 FROM due_work WHERE stage = 'bundle' AND due_at <= now())"
            if stages is not None or not self.edge.value(now):
                return self.edge.value("SELECT max(control_number) FROM outbound_file WHERE kind = '837P'")

    def _round(self, stages):
        for stage, run in (("bundle", bundle), ("render", render), ("upload", upload))[:stages]:
            for row in self.edge.rows("SELECT subject_id AS i FROM due_work WHERE stage = :s ORDER BY 1", s=stage):
                self.edge.run("UPDATE mailbox SET last_sent_at = NULL")
                run(self.edge.ctx, self.edge.org, row.i)

    def sent_set(self, number, control="0001"):
        """A set as its bytes have it."""
        file_id = self.edge.value("SELECT id FROM outbound_file WHERE control_number = :n AND kind = '837P'", n=number)
        sets: list[TransactionSet] = read(self.edge.bytes_of(file_id)).sets
        return next(one for one in sets if one.control_number == control)

    def position(self, number, clm01, segment="HI", control="0001"):
        """The number of the claim's first such segment in its set."""
        segments = self.sent_set(number, control).segments
        start = next(i for i, s in enumerate(segments) if s[:2] == ["CLM", clm01])
        return next(i for i, s in enumerate(segments[start:], start + 1) if s[0] == segment)

    def submissions(self, claim):
        rows = self.edge.rows("SELECT attempt, state FROM submission WHERE claim_id = :c ORDER BY attempt", c=claim.id)
        return [tuple(row) for row in rows]

    def state(self, one):
        return self.edge.value("SELECT state FROM claim WHERE id = :c", c=one.id)

    def states(self, claims):
        return [self.state(one) for one in claims]

    def reason(self, type_):
        return self.edge.value("SELECT reason FROM work_exception WHERE type = :t ORDER BY id LIMIT 1", t=type_)

    def counts(self):
        """Everything that a repeated answer must leave alone; late answers may be noted."""
        return [
            self.edge.value(f"SELECT count(*) FROM {table}")
            for table in ("submission", "lot", "outbound_file", "journal", "work_exception")
        ] + [self.edge.value("SELECT count(*) FROM history WHERE event <> 'late_answer' AND subject_kind <> 'inbound'")]

    def folds(self):
        with self.edge.tx() as tx:
            return reports.folds(tx)


def at_once(jobs):
    """Runs them all together; one that must be tried again is left to its caller."""
    start = threading.Barrier(len(jobs))

    def work(job):
        start.wait()
        with suppress(TryLater):
            job()

    threads = [threading.Thread(target=work, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def flow(answers, edge):
    return Flow(answers, edge)


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
    at_once([lambda file_id=file_id: acknowledge(edge.ctx, edge.org, file_id) for file_id in files * 2])
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
    at_once([lambda file_id=file_id: acknowledge(edge.ctx, edge.org, file_id) for file_id in files])
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
        at_once([lambda era=era: edge.money.take_in(era), lambda lot=lot: bundle(edge.ctx, edge.org, lot)])
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
