"""Every table. Queries live beside this file; migrations are compared with it by a test.

In clear: our ids, CLM01, payers' control numbers, codes, dates that work needs, cents. All else is sealed (see
`crypto.py`). Every table with `org_id` is under row-level security, save the narrow ones named in `NARROW`.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import UserDefinedType

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Xid8(UserDefinedType[str]):
    """Postgres' 64-bit transaction id: ties ledger entries to the transaction of their journal."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        return "xid8"


def _id() -> "Column[int]":
    return Column("id", BigInteger, primary_key=True, autoincrement=True)


def _org() -> "Column[int]":
    # No foreign key: row-level security checks each row already, and a key would lock one row of `org` from every side.
    return Column("org_id", BigInteger, nullable=False)


def _at(name: str, *, default: bool = False) -> "Column[object]":
    return Column(
        name, DateTime(timezone=True), nullable=not default, server_default=text("now()") if default else None
    )


def _sealed(name: str, *, nullable: bool = False) -> "Column[bytes]":
    return Column(name, LargeBinary, nullable=nullable)


def _cents(name: str, *, nullable: bool = False) -> "Column[int]":
    return Column(name, BigInteger, nullable=nullable)


# -- who ------------------------------------------------------------------------------------------------------------
org = Table(
    "org",
    metadata,
    Column("org_id", BigInteger, primary_key=True, autoincrement=True),
    Column("slug", String(40), nullable=False, unique=True),
    _at("created_at", default=True),
)

installation = Table(
    "installation",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("system_identifier", Text, nullable=False),
    Column("timeline", Integer, nullable=False),
    Column("database_name", Text, nullable=False),
    Column("database_oid", BigInteger, nullable=False),
    Column("environment", Text, nullable=False),
    _at("checked_at", default=True),
)

