"""What the bank says of our files, file by file: to whom in these rooms it goes. Deposits told with them go to `deposits.py`.

`bank_acknowledgments.py` has its answers to whole files, `bank_returns.py` entries that came back; notifications of change
are told here.
"""

import structlog

from edi.findings import Finding, Place, Severity
from edi.nacha.acknowledgment import is_acknowledgment
from edi.nacha.reading import read as read_ach
from pipeline.domain.states import Kind
from pipeline.mapping.bank_profiles import reading_profile
from pipeline.mapping.deposits_from_bank import from_ach
from pipeline.stages import bank_acknowledgments, bank_returns, deposits, notices, quarantine, remittance_sets
from pipeline.stages.context import Context
from pipeline.store import inbound, ledger, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.inbound import InboundFile

log = structlog.get_logger()
_STAGES = ("acknowledge", "ingest")


def apply(ctx: Context, org_id: int, inbound_file_id: int) -> None:
    """Applies one file from the bank; run twice or at once it applies nothing more."""
    with ctx.tenant(org_id, "bank_answers") as tx:
        file = inbound.get(tx, inbound_file_id)
        if file is None or file.state != "RECEIVED":
            _done(tx, inbound_file_id)
            return
    if file.kind == "bai2":
        deposits.apply_report(ctx, org_id, file)
    elif is_acknowledgment(file.content):
        with ctx.tenant(org_id, "bank_answers") as tx:
            _done(tx, file.id)
            bank_acknowledgments.apply(ctx, tx, file)
    else:
        _apply_ach(ctx, org_id, file)


def _done(tx: Tenant, inbound_file_id: int) -> None:
    for stage in _STAGES:
        work.done(tx, stage, [inbound_file_id])


def _apply_ach(ctx: Context, org_id: int, file: InboundFile) -> None:
    with ctx.tenant(org_id, "bank_answers") as tx:
        profile = reading_profile(tenants.mailbox(tx, file.mailbox_id).profile)
    document = read_ach(file.content, profile)
    errors = quarantine.errors(document.findings)
    if deviations := sorted({finding.deviation for finding in document.findings if finding.deviation}):
        log.info("bank's file deviates from the rules", inbound_file_id=file.id, deviations=deviations)
    with ctx.tenant(org_id, "bank_answers") as tx:
        _done(tx, file.id)
        if errors or document.file is None or not document.complete:
            quarantine.set_aside(tx, file.id, errors or [_incomplete(document.lines)])
            return
        ledger.lock(tx)
        if not transitions.move(tx, Kind.INBOUND, [file.id], "applied"):
            return
        received = deposits.record(ctx, tx, file, from_ach(document.file))
        received += remittance_sets.record_addenda(tx, file, document.file)
        bank_returns.apply(ctx, tx, file.id, document.file)
        notices.tell(tx, file.id, document.file)
        if received:
            work.put(tx, "match", [file.id], ctx.limits.lease_s)
    if received:
        ctx.ring("match", org_id, [file.id])


def _incomplete(lines: int) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="ACH-INCOMPLETE",
        message="the file ends before its control record",
        cure="Ask the bank for the whole file; nothing of this one was applied.",
        place=Place(line=lines),
    )
