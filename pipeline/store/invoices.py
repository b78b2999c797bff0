"""Invoices of vendors: entered once a number, each held by one payment at most, paid when they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.invoices import Invoice
from pipeline.store import chains
from pipeline.store.arrays import array
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Known:
    """An invoice that is there already under its payee and number."""

    id: int
    content_sha256: bytes
    withdrawn: bool


def _index(tx: Tenant, number: str) -> bytes:
    return tx.keys.index("invoice", number)


def known(tx: Tenant, told: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Known]:
    """What is there of these (payee id, number)."""
    hmacs = {(payee_id, _index(tx, number)): (payee_id, number) for payee_id, number in told}
    rows = tx.rows(
        "SELECT i.id, i.payee_id, i.number_hmac, i.content_sha256, i.withdrawn_at IS NOT NULL AS withdrawn"
        " FROM unnest(CAST(:payees AS bigint[]), CAST(:numbers AS bytea[])) AS g(payee_id, number_hmac)"
        " JOIN invoice i ON i.org_id = :org AND i.payee_id = g.payee_id AND i.number_hmac = g.number_hmac",
        org=tx.org_id,
        payees=array("bigint", [payee_id for payee_id, _ in hmacs]),
        numbers=array("bytea", [hmac for _, hmac in hmacs]),
    )
    return {
        hmacs[row.payee_id, bytes(row.number_hmac)]: Known(row.id, bytes(row.content_sha256), row.withdrawn)
        for row in rows
    }


def add(tx: Tenant, new: Sequence[tuple[int, Invoice]]) -> list[int]:
    """Stores (payee id, invoice); gives their ids in the same order. The numbers must be new to their payees."""
    if not new:
        return []
    ids = tx.ids("invoice", len(new))
    numbered = [(i, invoice) for i, (_, invoice) in zip(ids, new, strict=True)]
    tx.insert(
        "invoice",
        {
            "id": ("bigint", ids),
            "payee_id": ("bigint", [payee_id for payee_id, _ in new]),
            "number_hmac": ("bytea", [_index(tx, one.number) for _, one in new]),
            "document": ("bytea", [tx.keys.seal("invoice", "document", i, one.to_json()) for i, one in numbered]),
            "content_sha256": ("bytea", [one.content_sha256 for _, one in new]),
            "amount_cents": ("bigint", [one.net_cents for _, one in new]),
            "due_on": ("date", [one.due_on for _, one in new]),
            "entered_by": ("text", [tx.actor] * len(new)),
        },
    )
    return ids


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice as it stands. `payment_id` is the payment that holds it, None where none does."""

    id: int
    payee_id: int
    amount_cents: int
    entered_by: str
    payment_id: int | None
    withdrawn: bool
    invoice: Invoice


_INVOICE = (
    "SELECT id, payee_id, amount_cents, entered_by, payment_id, withdrawn_at IS NOT NULL AS withdrawn, document"
    " FROM invoice WHERE org_id = :org"
)


def _owed(tx: Tenant, rows: Sequence[Any]) -> list[Owed]:
    found = []
    for row in rows:
        told = tx.keys.open("invoice", "document", row.id, bytes(row.document))
        invoice = Invoice.from_json(told)
        found.append(
            Owed(row.id, row.payee_id, row.amount_cents, row.entered_by, row.payment_id, row.withdrawn, invoice)
        )
    return found


_OPEN = "payment_id IS NULL AND withdrawn_at IS NULL AND due_on <= :until"


def due(tx: Tenant, until: date) -> list[Owed]:
    """Invoices that are due by a day and that no payment holds, oldest first; locked."""
    rows = tx.rows(f"{_INVOICE} AND {_OPEN} ORDER BY id FOR UPDATE", org=tx.org_id, until=until)
    return _owed(tx, rows)


def any_due(tx: Tenant, until: date) -> bool:
    return bool(
        tx.value(
            f"SELECT EXISTS (SELECT 1 FROM invoice WHERE org_id = :org AND {_OPEN})",  # noqa: S608 - ours
            org=tx.org_id,
            until=until,
        )
    )


def get(tx: Tenant, invoice_id: int) -> Owed | None:
    """One of them, locked."""
    return next(iter(_owed(tx, tx.rows(f"{_INVOICE} AND id = :id FOR UPDATE", org=tx.org_id, id=invoice_id))), None)


def of_payment(tx: Tenant, payment_id: int) -> list[Owed]:
    """Those that a payment holds, oldest first; locked."""
    rows = tx.rows(f"{_INVOICE} AND payment_id = :id ORDER BY id FOR UPDATE", org=tx.org_id, id=payment_id)
    return _owed(tx, rows)


def hold(tx: Tenant, held: Sequence[tuple[int, int]], before: int | None = None) -> None:
    """Gives each (invoice, payment) that hold, taken from nobody or from the payment `before`. RuntimeError where one moved."""
    count = tx.run(
        "UPDATE invoice i SET payment_id = g.payment_id"
        " FROM unnest(CAST(:invoices AS bigint[]), CAST(:payments AS bigint[])) AS g(id, payment_id)"
        " WHERE i.org_id = :org AND i.id = g.id AND i.payment_id IS NOT DISTINCT FROM CAST(:before AS bigint)"
        " AND i.withdrawn_at IS NULL",
        org=tx.org_id,
        invoices=array("bigint", [invoice for invoice, _ in held]),
        payments=array("bigint", [payment for _, payment in held]),
        before=before,
    )
    if count != len(held):
        raise RuntimeError("an invoice moved while it was locked")


def opened_again(tx: Tenant, payment_ids: Sequence[int]) -> None:
    """Payments were voided: the invoices that they held wait for another. One that people denied keeps them.

    Where an earlier payment of the chain is with the payee after all, they are its own again.
    """
    tx.run(
        f"UPDATE invoice SET payment_id = (SELECT {chains.EARLIER_OUT} FROM payment p WHERE p.id = invoice.payment_id)"  # noqa: S608
        " WHERE payment_id = ANY(CAST(:ids AS bigint[]))",
        ids=list(payment_ids),
    )


def withdraw(tx: Tenant, invoice_id: int, business_at: Any) -> None:
    """It is not owed after all; the caller has it locked."""
    tx.run("UPDATE invoice SET withdrawn_at = :at WHERE id = :id", id=invoice_id, at=business_at)


def let_go(tx: Tenant, invoice_id: int) -> bool:
    """Takes it from a payment that was denied or came back; False where the payment that holds it stands."""
    return bool(
        tx.run(
            "UPDATE invoice i SET payment_id = NULL FROM payment p"
            " WHERE i.id = :id AND p.id = i.payment_id AND p.state IN ('DENIED', 'BANK_REJECTED', 'RETURNED', 'REVERSED')",
            id=invoice_id,
        )
    )
