"""ingest: what payers say that they pay (835, 820) and what the bank received (CCD+, CTX), recorded once; the books come in
`match`.

A file is applied whole or set aside whole. Each set becomes one remittance (see `remittance_sets.py`).
"""

from edi.x12.syntax.reader import read
from pipeline.domain.states import Kind
from pipeline.stages import bank_answers, quarantine
from pipeline.stages.context import Context
from pipeline.stages.remittance_sets import read_sets, record
from pipeline.store import inbound, ledger, tenants, transitions, work


def ingest(ctx: Context, org_id: int, inbound_file_id: int) -> None:
    """Takes in one file of kind x12:835, x12:820, nacha or bai2; run twice or at once it takes in nothing more."""
    with ctx.tenant(org_id, "ingest") as tx:
        file = inbound.get(tx, inbound_file_id)
        if file is None or file.state != "RECEIVED":
            work.done(tx, "ingest", [inbound_file_id])
            return
        mode = str(tenants.mailbox(tx, file.mailbox_id).mode)
    if not file.kind.startswith("x12"):
        bank_answers.apply(ctx, org_id, inbound_file_id)
        return
    reading = read_sets(read(file.content), mode)
    with ctx.tenant(org_id, "ingest") as tx:
        work.done(tx, "ingest", [inbound_file_id])
        if reading.errors:
            quarantine.set_aside(tx, inbound_file_id, reading.errors)
            return
        ledger.lock(tx)
        if not transitions.move(tx, Kind.INBOUND, [inbound_file_id], "applied"):
            return
        record(tx, inbound_file_id, reading)
        work.put(tx, "match", [inbound_file_id], ctx.limits.lease_s)
    ctx.ring("match", org_id, [inbound_file_id])
