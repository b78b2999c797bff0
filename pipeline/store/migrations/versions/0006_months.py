"""History, audit and inbound bytes by month; legal holds; what must be kept is kept by the database itself."""

from pathlib import Path

from alembic import context, op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_HERE = Path(__file__).parent


def upgrade() -> None:
    _run("0006_months.sql")
    _grant("SELECT, INSERT", "history, audit, inbound_content, legal_hold")
    _grant("SELECT", "retention")
    _grant("USAGE", "SEQUENCE legal_hold_id_seq")


def downgrade() -> None:
    _run("0006_months_back.sql")
    _grant("SELECT, INSERT", "history, audit")


def _run(part: str) -> None:
    op.get_bind().exec_driver_sql((_HERE / part).read_text().replace("%", "%%"))


def _grant(rights: str, what: str) -> None:
    role = context.config.attributes["app_role"]
    quoted = '"' + role.replace('"', '""') + '"'
    op.get_bind().exec_driver_sql(f"GRANT {rights} ON {what} TO {quoted}")
