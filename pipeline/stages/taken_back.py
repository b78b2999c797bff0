"""Payers take back after we have paid: what has not left is stopped at once, what has left is told to people.

A takeback (PLB WO) comes out of the payer's credit on the claim that it names. Where that credit is about to go back by a
payment of ours, the payment is stopped first; a decision that is reversed stops the refund that rested on it.
"""

from collections.abc import Collection, Mapping, Sequence

from pipeline.domain.payment import OUT, UNSENT, PaymentKind
from pipeline.domain.remittance import Verdict
from pipeline.stages.context import Context
from pipeline.stages.decisions import Claims
from pipeline.store import attempts, ledger, payments
from pipeline.store.attempts import Attempt
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.remittances import StoredDecision

REVERSED = "the payer took the decision back that this rested on"
TAKEN = "the payer takes its credit back itself"


def alone(tx: Tenant, rows: Sequence[StoredDecision], named: Collection[str]) -> None:
    """Takes `ledger.lock`, before any claim is, where a payment that is still here may have to be stopped: few sets do."""
    reversed_ = {row.clp01 for row in rows if row.verdict is Verdict.REVERSED}
    if (reversed_ or named) and attempts.any_unsent(tx, reversed_ | set(named)):
        ledger.lock(tx)


def make_room(ctx: Context, tx: Tenant, rows: Sequence[StoredDecision], claims: Claims, named: Collection[str]) -> None:
    """Stops what rests on decisions that these rows reverse, and on credit of the claims that takebacks name.

    `claims` stand afterwards as the books do. What is in a file falls when that is looked at before it leaves; a payer's
    refund does not wait for that, for its takeback finds the credit now or never.
    """
    reversed_ = {found[0].books_id for row in rows if row.verdict is Verdict.REVERSED and (found := claims.find(row))}
    refunds = stop_refunds(ctx, tx, reversed_) if reversed_ else []
    taken = reversed_ | {one.books_id for token in named for one in claims.named(token)}
    owing = [claim_id for claim_id in sorted(taken) if _refunding(claims, claim_id)]
    back = attempts.on_claims(tx, owing, PaymentKind.PAYER_REFUND, UNSENT) if owing else []
    attempts.stop(tx, [one.id for one in back], TAKEN, ctx.today())
    moved = {one.claim_id for one in (*refunds, *back) if one.claim_id is not None}
    if moved:
        claims.positions |= ledger.positions(tx, sorted(moved))


def stop_refunds(ctx: Context, tx: Tenant, claim_ids: Collection[int]) -> list[Attempt]:
    """Voids patients' refunds that rest on decisions of these claims and stand in no file; gives all that are unsent."""
    found = attempts.on_claims(tx, claim_ids, PaymentKind.REFUND, UNSENT)
    payments.void(tx, [one.id for one in found], REVERSED, ctx.today())
    return found


def _refunding(claims: Claims, claim_id: int) -> bool:
    return claims.position(claim_id).payer_refund_payable_cents != 0


def after_payer_refund(tx: Tenant, beyond: Mapping[int, int]) -> list[Raise]:
    """For cents by claim that takebacks found no credit for: those of them that we had refunded to the payer."""
    cents = {claim_id: missing for claim_id, missing in beyond.items() if missing > 0}
    if not cents:
        return []
    gone = attempts.on_claims(tx, cents, PaymentKind.PAYER_REFUND, ("IN_FILE", *OUT))
    reason = "the payer took back what payment {} has refunded to it: it has the money twice"
    return [
        Raise(
            "taken_back_after_payer_refund",
            "claim",
            claim_id,
            reason.format(max(one.id for one in gone if one.claim_id == claim_id)),
            money_cents=cents[claim_id],
        )
        for claim_id in sorted({one.claim_id for one in gone if one.claim_id is not None})
    ]
