"""Invoices of vendors, as people enter and withdraw them. What is due is paid by the release, not from here."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain import payables
from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.domain.invoices import Invoice, Row, read_table
from pipeline.domain.payment import PayeeKind
from pipeline.services.permitted import permitted
from pipeline.stages.context import Context
from pipeline.store import audit, invoices, ledger, payable_to, work
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Entered:
    """`new`: False where the very same invoice was there already."""

    invoice_id: int
    new: bool


def enter(ctx: Context, org_id: int, actor: str, payee_id: int, invoice: Invoice) -> Entered:
    """One invoice of a vendor: owed from now on, paid once it is due. Raises as `enter_all`."""
    if faults := invoice.faults():
        raise CallerError("; ".join(faults))
    return enter_all(ctx, org_id, actor, [Row(1, payee_id, invoice)])[0]


def enter_table(ctx: Context, org_id: int, actor: str, text: str) -> list[Entered]:
    """All invoices of a CSV, or none: CallerError tells every row that is wrong with line, column and cure."""
    rows, faults = read_table(text)
    if faults:
        raise CallerError("\n".join(("nothing of the table was entered:", *faults)))
    return enter_all(ctx, org_id, actor, rows)


def enter_all(ctx: Context, org_id: int, actor: str, rows: Sequence[Row]) -> list[Entered]:
    """All of them or none. The same number with the same content changes nothing more.

    Raises NotKnown (person, payee), NotAllowed, CallerError (a payee that is no vendor), Conflict (a number that was entered
    with other content, or was withdrawn).
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payments.prepare")
        ledger.lock(tx)
        _refuse_strangers(tx, rows)
        there = invoices.known(tx, [(row.payee_id, row.invoice.number) for row in rows])
        wanted = {(row.payee_id, row.invoice.number): row for row in reversed(rows)}
        new = [row for key, row in reversed(wanted.items()) if key not in there]
        ids = invoices.add(tx, [(row.payee_id, row.invoice) for row in new])
        _book(ctx, tx, [(i, row.invoice) for i, row in zip(ids, new, strict=True)])
        there |= invoices.known(tx, [(row.payee_id, row.invoice.number) for row in new])
        if faults := [fault for row in rows if (fault := _differs(row, there[row.payee_id, row.invoice.number]))]:
            raise Conflict("\n".join(("nothing was entered:", *faults)))
        if ids:
            work.put(tx, "release", [org_id], ctx.limits.release_delay_s)
    fresh = set(ids)
    return [Entered(i, i in fresh) for i in (there[row.payee_id, row.invoice.number].id for row in rows)]


def _book(ctx: Context, tx: Tenant, new: Sequence[tuple[int, Invoice]]) -> None:
    today = ctx.today()
    ledger.post(tx, [payables.invoiced(i, invoice.net_cents, today) for i, invoice in new])
    audit.note_all(tx, "invoice.enter", "invoice", [i for i, _ in new])


def _refuse_strangers(tx: Tenant, rows: Sequence[Row]) -> None:
    payees = payable_to.by_id(tx, sorted({row.payee_id for row in rows}))
    faults = []
    for row in rows:
        payee = payees.get(row.payee_id)
        if payee is None:
            faults.append(f"line {row.line}, payee: there is no payee {row.payee_id}; `claimrail payees` lists them")
        elif payee.kind is not PayeeKind.VENDOR:
            faults.append(f"line {row.line}, payee: payee {row.payee_id} is a {payee.kind}, invoices are a vendor's")
    if faults:
        raise NotKnown("\n".join(("nothing was entered:", *faults)))


def _differs(row: Row, there: invoices.Known) -> str | None:
    if there.withdrawn:
        return f"line {row.line}, number: it is invoice {there.id}, which was withdrawn; enter it under a number of its own"
    if there.content_sha256 != row.invoice.content_sha256:
        return f"line {row.line}, number: it is invoice {there.id} with other content; withdraw that one first if it was wrong"
    return None


def withdraw(ctx: Context, org_id: int, actor: str, invoice_id: int) -> bool:
    """It is not owed after all. False where it was withdrawn before. Raises NotKnown, NotAllowed; Conflict while a payment holds it."""
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payments.prepare")
        ledger.lock(tx)
        found = invoices.get(tx, invoice_id)
        if found is None:
            raise NotKnown(f"there is no invoice {invoice_id}")
        if found.withdrawn:
            return False
        if found.payment_id is not None and not invoices.let_go(tx, invoice_id):
            raise Conflict(
                f"invoice {invoice_id} is held by payment {found.payment_id}: deny that one first if it waits for approval;"
                " once it has left, ask the vendor"
            )
        invoices.withdraw(tx, invoice_id, ctx.clock.now())
        ledger.post(tx, [payables.invoice_withdrawn(invoice_id, found.amount_cents, ctx.today())])
        audit.note(tx, "invoice.withdraw", "invoice", invoice_id)
    return True
