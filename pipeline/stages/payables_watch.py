"""What watch looks at for payments: money that became payable with time, and payers' credit that nobody gave back."""

from datetime import timedelta

from pipeline.stages import disbursing, paying_invoices, ruling
from pipeline.stages.context import Context
from pipeline.store import disbursements, exceptions, invoices, payer_credits, watching, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.payer_credits import Credit

CREDIT_DAYS = 60
"""So long may credit of Medicare's stand once it is known (42 CFR 401.305); the others are held to it too."""


def look(ctx: Context, tx: Tenant) -> None:
    """Lets a release look at what became payable, and tells people of credit that stands too long."""
    if _payable(ctx, tx):
        work.put(tx, "release", [tx.org_id], 0)
    _credits(ctx, tx)


def _payable(ctx: Context, tx: Tenant) -> bool:
    boxes = ruling.banks(tx)
    if not boxes:
        return False
    held, telling = disbursing.holding(boxes), [box.id for box in boxes if box.bank.advices]
    return (
        invoices.any_due(tx, paying_invoices.settles(ctx, boxes[0]))
        or (bool(held) and disbursements.any_owed(tx, list(held)))
        or (bool(telling) and disbursements.any_untold(tx, telling))
    )


def _credits(ctx: Context, tx: Tenant) -> None:
    found = payer_credits.standing(tx)
    long_ago = ctx.today() - timedelta(days=CREDIT_DAYS)
    late = {one.claim_id: one for one in found if one.cents > 0 and one.since is not None and one.since <= long_ago}
    standing = watching.standing(tx, "payer_credit_overdue", "claim")
    gone = [claim_id for claim_id in standing if claim_id not in late]
    exceptions.close(tx, "payer_credit_overdue", "claim", gone, "the payer has no credit on the claim any more")
    exceptions.open_all(tx, [_overdue(one) for claim_id, one in late.items() if claim_id not in standing])
    payer_credits.settled(tx, [one.claim_id for one in found if one.cents <= 0], "it was paid back, or taken back")


def _overdue(one: Credit) -> Raise:
    reason = (
        f"the payer has had credit on the claim since {one.since}, {CREDIT_DAYS} days or longer: pay it back"
        " (`claimrail pay payer-refund`), or ask the payer why it takes nothing back"
    )
    return Raise("payer_credit_overdue", "claim", one.claim_id, reason, money_cents=one.cents)
