"""render: the exact bytes of each file, stored with their hash before anything leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from edi.errors import NotRepresentable, Unsound
from edi.findings import Finding
from edi.x12.codes import CodeLists
from edi.x12.judging.judge import insist
from edi.x12.sets.t837p import ProfessionalSet, Receiver, Submitter, write_set
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.written import WrittenSet
from pipeline import logs
from pipeline.domain.claim import Claim
from pipeline.domain.errors import ConfigurationError
from pipeline.domain.ledger import billed
from pipeline.domain.mailbox import ClearinghouseProfile
from pipeline.domain.provider import BillingProviderFacts
from pipeline.domain.states import Kind
from pipeline.domain.wire_text import wire_text
from pipeline.mapping.claim_to_837p import to_professional
from pipeline.mapping.envelopes import envelope
from pipeline.stages import recall
from pipeline.stages.context import Context
from pipeline.stages.outside import waits
from pipeline.stages.providers import Providers, providers_on
from pipeline.store import claims, exceptions, files, ledger, tenants, transitions, work
from pipeline.store.claims import Document
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile, Placed

log = structlog.get_logger()
GUIDE = "005010X222A1"
_OF_THE_MAILBOX = {"1000A", "1000B"}
"""Loops that say who sends and who receives, the same in every set."""


@dataclass(frozen=True, slots=True)
class _Room:
    """What the sets of one file have in common."""

    envelope: Envelope
    submitter: Submitter
    receiver: Receiver
    providers: Providers
    codes: CodeLists


@dataclass(frozen=True, slots=True)
class _Offered:
    clm01: str
    claim: Claim
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
    room = _room(ctx, tx, file)
    written: list[WrittenSet] = []
    ranges: dict[int, list[int]] = {}
    going: dict[int, Claim] = {}
    for members in _by_set(placed):
        done, kept = _write(tx, file, room, members, documents)
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
    today = ctx.today()
    ledger.post(
        tx,
        [
            j
            for i, c in going.items()
            for j in billed(i, c.charge_cents, c.patient_paid_cents or 0, today, c.filing_code)
        ],
    )
    return True


def _room(ctx: Context, tx: Tenant, file: OutboundFile) -> _Room:
    profile = tenants.mailbox(tx, file.mailbox_id).profile
    if not isinstance(profile, ClearinghouseProfile):
        raise ConfigurationError(f"mailbox {file.mailbox_id} is not a clearinghouse's")
    now = ctx.clock.now()
    around = envelope(profile, file.mode, file.control_number, now, functional_id="HC", version=GUIDE)
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
    return _Room(around, submitter, receiver, providers_on(tx, ctx.today()), ctx.codes)


def _by_set(placed: Sequence[Placed]) -> list[list[Placed]]:
    sets: dict[int, list[Placed]] = {}
    for one in placed:
        sets.setdefault(one.set_id, []).append(one)
    return list(sets.values())


def _write(
    tx: Tenant, file: OutboundFile, room: _Room, members: Sequence[Placed], documents: dict[int, Document]
) -> tuple[WrittenSet | None, dict[int, Claim]]:
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
            _withdraw(tx, file, place, error)
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
    claim = Claim.model_validate_json(document.document)
    provider = room.providers.of(claim.billing_provider_npi)
    if not isinstance(provider, BillingProviderFacts):
        raise ConfigurationError(f"{provider.code} at {provider.path}: {provider.message}")
    return _Offered(document.clm01, claim, provider)


def _bytes(room: _Room, control: str, offered: Sequence[_Offered]) -> WrittenSet:
    """One set, read again and judged before it counts. BHT03 is the interchange's number and the set's, which payers
    echo in their 277CA.
    """
    by_provider: dict[str, list[_Offered]] = {}
    for one in offered:
        by_provider.setdefault(one.provider.npi, []).append(one)
    parts: list[ProfessionalSet] = [
        to_professional(
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
    written = write_set(whole, control)
    insist(written, GUIDE, room.codes)
    return written


def _flat(members: Sequence[Placed], documents: dict[int, Document], done: WrittenSet) -> list[int]:
    flat = [0] * (2 * (1 + max(p.ordinal for p in members)))
    for place in members:
        first, last = done.ranges.get(documents[place.claim_id].clm01, (0, 0))
        flat[2 * place.ordinal : 2 * place.ordinal + 2] = [first, last]
    return flat


def _withdraw(tx: Tenant, file: OutboundFile, place: Placed, error: Exception) -> None:
    transitions.move(tx, Kind.SUBMISSION, [place.submission_id], "withdrawn", file_id=file.id)
    # EDIT_FAILED promises that nothing left; what went before, in a set that was lost, is billed and sent again as it is.
    event = "withdrawn" if place.attempt == 1 else "rejected"
    transitions.move(tx, Kind.CLAIM, [place.claim_id], event, assign="lot_id = NULL")
    # Only our own words: another error's text might quote the claim.
    ours = isinstance(error, ConfigurationError | NotRepresentable | Unsound)
    reason = str(error) if ours else type(error).__name__
    findings = [one.as_dict() for one in _findings(error)]
    exceptions.open_all(
        tx, [Raise("edit_failed", "claim", place.claim_id, f"cannot be written as X12: {reason}", findings=findings)]
    )