tenant = Table(
    "tenant",
    metadata,
    Column("org_id", BigInteger, ForeignKey("org.org_id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("data_key", LargeBinary, nullable=False),  # wrapped by the key named in wrapping_key_id
    Column("index_key", LargeBinary, nullable=False),
    Column("wrapping_key_id", String(40), nullable=False),
    Column("index_key_id", SmallInteger, nullable=False, server_default="1"),
    Column("baa_signed_on", Date),
    _cents("approval_limit_cents"),
)

billing_provider = Table(
    "billing_provider",
    metadata,
    _id(),
    _org(),
    Column("npi", String(10), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("is_default", Boolean, nullable=False),
    _sealed("details"),
    UniqueConstraint("org_id", "npi", "valid_from"),
)

principal = Table(
    "principal",
    metadata,
    _id(),
    _org(),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False, server_default="true"),
    UniqueConstraint("org_id", "name"),
)

mailbox = Table(
    "mailbox",
    metadata,
    _id(),
    _org(),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # clearinghouse | bank
    Column("mode", String(1), nullable=False),  # T | P
    Column("enabled", Boolean, nullable=False),
    _sealed("profile"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    _at("lease_until"),
    _at("paused_until"),
    Column("pause_reason", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    _at("last_sent_at"),
    _at("last_polled_at"),
    UniqueConstraint("org_id", "name"),
)

# -- claims and what leaves -----------------------------------------------------------------------------------------
lot = Table("lot", metadata, _id(), _org(), _at("created_at", default=True))

claim = Table(
    "claim",
    metadata,
    _id(),
    _org(),
    Column("clm01", String(14), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("frequency", String(1), nullable=False),
    Column("external_hmac", LargeBinary, nullable=False),
    Column("member_hmac", LargeBinary),
    Column("index_key_id", SmallInteger, nullable=False),
    Column("content_sha256", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("lot_id", BigInteger),
    Column("payer_id", Text, nullable=False),
    _cents("charge_cents"),
    _cents("patient_paid_cents"),
    Column("service_from", Date),
    _sealed("document"),
    _at("created_at", default=True),
    _at("ready_requested_at"),
    UniqueConstraint("org_id", "external_hmac", "version"),
    UniqueConstraint("clm01", "version"),
    Index("ix_claim_waiting", "org_id", "id", postgresql_where=text("state = 'READY' AND lot_id IS NULL")),
    Index(
        "ix_claim_requested",
        "org_id",
        "id",
        postgresql_where=text("state = 'DRAFT' AND ready_requested_at IS NOT NULL"),
    ),
    Index("ix_claim_lot", "lot_id"),
    postgresql_with={"fillfactor": 80},
)

outbound_file = Table(
    "outbound_file",
    metadata,
    _id(),
    _org(),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("kind", String(8), nullable=False),  # 837P | ACH
    Column("mode", String(1), nullable=False),
    Column("exchange", Text, nullable=False),  # sender|receiver: the pair within which control numbers never repeat
    Column("control_number", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("lot_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("claims", Integer, nullable=False, server_default="0"),
    _cents("amount_cents"),
    Column("sha256", LargeBinary),
    Column("size", Integer),
    _sealed("content", nullable=True),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    _at("lease_until"),
    Column("temporary_name", Text),
    Column("last_error", Text),
    _at("created_at", default=True),
    _at("business_at"),
    _at("sent_at"),
    _at("answered_at"),
    UniqueConstraint("mailbox_id", "name"),
    UniqueConstraint("exchange", "kind", "control_number"),
    Index("ix_outbound_file_lot", "lot_id"),
)

transaction_set = Table(
    "transaction_set",
    metadata,
    _id(),
    _org(),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id"), nullable=False),
    Column("control_number", String(9), nullable=False),
    Column("position", Integer, nullable=False),
    # First and last segment number of each claim, in the order of its ordinal: what a 999's IK302 is looked up in.
    Column("ranges", ARRAY(Integer)),
    Column("acknowledgment", String(1)),
    UniqueConstraint("file_id", "control_number"),
)

submission = Table(
    "submission",
    metadata,
    _id(),
    _org(),
    Column("claim_id", BigInteger, ForeignKey("claim.id"), nullable=False),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id"), nullable=False),
    Column("set_id", BigInteger, ForeignKey("transaction_set.id"), nullable=False),
    Column("ordinal", SmallInteger, nullable=False),
    Column("attempt", SmallInteger, nullable=False),
    Column("state", String(24), nullable=False),
    Column("clearinghouse_id", Text),
    Column("payer_control_number", Text),
    Column("status_codes", Text),
    UniqueConstraint("claim_id", "attempt"),
    Index("ix_submission_set", "set_id"),
    Index("ix_submission_file", "file_id"),
    Index("ix_submission_payer_number", "org_id", "payer_control_number"),
    postgresql_with={"fillfactor": 70},
)

# -- what comes back ------------------------------------------------------------------------------------------------
inbound_file = Table(
    "inbound_file",
    metadata,
    _id(),
    _org(),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("parent_id", BigInteger, ForeignKey("inbound_file.id")),
    Column("name", Text, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    _sealed("content"),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    _at("received_at", default=True),
    UniqueConstraint("org_id", "mailbox_id", "sha256"),
    Index("ix_inbound_file_received", "mailbox_id", "id", postgresql_where=text("state = 'RECEIVED'")),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    _org(),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_s", BigInteger, nullable=False),
    Column("sha256", LargeBinary),
    Column("inbound_file_id", BigInteger, ForeignKey("inbound_file.id")),
    _at("first_seen_at", default=True),
    UniqueConstraint("mailbox_id", "name", "size", "mtime_s"),
)

remittance = Table(
    "remittance",
    metadata,
    _id(),
    _org(),
    Column("inbound_file_id", BigInteger, ForeignKey("inbound_file.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("set_key", Text, nullable=False),  # sender, ISA13, GS06, ST02
    Column("content_sha256", LargeBinary, nullable=False),
    Column("payer_name", Text),
    Column("trace_number", Text, nullable=False),
    Column("trace_payer_id", Text, nullable=False),
    Column("method", String(3), nullable=False),
    _cents("amount_cents"),
    Column("payment_date", Date),
    _sealed("provider_adjustments", nullable=True),  # PLB: reason, reference, cents, segment
    Column("state", String(16), nullable=False),
    _at("received_at", default=True),
    _at("released_at"),  # when its claims were last looked through for what the patient gets back
    UniqueConstraint("inbound_file_id", "position"),
    # The same set in two files is recorded twice and posted once.
    Index(
        "ux_remittance_set",
        "org_id",
        "set_key",
        unique=True,
        postgresql_where=text("state IN ('RECEIVED', 'POSTED', 'MATCHED')"),
    ),
    Index("ix_remittance_trace", "org_id", "trace_number", "trace_payer_id"),
    Index("ix_remittance_content", "org_id", "content_sha256"),
    Index(
        "ix_remittance_unreleased",
        "org_id",
        "id",
        postgresql_where=text("state = 'MATCHED' AND released_at IS NULL"),
    ),
)

remittance_claim = Table(
    "remittance_claim",
    metadata,
    _id(),
    _org(),
    Column("remittance_id", BigInteger, ForeignKey("remittance.id"), nullable=False),
    Column("segment", Integer, nullable=False),
    Column("clp01", Text, nullable=False),
    Column("payer_control_number", Text),
    Column("status", String(2), nullable=False),
    _cents("charge_cents"),
    _cents("paid_cents"),
    _cents("patient_cents"),
    Column("verdict", String(12), nullable=False),  # paid | partly_paid | denied | reversed | forwarded
    # What the ledger posts, compressed and sealed: adjustments by group with reason and cents.
    _sealed("adjustments"),
    Column("claim_id", BigInteger, ForeignKey("claim.id")),
    UniqueConstraint("remittance_id", "segment"),
    Index("ix_remittance_claim_claim", "claim_id"),
    Index("ix_remittance_claim_clp01", "clp01"),
    Index("ix_remittance_claim_unmatched", "org_id", postgresql_where=text("claim_id IS NULL")),
)

deposit = Table(
    "deposit",
    metadata,
    _id(),
    _org(),
    Column("inbound_file_id", BigInteger, ForeignKey("inbound_file.id"), nullable=False),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("trace_number", Text),
    Column("trace_payer_id", Text),
    _cents("amount_cents"),
    Column("effective_date", Date),
    Column("state", String(16), nullable=False),
    Column("remittance_id", BigInteger, ForeignKey("remittance.id"), unique=True),
    _at("received_at", default=True),
    UniqueConstraint("inbound_file_id", "position"),
    Index("ix_deposit_trace", "org_id", "trace_number"),
)

# -- money ----------------------------------------------------------------------------------------------------------
journal = Table(
    "journal",
    metadata,
    _id(),
    _org(),
    Column("source_kind", String(24), nullable=False),
    Column("source_id", BigInteger, nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("inbound_file_id", BigInteger),
    Column("segment", Integer),
    Column("business_date", Date, nullable=False),
    _at("posted_at", default=True),
    Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")),
    UniqueConstraint("org_id", "source_kind", "source_id", "purpose"),
)

entry = Table(
    "entry",
    metadata,
    # No foreign keys: the trigger proves for a whole statement, at a tenth of their cost, that the journal is there.
    Column("journal_id", BigInteger, primary_key=True, autoincrement=False),
    Column("line", SmallInteger, primary_key=True, autoincrement=False),
    Column("org_id", BigInteger, nullable=False),
    Column("account", String(32), nullable=False),
    Column("claim_id", BigInteger),
    _cents("amount_cents"),
    Index("ix_entry_claim", "claim_id"),
)

payment = Table(
    "payment",
    metadata,
    _id(),
    _org(),
    Column("obligation", Text, nullable=False),  # what is owed and why: one payment an obligation
    Column("kind", String(16), nullable=False),
    Column("claim_id", BigInteger, ForeignKey("claim.id")),
    _cents("amount_cents"),
    _sealed("payee"),
    Column("payee_hmac", LargeBinary, nullable=False),
    Column("account_last4", String(4), nullable=False),
    Column("content_sha256", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("rule", Text),
    Column("prepared_by", Text, nullable=False),
    Column("reason", Text),
    _at("created_at", default=True),
    UniqueConstraint("org_id", "obligation"),
)

approval = Table(
    "approval",
    metadata,
    _id(),
    _org(),
    Column("payment_id", BigInteger, ForeignKey("payment.id"), nullable=False),
    Column("principal_id", BigInteger, ForeignKey("principal.id"), nullable=False),
    Column("decision", String(8), nullable=False),
    Column("content_sha256", LargeBinary, nullable=False),
    _at("decided_at", default=True),
    UniqueConstraint("payment_id", "principal_id"),
)

payment_entry = Table(
    "payment_entry",
    metadata,
    _id(),
    _org(),
    Column("payment_id", BigInteger, ForeignKey("payment.id"), nullable=False),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id"), nullable=False),
    Column("trace", String(15), nullable=False),
    _cents("amount_cents"),
    Column("live", Boolean, nullable=False),
    UniqueConstraint("org_id", "trace"),
    Index("ux_payment_entry_live", "payment_id", unique=True, postgresql_where=text("live")),
    Index("ix_payment_entry_file", "file_id"),
)

# -- what people and auditors look at -------------------------------------------------------------------------------
work_exception = Table(
    "work_exception",
    metadata,
    _id(),
    _org(),
    Column("type", String(32), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    _cents("money_cents", nullable=True),
    Column("reason", Text, nullable=False),
    _sealed("findings", nullable=True),
    Column("state", String(8), nullable=False),
    Column("resolution", Text),
    _at("created_at", default=True),
    _at("resolved_at"),
    Index(
        "ux_work_exception_open",
        "org_id",
        "type",
        "subject_kind",
        "subject_id",
        unique=True,
        postgresql_where=text("state = 'OPEN'"),
    ),
)

history = Table(
    "history",
    metadata,
    _id(),
    _org(),
    Column("subject_kind", String(12), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("event", String(24), nullable=False),
    Column("state", String(24), nullable=False),
    Column("actor", Text, nullable=False),
    Column("file_id", BigInteger),
    Column("inbound_file_id", BigInteger),
    Column("detail", Text),
    _at("at", default=True),
    _at("business_at"),
    Index("ix_history_subject", "subject_kind", "subject_id"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _org(),
    Column("actor", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("detail", Text),
    _at("at", default=True),
)

counter = Table(
    "counter",
    metadata,
    Column("org_id", BigInteger, ForeignKey("org.org_id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

due_work = Table(
    "due_work",
    metadata,
    Column("stage", String(16), primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("org_id", BigInteger, ForeignKey("org.org_id"), primary_key=True),
    _at("due_at", default=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Index("ix_due_work_due_at", "due_at"),
    postgresql_with={"fillfactor": 50},
)

NARROW = ("org", "installation", "due_work")
"""Tables without row-level security: ids, times and our own words only."""

APPEND_ONLY = ("journal", "entry", "history", "audit")
