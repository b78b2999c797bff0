"""What becomes of payees by the mere passing of time: accounts are tried out, prenotes pass, holds on changes end."""

from pipeline.stages import prenoting
from pipeline.stages.context import Context
from pipeline.store import prenotes, work
from pipeline.store.database import Tenant


def look(ctx: Context, tx: Tenant) -> None:
    """Proposes prenotes that are wanted, moves those along that came through, and asks for a release where one may pay now."""
    now = ctx.clock.now()
    proposed = prenoting.propose(ctx, tx)
    passed = prenotes.passed(tx, ctx.today(), now)
    if proposed or passed or prenotes.waited_out(tx, now):
        work.put(tx, "release", [tx.org_id], 0)
