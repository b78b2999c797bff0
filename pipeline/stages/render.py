"""render: the exact bytes of each file, stored with their hash before anything leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from edi.errors import NotRepresentable, Unsound
from edi.findings import Finding
from edi.x12.codes import CodeLists
from edi.x12.judging.judge import insist
from edi.x12.sets import t837i, t837p
from edi.x12.sets.t837p import Receiver, Submitter
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.written import WrittenSet
from pipeline import logs
from pipeline.domain.chain import Earlier, payers_number
from pipeline.domain.errors import ConfigurationError
from pipeline.domain.forms import KINDS, AnyClaim, Form, stored_claim
from pipeline.domain.mailbox import ClearinghouseProfile
from pipeline.domain.provider import BillingProviderFacts
from pipeline.domain.rebilling import CHANGES
from pipeline.domain.states import Kind
from pipeline.domain.wire_text import wire_text
from pipeline.mapping.claim_to_837i import to_institutional
from pipeline.mapping.claim_to_837p import to_professional
from pipeline.mapping.envelopes import envelope
from pipeline.stages import recall
from pipeline.stages.context import Context
from pipeline.stages.outside import waits
from pipeline.stages.providers import Providers, providers_on
from pipeline.store import billing, claims, exceptions, files, tenants, transitions, versions, work
from pipeline.store.billing import Bill
from pipeline.store.claims import Document
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile, Placed

log = structlog.get_logger()
_OF_THE_MAILBOX = {"1000A", "1000B"}
"""Loops that say who sends and who receives, the same in every set."""


@dataclass(frozen=True, slots=True)
class _Guide:
    """How the claims of one form are written. Claims of a file are of its form, which `bundle` sees to."""

    version: str
    to_set: Callable[..., t837p.ProfessionalSet | t837i.InstitutionalSet]
    write: Callable[..., WrittenSet]


def _guide(kind: str) -> _Guide:
    """That of a kind of file."""
    if kind == KINDS[Form.INSTITUTIONAL]:
        return _Guide(t837i.VERSION, to_institutional, t837i.write_set)
    return _Guide(t837p.VERSION, to_professional, t837p.write_set)


@dataclass(frozen=True, slots=True)
class _Room:
    """What the sets of one file have in common."""

    guide: _Guide
    envelope: Envelope
    submitter: Submitter
    receiver: Receiver
    providers: Providers
    codes: CodeLists
    earlier: Mapping[int, Sequence[Earlier]]
    """What went before each replacement and void in it, by claim id."""


@dataclass(frozen=True, slots=True)
class _Offered:
    clm01: str
    claim: AnyClaim
    provider: BillingProviderFacts


def render(ctx: Context, org_id: int, lot_id: int) -> None:
    """Renders the lot's BUNDLED files; a claim that cannot be written is taken out, and the rest goes on."""
    with ctx.tenant(org_id, "render") as tx:
        if waits(ctx, tx, "render", lot_id) or not claims.lock_lot(tx, lot_id):
            return
        ready = [file.id for file in files.of_lot(tx, lot_id, ["BUNDLED"]) if _render(ctx, tx, file)]
        work.put(tx, "upload", ready, ctx.limits.lease_s)
        work.done(tx, "render", [lot_id])


