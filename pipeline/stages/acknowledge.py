"""acknowledge: what the clearinghouse, the payers and the bank say of what we sent. Each answer counts once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from edi.findings import Finding, Place, Severity
from edi.x12.guides import guide_of
from edi.x12.sets import t271, t277, t277ca, t999
from edi.x12.sets.t271 import EligibilityResponse
from edi.x12.sets.t277 import StatusResponse
from edi.x12.sets.t277ca.values import ClaimStatus, ProviderStatus, Status, StatusReport
from edi.x12.sets.t999.values import Acknowledgment
from edi.x12.syntax.document import Document, TransactionSet
from edi.x12.syntax.reader import read
from edi.x12.syntax.ta1 import Ta1
from pipeline.domain import answering
from pipeline.domain.forms import CLAIM_KINDS, stored_claim
from pipeline.domain.provider import BillingProviderFacts
from pipeline.stages import (
    apart,
    bank_answers,
    chasing,
    coverage,
    coverage_answers,
    quarantine,
    status_answers,
    text_reports,
    verdicts,
)
from pipeline.stages.apart import Rejection
from pipeline.stages.context import Context
from pipeline.stages.providers import providers_on
from pipeline.stages.verdicts import Verdicts
from pipeline.store import answers, claims, exceptions, files, inbound, rejections, work
from pipeline.store.answers import Answered, Said
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import NOT_LEFT, OutboundFile
from pipeline.store.inbound import InboundFile


def acknowledge(ctx: Context, org_id: int, inbound_file_id: int) -> None:
    """Applies a TA1, 999, 277CA, 277, text report, bank acknowledgment or return file, whole and once."""
    with ctx.tenant(org_id, "acknowledge") as tx:
        file = inbound.get(tx, inbound_file_id, lock=True)
        if file is None:
            return
        file = replace(file, applied_at=ctx.clock.now())
        of_the_bank = file.kind.startswith(("nacha:", "bank:"))
        lots: list[int] = []
        if file.state == "RECEIVED" and file.kind.startswith("text:"):
            text_reports.apply(ctx, tx, file)
        elif file.state == "RECEIVED" and not of_the_bank:
            lots = _apply(ctx, tx, file)
        work.done(tx, "acknowledge", [] if of_the_bank else [inbound_file_id])
    if lots:
        ctx.ring("bundle", org_id, lots)
    if of_the_bank:
        bank_answers.apply(ctx, org_id, inbound_file_id)


def _apply(ctx: Context, tx: Tenant, file: InboundFile) -> list[int]:
    """Applies the file or sets it aside; gives the lots with claims that go again."""
    document = read(file.content)
    sets, broken = _read_sets(document)
    broken = quarantine.errors(document.findings) + broken
    if not broken and not document.complete:
        broken = [_finding("X12-INCOMPLETE", "the file ends before its interchange does", Place())]
    if broken:
        # An answer that is damaged anywhere is applied nowhere: the sender's next copy, or a person, closes this.
        quarantine.set_aside(tx, file.id, broken)
        return []
    lots: list[int] = []
    for interchange in document.interchanges:
        for ta1 in interchange.ta1s:
            _interchange_answered(ctx, tx, file, ta1)
    for one in sets:
        if isinstance(one, Acknowledgment):
            lots += _group_answered(ctx, tx, file, one)
        elif isinstance(one, str):
            exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, one)])
    # A 277CA has a set for each of ours: they are applied together, or one file would cost hundreds of statements.
    _claims_answered(ctx, tx, file, [one for one in sets if isinstance(one, StatusReport)])
    status_answers.apply(ctx, tx, file, [one for one in sets if isinstance(one, StatusResponse)])
    if coverages := [one for one in sets if isinstance(one, EligibilityResponse)]:
        coverage_answers.responses(ctx, tx, file, coverages)
    inbound.applied(tx, file.id)
    return lots


_Answer = Acknowledgment | StatusReport | StatusResponse | EligibilityResponse | str


def _read_sets(document: Document) -> tuple[list[_Answer], list[Finding]]:
    """Every set of the file, a text for one that is no answer, and all that keeps the file from being applied."""
    values: list[_Answer] = []
    broken: list[Finding] = []
    for interchange in document.interchanges:
        for group, ts in ((g, ts) for g in interchange.groups for ts in g.sets):
            if ts.set_id in {"999", "997"}:
                acknowledgment, findings = t999.read_set(ts)
                broken += _unusable(acknowledgment, findings, ts)
                values.append(acknowledgment)
            elif ts.set_id == "277" and _answers_inquiries(ts):
                response, findings = t277.read_set(ts)
                broken += _unusable_response(response, findings, ts)
                values.append(response)
            elif ts.set_id == "277":
                report, findings = t277ca.read_set(ts)
                broken += _unusable_report(report, findings, ts)
                values.append(report)
            elif ts.set_id == "271":
                coverages, findings = t271.read_set(ts)
                broken += _unusable_coverage(coverages, findings, ts)
                values.append(coverages)
            else:
                where = f"interchange {interchange.control_number}, group {group.control_number}"
                values.append(f"{where}: a {ts.set_id} set is no answer we know; ask the partner what it is")
    return values, broken


def _unusable(value: Acknowledgment, findings: Sequence[Finding], ts: TransactionSet) -> list[Finding]:
    """Without a group, or without a verdict on it or on a set, a 999 says nothing that could be relied on."""
    if value.group_control and value.code and all(one.code for one in value.sets):
        return []
    return quarantine.errors(findings) or [_finding("X999-VERDICT", "a verdict is missing", ts.place(1))]


def _unusable_report(value: StatusReport, findings: Sequence[Finding], ts: TransactionSet) -> list[Finding]:
    """A status that cannot be read, or a claim without a verdict at any level, must not pass for an acceptance."""
    unread = [f for f in quarantine.errors(findings) if f.place.segment == "STC"]
    silent = [
        _finding("X277-NO-STATUS", "a claim without a status that says yes or no", ts.place(claim.segment_number or 1))
        for provider in value.providers
        for claim in provider.patients
        if value.verdict_on(provider, claim) is None
    ]
    return unread + silent


def _answers_inquiries(ts: TransactionSet) -> bool:
    """Whether a 277 answers a 276: both guides may stand in one file, and ST01 is the same."""
    guide = guide_of(ts.set_id, ts.version)
    return guide is not None and guide.name == "277"


def _unusable_response(value: StatusResponse, findings: Sequence[Finding], ts: TransactionSet) -> list[Finding]:
    """A status that cannot be read, or a claim without one, must not pass for an answer."""
    unread = [f for f in quarantine.errors(findings) if f.place.segment == "STC"]
    silent = [
        _finding("X277-NO-STATUS", "a claim without a status", ts.place(claim.segment_number or 1))
        for claim in value.claims
        if not status_answers.statuses(claim)
    ]
    return unread + silent


def _unusable_coverage(response: EligibilityResponse, findings: Sequence[Finding], ts: TransactionSet) -> list[Finding]:
    """Benefits that cannot be read whole must not pass for all that the payer said."""
    if coverage_answers.unusable(response):
        return [_finding("X271-VALUE", "a value that is none", ts.place(1))]
    return quarantine.errors(findings)


def _finding(code: str, message: str, place: Place) -> Finding:
    cure = "Ask the partner for the whole file; nothing of this one was applied."
    return Finding(severity=Severity.ERROR, code=code, message=message, cure=cure, place=place)


# -- TA1 and 999: of interchanges, groups and sets --------------------------------------------------------------------
def _interchange_answered(ctx: Context, tx: Tenant, file: InboundFile, ta1: Ta1) -> None:
    sent = _sent(tx, file, ta1.control_number, "TA1")
    if sent is None:
        return
    if not ta1.rejected:
        verdicts.file_answered(ctx, tx, sent, "sent", file)
        return
    verdicts.file_answered(ctx, tx, sent, "rejected", file)
    refused = f"TA1 {ta1.code} note {ta1.note}: the whole interchange was refused"
    _refuse(ctx, tx, file, sent, refused)


def _refuse(ctx: Context, tx: Tenant, file: InboundFile, sent: OutboundFile, reason: str) -> None:
    """What becomes of a file that was refused whole: its claims are held, its questions fail; at an 835 a person looks."""
    if sent.kind == chasing.KIND:
        chasing.refused(tx, sent.id, file.id, reason)
    elif sent.kind == coverage.KIND:
        coverage_answers.refused(ctx, tx, file, sent, reason)
    elif sent.kind == "835":
        exceptions.open_all(
            tx, [Raise("file_rejected", "file", sent.id, f"{reason}; nobody has the 835 beside a payment")]
        )
    else:
        apart.file_refused(Rejection(ctx, tx, file, sent), reason)


def _group_answered(ctx: Context, tx: Tenant, file: InboundFile, answer: Acknowledgment) -> list[int]:
    sent = _sent(tx, file, answer.group_control, "999")
    if sent is None:
        return []
    known = answers.note_sets(tx, sent.id, {s.control_number: s.code for s in answer.sets})
    if known < len(answer.sets):
        reason = f"999 answers {len(answer.sets) - known} sets that file {sent.control_number} does not have"
        exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])
    group = answering.of_group(answer.code, [one.accepted for one in answer.sets])
    if group.event is not None:
        verdicts.file_answered(ctx, tx, sent, group.event, file)
    if group.event == "accepted":
        accepted = [s.control_number for s in answer.sets if s.accepted] or None
        verdicts.say(tx, "set_accepted", [Said(a) for a in answers.in_sets(tx, sent.id, accepted)], file)
    rejected = [one for one in answer.sets if not one.accepted]
    if sent.kind == coverage.KIND:
        if group.refused or rejected:
            reason = " ".join(["999 AK9", answer.code, *answer.reasons])
            refused = [one.control_number for one in rejected] or None
            coverage_answers.refused(ctx, tx, file, sent, reason, refused)
        return []
    where = Rejection(ctx, tx, file, sent)
    if group.refused and not _set_by_set(tx, sent, answer, len(rejected)):
        _refuse(
            ctx, tx, file, sent, " ".join(["999 AK9", answer.code, *answer.reasons]) + ": the whole group was refused"
        )
        return []
    if rejected and sent.kind == chasing.KIND:
        lost = [one.control_number for one in rejected]
        chasing.refused(tx, sent.id, file.id, f"999 set {lost[0]} {rejected[0].code}: a set was rejected", lost)
        return []
    if rejected and sent.kind == "835":
        _refuse(ctx, tx, file, sent, f"999 set {rejected[0].control_number} {rejected[0].code}: the set was rejected")
        return []
    return apart.sets_rejected(where, rejected)


def _set_by_set(tx: Tenant, sent: OutboundFile, answer: Acknowledgment, rejected: int) -> bool:
    return answering.set_by_set(
        reasons=bool(answer.reasons),
        answered=len(answer.sets),
        rejected=rejected,
        sent=rejections.tally(tx, sent.id).sent,
    )


def _sent(tx: Tenant, file: InboundFile, control_number: str, what: str) -> OutboundFile | None:
    """The file that is answered; None, and an exception, for one that never left."""
    number = int(control_number) if control_number.isascii() and control_number.isdigit() else -1
    sent = answers.file_numbered(tx, file.mailbox_id, (*CLAIM_KINDS, chasing.KIND, coverage.KIND, "835"), number)
    if sent is None or sent.state in NOT_LEFT:
        reason = f"{what} answers number {number}, which we never sent"
        exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])
        return None
    return sent


# -- 277CA: of claims -------------------------------------------------------------------------------------------------
def _claims_answered(ctx: Context, tx: Tenant, file: InboundFile, reports: Sequence[StatusReport]) -> None:
    sides = {"clearinghouse": Verdicts(), "payer": Verdicts()}
    missing = 0
    for sent, of_file in _by_file(tx, file, reports):
        if sent is not None:
            files.note_answered(tx, sent.id)  # also where none of its claims moves
        numbers = [c.patient_control_number for r, _ in of_file for p in r.providers for c in p.patients]
        found = answers.of_claims(tx, numbers, sent.id if sent else None)
        missing += len([number for number in numbers if number not in found])
        for report, control in of_file:
            into = sides[report.by]
            listed = _sort(report, found, into)
            into.rejected += _unlisted(ctx, tx, file, report, sent, control, listed)
    if missing:
        exceptions.open_all(
            tx, [Raise("unmatched_status", "inbound", file.id, f"{missing} claims of a 277CA are not known here")]
        )
    for by, verdict in sides.items():
        verdicts.claims_judged(ctx, tx, file, by, verdict)


def _by_file(
    tx: Tenant, file: InboundFile, reports: Sequence[StatusReport]
) -> Iterator[tuple[OutboundFile | None, list[tuple[StatusReport, str]]]]:
    """Each file of ours that is answered, with the reports on it and the set whose BHT03 each echoes (2200B TRN02).

    We write BHT03 as ISA13-ST02; None stands for a report that echoes nothing of ours.
    """
    grouped: dict[str, list[tuple[StatusReport, str]]] = {}
    for report in reports:
        interchange, _, control = (report.batch_reference or "").partition("-")
        ours = interchange.isascii() and interchange.isdigit() and len(interchange) == 9
        grouped.setdefault(interchange if ours else "", []).append((report, control if ours else ""))
    for interchange, of_file in grouped.items():
        yield (
            answers.file_numbered(tx, file.mailbox_id, CLAIM_KINDS, int(interchange)) if interchange else None,
            of_file,
        )


def _sort(report: StatusReport, found: dict[str, Answered], into: Verdicts) -> set[str]:
    """Sorts the claims that a report lists; a rejection above a claim covers it. Gives their numbers."""
    listed: set[str] = set()
    for provider in report.providers:
        above = _above(report, provider)
        for claim in provider.patients:
            answered = found.get(claim.patient_control_number)
            if answered is None:
                continue
            listed.add(answered.clm01)
            said = Said(answered, claim.clearinghouse_id, claim.payer_control_number, _codes(above, claim))
            verdict = report.verdict_on(provider, claim)
            if verdict is not None:  # else the file was set aside
                into.of(verdict).append(said)
            if claim.contradicts_itself:
                into.doubtful.append(said)
    return listed


def _unlisted(
    ctx: Context,
    tx: Tenant,
    file: InboundFile,
    report: StatusReport,
    sent: OutboundFile | None,
    control: str,
    listed: set[str],
) -> list[Said]:
    """A rejection of a batch (HL 21) or a provider (HL 19) covers all its claims, also those that are not listed."""
    refused = [p for p in report.providers if p.rejected]
    if not report.rejected and not refused:
        return []
    if sent is None:
        if not listed:
            reason = (
                "a 277CA rejects a batch or a provider, and echoes no reference (BHT03) of ours; ask the sender which"
            )
            exceptions.open_all(tx, [Raise("unmatched_status", "inbound", file.id, reason)])
        return []
    others = [a for a in answers.in_sets(tx, sent.id, [control] if control else None) if a.clm01 not in listed]
    if report.rejected:
        return [Said(a, status_codes=_text(report.batch_statuses)) for a in others]
    billed_by = _billing_providers(ctx, tx, others)
    return [
        Said(a, status_codes=_text(p.statuses))
        for p in refused
        for a in others
        if (p.npi or p.tax_id) and (p.npi or p.tax_id) in billed_by[a.claim_id]
    ]


def _billing_providers(ctx: Context, tx: Tenant, answered: Sequence[Answered]) -> dict[int, set[str]]:
    """NPI and tax id of each claim's billing provider."""
    providers = providers_on(tx, ctx.today())
    found: dict[int, set[str]] = {}
    for claim_id, document in claims.by_id(tx, [a.claim_id for a in answered]).items():
        npi = stored_claim(document.document).billing_provider_npi
        facts = providers.of(npi)
        found[claim_id] = {facts.npi, facts.tax_id} if isinstance(facts, BillingProviderFacts) else {npi or ""}
    return found


def _above(report: StatusReport, provider: ProviderStatus) -> list[Status]:
    """What rejects all of the provider's claims here."""
    return [*(report.batch_statuses if report.rejected else []), *(provider.statuses if provider.rejected else [])]


def _codes(above: list[Status], claim: ClaimStatus) -> str:
    lines = [status for line in claim.rejected_lines for status in line.statuses]
    return _text([*above, *claim.statuses, *lines])


def _text(statuses: list[Status]) -> str:
    """Category:status:entity of each, such as "A7:562:85"."""
    pairs = (":".join(filter(None, (s.category, s.code, s.entity))) for s in statuses)
    return " ".join(dict.fromkeys(pairs))
