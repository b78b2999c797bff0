"""The one way to Postgres: what commits, what rolls back, and what an outage is called."""

import os
import re
import threading
import time

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from local.postgres import plain_url
from pipeline.domain.errors import Collision, TryLater
from pipeline.store.crypto import Keyring, SealBroken
from pipeline.store.database import Database

RING = Keyring({"k": bytes(32)}, "k")


@pytest.fixture
def database(settings, org):
    """A database handle with one connection and short limits."""
    made = Database(
        settings.database_url.get_secret_value(), Keyring(settings.wrapping_keys, settings.wrapping_key),
        pool_size=1, statement_timeout_s=0.1, lock_timeout_s=0.1, idle_timeout_s=0.5,
    )  # fmt: skip
    yield made
    made.dispose()


def test_a_block_that_ends_well_commits_and_one_that_fails_leaves_nothing(product, org):
    with product.context.tenant(org, "test") as tx:
        tx.run("INSERT INTO lot (org_id) VALUES (:org)", org=org)
    with pytest.raises(RuntimeError), product.context.tenant(org, "test") as tx:  # noqa: PT012 - all of it rolls back
        tx.run("INSERT INTO lot (org_id) VALUES (:org)", org=org)
        raise RuntimeError
    with product.context.tenant(org, "test") as tx:
        assert tx.value("SELECT count(*) FROM lot") == 1


def test_rows_values_and_counts(product, org):
    with product.context.tenant(org, "test") as tx:
        ids = tx.ids("lot", 3)
        assert len(set(ids)) == 3
        assert tx.insert("lot", {"id": ("bigint", ids)}) == 3
        assert [row.id for row in tx.rows("SELECT id FROM lot ORDER BY id")] == sorted(ids)
        assert tx.first("SELECT id FROM lot WHERE id = :id", id=-1) is None
        assert tx.value("SELECT id FROM lot WHERE id = :id", id=-1) is None
        assert tx.run("UPDATE lot SET created_at = now()") == 3
        assert tx.insert("lot", {"id": ("bigint", ids)}, conflict="ON CONFLICT DO NOTHING") == 0


@pytest.mark.parametrize(
    "name", ["", "plain", "NULL", "null", '"', "\\", '{a,"b"}', "line\nline", "Zoë ☂", " ", "100% %s", ":org"]
)
def test_text_goes_through_arrays_as_it_is(product, org, name):
    with product.context.tenant(org, "test") as tx:
        columns = {"name": ("text", [name, "other"]), "value": ("bigint", [1, 2])}
        assert tx.insert("counter", columns) == 2
        assert tx.value("SELECT name FROM counter WHERE value = 1") == name


def test_signs_that_mean_something_to_the_driver_stand_for_themselves(product, org):
    with product.context.tenant(org, "test") as tx:
        assert tx.value(
            "SELECT '100%' || ' %s %(x)s ' || :a || CAST(CAST(:b AS int)::bigint AS text)", a="%s :b", b=7
        ) == ("100% %s %(x)s %s :b7")
        assert tx.value("SELECT 7 % 4") == 3


def test_a_snapshot_sees_one_moment(product, org):
    with product.database.tenant(org, "test", snapshot=True) as report:
        assert report.value("SELECT count(*) FROM lot") == 0
        with product.context.tenant(org, "test") as tx:
            tx.run("INSERT INTO lot (org_id) VALUES (:org)", org=org)
        assert report.value("SELECT count(*) FROM lot") == 0
    with product.context.tenant(org, "test") as tx:
        assert tx.value("SHOW transaction_isolation") == "read committed"
        assert tx.value("SELECT count(*) FROM lot") == 1


# -- outages ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://nobody@127.0.0.1:1/none", "postgresql+psycopg://nobody@/none?host=%2Fno%2Fsuch%2Ffolder"],
)
def test_a_server_that_is_away_is_tried_later(url):
    database = Database(url, RING)
    with pytest.raises(TryLater, match="database"):
        database.ping()
    database.dispose()


def test_a_statement_that_takes_too_long_is_tried_later(database):
    with pytest.raises(TryLater, match="57014"), database.narrow() as tx:
        tx.run("SELECT pg_sleep(1)")
    database.ping()


def test_a_lock_that_another_holds_is_tried_later(database, settings, org):
    with psycopg.connect(plain_url(settings.database_owner_url.get_secret_value())) as other:
        other.execute("LOCK TABLE lot")
        with pytest.raises(TryLater, match=r"55P03|57014"), database.tenant(org, "test") as tx:
            tx.value("SELECT count(*) FROM lot")


