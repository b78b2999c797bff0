"""What operators look at and set: how talks with partners ended, files an hour, and work found tenant by tenant."""

from alembic import context, op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, String, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailbox", Column("pace_until", DateTime(timezone=True)))
    op.create_table(
        "conversation",
        Column("mailbox_id", BigInteger, ForeignKey("mailbox.id", name="fk_conversation_mailbox_id"), nullable=False),
        Column("stage", String(16), nullable=False),
        Column("outcome", String(32), nullable=False),
        Column("org_id", BigInteger, nullable=False),
        Column("times", BigInteger, nullable=False),
        Column("last_at", DateTime(timezone=True), server_default=text("now()"), nullable=False),
    )
    op.create_primary_key("pk_conversation", "conversation", ["mailbox_id", "stage", "outcome"])
    cursor = op.get_bind()
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    cursor.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON conversation TO {role}")
    cursor.exec_driver_sql("ALTER TABLE conversation ENABLE ROW LEVEL SECURITY")
    cursor.exec_driver_sql(
        "CREATE POLICY tenant ON conversation USING (org_id = nullif(current_setting('app.org_id', true), '')::bigint)"
    )
    op.create_index("ix_due_work_org_id_due_at", "due_work", ["org_id", "due_at"])
    op.create_index(
        "ix_outbound_file_unsent",
        "outbound_file",
        ["mailbox_id", "id"],
        postgresql_where=text("state IN ('RESERVED', 'STAGING', 'STAGED', 'RENAMING')"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbound_file_unsent", "outbound_file")
    op.drop_index("ix_due_work_org_id_due_at", "due_work")
    op.drop_table("conversation")
    op.drop_column("mailbox", "pace_until")
