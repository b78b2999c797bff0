"""acknowledge: what the clearinghouse, the payers and the bank say of what we sent. Each answer counts once."""

import structlog

from edi.findings import Severity
from edi.x12.document import Document, Group, Interchange
from edi.x12.reader import read
from edi.x12.sets import t277ca, t999
from edi.x12.sets.acknowledgment import Acknowledgment
from edi.x12.sets.status_report import ClaimStatus, ProviderStatus, Status, StatusReport
from edi.x12.ta1 import Ta1
from pipeline.domain.states import Kind
from pipeline.stages import bank_answers
from pipeline.stages.context import Context
from pipeline.store import answers, exceptions, inbound, transitions, work
from pipeline.store.answers import Answered, Said
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.inbound import InboundFile

log = structlog.get_logger()


def acknowledge(ctx: Context, org_id: int, inbound_file_id: int) -> None:
    """Applies a TA1, 999, 277CA, bank acknowledgment or return file, whole and once."""
    with ctx.tenant(org_id, "acknowledge") as tx:
        file = inbound.get(tx, inbound_file_id, lock=True)
        if file is None:
            return
        if file.state == "RECEIVED" and file.kind.startswith("x12:"):
            _apply(ctx, tx, file)
        work.done(tx, "acknowledge", [inbound_file_id] if file.kind.startswith("x12:") else [])
    if not file.kind.startswith("x12:"):
        bank_answers.apply(ctx, org_id, inbound_file_id)


def _apply(ctx: Context, tx: Tenant, file: InboundFile) -> None:
    document = read(file.content)
    broken = [f for f in document.findings if f.severity is Severity.ERROR]
    if broken:
        # An answer that is damaged anywhere is applied nowhere: the sender's next copy, or a person, closes this.
        reason = f"{broken[0].code} at {broken[0].place}: {broken[0].message}"
        inbound.quarantine(tx, file.id, reason)
        exceptions.open_all(
            tx, [Raise("quarantined", "inbound", file.id, reason, findings=[f.as_dict() for f in broken[:50]])]
        )
        return
    _each(ctx, tx, file, document)
    inbound.applied(tx, file.id)


def _each(ctx: Context, tx: Tenant, file: InboundFile, document: Document) -> None:
    for interchange in document.interchanges:
        for ta1 in interchange.ta1s:
            _interchange_answered(ctx, tx, file, ta1)
        for group, ts in ((g, ts) for g in interchange.groups for ts in g.sets):
            if ts.set_id == "999":
                acknowledgment, _ = t999.read_set(ts)
                _group_answered(ctx, tx, file, acknowledgment)
            elif ts.set_id == "277":
                report, _ = t277ca.read_set(ts)
                _claims_answered(tx, file, report)
            else:
                _unknown_set(tx, file, interchange, group, ts.set_id)


def _unknown_set(tx: Tenant, file: InboundFile, interchange: Interchange, group: Group, set_id: str) -> None:
    reason = f"interchange {interchange.control_number}, group {group.control_number}: a {set_id} set is no answer we know"
    exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])


# -- TA1 and 999: of interchanges, groups and sets --------------------------------------------------------------------
def _interchange_answered(ctx: Context, tx: Tenant, file: InboundFile, ta1: Ta1) -> None:
    sent = _sent(tx, file, ta1.control_number, "TA1")
    if sent is None or ta1.code in {"A", "E"}:
        return
    _file_answered(ctx, tx, sent, "rejected", file)
    _sets_rejected(tx, file, sent, None, f"TA1 {ta1.code} note {ta1.note}: the whole interchange was refused")


def _group_answered(ctx: Context, tx: Tenant, file: InboundFile, answer: Acknowledgment) -> None:
    sent = _sent(tx, file, answer.group_control, "999")
    if sent is None:
        return
    accepted = [s.control_number for s in answer.sets if s.accepted]
    rejected = {s.control_number: s for s in answer.sets if not s.accepted}
    answers.note_sets(tx, sent.id, {s.control_number: s.code for s in answer.sets})
    whole = not answer.sets
    good = answer.code in {"A", "E"}
    if accepted or (whole and good):
        _file_answered(ctx, tx, sent, "accepted", file)
        said = [Said(a) for a in answers.in_sets(tx, sent.id, None if whole else accepted)]
        answers.say(tx, "set_accepted", said, file.id)
    elif not good:
        _file_answered(ctx, tx, sent, "rejected", file)
    if whole and not good:
        _sets_rejected(tx, file, sent, None, f"999 AK9 {answer.code} {' '.join(answer.reasons)}: the whole group")
    for control, one in rejected.items():
        where = "; ".join(f"{e.segment} at {e.number} code {e.code}" for e in one.errors[:5])
        _sets_rejected(tx, file, sent, [control], f"999 set {control} {one.code} {' '.join(one.reasons)}: {where}")


