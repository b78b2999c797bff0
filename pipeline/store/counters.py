"""Numbers that may never repeat: rows, not sequences, moved in the transaction that stores what they number.

A series belongs to whom it is told to, not to a tenant: two tenants that send as the same sender to the same receiver
draw from one row. The row is locked until the drawer commits, so numbers rise in the order of commits, and a
transaction that is rolled back leaves no gap. The database refuses to let a row fall.
"""

from pipeline.store.database import Tenant

MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def take(tx: Tenant, series: str, count: int = 1, *, start: int = 1) -> int:
    """The first of `count` consecutive numbers, none below `start`."""
    last = tx.value(
        "INSERT INTO exchange_counter AS c (series, value) VALUES (:series, :start + :count - 1) ON CONFLICT (series)"
        " DO UPDATE SET value = greatest(c.value + :count, excluded.value) RETURNING value",
        series=series,
        count=count,
        start=start,
    )
    return int(last) - count + 1


def take_modifier(tx: Tenant, exchange: str, minute: int) -> str | None:
    """The next file id modifier of a sender-receiver pair in a minute (since 1970); None when its 36 are spent.

    A row for each minute that has a file: a clock that runs ahead must not use up the minutes up to it.
    """
    taken = tx.value(
        "INSERT INTO exchange_counter AS c (series, value) VALUES (:series, 1) ON CONFLICT (series)"
        " DO UPDATE SET value = c.value + 1 WHERE c.value < :end RETURNING value",
        series=f"minute|{exchange}|{minute}",
        end=len(MODIFIERS),
    )
    return None if taken is None else MODIFIERS[int(taken) - 1]


def pass_by(tx: Tenant, series: str, seen: int, margin: int) -> int:
    """Raises a series beyond `seen` and beyond where it stands, by `margin` more; gives the last number left out."""
    return take(tx, series, max(margin, 1), start=seen + 1) + max(margin, 1) - 1
