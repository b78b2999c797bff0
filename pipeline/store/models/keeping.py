"""What must stay: how long, and what a court or an auditor has asked for."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, SmallInteger, String, Table, Text, UniqueConstraint

from pipeline.store.models.base import metadata, moment, org_id, row_id, sealed

retention = Table(
    "retention",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, server_default="1"),
    Column("years", SmallInteger, nullable=False),
    moment("history_from"),  # the end of the last month of history that was dropped
)

legal_hold = Table(
    "legal_hold",
    metadata,
    row_id(),
    org_id(),
    Column("clm01", String(14), nullable=False),  # all versions of the claim
    Column("releases", BigInteger, ForeignKey("legal_hold.id")),  # the hold that this row ends; blank: it places one
    Column("actor", Text, nullable=False),
    sealed("reason"),
    moment("at", default=True),
    UniqueConstraint("org_id", "releases"),
    Index("ix_legal_hold_claim", "org_id", "clm01"),
)
