"""Numbers that may never repeat: rows, not sequences, moved in the transaction that stores what they number."""

from pipeline.store.database import Tenant


def take(tx: Tenant, name: str, count: int = 1, *, start: int = 1) -> int:
    """The first of `count` consecutive numbers of this counter."""
    last = tx.value(
        "INSERT INTO counter (org_id, name, value) VALUES (:org, :name, :start + :count - 1)"
        " ON CONFLICT (org_id, name) DO UPDATE SET value = counter.value + :count RETURNING value",
        org=tx.org_id,
        name=name,
        count=count,
        start=start,
    )
    return int(last) - count + 1
