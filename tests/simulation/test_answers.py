"""Thousands of ways in which answers, messages, workers and people can cross: no claim is lost, none goes twice."""

import random

import pytest
from answers_rows import Claim, Submission
from answers_world import World
from hypothesis import given, settings
from hypothesis import strategies as st
from upload_world import Wrong

from pipeline.domain import answering, states
from pipeline.domain.answering import Belief, Denial, Part
from pipeline.domain.states import TABLES, Kind

RUNS = 10_000
BY_ANSWERS = {
    "sent_again", "unplaced", "held", "doubted", "resubmitted", "rejected", "paid", "partly_paid", "denied", "reversed",
}  # fmt: skip
NOT_BY_ANSWERS = {
    # After a restore, or since an earlier payer took back what a later one's claim was made of.
    *((state, "held") for state in ("READY", "EDIT_FAILED", "SET_ASIDE", "VALIDATED")),
    # Further versions are no business of these schedules.
    ("REPLACED", "reversed"), ("VOIDED", "reversed"),
} | {
    # A second decision that takes nothing back is the ledger's business: it is told, and moves nothing.
    (state, event) for state in ("PAID", "PARTLY_PAID", "DENIED") for event in ("paid", "partly_paid", "denied")
}  # fmt: skip


# Each shows a fault that the product had, or a guard below that is left out, which chance alone is slow to show.
KEPT = [
    bytes.fromhex(told)
    for told in (
        "a774156f001841f1559996c8",
        "0d6a449e0018c2a275dc2b1727f9cddb8050eb91166e44622ed4",
        "b71007edcd61d29e8ecb972a2c1af1493e64c1a3341b58b7b34b63",
        "c28ba475aa07b13e",
        "86ca6bd60f735496aec399b9af623937d9b76b25e2",
        "1bf384b79edec464",
    )
]


def schedules(count, seed=20261126):
    rng = random.Random(seed)
    return (rng.randbytes(rng.randrange(20, 200)) for _ in range(count))


def went_along(kind, history):
    """The arrows of a history, as (state, event)."""
    state, arrows = states.NEW, set()
    for event in history:
        arrows.add((state, event))
        state = TABLES[kind][state, event]
    return arrows


def test_whatever_crosses_each_claim_is_decided_or_a_person_is_told_and_none_goes_twice():
    ends, claims, submissions = set(), set(), set()
    for schedule in schedules(RUNS):
        for claim in World(schedule).run().claims:
            ends.add(claim.state)
            claims |= went_along(Kind.CLAIM, claim.history)
            for one in claim.tries:
                submissions |= went_along(Kind.SUBMISSION, one.history)
    assert ends == {"PAID", "PARTLY_PAID", "DENIED", "REJECTED", "HELD", "SUBMITTED"}
    # The schedules go along every arrow that answers use, else they would prove little.
    # One is no answer's: what a replacement called the claim is noted as its file is made.
    assert set(TABLES[Kind.SUBMISSION]) - submissions == {("IN_FILE", "named")}
    used = {(state, event) for state, event in TABLES[Kind.CLAIM] if event in BY_ANSWERS}
    assert used - claims == NOT_BY_ANSWERS


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.binary(max_size=160))
def test_no_schedule_that_hypothesis_thinks_of_breaks_a_promise(schedule):
    World(schedule).run()


def test_the_same_schedule_tells_the_same_story():
    for schedule in schedules(50):
        assert World(schedule).run().trace == World(schedule).run().trace


# -- a guard left out is found ----------------------------------------------------------------------------------------
def _always(patch, name, value):
    patch.setattr(answering, name, lambda *_, **__: value)


def _with(patch, name, change):
    """Calls the real decision with some of what it is told replaced."""
    real = getattr(answering, name)
    patch.setattr(answering, name, lambda *told, **given: real(*told, **given | change))


def _in_place_of(patch, name, taken, given):
    """One outcome of a decision is taken for another."""
    real = getattr(answering, name)
    patch.setattr(answering, name, lambda *a, **k: given if real(*a, **k) is taken else real(*a, **k))


def _a_refused_group_holds_accepted_sets(patch):
    real = answering.of_group
    patch.setattr(answering, "of_group", lambda code, sets: real("A" if code == "R" else code, sets))


def _a_refused_group_is_judged_by_its_sets_alone(patch):
    _always(patch, "set_by_set", True)


def _a_file_is_not_looked_at_for_contradictions(patch):
    _always(patch, "denies_file", False)


def _a_rejection_is_believed_against_evidence(patch):
    _in_place_of(patch, "belief", Belief.DENIED, Belief.STANDS)


def _a_denied_rejection_is_only_late(patch):
    _in_place_of(patch, "belief", Belief.DENIED, Belief.LATE)


def _a_rejection_is_believed_as_often_as_it_comes(patch):
    _in_place_of(patch, "belief", Belief.LATE, Belief.STANDS)


def _a_number_of_theirs_shows_nothing(patch):
    _with(patch, "taken_in", {"identified": False})


