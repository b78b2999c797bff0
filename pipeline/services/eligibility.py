"""Whether patients are covered: asked of their payers at once, or put by for the next file; and what was answered.

A question is a committed row, with the exact bytes that leave, before anything does. It is asked once: what broke off is
FAILED, and whoever wants to know asks again. Who asked and who looked is written down.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from pipeline.domain.eligibility import FINAL, Question, of_claim
from pipeline.domain.errors import CallerError, ConfigurationError, Conflict, NotKnown, TryLater
from pipeline.domain.forms import stored_claim
from pipeline.domain.mailbox import Mode
from pipeline.services.permitted import permitted
from pipeline.stages import asking, bundle, coverage
from pipeline.stages.context import Context
from pipeline.store import audit, counters, inquiries, work
from pipeline.store.database import Tenant
from pipeline.store.inquiries import Inquiry, Listed, Numbered
from pipeline.store.tenants import Mailbox
from transport.errors import AskPerson, NotFound, TransportError

log = structlog.get_logger()
PAYLOAD = "X12_270_Request_005010X279A1"


# -- looking ------------------------------------------------------------------------------------------------------------
def listed(ctx: Context, org_id: int, actor: str, states: Sequence[str], most: int) -> list[Listed]:
    """Questions, the newest first, without anything of the patients."""
    with ctx.database.tenant(org_id, actor) as tx:
        return inquiries.listed(tx, states, most)


@dataclass(frozen=True, slots=True)
class Shown:
    """`failure`: why a question was not answered, where it was not."""

    inquiry: Inquiry
    failure: str | None


def show(ctx: Context, org_id: int, actor: str, inquiry_id: int) -> Shown:
    """A question with its answer. Raises NotKnown. That somebody looked is written down."""
    with ctx.database.tenant(org_id, actor) as tx:
        found = _shown(tx, inquiry_id)
        audit.note(tx, "eligibility.show", "inquiry", inquiry_id)
        return found


def _shown(tx: Tenant, inquiry_id: int) -> Shown:
    found = inquiries.get(tx, inquiry_id)
    if found is None:
        raise NotKnown(f"there is no question {inquiry_id} about coverage")
    return Shown(found, inquiries.why_failed(tx, inquiry_id) if found.state == "FAILED" else None)


def question_of(ctx: Context, org_id: int, actor: str, claim: str) -> tuple[Question, int]:
    """What a claim's payer is to be asked, and the claim's row. Raises NotKnown; CallerError for a claim without lines."""
    with ctx.database.tenant(org_id, actor) as tx:
        found = inquiries.claim_named(tx, claim)
    if found is None:
        raise NotKnown("there is no such claim: give its CLM01, or your own id of it")
    read = stored_claim(found.document)
    if read.service_from is None or not (read.subscriber or read.patient.member_id):
        raise CallerError("the claim tells no member id or no day of service: correct it, or ask without it")
    return of_claim(read), found.claim_id


# -- asking at once -----------------------------------------------------------------------------------------------------
def ask(
    ctx: Context,
    org_id: int,
    question: Question,
    as_: str,
    *,
    claim_id: int | None = None,
    again: bool = False,
) -> Shown:
    """The payer's answer, or the one that is kept of the same question (see `Limits.eligibility_kept_h`).

    Raises NotAllowed; CallerError for what cannot be asked so; ConfigurationError where the address or login is wrong or
    refused; TryLater where nobody answers; Conflict where the answer cannot be used. From the moment the question is
    stored, each of these leaves it FAILED with its reason.
    """
    with ctx.database.tenant(org_id, as_) as tx:
        permitted(tx, as_, "eligibility.ask")
        if not again and (known := _kept(ctx, tx, question)) is not None:
            audit.note(tx, "eligibility.show", "inquiry", known.id)
            return Shown(known, None)
        box = _open_box(ctx, tx)
        asked, payload = _store(ctx, tx, box, question, claim_id, as_)
    try:
        received = _heard(ctx, box, payload)
    except TransportError as error:
        _fail(ctx, org_id, as_, asked, type(error).__name__)
        raise _told(error, asked.id) from None
    return _answered(ctx, org_id, as_, asked, received)


def _kept(ctx: Context, tx: Tenant, question: Question) -> Inquiry | None:
    since = ctx.clock.now() - timedelta(hours=ctx.limits.eligibility_kept_h)
    return inquiries.kept(tx, question, sorted(FINAL), since)


def _open_box(ctx: Context, tx: Tenant) -> Mailbox:
    box = bundle.clearinghouse(tx)
    if ctx.held:
        raise Conflict("nothing is asked before the database was compared: `claimrail reconcile`, `claimrail adopt`")
    if not box.enabled:
        raise Conflict(f"mailbox {box.name} is held: `claimrail mailbox set {box.name} --enable` lets it ask")
    if box.clearinghouse.realtime_plain and box.mode is not Mode.TEST:
        raise ConfigurationError(
            f"mailbox {box.name}: realtime_plain is for mode test; in production only https is asked"
        )
    with ctx.realtime(box.clearinghouse):
        return box  # what its address lacks is told before anything is stored


def _store(
    ctx: Context, tx: Tenant, box: Mailbox, question: Question, claim_id: int | None, as_: str
) -> tuple[Numbered, bytes]:
    """The row and its exact bytes."""
    profile, now = box.clearinghouse, ctx.clock.now()
    [one] = inquiries.numbered(tx, inquiries.REAL_TIME, [(question, claim_id)])
    to = profile.realtime_receiver
    number = counters.take(tx, bundle.series(bundle.exchange_with(profile, to)))
    payload = coverage.interchange(profile, to, box.mode, number, now, [_written(ctx, tx, one, number)])
    inquiries.add(tx, [one], as_, now, sent=payload)
    audit.note(tx, "eligibility.ask", "inquiry", one.id)
    return one, payload


def _written(ctx: Context, tx: Tenant, one: Numbered, number: int) -> bytes:
    """The question's set; CallerError where it cannot be asked so."""
    asked = coverage.asker(ctx, tx)(one)
    data = asked if isinstance(asked, str) else coverage.in_set(ctx, [asked], number, "0001")
    if isinstance(data, str):
        raise CallerError(data)
    return data


