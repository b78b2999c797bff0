"""What the bank says of our files: its answer to them, and entries that came back. Deposits told with them go to `deposits.py`.

An answer belongs to the file whose origin, creation minute and modifier it names, and counts only if the bank's four
totals are ours. A return belongs to the entry whose trace it names, and counts only if the amount is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from edi.findings import Finding, Place, Severity
from edi.nacha.acknowledgment import BankAcknowledgment, is_acknowledgment, read_acknowledgment
from edi.nacha.file import AchEntry, AchFile
from edi.nacha.reading import read as read_ach
from pipeline.domain.states import Kind
from pipeline.mapping.bank_profiles import reading_profile
from pipeline.mapping.deposits_from_bank import from_ach
from pipeline.stages import deposits, notices, quarantine, remittance_sets
from pipeline.stages.context import Context
from pipeline.store import exceptions, files, inbound, ledger, payment_entries, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.inbound import InboundFile
from pipeline.store.payment_entries import Entry

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
        _apply_acknowledgment(ctx, org_id, file)
    else:
        _apply_ach(ctx, org_id, file)


def _done(tx: Tenant, inbound_file_id: int) -> None:
    for stage in _STAGES:
        work.done(tx, stage, [inbound_file_id])


# -- deposits and returns -------------------------------------------------------------------------------------------
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
        _apply_returns(ctx, tx, file.id, document.file)
        notices.tell(tx, file.id, document.file)
        if received:
            work.put(tx, "match", [file.id], ctx.limits.lease_s)
    if received:
        ctx.ring("match", org_id, [file.id])


@dataclass(frozen=True, slots=True)
class _Returned:
    original_trace: str
    reason: str
    amount_cents: int


def _apply_returns(ctx: Context, tx: Tenant, inbound_file_id: int, ach: AchFile) -> None:
    returned = [found for batch in ach.batches for entry in batch.entries if (found := _returned(entry))]
    if not returned:
        return
    entries = payment_entries.by_trace(tx, [r.original_trace for r in returned])
    ours: list[tuple[_Returned, Entry]] = []
    raised: list[Raise] = []
    for one in returned:
        entry = entries.get(one.original_trace)
        if entry is not None and entry.amount_cents == one.amount_cents:
            ours.append((one, entry))
        else:
            reason = f"return {one.reason} of an entry that is not ours, or not of this amount"
            raised.append(Raise("unknown_return", "inbound", inbound_file_id, reason, money_cents=one.amount_cents))
    exceptions.open_all(tx, raised + _come_back(ctx, tx, inbound_file_id, ours))


def _returned(entry: AchEntry) -> _Returned | None:
    addenda = entry.returned
    return _Returned(addenda.original_trace, addenda.reason, entry.amount_cents) if addenda else None


def _come_back(ctx: Context, tx: Tenant, inbound_file_id: int, ours: Sequence[tuple[_Returned, Entry]]) -> list[Raise]:
    """SENT or ACKNOWLEDGED → RETURNED, the contra in the books. A return proves that the file was sent."""
    today = ctx.today()
    for file_id in sorted({entry.file_id for _, entry in ours}):
        payment_entries.file_sent(tx, file_id, today)
    details = [one.reason for one, _ in ours]
    back = payment_entries.came_back(
        tx, [entry for _, entry in ours], "returned", today, inbound_file_id=inbound_file_id, detail=details
    )
    moved = {entry.payment_id for entry in back}
    return [_told(one, entry, moved=entry.payment_id in moved) for one, entry in ours]


def _told(one: _Returned, entry: Entry, *, moved: bool) -> Raise:
    if moved:
        reason = f"returned by the receiving bank: {one.reason}; the refund is owed again"
        return Raise("return", "payment", entry.payment_id, reason, money_cents=entry.amount_cents)
    reason = f"return {one.reason} of a payment that is not out: it is returned already, or was never sent"
    return Raise("unexpected_return", "payment", entry.payment_id, reason, money_cents=entry.amount_cents)


# -- acknowledgments ------------------------------------------------------------------------------------------------
def _apply_acknowledgment(ctx: Context, org_id: int, file: InboundFile) -> None:
    answer, findings = read_acknowledgment(file.content)
    errors = quarantine.errors(findings)
    with ctx.tenant(org_id, "bank_answers") as tx:
        _done(tx, file.id)
        if answer is None or errors:
            # An answer that we do not understand is no acceptance: the payments stay as they are, a person looks.
            quarantine.set_aside(tx, file.id, errors)
            return
        ledger.lock(tx)
        if not transitions.move(tx, Kind.INBOUND, [file.id], "applied"):
            return
        _apply_answer(ctx, tx, file, answer)


def _apply_answer(ctx: Context, tx: Tenant, file: InboundFile, answer: BankAcknowledgment) -> None:
    found = _answered(tx, file.mailbox_id, answer)
    if found is None:
        reason = f"the bank answers {answer.status} to a file that is not ours"
        exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])
        return
    file_id, sent = found
    differing = answer.disagreements(sent)
    if differing and answer.accepted:
        # Accepted with other totals is not accepted: hold everything.
        exceptions.open_all(
            tx,
            [
                Raise(
                    "answer_disagrees",
                    "file",
                    file_id,
                    quarantine.told(differing),
                    findings=[finding.as_dict() for finding in differing],
                )
            ],
        )
        return
    event = "accepted" if answer.accepted else "rejected"
    moved = transitions.move(
        tx, Kind.FILE, [file_id], event, assign="answered_at = now()", inbound_file_id=file.id,
        detail=answer.reason or None, business_at=ctx.clock.now(),
    )  # fmt: skip
    if not moved:
        reason = f"the bank answers {answer.status} to a file that is not out, or was answered already"
        exceptions.open_all(tx, [Raise("unexpected_answer", "file", file_id, reason)])
        return
    _settle_payments(ctx, tx, file, file_id, sent, answer)


def _answered(tx: Tenant, mailbox_id: int, answer: BankAcknowledgment) -> tuple[int, AchFile] | None:
    """The file that the answer names, as it was sent."""
    for file_id in payment_entries.files_answering_to(tx, mailbox_id, answer.created):
        ach = read_ach(files.content(tx, file_id)).file
        if ach is not None and ach.key == answer.key:
            return file_id, ach
    return None


def _settle_payments(
    ctx: Context, tx: Tenant, file: InboundFile, file_id: int, sent: AchFile, answer: BankAcknowledgment
) -> None:
    """What the file's payments become: an answer proves that it left; refused batches go back to what is owed."""
    today = ctx.today()
    payment_entries.file_sent(tx, file_id, today)
    refused = _refused_traces(sent, answer)
    entries = payment_entries.live_entries(tx, file_id)
    taken = [entry.payment_id for entry in entries if entry.trace not in refused]
    transitions.move(tx, Kind.PAYMENT, taken, "acknowledged", inbound_file_id=file.id, business_at=ctx.clock.now())
    back = payment_entries.came_back(
        tx,
        [entry for entry in entries if entry.trace in refused],
        "bank_rejected",
        today,
        inbound_file_id=file.id,
        detail=answer.reason or None,
    )
    exceptions.open_all(
        tx,
        [
            Raise(
                "bank_rejected",
                "payment",
                entry.payment_id,
                f"refused by the bank: {refused[entry.trace] or 'no reason given'}; it is owed again",
                money_cents=entry.amount_cents,
            )
            for entry in back
        ],
    )


def _refused_traces(sent: AchFile, answer: BankAcknowledgment) -> dict[str, str]:
    """Trace number → the bank's reason, of every entry in what it refused."""
    if answer.rejected:
        return {entry.trace: answer.reason for batch in sent.batches for entry in batch.entries}
    reasons = dict(answer.rejected_batches)
    return {
        entry.trace: reasons[batch.number]
        for batch in sent.batches
        if batch.number in reasons
        for entry in batch.entries
    }


def _incomplete(lines: int) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="ACH-INCOMPLETE",
        message="the file ends before its control record",
        cure="Ask the bank for the whole file; nothing of this one was applied.",
        place=Place(line=lines),
    )
