"""Which database this is: a restore or a clone is another one, and must not send before it was compared.

A copy of the data folder keeps the system identifier but gets a new timeline when it is promoted; a dump that is
loaded elsewhere has another system identifier; one that is loaded beside or in the place of the first has another
database id.
"""

from dataclasses import dataclass

from sqlalchemy import create_engine, text

from pipeline.store.database import Queries

_IDENTITY = (
    "SELECT (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,"
    " (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline, current_database()::text AS database_name,"
    " (SELECT oid FROM pg_database WHERE datname = current_database())::bigint AS database_oid"
)
_FIELDS = "system_identifier, timeline, database_name, database_oid"
MOVED = "installation_moved"
"""The type of the exception that says why a mailbox is held."""


@dataclass(frozen=True, slots=True)
class Identity:
    system_identifier: str
    timeline: int
    database_name: str
    database_oid: int

    def __str__(self) -> str:
        """As mailboxes note on which server they were reconciled."""
        return f"{self.system_identifier}/{self.timeline}/{self.database_name}/{self.database_oid}"


def record(owner_url: str, environment: str) -> None:
    """Writes the identity down if none is written yet, and keeps the one that is. Only the owner role may."""
    _as_owner(
        owner_url,
        f"INSERT INTO installation (id, {_FIELDS}, environment)"  # noqa: S608 - our own literals
        f" SELECT 1, {_FIELDS}, :environment FROM ({_IDENTITY}) i ON CONFLICT (id) DO NOTHING",
        environment=environment,
    )


def unreconciled(owner_url: str) -> list[str]:
    """The mailboxes (tenant/name) of all tenants that were not reconciled on the server as it is now."""
    engine = create_engine(owner_url)
    try:
        with engine.connect() as cx:
            here = str(actual(Queries(cx)))
            rows = cx.execute(
                text(
                    "SELECT o.slug || '/' || m.name FROM mailbox m JOIN org o USING (org_id)"
                    " WHERE m.reconciled_as IS DISTINCT FROM :here ORDER BY 1"
                ),
                {"here": here},
            )
            return [str(row[0]) for row in rows]
    finally:
        engine.dispose()


def adopt(owner_url: str) -> None:
    """Takes the server as it is now for ours, once the outside has been compared: what was held may go again.

    Processes look when they start, so they are to be started anew; what they had put off is due at once. Closes the
    exceptions of all tenants about it; the owner role is above row-level security. Nothing happens where no identity
    was ever recorded.
    """
    _as_owner(
        owner_url,
        f"WITH adopted AS (UPDATE installation SET ({_FIELDS}, checked_at) ="  # noqa: S608 - our own literals
        f" (SELECT {_FIELDS}, now() FROM ({_IDENTITY}) i) RETURNING 1),"
        " due AS (UPDATE due_work SET due_at = now() WHERE due_at > now() AND EXISTS (SELECT 1 FROM adopted))"
        " UPDATE work_exception SET state = 'RESOLVED', resolved_at = now(),"
        " resolution = 'the installation was adopted'"
        f" WHERE type = '{MOVED}' AND state = 'OPEN' AND EXISTS (SELECT 1 FROM adopted)",
    )


def _as_owner(owner_url: str, statement: str, **parameters: str) -> None:
    engine = create_engine(owner_url)
    try:
        with engine.begin() as cx:
            cx.execute(text(statement), parameters)
    finally:
        engine.dispose()


def actual(tx: Queries) -> Identity:
    """What the server says it is now."""
    row = tx.first(_IDENTITY)
    assert row is not None
    return Identity(**row._mapping)  # noqa: SLF001


def recorded(tx: Queries) -> Identity | None:
    """What was written at the first migration; None: nothing yet."""
    row = tx.first(f"SELECT {_FIELDS} FROM installation")  # noqa: S608 - our own literals
    return None if row is None else Identity(**row._mapping)  # noqa: SLF001


def moved(tx: Queries) -> bool:
    """True after a restore or a clone: the server is not the one that is written down."""
    known = recorded(tx)
    return known is not None and known != actual(tx)
