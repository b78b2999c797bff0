"""What is owed and paid: the ledger, payments, approvals, entries."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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

from pipeline.store.models.base import Xid8, cents, metadata, moment, org_id, row_id, sealed

journal = Table(
    "journal",
    metadata,
    row_id(),
    org_id(),
    Column("source_kind", String(24), nullable=False),
    Column("source_id", BigInteger, nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("inbound_file_id", BigInteger),
    Column("set_number", Integer),  # the set's position in that file
    Column("segment", Integer),  # within the set, ST = 1
    Column("business_date", Date, nullable=False),
    moment("posted_at", default=True),
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
    Column("remittance_id", BigInteger),  # of an EFT that is expected
    Column("subaccount", String(24)),  # receivable: the payer's class; bank: the account; PLB: its reason
    cents("amount_cents"),
    Index("ix_entry_claim", "claim_id"),
    Index("ix_entry_remittance", "remittance_id", postgresql_where=text("remittance_id IS NOT NULL")),
)

match_action = Table(  # a decision that a person tied to a claim, or took away from one: the source of its journals
    "match_action",
    metadata,
    row_id(),
    org_id(),
    Column("remittance_claim_id", BigInteger, ForeignKey("remittance_claim.id"), nullable=False),
    Column("claim_id", BigInteger, ForeignKey("claim.id"), nullable=False),
    Column("action", String(8), nullable=False),  # match | unmatch
    Column("actor", Text, nullable=False),
    sealed("reason"),
    moment("at", default=True),
    Index("ix_match_action_decision", "remittance_claim_id"),
)

write_off = Table(
    "write_off",
    metadata,
    row_id(),
    org_id(),
    Column("claim_id", BigInteger, ForeignKey("claim.id"), nullable=False),
    cents("amount_cents"),
    Column("actor", Text, nullable=False),
    sealed("reason"),
    moment("at", default=True),
    moment("undone_at"),
    Index("ix_write_off_claim", "claim_id"),
)

payment = Table(
    "payment",
    metadata,
    row_id(),
    org_id(),
    Column("obligation", Text, nullable=False),  # what is owed and why: one payment an obligation
    Column("kind", String(16), nullable=False),
    Column("claim_id", BigInteger, ForeignKey("claim.id")),
    cents("amount_cents"),
    sealed("payee"),
    Column("payee_hmac", LargeBinary, nullable=False),
    Column("account_last4", String(4), nullable=False),
    Column("content_sha256", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("rule", Text),  # the rules that gave the answer, each with its version
    Column("approvals", SmallInteger, nullable=False, server_default="1"),  # so many people must say yes; 0: by rule
    Column("prepared_by", Text, nullable=False),
    Column("reason", Text),
    Column("payee_id", BigInteger, ForeignKey("payee.id")),  # None before payees were rows
    Column("details_id", BigInteger, ForeignKey("bank_details.id")),  # the version that was decided on
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id")),  # the bank it leaves through; None: the first
    Column("deposit_id", BigInteger, ForeignKey("deposit.id")),  # of a disbursement: the money that it passes on
    Column("remittance_id", BigInteger, ForeignKey("remittance.id")),  # and the decisions behind it
    Column("replaces_id", BigInteger, ForeignKey("payment.id")),  # the one that came back before it
    Column("reverses_id", BigInteger, ForeignKey("payment.id")),  # of a reversal: what it takes back
    Column("sec", String(3)),  # PPD | CCD | CTX; None: PPD
    sealed("addenda", nullable=True),  # what stands beside the entry, unbroken
    Column("same_day", Boolean, nullable=False, server_default=text("false")),
    moment("approved_at"),  # business time: which cut-off it makes
    Column("provisional_until", Date),  # the last business day on which it may ordinarily come back
    Column("advice_file_id", BigInteger, ForeignKey("outbound_file.id")),  # the 835 beside a disbursement
    moment("created_at", default=True),
    UniqueConstraint("org_id", "obligation"),
    # Nothing is replaced or taken back twice; what was denied or never left does not count.
    Index(
        "ux_payment_replaces", "replaces_id", unique=True, postgresql_where=text("state NOT IN ('DENIED', 'VOIDED')")
    ),
    Index(
        "ux_payment_reverses", "reverses_id", unique=True, postgresql_where=text("state NOT IN ('DENIED', 'VOIDED')")
    ),
    Index("ix_payment_payee", "payee_id"),
    Index("ix_payment_account", "org_id", "payee_hmac"),
    Index("ix_payment_claim", "claim_id"),
    Index("ix_payment_deposit", "deposit_id", postgresql_where=text("deposit_id IS NOT NULL")),
    Index(
        "ix_payment_live",
        "org_id",
        "state",
        postgresql_where=text("state IN ('WAITING', 'APPROVED', 'SENT', 'ACKNOWLEDGED')"),
    ),
)

ruling = Table(  # what the rules of release said of a payment, each time they were asked, and of what they knew
    "ruling",
    metadata,
    row_id(),
    org_id(),
    Column("payment_id", BigInteger, ForeignKey("payment.id"), nullable=False),
    Column("answer", String(12), nullable=False),
    Column("approvals", SmallInteger, nullable=False),
    Column("rules", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    moment("at", default=True),
    Index("ix_ruling_payment", "payment_id"),
    Index("ix_ruling_day", "org_id", "business_date"),
)

approval = Table(
    "approval",
    metadata,
    row_id(),
    org_id(),
    Column("payment_id", BigInteger, ForeignKey("payment.id"), nullable=False),
    Column("principal_id", BigInteger, ForeignKey("principal.id"), nullable=False),
    Column("decision", String(8), nullable=False),
    Column("content_sha256", LargeBinary, nullable=False),
    moment("decided_at", default=True),
    UniqueConstraint("payment_id", "principal_id"),
)

payment_entry = Table(
    "payment_entry",
    metadata,
    row_id(),
    org_id(),
    Column("payment_id", BigInteger, ForeignKey("payment.id"), nullable=False),
    Column("file_id", BigInteger, ForeignKey("outbound_file.id"), nullable=False),
    Column("trace", String(15), nullable=False),
    cents("amount_cents"),
    Column("live", Boolean, nullable=False),
    Column("effective_date", Date),
    UniqueConstraint("org_id", "trace"),
    Index("ux_payment_entry_live", "payment_id", unique=True, postgresql_where=text("live")),
    Index("ix_payment_entry_file", "file_id"),
)
