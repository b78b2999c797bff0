"""Payees with versions of their bank details, invoices, kinds of payments, and the statement's lines about our files."""

from pathlib import Path

from alembic import context, op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_HERE = Path(__file__).parent
_TABLES = ("payee", "bank_details", "details_consent", "name_hold", "invoice", "bank_line")
_COLUMNS = (
    "payee_id", "details_id", "mailbox_id", "deposit_id", "remittance_id", "replaces_id", "reverses_id", "sec",
    "addenda", "same_day", "approved_at", "provisional_until", "advice_file_id",
)  # fmt: skip
# Money is never rubbed out: what may change is how a row stands, not what it says.
_CHANGEABLE = {
    "payee": "name, name_hmac, sec, hold, held_by, hold_note",
    "bank_details": "state, confirmed_at, hold_until, prenote, prenote_until",
    "name_hold": "lifted_by, lifted_at",
    "invoice": "payment_id, withdrawn_at",
    "bank_line": "file_id, returns_id",
}


def upgrade() -> None:
    cursor = op.get_bind()
    cursor.exec_driver_sql((_HERE / "0011_payees.sql").read_text())
    # What was approved before had no other time.
    cursor.exec_driver_sql("UPDATE payment SET approved_at = created_at WHERE state = 'APPROVED'")
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    for name in _TABLES:
        cursor.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        cursor.exec_driver_sql(
            f"CREATE POLICY tenant ON {name} USING (org_id = nullif(current_setting('app.org_id', true), '')::bigint)"
        )
        cursor.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {name}_id_seq TO {role}")
        cursor.exec_driver_sql(f"GRANT SELECT, INSERT ON {name} TO {role}")
    for name, columns in _CHANGEABLE.items():
        cursor.exec_driver_sql(f"GRANT UPDATE ({columns}) ON {name} TO {role}")


def downgrade() -> None:
    op.drop_column("payment_entry", "effective_date")
    for index in ("ix_payment_live", "ix_payment_payee", "ix_payment_claim"):
        op.drop_index(index, "payment")
    op.drop_table("invoice")
    for column in reversed(_COLUMNS):
        op.drop_column("payment", column)
    for name in ("bank_line", "details_consent", "bank_details", "name_hold", "payee"):
        op.drop_table(name)
