"""What the database itself holds the app role to, whatever the code above it does."""

import psycopg
import pytest
from sqlalchemy import LargeBinary, Text
from sqlalchemy.exc import DBAPIError

from local.postgres import plain_url
from pipeline.domain.errors import NotKnown
from pipeline.store.models import APPEND_ONLY, NARROW, metadata

TENANT_TABLES = sorted(t.name for t in metadata.sorted_tables if "org_id" in t.columns and t.name not in NARROW)


@pytest.fixture
def app(migrated):
    """A bare connection of the app role to the empty schema: no code of ours between; what it does is undone."""
    with psycopg.connect(plain_url(migrated[1])) as cx:
        yield cx
        cx.rollback()


@pytest.fixture
def rows_of_both(product, org, neighbour, claim_document):
    """Two tenants, each with a claim that has a history."""
    from pipeline.services import intake

    for tenant in (org, neighbour):
        intake.submit(product.context, tenant, [claim_document()], "test")
    return org, neighbour


@pytest.mark.parametrize("role", [0, 1], ids=["owner", "app"])
def test_no_role_of_ours_is_above_the_rules(migrated, role):
    with psycopg.connect(plain_url(migrated[role])) as cx:
        flags = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        assert cx.execute(flags).fetchone() == (False, False, False, False)


def test_the_app_role_owns_nothing(app):
    assert app.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user").fetchone() == (0,)


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_every_tenant_table_is_under_row_level_security(app, table):
    policy = "SELECT cmd, qual, with_check FROM pg_policies WHERE tablename = %s"
    assert app.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table]).fetchone() == (True,)
    [(command, condition, check)] = app.execute(policy, [table]).fetchall()
    assert (command, check) == ("ALL", None)  # without a check of its own the condition holds for writing too
    assert "org_id" in condition
    assert "app.org_id" in condition


def test_without_a_tenant_there_are_no_rows(database_urls, rows_of_both):
    with psycopg.connect(plain_url(database_urls[1])) as cx:
        for table in TENANT_TABLES:
            assert cx.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        cx.execute("SELECT set_config('app.org_id', '', true)")
        for table in TENANT_TABLES:
            assert cx.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_a_tenant_sees_its_own_rows_only(product, rows_of_both):
    for tenant in rows_of_both:
        with product.context.tenant(tenant, "test") as tx:
            seen = {table: tx.value(f"SELECT array_agg(DISTINCT org_id) FROM {table}") for table in TENANT_TABLES}
        filled = {table for table, owners in seen.items() if owners}
        assert filled >= {"tenant", "claim", "history", "mailbox", "principal", "billing_provider"}
        assert all(seen[table] == [tenant] for table in filled)


def test_a_pooled_connection_forgets_the_tenant_it_served(product, rows_of_both):
    for _ in range(3):
        with product.context.tenant(rows_of_both[0], "test") as tx:
            assert tx.value("SELECT count(*) FROM claim") == 1
        with product.database.narrow() as tx:
            assert tx.value("SELECT count(*) FROM claim") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO lot (org_id) VALUES (:other)",
        "INSERT INTO principal (org_id, name, roles) VALUES (:other, 'eve', '{approver}')",
        "INSERT INTO audit (org_id, actor, action, subject_kind, subject_id) VALUES (:other, 'eve', 'a', 'claim', 1)",
        "INSERT INTO counter (org_id, name, value) VALUES (:other, 'isa', 1)",
        "UPDATE principal SET org_id = :other",
    ],
)
def test_a_tenant_writes_no_row_of_another(product, rows_of_both, statement):
    ours, other = rows_of_both
    with pytest.raises(DBAPIError, match="row-level security"), product.context.tenant(ours, "test") as tx:
        tx.run(statement, other=other)


