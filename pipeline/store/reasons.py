"""Why people did what they did: free text, kept sealed beside the audit row of the act itself.

People write names. The audit's detail stands in clear and never changes, so the text goes there as a seal, bound to the row
that the act was about.
"""

import base64
from dataclasses import dataclass
from datetime import datetime

from pipeline.store import audit
from pipeline.store.database import Tenant

_SEALED = "sealed:"


def note(tx: Tenant, action: str, subject_kind: str, subject_id: int, reason: str) -> None:
    """One audit row in the name of the transaction's actor, with the reason sealed."""
    sealed = tx.keys.seal("audit", subject_kind, subject_id, reason.encode())
    audit.note(tx, action, subject_kind, subject_id, _SEALED + base64.b64encode(sealed).decode())


@dataclass(frozen=True, slots=True)
class Reason:
    at: datetime
    actor: str
    action: str
    reason: str


def of(tx: Tenant, subject_kind: str, subject_id: int) -> list[Reason]:
    """What people did with this row and why, oldest first."""
    rows = tx.rows(
        "SELECT at, actor, action, detail FROM audit WHERE org_id = :org AND subject_kind = :kind AND subject_id = :id"
        " AND detail LIKE 'sealed:%' ORDER BY id",
        org=tx.org_id,
        kind=subject_kind,
        id=subject_id,
    )
    return [Reason(r.at, r.actor, r.action, opened(tx, subject_kind, subject_id, r.detail)) for r in rows]


def opened(tx: Tenant, subject_kind: str, subject_id: int, detail: str | None) -> str:
    """What an audit row's detail says: unsealed where it is a seal, empty where it says nothing."""
    if not (detail or "").startswith(_SEALED):
        return detail or ""
    sealed = base64.b64decode((detail or "").removeprefix(_SEALED))
    return tx.keys.open("audit", subject_kind, subject_id, sealed).decode()
