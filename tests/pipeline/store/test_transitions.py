"""Compare-and-set: along the arrows, once, with its history."""

import threading
from itertools import chain

import pytest
from at_once import at_once

from pipeline.domain.states import Kind
from pipeline.services import intake
from pipeline.store import transitions


@pytest.fixture
def ids(product, org, claim_document):
    """Five claims in READY."""
    receipts = intake.submit(product.context, org, [claim_document(external_id=f"c{n}") for n in range(5)], "test")
    return [receipt.claim_id for receipt in receipts]


@pytest.fixture
def tx(product, org):
    with product.context.tenant(org, "test") as tx:
        yield tx


def states(tx, ids):
    found = {row.id: row.state for row in tx.rows("SELECT id, state FROM claim")}
    return [found[i] for i in ids]


def told(tx, event):
    return [row.subject_id for row in tx.rows("SELECT subject_id FROM history WHERE event = :e ORDER BY id", e=event)]


def test_rows_move_along_an_arrow_and_say_so(tx, ids):
    moved = transitions.move(tx, Kind.CLAIM, ids[:2], "validated", file_id=7, inbound_file_id=8, detail="why")
    assert moved == ids[:2]
    assert states(tx, ids) == ["VALIDATED", "VALIDATED", "READY", "READY", "READY"]
    row = tx.first("SELECT * FROM history WHERE event = 'validated' AND subject_id = :id", id=ids[0])
    assert (row.subject_kind, row.state, row.actor, row.file_id, row.inbound_file_id, row.detail) == (
        "claim", "VALIDATED", "system:test", 7, 8, "why",
    )  # fmt: skip


def test_twice_moves_nothing_more(tx, ids):
    assert transitions.move(tx, Kind.CLAIM, ids, "validated") == ids
    assert transitions.move(tx, Kind.CLAIM, ids, "validated") == []
    assert told(tx, "validated") == ids


def test_no_row_moves_where_there_is_no_arrow(tx, ids):
    assert transitions.move(tx, Kind.CLAIM, ids, "paid") == []
    assert states(tx, ids) == ["READY"] * 5
    assert told(tx, "paid") == []


@pytest.mark.parametrize("event", ["stored", "no such event"])
def test_an_event_without_arrows_is_a_bug(tx, ids, event):
    with pytest.raises(ValueError, match="no arrow"):
        transitions.move(tx, Kind.CLAIM, ids, event)


def test_rows_in_different_states_go_their_own_ways(tx, ids):
    transitions.move(tx, Kind.CLAIM, ids[:2], "edits_failed")
    transitions.move(tx, Kind.CLAIM, ids[2:3], "set_aside")
    transitions.move(tx, Kind.CLAIM, ids[3:4], "validated")
    assert transitions.move(tx, Kind.CLAIM, ids, "readied") == ids[:3]
    assert states(tx, ids) == ["READY", "READY", "READY", "VALIDATED", "READY"]


def test_ids_that_are_absent_or_given_twice_count_for_nothing(tx, ids):
    assert transitions.move(tx, Kind.CLAIM, [], "validated") == []
    assert transitions.move(tx, Kind.CLAIM, [10**9], "validated") == []
    assert transitions.move(tx, Kind.CLAIM, [ids[0], 10**9, ids[0]], "validated") == [ids[0]]
    assert told(tx, "validated") == [ids[0]]


def test_the_rows_of_another_tenant_stay(product, neighbour, ids):
    with product.context.tenant(neighbour, "test") as tx:
        assert transitions.move(tx, Kind.CLAIM, ids, "validated") == []


def test_columns_row_by_row_and_for_all(tx, ids):
    moved = transitions.move(
        tx, Kind.CLAIM, ids[::-1], "validated",
        each={"lot_id": ("bigint", [5, 4, 3, None, 1]), "payer_id": ("text", ["E", "D", None, "B", "A"])},
        assign="patient_paid_cents = :cents", cents=99,
    )  # fmt: skip
    assert moved == ids
    rows = tx.rows("SELECT lot_id, payer_id, patient_paid_cents FROM claim ORDER BY id")
    assert [row.lot_id for row in rows] == [1, None, 3, 4, 5]
    before = rows[2].payer_id
    assert [row.payer_id for row in rows] == ["A", "B", before, "D", "E"]
    assert before not in "ABDE"
    assert {row.patient_paid_cents for row in rows} == {99}


def test_a_condition_narrows(tx, ids):
    tx.run("UPDATE claim SET lot_id = 1 WHERE id = :id", id=ids[0])
    assert transitions.move(tx, Kind.CLAIM, ids, "validated", where="AND t.lot_id = :lot", lot=1) == ids[:1]


def test_what_is_rolled_back_leaves_no_history(product, org, ids):
    with pytest.raises(RuntimeError), product.context.tenant(org, "test") as tx:  # noqa: PT012 - all of it rolls back
        transitions.move(tx, Kind.CLAIM, ids, "validated")
        raise RuntimeError
    with product.context.tenant(org, "test") as tx:
        assert states(tx, ids) == ["READY"] * 5
        assert told(tx, "validated") == []


def test_two_at_once_move_each_row_once(product, org, ids):
    def run(order):
        with product.context.tenant(org, "test") as tx:
            return transitions.move(tx, Kind.CLAIM, order, "validated")

    moved = at_once([lambda order=order: run(order) for order in (ids, ids[::-1], ids[2:])])
    assert sorted(chain(*moved)) == ids
    with product.context.tenant(org, "test") as tx:
        assert sorted(told(tx, "validated")) == ids


def test_whoever_waited_sees_where_the_row_went(product, org, ids):
    """The second finds the row moved to a state that its event does not leave, and leaves it there."""
    moved, held, asked = [], threading.Event(), threading.Event()

    def second():
        held.wait()
        with product.context.tenant(org, "test") as tx:
            asked.set()
            moved.extend(transitions.move(tx, Kind.CLAIM, ids[:1], "validated"))

    thread = threading.Thread(target=second)
    thread.start()
    with product.context.tenant(org, "test") as tx:
        transitions.move(tx, Kind.CLAIM, ids[:1], "set_aside")
        held.set()
        asked.wait()
        while not tx.value("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)"):
            pass
    thread.join()
    assert moved == []
    with product.context.tenant(org, "test") as tx:
        assert states(tx, ids[:1]) == ["SET_ASIDE"]


def test_history_folds_to_the_state_of_each_row(tx, ids):
    from pipeline.domain.states import fold

    transitions.move(tx, Kind.CLAIM, ids[:3], "edits_failed")
    transitions.move(tx, Kind.CLAIM, ids[:1], "readied")
    for claim_id, state in zip(ids, states(tx, ids), strict=True):
        events = "SELECT event FROM history WHERE subject_kind = 'claim' AND subject_id = :id ORDER BY id"
        assert fold(Kind.CLAIM, [row.event for row in tx.rows(events, id=claim_id)]) == state
