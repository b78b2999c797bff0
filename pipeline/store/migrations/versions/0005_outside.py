"""Numbers that all tenants share, and what a restored database was told of the time that it has lost."""

from alembic import context, op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, LargeBinary, String, Text, UniqueConstraint, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CARRY_OVER = """
INSERT INTO exchange_counter (series, value)
SELECT series, max(value) FROM (
    SELECT name AS series, value FROM counter
    UNION ALL
    SELECT CASE kind WHEN 'ACH' THEN 'ach|' ELSE 'isa:' END || exchange, control_number FROM outbound_file
    UNION ALL
    SELECT 'minute|' || exchange, CAST(extract(epoch FROM business_at) AS bigint) / 60 * 36
           + row_number() OVER (PARTITION BY exchange, business_at ORDER BY id) - 1
    FROM outbound_file WHERE kind = 'ACH' AND business_at IS NOT NULL
) known GROUP BY series
"""
_NEVER_DOWN = """
CREATE FUNCTION only_rising() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.value < OLD.value OR NEW.series <> OLD.series THEN
        RAISE EXCEPTION 'a number would be used twice' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "exchange_counter", Column("series", Text, primary_key=True), Column("value", BigInteger, nullable=False)
    )
    op.create_table(
        "outside_claim",
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("org_id", BigInteger, nullable=False),
        Column("clm01", String(38), nullable=False),
        Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
        Column("control_number", BigInteger),
        Column("found_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        Column("settled_at", DateTime(timezone=True)),
        UniqueConstraint("org_id", "clm01"),
    )
    op.create_table(
        "outside_entry",
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("org_id", BigInteger, nullable=False),
        Column("file_id", BigInteger, ForeignKey("outbound_file.id"), nullable=False),
        Column("trace", String(15), nullable=False),
        Column("payee_hmac", LargeBinary, nullable=False),
        Column("amount_cents", BigInteger, nullable=False),
        Column("payment_id", BigInteger, ForeignKey("payment.id")),
        UniqueConstraint("org_id", "trace"),
    )
    op.add_column("mailbox", Column("reconciled_as", Text))
    cursor = op.get_bind()
    for name in ("outside_claim", "outside_entry"):
        cursor.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        cursor.exec_driver_sql(
            f"CREATE POLICY tenant ON {name} USING (org_id = nullif(current_setting('app.org_id', true), '')::bigint)"
        )
    cursor.exec_driver_sql(_NEVER_DOWN)
    cursor.exec_driver_sql(
        "CREATE TRIGGER only_rising BEFORE UPDATE ON exchange_counter FOR EACH ROW EXECUTE FUNCTION only_rising()"
    )
    cursor.exec_driver_sql(_CARRY_OVER)
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    cursor.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE ON exchange_counter, outside_claim, outside_entry TO {role}")
    cursor.exec_driver_sql(f"GRANT USAGE ON SEQUENCE outside_claim_id_seq, outside_entry_id_seq TO {role}")


def downgrade() -> None:
    op.drop_column("mailbox", "reconciled_as")
    for name in ("outside_entry", "outside_claim", "exchange_counter"):
        op.drop_table(name)
    op.get_bind().exec_driver_sql("DROP FUNCTION only_rising()")
