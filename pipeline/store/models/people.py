"""Whose it is: tenants, their keys, providers, people and mailboxes."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pipeline.store.models.base import cents, metadata, moment, org_id, row_id, sealed

org = Table(
    "org",
    metadata,
    Column("org_id", BigInteger, primary_key=True, autoincrement=True),
    Column("slug", String(40), nullable=False, unique=True),
    moment("created_at", default=True),
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
    moment("checked_at", default=True),
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
    cents("approval_limit_cents"),
)

billing_provider = Table(
    "billing_provider",
    metadata,
    row_id(),
    org_id(),
    Column("npi", String(10), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("is_default", Boolean, nullable=False),
    sealed("details"),
    UniqueConstraint("org_id", "npi", "valid_from"),
)

principal = Table(
    "principal",
    metadata,
    row_id(),
    org_id(),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False, server_default="true"),
    UniqueConstraint("org_id", "name"),
)

mailbox = Table(
    "mailbox",
    metadata,
    row_id(),
    org_id(),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),  # clearinghouse | bank
    Column("mode", String(1), nullable=False),  # T | P
    Column("enabled", Boolean, nullable=False),
    sealed("profile"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    moment("lease_until"),
    moment("paused_until"),
    Column("pause_reason", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("bundling_pause", Text),  # why no new file is made for it, until a person lets it go on
    Column("reconciled_as", Text),  # the server on which it was last compared with what its partner has
    moment("last_sent_at"),
    moment("last_polled_at"),
    moment("pace_until"),  # when its allowance of files an hour is whole again
    UniqueConstraint("org_id", "name"),
)

conversation = Table(  # how often talks with a partner ended in each way: what operators are told
    "conversation",
    metadata,
    Column("mailbox_id", BigInteger, ForeignKey("mailbox.id"), primary_key=True, autoincrement=False),
    Column("stage", String(16), primary_key=True),
    Column("outcome", String(32), primary_key=True),
    org_id(),
    Column("times", BigInteger, nullable=False),
    moment("last_at", default=True),
)