def _render(ctx: Context, tx: Tenant, file: OutboundFile) -> bool:
    placed = recall.leave_out(tx, file, files.placed(tx, file.id))
    documents = claims.by_id(tx, [p.claim_id for p in placed])
    changes = [d.id for d in documents.values() if d.frequency in CHANGES]
    room = _room(ctx, tx, file, versions.earlier(tx, changes) if changes else {})
    written: list[WrittenSet] = []
    ranges: dict[int, list[int]] = {}
    going: dict[int, AnyClaim] = {}
    for members in _by_set(placed):
        done, kept = _write(ctx, tx, file, room, members, documents)
        if done is not None:
            written.append(done)
            ranges[members[0].set_id] = _flat(members, documents, done)
            going |= kept
    if not written:
        transitions.move(tx, Kind.FILE, [file.id], "voided")
        return False
    try:
        data = write_interchange(room.envelope, [s.data for s in written])
    except NotRepresentable as error:
        raise _misfit(file, error) from None
    files.store_bytes(tx, file.id, data, sum(claim.charge_cents for claim in going.values()))
    files.store_ranges(tx, ranges)
    log.info(
        "file rendered",
        file_id=file.id,
        mailbox_id=file.mailbox_id,
        control_number=file.control_number,
        claims=len(going),
        claim_ids=logs.ids(going),
        size=len(data),
    )
    _keep_numbers(tx, file, [(p.submission_id, going[p.claim_id]) for p in placed if p.claim_id in going])
    billing.post(
        tx, [_bill(p, documents[p.claim_id], going[p.claim_id]) for p in placed if p.claim_id in going], ctx.today()
    )
    return True


def _keep_numbers(tx: Tenant, file: OutboundFile, going: Sequence[tuple[int, AnyClaim]]) -> None:
    """Writes down by which number of the payer's a replacement or void names the claim: his latest may change."""
    named = {i: f"REF*F8 {c.payer_claim_number}" for i, c in going if c.frequency in CHANGES and c.payer_claim_number}
    transitions.move(tx, Kind.SUBMISSION, list(named), "named", file_id=file.id, detail=list(named.values()))


def _bill(place: Placed, document: Document, claim: AnyClaim) -> Bill:
    return Bill(
        claim_id=place.claim_id,
        first_id=document.first_id,
        made_from_id=document.made_from_id,
        frequency=document.frequency,
        charge_cents=claim.charge_cents,
        patient_paid_cents=claim.patient_paid_cents or 0,
        filing_code=claim.filing_code,
        attempt=place.attempt,
    )


def _room(ctx: Context, tx: Tenant, file: OutboundFile, earlier: Mapping[int, Sequence[Earlier]]) -> _Room:
    profile = tenants.mailbox(tx, file.mailbox_id).profile
    if not isinstance(profile, ClearinghouseProfile):
        raise ConfigurationError(f"mailbox {file.mailbox_id} is not a clearinghouse's")
    now = ctx.clock.now()
    guide = _guide(file.kind)
    around = envelope(profile, file.mode, file.control_number, now, functional_id="HC", version=guide.version)
    try:
        submitter = Submitter(
            name=wire_text(profile.submitter_name),
            identifier=profile.submitter_id,
            contact_name=wire_text(profile.contact_name),
            phone=profile.contact_phone,
        )
        receiver = Receiver(name=wire_text(profile.receiver_name), identifier=profile.receiver_id)
    except ValueError as error:
        raise ConfigurationError(f"mailbox {file.mailbox_id}: a name in its profile: {error}") from None
    return _Room(guide, around, submitter, receiver, providers_on(tx, ctx.today()), ctx.codes, earlier)


def _by_set(placed: Sequence[Placed]) -> list[list[Placed]]:
    sets: dict[int, list[Placed]] = {}
    for one in placed:
        sets.setdefault(one.set_id, []).append(one)
    return list(sets.values())


def _write(
    ctx: Context, tx: Tenant, file: OutboundFile, room: _Room, members: Sequence[Placed], documents: dict[int, Document]
) -> tuple[WrittenSet | None, dict[int, AnyClaim]]:
    """The set's bytes and the claims in it by id. When the set cannot be written each claim is tried alone."""
    control = members[0].set_control
    try:
        offered = {p.claim_id: _offered(room, documents[p.claim_id]) for p in members}
        return _bytes(room, control, list(offered.values())), {i: one.claim for i, one in offered.items()}
    except Exception as error:  # noqa: BLE001 - found out below, claim by claim
        log.warning("set could not be written whole", file_id=file.id, set=control, error=type(error).__name__)
    good: dict[int, _Offered] = {}
    for place in members:
        try:
            one = _offered(room, documents[place.claim_id])
            _bytes(room, control, [one])
            good[place.claim_id] = one
        except Exception as error:  # noqa: BLE001 - whatever it is, this claim does not go out
            if any(one.place.loop in _OF_THE_MAILBOX for one in _findings(error)):
                raise _misfit(file, error) from None
            _withdraw(ctx, tx, file, place, error)
    if not good:
        return None, {}
    return _bytes(room, control, list(good.values())), {i: one.claim for i, one in good.items()}


