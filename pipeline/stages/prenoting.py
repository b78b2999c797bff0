"""Prenotes: where a bank asks for it, a new account is tried out without money before it is paid to.

A prenote is a payment of no amount, so that traces, answers, returns and notices find it as they find any other.
"""

from collections.abc import Sequence

from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payment import PayeeKind, PaymentKind
from pipeline.stages import ruling
from pipeline.stages.context import Context
from pipeline.store import ledger, payments, prenotes
from pipeline.store.database import Tenant
from pipeline.store.payments import NewPayment
from pipeline.store.prenotes import Wanted


def asked(profiles: Sequence[BankProfile], kind: PayeeKind) -> bool:
    """Whether one of the tenant's banks wants new accounts of such payees to be tried out."""
    return any(kind in profile.prenotes for profile in profiles)


def propose(ctx: Context, tx: Tenant) -> list[int]:
    """Proposes what is wanted and not under way, and asks the rules about it; gives the payments' ids."""
    if not prenotes.wanted(tx):
        return []
    ledger.lock(tx)  # whoever else proposes them has done so before the next look
    boxes = ruling.banks(tx)
    found = prenotes.wanted(tx) if boxes else []
    through = {
        kind: next((box.id for box in boxes if kind in box.bank.prenotes), boxes[0].id)
        for kind in {one.kind for one in found}
    }
    ids = payments.propose(tx, [_new(one, through[one.kind]) for one in found], ctx.clock.now())
    if ids:
        ruling.rule(ctx, tx, ids)
    return ids


def _new(one: Wanted, mailbox_id: int) -> NewPayment:
    return NewPayment(
        kind=PaymentKind.PRENOTE,
        obligation=one.obligation,
        amount_cents=0,
        payee=one.where,
        payee_id=one.payee_id,
        details_id=one.details_id,
        mailbox_id=mailbox_id,
        sec="PPD" if one.kind is PayeeKind.PATIENT else "CCD",
    )
