"""A mailbox's pace: when the next file may set out. Kept in its row, so that all workers share one.

The allowance of files an hour is a bucket told by one moment, `pace_until`: when it would be full again. Each file
that sets out moves it on by the time that one place in the bucket takes to fill.
"""

from pipeline.store.database import Tenant
from pipeline.store.tenants import Mailbox


def wait_s(tx: Tenant, box: Mailbox, *, begins: bool) -> float:
    """Seconds until a file may go on, 0 or less: now. Locks the mailbox. `begins`: its bytes are still to be written."""
    allowance = box.profile.allowance if begins else None
    wait = tx.value(
        "SELECT greatest(extract(epoch FROM paused_until - now()),"
        " extract(epoch FROM last_sent_at - now()) + :gap,"
        " extract(epoch FROM pace_until - now()) - CAST(:ahead AS double precision))"
        " FROM mailbox WHERE id = :id FOR UPDATE",
        id=box.id,
        gap=box.profile.min_gap_s,
        ahead=None if allowance is None else allowance.every_s * (allowance.at_once - 1),
    )
    return 0.0 if wait is None else float(wait)


def another_is_under_way(tx: Tenant, mailbox_id: int, file_id: int) -> bool:
    """Whether a worker is carrying another file of the mailbox just now. Asked with the mailbox locked."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM outbound_file WHERE mailbox_id = :box AND id <> :file"
            " AND state IN ('STAGING', 'STAGED', 'RENAMING') AND lease_until > now())",
            box=mailbox_id,
            file=file_id,
        )
    )


def begun(tx: Tenant, box: Mailbox) -> None:
    """A file sets out: the gap begins, and a place of the allowance is used."""
    allowance = box.profile.allowance
    tx.run(
        "UPDATE mailbox SET last_sent_at = now(),"
        " pace_until = greatest(pace_until, now()) + make_interval(secs => CAST(:every AS double precision))"
        " WHERE id = :id",
        id=box.id,
        every=None if allowance is None else allowance.every_s,
    )
