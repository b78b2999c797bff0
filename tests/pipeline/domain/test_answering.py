"""What follows from an answer, case by case; how the cases cross is tried by tests/simulation/test_answers.py."""

import pytest

from pipeline.domain import answering
from pipeline.domain.answering import Belief, Denial, OfGroup, Part


@pytest.mark.parametrize(
    ("code", "sets", "expected"),
    [
        ("A", [], OfGroup(refused=False, event="accepted")),
        ("A", [True, True], OfGroup(refused=False, event="accepted")),
        ("P", [True, False], OfGroup(refused=False, event="accepted")),
        ("P", [False, False], OfGroup(refused=False, event=None)),
        ("R", [True], OfGroup(refused=True, event="rejected")),
        ("M", [], OfGroup(refused=True, event="rejected")),
    ],
)
def test_the_verdict_on_a_group_stands_above_those_on_its_sets(code, sets, expected):
    assert answering.of_group(code, sets) == expected


@pytest.mark.parametrize(
    ("reasons", "answered", "rejected", "sent", "expected"),
    [(False, 2, 2, 2, True), (True, 2, 2, 2, False), (False, 2, 1, 2, False), (False, 2, 2, 3, False)],
)
def test_a_group_that_is_refused_for_its_sets_is_judged_set_by_set(reasons, answered, rejected, sent, expected):
    assert answering.set_by_set(reasons=reasons, answered=answered, rejected=rejected, sent=sent) is expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([("IN_FILE", False), ("IN_FILE", False)], Belief.STANDS),
        ([("SET_REJECTED", False)], Belief.LATE),
        ([("IN_FILE", False), ("CLEARINGHOUSE_ACCEPTED", True)], Belief.DENIED),
        ([("IN_FILE", True)], Belief.DENIED),
        ([], Belief.LATE),
    ],
)
def test_a_rejection_is_believed_once_and_not_against_evidence(members, expected):
    assert answering.belief(members) is expected


@pytest.mark.parametrize("state", ["SET_ACCEPTED", "CLEARINGHOUSE_REJECTED", "PAYER_REJECTED", "ADJUDICATED"])
def test_whoever_says_anything_of_a_claim_has_it(state):
    assert answering.taken_in(state, identified=False)
    assert not answering.taken_in("IN_FILE", identified=False)
    assert answering.taken_in("IN_FILE", identified=True)


@pytest.mark.parametrize(
    ("sent", "rejected", "by_a_person", "expected"),
    [(4, 3, False, True), (6, 3, False, False), (2, 2, False, False), (3, 3, True, False)],
)
def test_most_sets_of_a_file(sent, rejected, by_a_person, expected):
    told = answering.most_rejected(sent=sent, rejected=rejected, by_a_person=by_a_person, held_from=3)
    assert told is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Part.AGAIN),
        ({"latest": False, "at_fault": True}, Part.ELSEWHERE),
        ({"at_fault": True, "doubtful": True}, Part.AT_FAULT),
        ({"doubtful": True, "tries": 4}, Part.DOUBTED),
        ({"tries": 3}, Part.AGAIN),
        ({"tries": 4}, Part.EXHAUSTED),
    ],
)
def test_where_a_member_of_a_lost_set_falls(given, expected):
    plain = {"latest": True, "at_fault": False, "doubtful": False, "tries": 1, "most_tries": 4}
    assert answering.part(**plain | given) is expected


@pytest.mark.parametrize(
    ("state", "event", "moved", "expected"),
    [
        ("SET_REJECTED", "clearinghouse_accepted", False, Denial.DOUBTED),
        ("SET_REJECTED", "clearinghouse_rejected", False, Denial.NOTHING),
        ("PAYER_ACCEPTED", "clearinghouse_rejected", False, Denial.TOLD),
        ("PAYER_REJECTED", "clearinghouse_accepted", False, Denial.NOTHING),
        ("PAYER_ACCEPTED", "payer_rejected", True, Denial.NOTHING),
    ],
)
def test_an_answer_that_denies_an_earlier_one(state, event, moved, expected):
    assert answering.denial(state, event, moved=moved) is expected


@pytest.mark.parametrize(
    ("state", "direct", "expected"),
    [
        ("BUNDLED", False, True),
        ("RESERVED", True, True),
        ("VOIDED", False, True),
        ("STAGING", False, True),
        ("STAGING", True, False),
        ("STAGED", False, False),
        ("RENAMING", False, False),
        ("UNKNOWN", True, False),
    ],
)
def test_what_a_partner_cannot_have(state, direct, expected):
    assert answering.here(state, direct=direct) is expected
    assert answering.still_here("SUBMITTED", file_here=expected) is expected
    assert answering.still_here("VALIDATED", file_here=False)


def test_a_payer_settles_more_than_a_clearinghouse():
    assert answering.settles("clearinghouse") == ("clearinghouse",)
    assert set(answering.settles("payer")) == {"clearinghouse", "payer"}


@pytest.mark.parametrize(
    ("claim", "last", "named", "expected"),
    [
        ("HELD", "SET_REJECTED", False, True),
        ("REJECTED", "SET_REJECTED", False, True),
        ("REJECTED", "CLEARINGHOUSE_REJECTED", False, False),
        ("HELD", "IN_FILE", False, False),
        ("HELD", "IN_FILE", True, True),
        ("PAID", "SET_REJECTED", True, False),
    ],
)
def test_what_a_person_may_send_again(claim, last, named, expected):
    assert answering.sendable(claim, last, named_outside=named) is expected
