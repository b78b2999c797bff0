"""Fan-out: what is ready goes into lots, and each lot sets out on its chain."""

from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.store import claims, transitions, work


def take(ctx: Context, org_id: int, _subject: int) -> None:
    """Puts waiting claims of the tenant into lots, some lots a turn. The subject is the tenant itself.

    Whoever has more than a turn's lots joins the queue again behind the tenants that came meanwhile.
    """
    for _ in range(ctx.limits.lots_a_turn):
        if not _take_one(ctx, org_id):
            return
    with ctx.tenant(org_id, "take") as tx:
        work.put(tx, "take", [org_id], 0)
    ctx.ring("take", org_id, [org_id])


def _take_one(ctx: Context, org_id: int) -> bool:
    with ctx.tenant(org_id, "take") as tx:
        # Intake writes this row too, in its own transaction: holding it means that no claim is overlooked below.
        if not work.lock(tx, "take", org_id):
            return False
        transitions.move(tx, Kind.CLAIM, claims.asked_to_be_ready(tx), "readied")
        lot = claims.take_lot(tx, ctx.limits.lot_size)
        if lot is None:
            # A claim that another transaction holds just now is passed over above: then the row stays for the sweep.
            if not claims.somebody_waits(tx):
                work.done(tx, "take", [org_id])
            return False
        lot_id, _ = lot
        work.put(tx, "validate", [lot_id], ctx.limits.lease_s)
    ctx.ring("validate", org_id, [lot_id])
    return True
