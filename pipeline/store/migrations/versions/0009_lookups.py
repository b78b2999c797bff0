"""Look-ups that would go through whole tables: what was resolved before, and what waits of an amount."""

from alembic import op
from sqlalchemy import text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_work_exception_subject", "work_exception", ["org_id", "subject_kind", "subject_id", "type"], None),
    ("ix_remittance_waiting_amount", "remittance", ["org_id", "amount_cents"], "state = 'POSTED'"),
    ("ix_deposit_waiting_amount", "deposit", ["org_id", "amount_cents"], "state = 'WAITING'"),
)


def upgrade() -> None:
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, postgresql_where=text(where) if where else None)


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
