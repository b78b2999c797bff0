"""Payments that people ask for: a payer's credit paid back, and what came back or was denied paid anew.

Whoever asks has prepared the payment, so that somebody else approves it where the rules want approval.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.domain import payables
from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.domain.forms import AnyClaim, stored_claim
from pipeline.domain.ledger import NewJournal, Position
from pipeline.domain.payment import UNSENT, Payee, PayeeKind, PaymentKind
from pipeline.mapping import traced_payments
from pipeline.services.permitted import permitted
from pipeline.stages import disbursing, paying_invoices, proposing, ruling
from pipeline.stages.context import Context
from pipeline.stages.proposing import Order
from pipeline.store import (
    attempts,
    audit,
    disbursements,
    invoices,
    ledger,
    obligations,
    payable_to,
    remittances,
    stories,
    work,
)
from pipeline.store.attempts import Attempt
from pipeline.store.database import Tenant
from pipeline.store.payable_to import Recipient
from pipeline.store.remittances import Candidate
from pipeline.store.tenants import Mailbox


@dataclass(frozen=True, slots=True)
class Asked:
    """The payment, and the state that the rules have brought it to; `new`: False where it had been asked for before."""

    payment_id: int
    amount_cents: int
    state: str
    new: bool = True


# -- a payer's credit ---------------------------------------------------------------------------------------------------
def payer_refund(
    ctx: Context, org_id: int, actor: str, claim: str, amount_cents: int | None = None, payee_id: int | None = None
) -> Asked:
    """Pays a payer's credit on a claim (by CLM01 or external id) back: all of it, or `amount_cents`.

    It goes to the claim's payer; where others have decided the claim too, a person says whose credit it is by `payee_id`.
    While one is on its way the same amount is that one. Raises NotKnown, NotAllowed, CallerError (no amount above 0; it
    cannot stand in a file) and Conflict (so much credit is not there; whose it is, is not sure; the payer is no payee, or
    has no bank details).
    """
    if amount_cents is not None and amount_cents <= 0:
        raise CallerError("an amount to pay back is above zero")
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payments.prepare")
        ledger.lock(tx)
        found, position, document = _credited(tx, claim)
        before = attempts.on_claims(tx, [found.books_id], PaymentKind.PAYER_REFUND)
        under_way = next((one for one in before if one.state in UNSENT), None)
        if under_way is not None and amount_cents in {None, under_way.amount_cents}:
            return Asked(under_way.id, under_way.amount_cents, under_way.state, new=False)
        credit = max(0, -position.payer_credit_cents)
        amount = credit if amount_cents is None else amount_cents
        if not 0 < amount <= credit:
            raise Conflict(f"the payer's credit on claim {found.clm01} is {credit} cents: no more can be paid back")
        payer = _payer(tx, found, document.payer.payer_id, payee_id)
        obligation = f"payer_refund:{found.clm01}:{len(before) + 1}"
        order = _to_payer(_bank(tx, None), obligation, payer, amount, found)
        asked = _place(ctx, tx, order)
        ledger.post(tx, [payables.payer_refund_owed(asked, found.books_id, amount, ctx.today())])
        told = _ruled(ctx, tx, asked, amount, "payment.payer_refund")
    ctx.ring("release", org_id, [org_id])
    return told


def _credited(tx: Tenant, claim: str) -> tuple[Candidate, Position, AnyClaim]:
    """The latest version that went out, and how the claim stands."""
    versions = {version.id: version for version in stories.versions(tx, claim)}
    if not versions:
        raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
    out = remittances.candidates_by_id(tx, list(versions))
    if not out:
        raise Conflict("the claim never went out: no payer has credit on it")
    found = max(out, key=lambda one: one.version)
    position = ledger.positions(tx, [found.books_id]).get(found.books_id, Position())
    return found, position, stored_claim(versions[found.claim_id].document)


def _payer(tx: Tenant, claim: Candidate, payer_id: str, payee_id: int | None) -> Recipient:
    if payee_id is not None:
        named = payable_to.by_id(tx, [payee_id]).get(payee_id)
        if named is None or named.kind is not PayeeKind.PAYER:
            raise NotKnown(f"there is no payer {payee_id} among the payees")
        return named
    if any(one.later_payer for one in remittances.posted(tx, [claim.claim_id])):
        raise Conflict(f"several payers have decided claim {claim.clm01}: say with --payee whose credit it is")
    payer = payable_to.by_key(tx, PayeeKind.PAYER, [payer_id]).get(payer_id)
    if payer is None:
        raise Conflict("the claim's payer is no payee yet: `claimrail payees` adds it under its payer id")
    return payer


def _to_payer(box: Mailbox, obligation: str, to: Recipient, amount_cents: int, claim: Candidate) -> Order:
    where, details_id = _details(to)

    def beside(payment_id: int) -> str:
        return traced_payments.payer_refund(box.bank, payment_id, claim.payer_control_number)

    return Order(
        kind=PaymentKind.PAYER_REFUND,
        obligation=obligation,
        amount_cents=amount_cents,
        where=where,
        payee_id=to.payee_id,
        details_id=details_id,
        box=box,
        beside=beside,
        claim_id=claim.books_id,
    )


# -- again --------------------------------------------------------------------------------------------------------------
_AGAIN = ("RETURNED", "BANK_REJECTED", "DENIED", "REVERSED")
_TRY = re.compile(r"/\d+$", re.ASCII)


def again(ctx: Context, org_id: int, actor: str, payment_id: int) -> Asked:
    """Pays anew what a payment that came back, was refused, denied or reversed was to pay, to where its payee is paid now.

    Asked twice it is the same payment. Raises NotKnown, NotAllowed, CallerError (it cannot stand in a file) and Conflict: it
    is out or under way, its payee has no confirmed bank details, or it is not owed any more.
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payments.prepare")
        ledger.lock(tx)
        old = attempts.get(tx, payment_id)
        if old is None:
            raise NotKnown(f"there is no payment {payment_id}")
        name = _TRY.sub("", old.obligation)
        latest = _latest(tx, name)
        if latest.id != old.id:
            if latest.replaces_id == old.id and latest.state not in _AGAIN:
                return Asked(latest.id, latest.amount_cents, latest.state, new=False)
            raise Conflict(f"payment {latest.id} has replaced payment {old.id}: look at that one")
        order = _anew(tx, old, name)
        asked = _place(ctx, tx, order)
        if old.kind == PaymentKind.VENDOR:
            invoices.hold(tx, [(one.id, asked) for one in invoices.of_payment(tx, old.id)], old.id)
        ledger.post(tx, _owed_anew(ctx, tx, old, asked))
        told = _ruled(ctx, tx, asked, order.amount_cents, "payment.again")
    ctx.ring("release", org_id, [org_id])
    return told


