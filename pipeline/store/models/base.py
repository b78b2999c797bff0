"""What all tables share: naming, and the columns that nearly every one has."""

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, MetaData, text
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


def row_id() -> "Column[int]":
    return Column("id", BigInteger, primary_key=True, autoincrement=True)


def org_id() -> "Column[int]":
    # No foreign key: row-level security checks each row already, and a key would lock one row of `org` from every side.
    return Column("org_id", BigInteger, nullable=False)


def moment(name: str, *, default: bool = False) -> "Column[object]":
    return Column(
        name, DateTime(timezone=True), nullable=not default, server_default=text("now()") if default else None
    )


def month_key(*, default: bool = False) -> "Column[object]":
    """When it was written: says in which month's part a row lies, and is part of the key because of that."""
    return Column("at", DateTime(timezone=True), primary_key=True, server_default=text("now()") if default else None)


BY_MONTH = "RANGE (at)"
"""How a table is partitioned that grows for ever; the parts themselves are made by the database's `make_months`."""


def sealed(name: str, *, nullable: bool = False) -> "Column[bytes]":
    return Column(name, LargeBinary, nullable=nullable)


def cents(name: str, *, nullable: bool = False) -> "Column[int]":
    return Column(name, BigInteger, nullable=nullable)
