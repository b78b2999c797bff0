"""Proposing payments of any kind: named after what is owed, with what stands beside them, tried in a file of their bank."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edi.errors import EdiError
from pipeline.domain.payment import Payee, PaymentKind
from pipeline.mapping.payments_to_nacha import misfit
from pipeline.stages.context import Context
from pipeline.store import payable_to, payments
from pipeline.store.database import Tenant
from pipeline.store.payments import NewPayment
from pipeline.store.tenants import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be paid. `obligation` names it without the number of the try; `beside` gives the addenda of a payment id."""

    kind: PaymentKind
    obligation: str
    amount_cents: int
    where: Payee
    payee_id: int
    details_id: int
    box: Mailbox
    sec: str = "CCD"
    beside: Callable[[int], str] = lambda _: ""
    claim_id: int | None = None
    deposit_id: int | None = None
    remittance_id: int | None = None
    prepared_by: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of an order: the payment, or why none can be made of it."""

    order: Order
    payment_id: int | None
    problem: str | None = None


def propose(ctx: Context, tx: Tenant, orders: Sequence[Order]) -> list[Placed]:
    """Stores each as PROPOSED, in their order; what does not fit into a file of its bank is not. Books nothing, asks no rule."""
    names = payable_to.next_tries(tx, [order.obligation for order in orders])
    ids = tx.ids("payment", len(orders)) if orders else []
    tried = [(order, i, *_beside(ctx, order, i)) for order, i in zip(orders, ids, strict=True)]
    fitting = [(order, i, addenda) for order, i, addenda, problem in tried if problem is None]
    new = [_new(order, addenda, *names[order.obligation]) for order, _, addenda in fitting]
    payments.propose(tx, new, ctx.clock.now(), [i for _, i, _ in fitting])
    return [Placed(order, None if problem else i, problem) for order, i, _, problem in tried]


def _beside(ctx: Context, order: Order, payment_id: int) -> tuple[str, str | None]:
    """The addenda, and why the payment cannot stand in a file."""
    profile = order.box.bank
    try:
        addenda = order.beside(payment_id)
    except (ValueError, EdiError) as error:
        return "", str(error)
    now = ctx.clock.now()
    return addenda, misfit(profile, order.kind, order.amount_cents, order.where, now, order.sec, addenda)


def _new(order: Order, addenda: str, obligation: str, replaces_id: int | None) -> NewPayment:
    return NewPayment(
        kind=order.kind,
        obligation=obligation,
        amount_cents=order.amount_cents,
        payee=order.where,
        payee_id=order.payee_id,
        details_id=order.details_id,
        claim_id=order.claim_id,
        mailbox_id=order.box.id,
        deposit_id=order.deposit_id,
        remittance_id=order.remittance_id,
        replaces_id=replaces_id,
        sec=order.sec,
        addenda=addenda,
        prepared_by=order.prepared_by,
    )
