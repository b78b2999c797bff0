"""Deposits on an account that is not the billing providers': what comes in there is owed to them as soon as it is matched."""

from collections.abc import Sequence

from pipeline.domain import deposits as journals
from pipeline.domain.payment import OUT
from pipeline.stages.context import Context
from pipeline.store import attempts, deposits, exceptions, ledger, tenants
from pipeline.store.attempts import Attempt
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise


def owe(ctx: Context, tx: Tenant, deposit_ids: Sequence[int]) -> None:
    """Books what matched deposits make us owe; none where the accounts are the providers' own."""
    holding = {box_id for box_id, profile in tenants.banks(tx).items() if profile.holds_for_providers}
    if not holding:
        return
    rows = deposits.by_id(tx, deposit_ids)
    times = deposits.times(tx, deposit_ids, "passed_on")
    ours = [row for row in rows.values() if row.mailbox_id in holding and row.amount_cents > 0]
    ledger.post(tx, [journals.passed_on(row.booking(ctx.today(), times.get(row.id, 0))) for row in ours])


def owe_no_more(ctx: Context, tx: Tenant, deposit_ids: Sequence[int]) -> None:
    """Takes back what `owe` booked for these, whatever the bank's profile says by now."""
    owed = deposits.passed_on(tx, deposit_ids)
    if not owed:
        return
    _stop(ctx, tx, list(owed))
    rows, times = deposits.by_id(tx, list(owed)), deposits.times(tx, list(owed), "not_passed_on")
    ledger.post(
        tx,
        [journals.not_passed_on(rows[i].booking(ctx.today(), times.get(i, 0)), cents) for i, cents in owed.items()],
    )


def _stop(ctx: Context, tx: Tenant, deposit_ids: Sequence[int]) -> None:
    """What has not been passed on is stopped; what has left, or may have by now, is told to people."""
    waits = ("payee_details_missing", "payee_details_unusable")
    exceptions.close(tx, waits, "deposit", deposit_ids, "it is owed to no provider any more")
    reason = "the deposit that it passes on is not there any more"
    attempts.stop(tx, [one.id for one in attempts.of_deposits(tx, deposit_ids)], reason, ctx.today())
    gone = [one for one in attempts.of_deposits(tx, deposit_ids) if one.state in {"IN_FILE", *OUT}]
    exceptions.open_all(tx, [_gone(one) for one in gone])


def _gone(one: Attempt) -> Raise:
    reason = (
        f"payment {one.id} has passed the deposit on, and it is not there any more: the provider has what is not his;"
        " should the payer pay anew, it counts for that"
    )
    return Raise("taken_back_after_disbursement", "deposit", one.deposit_id or 0, reason, money_cents=one.amount_cents)
