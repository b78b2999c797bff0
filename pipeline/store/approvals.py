"""What approvers see and decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.store import payments
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Listed:
    """A payment as lists show it; nothing of the payee but his number with us and the last four digits."""

    id: int
    obligation: str
    kind: str
    claim_id: int | None
    amount_cents: int
    account_last4: str
    prepared_by: str
    needed: int  # so many must say yes
    given: int  # so many have
    reason: str | None  # what the rules say, or whoever denied or stopped it
    state: str
    payee_id: int | None
    replaces_id: int | None
    reverses_id: int | None


def listed(tx: Tenant, states: Sequence[str] | None) -> list[Listed]:
    """Payments in these states, or in any, oldest first."""
    rows = tx.rows(
        "SELECT p.id, p.obligation, p.kind, p.claim_id, p.amount_cents, p.account_last4, p.prepared_by,"
        " p.approvals AS needed, (SELECT count(DISTINCT a.principal_id) FROM approval a WHERE a.payment_id = p.id"
        "   AND a.decision = 'approve' AND a.content_sha256 = p.content_sha256) AS given, p.reason,"
        " p.state, p.payee_id, p.replaces_id, p.reverses_id FROM payment p WHERE p.org_id = :org"
        " AND (CAST(:states AS text[]) IS NULL OR p.state = ANY(CAST(:states AS text[]))) ORDER BY p.id",
        org=tx.org_id,
        states=None if states is None else list(states),
    )
    return [Listed(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class ForDecision:
    state: str
    prepared_by: str
    content_sha256: bytes
    hash_holds: bool
    needed: int


def for_decision(tx: Tenant, payment_id: int) -> ForDecision | None:
    """The payment, locked, with a fresh look at whether its content is still what its hash says."""
    row: Any = tx.first(
        f"SELECT {payments.CONTENT}, p.state, p.prepared_by, p.approvals FROM payment p"  # noqa: S608 - ours
        " WHERE p.org_id = :org AND p.id = :id FOR UPDATE",
        org=tx.org_id,
        id=payment_id,
    )
    if row is None:
        return None
    stored = bytes(row.content_sha256)
    return ForDecision(row.state, row.prepared_by, stored, payments.hash_holds(tx, row), row.approvals)


def given(tx: Tenant, payment_id: int) -> int:
    """How many people have said yes to the payment's content as it is."""
    return int(
        tx.value(
            "SELECT count(DISTINCT a.principal_id) FROM approval a JOIN payment p ON p.id = a.payment_id"
            " WHERE a.payment_id = :id AND a.decision = 'approve' AND a.content_sha256 = p.content_sha256",
            id=payment_id,
        )
    )


def has_approved(tx: Tenant, payment_id: int, principal_id: int) -> bool:
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM approval WHERE payment_id = :id AND principal_id = :who AND decision = 'approve')",
            id=payment_id,
            who=principal_id,
        )
    )


def record_decision(tx: Tenant, payment_id: int, principal_id: int, decision: str, content: bytes) -> None:
    """Who decided what on which content, beside an audit row."""
    tx.run(
        "INSERT INTO approval (org_id, payment_id, principal_id, decision, content_sha256)"
        " VALUES (:org, :payment, :principal, :decision, :content)",
        org=tx.org_id,
        payment=payment_id,
        principal=principal_id,
        decision=decision,
        content=content,
    )
    tx.run(
        "INSERT INTO audit (org_id, actor, action, subject_kind, subject_id)"
        " VALUES (:org, :actor, :action, 'payment', :payment)",
        org=tx.org_id,
        actor=tx.actor,
        action=f"payment.{decision}",
        payment=payment_id,
    )
