"""Questions to payers, and look-ups for files of the same bytes and accounts that are tried out."""

from pathlib import Path

from alembic import context, op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_HERE = Path(__file__).parent


def upgrade() -> None:
    cursor = op.get_bind()
    cursor.exec_driver_sql((_HERE / "0012_inquiries.sql").read_text())
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    cursor.exec_driver_sql("ALTER TABLE inquiry ENABLE ROW LEVEL SECURITY")
    cursor.exec_driver_sql(
        "CREATE POLICY tenant ON inquiry USING (org_id = nullif(current_setting('app.org_id', true), '')::bigint)"
    )
    cursor.exec_driver_sql(f"GRANT USAGE ON SEQUENCE inquiry_id_seq TO {role}")
    cursor.exec_driver_sql(f"GRANT SELECT, INSERT ON inquiry TO {role}")
    changeable = "state, file_id, inbound_file_id, answer, answered, answered_at"
    cursor.exec_driver_sql(f"GRANT UPDATE ({changeable}) ON inquiry TO {role}")


def downgrade() -> None:
    op.drop_index("ix_bank_details_prenote", "bank_details")
    op.drop_index("ix_outbound_file_bytes", "outbound_file")
    op.drop_table("inquiry")
