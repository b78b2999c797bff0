"""What leaves: claims, lots, files, sets and submissions."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipeline.store.models.base import cents, metadata, moment, org_id, row_id, sealed

lot = Table("lot", metadata, row_id(), org_id(), moment("created_at", default=True))

claim = Table(
    "claim",
    metadata,
    row_id(),
    org_id(),
    Column("clm01", String(14), nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("frequency", String(1), nullable=False),
    Column("external_hmac", LargeBinary, nullable=False),
    Column("member_hmac", LargeBinary),
    Column("index_key_id", SmallInteger, nullable=False),
    Column("content_sha256", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("lot_id", BigInteger),
    Column("form", String(1), nullable=False, server_default="P"),  # P 837P, I 837I
    # The version that all of a claim's money is booked on; absent: this one.
    Column("first_id", BigInteger, ForeignKey("claim.id")),
    # The decision that a claim for the next payer was made from: one claim a decision.
    Column("made_from_id", BigInteger, unique=True),
    Column("payer_id", Text, nullable=False),
    Column("filing_code", String(2)),  # SBR09: the payer's class in the books
    Column("further_payers", SmallInteger, nullable=False, server_default="0"),  # who pay after this one
    cents("charge_cents"),
    cents("patient_paid_cents"),
    Column("service_from", Date),
    Column("next_step", String(24)),  # after a payer's decision: what is to be done with it
    sealed("document"),
    moment("created_at", default=True),
    moment("ready_requested_at"),
    # Columns of their own, which seldom change: an index that named the state would be written at each step of a claim.
    Column("waiting", Boolean, Computed("state = 'READY' AND lot_id IS NULL", persisted=True)),
    Column("requested", Boolean, Computed("state = 'DRAFT' AND ready_requested_at IS NOT NULL", persisted=True)),
    UniqueConstraint("org_id", "external_hmac", "version"),
    UniqueConstraint("clm01", "version"),
    Index("ix_claim_waiting", "org_id", "id", postgresql_where=text("waiting")),
    Index("ix_claim_requested", "org_id", "id", postgresql_where=text("requested")),
    Index("ix_claim_lot", "lot_id"),
    # Where a decision is looked for that bears no number of ours.
    Index("ix_claim_member", "org_id", "member_hmac"),
    Index("ix_claim_service", "org_id", "service_from", "charge_cents"),
    postgresql_with={"fillfactor": 80},
)

outbound_file = Table(
    "outbound_file",
    metadata,
    row_id(),
    org_id(),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("kind", String(8), nullable=False),  # 837P | 837I | 270 | 276 | 835 | ACH
    Column("mode", String(1), nullable=False),
    Column("exchange", Text, nullable=False),  # sender|receiver: the pair within which control numbers never repeat
    Column("control_number", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("lot_id", BigInteger),
    Column("state", String(16), nullable=False),
    Column("claims", Integer, nullable=False, server_default="0"),
    cents("amount_cents"),
    Column("sha256", LargeBinary),
    Column("size", Integer),
    sealed("content", nullable=True),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    moment("lease_until"),
    Column("temporary_name", Text),
    Column("temporary_folder", Text),
    Column("last_error", Text),
    moment("created_at", default=True),
    moment("business_at"),
    moment("sent_at"),
    moment("answered_at"),
    UniqueConstraint("mailbox_id", "name"),
    UniqueConstraint("exchange", "kind", "control_number"),
    Index("ix_outbound_file_lot", "lot_id"),
    Index("ix_outbound_file_bytes", "mailbox_id", "sha256", postgresql_where=text("kind = 'ACH'")),
    Index(
        "ix_outbound_file_unsent",
        "mailbox_id",
        "id",
        postgresql_where=text("state IN ('RESERVED', 'STAGING', 'STAGED', 'RENAMING')"),
    ),
)

transaction_set = Table(
    "transaction_set",
    metadata,
    row_id(),
    org_id(),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id"), nullable=False),
    Column("control_number", String(9), nullable=False),
    Column("position", Integer, nullable=False),
    # First and last segment number of each claim, in the order of its ordinal: what a 999's IK302 is looked up in.
    Column("ranges", ARRAY(Integer)),
    Column("acknowledgment", String(1)),
    moment("taken_apart_at"),  # when a 999 had rejected it for some of its claims: once
    UniqueConstraint("file_id", "control_number"),
)

submission = Table(
    "submission",
    metadata,
    row_id(),
    org_id(),
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
