"""Single payments as people act on them: paid again, paid back to a payer, or stopped while they are here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.payment import UNSENT, PaymentKind
from pipeline.store import payments
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One payment, without what is sealed."""

    id: int
    kind: str
    state: str
    obligation: str
    amount_cents: int
    claim_id: int | None
    payee_id: int | None
    details_id: int | None
    mailbox_id: int | None
    deposit_id: int | None
    remittance_id: int | None
    replaces_id: int | None


_ATTEMPT = (
    "SELECT p.id, p.kind, p.state, p.obligation, p.amount_cents, p.claim_id, p.payee_id, p.details_id,"
    " coalesce(f.mailbox_id, p.mailbox_id) AS mailbox_id, p.deposit_id, p.remittance_id, p.replaces_id FROM payment p"
    " LEFT JOIN payment_entry e ON e.payment_id = p.id AND e.live LEFT JOIN outbound_file f ON f.id = e.file_id"
    " WHERE p.org_id = :org"
)


def get(tx: Tenant, payment_id: int) -> Attempt | None:
    """One of them, locked; `mailbox_id` is the bank that it left through, where it did."""
    row = tx.first(f"{_ATTEMPT} AND p.id = :id FOR UPDATE OF p", org=tx.org_id, id=payment_id)
    return None if row is None else Attempt(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def on_claims(
    tx: Tenant, claim_ids: Collection[int], kind: PaymentKind, states: Sequence[str] | None = None
) -> list[Attempt]:
    """Payments of a kind on claims, oldest first: in these states, or in any. Not locked: `stop` takes their files first."""
    rows = tx.rows(
        f"{_ATTEMPT} AND p.claim_id = ANY(CAST(:claims AS bigint[])) AND p.kind = :kind"
        " AND (CAST(:states AS text[]) IS NULL OR p.state = ANY(CAST(:states AS text[]))) ORDER BY p.id",
        org=tx.org_id,
        claims=sorted(claim_ids),
        kind=str(kind),
        states=None if states is None else list(states),
    )
    return [Attempt(**row._mapping) for row in rows]  # noqa: SLF001


def any_unsent(tx: Tenant, clm01s: Collection[str]) -> bool:
    """Whether anything is about to go back on one of these claims."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM claim c JOIN payment p ON p.claim_id = c.id"
            " WHERE c.org_id = :org AND c.clm01 = ANY(CAST(:numbers AS text[])) AND p.kind IN ('refund', 'payer_refund')"
            " AND p.state = ANY(CAST(:states AS text[])))",
            org=tx.org_id,
            numbers=sorted(clm01s),
            states=list(UNSENT),
        )
    )


def of_deposits(tx: Tenant, deposit_ids: Sequence[int]) -> list[Attempt]:
    """Disbursements of these deposits, oldest first; not locked."""
    rows = tx.rows(
        f"{_ATTEMPT} AND p.deposit_id = ANY(CAST(:ids AS bigint[])) AND p.kind = 'disbursement' ORDER BY p.id",
        org=tx.org_id,
        ids=list(deposit_ids),
    )
    return [Attempt(**row._mapping) for row in rows]  # noqa: SLF001


def stop(tx: Tenant, payment_ids: Sequence[int], reason: str, business_date: date) -> list[int]:
    """Voids what is here still, in a file that nobody has begun to send too; gives what was stopped.

    Such a file falls when it is looked at before it leaves, and what else is in it gets another.
    """
    # The file before the payment, as its sender does: whoever has begun with it is through, or waits.
    tx.rows(
        "SELECT f.id FROM outbound_file f WHERE f.id IN (SELECT e.file_id FROM payment_entry e"
        " WHERE e.payment_id = ANY(CAST(:ids AS bigint[])) AND e.live) ORDER BY f.id FOR UPDATE",
        ids=list(payment_ids),
    )
    unbegun = (
        f"{payments.NOT_IN_FILE} OR EXISTS (SELECT 1 FROM payment_entry e JOIN outbound_file f ON f.id = e.file_id"  # noqa: S608
        " WHERE e.payment_id = t.id AND e.live AND f.state = 'RESERVED')"
    )
    return payments.void(tx, payment_ids, reason, business_date, unbegun)
