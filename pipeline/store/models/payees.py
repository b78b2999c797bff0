"""Whom we pay and where: payees, the versions of their bank details, who stood up for them, and names that are held."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from pipeline.store.models.base import cents, metadata, moment, org_id, row_id, sealed

payee = Table(
    "payee",
    metadata,
    row_id(),
    org_id(),
    Column("kind", String(10), nullable=False),  # patient | payer | vendor | provider
    Column("key_hmac", LargeBinary, nullable=False),  # of what names it: a patient's identity, a payer's id, an NPI …
    sealed("name"),
    Column("name_hmac", LargeBinary, nullable=False),  # of the name as `payee.plain_name` writes it
    Column("sec", String(3)),  # how a vendor wants to be paid: CCD or CTX
    Column("hold", String(24)),  # why nothing is paid to it, a word of ours; None: it may be
    Column("held_by", Text),
    sealed("hold_note", nullable=True),  # people write names
    moment("business_at"),  # since when it is known
    moment("created_at", default=True),
    UniqueConstraint("org_id", "kind", "key_hmac"),
    Index("ix_payee_name", "org_id", "name_hmac"),
)

bank_details = Table(  # a version never changes but for its state: other digits are another version
    "bank_details",
    metadata,
    row_id(),
    org_id(),
    Column("payee_id", BigInteger, ForeignKey("payee.id"), nullable=False),
    Column("version", SmallInteger, nullable=False),
    sealed("details"),
    Column("account_hmac", LargeBinary, nullable=False),
    Column("account_last4", String(4), nullable=False),
    Column("state", String(16), nullable=False),
    Column("source", String(8), nullable=False),  # claim | person | noc
    Column("source_id", BigInteger),  # the claim, or the file with the notification of change
    Column("proposed_by", Text, nullable=False),
    Column("needed", SmallInteger, nullable=False),  # so many people must stand up for it
    moment("confirmed_at"),  # business time
    moment("hold_until"),  # business time: until then nothing is paid to it
    Column("prenote", String(8), nullable=False, server_default="none"),  # none | wanted | out | passed | failed
    Column("prenote_until", Date),  # the last business day on which a prenote may still come back
    moment("created_at", default=True),
    UniqueConstraint("payee_id", "version"),
    Index("ux_bank_details_active", "payee_id", unique=True, postgresql_where=text("state = 'ACTIVE'")),
    Index("ix_bank_details_account", "org_id", "account_hmac"),
    Index("ix_bank_details_prenote", "org_id", "id", postgresql_where=text("prenote IN ('wanted', 'out')")),
)

details_consent = Table(
    "details_consent",
    metadata,
    row_id(),
    org_id(),
    Column("details_id", BigInteger, ForeignKey("bank_details.id"), nullable=False),
    Column("principal_id", BigInteger, ForeignKey("principal.id"), nullable=False),
    moment("at", default=True),
    UniqueConstraint("details_id", "principal_id"),
)

name_hold = Table(
    "name_hold",
    metadata,
    row_id(),
    org_id(),
    Column("name_hmac", LargeBinary, nullable=False),
    sealed("name"),
    sealed("reason"),
    Column("placed_by", Text, nullable=False),
    moment("at", default=True),
    Column("lifted_by", Text),
    moment("lifted_at"),
    Index("ux_name_hold_live", "org_id", "name_hmac", unique=True, postgresql_where=text("lifted_at IS NULL")),
)

invoice = Table(  # what a vendor asks for: paid by one payment, or by none yet
    "invoice",
    metadata,
    row_id(),
    org_id(),
    Column("payee_id", BigInteger, ForeignKey("payee.id"), nullable=False),
    Column("number_hmac", LargeBinary, nullable=False),
    sealed("document"),  # number, date, gross and discount, words
    Column("content_sha256", LargeBinary, nullable=False),
    cents("amount_cents"),
    Column("due_on", Date, nullable=False),
    Column("payment_id", BigInteger, ForeignKey("payment.id")),  # the one that pays it, while that one stands
    Column("entered_by", Text, nullable=False),
    moment("withdrawn_at"),
    moment("created_at", default=True),
    UniqueConstraint("org_id", "payee_id", "number_hmac"),
    Index("ix_invoice_payment", "payment_id"),
    Index("ix_invoice_open", "org_id", "due_on", postgresql_where=text("payment_id IS NULL AND withdrawn_at IS NULL")),
)

bank_line = Table(  # a line of the bank's statement about our own files: what it charged, what it gave back
    "bank_line",
    metadata,
    row_id(),
    org_id(),
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), nullable=False),
    Column("inbound_file_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),  # settlement | returns
    cents("amount_cents"),  # what the account gained
    Column("day", Date, nullable=False),
    Column("reference", Text, nullable=False, server_default=""),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id")),  # the file of ours that it settles
    Column("returns_id", BigInteger),  # the bank's file whose returns it pays back
    moment("told_at", default=True),
    UniqueConstraint("org_id", "mailbox_id", "kind", "day", "amount_cents", "reference"),
    Index("ix_bank_line_file", "file_id"),
)
