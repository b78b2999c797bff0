"""What people tie together and give up: written once, each row the source of its own journals."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.store.database import Tenant


def note_action(tx: Tenant, remittance_claim_id: int, claim_id: int, action: str, reason: str) -> int:
    """Writes down that the transaction's actor tied a decision to a claim (`match`) or untied it (`unmatch`)."""
    [action_id] = tx.ids("match_action", 1)
    tx.run(
        "INSERT INTO match_action (org_id, id, remittance_claim_id, claim_id, action, actor, reason)"
        " VALUES (:org, :id, :decision, :claim, :action, :actor, :reason)",
        org=tx.org_id,
        id=action_id,
        decision=remittance_claim_id,
        claim=claim_id,
        action=action,
        actor=tx.actor,
        reason=tx.keys.seal("match_action", "reason", action_id, reason.encode()),
    )
    return action_id


def tied(tx: Tenant, remittance_claim_ids: Sequence[int]) -> dict[int, int]:
    """The actions by which people tied these decisions, the latest of each; what was found by itself is absent."""
    rows = tx.rows(
        "SELECT remittance_claim_id, max(id) AS id FROM match_action WHERE org_id = :org AND action = 'match'"
        " AND remittance_claim_id = ANY(CAST(:ids AS bigint[])) GROUP BY remittance_claim_id",
        org=tx.org_id,
        ids=list(remittance_claim_ids),
    )
    return {row.remittance_claim_id: row.id for row in rows}


@dataclass(frozen=True, slots=True)
class WriteOff:
    id: int
    claim_id: int
    amount_cents: int
    undone: bool


def write_off(tx: Tenant, claim_id: int, amount_cents: int, reason: str) -> int:
    """Writes down that the transaction's actor gives up `amount_cents` of a claim; gives the row's id."""
    [row_id] = tx.ids("write_off", 1)
    tx.run(
        "INSERT INTO write_off (org_id, id, claim_id, amount_cents, actor, reason)"
        " VALUES (:org, :id, :claim, :cents, :actor, :reason)",
        org=tx.org_id,
        id=row_id,
        claim=claim_id,
        cents=amount_cents,
        actor=tx.actor,
        reason=tx.keys.seal("write_off", "reason", row_id, reason.encode()),
    )
    return row_id


def written_off(tx: Tenant, write_off_id: int) -> WriteOff | None:
    """A write-off by its number, its row locked."""
    row = tx.first(
        "SELECT id, claim_id, amount_cents, undone_at IS NOT NULL AS undone FROM write_off"
        " WHERE org_id = :org AND id = :id FOR UPDATE",
        org=tx.org_id,
        id=write_off_id,
    )
    return None if row is None else WriteOff(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def standing(tx: Tenant, claim_ids: Sequence[int]) -> list[WriteOff]:
    """Write-offs of these claims (first versions) that nobody has undone, oldest first; locked."""
    rows = tx.rows(
        "SELECT id, claim_id, amount_cents, false AS undone FROM write_off WHERE org_id = :org"
        " AND claim_id = ANY(CAST(:ids AS bigint[])) AND undone_at IS NULL ORDER BY id FOR UPDATE",
        org=tx.org_id,
        ids=list(claim_ids),
    )
    return [WriteOff(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def undo(tx: Tenant, write_off_id: int) -> None:
    tx.run("UPDATE write_off SET undone_at = now() WHERE org_id = :org AND id = :id", org=tx.org_id, id=write_off_id)
