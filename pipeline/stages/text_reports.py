"""Office Ally's text reports, put into effect as the X12 answers are that say the same.

A File Summary is the clearinghouse's word: on the upload (it came in, or nothing was made of it) and on each claim. An EDI
Status is the payers'. Neither names our control numbers: the upload is known by its name, a claim by its CLM01, and which
try of it by the file, else by the clearinghouse's own number, else it is the latest that left.
"""

import re
from collections.abc import Iterable, Sequence

from edi.findings import Finding, Place, Severity
from edi.officeally import (
    FILE_SUMMARY,
    EdiStatus,
    FileSummary,
    StatusRow,
    promised,
    read_edi_status,
    read_file_summary,
)
from pipeline.domain.states import Kind
from pipeline.stages import quarantine, verdicts
from pipeline.stages.apart import Rejection, file_refused
from pipeline.stages.context import Context
from pipeline.stages.verdicts import Verdicts
from pipeline.store import answers, exceptions, files, inbound, transitions
from pipeline.store.answers import Answered, Reported, Said
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.inbound import InboundFile

_STATUS_CODE = re.compile(r"\b[A-Z]\d{1,2}:\d{1,3}(?::[A-Z0-9]{2,3})?\b")
"""Category:status:entity, where a payer's text quotes them: codes of the standard, so they may stand in clear."""
_UNCODED = "no code is told, see the report"


def apply(ctx: Context, tx: Tenant, file: InboundFile) -> None:
    """Applies one report, whole or, when any row of it cannot be read, not at all."""
    if file.kind == FILE_SUMMARY:
        summary, findings = read_file_summary(file.content)
    else:
        status, findings = read_edi_status(file.content)
    if broken := quarantine.errors(findings):
        quarantine.set_aside(tx, file.id, broken)
        return
    if file.kind == FILE_SUMMARY:
        _file_summary(ctx, tx, file, summary)
    else:
        _edi_status(ctx, tx, file, status)
    inbound.applied(tx, file.id)


# -- File Summary: the clearinghouse, of an upload and its claims ---------------------------------------------------------
def _file_summary(ctx: Context, tx: Tenant, file: InboundFile, report: FileSummary) -> None:
    sent = answers.file_named(tx, file.mailbox_id, report.names)
    if report.failed or (sent is not None and sent.state in files.NOT_LEFT):
        _of_the_upload(ctx, tx, file, report, sent)
        return
    found = answers.reported(
        tx,
        file.mailbox_id,
        [Reported(row.account, row.clearinghouse_id) for row in report.rows],
        sent.id if sent else None,
    )
    about = [sent] if sent is not None else _files_of(tx, found)
    event = "sent" if all(row.pending for row in report.rows) else "accepted"
    _arrived(ctx, tx, file, about, event, _file_id(file, report))
    judged = Verdicts()
    pending: list[Said] = []
    for row, answered in zip(report.rows, found, strict=True):
        if answered is None:
            continue
        said = Said(answered, clearinghouse_id=row.clearinghouse_id)
        if row.pending:
            pending.append(said)
        elif row.rejected:
            _refused(judged, said, " ".join(row.error_codes), report.explained(row.error_codes))
        else:
            judged.accepted.append(said)
    verdicts.claims_judged(ctx, tx, file, "clearinghouse", judged)
    verdicts.noted(tx, pending, file, "pending at the clearinghouse")
    _unmatched(tx, file, "File Summary", found)


def _of_the_upload(ctx: Context, tx: Tenant, file: InboundFile, report: FileSummary, sent: OutboundFile | None) -> None:
    """An upload that came to nothing; or a report on one that, as far as we know, never left."""
    if sent is None or sent.state in files.NOT_LEFT:
        reason = "a File Summary is about a file that we never sent; was it uploaded by another way?"
        exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])
        return
    _arrived(ctx, tx, file, [sent], "rejected", _file_id(file, report))
    reason = "File Summary: the file failed, no claim was made of it"
    file_refused(Rejection(ctx, tx, file, sent), reason)


def _arrived(
    ctx: Context, tx: Tenant, file: InboundFile, about: Sequence[OutboundFile], event: str, file_id: str | None
) -> None:
    for sent in about:
        verdicts.file_answered(ctx, tx, sent, event, file)
    transitions.move(
        tx,
        Kind.FILE,
        [sent.id for sent in about],
        "reported",
        inbound_file_id=file.id,
        detail=file_id and f"Office Ally's file id {file_id}",
        business_at=ctx.clock.now(),
    )


def _file_id(file: InboundFile, report: FileSummary) -> str | None:
    promise = promised(file.name)
    return report.file_id or (promise.file_id if promise else None)


# -- EDI Status: the payers, of claims ------------------------------------------------------------------------------------
def _edi_status(ctx: Context, tx: Tenant, file: InboundFile, report: EdiStatus) -> None:
    found = answers.reported(
        tx, file.mailbox_id, [Reported(row.account, row.clearinghouse_id) for row in report.rows], None
    )
    for sent in _files_of(tx, found):
        verdicts.file_answered(ctx, tx, sent, "accepted", file)
    judged = Verdicts()
    others: list[Said] = []
    for row, answered in zip(report.rows, found, strict=True):
        if answered is None:
            continue
        said = Said(answered, row.clearinghouse_id, row.payer_reference)
        if row.accepted:
            judged.accepted.append(said)
        elif row.rejected:
            codes = " ".join(dict.fromkeys(_STATUS_CODE.findall(row.text or "")))
            _refused(judged, said, codes, f"{codes or _UNCODED}; the payer's own words are with this exception")
            judged.sealed[answered.claim_id] = _payers_words(file, row)
        else:
            others.append(said)
    verdicts.claims_judged(ctx, tx, file, "payer", judged)
    verdicts.noted(tx, others, file, "a status that neither accepts nor rejects")
    if others:
        reason = f"{len(others)} claims of an EDI Status have a status that is neither ACCEPTED nor REJECTED; ask what it means"
        exceptions.open_all(tx, [Raise("unknown_answer", "inbound", file.id, reason)])
    _unmatched(tx, file, "EDI Status", found)


def _payers_words(file: InboundFile, row: StatusRow) -> list[dict[str, object]]:
    """Sealed with the exception: a payer's text may quote the claim."""
    if row.text is None:
        return []
    place = Place(file=file.name, line=row.line)
    cure = "correct the claim and send it again under the same external_id"
    return [Finding(severity=Severity.ERROR, code="OA-ES-TEXT", message=row.text, cure=cure, place=place).as_dict()]


# -- both -----------------------------------------------------------------------------------------------------------------
def _refused(judged: Verdicts, said: Said, codes: str, explained: str) -> None:
    said = Said(said.answered, said.clearinghouse_id, said.payer_control_number, codes or _UNCODED)
    judged.rejected.append(said)
    judged.explained[said.answered.claim_id] = explained or _UNCODED


def _files_of(tx: Tenant, found: Iterable[Answered | None]) -> list[OutboundFile]:
    """The files that the reported claims went out in."""
    ids = sorted({answered.file_id for answered in found if answered is not None})
    return [sent for file_id in ids if (sent := files.get(tx, file_id)) is not None]


def _unmatched(tx: Tenant, file: InboundFile, what: str, found: Sequence[Answered | None]) -> None:
    if missing := sum(answered is None for answered in found):
        reason = f"{missing} claims of a text report ({what}) are not known here"
        exceptions.open_all(tx, [Raise("unmatched_status", "inbound", file.id, reason)])
