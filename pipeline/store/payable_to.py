"""Whom a payment can be proposed to, and the next name of an obligation that was tried before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.domain.payment import Payee, PayeeKind
from pipeline.store import payees
from pipeline.store.arrays import array
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A payee and where he is paid now; `details_id` and `where` are None where he has no bank details that count."""

    payee_id: int
    kind: PayeeKind
    sec: str | None
    details_id: int | None
    where: Payee | None


_RECIPIENT = (
    "SELECT y.id, y.kind, y.key_hmac, y.sec, d.id AS details_id, d.details FROM payee y"
    " LEFT JOIN bank_details d ON d.payee_id = y.id AND d.state = 'ACTIVE' WHERE y.org_id = :org"
)


def by_id(tx: Tenant, payee_ids: Sequence[int]) -> dict[int, Recipient]:
    rows = tx.rows(f"{_RECIPIENT} AND y.id = ANY(CAST(:ids AS bigint[]))", org=tx.org_id, ids=list(payee_ids))
    return {row.id: _recipient(tx, row) for row in rows}


def by_key(tx: Tenant, kind: PayeeKind, keys: Sequence[str]) -> dict[str, Recipient]:
    """Payees of a kind by what names them: a payer's id, a provider's NPI; capitals and small letters are one."""
    hmacs = {tx.keys.index(f"payee {kind}", key.strip().upper()): key for key in keys}
    rows = tx.rows(
        f"{_RECIPIENT} AND y.kind = :kind AND y.key_hmac = ANY(CAST(:keys AS bytea[]))",
        org=tx.org_id,
        kind=str(kind),
        keys=array("bytea", list(hmacs)),
    )
    return {hmacs[bytes(row.key_hmac)]: _recipient(tx, row) for row in rows}


def _recipient(tx: Tenant, row: Any) -> Recipient:
    where = None if row.details_id is None else payees.opened(tx, row.details_id, row.details)
    return Recipient(payee_id=row.id, kind=PayeeKind(row.kind), sec=row.sec, details_id=row.details_id, where=where)


_MOST_TRIES = 99


def next_tries(tx: Tenant, obligations: Sequence[str]) -> dict[str, tuple[str, int | None]]:
    """By obligation: the name of its next payment (`<obligation>/2` where it has one), and the one that this replaces."""
    rows = tx.rows(
        "SELECT g.name, count(*) AS tries, max(p.id) AS latest FROM unnest(CAST(:names AS text[])) AS g(name)"
        " CROSS JOIN generate_series(1, :most) AS n JOIN payment p ON p.org_id = :org"
        " AND p.obligation = CASE n WHEN 1 THEN g.name ELSE g.name || '/' || n END GROUP BY g.name",
        org=tx.org_id,
        names=array("text", list(obligations)),
        most=_MOST_TRIES,
    )
    tried = {row.name: (f"{row.name}/{row.tries + 1}", row.latest) for row in rows}
    return {name: tried.get(name, (name, None)) for name in obligations}