def _heard(ctx: Context, box: Mailbox, payload: bytes) -> bytes:
    with ctx.realtime(box.clearinghouse) as service:
        return service.ask(payload, PAYLOAD)


def _told(error: TransportError, inquiry_id: int) -> Exception:
    text = f"question {inquiry_id} about coverage is not answered: {type(error).__name__}: {error}"
    if isinstance(error, AskPerson | NotFound):
        return ConfigurationError(f"{text}; compare address and login with the clearinghouse's letter")
    return TryLater(text)


def _fail(ctx: Context, org_id: int, as_: str, asked: Numbered, why: str, received: bytes | None = None) -> None:
    log.warning("question not answered", inquiry_id=asked.id, reason=why)
    with ctx.database.tenant(org_id, as_) as tx:
        inquiries.fail(tx, [asked.id], why, ctx.clock.now(), received=received)


def _answered(ctx: Context, org_id: int, as_: str, asked: Numbered, received: bytes) -> Shown:
    answer = coverage.answer_to(received, asked)
    if isinstance(answer, str):
        _fail(ctx, org_id, as_, asked, answer, received)
        raise Conflict(f"question {asked.id} about coverage is not answered: {answer}")
    with ctx.database.tenant(org_id, as_) as tx:
        inquiries.answer(tx, [(asked.id, answer)], ctx.clock.now(), received=received)
        log.info("question answered", inquiry_id=asked.id, answer=str(answer.coverage))
        return _shown(tx, asked.id)


# -- asking in a file ---------------------------------------------------------------------------------------------------
def put_by(ctx: Context, org_id: int, questions: Sequence[tuple[Question, int | None]], as_: str) -> list[int]:
    """Questions (each with its claim, if it is of one) for the next file; gives their rows. All or none.

    Raises NotAllowed; CallerError naming the first that cannot be asked, counted from 1: it is not found out in the file.
    """
    if not questions:
        return []
    with ctx.database.tenant(org_id, as_) as tx:
        permitted(tx, as_, "eligibility.ask")
        bundle.clearinghouse(tx)
        made = inquiries.numbered(tx, inquiries.BATCH, questions)
        for place, one in enumerate(made, 1):
            try:
                _written(ctx, tx, one, 1)
            except CallerError as error:
                raise CallerError(f"question {place}: {error}") from None
        inquiries.add(tx, made, as_, ctx.clock.now())
        audit.note_all(tx, "eligibility.ask", "inquiry", [one.id for one in made])
        work.put(tx, asking.STAGE, [org_id], 0)
    with suppress(Exception):  # the sweep finds it where no bell rings
        ctx.ring(asking.STAGE, org_id, [org_id])
    return [one.id for one in made]
