"""Durable timers: one narrow row for each thing that waits, and the query that finds what is due.

A row is written in the transaction that makes the work, so it is an outbox and a timer in one: the ring after the
commit may be lost, the row is not. `due_at` is always the database's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.store.database import Queries, Tenant


@dataclass(frozen=True, slots=True)
class Due:
    stage: str
    org_id: int
    subject_id: int
    attempts: int


def put(tx: Tenant, stage: str, subject_ids: Sequence[int], delay_s: float) -> None:
    """Says that `stage` has something to do for these subjects, `delay_s` from now at the latest."""
    if subject_ids:
        tx.run(
            "INSERT INTO due_work (stage, subject_id, org_id, due_at)"
            " SELECT :stage, id, :org, now() + make_interval(secs => :delay)"
            " FROM unnest(CAST(:ids AS bigint[])) AS g(id) ORDER BY id"
            " ON CONFLICT (stage, subject_id, org_id)"
            " DO UPDATE SET due_at = LEAST(due_work.due_at, excluded.due_at)",
            stage=stage,
            ids=list(subject_ids),
            org=tx.org_id,
            delay=delay_s,
        )


def postpone(tx: Tenant, stage: str, subject_id: int, delay_s: float, reason: str | None = None) -> None:
    """Moves the time, later or sooner; a success (`reason` None) starts the count of attempts anew."""
    tx.run(
        "INSERT INTO due_work (stage, subject_id, org_id, due_at, last_error)"
        " VALUES (:stage, :id, :org, now() + make_interval(secs => :delay), :reason)"
        " ON CONFLICT (stage, subject_id, org_id) DO UPDATE SET due_at = excluded.due_at,"
        " last_error = excluded.last_error,"
        " attempts = CASE WHEN excluded.last_error IS NULL THEN 0 ELSE due_work.attempts END",
        stage=stage,
        id=subject_id,
        org=tx.org_id,
        delay=delay_s,
        reason=reason,
    )


def done(tx: Tenant, stage: str, subject_ids: Sequence[int]) -> None:
    tx.run(
        "DELETE FROM due_work WHERE stage = :stage AND org_id = :org AND subject_id = ANY(CAST(:ids AS bigint[]))",
        stage=stage,
        ids=list(subject_ids),
        org=tx.org_id,
    )


def lock(tx: Tenant, stage: str, subject_id: int) -> bool:
    """Takes the row for this transaction; False when another has it or there is none."""
    return bool(
        tx.value(
            "SELECT true FROM due_work WHERE stage = :stage AND subject_id = :id AND org_id = :org"
            " FOR UPDATE SKIP LOCKED",
            stage=stage,
            id=subject_id,
            org=tx.org_id,
        )
    )


def take_due(tx: Queries, limit: int, lease_s: float) -> list[Due]:
    """What is due, oldest first; each row taken is due again after the lease unless the stage settles it."""
    rows = tx.rows(
        "UPDATE due_work d SET due_at = now() + make_interval(secs => :lease), attempts = attempts + 1"
        " FROM (SELECT stage, subject_id, org_id FROM due_work WHERE due_at <= now() ORDER BY due_at"
        "       LIMIT :limit FOR UPDATE SKIP LOCKED) s"
        " WHERE d.stage = s.stage AND d.subject_id = s.subject_id AND d.org_id = s.org_id"
        " RETURNING d.stage, d.org_id, d.subject_id, d.attempts",
        lease=lease_s,
        limit=limit,
    )
    return [Due(row.stage, row.org_id, row.subject_id, row.attempts) for row in rows]
