"""Durable timers: one narrow row for each thing that waits, and the query that finds what is due.

A row is written in the transaction that makes the work, so it is an outbox and a timer in one: the ring after the
commit may be lost, the row is not. `due_at` is always the database's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.store import exceptions
from pipeline.store.database import Queries, Tenant

FOR_EVER = ("poll", "watch")
"""Stages whose work comes again for ever: a row of theirs says of nothing that it is left to do."""


@dataclass(frozen=True, slots=True)
class Due:
    stage: str
    org_id: int
    subject_id: int
    attempts: int
    """Failures in a row so far."""


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


def postpone(tx: Tenant, stage: str, subject_id: int, delay_s: float) -> None:
    """Moves the time, later or sooner. It says nothing of success or failure: a lease does so before the work."""
    tx.run(
        "INSERT INTO due_work (stage, subject_id, org_id, due_at)"
        " VALUES (:stage, :id, :org, now() + make_interval(secs => :delay))"
        " ON CONFLICT (stage, subject_id, org_id) DO UPDATE SET due_at = excluded.due_at",
        stage=stage,
        id=subject_id,
        org=tx.org_id,
        delay=delay_s,
    )


def hasten(tx: Tenant, stage: str) -> None:
    """What the stage put off for this tenant is due now."""
    tx.run("UPDATE due_work SET due_at = now() WHERE stage = :stage AND org_id = :org", stage=stage, org=tx.org_id)


def failed(tx: Tenant, stage: str, subject_id: int, reason: str, base_s: float, ceiling_s: float) -> int:
    """Writes a failure down: the work waits twice as long each time. Gives how often it has failed in a row."""
    return int(
        tx.value(
            "INSERT INTO due_work (stage, subject_id, org_id, due_at, attempts, last_error)"
            " VALUES (:stage, :id, :org, now() + make_interval(secs => least(:base, :ceiling)), 1, :reason)"
            " ON CONFLICT (stage, subject_id, org_id) DO UPDATE SET"
            " due_at = now() + make_interval(secs => least(:base * 2 ^ least(due_work.attempts, 20), :ceiling)),"
            " attempts = due_work.attempts + 1, last_error = excluded.last_error RETURNING attempts",
            stage=stage,
            id=subject_id,
            org=tx.org_id,
            base=float(base_s),
            ceiling=float(ceiling_s),
            reason=reason,
        )
    )


def done(tx: Tenant, stage: str, subject_ids: Sequence[int]) -> None:
    """Nothing is left to do. What failed before and went to a person is settled with it."""
    rows = tx.rows(
        "DELETE FROM due_work WHERE stage = :stage AND org_id = :org AND subject_id = ANY(CAST(:ids AS bigint[]))"
        " RETURNING subject_id, attempts",
        stage=stage,
        ids=list(subject_ids),
        org=tx.org_id,
    )
    _mended(tx, stage, [row.subject_id for row in rows if row.attempts])


def succeeded(tx: Tenant, stage: str, subject_id: int) -> None:
    """For work that comes again for ever: its failures count anew, and what went to a person is settled."""
    if tx.run(
        "UPDATE due_work SET attempts = 0, last_error = NULL"
        " WHERE stage = :stage AND subject_id = :id AND org_id = :org AND attempts > 0",
        stage=stage,
        id=subject_id,
        org=tx.org_id,
    ):
        _mended(tx, stage, [subject_id])


FAILURES = ("outage", "refused", "stage_failed", "unconfigured")
"""Exception types of failed work; their subject kind is the stage."""


def _mended(tx: Tenant, stage: str, subject_ids: Sequence[int]) -> None:
    if subject_ids:
        exceptions.close(tx, FAILURES, stage, subject_ids, "a later try succeeded")


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


def keep_watch(tx: Queries, delay_s: float) -> None:
    """Gives every tenant that has none its row of `watch`, however it was lost or never made."""
    tx.run(
        "INSERT INTO due_work (stage, subject_id, org_id, due_at)"
        " SELECT 'watch', org_id, org_id, now() + make_interval(secs => :delay) FROM org o WHERE NOT EXISTS"
        "  (SELECT 1 FROM due_work w WHERE w.stage = 'watch' AND w.subject_id = o.org_id AND w.org_id = o.org_id)"
        " ORDER BY org_id ON CONFLICT DO NOTHING",
        delay=delay_s,
    )


def take_due(tx: Queries, limit: int, lease_s: float) -> list[Due]:
    """What is due, at most `limit`; each row taken is due again after the lease unless the stage settles it.

    A tenant's own are in the order in which they fell due. Between tenants it is one each in turn: whoever has much
    waits for himself, and what little the others have is in the first part of what is given.
    """
    due: list[Due] = []
    while len(due) < limit and (more := _take_shares(tx, limit - len(due), lease_s)):
        due += more
    return due


def _take_shares(tx: Queries, limit: int, lease_s: float) -> list[Due]:
    """An equal share of `limit` for every tenant that has something due; the longest waiting tenant first."""
    # Materialised: as a subquery it may be run once for each row of a nested loop, and each run would lock as many anew.
    # An UPDATE returns its rows in any order; a payer's reversal must not overtake what it reverses.
    rows = tx.rows(
        "WITH waiting AS MATERIALIZED (SELECT o.org_id, first.due_at FROM org o, LATERAL"
        "   (SELECT due_at FROM due_work WHERE org_id = o.org_id AND due_at <= now() ORDER BY due_at LIMIT 1) first),"
        " s AS MATERIALIZED (SELECT share.* FROM (SELECT org_id FROM waiting ORDER BY due_at LIMIT :limit) w, LATERAL"
        "   (SELECT stage, subject_id, org_id, due_at FROM due_work WHERE org_id = w.org_id AND due_at <= now()"
        "    ORDER BY due_at LIMIT greatest(1, :limit / (SELECT count(*) FROM waiting)) FOR UPDATE SKIP LOCKED) share),"
        " taken AS (UPDATE due_work d SET due_at = now() + make_interval(secs => :lease) FROM s"
        " WHERE d.stage = s.stage AND d.subject_id = s.subject_id AND d.org_id = s.org_id"
        " RETURNING d.stage, d.org_id, d.subject_id, d.attempts, s.due_at AS was_due)"
        " SELECT stage, org_id, subject_id, attempts FROM taken"
        " ORDER BY row_number() OVER (PARTITION BY org_id ORDER BY was_due, subject_id), was_due, subject_id",
        lease=lease_s,
        limit=limit,
    )
    return [Due(row.stage, row.org_id, row.subject_id, row.attempts) for row in rows]
