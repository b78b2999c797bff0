"""What comes back: files, deliveries, remittances, deposits."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipeline.store.models.base import BY_MONTH, cents, metadata, moment, month_key, org_id, row_id, sealed

inbound_file = Table(
    "inbound_file",
    metadata,
    row_id(),
    org_id(),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("parent_id", BigInteger, ForeignKey("inbound_file.id")),
    Column("name", Text, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    sealed("content", nullable=True),  # what a process of before the months wrote, until `make_months` moves it on
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    moment("received_at", default=True),
    UniqueConstraint("org_id", "mailbox_id", "sha256"),
    Index("ix_inbound_file_received", "mailbox_id", "id", postgresql_where=text("state = 'RECEIVED'")),
)

inbound_content = Table(
    "inbound_content",
    metadata,
    Column("inbound_file_id", BigInteger, ForeignKey("inbound_file.id"), primary_key=True, autoincrement=False),
    org_id(),
    month_key(),  # the file's received_at
    sealed("content"),  # as the column `content` of the file's row: bytes may lie in either place
    postgresql_partition_by=BY_MONTH,
)

delivery = Table(
    "delivery",
    metadata,
    row_id(),
    org_id(),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_s", BigInteger, nullable=False),
    Column("sha256", LargeBinary),
    Column("inbound_file_id", BigInteger, ForeignKey("inbound_file.id")),
    moment("first_seen_at", default=True),
    UniqueConstraint("mailbox_id", "name", "size", "mtime_s"),
)

remittance = Table(
    "remittance",
    metadata,
    row_id(),
    org_id(),
    Column("inbound_file_id", BigInteger, ForeignKey("inbound_file.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("set_key", Text, nullable=False),  # sender, ISA13, GS06, ST02
    Column("content_sha256", LargeBinary, nullable=False),
    Column("payer_name", Text),
    Column("trace_number", Text, nullable=False),
    Column("trace_payer_id", Text, nullable=False),
    Column("method", String(3), nullable=False),
    cents("amount_cents"),
    Column("payment_date", Date),
    # Its proof: BPR02 (amount) = sum of CLP04 (claims paid) - sum of PLB (provider). Empty in rows of before it was kept.
    Column("claims", Integer),
    Column("lines", Integer),
    cents("charged_cents", nullable=True),
    cents("claims_paid_cents", nullable=True),
    cents("adjusted_cents", nullable=True),
    cents("provider_cents", nullable=True),
    sealed("provider_adjustments", nullable=True),  # PLB: reason, reference, cents, segment
    Column("state", String(16), nullable=False),
    moment("received_at", default=True),
    Column("deposit_due", Date),  # the last business day on which its deposit is not late
    moment("released_at"),  # when its claims were last looked through for what the patient gets back
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
    Index("ix_remittance_waiting", "org_id", "deposit_due", postgresql_where=text("state = 'POSTED'")),
    Index("ix_remittance_waiting_amount", "org_id", "amount_cents", postgresql_where=text("state = 'POSTED'")),
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
    row_id(),
    org_id(),
    Column("remittance_id", BigInteger, ForeignKey("remittance.id"), nullable=False),
    Column("segment", Integer, nullable=False),
    Column("clp01", Text, nullable=False),
    Column("payer_control_number", Text),
    Column("status", String(2), nullable=False),
    cents("charge_cents"),
    cents("paid_cents"),
    cents("patient_cents"),
    Column("verdict", String(12), nullable=False),  # paid | partly_paid | denied | reversed | forwarded
    # What the ledger posts, compressed and sealed: adjustments by group with reason and cents.
    sealed("adjustments"),
    Column("claim_id", BigInteger, ForeignKey("claim.id")),
    Column("matched_by", String(16)),  # clm01 | payer_number | line_number | score | hand
    Column("member_hmac", LargeBinary),
    Column("service_from", Date),
    Column("crossed_over_to", Text),  # the next payer's name, where this one has sent the claim on
    UniqueConstraint("remittance_id", "segment"),
    Index("ix_remittance_claim_claim", "claim_id"),
    Index("ix_remittance_claim_clp01", "clp01"),
    Index("ix_remittance_claim_unmatched", "org_id", postgresql_where=text("claim_id IS NULL")),
)

deposit = Table(
    "deposit",
    metadata,
    row_id(),
    org_id(),
    Column("inbound_file_id", BigInteger, ForeignKey("inbound_file.id"), nullable=False),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("source", String(8), nullable=False, server_default="ach"),  # ach | bai2
    Column("sender", Text),  # who sent it, as the bank has it: a company's name, never a person's
    Column("bank_reference", Text),
    Column("trace_number", Text),
    Column("trace_payer_id", Text),
    cents("amount_cents"),
    Column("effective_date", Date),
    Column("state", String(16), nullable=False),
    Column("remittance_id", BigInteger, ForeignKey("remittance.id"), unique=True),
    Column("matched_by", String(16)),  # trace | amount_date | hand
    Column("remittance_due", Date),  # the last business day on which its remittance is not late
    Column("takes_back_id", BigInteger, ForeignKey("deposit.id")),  # a debit: the deposit that it takes back
    moment("received_at", default=True),
    UniqueConstraint("inbound_file_id", "position"),
    Index("ix_deposit_trace", "org_id", "trace_number"),
    Index("ix_deposit_waiting", "org_id", "remittance_due", postgresql_where=text("state = 'WAITING'")),
    Index("ix_deposit_waiting_amount", "org_id", "amount_cents", postgresql_where=text("state = 'WAITING'")),
)
