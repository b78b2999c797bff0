"""Recalling: a claim that need not go any more is taken out before its file leaves.

Between the decision to send a claim again and its file's departure lie minutes, or days while the mailbox waits. A payer
who decides the claim meanwhile, or a partner who says that he has it, makes the further try a duplicate.
"""

from collections.abc import Sequence

from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.store import claims, files, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.files import OutboundFile, Placed


def leave_out(tx: Tenant, file: OutboundFile, placed: Sequence[Placed]) -> list[Placed]:
    """Withdraws what is not wanted any more from a file without bytes; gives the rest."""
    over = [one for one in placed if not one.wanted]
    transitions.move(
        tx,
        Kind.SUBMISSION,
        [one.submission_id for one in over],
        "withdrawn",
        file_id=file.id,
        detail=[f"the claim is {one.claim_state} by now: it does not go again" for one in over],
    )
    return [one for one in placed if one.wanted]


def stands(ctx: Context, tx: Tenant, file: OutboundFile) -> bool:
    """Whether the file may leave as it is; else it is voided unsent, and what is still wanted of it gets another."""
    if files.all_wanted(tx, file.id):
        return True
    rest = leave_out(tx, file, files.placed(tx, file.id))
    transitions.move(
        tx,
        Kind.FILE,
        [file.id],
        "voided",
        detail="claims in it were decided or held before it left; the rest goes anew",
    )
    transitions.move(tx, Kind.SUBMISSION, [one.submission_id for one in rest], "withdrawn", file_id=file.id)
    work.done(tx, "upload", [file.id])
    if rest:
        lot_id, _ = claims.send_on(
            tx, [one.claim_id for one in rest], "unplaced", file_id=file.id, business_at=ctx.clock.now()
        )
        work.put(tx, "bundle", [lot_id], 0)
    return False
