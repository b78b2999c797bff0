"""Payments of one obligation, each made anew after the one before it came back: at most one of them stays with the payee."""

from dataclasses import dataclass

from pipeline.domain.payment import OUT
from pipeline.store.database import Tenant

_OUT = ", ".join(f"'{state}'" for state in OUT)
EARLIER_OUT = (
    "(WITH RECURSIVE earlier AS (SELECT o.id, o.replaces_id, o.state FROM payment o WHERE o.id = p.replaces_id"  # noqa: S608 - ours
    " UNION ALL SELECT o.id, o.replaces_id, o.state FROM earlier e JOIN payment o ON o.id = e.replaces_id)"
    f" SELECT min(id) FROM earlier WHERE state IN ({_OUT}))"
)
"""Of a payment `p`: the one before it in its chain that is with the payee; none, NULL."""
EARLIER_IS_OUT = f"(p.replaces_id IS NOT NULL AND {EARLIER_OUT} IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Other:
    """Another payment of a chain, or beside it; `file_state` where it stands in a file."""

    id: int
    state: str
    amount_cents: int
    file_state: str | None
    in_chain: bool


def others(tx: Tenant, payment_id: int) -> list[Other]:
    """The other payments of a payment's chain, earlier and later, and those of its kind on its claim in files.

    The files are locked. Lock before you look: whoever lets such a file go has done so, or waits and looks again.
    """
    tx.rows(
        f"{_BESIDE} SELECT f.id FROM outbound_file f WHERE f.id IN (SELECT e.file_id FROM payment_entry e"  # noqa: S608
        " JOIN beside b ON b.id = e.payment_id AND b.id <> :id WHERE e.live) ORDER BY f.id FOR UPDATE OF f",
        id=payment_id,
        org=tx.org_id,
    )
    rows = tx.rows(
        f"{_BESIDE} SELECT p.id, p.state, p.amount_cents, f.state AS file_state,"  # noqa: S608
        " p.id IN (SELECT id FROM chain) AS in_chain FROM beside b JOIN payment p ON p.id = b.id"
        " LEFT JOIN payment_entry e ON e.payment_id = p.id AND e.live LEFT JOIN outbound_file f ON f.id = e.file_id"
        " WHERE b.id <> :id ORDER BY p.id",
        id=payment_id,
        org=tx.org_id,
    )
    return [Other(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def out(tx: Tenant, payment_id: int) -> int:
    """How many of a payment's chain, itself counted, are with the payee."""
    return int(
        tx.value(
            f"{_CHAIN} SELECT count(*) FROM chain c JOIN payment p ON p.id = c.id WHERE p.state IN ({_OUT})",  # noqa: S608
            id=payment_id,
            org=tx.org_id,
        )
    )


_CHAIN = (
    "WITH RECURSIVE chain AS (SELECT p.id, p.replaces_id FROM payment p WHERE p.org_id = :org AND p.id = :id"
    " UNION SELECT p.id, p.replaces_id FROM chain c CROSS JOIN LATERAL ("
    "  SELECT id, replaces_id FROM payment WHERE id = c.replaces_id"
    "  UNION ALL SELECT id, replaces_id FROM payment WHERE org_id = :org AND replaces_id = c.id) p)"
)
_BESIDE = (
    f"{_CHAIN}, beside AS (SELECT id FROM chain UNION SELECT p.id FROM payment o"  # noqa: S608 - ours
    " JOIN payment p ON p.claim_id = o.claim_id AND p.kind = o.kind AND p.state = 'IN_FILE' WHERE o.id = :id)"
)
