"""What the bank says of our files, file by file: to whom in these rooms it goes. Deposits told with them go to `deposits.py`.

`bank_acknowledgments.py` has its answers to whole files, `bank_returns.py` entries that came back; notifications of change
are told here.
"""

import structlog

from edi.findings import Finding, Place, Severity
from edi.nacha.acknowledgment import is_acknowledgment
from edi.nacha.file import AchFile, Addenda98
from edi.nacha.reading import read as read_ach
from pipeline.domain.states import Kind
from pipeline.mapping.bank_profiles import reading_profile
from pipeline.mapping.deposits_from_bank import from_ach
from pipeline.stages import bank_acknowledgments, bank_returns, deposits, quarantine, remittance_sets
from pipeline.stages.context import Context
from pipeline.store import exceptions, inbound, ledger, payment_entries, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
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
        _tell_changes(tx, file.id, document.file)
        _tell_refused_changes(tx, file.id, document.file)
        if received:
            work.put(tx, "match", [file.id], ctx.limits.lease_s)
    if received:
        ctx.ring("match", org_id, [file.id])


# -- notifications of change ------------------------------------------------------------------------------------------
def _tell_changes(tx: Tenant, inbound_file_id: int, ach: AchFile) -> None:
    """Notifications of change: the payment stands, its details want changing; nothing is changed by itself."""
    told = [one for one in _changes(ach) if not one.refused_change_code]
    if not told:
        return
    entries = payment_entries.by_trace(tx, [one.original_trace for one in told])
    raised = []
    for one in told:
        entry = entries.get(one.original_trace)
        if entry is None:
            reason = f"notification of change {one.change_code} about an entry that is not ours"
            raised.append(Raise("unknown_return", "inbound", inbound_file_id, reason))
            continue
        reason = f"the receiving bank asks to change the payee's details: {one.change_code}; the payment stands"
        found = {"code": one.change_code, "message": "corrected data", "value": one.corrected.strip()}
        raised.append(Raise("noc", "payment", entry.payment_id, reason, findings=[found]))
    exceptions.open_all(tx, raised)


def _tell_refused_changes(tx: Tenant, inbound_file_id: int, ach: AchFile) -> None:
    """Our bank did not accept what a notification said: whoever looks into that change should know."""
    refused = [one for one in _changes(ach) if one.refused_change_code]
    entries = payment_entries.by_trace(tx, [one.original_trace for one in refused]) if refused else {}
    raised = []
    for one in refused:
        reason = f"our bank refused ({one.change_code}) the notification of change {one.refused_change_code}"
        if one.original_trace in entries:
            payment_id = entries[one.original_trace].payment_id
            told = f"{reason}: what it said does not hold, nothing is to be changed by it"
            raised.append(Raise("noc_refused", "payment", payment_id, told))
        else:
            told = f"{reason} about an entry that is not ours"
            raised.append(Raise("unknown_return", "inbound", inbound_file_id, told))
    exceptions.open_all(tx, raised)


def _changes(ach: AchFile) -> list[Addenda98]:
    return [entry.change for batch in ach.batches for entry in batch.entries if entry.change is not None]


def _incomplete(lines: int) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="ACH-INCOMPLETE",
        message="the file ends before its control record",
        cure="Ask the bank for the whole file; nothing of this one was applied.",
        place=Place(line=lines),
    )
