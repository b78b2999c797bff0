"""A restore or a clone is known by its identity, and sends nothing until it was adopted."""

from dataclasses import replace

import psycopg
import pytest
from psycopg import sql

from local.postgres import plain_url
from pipeline.bootstrap import Product, build, checked
from pipeline.services import intake
from pipeline.stages.bundle import bundle
from pipeline.stages.poll import poll
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.upload import upload
from pipeline.stages.validate import validate
from pipeline.store import installation

ALTERATIONS = {
    "another server": "system_identifier = '1'",
    "a promoted copy": "timeline = timeline + 1",
    "a copy under another name": "database_name = 'before'",
    "a dump loaded in its place": "database_oid = database_oid + 1",
}


@pytest.fixture
def recorded(database_urls):
    installation.record(database_urls[0], "test")
    return database_urls


def altered(urls, change):
    with psycopg.connect(plain_url(urls[0]), autocommit=True) as cx:
        cx.execute(f"UPDATE installation SET {change}")


def moved(product):
    with product.database.narrow() as tx:
        return installation.moved(tx)


def test_the_app_role_may_ask_which_server_it_is(product, recorded):
    with product.database.narrow() as tx:
        assert installation.recorded(tx) == installation.actual(tx)
        assert installation.actual(tx).database_name == recorded[1].rpartition("/")[2].partition("?")[0]


def test_without_a_record_nothing_is_held(product):
    with product.database.narrow() as tx:
        assert installation.recorded(tx) is None
    assert not moved(product)


def test_the_first_record_stands(product, recorded):
    altered(recorded, "system_identifier = '1'")
    installation.record(recorded[0], "another")
    assert moved(product)


@pytest.mark.parametrize("change", ALTERATIONS.values(), ids=ALTERATIONS.keys())
def test_a_restore_or_a_clone_is_noticed_and_may_be_adopted(product, recorded, change):
    assert not moved(product)
    altered(recorded, change)
    assert moved(product)
    installation.adopt(recorded[0])
    assert not moved(product)


def test_a_real_copy_beside_the_first_is_noticed(servers, settings, recorded):
    """What `CREATE DATABASE … TEMPLATE` makes, renamed in the place of the first."""
    name = recorded[0].rpartition("/")[2].partition("?")[0]
    with psycopg.connect(plain_url(servers.database_admin_url), autocommit=True) as cx:
        for statement in (
            "CREATE DATABASE copied TEMPLATE {}",
            "DROP DATABASE {}",
            "ALTER DATABASE copied RENAME TO {}",
        ):
            cx.execute(sql.SQL(statement).format(sql.Identifier(name)))
    built = build(settings)
    try:
        assert checked(built).context.held
    finally:
        built.close()


def test_adopting_where_nothing_was_recorded_changes_nothing(product, database_urls):
    installation.adopt(database_urls[0])
    with product.database.narrow() as tx:
        assert installation.recorded(tx) is None


# -- what is held -----------------------------------------------------------------------------------------------------
@pytest.fixture
def ready_file(product, org, claim_document):
    ctx = product.context
    intake.submit(ctx, org, [claim_document()], "test")
    take(ctx, org, org)
    with ctx.tenant(org, "test") as tx:
        lot = tx.value("SELECT max(id) FROM lot")
    for stage in (validate, bundle, render):
        stage(ctx, org, lot)
    with ctx.tenant(org, "test") as tx:
        return tx.value("SELECT id FROM outbound_file WHERE state = 'RESERVED'")


def restarted(product: Product) -> Product:
    """The product as a process that starts now has it."""
    return checked(Product(product.settings, replace(product.context, held=False)))


def test_nothing_goes_out_or_comes_in_until_it_is_adopted(product, org, recorded, ready_file, outside):
    outside["oa"].write("outbound", "answer.txt", b"whatever")
    altered(recorded, "timeline = timeline + 1")
    held = restarted(product).context
    assert held.held
    with held.tenant(org, "test") as tx:
        box = tx.value("SELECT id FROM mailbox WHERE kind = 'clearinghouse'")
    for _ in range(2):
        upload(held, org, ready_file)
        poll(held, org, box)
    assert outside["oa"].list("inbound") == outside["oa"].list("staging") == []
    with held.tenant(org, "test") as tx:
        assert tx.value("SELECT state FROM outbound_file WHERE id = :id", id=ready_file) == "RESERVED"
        assert tx.value("SELECT count(*) FROM inbound_file") == 0
        assert tx.value("SELECT count(*) FROM due_work WHERE stage IN ('upload', 'poll') AND due_at > now()") >= 2
        told = tx.rows("SELECT subject_kind, subject_id FROM work_exception WHERE type = :t", t=installation.MOVED)
    assert told == [("mailbox", box)]

    installation.adopt(recorded[0])
    free = restarted(product).context
    assert not free.held
    upload(free, org, ready_file)
    poll(free, org, box)
    assert len(outside["oa"].list("inbound")) == 1
    with free.tenant(org, "test") as tx:
        assert tx.value("SELECT count(*) FROM inbound_file") == 1
        assert tx.value("SELECT state FROM work_exception WHERE type = :t", t=installation.MOVED) == "RESOLVED"


def test_a_worker_looks_when_it_starts(monkeypatch, settings, recorded):
    from tasks import product as worker

    altered(recorded, "timeline = timeline + 1")
    monkeypatch.setattr(worker, "build", lambda ring: build(settings, ring=ring))
    monkeypatch.setattr(worker, "_built", None)
    try:
        assert worker.product().context.held
    finally:
        worker.product().close()
