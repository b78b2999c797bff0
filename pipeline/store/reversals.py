"""What follows when a reversal of ours has gone through: the payment that it took back is ours again."""

from collections.abc import Sequence
from datetime import date

from pipeline.domain import payables
from pipeline.domain.payables import Leaving
from pipeline.domain.payment import PaymentKind
from pipeline.domain.states import Kind
from pipeline.store import ledger, transitions
from pipeline.store.database import Tenant


def reversal_settled(tx: Tenant, payment_ids: Sequence[int], business_date: date) -> list[int]:
    """These reversals can no longer be refused: what each took back is REVERSED, and owed again; gives those payments.

    Hold `ledger.lock`.
    """
    rows = tx.rows(
        "SELECT r.id, o.id AS original_id, o.kind, o.claim_id, e.id AS entry_id, e.amount_cents, f.mailbox_id"
        " FROM payment r JOIN payment o ON o.id = r.reverses_id JOIN payment_entry e ON e.payment_id = o.id AND e.live"
        " JOIN outbound_file f ON f.id = e.file_id WHERE r.id = ANY(CAST(:ids AS bigint[])) ORDER BY r.id",
        ids=list(payment_ids),
    )
    moved = set(transitions.move(tx, Kind.PAYMENT, [row.original_id for row in rows], "reversed"))
    journals = [
        one
        for row in rows
        if row.original_id in moved
        for one in payables.reversal_through(
            row.id,
            Leaving(
                entry_id=row.entry_id,
                kind=PaymentKind(row.kind),
                claim_id=row.claim_id,
                amount_cents=row.amount_cents,
                bank=str(row.mailbox_id),
            ),
            business_date,
        )
    ]
    ledger.post(tx, journals)
    return sorted(moved)
