"""Numbers that never repeat, whoever asks at the same time, as which tenant, and whoever gives up."""

import psycopg
import pytest
from at_once import at_once
from psycopg import sql
from sqlalchemy.exc import IntegrityError, ProgrammingError

from local.postgres import plain_url
from local.servers import drop_scratch_database, scratch_database
from pipeline.services import intake, mailboxes
from pipeline.stages.bundle import bundle
from pipeline.stages.take import take
from pipeline.stages.validate import validate
from pipeline.store import counters, migrate


def test_numbers_follow_each_other_by_series(product, org):
    with product.context.tenant(org, "test") as tx:
        assert [counters.take(tx, "a"), counters.take(tx, "a", 3), counters.take(tx, "a")] == [1, 2, 5]
        assert counters.take(tx, "b") == 1
        assert [counters.take(tx, "c", 2, start=100), counters.take(tx, "c", start=100)] == [100, 102]
        assert counters.take(tx, "c", 2, start=200) == 200


def test_tenants_draw_from_one_row(product, org, neighbour):
    drawn = []
    for tenant in (org, neighbour, org):
        with product.context.tenant(tenant, "test") as tx:
            drawn.append(counters.take(tx, "a", 5))
    assert drawn == [1, 6, 11]


def test_a_take_that_is_rolled_back_leaves_no_gap_and_nothing_twice(product, org):
    with product.context.tenant(org, "test") as tx:
        counters.take(tx, "a")
    with pytest.raises(RuntimeError), product.context.tenant(org, "test") as tx:  # noqa: PT012 - all of it rolls back
        assert counters.take(tx, "a", 10) == 2
        raise RuntimeError
    with product.context.tenant(org, "test") as tx:
        assert counters.take(tx, "a") == 2


def test_takes_at_once_by_two_tenants_never_overlap(product, org, neighbour):
    taken = []

    def run(tenant):
        for turn in range(10):
            try:
                with product.context.tenant(tenant, "test") as tx:
                    first = counters.take(tx, "a", 3)
                    turn // (turn - 4)  # the fifth gives up
            except ZeroDivisionError:
                continue
            taken.extend(range(first, first + 3))

    at_once([lambda tenant=tenant: run(tenant) for tenant in (org, neighbour) * 2])
    assert sorted(taken) == list(range(1, 109))


def test_a_series_never_falls_and_is_never_removed(product, org):
    with product.context.tenant(org, "test") as tx:
        counters.take(tx, "a", 5)
    with pytest.raises(IntegrityError, match="used twice"), product.context.tenant(org, "test") as tx:
        tx.run("UPDATE exchange_counter SET value = 4")
    with pytest.raises(ProgrammingError), product.context.tenant(org, "test") as tx:
        tx.run("DELETE FROM exchange_counter")


def test_a_series_is_passed_by_what_was_seen_and_a_margin(product, org):
    with product.context.tenant(org, "test") as tx:
        assert counters.pass_by(tx, "a", 40, 10) == 50
        assert counters.pass_by(tx, "a", 7, 10) == 60
        assert counters.take(tx, "a") == 61


def test_a_minute_has_36_modifiers_for_all_tenants_at_once(product, org, neighbour):
    found = []
    for turn in range(37):
        with product.context.tenant((org, neighbour)[turn % 2], "test") as tx:
            found.append(counters.take_modifier(tx, "x", 1000))
    assert found == [*counters.MODIFIERS, None]
    with product.context.tenant(org, "test") as tx:
        assert counters.take_modifier(tx, "x", 999) == "A"  # drawn by a clock that lags
        assert counters.take_modifier(tx, "x", 1001) == "A"
        assert counters.take_modifier(tx, "y", 1000) == "A"


def test_two_tenants_that_send_as_the_same_sender_get_numbers_apart(product, org, neighbour, claim_document):
    """What the clearinghouse would refuse as a duplicate (TA1 025) cannot arise: the pair has one row of numbers."""
    ctx = product.context
    jobs = []
    for tenant in (org, neighbour):
        mailboxes.change(ctx, tenant, "test", "clearinghouse", {"sender_id": "SAME", "claims_per_file": 1})
        for turn in range(3):
            intake.submit(ctx, tenant, [claim_document(external_id=f"{turn}-{n}") for n in range(4)], "test")
            take(ctx, tenant, tenant)
        with ctx.tenant(tenant, "test") as tx:
            lots = [row.id for row in tx.rows("SELECT id FROM lot ORDER BY id")]
        for lot in lots:
            validate(ctx, tenant, lot)
            jobs.append(lambda tenant=tenant, lot=lot: bundle(ctx, tenant, lot))
    at_once(jobs)
    numbers = []
    for tenant in (org, neighbour):
        with ctx.tenant(tenant, "test") as tx:
            mine = [row.control_number for row in tx.rows("SELECT control_number FROM outbound_file ORDER BY id")]
        assert len(mine) == 12
        numbers += mine
    assert sorted(numbers) == list(range(1, 25))


def test_the_migration_carries_on_where_the_tenants_had_come_to(servers):
    owner, app = scratch_database(servers, "carried")
    try:
        migrate.upgrade(owner, app, "0002")
        with psycopg.connect(plain_url(owner)) as cx:
            cx.execute("INSERT INTO org (slug) VALUES ('a'), ('b')")
            cx.execute(
                "INSERT INTO counter SELECT org_id, name, value FROM org, (VALUES ('isa:x', 7), ('trace|1', 9)) v(name, value)"
            )
            cx.execute("UPDATE counter SET value = 12 WHERE org_id = 2 AND name = 'isa:x'")
            cx.execute(
                "INSERT INTO mailbox (id, org_id, name, kind, mode, enabled, profile) VALUES (1, 1, 'b', 'bank', 'T', true, '')"
            )
            cx.execute(
                "INSERT INTO outbound_file (org_id, mailbox_id, kind, mode, exchange, control_number, name, state, amount_cents,"
                " business_at) SELECT 1, 1, 'ACH', 'T', 'x', n, n::text, 'SENT', 0, to_timestamp(600) FROM generate_series(1, 2) n"
            )
        migrate.upgrade(owner, app)
        with psycopg.connect(plain_url(owner)) as cx:
            series = dict(cx.execute(sql.SQL("SELECT series, value FROM exchange_counter")).fetchall())
        assert series == {"isa:x": 12, "trace|1": 9, "ach|x": 2, "minute|x|10": 2}
    finally:
        drop_scratch_database(servers, "carried")
