"""Deposits whose money is owed to providers, the payments that pass it on, and which of them have told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.payment import Payee
from pipeline.store import deposits, payments
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A matched deposit that no payment has passed on; `position` is that of its 835 in the payer's file."""

    deposit_id: int
    mailbox_id: int
    remittance_id: int
    inbound_file_id: int
    position: int
    trace_number: str | None
    amount_cents: int


# One that was voided never left; every other was decided on, and only people may have it paid again. Where the 835 was paid
# by another deposit before, and that was passed on and then taken back, its provider has the money already.
_OWED = (
    "FROM deposit d JOIN remittance r ON r.id = d.remittance_id WHERE d.org_id = :org AND d.state = 'MATCHED'"
    " AND d.mailbox_id = ANY(CAST(:boxes AS bigint[])) AND d.amount_cents > 0 AND NOT EXISTS (SELECT 1 FROM payment p"
    "  WHERE p.deposit_id = d.id AND p.kind = 'disbursement' AND p.state <> 'VOIDED')"
    " AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.kind = 'disbursement' AND p.remittance_id = r.id"
    "  AND p.deposit_id <> d.id AND p.state IN ('SENT', 'ACKNOWLEDGED', 'SETTLED', 'OVERPAID'))"
)
_COLUMNS = "d.id AS deposit_id, d.mailbox_id, r.id AS remittance_id, r.inbound_file_id, r.position, r.trace_number"


def owed(tx: Tenant, mailbox_ids: Sequence[int]) -> list[Owed]:
    """What came into the accounts of these mailboxes and is owed on, oldest first."""
    rows = tx.rows(f"SELECT {_COLUMNS} {_OWED} ORDER BY d.id", org=tx.org_id, boxes=list(mailbox_ids))
    cents = deposits.passed_on(tx, [row.deposit_id for row in rows])
    return [
        Owed(**row._mapping, amount_cents=cents[row.deposit_id])  # noqa: SLF001 - SQLAlchemy's public name for it
        for row in rows
        if row.deposit_id in cents
    ]


def of_deposit(tx: Tenant, remittance_id: int, deposit_id: int) -> Owed | None:
    """The same of a deposit that a payment has passed on before, while it is matched with that remittance."""
    row = tx.first(
        f"SELECT {_COLUMNS} FROM deposit d JOIN remittance r ON r.id = d.remittance_id WHERE d.org_id = :org"  # noqa: S608
        " AND d.id = :deposit AND r.id = :remittance",
        org=tx.org_id,
        deposit=deposit_id,
        remittance=remittance_id,
    )
    cents = deposits.passed_on(tx, [deposit_id]).get(deposit_id, 0)
    return None if row is None else Owed(**row._mapping, amount_cents=cents)  # noqa: SLF001


def any_owed(tx: Tenant, mailbox_ids: Sequence[int]) -> bool:
    return bool(tx.value(f"SELECT EXISTS (SELECT 1 {_OWED})", org=tx.org_id, boxes=list(mailbox_ids)))


# -- what is told beside them -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A disbursement with all that its 835 says of it. `effective_date` is None before it stands in a file."""

    payment_id: int
    state: str
    amount_cents: int
    where: Payee
    mailbox_id: int
    inbound_file_id: int
    position: int
    effective_date: date | None
    advice_file_id: int | None


_PASSED = (
    "SELECT p.id, p.state, p.amount_cents, p.payee, p.mailbox_id, p.advice_file_id, r.inbound_file_id, r.position,"
    " (SELECT e.effective_date FROM payment_entry e WHERE e.payment_id = p.id ORDER BY e.id DESC LIMIT 1) AS effective_date"
    " FROM payment p JOIN remittance r ON r.id = p.remittance_id WHERE p.org_id = :org AND p.kind = 'disbursement'"
)


_UNTOLD = (
    "p.state IN ('SENT', 'ACKNOWLEDGED') AND p.advice_file_id IS NULL AND p.mailbox_id = ANY(CAST(:boxes AS bigint[]))"
)


def untold(tx: Tenant, mailbox_ids: Sequence[int]) -> list[Passed]:
    """Disbursements by these banks that have left and whose 835 has not been made; locked, oldest first."""
    rows = tx.rows(
        f"{_PASSED} AND {_UNTOLD} ORDER BY p.id FOR UPDATE OF p",
        org=tx.org_id,
        boxes=list(mailbox_ids),
    )
    return [_passed(tx, row) for row in rows]


def any_untold(tx: Tenant, mailbox_ids: Sequence[int]) -> bool:
    return bool(
        tx.value(
            f"SELECT EXISTS (SELECT 1 FROM payment p WHERE p.org_id = :org AND p.kind = 'disbursement' AND {_UNTOLD})",  # noqa: S608
            org=tx.org_id,
            boxes=list(mailbox_ids),
        )
    )


def passed(tx: Tenant, payment_id: int) -> Passed | None:
    """One of them; None where there is no such disbursement."""
    row = tx.first(f"{_PASSED} AND p.id = :id", org=tx.org_id, id=payment_id)
    return None if row is None else _passed(tx, row)


def _passed(tx: Tenant, row: Any) -> Passed:
    return Passed(
        payment_id=row.id,
        state=row.state,
        amount_cents=row.amount_cents,
        where=payments.payee(tx, row),
        mailbox_id=row.mailbox_id,
        inbound_file_id=row.inbound_file_id,
        position=row.position,
        effective_date=row.effective_date,
        advice_file_id=row.advice_file_id,
    )


def told(tx: Tenant, payment_id: int, file_id: int) -> None:
    """Its 835 is in this file, and in no other. RuntimeError where it had one."""
    if not tx.run(
        "UPDATE payment SET advice_file_id = :file WHERE id = :id AND advice_file_id IS NULL",
        id=payment_id,
        file=file_id,
    ):
        raise RuntimeError("a disbursement was told of while it was locked")