def _findings(error: Exception) -> Sequence[Finding]:
    if isinstance(error, Unsound):
        return error.findings
    return (error.finding,) if isinstance(error, NotRepresentable) else ()


def _misfit(file: OutboundFile, error: Exception) -> ConfigurationError:
    """What the mailbox's own profile has wrong is held against no claim: the file waits until it is mended."""
    found = next((one for one in _findings(error) if one.place.loop in _OF_THE_MAILBOX), _findings(error)[0])
    return ConfigurationError(
        f"mailbox {file.mailbox_id}: {found.code} at {found.place}: {found.message}; {found.cure}"
    )


def _offered(room: _Room, document: Document) -> _Offered:
    claim = _numbered(stored_claim(document.document), room.earlier.get(document.id, ()))
    provider = room.providers.of(claim.billing_provider_npi)
    if not isinstance(provider, BillingProviderFacts):
        raise ConfigurationError(f"{provider.code} at {provider.path}: {provider.message}")
    return _Offered(document.clm01, claim, provider)


def _numbered(claim: AnyClaim, earlier: Sequence[Earlier]) -> AnyClaim:
    """A replacement or void with the number that its payer knows the claim by; the stored claim stays as it is."""
    if claim.frequency not in CHANGES:
        return claim
    return claim.model_copy(update={"payer_claim_number": payers_number(claim.payer_claim_number, earlier)})


def _bytes(room: _Room, control: str, offered: Sequence[_Offered]) -> WrittenSet:
    """One set, read again and judged before it counts. BHT03 is the interchange's number and the set's, which payers
    echo in their 277CA.
    """
    by_provider: dict[str, list[_Offered]] = {}
    for one in offered:
        by_provider.setdefault(one.provider.npi, []).append(one)
    parts: list[Any] = [
        room.guide.to_set(
            [(one.clm01, one.claim) for one in members],
            provider=members[0].provider,
            submitter=room.submitter,
            receiver=room.receiver,
            reference=f"{room.envelope.control_number:09d}-{control}",
            when=room.envelope.when,
        )
        for members in by_provider.values()
    ]
    whole = parts[0]
    whole.billing = [provider for part in parts for provider in part.billing]
    written = room.guide.write(whole, control)
    insist(written, room.guide.version, room.codes)
    return written


def _flat(members: Sequence[Placed], documents: dict[int, Document], done: WrittenSet) -> list[int]:
    flat = [0] * (2 * (1 + max(p.ordinal for p in members)))
    for place in members:
        first, last = done.ranges.get(documents[place.claim_id].clm01, (0, 0))
        flat[2 * place.ordinal : 2 * place.ordinal + 2] = [first, last]
    return flat


def _withdraw(ctx: Context, tx: Tenant, file: OutboundFile, place: Placed, error: Exception) -> None:
    transitions.move(tx, Kind.SUBMISSION, [place.submission_id], "withdrawn", file_id=file.id)
    # EDIT_FAILED promises that nothing left; what went before, in a set that was lost, is billed and sent again as it is.
    event = "withdrawn" if place.attempt == 1 else "rejected"
    if transitions.move(tx, Kind.CLAIM, [place.claim_id], event, assign="lot_id = NULL"):
        billing.turned_away(tx, [place.claim_id], ctx.today())
    # Only our own words: another error's text might quote the claim.
    ours = isinstance(error, ConfigurationError | NotRepresentable | Unsound)
    reason = str(error) if ours else type(error).__name__
    findings = [one.as_dict() for one in _findings(error)]
    exceptions.open_all(
        tx, [Raise("edit_failed", "claim", place.claim_id, f"cannot be written as X12: {reason}", findings=findings)]
    )