@pytest.mark.parametrize("statement", ["UPDATE claim SET state = 'PAID'", "DELETE FROM claim", "DELETE FROM principal"])
def test_a_change_of_all_rows_is_a_change_of_ones_own(product, rows_of_both, statement):
    ours, other = rows_of_both
    with product.context.tenant(other, "test") as tx:
        before = tx.rows("SELECT state FROM claim"), tx.value("SELECT count(*) FROM principal")
    with product.context.tenant(ours, "test") as tx:
        assert tx.run(statement) > 0
    with product.context.tenant(other, "test") as tx:
        assert (tx.rows("SELECT state FROM claim"), tx.value("SELECT count(*) FROM principal")) == before


def test_a_tenant_that_does_not_exist_has_no_transaction(product):
    with pytest.raises(NotKnown, match="no tenant 999"), product.context.tenant(999, "test"):
        pass


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET org_id = org_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_written_down_stays(app, table, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE installation SET timeline = 1",
        "INSERT INTO installation VALUES (1, '', 1, '', 1, '')",
        "UPDATE alembic_version SET version_num = '0'",
        "ALTER TABLE claim DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON claim",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "CREATE TABLE public.mine (a int)",
        "SELECT setval('claim_id_seq', 1)",
        "SET ROLE claimrail_owner",
    ],
)
def test_the_app_role_changes_no_rule(app, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


# -- narrow tables ----------------------------------------------------------------------------------------------------
OUR_WORDS = {"slug", "system_identifier", "database_name", "environment", "stage", "last_error", "series"}


@pytest.mark.parametrize("name", NARROW)
def test_a_table_that_crosses_tenants_has_ids_times_and_our_own_words(name):
    columns = metadata.tables[name].columns
    assert not [c.name for c in columns if isinstance(c.type, LargeBinary)]
    assert {c.name for c in columns if isinstance(c.type, Text) or c.type.python_type is str} <= OUR_WORDS


def test_only_the_tables_named_narrow_are_without_row_level_security(app):
    bare = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity"
    assert {row[0] for row in app.execute(bare)} == {*NARROW, "alembic_version"}


# -- the ledger's guards ----------------------------------------------------------------------------------------------
@pytest.fixture
def books(database_urls, org):
    with psycopg.connect(plain_url(database_urls[1])) as cx:
        cx.execute("SELECT set_config('app.org_id', %s, false)", [str(org)])
        yield cx, org


JOURNAL = (
    "INSERT INTO journal (org_id, source_kind, source_id, purpose, business_date)"
    " VALUES (%s, 'claim', %s, 'billed', '2026-11-20') RETURNING id"
)
ENTRIES = "INSERT INTO entry (org_id, journal_id, line, account, amount_cents) VALUES (%s, %s, 1, 'a', %s), (%s, %s, 2, 'b', %s)"


def test_a_balanced_journal_goes_in_and_none_other(books):
    cx, org = books
    [journal] = cx.execute(JOURNAL, [org, 1]).fetchone()
    cx.execute(ENTRIES, [org, journal, 5, org, journal, -5])
    cx.commit()
    [journal] = cx.execute(JOURNAL, [org, 2]).fetchone()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="sum to zero"):
        cx.execute(ENTRIES, [org, journal, 5, org, journal, -4])


def test_two_journals_out_of_balance_do_not_mend_each_other(books):
    cx, org = books
    [first], [second] = cx.execute(JOURNAL, [org, 1]).fetchone(), cx.execute(JOURNAL, [org, 2]).fetchone()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="sum to zero"):
        cx.execute(ENTRIES, [org, first, 5, org, second, -5])


def test_entries_come_in_the_transaction_of_their_journal(books):
    cx, org = books
    [journal] = cx.execute(JOURNAL, [org, 1]).fetchone()
    cx.commit()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="outside its journal"):
        cx.execute(ENTRIES, [org, journal, 5, org, journal, -5])


@pytest.mark.parametrize("journal", [0, 10**12])
def test_entries_without_a_journal_are_refused(books, journal):
    cx, org = books
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        cx.execute(ENTRIES, [org, journal, 5, org, journal, -5])
