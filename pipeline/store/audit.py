"""The audit trail: who looked at what, who took what out. Written once, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.store.database import Tenant


def note(tx: Tenant, action: str, subject_kind: str, subject_id: int, detail: str | None = None) -> None:
    """One row in the name of the transaction's actor, in the transaction of the act itself."""
    tx.run(
        "INSERT INTO audit (org_id, actor, action, subject_kind, subject_id, detail)"
        " VALUES (:org, :actor, :action, :kind, :id, :detail)",
        org=tx.org_id,
        actor=tx.actor,
        action=action,
        kind=subject_kind,
        id=subject_id,
        detail=detail,
    )


def note_all(tx: Tenant, action: str, subject_kind: str, subject_ids: Sequence[int]) -> None:
    """The same act on many, a row each."""
    count = len(subject_ids)
    if count:
        tx.insert(
            "audit",
            {
                "actor": ("text", [tx.actor] * count),
                "action": ("text", [action] * count),
                "subject_kind": ("text", [subject_kind] * count),
                "subject_id": ("bigint", list(subject_ids)),
            },
        )


@dataclass(frozen=True, slots=True)
class Noted:
    actor: str
    at: datetime
    detail: str


def noted(tx: Tenant, action: str) -> list[Noted]:
    """Who did such an act, latest first."""
    rows = tx.rows(
        "SELECT actor, at, coalesce(detail, '') AS detail FROM audit WHERE org_id = :org AND action = :action"
        " ORDER BY at DESC, id DESC",
        org=tx.org_id,
        action=action,
    )
    return [Noted(row.actor, row.at, row.detail) for row in rows]
