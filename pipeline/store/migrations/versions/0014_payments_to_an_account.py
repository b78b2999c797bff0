"""Earlier payments to an account are found by the account, not by going through all of a tenant's."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_payment_account", "payment", ["org_id", "payee_hmac"])


def downgrade() -> None:
    op.drop_index("ix_payment_account", "payment")