def _latest(tx: Tenant, name: str) -> Attempt:
    _, latest_id = payable_to.next_tries(tx, [name])[name]
    latest = None if latest_id is None else attempts.get(tx, latest_id)
    assert latest is not None  # the payment that was asked for bears this name
    return latest


def _anew(tx: Tenant, old: Attempt, name: str) -> Order:
    maker = _MAKERS.get(old.kind)
    if old.state not in _AGAIN or maker is None or old.payee_id is None:
        raise Conflict(
            f"payment {old.id} is a {old.kind} and {old.state}: what came back, was refused, denied or reversed can be paid"
            " again, but for prenotes and reversals"
        )
    to = payable_to.by_id(tx, [old.payee_id])[old.payee_id]
    where, details_id = _details(to)
    order = maker(tx, old, name, to, where, details_id)
    owed = _owed_cents(tx, old)
    if owed < order.amount_cents or not order.amount_cents:
        raise Conflict(f"{owed} cents are owed for what payment {old.id} was to pay: it is not paid again")
    return order


def _owed_cents(tx: Tenant, old: Attempt) -> int:
    """What the books say that may be paid: on the payable where it came back, or where it was before where it was denied."""
    owing = obligations.owing(tx, [old.id])[old.id]
    if owing.taken_back or owing.patient_due_cents > 0 or not owing.money_is_in:
        return 0
    if old.state != "DENIED" or old.claim_id is None:
        return owing.owed_cents
    position = ledger.positions(tx, [old.claim_id]).get(old.claim_id, Position())
    return position.refundable_cents if old.kind == PaymentKind.REFUND else -position.payer_credit_cents


