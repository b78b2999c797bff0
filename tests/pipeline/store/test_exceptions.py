"""What the flow raises and closes, and what stays away because a person has resolved it."""

from datetime import timedelta

import pytest

from pipeline.store import desk, exceptions
from pipeline.store.exceptions import Raise

LASTS, NEVER, NEWS = "login_refused", "deposit_amount_differs", "unexpected_return"


class Queue:
    """One tenant's queue as the flow and a person change it; each step is a transaction of its own."""

    def __init__(self, product, org):
        self.ctx = product.context
        self.org = org

    def raised(self, type_, subject_id=1, reason="invented", **more):
        with self.ctx.tenant(self.org, "test") as tx:
            exceptions.open_all(tx, [Raise(type_, "thing", subject_id, reason, **more)])

    def ended(self, *types, subjects=(1,)):
        with self.ctx.tenant(self.org, "test") as tx:
            return exceptions.close(tx, types, "thing", subjects, "it is over")

    def by_hand(self, action="resolve"):
        """A person resolves all that is open, or reopens the newest that is not."""
        with self.ctx.database.tenant(self.org, "ana") as tx:
            if action == "resolve":
                ids = [row.id for row in tx.rows("SELECT id FROM work_exception WHERE state = 'OPEN'")]
                desk.resolve(tx, ids, "by ana")
            else:
                ids = [tx.value("SELECT max(id) FROM work_exception WHERE state = 'RESOLVED'")]
                desk.reopen(tx, ids)
            desk.write_notes(tx, action, ids, "looked at")

    def open(self):
        with self.ctx.tenant(self.org, "test") as tx:
            return [row.reason for row in tx.rows("SELECT reason FROM work_exception WHERE state = 'OPEN' ORDER BY id")]

    def row(self, columns):
        with self.ctx.tenant(self.org, "test") as tx:
            return tx.first(f"SELECT {columns} FROM work_exception ORDER BY id DESC LIMIT 1")


@pytest.fixture
def queue(product, org):
    return Queue(product, org)


def test_the_table_gives_weight_and_date_by_business_time(queue):
    queue.ctx.clock.advance(10 * 86_400)
    before = queue.ctx.clock.now()
    queue.raised("unreachable")
    row = queue.row("severity, due_at, created_at")
    assert row.severity == "warning"
    assert before + timedelta(hours=8) <= row.due_at <= queue.ctx.clock.now() + timedelta(hours=8)
    assert row.created_at < before


def test_what_weighs_less_than_others_of_its_type_says_so(queue):
    queue.raised("restored_doubt", severity="warning")
    assert queue.row("severity").severity == "warning"


def test_a_type_without_a_date_has_none(queue):
    queue.raised("claim_forwarded")
    assert queue.row("due_at").due_at is None


def test_an_unknown_type_is_refused(queue):
    with pytest.raises(ValueError, match="nonsense"):
        queue.raised("nonsense")
    assert queue.open() == []


def test_one_row_stands_for_type_and_subject_with_its_first_reason(queue):
    queue.raised(NEWS, reason="first")
    queue.raised(NEWS, reason="second")
    assert queue.open() == ["first"]


def test_what_happens_anew_is_raised_anew(queue):
    queue.raised(NEWS)
    queue.by_hand()
    queue.raised(NEWS)
    assert queue.open() == ["invented"]


@pytest.mark.parametrize("type_", [LASTS, NEVER])
def test_a_state_that_was_resolved_is_not_raised_at_the_next_look(queue, type_):
    queue.raised(type_)
    queue.by_hand()
    queue.raised(type_)
    queue.raised(type_)
    assert queue.open() == []
    queue.raised(type_, subject_id=2)  # another's is
    assert queue.open() == ["invented"]


def test_another_reason_is_another_cause_where_a_state_may_come_again(queue):
    for type_ in (LASTS, NEVER):
        queue.raised(type_)
    queue.by_hand()
    for type_ in (LASTS, NEVER):
        queue.raised(type_, reason=f"{type_} differently")
    assert queue.open() == [f"{LASTS} differently"]


def test_a_state_that_ended_and_came_back_is_raised(queue):
    queue.raised(LASTS)
    queue.by_hand()
    assert queue.ended(LASTS, "host_key_changed") == 0
    queue.ended(LASTS)
    queue.raised(LASTS)
    assert queue.open() == ["invented"]
    with queue.ctx.tenant(queue.org, "test") as tx:
        notes = desk.notes(tx, [1])
    assert [(note.action, note.actor) for note in notes] == [("resolve", "ana"), ("ended", "system:test")]


def test_the_end_of_one_subjects_state_is_no_others(queue):
    queue.raised(LASTS, subject_id=1)
    queue.raised(LASTS, subject_id=2)
    queue.by_hand()
    queue.ended(LASTS, subjects=[2])
    queue.raised(LASTS, subject_id=1)
    assert queue.open() == []
    queue.raised(LASTS, subject_id=2)
    assert queue.open() == ["invented"]


def test_what_the_flow_closed_is_raised_anew(queue):
    for type_ in (LASTS, NEVER):
        queue.raised(type_)
        assert queue.ended(type_) == 1
        queue.raised(type_)
    assert queue.open() == ["invented"] * 2


def test_reopened_by_a_person_and_then_ended_it_is_as_if_nobody_had_resolved_it(queue):
    queue.raised(LASTS)
    queue.by_hand()
    queue.by_hand("reopen")
    queue.raised(LASTS)
    assert queue.open() == ["invented"]
    queue.ended(LASTS)
    queue.raised(LASTS)
    assert queue.open() == ["invented"]
    assert queue.row("id").id > 1


def test_resolved_twice_and_never_ended_it_stays_away(queue):
    queue.raised(LASTS)
    queue.by_hand()
    queue.by_hand("reopen")
    queue.by_hand()
    queue.raised(LASTS)
    assert queue.open() == []


def test_a_neighbours_word_is_the_neighbours(queue, product, neighbour):
    other = Queue(product, neighbour)
    other.raised(NEVER)
    other.by_hand()
    queue.raised(NEVER)
    assert (queue.open(), other.open()) == (["invented"], [])


def test_of_many_raised_together_only_the_resolved_are_left_out(queue):
    queue.raised(NEVER, subject_id=2)
    queue.by_hand()
    with queue.ctx.tenant(queue.org, "test") as tx:
        exceptions.open_all(
            tx, [Raise(NEVER, "thing", i, f"no. {i}") for i in (1, 2, 3)] + [Raise(NEWS, "thing", 2, "new")]
        )
    assert queue.open() == ["no. 1", "no. 3", "new"]
