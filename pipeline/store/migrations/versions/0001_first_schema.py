"""The first schema: tables, row-level security, the app role's rights, the ledger's guard."""

from pathlib import Path

from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_HERE = Path(__file__).parent
_APPEND_ONLY = ("journal", "entry", "history", "audit")


def upgrade() -> None:
    cursor = op.get_bind()
    for part in ("0001_tables.sql", "0001_guards.sql"):
        cursor.exec_driver_sql((_HERE / part).read_text().replace("%", "%%"))
    role = context.config.attributes["app_role"]
    quoted = '"' + role.replace('"', '""') + '"'
    cursor.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {quoted}")
    cursor.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
    cursor.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
    cursor.exec_driver_sql(f"REVOKE UPDATE, DELETE ON {', '.join(_APPEND_ONLY)} FROM {quoted}")
    cursor.exec_driver_sql(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version, installation FROM {quoted}")


def downgrade() -> None:
    cursor = op.get_bind()
    tables = (
        "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
        " WHERE schemaname = current_schema() AND tablename <> 'alembic_version'"
    )
    names = cursor.exec_driver_sql(tables).scalar()
    cursor.exec_driver_sql(f"DROP TABLE {names} CASCADE")
    cursor.exec_driver_sql("DROP FUNCTION entries_balance()")
