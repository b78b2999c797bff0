"""Asking a payment back: a debit on the account that it went to, for the causes that the rules know, within their days."""

from dataclasses import replace

from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.domain.payment import PaymentKind
from pipeline.domain.reversing import REVERSIBLE, WITHIN_DAYS, Cause, last_day
from pipeline.services.paying import Asked
from pipeline.services.permitted import permitted
from pipeline.stages import filing, ruling
from pipeline.stages.context import Context
from pipeline.store import attempts, audit, ledger, payable_to, payments, reversals, tenants, work
from pipeline.store.database import Tenant
from pipeline.store.payments import NewPayment
from pipeline.store.reversals import Reversible


def reverse(ctx: Context, org_id: int, actor: str, payment_id: int, cause: str) -> Asked:
    """Proposes to take a payment back, all of it; somebody else approves it. Asked twice it is the same one.

    Raises NotKnown, NotAllowed, CallerError (no such cause) and Conflict: it is not out, is no payment to a payee, or its
    reversal would come too late.
    """
    if cause not in set(Cause):
        raise CallerError(f"a payment is asked back because of its {', '.join(Cause)}: for anything else ask the payee")
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payments.prepare")
        ledger.lock(tx)
        there = attempts.get(tx, payment_id)
        if there is None:
            raise NotKnown(f"there is no payment {payment_id}")
        found = reversals.reversible(tx, payment_id)
        if found is not None and found.reversal_id is not None:
            return _known(tx, found.reversal_id)
        if found is None or found.state not in REVERSIBLE or found.kind in {PaymentKind.REVERSAL, PaymentKind.PRENOTE}:
            raise Conflict(
                f"payment {payment_id} is a {there.kind} and {there.state}: only money that the bank has taken in, and that"
                " has not come back, can be asked back; before that deny it, or ask the bank"
            )
        _in_time(ctx, tx, found)
        [reversal_id] = payments.propose(tx, [_new(tx, found)], ctx.clock.now())
        ruling.rule(ctx, tx, [reversal_id])
        audit.note(tx, "payment.reverse", "payment", payment_id, f"cause {cause}, payment {reversal_id}")
        work.put(tx, "release", [org_id], 0)
        asked = replace(_known(tx, reversal_id), new=True)
    ctx.ring("release", org_id, [org_id])
    return asked


def _in_time(ctx: Context, tx: Tenant, found: Reversible) -> None:
    hours, settled = filing.hours_of(ctx, tenants.mailbox(tx, found.mailbox_id)), found.effective_date
    earliest = hours.effective_date(ctx.clock.now(), found.amount_cents, found.sec, debit=True)
    if settled is None or earliest > last_day(settled):
        raise Conflict(
            f"payment {found.id} settled more than {WITHIN_DAYS} banking days before a reversal would: ask the payee, or the"
            " bank for a return at its request (R06)"
        )


def _new(tx: Tenant, found: Reversible) -> NewPayment:
    if found.payee_id is None or found.details_id is None:
        raise Conflict(
            f"payment {found.id} is older than the rows of payees: ask the bank for a return at its request (R06)"
        )
    name, before = payable_to.next_tries(tx, [f"reversal:{found.id}"])[f"reversal:{found.id}"]
    return NewPayment(
        kind=PaymentKind.REVERSAL,
        obligation=name,
        amount_cents=found.amount_cents,
        payee=found.where,
        payee_id=found.payee_id,
        details_id=found.details_id,
        mailbox_id=found.mailbox_id,
        replaces_id=before,
        reverses_id=found.id,
        sec=found.sec,
    )


def _known(tx: Tenant, reversal_id: int) -> Asked:
    one = attempts.get(tx, reversal_id)
    assert one is not None  # it was just named
    return Asked(one.id, one.amount_cents, one.state, new=False)
