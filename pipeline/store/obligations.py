"""What the books say that we owe for a payment, kind by kind, and what becomes of it when the payment is not made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.ledger import NewJournal, Position
from pipeline.domain.payables import payer_refund_cancelled, refund_cancelled
from pipeline.domain.payment import PaymentKind
from pipeline.domain.reversing import REVERSIBLE, last_day
from pipeline.store import chains, deposits, ledger
from pipeline.store.billing import VERSIONS
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Owing:
    """`taken_back`: what it rests on has been undone; `patient_due_cents`: of a refund, what its patient owes by now."""

    owed_cents: int
    taken_back: bool = False
    patient_due_cents: int = 0
    money_is_in: bool = True


MONEY_IS_IN = (
    "NOT EXISTS (SELECT 1 FROM remittance_claim rc JOIN remittance r ON r.id = rc.remittance_id"  # noqa: S608 - ours
    f" WHERE rc.claim_id IN ({VERSIONS.format('p.claim_id')}) AND r.state = 'POSTED' OFFSET 0)"
)
"""Of a payment `p`: no remittance on its claim waits for a deposit, be it the first one or another after a takeback.

OFFSET 0 keeps it a look by key for each payment: as a join Postgres would go through all decisions of the tenant.
"""

_TAKEN_BACK = (
    f"EXISTS (SELECT 1 FROM claim c WHERE c.id IN ({VERSIONS.format('p.claim_id')})"  # noqa: S608 - ours
    " HAVING bool_or(c.state IN ('REVERSED', 'VOIDED')) AND NOT bool_or(c.state IN ('PAID', 'PARTLY_PAID', 'DENIED')))"
)
"""Of a payment `p`: no version of its claim is decided any more."""


def owing(tx: Tenant, payment_ids: Sequence[int]) -> dict[int, Owing]:
    """How each payment stands in the books now. Lock the payments before."""
    rows = tx.rows(
        f"SELECT p.id, p.kind, p.amount_cents, p.claim_id, p.deposit_id, p.reverses_id, {_TAKEN_BACK} AS taken_back,"  # noqa: S608
        f" {MONEY_IS_IN} AS money_is_in, o.state AS original_state, o.amount_cents AS original_cents,"
        " (SELECT e.effective_date FROM payment_entry e WHERE e.payment_id = o.id AND e.live) AS settled,"
        " (SELECT e.effective_date FROM payment_entry e WHERE e.payment_id = p.id AND e.live) AS reversed,"
        " (SELECT coalesce(sum(i.amount_cents), 0) FROM invoice i WHERE i.payment_id = p.id AND i.withdrawn_at IS NULL)"
        " AS invoiced_cents"
        " FROM payment p LEFT JOIN payment o ON o.id = p.reverses_id"
        " WHERE p.id = ANY(CAST(:ids AS bigint[]))",
        ids=list(payment_ids),
    )
    positions = ledger.positions(tx, [row.claim_id for row in rows if row.claim_id is not None])
    passed = deposits.passed_on(tx, [row.deposit_id for row in rows if row.deposit_id is not None])
    return {row.id: _owing(row, positions.get(row.claim_id, Position()), passed) for row in rows}


def _owing(row: Any, position: Position, passed: dict[int, int]) -> Owing:
    if row.kind == PaymentKind.REFUND:
        return Owing(
            -position.refund_payable_cents,
            row.taken_back,
            position.patient_due_cents,
            row.money_is_in,
        )
    if row.kind == PaymentKind.PAYER_REFUND:
        return Owing(-position.payer_refund_payable_cents, money_is_in=row.money_is_in)
    if row.kind == PaymentKind.VENDOR:
        return Owing(int(row.invoiced_cents))
    if row.kind == PaymentKind.DISBURSEMENT:
        return Owing(passed.get(row.deposit_id, 0))
    if row.kind == PaymentKind.REVERSAL:
        still_out = row.original_state in REVERSIBLE
        late = None not in {row.settled, row.reversed} and row.reversed > last_day(row.settled)
        return Owing(row.original_cents if still_out and not late else 0, taken_back=not still_out)
    return Owing(0)


def released(tx: Tenant, payment_ids: Sequence[int], business_date: date) -> list[int]:
    """These payments will not be made: what they were to pay is open again, as it was before they were proposed.

    Gives the claims on which a refund was to be made.
    """
    rows = tx.rows(
        "SELECT p.id, p.kind, p.claim_id, p.amount_cents FROM payment p"  # noqa: S608 - ours
        # What one pays anew that is with the payee after all is owed no more: nothing is open again.
        f" WHERE p.id = ANY(CAST(:ids AS bigint[])) AND NOT {chains.EARLIER_IS_OUT} ORDER BY p.id",
        ids=list(payment_ids),
    )
    positions = ledger.positions(tx, [row.claim_id for row in rows if row.claim_id is not None])
    journals: list[NewJournal] = []
    for row in rows:
        if row.kind == PaymentKind.REFUND:
            due = positions.get(row.claim_id, Position()).patient_due_cents
            journals.append(refund_cancelled(row.id, row.claim_id, row.amount_cents, due, business_date))
        elif row.kind == PaymentKind.PAYER_REFUND:
            journals.append(payer_refund_cancelled(row.id, row.claim_id, row.amount_cents, business_date))
    ledger.post(tx, journals)
    return [row.claim_id for row in rows if row.kind == PaymentKind.REFUND]
