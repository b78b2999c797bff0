"""Claims of hospitals; claim versions that are one claim in the books; secondary claims, each made from one decision."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, String

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim", Column("form", String(1), nullable=False, server_default="P"))
    op.add_column(
        "claim", Column("first_id", BigInteger, ForeignKey("claim.id", name="fk_claim_first_id"), nullable=True)
    )
    op.add_column("claim", Column("made_from_id", BigInteger, nullable=True))
    op.create_unique_constraint("uq_claim_made_from_id", "claim", ["made_from_id"])
    cursor = op.get_bind()
    # Further versions that are there already: the first one has the number 1.
    cursor.exec_driver_sql(
        "UPDATE claim c SET first_id = f.id FROM claim f WHERE f.clm01 = c.clm01 AND f.version = 1 AND c.version > 1"
    )


def downgrade() -> None:
    for column in ("made_from_id", "first_id", "form"):
        op.drop_column("claim", column)
