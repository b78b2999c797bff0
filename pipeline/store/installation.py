"""Which database this is: a restore or a clone is another one, and must not send before it was compared."""

from dataclasses import dataclass

from sqlalchemy import create_engine, text

from pipeline.store.database import Queries

_IDENTITY = (
    "SELECT (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,"
    " (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline, current_database() AS database_name"
)


@dataclass(frozen=True, slots=True)
class Identity:
    system_identifier: str
    timeline: int
    database_name: str


def record(owner_url: str, environment: str) -> None:
    """Writes the identity down if none is written yet, and keeps the one that is."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as cx:
            cx.execute(
                text(
                    "INSERT INTO installation (id, system_identifier, timeline, database_name, environment)"
                    f" SELECT 1, system_identifier, timeline, database_name, :environment FROM ({_IDENTITY}) i"
                    " ON CONFLICT (id) DO NOTHING"
                ),
                {"environment": environment},
            )
    finally:
        engine.dispose()


def actual(tx: Queries) -> Identity:
    """What the server says it is now."""
    row = tx.first(_IDENTITY)
    assert row is not None
    return Identity(**row._mapping)  # noqa: SLF001


def recorded(tx: Queries) -> Identity | None:
    """What was written at the first migration; None: nothing yet."""
    row = tx.first("SELECT system_identifier, timeline, database_name FROM installation")
    return None if row is None else Identity(**row._mapping)  # noqa: SLF001


def moved(tx: Queries) -> bool:
    """True after a restore or a clone: the server is not the one that is written down."""
    known = recorded(tx)
    return known is not None and known != actual(tx)