def _sent(tx: Tenant, file: InboundFile, control_number: str, what: str) -> OutboundFile | None:
    number = int(control_number) if control_number.isdigit() else -1
    sent = answers.file_numbered(tx, file.mailbox_id, "837P", number)
    if sent is None:
        exceptions.open_all(
            tx, [Raise("unknown_answer", "inbound", file.id, f"{what} answers number {number}, which we never sent")]
        )
    return sent


def _file_answered(ctx: Context, tx: Tenant, sent: OutboundFile, event: str, file: InboundFile) -> None:
    moved = transitions.move(
        tx,
        Kind.FILE,
        [sent.id],
        event,
        assign="answered_at = now()",
        inbound_file_id=file.id,
        business_at=ctx.clock.now(),
    )
    if moved:
        work.done(tx, "upload", moved)
        exceptions.close(tx, "upload_unknown", "file", moved, "the partner answered it")


def _sets_rejected(
    tx: Tenant, file: InboundFile, sent: OutboundFile, controls: list[str] | None, reason: str
) -> None:
    said = [Said(a, status_codes=reason[:60]) for a in answers.in_sets(tx, sent.id, controls)]
    moved = answers.say(tx, "set_rejected", said, file.id)
    transitions.move(tx, Kind.CLAIM, [a.claim_id for a in moved], "rejected", inbound_file_id=file.id, detail=reason[:200])
    if moved:
        exceptions.open_all(
            tx,
            [
                Raise("set_rejected", "claim", a.claim_id, reason, money_cents=a.charge_cents)
                for a in moved
            ],
        )


# -- 277CA: of claims -------------------------------------------------------------------------------------------------
def _claims_answered(tx: Tenant, file: InboundFile, report: StatusReport) -> None:
    by = "payer" if report.source.kind == "PR" else "clearinghouse"
    listed = [(p, c) for p in report.providers for c in p.patients]
    found = answers.of_claims(tx, [c.patient_control_number for _, c in listed])
    accepted: list[Said] = []
    rejected: list[Said] = []
    for provider, claim in listed:
        answered = found.get(claim.patient_control_number)
        if answered is None:
            log.warning("status for a claim that is not ours", inbound_file_id=file.id)
            continue
        bad = report.rejected or provider.rejected or claim.rejected
        said = Said(answered, claim.clearinghouse_id, claim.payer_control_number, _codes(report, provider, claim))
        (rejected if bad else accepted).append(said)
    if report.rejected and not listed:
        rejected = _whole_batch(tx, file, report)
    if missing := len(listed) - len(accepted) - len(rejected):
        exceptions.open_all(
            tx, [Raise("unmatched_status", "inbound", file.id, f"{missing} claims of a 277CA are not known here")]
        )
    answers.say(tx, f"{by}_accepted", accepted, file.id)
    moved = answers.say(tx, f"{by}_rejected", rejected, file.id)
    _rejected(tx, file, by, {s.answered.claim_id: s for s in rejected}, moved)


def _whole_batch(tx: Tenant, file: InboundFile, report: StatusReport) -> list[Said]:
    """A rejection at the receiver level that lists no claim covers the set whose BHT03 it echoes."""
    interchange, _, control = (report.batch_reference or "").partition("-")
    sent = answers.file_numbered(tx, file.mailbox_id, "837P", int(interchange)) if interchange.isdigit() else None
    if sent is None:
        return []
    codes = _text(report.batch_statuses)
    return [Said(a, status_codes=codes) for a in answers.in_sets(tx, sent.id, [control] if control else None)]


def _codes(report: StatusReport, provider: ProviderStatus, claim: ClaimStatus) -> str:
    lines = [status for line in claim.lines if line.rejected for status in line.statuses]
    higher = [*(report.batch_statuses if report.rejected else []), *(provider.statuses if provider.rejected else [])]
    return _text([*higher, *claim.statuses, *lines])


def _text(statuses: list[Status]) -> str:
    """Category:status:entity of each, such as "A7:562:85"."""
    pairs = (":".join(filter(None, (s.category, s.code, s.entity))) for s in statuses)
    return " ".join(dict.fromkeys(pairs))


def _rejected(tx: Tenant, file: InboundFile, by: str, said: dict[int, Said], moved: list[Answered]) -> None:
    for answered in moved:
        codes = said[answered.claim_id].status_codes
        transitions.move(tx, Kind.CLAIM, [answered.claim_id], "rejected", inbound_file_id=file.id, detail=codes)
    exceptions.open_all(
        tx,
        [
            Raise(
                "claim_rejected",
                "claim",
                answered.claim_id,
                f"rejected by the {by}: {said[answered.claim_id].status_codes}; correct the claim and send it again",
                money_cents=answered.charge_cents,
            )
            for answered in moved
        ],
    )
