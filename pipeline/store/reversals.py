"""Payments asked back: what a reversal repeats of the payment that it takes back, and when it can no longer be refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain import payables
from pipeline.domain.payables import Leaving
from pipeline.domain.payment import Payee, PaymentKind
from pipeline.domain.states import Kind
from pipeline.store import exceptions, ledger, payments, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversible:
    """A payment as it was sent. `effective_date` is when it was to settle; `reversal_id` a reversal of it that stands."""

    id: int
    kind: str
    state: str
    amount_cents: int
    where: Payee
    payee_id: int | None
    details_id: int | None
    claim_id: int | None
    sec: str
    mailbox_id: int
    effective_date: date | None
    reversal_id: int | None


def reversible(tx: Tenant, payment_id: int) -> Reversible | None:
    """One payment with its live entry, locked; None where it has none."""
    row = tx.first(
        "SELECT p.id, p.kind, p.state, p.payee, e.amount_cents, p.payee_id, p.details_id, p.claim_id,"
        " coalesce(p.sec, 'PPD') AS sec, f.mailbox_id, e.effective_date, (SELECT r.id FROM payment r"
        "  WHERE r.reverses_id = p.id AND r.state NOT IN ('DENIED', 'VOIDED')) AS reversal_id"
        " FROM payment p JOIN payment_entry e ON e.payment_id = p.id AND e.live JOIN outbound_file f ON f.id = e.file_id"
        " WHERE p.org_id = :org AND p.id = :id FOR UPDATE OF p",
        org=tx.org_id,
        id=payment_id,
    )
    if row is None:
        return None
    told = {name: value for name, value in row._mapping.items() if name != "payee"}  # noqa: SLF001 - its public name
    return Reversible(**told, where=payments.payee(tx, row))


def reversal_settled(tx: Tenant, payment_ids: Sequence[int], business_date: date) -> list[int]:
    """Reversals among payments that have just settled can no longer be refused: what they took back is REVERSED and owed again.

    Gives those payments. Called twice it does nothing more: the journal is the reversal's own, the arrow is taken once. One
    that came back by itself meanwhile is told to people: its money has come twice.
    """
    rows = tx.rows(
        "SELECT r.id AS reversal_id, p.id, p.kind, p.state, p.claim_id, e.id AS entry_id, e.amount_cents, f.mailbox_id"
        " FROM payment r JOIN payment p ON p.id = r.reverses_id"
        " JOIN payment_entry e ON e.payment_id = p.id AND e.live JOIN outbound_file f ON f.id = e.file_id"
        " WHERE r.org_id = :org AND r.id = ANY(CAST(:ids AS bigint[])) AND r.kind = 'reversal' ORDER BY p.id",
        org=tx.org_id,
        ids=list(payment_ids),
    )
    details = [f"payment {row.reversal_id}" for row in rows]
    moved = set(transitions.move(tx, Kind.PAYMENT, [row.id for row in rows], "reversed", detail=details))
    for row in rows:
        if row.id in moved:
            taken_back = Leaving(
                entry_id=row.entry_id,
                kind=PaymentKind(row.kind),
                claim_id=row.claim_id,
                amount_cents=row.amount_cents,
                bank=str(row.mailbox_id),
            )
            ledger.post(tx, payables.reversal_through(row.reversal_id, taken_back, business_date))
    exceptions.open_all(tx, [_twice(row) for row in rows if row.id not in moved and row.state != "REVERSED"])
    return sorted(moved)


def _twice(row: Any) -> Raise:
    reason = (
        f"reversal {row.reversal_id} of the payment has gone through, and the payment is {row.state}: its money has come back"
        " twice, ask the payee's bank whom it belongs to"
    )
    return Raise("came_back_twice", "payment", row.id, reason, money_cents=row.amount_cents)
