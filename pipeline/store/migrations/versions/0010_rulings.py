"""What the rules of release said of each payment, and how many people must say yes."""

from alembic import context, op
from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, SmallInteger, String, Text, text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment", Column("approvals", SmallInteger, nullable=False, server_default="1"))
    op.create_table(
        "ruling",
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("org_id", BigInteger, nullable=False),
        Column("payment_id", BigInteger, ForeignKey("payment.id", name="fk_ruling_payment_id"), nullable=False),
        Column("answer", String(12), nullable=False),
        Column("approvals", SmallInteger, nullable=False),
        Column("rules", Text, nullable=False),
        Column("facts", Text, nullable=False),
        Column("business_date", Date, nullable=False),
        Column("at", DateTime(timezone=True), server_default=text("now()"), nullable=False),
    )
    op.create_index("ix_ruling_payment", "ruling", ["payment_id"])
    op.create_index("ix_ruling_day", "ruling", ["org_id", "business_date"])
    cursor = op.get_bind()
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    # What went by the limit alone needed nobody.
    cursor.exec_driver_sql("UPDATE payment SET approvals = 0 WHERE rule = 'limit'")
    cursor.exec_driver_sql("ALTER TABLE ruling ENABLE ROW LEVEL SECURITY")
    cursor.exec_driver_sql(
        "CREATE POLICY tenant ON ruling USING (org_id = nullif(current_setting('app.org_id', true), '')::bigint)"
    )
    cursor.exec_driver_sql(f"GRANT SELECT, INSERT ON ruling TO {role}")
    cursor.exec_driver_sql(f"GRANT USAGE ON SEQUENCE ruling_id_seq TO {role}")


def downgrade() -> None:
    op.drop_table("ruling")
    op.drop_column("payment", "approvals")
