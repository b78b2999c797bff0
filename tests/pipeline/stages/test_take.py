"""take: every claim that waits comes into one lot, whoever looks and whoever writes meanwhile."""

import threading
from collections import Counter
from dataclasses import replace

import pytest
from at_once import at_once

from pipeline.services import intake
from pipeline.stages.context import Limits
from pipeline.stages.take import take


@pytest.fixture
def rung():
    return []


@pytest.fixture
def ctx(product, rung):
    """Lots of four, and a bell that writes down who rings."""

    def ring(stage, org_id, subject_ids):
        rung.append((stage, org_id, subject_ids))

    return replace(product.context, limits=replace(Limits(), lot_size=4), ring=ring)


@pytest.fixture
def submit(ctx, org, claim_document):
    def run(count, start=0, **options):
        documents = [claim_document(external_id=f"c{n}") for n in range(start, start + count)]
        return [receipt.claim_id for receipt in intake.submit(ctx, org, documents, "test", **options)]

    return run


def lots(ctx, org):
    """Lot of each claim, in the order of the claims."""
    with ctx.tenant(org, "test") as tx:
        return [row.lot_id for row in tx.rows("SELECT lot_id FROM claim ORDER BY id")]


def waits(ctx, org, stage="take"):
    with ctx.tenant(org, "test") as tx:
        return [
            row.subject_id for row in tx.rows("SELECT subject_id FROM due_work WHERE stage = :s ORDER BY 1", s=stage)
        ]


def test_claims_go_into_lots_of_the_size_that_is_set(ctx, org, submit, rung):
    submit(10)
    rung.clear()
    take(ctx, org, org)
    found = lots(ctx, org)
    assert sorted(Counter(found).values()) == [2, 4, 4]
    assert found == sorted(found)
    assert waits(ctx, org) == []
    assert waits(ctx, org, "validate") == sorted(set(found))
    assert rung == [("validate", org, [lot]) for lot in sorted(set(found))]


def test_after_some_lots_the_other_tenants_have_their_turn(ctx, org, submit, rung):
    ctx = replace(ctx, limits=replace(ctx.limits, lots_a_turn=2))
    submit(10)
    rung.clear()
    take(ctx, org, org)
    assert lots(ctx, org)[8:] == [None, None]
    assert [stage for stage, *_ in rung] == ["validate", "validate", "take"]
    with ctx.tenant(org, "test") as tx:
        assert tx.value("SELECT due_at <= now() FROM due_work WHERE stage = 'take'")  # the bell may be lost
    take(ctx, org, org)
    assert sorted(Counter(lots(ctx, org)).values()) == [2, 4, 4]
    assert waits(ctx, org) == []


def test_twice_takes_nothing_more(ctx, org, submit, rung):
    submit(3)
    take(ctx, org, org)
    before = lots(ctx, org)
    rung.clear()
    take(ctx, org, org)
    assert lots(ctx, org) == before
    assert rung == []


def test_nothing_that_waits_is_nothing_done(ctx, org):
    take(ctx, org, org)
    assert lots(ctx, org) == waits(ctx, org) == []


def test_lots_never_mix_tenants(ctx, org, neighbour, submit, claim_document):
    submit(2)
    intake.submit(ctx, neighbour, [claim_document()], "test")
    take(ctx, org, org)
    take(ctx, neighbour, neighbour)
    assert not set(lots(ctx, org)) & set(lots(ctx, neighbour))


def test_drafts_whose_event_is_lost_are_taken(ctx, org, submit):
    submit(5, ready=False)
    take(ctx, org, org)
    assert None not in lots(ctx, org)
    with ctx.tenant(org, "test") as tx:
        assert tx.value("SELECT array_agg(DISTINCT state) FROM claim") == ["READY"]
        assert tx.value("SELECT count(*) FROM history WHERE event = 'readied' AND actor = 'system:take'") == 5


def test_a_claim_stored_while_take_runs_is_not_forgotten(ctx, org, submit, claim_document):
    """Its writer commits after take has looked: then its row in due_work is there again."""
    submit(1)
    stored, look = threading.Event(), threading.Event()

    def writer():
        from pipeline.domain.claim_reading import parse_claim
        from pipeline.store import work

        with ctx.tenant(org, "test") as tx:
            intake._store(tx, [parse_claim(claim_document(external_id="late"))], ready=True)
            stored.set()
            look.wait()
            work.put(tx, "take", [org], 0)

    thread = threading.Thread(target=writer)
    thread.start()
    stored.wait()
    take(ctx, org, org)
    look.set()
    thread.join()
    assert lots(ctx, org)[1] is None
    assert waits(ctx, org) == [org]
    take(ctx, org, org)
    assert None not in lots(ctx, org)
    assert waits(ctx, org) == []


def test_take_leaves_the_row_to_a_writer_that_holds_it(ctx, org, submit, claim_document):
    submit(1)
    with ctx.tenant(org, "test") as tx:
        from pipeline.store import work

        work.put(tx, "take", [org], 0)
        take(ctx, org, org)
    assert lots(ctx, org) == [None]
    assert waits(ctx, org) == [org]


def test_a_claim_that_another_transaction_holds_is_passed_over_and_taken_later(ctx, org, submit):
    """A replay locks the claim and writes nothing, so nobody rings for it again."""
    submit(2)
    with ctx.tenant(org, "test") as tx:
        tx.rows("SELECT id FROM claim ORDER BY id LIMIT 1 FOR UPDATE")
        take(ctx, org, org)
        assert [lot is None for lot in lots(ctx, org)] == [True, False]
    assert waits(ctx, org) == [org]
    take(ctx, org, org)
    assert None not in lots(ctx, org)
    assert waits(ctx, org) == []


def test_two_at_once_make_lots_apart(ctx, org, submit):
    submit(12)
    at_once([lambda: take(ctx, org, org)] * 3)
    take(ctx, org, org)
    assert sorted(Counter(lots(ctx, org)).values()) == [4, 4, 4]
    with ctx.tenant(org, "test") as tx:
        assert tx.value("SELECT count(*) FROM lot") == 3
