"""Months: made ahead, nothing lost without one, nothing young or held ever goes, and what is old can."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from local.postgres import plain_url
from local.servers import drop_scratch_database, scratch_database
from pipeline.domain.errors import Conflict, TryLater
from pipeline.store import migrate, months
from pipeline.store.database import as_owner
from pipeline.store.months import AHEAD, Month

BY_MONTH = ("audit", "history", "inbound_content")
OLD, YOUNG = datetime(2017, 3, 5, tzinfo=UTC), datetime(2024, 3, 5, tzinfo=UTC)
MARCH = date(2017, 3, 1)


@pytest.fixture
def database_urls(thrown_away):
    return thrown_away


@pytest.fixture
def url(database_urls):
    return database_urls[0]


@pytest.fixture
def owner(url):
    with psycopg.connect(plain_url(url), autocommit=True) as cx:
        yield cx


def written(owner, at, subject=1, org=1):
    """A row of history, of audit and of inbound bytes, as of `at`."""
    owner.execute(
        "INSERT INTO history (org_id, subject_kind, subject_id, event, state, actor, at)"
        " VALUES (%s, 'claim', %s, 'readied', 'READY', 'test', %s)",
        [org, subject, at],
    )
    owner.execute(
        "INSERT INTO audit (org_id, actor, action, subject_kind, subject_id, at)"
        " VALUES (%s, 'test', 'claim.show', 'claim', %s, %s)",
        [org, subject, at],
    )


def bytes_kept(owner, org, at):
    """An inbound file of that day, with its bytes."""
    [number] = owner.execute(
        "INSERT INTO inbound_file (org_id, mailbox_id, name, kind, sha256, size, state, received_at)"
        " SELECT %s, min(id), 'in', 'x12:999', decode(md5(%s), 'hex'), 1, 'APPLIED', %s FROM mailbox RETURNING id",
        [org, str(at), at],
    ).fetchone()
    owner.execute(
        "INSERT INTO inbound_content SELECT id, org_id, received_at, 'x' FROM inbound_file WHERE id = %s", [number]
    )
    return number


def settled(url):
    with as_owner(url) as tx:
        months.make(tx)


def parts(owner):
    return {row[0] for row in owner.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")}


def lying(owner, table="history"):
    """The parts in which rows of a table lie."""
    return [row[0] for row in owner.execute(f"SELECT DISTINCT tableoid::regclass::text FROM {table} ORDER BY 1")]


# -- made ahead -------------------------------------------------------------------------------------------------------
def test_a_new_database_has_months_ahead_and_a_place_for_what_has_none(product, owner):
    with product.database.narrow() as tx:
        found = months.ready(tx)
    assert [(one.table, one.ahead, one.strays) for one in found] == [(name, AHEAD, False) for name in BY_MONTH]
    assert {f"{name}_default" for name in BY_MONTH} <= parts(owner)
    assert len(parts(owner)) == len(BY_MONTH) * (AHEAD + 2)


def test_making_them_again_and_two_at_once_changes_nothing(url, owner, monkeypatch):
    before = parts(owner)
    settled(url)
    monkeypatch.setattr(months, "_LOCK_TIMEOUT_MS", 100)
    with as_owner(url) as first:
        months.make(first)
        with pytest.raises(TryLater):  # the second waits for the first, no longer than it may, and does no harm
            settled(url)
    assert parts(owner) == before


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_a_month_begins_by_utc_whatever_the_session_thinks(owner, zone):
    owner.execute(f"SET timezone = '{zone}'")
    for moment in ("2016-12-31 23:59:59.999999+00", "2017-01-01 00:00+00"):
        owner.execute("SELECT make_month('history', %s)", [moment])
        written(owner, moment)
    assert lying(owner) == ["history_2016_12", "history_2017_01"]
    assert lying(owner, "audit") == ["audit_default"]


def test_the_months_follow_each_other_whatever_the_session_thinks(url, owner):
    before = parts(owner)
    for name in [name for name in before if name.startswith("audit_2")]:
        owner.execute(f"DROP TABLE {name}")
    owner.execute("SET timezone = 'America/New_York'")
    owner.execute("SELECT make_months(6)")
    assert parts(owner) == before


def test_what_comes_without_a_month_is_kept_told_and_put_in_its_place(url, owner, product):
    written(owner, OLD)
    written(owner, YOUNG, subject=2)
    assert lying(owner) == ["history_default"]
    with product.database.narrow() as tx:
        assert [one.strays for one in months.ready(tx)] == [True, True, False]
    settled(url)
    assert lying(owner) == ["history_2017_03", "history_2024_03"]
    assert lying(owner, "audit") == ["audit_2017_03", "audit_2024_03"]
    assert not any(name.endswith("stray") for name in parts(owner))
    with product.database.narrow() as tx:
        assert [one.strays for one in months.ready(tx)] == [False, False, False]


def test_bytes_that_a_process_of_before_the_months_wrote_go_to_their_month(url, owner, product, org):
    owner.execute(
        "INSERT INTO inbound_file (org_id, mailbox_id, name, kind, sha256, size, state, received_at, content)"
        " SELECT %s, min(id), 'in', 'x12:999', 'x', 1, 'APPLIED', %s, 'old' FROM mailbox",
        [org, OLD],
    )
    settled(url)
    assert lying(owner, "inbound_content") == ["inbound_content_2017_03"]
    assert owner.execute("SELECT content FROM inbound_content").fetchone() == (b"old",)
    assert owner.execute("SELECT content FROM inbound_file").fetchone() == (None,)


def test_who_writes_is_not_held_up_for_longer_than_told(url, owner, monkeypatch):
    monkeypatch.setattr(months, "_LOCK_TIMEOUT_MS", 100)
    written(owner, OLD)
    with psycopg.connect(plain_url(url)) as busy:
        busy.execute("SELECT count(*) FROM history")
        with pytest.raises(TryLater):
            settled(url)
    assert lying(owner) == ["history_default"]


# -- what the database refuses ----------------------------------------------------------------------------------------
def test_of_a_part_the_app_role_has_no_rights_and_sees_no_rows(database_urls, owner):
    with psycopg.connect(plain_url(database_urls[1])) as cx:
        for part in sorted(parts(owner)):
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                assert cx.execute("SELECT has_table_privilege(%s, %s)", [part, right]).fetchone() == (False,), part
    bare = "SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r' AND NOT relrowsecurity"
    assert owner.execute(bare).fetchone() == (0,)


@pytest.mark.parametrize("table", ["history", "audit"])
def test_not_even_the_owner_deletes_what_is_young(owner, url, table):
    written(owner, YOUNG)
    settled(url)
    for place in (table, f"{table}_2024_03"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="younger than what must be kept"):
            owner.execute(f"DELETE FROM {place}")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="stays as it is"):
            owner.execute(f"TRUNCATE {place}")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="stays as it is"):
            owner.execute(f"UPDATE {place} SET at = '2001-01-01'")


def test_a_young_month_is_not_dropped_whoever_asks(owner, url):
    written(owner, YOUNG)
    settled(url)
    with pytest.raises(Conflict, match=r"history of 2024-03 stays"), as_owner(url) as tx:
        months.drop(tx, Month("history", date(2024, 3, 1), 1, 0, droppable=True), "test")
    assert "history_2024_03" in parts(owner)


def test_a_month_goes_on_the_day_it_is_six_years_over_and_not_before(owner):
    bound = "date_trunc('month', now() AT TIME ZONE 'UTC') - interval '6 years'"
    for months_more, goes in ((0, False), (-1, True)):
        owner.execute(f"SELECT make_month('history', ({bound} + interval '{months_more} month') AT TIME ZONE 'UTC')")
        drop = f"SELECT drop_month('history', ({bound} + interval '{months_more} month')::date, 'test')"
        if goes:
            owner.execute(drop)
        else:
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="younger"):
                owner.execute(drop)


def test_the_years_go_up_and_never_down(owner, url):
    with as_owner(url) as tx:
        assert [months.keep_for(tx, years) for years in (6, 10, 7)] == [6, 10, 10]
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never shorter"):
        owner.execute("UPDATE retention SET years = 6")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never shorter"):
        owner.execute("DELETE FROM retention")
    written(owner, OLD)
    settled(url)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="younger"):
        owner.execute("DELETE FROM history")


def test_fewer_than_six_years_are_not_taken(owner):
    with pytest.raises(psycopg.errors.CheckViolation):
        owner.execute("INSERT INTO retention (years) VALUES (5)")


def test_old_rows_may_go_and_old_months_go_with_a_word_in_the_audit(owner, url, product, org, neighbour):
    for tenant in (org, neighbour):
        written(owner, OLD, org=tenant)
    bytes_kept(owner, org, OLD)
    settled(url)
    with as_owner(url) as tx:
        found = months.older(tx, months.kept_since(tx))
        assert [(one.table, one.first, one.rows, one.held_rows) for one in found] == [
            ("audit", MARCH, 2, 0),
            ("history", MARCH, 2, 0),
            ("inbound_content", MARCH, 1, 0),
        ]
        for one in found:
            months.drop(tx, one, "cli:ana")
    assert not any(name.endswith("2017_03") for name in parts(owner))
    told = "SELECT actor, subject_kind, subject_id, detail FROM audit WHERE action = 'retention.drop' ORDER BY id"
    with product.context.tenant(neighbour, "test") as tx:
        assert tx.rows(told) == [
            ("cli:ana", "month", 201703, "audit: 1 rows"),
            ("cli:ana", "month", 201703, "history: 1 rows"),
        ]
    assert owner.execute("SELECT history_from FROM retention").fetchone() == (datetime(2017, 4, 1, tzinfo=UTC),)


@pytest.mark.parametrize("table", ["journal", "entry", "outbound_file"])
def test_neither_books_nor_outgoing_files_are_emptied(owner, table):
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="stays as it is"):
        owner.execute(f"TRUNCATE {table} CASCADE")


# -- an existing database ---------------------------------------------------------------------------------------------
@pytest.fixture
def before(servers):
    """A database as of the migration before the months, with rows of several months."""
    owner, app = scratch_database(servers, "before")
    migrate.upgrade(owner, app, "0005")
    with psycopg.connect(plain_url(owner), autocommit=True) as cx:
        cx.execute(
            "INSERT INTO mailbox (org_id, name, kind, mode, enabled, profile) VALUES (1, 'a', 'bank', 'T', true, 'x')"
        )
        for at in (OLD, YOUNG, datetime.now(UTC)):
            written(cx, at)
            cx.execute(
                "INSERT INTO inbound_file (org_id, mailbox_id, name, kind, sha256, size, state, received_at, content)"
                " VALUES (1, 1, 'in', 'x', decode(md5(%s), 'hex'), 1, 'APPLIED', %s, 'sealed')",
                [str(at), at],
            )
    yield owner, app
    drop_scratch_database(servers, "before")


EVERYTHING = (
    "SELECT * FROM history ORDER BY id",
    "SELECT * FROM audit ORDER BY id",
    "SELECT f.id, f.received_at, {}.content FROM inbound_file f {} ORDER BY f.id",
)


def everything(url, bytes_from="f", joined=""):
    with psycopg.connect(plain_url(url)) as cx:
        return [cx.execute(statement.format(bytes_from, joined)).fetchall() for statement in EVERYTHING]


def test_what_was_there_is_kept_up_and_down_and_its_numbers_go_on(before):
    owner, app = before
    told = everything(owner)
    migrate.upgrade(owner, app)
    assert everything(owner, "c", "JOIN inbound_content c ON c.inbound_file_id = f.id AND c.at = f.received_at") == told
    with psycopg.connect(plain_url(owner), autocommit=True) as cx:
        this = f"{datetime.now(UTC):%Y_%m}"
        for table in BY_MONTH:
            assert lying(cx, table) == [f"{table}_2017_03", f"{table}_2024_03", f"{table}_{this}"]
    with psycopg.connect(plain_url(app)) as cx:
        cx.execute("SELECT set_config('app.org_id', '1', false)")
        written(cx, datetime.now(UTC))
        assert cx.execute("SELECT max(id), count(*) FROM history").fetchone() == (4, 4)
        cx.rollback()
    migrate.downgrade(owner, app, "0005")
    assert everything(owner) == told
    with psycopg.connect(plain_url(app)) as cx:
        assert cx.execute("SELECT count(*) FROM history").fetchone() == (0,)  # another's rows stay another's
        cx.execute("SELECT set_config('app.org_id', '1', false)")
        written(cx, datetime.now(UTC))
        assert cx.execute("SELECT count(*) FROM history").fetchone() == (4,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cx.execute("DELETE FROM history")
    migrate.upgrade(owner, app)
