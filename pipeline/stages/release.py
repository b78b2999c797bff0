"""release: what is owed is proposed and ruled on, and what may go becomes files for the bank.

Refunds arise only from claims that are finally decided and all of whose remittances have met their deposits. One
transaction proposes and builds: a file's exact bytes are stored before anybody can send them, and are read again by the
strict check first.
"""

import structlog

from pipeline.stages import advising, disbursing, filing, paying_invoices, refunding, ruling
from pipeline.stages.context import Context
from pipeline.stages.outside import waits
from pipeline.store import ledger, outside, work

log = structlog.get_logger()


def release(ctx: Context, org_id: int, subject_id: int) -> None:
    """Proposes what became payable and files what is approved; run twice or at once it does nothing more."""
    with ctx.tenant(org_id, "release") as tx:
        # The lock before the row: whoever posts money holds it already when asking for a release.
        ledger.lock(tx)
        # Before anything is read: whoever asks for a release from here on waits for this one and is seen by the next.
        work.done(tx, "release", [subject_id])
        if waits(ctx, tx, "release", subject_id):
            return
        boxes = ruling.banks(tx)
        refunding.propose(ctx, tx, boxes[0] if boxes else None)
        paying_invoices.propose(ctx, tx, boxes[0] if boxes else None)
        disbursing.propose(ctx, tx, boxes)
        outside.tie_payments(tx, ctx.today())
        made = filing.build(ctx, tx, boxes) + advising.make(ctx, tx, boxes)
        work.put(tx, "upload", made, 0)
    if made:
        log.info("payments filed", file_ids=made)
        ctx.ring("upload", org_id, made)
