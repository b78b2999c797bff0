"""Legal holds: what a court or an auditor has asked for stays, with all its versions, files and money."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold, or the end of one: who, when, why. The reason may name people; it is stored sealed."""

    id: int
    clm01: str
    actor: str
    at: datetime
    reason: str


def place(tx: Tenant, clm01: str, reason: str, *, releases: int | None = None) -> int:
    """A row that places a hold or, with `releases`, ends that one; gives its id. Nothing of it is ever changed."""
    [hold_id] = tx.ids("legal_hold", 1)
    tx.run(
        "INSERT INTO legal_hold (id, org_id, clm01, releases, actor, reason)"
        " VALUES (:id, :org, :clm01, :releases, :actor, :reason)",
        id=hold_id,
        org=tx.org_id,
        clm01=clm01,
        releases=releases,
        actor=tx.actor,
        reason=tx.keys.seal("legal_hold", "reason", hold_id, reason.encode()),
    )
    return hold_id


def of_claim(tx: Tenant, clm01: str) -> list[Hold]:
    """The holds on a claim that nobody has ended, the oldest first."""
    rows = tx.rows(
        "SELECT h.id, h.clm01, h.actor, h.at, h.reason FROM legal_hold h WHERE h.org_id = :org AND h.clm01 = :clm01"
        " AND h.releases IS NULL AND NOT EXISTS ("
        "  SELECT 1 FROM legal_hold r WHERE r.org_id = h.org_id AND r.releases = h.id) ORDER BY h.id",
        org=tx.org_id,
        clm01=clm01,
    )
    return [
        Hold(
            row.id,
            row.clm01,
            row.actor,
            row.at,
            tx.keys.open("legal_hold", "reason", row.id, bytes(row.reason)).decode(),
        )
        for row in rows
    ]


def lock(tx: Tenant, key: str) -> str | None:
    """CLM01 of the claim with this CLM01 or id of the tenant's own, its rows locked: two releases come one by one."""
    row = tx.first(
        "SELECT clm01 FROM claim WHERE org_id = :org AND (clm01 = :key OR external_hmac = :external)"
        " ORDER BY id FOR UPDATE",
        org=tx.org_id,
        key=key,
        external=tx.keys.index("external", key),
    )
    return None if row is None else str(row.clm01)
