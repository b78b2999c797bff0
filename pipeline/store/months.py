"""The months in which history, audit and inbound bytes lie: made ahead, counted, and at last dropped.

Parts are the owner's to make and to drop; the app role owns nothing, and only looks whether there are enough. The
database's own functions do the work (migration 0006), so that whoever calls them is held to the same rules.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from pipeline.domain.errors import Conflict
from pipeline.store.database import Queries

AHEAD = 6
"""Months that are made ahead of the one that runs: a monthly run may fail a few times before anybody must hurry."""
_LOCK_TIMEOUT_MS = 5_000
"""Making or dropping a part stops all writers for a moment; behind a long report they are not to wait for longer."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A table that lies by month: how many months after this one are made, and whether rows came without a month."""

    table: str
    ahead: int
    strays: bool


@dataclass(frozen=True, slots=True)
class Month:
    """What is kept of one month in one table. `held_rows` belong to claims under legal hold.

    `droppable`: the table lies by month, so that the month can go as a whole.
    """

    table: str
    first: date
    rows: int
    held_rows: int
    droppable: bool


def ready(tx: Queries) -> list[Ready]:
    """As the app role sees it, from the catalogue: a part that takes no room has no rows."""
    rows = tx.rows(
        "SELECT p.relname AS table_, count(*) FILTER (WHERE c.relname ~ '_\\d{4}_\\d{2}$'"
        "  AND right(c.relname, 7) > to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')) AS ahead,"
        " bool_or(c.relname = p.relname || '_default' AND pg_relation_size(c.oid) > 0) AS strays"
        " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent"
        " WHERE p.relkind = 'p' AND p.relnamespace = current_schema()::regnamespace GROUP BY p.relname ORDER BY p.relname"
    )
    return [Ready(row.table_, row.ahead, row.strays) for row in rows]


def make(owner: Queries) -> None:
    """Makes what is missing of this month and the `AHEAD` next, and puts strays where they belong."""
    owner.run(f"SET LOCAL lock_timeout = {_LOCK_TIMEOUT_MS}")
    owner.value("SELECT make_months(:ahead)", ahead=AHEAD)


def keep_for(owner: Queries, years: int) -> int:
    """Notes for how many years everything must be kept; gives what holds, which is the most that was ever noted."""
    return int(
        owner.value(
            "INSERT INTO retention (years) VALUES (:years)"
            " ON CONFLICT (id) DO UPDATE SET years = greatest(retention.years, excluded.years) RETURNING years",
            years=years,
        )
    )


def kept_since(owner: Queries) -> datetime:
    """Nothing that was written later may go."""
    moment: datetime = owner.value("SELECT kept_since()")
    return moment


def older(owner: Queries, until: datetime) -> list[Month]:
    """Every month that ended before `until`, the oldest first; of journals and outgoing bytes too, which stay."""
    rows = owner.rows(
        "WITH h AS MATERIALIZED (SELECT * FROM held), whole AS ("
        " SELECT 'journal' AS table_, 'journal' AS kind, org_id, id, posted_at AS at FROM journal"
        " UNION ALL SELECT 'outbound_file', 'file', org_id, id, created_at FROM outbound_file WHERE content IS NOT NULL"
        ") SELECT parent AS table_, first, all_rows, held_rows, true AS droppable FROM months_before(:until)"
        " UNION ALL SELECT table_, date_trunc('month', at AT TIME ZONE 'UTC')::date, count(*) AS all_rows,"
        "  count(*) FILTER (WHERE EXISTS (SELECT 1 FROM h WHERE (h.org_id, h.kind, h.id) = (w.org_id, w.kind, w.id))), false"
        "  FROM whole w WHERE at < :until GROUP BY 1, 2"
        "  HAVING date_trunc('month', max(at) AT TIME ZONE 'UTC') + interval '1 month' <= :until AT TIME ZONE 'UTC'"
        " ORDER BY first, table_",
        until=until,
    )
    return [Month(row.table_, row.first, row.all_rows, row.held_rows, row.droppable) for row in rows]


def drop(owner: Queries, month: Month, actor: str) -> None:
    """The month goes for good, and the audit says so to each tenant of whom it had rows.

    Conflict where the database refuses: the month is too young, or a hold has come since it was looked at.
    """
    owner.run(f"SET LOCAL lock_timeout = {_LOCK_TIMEOUT_MS}")
    try:
        owner.value("SELECT drop_month(:table, :first, :actor)", table=month.table, first=month.first, actor=actor)
    except IntegrityError:
        told = f"{month.table} of {month.first:%Y-%m} stays: it is too young, or has come under legal hold"
        raise Conflict(told) from None
