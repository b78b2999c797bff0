"""What the partners hold that we do not know of: told by `reconcile` after a restore."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint

from pipeline.store.models.base import cents, metadata, moment, org_id, row_id

outside_claim = Table(
    "outside_claim",
    metadata,
    row_id(),
    org_id(),
    Column("clm01", String(38), nullable=False),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("control_number", BigInteger),  # of the file that it went out in, where that was told
    moment("found_at", default=True),
    moment("settled_at"),  # when a person let the claim go all the same
    UniqueConstraint("org_id", "clm01"),
)

outside_entry = Table(
    "outside_entry",
    metadata,
    row_id(),
    org_id(),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id"), nullable=False),
    Column("trace", String(15), nullable=False),
    Column("payee_hmac", LargeBinary, nullable=False),
    cents("amount_cents"),
    Column("payment_id", BigInteger, ForeignKey("payment.id")),  # once the payment is known that it paid
    UniqueConstraint("org_id", "trace"),
)
