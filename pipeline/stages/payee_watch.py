"""What becomes of payees by the mere passing of time: accounts are tried out, prenotes pass, holds on changes end."""

from pipeline.stages import prenoting
from pipeline.stages.context import Context
from pipeline.store import prenotes, work


def look(ctx: Context, org_id: int) -> None:
    """Proposes prenotes that are wanted, moves those along that came through, and asks for a release where one may pay now.

    In a transaction of its own: the money lock is taken before any row.
    """
    now = ctx.clock.now()
    with ctx.tenant(org_id, "watch") as tx:
        proposed = prenoting.propose(ctx, tx)
        passed = prenotes.passed(tx, ctx.today(), now)
        may_pay = bool(proposed or passed) or prenotes.waited_out(tx, now)
        if may_pay:
            work.put(tx, "release", [org_id], 0)
    if may_pay:
        ctx.ring("release", org_id, [org_id])
