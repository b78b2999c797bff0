"""What people and auditors look at, and what waits: exceptions, history, audit, counters, due work."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, text

from pipeline.store.models.base import BY_MONTH, cents, metadata, moment, month_key, org_id, row_id, sealed

work_exception = Table(
    "work_exception",
    metadata,
    row_id(),
    org_id(),
    Column("type", String(32), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    cents("money_cents", nullable=True),
    Column("reason", Text, nullable=False),
    sealed("findings", nullable=True),
    Column("state", String(8), nullable=False),
    Column("owner", Text),  # whose turn it is, a principal's name
    moment("due_at"),  # business time: when it should be done
    Column("resolution", Text),
    moment("created_at", default=True),
    moment("resolved_at"),
    # What a person has resolved before is asked for at every raise.
    Index("ix_work_exception_subject", "org_id", "subject_kind", "subject_id", "type"),
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

exception_note = Table(  # what people did with an exception, and wrote about it
    "exception_note",
    metadata,
    row_id(),
    org_id(),
    Column("exception_id", BigInteger, ForeignKey("work_exception.id"), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(16), nullable=False),  # assign | comment | resolve | reopen | ...
    sealed("told", nullable=True),  # people write names
    moment("at", default=True),
    Index("ix_exception_note_exception", "exception_id"),
)

history = Table(
    "history",
    metadata,
    row_id(),
    org_id(),
    Column("subject_kind", String(12), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("event", String(24), nullable=False),
    Column("state", String(24), nullable=False),
    Column("actor", Text, nullable=False),
    Column("file_id", BigInteger),
    Column("inbound_file_id", BigInteger),
    Column("detail", Text),
    month_key(default=True),
    moment("business_at"),
    Index("ix_history_subject", "subject_kind", "subject_id"),
    postgresql_partition_by=BY_MONTH,
)

audit = Table(
    "audit",
    metadata,
    row_id(),
    org_id(),
    Column("actor", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("detail", Text),
    month_key(default=True),
    postgresql_partition_by=BY_MONTH,
)

# A tenant's own numbers, before all tenants shared them. Nobody draws from it; it goes with a later release.
counter = Table(
    "counter",
    metadata,
    Column("org_id", BigInteger, ForeignKey("org.org_id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

exchange_counter = Table(
    "exchange_counter",
    metadata,
    Column("series", Text, primary_key=True),  # what is numbered, and between whom
    Column("value", BigInteger, nullable=False),  # the last number that was drawn
)

due_work = Table(
    "due_work",
    metadata,
    Column("stage", String(16), primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("org_id", BigInteger, ForeignKey("org.org_id"), primary_key=True),
    moment("due_at", default=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Index("ix_due_work_due_at", "due_at"),
    Index("ix_due_work_org_id_due_at", "org_id", "due_at"),
    postgresql_with={"fillfactor": 50},
)