def test_a_deadlock_is_a_collision_for_one_of_the_two(product, org, neighbour):
    rows, meet, outcomes = [org, neighbour], threading.Barrier(2), []

    def run(first, second):
        try:
            with product.database.narrow() as tx:
                tx.run("UPDATE org SET slug = slug WHERE org_id = :id", id=first)
                meet.wait()
                tx.run("UPDATE org SET slug = slug WHERE org_id = :id", id=second)
            outcomes.append("done")
        except Collision as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=run, args=pair) for pair in (rows, rows[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["database: DeadlockDetected 40P01", "done"]


def test_a_serialisation_failure_is_a_collision(product, org):
    with pytest.raises(Collision, match="40001"), product.database.tenant(org, "test", snapshot=True) as report:  # noqa: PT012
        report.value("SELECT count(*) FROM org")
        with product.database.narrow() as tx:
            tx.run("UPDATE org SET slug = slug WHERE org_id = :id", id=org)
        report.run("UPDATE org SET slug = slug WHERE org_id = :id", id=org)


def test_a_connection_that_is_cut_is_tried_later_and_replaced(product, org, servers):
    with pytest.raises(TryLater), product.context.tenant(org, "test") as tx:  # noqa: PT012 - cut in the middle
        pid = tx.value("SELECT pg_backend_pid()")
        with psycopg.connect(plain_url(servers.database_admin_url), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        tx.value("SELECT 1")
    with product.context.tenant(org, "test") as tx:
        assert tx.value("SELECT 1") == 1


def cut(product, servers):
    with product.database.narrow() as tx:
        pid = tx.value("SELECT pg_backend_pid()")
    with psycopg.connect(plain_url(servers.database_admin_url), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_server_that_cut_idle_connections_is_not_noticed(product, servers, monkeypatch):
    monkeypatch.setattr("pipeline.store.database._IDLE_S", 0.0)
    cut(product, servers)
    product.database.ping()


def test_a_connection_cut_just_after_it_was_used_is_tried_later_once(product, servers, monkeypatch):
    monkeypatch.setattr("pipeline.store.database._IDLE_S", 60.0)
    cut(product, servers)
    with pytest.raises(TryLater, match="57P01"):
        product.database.ping()
    product.database.ping()


def test_a_server_that_became_a_standby_is_tried_later_and_looked_for_anew(product, org):
    """As a failover leaves it to a process that had connections open: they answer, and take no writes."""
    with product.database.narrow() as tx:
        pid = tx.value("SELECT pg_backend_pid()")
    with pytest.raises(TryLater, match="25006"), product.context.tenant(org, "test") as tx:  # noqa: PT012
        tx.run("SET LOCAL transaction_read_only = on")
        tx.run("INSERT INTO lot (org_id) VALUES (:org)", org=org)
    with product.database.narrow() as tx:
        assert tx.value("SELECT pg_backend_pid()") != pid


def test_of_several_servers_the_one_that_takes_writes_is_found(settings, org):
    url = re.sub(
        r"\b(host=)([^&]+)&(port=)([^&]+)", r"\1/no/such/folder,\2&\3\4,\4", settings.database_url.get_secret_value()
    )
    assert "folder," in url
    database = Database(f"{url}&target_session_attrs=read-write", RING)
    database.ping()
    database.dispose()


def test_a_standby_alone_is_no_server(settings, org):
    with psycopg.connect(plain_url(settings.database_owner_url.get_secret_value()), autocommit=True) as owner:
        name = owner.execute("SELECT quote_ident(current_database())").fetchone()[0]
        owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        try:
            database = Database(settings.database_url.get_secret_value() + "&target_session_attrs=read-write", RING)
            with pytest.raises(TryLater):
                database.ping()
            database.dispose()
        finally:
            owner.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")


def test_all_connections_in_use_is_tried_later(database, monkeypatch):
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.05)
    with database.narrow(), database.narrow(), pytest.raises(TryLater, match="in use"), database.narrow():
        pass


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM no_such_table", "SELECT 1 / 0", "INSERT INTO lot (org_id) VALUES (NULL)"]
)
def test_a_bug_is_no_outage(product, org, statement):
    with pytest.raises(DBAPIError), product.context.tenant(org, "test") as tx:
        tx.run(statement)


def test_no_error_shows_a_value(product, org):
    with pytest.raises(DBAPIError) as caught, product.context.tenant(org, "test") as tx:
        tx.run("SELECT CAST(:n AS bigint) + no_such_column", n="DOE, JO")
    assert "DOE" not in str(caught.value)
    with pytest.raises(TryLater) as late, product.database.narrow() as tx:
        tx.run("SELECT pg_cancel_backend(pg_backend_pid()), :n", n="DOE, JO")
    assert "DOE" not in str(late.value)


# -- keys and processes -----------------------------------------------------------------------------------------------
def test_a_tenant_whose_wrapping_key_is_gone_is_told_by_the_keys_name(settings, org):
    database = Database(settings.database_url.get_secret_value(), RING)
    with (
        pytest.raises(SealBroken, match="wrapped by key 'test', which the settings lack"),
        database.tenant(org, "test"),
    ):
        pass
    database.dispose()


def test_a_child_of_a_fork_has_connections_of_its_own(product, org):
    with product.context.tenant(org, "test") as tx:
        ours = tx.value("SELECT pg_backend_pid()")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with product.context.tenant(org, "test") as tx:
            os.write(writer, str(tx.value("SELECT pg_backend_pid()")).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reader, 20)) != ours
    with product.context.tenant(org, "test") as tx:
        assert tx.value("SELECT pg_backend_pid()") == ours


def test_a_transaction_that_falls_silent_loses_its_locks(database, product, org):
    with product.context.tenant(org, "test") as tx:
        [lot] = tx.ids("lot", 1)
        tx.insert("lot", {"id": ("bigint", [lot])})
    with pytest.raises(TryLater), database.tenant(org, "silent") as tx:  # noqa: PT012 - the silence is what is tested
        tx.value("SELECT id FROM lot WHERE id = :id FOR UPDATE", id=lot)
        time.sleep(1)
        with product.context.tenant(org, "other") as other:
            assert other.value("SELECT id FROM lot WHERE id = :id FOR UPDATE NOWAIT", id=lot) == lot
        tx.value("SELECT 1")
