"""Where an upload's temporary lies: what was begun is ended there, though the mailbox may have changed since."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbound_file", Column("temporary_folder", Text))


def downgrade() -> None:
    op.drop_column("outbound_file", "temporary_folder")
