"""match: remittances meet claims and deposits.

First each remittance of the file is posted against its claims (see `posting.py`). Then, in a transaction of its own
so that it sees what others posted meanwhile, deposits and remittances meet, whichever came first (see `deposits.py`).
Nothing is paid out on a remittance before that.
"""

from pipeline.domain.states import Kind
from pipeline.stages import deposits
from pipeline.stages.context import Context
from pipeline.stages.posting import post_remittance
from pipeline.store import ledger, remittances, transitions, work
from pipeline.store.database import Tenant

_A_MOMENT_S = 0.5
"""In which another worker posts a file."""


def match(ctx: Context, org_id: int, inbound_file_id: int) -> None:
    """Posts and marries everything of one inbound file; run twice or at once it does nothing more."""
    with ctx.tenant(org_id, "match") as tx:
        if remittances.reversal_is_early(tx, inbound_file_id):
            # Several workers share the files: what a reversal takes back may still be in another's hands.
            work.postpone(tx, "match", inbound_file_id, min(_A_MOMENT_S, ctx.limits.retry_base_s))
            return
        received = remittances.in_state(tx, inbound_file_id, "RECEIVED")
    for remittance_id in received:
        post_remittance(ctx, org_id, remittance_id)
    with ctx.tenant(org_id, "match") as tx:
        ledger.lock(tx)
        work.done(tx, "match", [inbound_file_id])
        released = deposits.reassociate(ctx, tx, inbound_file_id) + _no_money_due(tx, inbound_file_id)
        if released:
            # No bell: the sweep rings once the delay is over, so that matches that come together leave in one file.
            work.put(tx, "release", [org_id], ctx.limits.release_delay_s)


def _no_money_due(tx: Tenant, inbound_file_id: int) -> int:
    """A remittance of zero waits for no deposit."""
    waiting = remittances.in_state(tx, inbound_file_id, "POSTED")
    return len(transitions.move(tx, Kind.REMITTANCE, waiting, "no_money_due", where="AND t.amount_cents = 0"))
