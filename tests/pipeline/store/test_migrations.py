"""The migrations make what the models say, go down and up again, and wait for each other."""

import threading

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg import sql
from sqlalchemy import create_engine

from local.postgres import plain_url
from local.servers import drop_scratch_database, scratch_database
from pipeline.store import migrate
from pipeline.store.models import metadata

TABLES = (
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    " AND NOT relispartition AND relname <> 'alembic_version'"
)
PARTS = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"
LOCK = 4823001


@pytest.fixture
def empty(servers):
    yield scratch_database(servers, "migrating")
    drop_scratch_database(servers, "migrating")


def revision(url):
    engine = create_engine(url)
    with engine.connect() as cx:
        found = migrate.current(cx)
    engine.dispose()
    return found


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_the_migrations_make_what_the_models_say(migrated):
    engine = create_engine(migrated[0])
    with engine.connect() as cx:
        parts = {row[0] for row in cx.exec_driver_sql(PARTS)}  # made by the database as months go by
        options = {"compare_type": True, "include_name": lambda name, type_, _: type_ != "table" or name not in parts}
        differences = compare_metadata(MigrationContext.configure(cx, opts=options), metadata)
    engine.dispose()
    assert differences == []


def test_every_foreign_key_default_and_nullability_is_as_the_models_say(migrated):
    """What Alembic does not compare by itself."""
    with psycopg.connect(plain_url(migrated[0])) as cx:
        found = {
            (table, column): (nullable == "YES", default is not None)
            for table, column, nullable, default in cx.execute(
                "SELECT table_name, column_name, is_nullable, column_default FROM information_schema.columns"
                " JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'public'"
                f" AND table_type = 'BASE TABLE' AND table_name <> 'alembic_version' AND table_name NOT IN ({PARTS})"
            )
        }
    for table in metadata.sorted_tables:
        for column in table.columns:
            counted = column is table.autoincrement_column
            wanted = bool(column.nullable), (column.server_default is not None and not column.computed) or counted
            assert found.pop((table.name, column.name)) == wanted, column
    assert not found


def test_up_down_to_nothing_and_up_again(empty):
    owner, app = empty
    migrate.upgrade(owner, app)
    assert revision(owner) == migrate.head()
    migrate.upgrade(owner, app)  # nothing to do
    migrate.downgrade(owner, app, "base")
    assert revision(owner) is None
    with psycopg.connect(plain_url(owner)) as cx:
        assert cx.execute(TABLES).fetchone() == (0,)
        assert cx.execute("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace").fetchone() == (0,)
    migrate.upgrade(owner, app)
    with psycopg.connect(plain_url(app)) as cx:
        assert cx.execute("SELECT count(*) FROM claim").fetchone() == (0,)
        assert cx.execute(TABLES).fetchone() == (len(metadata.tables),)


def test_two_at_once_wait_for_each_other(empty):
    owner, app = empty
    failures = []

    def run():
        try:
            migrate.upgrade(owner, app)
        except Exception as error:
            failures.append(error)

    with psycopg.connect(plain_url(owner), autocommit=True) as held:
        held.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while held.execute(waiting).fetchone() != (2,):
            assert all(thread.is_alive() for thread in threads)
        assert held.execute(TABLES).fetchone() == (0,)
        held.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        for thread in threads:
            thread.join()
    assert not failures
    assert revision(owner) == migrate.head()


def test_a_migration_that_fails_leaves_nothing_and_holds_nobody_up(empty):
    owner, app = empty
    with pytest.raises(Exception, match="does not exist"):
        migrate.upgrade(owner, app.replace("claimrail_app@", "no_such_role@"))
    with psycopg.connect(plain_url(owner)) as cx:
        assert cx.execute(TABLES).fetchone() == (0,)
    migrate.upgrade(owner, app)
    assert revision(owner) == migrate.head()


def test_a_role_with_an_odd_name_gets_its_rights(servers, empty):
    owner, app = empty
    name = 'odd "role"'
    with psycopg.connect(plain_url(servers.database_admin_url), autocommit=True) as cx:
        cx.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    try:
        migrate.upgrade(owner, app.replace("claimrail_app@", "odd%20%22role%22@"))
        with psycopg.connect(plain_url(owner)) as cx:
            assert cx.execute("SELECT has_table_privilege(%s, 'claim', 'INSERT')", [name]).fetchone() == (True,)
    finally:
        drop_scratch_database(servers, "migrating")
        with psycopg.connect(plain_url(servers.database_admin_url), autocommit=True) as cx:
            cx.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_large_sealed_values_lie_out_of_line_as_they_are(migrated):
    with psycopg.connect(plain_url(migrated[0])) as cx:
        external = {
            (table, column)
            for table, column in cx.execute(
                "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                " WHERE c.relnamespace = 'public'::regnamespace AND a.attstorage = 'e'"
            )
        }
        months = [row[0] for row in cx.execute(PARTS) if row[0].startswith("inbound_content_")]
    bytes_in = {"inbound_content", "inbound_file", *months}
    assert len(months) > 2
    assert external >= {("claim", "document"), ("outbound_file", "content"), *((name, "content") for name in bytes_in)}
