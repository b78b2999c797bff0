"""The transition tables: closed, refused outside their arrows, and never down the ladder."""

import pytest

from pipeline.domain.states import CLAIM_FINAL, NEW, TABLES, Kind, after, arrows, fold

TERMINAL = {
    Kind.CLAIM: {"VOIDED"},
    Kind.SUBMISSION: {"WITHDRAWN", "ADJUDICATED"},
    Kind.FILE: {"VOIDED", "ACCEPTED", "REJECTED"},
    Kind.REMITTANCE: {"UNBALANCED", "DUPLICATE", "CONFLICT"},
    Kind.DEPOSIT: {"TAKEN_BACK", "TAKING_BACK"},
    Kind.PAYMENT: {"DENIED", "VOIDED", "REVERSED"},
    Kind.INQUIRY: {"ANSWERED"},
    Kind.DETAILS: {"REFUSED", "REPLACED", "FAILED"},
    Kind.INBOUND: {"APPLIED", "QUARANTINED"},
}
LADDER = ["IN_FILE", "SET_ACCEPTED", "CLEARINGHOUSE_ACCEPTED", "PAYER_ACCEPTED", "ADJUDICATED"]
REFUSALS = {"SET_REJECTED", "CLEARINGHOUSE_REJECTED", "PAYER_REJECTED"}


def moves(kind):
    """The arrows that lead elsewhere; an event that is only noted leads back to its own state."""
    return [(source, event, target) for (source, event), target in TABLES[kind].items() if source != target]


def states(kind):
    table = TABLES[kind]
    return {source for source, _ in table} - {NEW} | set(table.values())


@pytest.mark.parametrize("kind", list(Kind))
def test_every_state_can_be_reached_from_nothing(kind):
    reached, table = {NEW}, TABLES[kind]
    while more := {target for (source, _), target in table.items() if source in reached} - reached:
        reached |= more
    assert reached - {NEW} == states(kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_terminal_states_are_exactly_those_without_an_arrow_out(kind):
    assert states(kind) - {source for source, _, _ in moves(kind)} == TERMINAL[kind]


@pytest.mark.parametrize("kind", list(Kind))
def test_after_and_arrows_say_the_same(kind):
    for (source, event), target in TABLES[kind].items():
        assert after(kind, source, event) == target
        if source != NEW:
            assert arrows(kind, event)[source] == target


@pytest.mark.parametrize("kind", list(Kind))
def test_an_arrow_that_is_absent_is_refused(kind):
    events = {event for _, event in TABLES[kind]}
    for state in states(kind) | {NEW}:
        for event in {*events, "no such event"}:
            if (state, event) not in TABLES[kind]:
                with pytest.raises(ValueError, match="no arrow"):
                    after(kind, state, event)


@pytest.mark.parametrize("event", ["stored", "no such event"])
def test_an_event_that_moves_no_row_is_refused(event):
    with pytest.raises(ValueError, match="moves no claim"):
        arrows(Kind.CLAIM, event)


def test_a_history_folds_to_its_state_and_stops_at_the_first_absent_arrow():
    told = ["readied", "validated", "bundled", "paid", "reversed", "partly_paid"]
    assert fold(Kind.CLAIM, told) == "PARTLY_PAID"
    assert fold(Kind.CLAIM, []) == NEW
    with pytest.raises(ValueError, match="'READY' does not take 'paid'"):
        fold(Kind.CLAIM, ["readied", "paid"])


def test_no_answer_takes_a_submission_down_the_ladder():
    rank = {state: rung for rung, state in enumerate(LADDER)}
    for source, event, target in moves(Kind.SUBMISSION):
        if source in rank and target in rank:
            assert rank[target] > rank[source], (source, event)


def test_after_a_refusal_only_money_moves_a_submission():
    for source, event, target in moves(Kind.SUBMISSION):
        if source in REFUSALS:
            assert (event, target) == ("adjudicated", "ADJUDICATED")


def test_a_set_is_not_rejected_after_it_was_accepted():
    assert list(arrows(Kind.SUBMISSION, "set_rejected")) == ["IN_FILE"]


def test_no_arrow_leads_a_file_back_once_its_bytes_lie_at_the_partner():
    order = ["BUNDLED", "RESERVED", "STAGING", "STAGED", "RENAMING", "SENT"]
    for source, event, target in moves(Kind.FILE):
        if source in order[3:] and target in order:
            assert order.index(target) > order.index(source), event
        assert not (source in {"SENT", "UNKNOWN", "ACCEPTED", "REJECTED"} and target in order[:5]), event


def test_a_claim_that_waits_for_a_person_or_nobody_is_a_state_of_the_table():
    assert set(CLAIM_FINAL) <= states(Kind.CLAIM)


@pytest.mark.parametrize("state", ["DRAFT", "READY", "EDIT_FAILED", "SET_ASIDE"])
def test_new_content_makes_a_draft_of_what_never_left(state):
    assert after(Kind.CLAIM, state, "redrafted") == "DRAFT"


@pytest.mark.parametrize("state", ["VALIDATED", "SUBMITTED", "REJECTED", "PAID"])
def test_new_content_is_refused_for_what_is_under_way(state):
    with pytest.raises(ValueError, match="no arrow"):
        after(Kind.CLAIM, state, "redrafted")
