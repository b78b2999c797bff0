"""Invoices of vendors that are due by the day on which money would settle become payments, each invoice one."""

from collections.abc import Sequence
from datetime import date

from pipeline.domain.invoices import together, vendor_obligation
from pipeline.domain.payment import Payee, PaymentKind
from pipeline.mapping.payments_to_820 import one_invoice, settlement
from pipeline.stages import filing, proposing, ruling
from pipeline.stages.context import Context
from pipeline.stages.proposing import Order, Placed
from pipeline.store import exceptions, invoices, payable_to
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.invoices import Owed
from pipeline.store.payable_to import Recipient
from pipeline.store.tenants import Mailbox

OF_PAYEE = ("payee_details_missing", "payee_details_unusable")


def propose(ctx: Context, tx: Tenant, box: Mailbox | None) -> None:
    """Proposes what is due and asks the rules about it; hold `ledger.lock`. A payee without bank details is told to people."""
    due = [] if box is None else invoices.due(tx, settles(ctx, box))
    if box is None or not due:
        return
    payees = payable_to.by_id(tx, sorted({one.payee_id for one in due}))
    secs = {payee_id: payee.sec or "CCD" for payee_id, payee in payees.items()}
    payable: list[tuple[Order, list[Owed]]] = []
    raised: dict[int, Raise] = {}
    for group in together(due, secs):
        payee = payees[group[0].payee_id]
        if payee.where is None or payee.details_id is None:
            raised[payee.payee_id] = _missing(payee, due)
        else:
            payable.append((order(box, payee, payee.where, payee.details_id, group, group[0].entered_by), group))
    placed = proposing.propose(ctx, tx, [order for order, _ in payable])
    groups = [group for _, group in payable]
    raised |= {p.order.payee_id: _unusable(p, due) for p in placed if p.problem is not None}
    ids = [p.payment_id for p in placed if p.payment_id is not None]
    invoices.hold(
        tx, [(one.id, p.payment_id) for p, g in zip(placed, groups, strict=True) if p.payment_id for one in g]
    )
    good = sorted({p.order.payee_id for p in placed} - raised.keys())
    exceptions.close(tx, OF_PAYEE, "payee", good, "its invoices are paid to confirmed bank details")
    exceptions.open_all(tx, list(raised.values()))
    ruling.rule(ctx, tx, ids)


def settles(ctx: Context, box: Mailbox) -> date:
    """The day on which money would settle whose file is made now: what is due by then is paid."""
    return filing.hours_of(ctx, box).effective_date(ctx.clock.now(), 0)


def order(
    box: Mailbox, payee: Recipient, where: Payee, details_id: int, group: Sequence[Owed], prepared_by: str | None
) -> Order:
    """What pays these invoices, all of one payee."""
    sec = payee.sec or "CCD"
    told = [one.invoice for one in group]

    def beside(payment_id: int) -> str:
        return settlement(box.bank, payment_id, where, told) if sec == "CTX" else one_invoice(told[0])

    return Order(
        kind=PaymentKind.VENDOR,
        obligation=vendor_obligation(payee.payee_id, [one.id for one in group]),
        amount_cents=sum(one.amount_cents for one in group),
        where=where,
        payee_id=payee.payee_id,
        details_id=details_id,
        box=box,
        sec=sec,
        beside=beside,
        prepared_by=prepared_by,
    )


def _missing(payee: Recipient, due: Sequence[Owed]) -> Raise:
    reason = (
        "invoices are due and the payee has no confirmed bank details: two people confirm some"
        f" (`claimrail payees show {payee.payee_id}`), then they are paid"
    )
    return Raise("payee_details_missing", "payee", payee.payee_id, reason, money_cents=_cents(payee.payee_id, due))


def _unusable(placed: Placed, due: Sequence[Owed]) -> Raise:
    payee_id = placed.order.payee_id
    reason = f"invoices are due and cannot stand in a file of the bank: {placed.problem}"
    return Raise("payee_details_unusable", "payee", payee_id, reason, money_cents=_cents(payee_id, due))


def _cents(payee_id: int, due: Sequence[Owed]) -> int:
    return sum(one.amount_cents for one in due if one.payee_id == payee_id)