def _owed_anew(ctx: Context, tx: Tenant, old: Attempt, payment_id: int) -> list[NewJournal]:
    """What came back stands on its payable; what was denied went back to whom it was owed."""
    if old.state != "DENIED" or old.claim_id is None:
        return []
    today = ctx.today()
    if old.kind == PaymentKind.PAYER_REFUND:
        return [payables.payer_refund_owed(payment_id, old.claim_id, old.amount_cents, today)]
    position = ledger.positions(tx, [old.claim_id]).get(old.claim_id, Position())
    return [payables.refund_owed(payment_id, old.claim_id, old.amount_cents, position, today)]


def _refund_anew(tx: Tenant, old: Attempt, name: str, to: Recipient, where: Payee, details_id: int) -> Order:
    return Order(
        kind=PaymentKind.REFUND,
        obligation=name,
        amount_cents=old.amount_cents,
        where=where,
        payee_id=to.payee_id,
        details_id=details_id,
        box=_bank(tx, old.mailbox_id),
        sec="PPD",
        claim_id=old.claim_id,
    )


def _payer_refund_anew(tx: Tenant, old: Attempt, name: str, to: Recipient, _where: Payee, _details_id: int) -> Order:
    [claim] = remittances.candidates_by_id(tx, [old.claim_id or 0])
    return _to_payer(_bank(tx, old.mailbox_id), name, to, old.amount_cents, claim)


def _vendor_anew(tx: Tenant, old: Attempt, name: str, to: Recipient, where: Payee, details_id: int) -> Order:
    held = invoices.of_payment(tx, old.id)
    if not held:
        raise Conflict(f"payment {old.id} holds no invoice any more: they were withdrawn")
    order = paying_invoices.order(_bank(tx, old.mailbox_id), to, where, details_id, held, None)
    return replace(order, obligation=name)


def _disbursement_anew(tx: Tenant, old: Attempt, name: str, to: Recipient, where: Payee, details_id: int) -> Order:
    owed = disbursements.of_deposit(tx, old.remittance_id or 0, old.deposit_id or 0)
    if owed is None:
        raise Conflict(f"the deposit that payment {old.id} passed on is not matched with its 835 any more")
    return disbursing.order(_bank(tx, old.mailbox_id), owed, name, to.payee_id, where, details_id)


_MAKERS: dict[str, Callable[[Tenant, Attempt, str, Recipient, Payee, int], Order]] = {
    PaymentKind.REFUND: _refund_anew,
    PaymentKind.PAYER_REFUND: _payer_refund_anew,
    PaymentKind.VENDOR: _vendor_anew,
    PaymentKind.DISBURSEMENT: _disbursement_anew,
}


# -- both ---------------------------------------------------------------------------------------------------------------
def _details(to: Recipient) -> tuple[Payee, int]:
    if to.where is None or to.details_id is None:
        raise Conflict(
            f"payee {to.payee_id} has no confirmed bank details: two people confirm some first"
            f" (`claimrail payees show {to.payee_id}`)"
        )
    return to.where, to.details_id


def _bank(tx: Tenant, mailbox_id: int | None) -> Mailbox:
    boxes = ruling.banks(tx)
    if not boxes:
        raise Conflict("the tenant has no bank mailbox: add one with `claimrail init`")
    return next((box for box in boxes if box.id == mailbox_id), boxes[0])


def _place(ctx: Context, tx: Tenant, order: Order) -> int:
    [placed] = proposing.propose(ctx, tx, [order])
    if placed.payment_id is None:
        raise CallerError(f"this cannot stand in a file of the bank: {placed.problem}")
    return placed.payment_id


def _ruled(ctx: Context, tx: Tenant, payment_id: int, amount_cents: int, action: str) -> Asked:
    """Asks the rules once all of it is booked; the release is rung by whoever called, after the commit."""
    ruling.rule(ctx, tx, [payment_id])
    audit.note(tx, action, "payment", payment_id)
    work.put(tx, "release", [tx.org_id], 0)
    now = attempts.get(tx, payment_id)
    return Asked(payment_id, amount_cents, "" if now is None else now.state)
