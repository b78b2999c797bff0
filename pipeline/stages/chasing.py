"""Chasing: payers are asked what became of claims that stay silent, by a 276 through the mailbox that sent the claim.

Asking writes an inquiry; a file is made of all that were asked for, each in the set of its payer, numbered from the
mailbox's own series, and leaves by the stage `upload` like any other. What comes back is applied in `status_answers`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from edi.errors import EdiError
from edi.x12.judging.judge import insist
from edi.x12.sets import t276
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.written import WrittenSet
from pipeline.domain import chasing as rules
from pipeline.domain.chasing import Silence
from pipeline.domain.forms import stored_claim
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.claims_to_276 import Question, to_request
from pipeline.mapping.envelopes import envelope
from pipeline.stages import bundle
from pipeline.stages.context import Context
from pipeline.stages.overdue import Overdue, tell
from pipeline.stages.providers import Providers, providers_on
from pipeline.store import claims, counters, exceptions, files, tenants, work
from pipeline.store import status_inquiries as inquiries
from pipeline.store.claims import Document
from pipeline.store.crypto import SealBroken
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import NewFile
from pipeline.store.status_inquiries import Asked, SilentClaim, Waiting
from pipeline.store.tenants import Mailbox

log = structlog.get_logger()

KIND = "276"
_BY_RULE = "system:rules"


# -- who is asked about ---------------------------------------------------------------------------------------------------
def look(ctx: Context, org_id: int) -> None:
    """Asks about every claim whose time has come by its payer's rules, makes the files, and tells what stays unpaid."""
    with ctx.tenant(org_id, "watch") as tx:
        _finalised(ctx, tx)
        if not ctx.held and ctx.payers.asks_after_days is not None:
            inquiries.lock(tx)
            due = _due(ctx, tx, ctx.payers.asks_after_days)
            asked = inquiries.ask(tx, due, _BY_RULE, ctx.clock.now())
            if asked:
                log.info("payers are asked", claims=len(asked))
    make_files(ctx, org_id)


def _due(ctx: Context, tx: Tenant, least_days: int) -> list[SilentClaim]:
    now = ctx.clock.now()
    boxes = {box.id: box.clearinghouse.status_window_days for box in tenants.mailboxes(tx, "clearinghouse")}
    found = [one for one in inquiries.silent(tx, least_days, now) if one.mailbox_id in boxes]
    return [one for one in found if _is_due(ctx, one, boxes[one.mailbox_id])]


def _is_due(ctx: Context, one: SilentClaim, status_days: int) -> bool:
    # Without a day of service the payer's rules of today hold: the question is ours, not the claim's.
    payer = ctx.payers.of(one.payer_id, one.filing_code or "", one.service_from or ctx.today())
    silence = Silence(
        state=one.state, sent=one.sent, heard=one.heard, asked=one.asked, times=one.times, final=one.final
    )
    when = rules.due(silence, payer, status_days)
    return when is not None and when <= ctx.clock.now()


def _finalised(ctx: Context, tx: Tenant) -> None:
    """Tells of claims that their payer calls decided, and that no remittance has decided within the days for it."""
    days = ctx.limits.finalised_window_days
    overdue = [
        Overdue(
            Raise(
                "finalised_without_835",
                "claim",
                one.claim_id,
                f"the payer said {one.answer} ({rules.in_words(one.answer)}) by {one.answered:%Y-%m-%d}, and no remittance"
                f" came within {days} days; ask the payer for it, and compare deposits without a remittance",
                money_cents=one.charge_cents,
            ),
            one.since,
        )
        for one in inquiries.finalised(tx, ctx.clock.now() - timedelta(days=days))
    ]
    tell(tx, "finalised_without_835", "claim", overdue, "the remittance came, or the claim is awaited no more")


# -- the files --------------------------------------------------------------------------------------------------------------
def make_files(ctx: Context, org_id: int) -> None:
    """Puts everything that was asked into files, a transaction a file, and rings for their upload. Run twice it makes none more."""
    if ctx.held:
        return
    made: list[int] = []
    while (done := _make(ctx, org_id)) is not None:
        made += done
    if made:
        ctx.ring("upload", org_id, made)


def _make(ctx: Context, org_id: int) -> list[int] | None:
    """One file of one mailbox, none where nothing of it could be written; None when nobody waits any more."""
    with ctx.tenant(org_id, "chase") as tx:
        inquiries.lock(tx)
        for box in tenants.mailboxes(tx, "clearinghouse"):
            if box.bundling_pause is not None:
                continue  # a person has been told; `mailbox resume` ends it
            found = inquiries.waiting(tx, box.id, box.clearinghouse.claims_per_file)
            if found:
                return _file(ctx, tx, box, found)
    return None


@dataclass(slots=True)
class _Room:
    """What the sets of one file have in common."""

    ctx: Context
    box: Mailbox
    envelope: Envelope
    providers: Providers
    documents: dict[int, Document]
    sets: list[WrittenSet] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    unfit: dict[int, str] = field(default_factory=dict)
    """By inquiry, why it cannot be written."""


