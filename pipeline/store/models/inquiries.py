"""What payers are asked between sending and paying: whether somebody is covered (270), what became of a claim (276)."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipeline.store.models.base import metadata, moment, org_id, row_id, sealed

inquiry = Table(
    "inquiry",
    metadata,
    row_id(),
    org_id(),
    Column("kind", String(12), nullable=False),  # eligibility | status
    Column("trace", String(50), nullable=False),  # TRN02: what the answer repeats
    Column("state", String(16), nullable=False),
    Column("payer_id", Text, nullable=False),
    Column("member_hmac", LargeBinary),
    Column("claim_id", BigInteger, ForeignKey("claim.id")),  # of a status inquiry
    Column("service_from", Date),
    Column("asked_by", Text, nullable=False),
    sealed("question"),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id")),  # the batch file that asks; None: asked in real time
    Column("inbound_file_id", BigInteger),  # the file that answers
    Column("answer", String(24)),  # a word of ours: active, inactive, pending, cannot_respond …; or a status category
    sealed("answered", nullable=True),
    moment("business_at"),  # when it was asked
    moment("answered_at"),  # business time
    moment("created_at", default=True),
    UniqueConstraint("org_id", "trace"),
    Index("ix_inquiry_claim", "claim_id", postgresql_where=text("claim_id IS NOT NULL")),
    Index("ix_inquiry_member", "org_id", "member_hmac", postgresql_where=text("member_hmac IS NOT NULL")),
    Index("ix_inquiry_open", "org_id", "id", postgresql_where=text("state IN ('ASKED', 'IN_FILE')")),
)