def _a_state_shows_nothing(patch):
    patch.setattr(answering, "taken_in", lambda _state, *, identified: identified)


def _most_sets_of_a_file_are_taken_apart(patch):
    _always(patch, "most_rejected", False)


def _a_fault_outside_of_claims_is_taken_apart(patch):
    _with(patch, "held", {"outside": False})


def _who_is_at_fault_goes_again(patch):
    _with(patch, "part", {"at_fault": False})


def _who_may_have_arrived_goes_again(patch):
    _with(patch, "part", {"doubtful": False})


def _tries_have_no_end(patch):
    _in_place_of(patch, "part", Part.EXHAUSTED, Part.AGAIN)


def _a_file_that_never_left_counts_as_a_try(patch):
    patch.setattr(Submission, "tries", property(lambda self: self.attempt))


def _nobody_is_told_of_a_denial(patch):
    _always(patch, "denial", Denial.NOTHING)


def _what_is_doubted_goes(patch):
    _in_place_of(patch, "denial", Denial.DOUBTED, Denial.TOLD)


def _what_is_bundled_is_taken_for_gone(patch):
    _with(patch, "still_here", {"file_here": False})


def _what_is_begun_is_taken_for_gone(patch):
    _with(patch, "here", {"direct": True})


def _what_is_decided_or_held_leaves(patch):
    _always(patch, "wanted", True)


def _a_clearinghouse_settles_what_a_payer_asks(patch):
    _always(patch, "settles", ("clearinghouse", "payer"))


def _a_person_may_send_what_is_out(patch):
    _always(patch, "sendable", True)


def _what_may_have_arrived_is_sent_with_its_file(patch):
    patch.setattr(Claim, "doubtful", False)


def _a_try_that_is_still_here_is_answered(patch):
    latest = lambda _self, claim, _file=None: max(  # noqa: E731
        (one for one in claim.tries if one.state != "WITHDRAWN"), key=lambda one: one.attempt, default=None
    )
    patch.setattr(World, "meant", latest)


def _a_reversal_does_not_wait_for_its_original(patch):
    patch.setattr(World, "early", lambda *_: False)


def _a_remittance_counts_as_often_as_it_comes(patch):
    patch.setattr(World, "posted_before", lambda *_: False)


def _files_are_made_while_a_person_is_asked(patch):
    patch.setattr(World, "waits", lambda *_: False)


def _a_submission_climbs_down(patch):
    patch.setitem(TABLES[Kind.SUBMISSION], ("PAYER_ACCEPTED", "set_accepted"), "SET_ACCEPTED")


def _no_sweep(patch):
    patch.setattr(World, "sweep", lambda _self: None)


def _work_is_done_when_it_is_rung_for(patch):
    real = World.sweep

    def sweep(self):
        real(self)
        for work in self.messages:
            self.due.pop(work, None)

    patch.setattr(World, "sweep", sweep)


def run_all(count):
    for schedule in (*KEPT, *schedules(count)):
        World(schedule).run()


GUARDS = [
    _a_refused_group_holds_accepted_sets,
    _a_refused_group_is_judged_by_its_sets_alone,
    _a_file_is_not_looked_at_for_contradictions,
    _a_rejection_is_believed_against_evidence,
    _a_denied_rejection_is_only_late,
    _a_rejection_is_believed_as_often_as_it_comes,
    _a_number_of_theirs_shows_nothing,
    _a_state_shows_nothing,
    _most_sets_of_a_file_are_taken_apart,
    _a_fault_outside_of_claims_is_taken_apart,
    _who_is_at_fault_goes_again,
    _who_may_have_arrived_goes_again,
    _tries_have_no_end,
    _a_file_that_never_left_counts_as_a_try,
    _nobody_is_told_of_a_denial,
    _what_is_doubted_goes,
    _what_is_bundled_is_taken_for_gone,
    _what_is_begun_is_taken_for_gone,
    _what_is_decided_or_held_leaves,
    _a_clearinghouse_settles_what_a_payer_asks,
    _a_person_may_send_what_is_out,
    _what_may_have_arrived_is_sent_with_its_file,
    _a_try_that_is_still_here_is_answered,
    _a_reversal_does_not_wait_for_its_original,
    _a_remittance_counts_as_often_as_it_comes,
    _files_are_made_while_a_person_is_asked,
    _a_submission_climbs_down,
    _no_sweep,
    _work_is_done_when_it_is_rung_for,
]


@pytest.mark.parametrize("leave_out", GUARDS, ids=lambda guard: guard.__name__.strip("_").replace("_", " "))
def test_a_guard_that_is_left_out_is_found(monkeypatch, leave_out):
    leave_out(monkeypatch)
    with pytest.raises(Wrong):
        run_all(20_000)


def test_that_an_answer_is_for_the_latest_try_is_a_second_lock(monkeypatch):
    """Without it nothing breaks while the tables hold: a claim has an earlier try only where that was rejected."""
    _with(monkeypatch, "part", {"latest": True})
    _with(monkeypatch, "claim_follows", {"latest": True})
    run_all(3_000)
