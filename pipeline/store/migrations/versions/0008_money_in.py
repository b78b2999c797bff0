"""The books by payer class, remittance and account; decisions and deposits matched by more than a number; a queue to work."""

from collections.abc import Callable

from alembic import context, op
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS: dict[str, list[Callable[[], "Column[object]"]]] = {
    "claim": [
        lambda: Column("filing_code", String(2)),
        lambda: Column("further_payers", SmallInteger, nullable=False, server_default="0"),
        lambda: Column("next_step", String(24)),
    ],
    "remittance": [
        lambda: Column("claims", Integer),
        lambda: Column("lines", Integer),
        lambda: Column("charged_cents", BigInteger),
        lambda: Column("claims_paid_cents", BigInteger),
        lambda: Column("adjusted_cents", BigInteger),
        lambda: Column("provider_cents", BigInteger),
        lambda: Column("deposit_due", Date),
    ],
    "remittance_claim": [
        lambda: Column("matched_by", String(16)),
        lambda: Column("member_hmac", LargeBinary),
        lambda: Column("service_from", Date),
        lambda: Column("crossed_over_to", Text),
    ],
    "deposit": [
        lambda: Column("source", String(8), nullable=False, server_default="ach"),
        lambda: Column("sender", Text),
        lambda: Column("bank_reference", Text),
        lambda: Column("matched_by", String(16)),
        lambda: Column("remittance_due", Date),
        lambda: Column("takes_back_id", BigInteger, ForeignKey("deposit.id", name="fk_deposit_takes_back_id")),
    ],
    "work_exception": [lambda: Column("owner", Text), lambda: Column("due_at", DateTime(timezone=True))],
    "journal": [lambda: Column("set_number", Integer)],
    "entry": [lambda: Column("remittance_id", BigInteger), lambda: Column("subaccount", String(24))],
}
_INDEXES = (
    ("ix_claim_member", "claim", ["org_id", "member_hmac"], None),
    ("ix_claim_service", "claim", ["org_id", "service_from", "charge_cents"], None),
    ("ix_remittance_waiting", "remittance", ["org_id", "deposit_due"], "state = 'POSTED'"),
    ("ix_deposit_waiting", "deposit", ["org_id", "remittance_due"], "state = 'WAITING'"),
    ("ix_entry_remittance", "entry", ["remittance_id"], "remittance_id IS NOT NULL"),
)
_TABLES = ("exception_note", "match_action", "write_off")


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.add_column(table, column())
    for name, table, of, where in _INDEXES:
        op.create_index(name, table, of, postgresql_where=text(where) if where else None)
    _create_tables()
    cursor = op.get_bind()
    role = '"' + context.config.attributes["app_role"].replace('"', '""') + '"'
    for name in _TABLES:
        cursor.exec_driver_sql(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        cursor.exec_driver_sql(
            f"CREATE POLICY tenant ON {name} USING (org_id = nullif(current_setting('app.org_id', true), '')::bigint)"
        )
        cursor.exec_driver_sql(f"GRANT USAGE ON SEQUENCE {name}_id_seq TO {role}")
    cursor.exec_driver_sql(f"GRANT SELECT, INSERT ON exception_note, match_action, write_off TO {role}")
    cursor.exec_driver_sql(f"GRANT UPDATE (undone_at) ON write_off TO {role}")


def _create_tables() -> None:
    op.create_table(
        "exception_note",
        *_row(),
        Column(
            "exception_id",
            BigInteger,
            ForeignKey("work_exception.id", name="fk_exception_note_exception_id"),
            nullable=False,
        ),
        Column("actor", Text, nullable=False),
        Column("action", String(16), nullable=False),
        Column("told", LargeBinary),
        _at(),
    )
    op.create_index("ix_exception_note_exception", "exception_note", ["exception_id"])
    op.create_table(
        "match_action",
        *_row(),
        Column(
            "remittance_claim_id",
            BigInteger,
            ForeignKey("remittance_claim.id", name="fk_match_action_remittance_claim_id"),
            nullable=False,
        ),
        Column("claim_id", BigInteger, ForeignKey("claim.id", name="fk_match_action_claim_id"), nullable=False),
        Column("action", String(8), nullable=False),
        Column("actor", Text, nullable=False),
        Column("reason", LargeBinary, nullable=False),
        _at(),
    )
    op.create_index("ix_match_action_decision", "match_action", ["remittance_claim_id"])
    op.create_table(
        "write_off",
        *_row(),
        Column("claim_id", BigInteger, ForeignKey("claim.id", name="fk_write_off_claim_id"), nullable=False),
        Column("amount_cents", BigInteger, nullable=False),
        Column("actor", Text, nullable=False),
        Column("reason", LargeBinary, nullable=False),
        _at(),
        Column("undone_at", DateTime(timezone=True)),
    )
    op.create_index("ix_write_off_claim", "write_off", ["claim_id"])


def _row() -> list["Column[int]"]:
    return [
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("org_id", BigInteger, nullable=False),
    ]


def _at() -> "Column[object]":
    return Column("at", DateTime(timezone=True), server_default=text("now()"), nullable=False)


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.drop_table(name)
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    for table, columns in _COLUMNS.items():
        for column in reversed(columns):
            op.drop_column(table, column().name)
