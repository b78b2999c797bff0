"""Payers' money on an account that is not the provider's goes on to him: a payment for each matched deposit.

Whom it is for, the payer's own 835 says (N1*PE). It goes as CCD+ with a trace of ours; the payer's stands beside it.
"""

from collections.abc import Sequence

from edi.x12.sets import t835
from pipeline.domain.payment import Payee, PayeeKind, PaymentKind
from pipeline.mapping import traced_payments
from pipeline.mapping.disbursement_to_835 import sets_at
from pipeline.stages import proposing, ruling
from pipeline.stages.context import Context
from pipeline.stages.proposing import Order
from pipeline.store import disbursements, exceptions, inbound, payable_to
from pipeline.store.database import Tenant
from pipeline.store.disbursements import Owed
from pipeline.store.exceptions import Raise
from pipeline.store.tenants import Mailbox

OF_DEPOSIT = ("payee_details_missing", "payee_details_unusable")


def holding(boxes: Sequence[Mailbox]) -> dict[int, Mailbox]:
    """Those of the banks whose account is not the providers'."""
    return {box.id: box for box in boxes if box.bank.holds_for_providers}


def propose(ctx: Context, tx: Tenant, boxes: Sequence[Mailbox]) -> None:
    """Proposes to pass on what is matched, and asks the rules about it; hold `ledger.lock`."""
    held = holding(boxes)
    found = disbursements.owed(tx, list(held)) if held else []
    if not found:
        return
    npis = _npis(tx, found)
    providers = payable_to.by_key(tx, PayeeKind.PROVIDER, sorted(set(npis.values())))
    orders: list[Order] = []
    raised: list[Raise] = []
    for one in found:
        to = providers.get(npis.get(one.deposit_id, ""))
        if to is None or to.where is None or to.details_id is None:
            raised.append(_missing(one, None if to is None else to.payee_id))
        else:
            name = f"disbursement:{one.deposit_id}"
            orders.append(order(held[one.mailbox_id], one, name, to.payee_id, to.where, to.details_id))
    placed = proposing.propose(ctx, tx, orders)
    raised += [
        Raise("payee_details_unusable", "deposit", p.order.deposit_id or 0, f"it cannot be passed on: {p.problem}",
              money_cents=p.order.amount_cents)
        for p in placed if p.problem is not None
    ]  # fmt: skip
    good = [p.order.deposit_id for p in placed if p.payment_id is not None and p.order.deposit_id is not None]
    exceptions.close(tx, OF_DEPOSIT, "deposit", good, "it is passed on to its provider")
    exceptions.open_all(tx, raised)
    ruling.rule(ctx, tx, [p.payment_id for p in placed if p.payment_id is not None])


def order(box: Mailbox, owed: Owed, name: str, payee_id: int, where: Payee, details_id: int) -> Order:
    """What passes a deposit on."""

    def beside(payment_id: int) -> str:
        return traced_payments.disbursement(box.bank, payment_id, owed.trace_number)

    return Order(
        kind=PaymentKind.DISBURSEMENT,
        obligation=name,
        amount_cents=owed.amount_cents,
        where=where,
        payee_id=payee_id,
        details_id=details_id,
        box=box,
        beside=beside,
        deposit_id=owed.deposit_id,
        remittance_id=owed.remittance_id,
    )


def _npis(tx: Tenant, found: Sequence[Owed]) -> dict[int, str]:
    """Whom each deposit is for, as its 835 says; none where that names its payee otherwise than by NPI."""
    by_file: dict[int, list[Owed]] = {}
    for one in found:
        by_file.setdefault(one.inbound_file_id, []).append(one)
    npis: dict[int, str] = {}
    for file_id, some in by_file.items():
        sets = sets_of(tx, file_id, [one.position for one in some])
        npis |= {one.deposit_id: sets[one.position].payee.npi or "" for one in some if one.position in sets}
    return npis


def sets_of(tx: Tenant, inbound_file_id: int, positions: Sequence[int]) -> dict[int, t835.Remittance]:
    file = inbound.get(tx, inbound_file_id)
    return {} if file is None else sets_at(file.content, positions)


def _missing(one: Owed, payee_id: int | None) -> Raise:
    if payee_id is None:
        cure = "the 835's payee (N1*PE) is no payee of kind provider: add him under his NPI"
    else:
        cure = f"payee {payee_id} has no confirmed bank details: two people confirm some"
    reason = f"the deposit is owed to its provider and cannot be passed on: {cure} (`claimrail payees`), then it is"
    return Raise("payee_details_missing", "deposit", one.deposit_id, reason, money_cents=one.amount_cents)