def _file(ctx: Context, tx: Tenant, box: Mailbox, found: Sequence[Waiting]) -> list[int]:
    profile, now = box.clearinghouse, ctx.clock.now()
    pair = bundle.exchange(profile)
    number = counters.take(tx, bundle.series(pair))
    documents = claims.by_id(tx, [one.claim_id for one in found])
    around = envelope(profile, box.mode, number, now, functional_id="HR", version=t276.VERSION)
    room = _Room(ctx, box, around, providers_on(tx, ctx.today()), documents)
    for of_payer in _by_payer(found):
        _write(room, of_payer)
    _unfit(tx, found, room.unfit)
    if not room.sets:
        return []
    name = bundle.file_name(box.mode, number, KIND)
    [file_id] = files.add(tx, box.id, None, [NewFile(KIND, box.mode, pair, number, name, len(room.asked))], now)
    files.add_sets(tx, file_id, [f"{at:04d}" for at in range(1, len(room.sets) + 1)])
    files.store_bytes(tx, file_id, write_interchange(room.envelope, [one.data for one in room.sets]), 0)
    inquiries.placed(tx, room.asked, file_id)
    work.put(tx, "upload", [file_id], ctx.limits.lease_s)
    log.info("status inquiries filed", file_id=file_id, control_number=number, claims=len(room.asked))
    return [file_id]


def _by_payer(found: Iterable[Waiting]) -> list[list[Waiting]]:
    groups: dict[str, list[Waiting]] = {}
    for one in found:
        groups.setdefault(one.payer_id, []).append(one)
    return list(groups.values())


def _write(room: _Room, found: Sequence[Waiting]) -> None:
    """The payer's set; where it cannot be written whole, each question is tried alone, and the others go."""
    good = {one.id: question for one in found if (question := _question(room, one)) is not None}
    if good and not _add(room, good):
        fitting = {i: question for i, question in good.items() if _fits(room, i, question)}
        if not _add(room, fitting):
            room.unfit |= dict.fromkeys(fitting, "it can be written alone, and not beside the others")


def _add(room: _Room, questions: Mapping[int, Question]) -> bool:
    """Adds a set of them, by inquiry, if there are any; False, and nothing added, where it cannot be written."""
    try:
        written = _set(room, list(questions.values())) if questions else None
    except (EdiError, ValueError) as error:
        log.warning("questions could not be written whole", error=type(error).__name__)
        return False
    if written is not None:
        room.sets.append(written)
        room.asked += questions
    return True


def _fits(room: _Room, inquiry_id: int, question: Question) -> bool:
    try:
        _set(room, [question])
    except (EdiError, ValueError) as error:
        # Only our own words: another error's text might quote the claim.
        room.unfit[inquiry_id] = str(error) if isinstance(error, EdiError) else type(error).__name__
        return False
    return True


def _question(room: _Room, one: Waiting) -> Question | None:
    document = room.documents[one.claim_id]
    try:
        claim = stored_claim(document.document)
    except (SealBroken, ValueError) as error:
        room.unfit[one.id] = f"its document cannot be read: {type(error).__name__}"
        return None
    provider = room.providers.of(claim.billing_provider_npi)
    if not isinstance(provider, BillingProviderFacts):
        room.unfit[one.id] = f"{provider.code} at {provider.path}: {provider.message}"
        return None
    return Question(
        trace=one.trace,
        clm01=document.clm01,
        claim=claim,
        provider=provider,
        payer_control_number=one.payer_control_number,
        clearinghouse_id=one.clearinghouse_id,
    )


def _set(room: _Room, questions: Sequence[Question]) -> WrittenSet:
    """One set, read again and judged before it counts; BHT03 is the interchange's number and the set's, as of an 837."""
    control = f"{len(room.sets) + 1:04d}"
    reference = f"{room.envelope.control_number:09d}-{control}"
    request = to_request(questions, room.box.clearinghouse, reference, room.envelope.when)
    written = t276.write_set(request, control)
    insist(written, t276.VERSION, room.ctx.codes)
    return written


def _unfit(tx: Tenant, found: Sequence[Waiting], unfit: dict[int, str]) -> None:
    inquiries.failed(tx, [one.id for one in found if one.id in unfit], "it cannot be written as X12")
    reasons = [(one.claim_id, unfit[one.id]) for one in found if one.id in unfit]
    exceptions.open_all(
        tx,
        [
            Raise("inquiry_failed", "claim", claim_id, f"its status inquiry cannot be written as X12: {why}")
            for claim_id, why in reasons
        ],
    )


# -- files that are refused -------------------------------------------------------------------------------------------------
def refused(
    tx: Tenant, file_id: int, inbound_file_id: int, reason: str, set_controls: Sequence[str] | None = None
) -> None:
    """The questions in these sets of a 276 file, or in all of it, reached no payer: a person looks at the file."""
    of_sets = inquiries.in_file(tx, file_id)
    wanted = of_sets if set_controls is None else [one.lstrip("0") for one in set_controls]
    lost: list[Asked] = [one for control in wanted for one in of_sets.get(control, ())]
    ended = inquiries.failed(tx, [one.id for one in lost], reason[:200], inbound_file_id)
    if ended or not lost:
        told = (
            f"{reason}; {len(ended)} status inquiries were not asked: mend the cause, then `claimrail status ask` again"
        )
        exceptions.open_all(tx, [Raise("inquiry_failed", "file", file_id, told)])
