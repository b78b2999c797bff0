"""What a rejected set leaves behind: that it was taken apart, and why its mailbox makes no further file."""

from alembic import op
from sqlalchemy import Column, DateTime, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transaction_set", Column("taken_apart_at", DateTime(timezone=True)))
    op.add_column("mailbox", Column("bundling_pause", Text))


def downgrade() -> None:
    op.drop_column("mailbox", "bundling_pause")
    op.drop_column("transaction_set", "taken_apart_at")
