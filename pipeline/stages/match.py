"""match: remittances meet claims and deposits.

First each remittance of the file is posted against its claims (see `posting.py`). Then, in a transaction of its own
so that it sees what others posted meanwhile, deposits and remittances of equal trace, payer and amount are married,
whichever came first. Nothing is paid out on a remittance before that.
"""

from collections.abc import Sequence
from datetime import date

from pipeline.domain.ledger import NewJournal, deposited
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.stages.posting import post_remittance
from pipeline.store import deposits, exceptions, ledger, remittances, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.deposits import Pair
from pipeline.store.exceptions import Raise


def match(ctx: Context, org_id: int, inbound_file_id: int) -> None:
    """Posts and marries everything of one inbound file; run twice or at once it does nothing more."""
    with ctx.tenant(org_id, "match") as tx:
        if remittances.reversal_is_early(tx, inbound_file_id):
            # Several workers share the files: what a reversal takes back may still be in another's hands.
            work.postpone(tx, "match", inbound_file_id, ctx.limits.retry_base_s)
            return
        received = remittances.in_state(tx, inbound_file_id, "RECEIVED")
    for remittance_id in received:
        post_remittance(ctx, org_id, remittance_id)
    with ctx.tenant(org_id, "match") as tx:
        ledger.lock(tx)
        work.done(tx, "match", [inbound_file_id])
        released = _marry(ctx, tx, inbound_file_id) + _no_money_due(tx, inbound_file_id)
        if released:
            # No bell: the sweep rings once the delay is over, so that matches that come together leave in one file.
            work.put(tx, "release", [org_id], ctx.limits.release_delay_s)


def _no_money_due(tx: Tenant, inbound_file_id: int) -> int:
    """A remittance of zero waits for no deposit."""
    waiting = remittances.in_state(tx, inbound_file_id, "POSTED")
    return len(transitions.move(tx, Kind.REMITTANCE, waiting, "no_money_due", where="AND t.amount_cents = 0"))


def _marry(ctx: Context, tx: Tenant, inbound_file_id: int) -> int:
    found = deposits.same_trace(tx, inbound_file_id)
    pairs = _one_to_one([pair for pair in found if pair.fits])
    moved = deposits.match(tx, pairs)
    today = ctx.today()
    ledger.post(tx, [_deposited(p, today) for p in moved])
    exceptions.open_all(tx, _misfits(found, moved))
    return len(moved)


def _deposited(pair: Pair, today: date) -> NewJournal:
    return deposited(
        pair.deposit_id, pair.deposit_cents, today, pair.deposit_file_id, pair.remittance_id, str(pair.mailbox_id)
    )


def _one_to_one(pairs: Sequence[Pair]) -> list[Pair]:
    """A deposit pays one remittance and a remittance is paid by one deposit: the oldest of each first."""
    deposit_ids: set[int] = set()
    remittance_ids: set[int] = set()
    chosen = []
    for pair in pairs:
        if pair.deposit_id not in deposit_ids and pair.remittance_id not in remittance_ids:
            deposit_ids.add(pair.deposit_id)
            remittance_ids.add(pair.remittance_id)
            chosen.append(pair)
    return chosen


def _misfits(found: Sequence[Pair], moved: Sequence[Pair]) -> list[Raise]:
    """Deposits whose trace is known and that still fit nothing: another amount, or money for the second time."""
    settled = {pair.deposit_id for pair in moved}
    paid = {pair.remittance_id for pair in moved}
    raised = {}
    for pair in found:
        if pair.deposit_id in settled:
            continue
        if pair.deposit_cents != pair.remittance_cents:
            type_, reason = "deposit_amount_differs", "a deposit bears a remittance's trace and another amount"
        elif pair.remittance_state == "MATCHED" or pair.remittance_id in paid:
            type_, reason = "duplicate_deposit", "the remittance of this trace was paid by another deposit already"
        else:
            continue
        raised[pair.deposit_id] = Raise(type_, "deposit", pair.deposit_id, reason, money_cents=pair.deposit_cents)
    return list(raised.values())
