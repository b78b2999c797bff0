"""What waits too long, and why: each cause on its own, the order between them, windows and a batch's word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.states import TABLES, Kind
from pipeline.domain.watching import (
    NOT_LET_IN,
    UNDECIDED,
    Unanswered,
    Waiting,
    Word,
    awaiting_reason,
    batch_status,
    diagnose,
    window,
    window_reason,
)
from pipeline.stages.outside import DIAGNOSES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SILENCE = timedelta(hours=72)
FILE = Unanswered(
    ref="O12",
    name="837P_000000012.txt",
    mailbox="clearinghouse",
    upload_folder="inbound",
    state="SENT",
    due=NOW - timedelta(hours=80),
    sent=NOW - timedelta(hours=79),
    enabled=True,
    moved=False,
    pause_reason=None,
    broken_off=False,
    failure=None,
    stopped=None,
    fetched=True,
)
NOT_SENT = replace(FILE, state="RESERVED", sent=None, fetched=False)


# -- files ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"pause_reason": "login_refused"}, "login_refused", "refuses our login"),
        ({"pause_reason": "host_key_changed"}, "host_key_changed", "another host key"),
        ({"pause_reason": "unreachable"}, "unreachable", "cannot be reached"),
        ({"pause_reason": "refused"}, "refused", "rights and quota"),
        ({"pause_reason": "folder_missing"}, "folder_missing", "folders of mailbox clearinghouse"),
        ({"pause_reason": "of a later release"}, "of a later release", "is paused"),
        ({"enabled": False}, "held", "--enable"),
        ({"moved": True}, "installation_moved", "claimrail adopt"),
        ({"stopped": "mode_mismatch"}, "mode_mismatch", "its exception mode_mismatch keeps it here"),
        ({"broken_off": True}, "broken_off", "break off"),
        ({"failure": "stage_failed"}, "stage_failed", "its upload fails (stage_failed)"),
        ({}, "waits", "no worker runs"),
    ],
)
@pytest.mark.parametrize("state", ["RESERVED", "STAGING", "STAGED", "RENAMING"])
def test_a_file_that_is_not_sent_says_what_keeps_it(changes, code, words, state):
    found = diagnose(replace(NOT_SENT, state=state, **changes), NOW, SILENCE)
    assert found.code == code
    assert found.told.startswith("it is not sent: ")
    assert words in f"{found.told}; {found.cure}"
    assert found.cure.endswith("it goes by itself once the connection is good")


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({}, "silent", "account paused or unpaid"),
        ({"fetched": False}, "not_fetched", "nobody has looked for its answers"),
        ({"pause_reason": "login_refused"}, "login_refused", "answers cannot be fetched"),
        ({"enabled": False}, "held", "answers cannot be fetched"),
        ({"moved": True}, "installation_moved", "answers cannot be fetched"),
        ({"sent": NOW - timedelta(hours=71)}, "sent_late", "not overdue yet"),
        ({"sent": None}, "silent", "account paused or unpaid"),
        ({"state": "UNKNOWN"}, "upload_unknown", "whether it was sent is not known"),
    ],
)
def test_a_file_that_left_says_where_its_answer_is_lost(changes, code, words):
    found = diagnose(replace(FILE, **changes), NOW, SILENCE)
    assert found.code == code
    assert words in f"{found.told}; {found.cure}"


def test_the_silent_one_says_what_to_ask_about():
    found = diagnose(FILE, NOW, SILENCE)
    assert FILE.name in found.cure
    assert "'inbound'" in found.cure


def test_every_reason_for_a_pause_has_its_words():
    assert set(NOT_LET_IN) == {code for code, _, _ in DIAGNOSES.values()}


def test_the_reason_does_not_change_with_the_hour():
    texts = {awaiting_reason(FILE, diagnose(FILE, NOW + timedelta(hours=hours), SILENCE)) for hours in (0, 1, 100)}
    assert len(texts) == 1


# -- claims -----------------------------------------------------------------------------------------------------------
def waiting(state="CLEARINGHOUSE_ACCEPTED", sent_d=0.0, accepted_d=None, answered_d=None):
    at = lambda days: None if days is None else NOW + timedelta(days=days)  # noqa: E731
    return Waiting(state=state, sent=at(sent_d), accepted=at(accepted_d), answered=at(answered_d))


def ends_d(one):
    """Days from sending to the end of the window: 7 for a status, 30 for a decision."""
    return (window(one, 7, 30).ends - NOW) / timedelta(days=1)


@pytest.mark.parametrize("state", ["IN_FILE", "SET_ACCEPTED", "CLEARINGHOUSE_ACCEPTED"])
def test_before_a_payer_has_it_a_status_is_awaited_from_sending(state):
    assert window(waiting(state), 7, 30).awaits == "status"
    assert ends_d(waiting(state)) == 7


def test_once_a_payer_has_it_only_the_decision_is_awaited_from_then():
    assert window(waiting("PAYER_ACCEPTED", accepted_d=2), 7, 30).awaits == "decision"
    assert ends_d(waiting("PAYER_ACCEPTED", accepted_d=2)) == 32
    assert ends_d(waiting("PAYER_ACCEPTED")) == 30  # nobody noted when


@pytest.mark.parametrize(("answered_d", "ends"), [(1, 7), (6.9, 7), (7, 7), (8, 15), (20, 27)])
def test_an_answer_within_the_window_does_not_prolong_it_and_one_after_it_begins_it_anew(answered_d, ends):
    assert ends_d(waiting(answered_d=answered_d)) == ends


@pytest.mark.parametrize("state", sorted({s for s, _ in TABLES[Kind.SUBMISSION]} - {"", *UNDECIDED}))
def test_what_is_settled_has_no_window(state):
    assert window(waiting(state), 7, 30) is None


def test_the_reason_names_the_clearinghouses_number():
    assert "(OA claim id 4711)" in window_reason(window(waiting(), 7, 30), "4711")
    assert "OA claim id" not in window_reason(window(waiting(), 7, 30), None)
    assert "no remittance came within 30 days" in window_reason(window(waiting("PAYER_ACCEPTED"), 7, 30), None)


# -- a batch's word ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "submissions", "answered", "word", "rejected"),
    [
        ("BUNDLED", {"IN_FILE": 3}, False, "AWAITING", 0),
        ("RESERVED", {"IN_FILE": 3}, False, "AWAITING", 0),
        ("SENT", {"IN_FILE": 3}, False, "AWAITING", 0),
        ("SENT", {"IN_FILE": 3}, True, "SENT", 0),
        ("ACCEPTED", {"IN_FILE": 1, "SET_ACCEPTED": 2}, True, "SENT", 0),
        ("SENT", {"IN_FILE": 1, "PAYER_ACCEPTED": 2}, False, "SENT", 0),
        ("ACCEPTED", {"SET_ACCEPTED": 2}, True, "SENT", 0),
        ("ACCEPTED", {"CLEARINGHOUSE_ACCEPTED": 1, "ADJUDICATED": 2}, True, "ACCEPTED", 0),
        ("ACCEPTED", {"PAYER_ACCEPTED": 1, "ADJUDICATED": 2, "PAYER_REJECTED": 1}, True, "PAYER_ACCEPTED", 1),
        ("ACCEPTED", {"ADJUDICATED": 2, "WITHDRAWN": 1}, True, "DECIDED", 0),
        ("ACCEPTED", {"SET_REJECTED": 2, "CLEARINGHOUSE_REJECTED": 1}, True, "REJECTED", 3),
        ("REJECTED", {}, True, "REJECTED", 0),
        ("VOIDED", {"WITHDRAWN": 2}, False, "VOIDED", 0),
        ("RESERVED", {}, False, "AWAITING", 0),
    ],
)
def test_a_batch_is_called_after_the_least_advanced_of_its_claims(state, submissions, answered, word, rejected):
    found = batch_status(state, submissions, answered=answered)
    assert (found.word, found.rejected) == (word, rejected)


_STATES = sorted(set(TABLES[Kind.SUBMISSION].values()))


@given(st.dictionaries(st.sampled_from(_STATES), st.integers(0, 3)), st.booleans(), st.sampled_from(_STATES))
def test_one_more_claim_never_makes_a_batch_look_further_on(submissions, answered, more):
    order = [*Word]
    before = batch_status("ACCEPTED", submissions, answered=answered)
    after = batch_status("ACCEPTED", {**submissions, more: submissions.get(more, 0) + 1}, answered=True)
    live = any(count for state, count in submissions.items() if not state.endswith("REJECTED") and state != "WITHDRAWN")
    if live and before.word is not Word.AWAITING:
        assert order.index(after.word) <= order.index(before.word)
    assert after.rejected >= before.rejected
