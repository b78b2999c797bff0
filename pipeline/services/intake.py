"""Intake: a claim is stored whole, and its readiness with it, before anybody is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pipeline.domain.claim import canonical_bytes
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.forms import AnyClaim, form_of
from pipeline.domain.problems import Problem
from pipeline.domain.rebilling import CHANGES
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.store import claims, exceptions, transitions, versions, work
from pipeline.store.claims import NewClaim, StoredClaim, new_claim
from pipeline.store.crypto import sha256
from pipeline.store.database import Tenant

_MOST_CENTS = 10**15
"""Far more than any amount element of an 837 holds, far less than a bigint column does."""


class Outcome(StrEnum):
    STORED = "stored"
    REPLAYED = "replayed"  # same key, same content: nothing happened
    REDRAFTED = "redrafted"  # same key, other content, nothing had left yet
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one document, in the order they were given."""

    outcome: Outcome
    external_id: str | None = None
    claim_id: int | None = None
    clm01: str | None = None
    problems: list[Problem] = field(default_factory=list)


def submit(ctx: Context, org_id: int, documents: Sequence[bytes], actor: str, *, ready: bool = True) -> list[Receipt]:
    """Stores claims (JSON, one each) and readies them in the same transaction, then rings.

    Idempotent by the tenant's `external_id`. With `ready` false the claims wait as drafts until `confirm` or, if its
    event is lost, the sweep.
    """
    parsed = [parse_claim(document) for document in documents]
    with ctx.database.tenant(org_id, actor) as tx:
        receipts = _store(ctx, tx, parsed, ready=ready)
        if any(receipt.outcome in {Outcome.STORED, Outcome.REDRAFTED} for receipt in receipts):
            work.put(tx, "take", [org_id], 0 if ready else ctx.limits.lease_s)
    if ready:
        ctx.ring("take", org_id, [org_id])
    return receipts


def confirm(ctx: Context, org_id: int, claim_ids: Sequence[int], actor: str) -> int:
    """Readies drafts, as a producer's `claims.ready` event asks; gives how many moved."""
    with ctx.database.tenant(org_id, actor) as tx:
        moved = transitions.move(tx, Kind.CLAIM, claim_ids, "readied", assign="lot_id = NULL")
        work.put(tx, "take", [org_id], 0)
    ctx.ring("take", org_id, [org_id])
    return len(moved)


def _store(ctx: Context, tx: Tenant, parsed: Sequence[AnyClaim | list[Problem]], *, ready: bool) -> list[Receipt]:
    read = [_unstorable(claim) or claim if not isinstance(claim, list) else claim for claim in parsed]
    first: dict[str, AnyClaim] = {}
    for claim in read:
        if not isinstance(claim, list):
            first.setdefault(claim.external_id, claim)
    receipts = _store_each(ctx, tx, first, ready=ready)
    told: set[str] = set()
    answers: list[Receipt] = []
    for claim in read:
        if isinstance(claim, list):
            answers.append(Receipt(Outcome.REFUSED, problems=claim))
        elif claim.external_id in told:
            answers.append(_twice(claim, first[claim.external_id], receipts[claim.external_id]))
        else:
            told.add(claim.external_id)
            answers.append(receipts[claim.external_id])
    return answers


def _store_each(ctx: Context, tx: Tenant, wanted: Mapping[str, AnyClaim], *, ready: bool) -> dict[str, Receipt]:
    """What becomes of each claim, by the tenant's own id."""
    known = claims.find(tx, list(wanted))
    receipts: dict[str, Receipt] = {}
    fresh: list[NewClaim] = []
    for external_id, claim in wanted.items():
        stored = known.get(external_id)
        if stored is not None and stored.submitted and stored.form is not form_of(claim):
            receipts[external_id] = _refused(claim, stored, _OTHER_FORM)
        elif stored is None or _is_new_version(claim, stored):
            fresh.append(new_claim(claim) if stored is None else _further(claim, stored))
        else:
            receipts[external_id] = _again(tx, claim, stored, ready=ready)
    ids = claims.add(tx, fresh, ready=ready)
    if any(claim.first_id is not None for claim in fresh):
        versions.rejected_before(tx, sorted(ids.values()), ctx.clock.now())
    numbers = {claim.external_id: tx.keys.claim_number(claim.external_id) for claim in fresh}
    beaten = [external_id for external_id, clm01 in numbers.items() if clm01 not in ids]
    # Whoever stored them a moment before has committed: to us they are claims that we know.
    stands = claims.find(tx, beaten) if beaten else {}
    for external_id, clm01 in numbers.items():
        receipts[external_id] = (
            _again(tx, wanted[external_id], stands[external_id], ready=ready)
            if external_id in stands
            else Receipt(Outcome.STORED, external_id, ids[clm01], clm01)
        )
    return receipts


def _is_new_version(claim: AnyClaim, stored: StoredClaim) -> bool:
    """A replacement or void of something that went out is a further version under the same number.

    So is an original of which only what was rejected went out: that was never adjudicated, and is sent corrected. At a
    later payer it is another try with him.
    """
    if _hash(claim) in {stored.content_sha256, *stored.contents}:
        return False
    if stored.for_a_later_payer:
        if stored.state == "REJECTED" and _corrects(claim, stored):
            return True  # that payer never had it: it is billed anew, and the books hold what it asks for already
        return claim.frequency in CHANGES and (stored.submitted or stored.state == _NEVER_GOES)
    if not stored.submitted or stored.state == "VOIDED":
        return False
    return claim.frequency in CHANGES or (stored.state == "REJECTED" and not stored.taken_in)


_NEVER_GOES = "HELD"
"""State of a claim for the next payer whose ground was taken away: nothing of it leaves or is mended."""


def _again(tx: Tenant, claim: AnyClaim, stored: StoredClaim, *, ready: bool) -> Receipt:
    content = _hash(claim)
    if content == stored.content_sha256 or content in stored.contents:
        known_id = stored.contents.get(content, stored.id)
        return Receipt(Outcome.REPLAYED, claim.external_id, known_id, stored.clm01)
    if stored.for_a_later_payer and not stored.submitted and not _corrects(claim, stored):
        return _refused(claim, stored, _NEXT_PAYERS)
    if not stored.submitted and claims.replace_draft(tx, stored.id, new_claim(claim, stored.version)):
        if ready:
            transitions.move(tx, Kind.CLAIM, [stored.id], "readied")
        exceptions.close(tx, ("edit_failed", "internal_error"), "claim", [stored.id], "a corrected claim came in")
        return Receipt(Outcome.REDRAFTED, claim.external_id, stored.id, stored.clm01)
    return _refused(claim, stored, _other_content(stored))


def _refused(claim: AnyClaim, stored: StoredClaim, why: Problem) -> Receipt:
    return Receipt(Outcome.REFUSED, claim.external_id, stored.id, stored.clm01, [why])


def _other_content(stored: StoredClaim) -> Problem:
    message = "a claim with this id and other content is already on its way or sent"
    return Problem(path="external_id", code="INT01", message=message, cure=_cure(stored))


def _cure(stored: StoredClaim) -> str:
    """What may be done with other content for a claim that went out, as it stands."""
    if stored.state == "VOIDED":
        return "the claim was voided: bill anew under another external_id"
    if stored.taken_in:
        return (
            'send a replacement (frequency "7") or a void ("8"); without payer_claim_number it gets the latest'
            " number that the payer has told"
        )
    return (
        "wait for its answer: when it is rejected, send it corrected with the frequency that it had; when it is accepted,"
        ' send a replacement ("7") or a void ("8")'
    )


_OTHER_FORM = Problem(
    path="form",
    code="INT04",
    message="what went out under this id was of the other form, professional or institutional",
    cure="replace or void it in its own form, and bill the other under a new id",
)


def _corrects(claim: AnyClaim, made: StoredClaim) -> bool:
    """Whether what comes in is the next payer's claim too, and may stand for the one that we made."""
    return claim.payer.payer_id == made.payer_id and claim.frequency == "1"


_NEXT_PAYERS = Problem(
    path="external_id",
    code="INT05",
    message="the claim is decided, and a further version of it for the next payer is on its way",
    cure="send it again once that has left; to correct that version itself, send it whole, with the next payer as `payer`",
)


def _twice(claim: AnyClaim, first: AnyClaim, receipt: Receipt) -> Receipt:
    """The answer to a second document with an id that the request had before."""
    if _hash(claim) == _hash(first):
        outcome = Outcome.REFUSED if receipt.outcome is Outcome.REFUSED else Outcome.REPLAYED
        return replace(receipt, outcome=outcome)
    problem = Problem(
        path="external_id",
        code="INT02",
        message="the request holds this id twice with different content",
        cure="send each claim once",
    )
    return Receipt(Outcome.REFUSED, claim.external_id, problems=[problem])


def _unstorable(claim: AnyClaim) -> list[Problem]:
    """What no column can hold. All else that is wrong with a claim is for its edits to say, when it is stored."""
    misfits = {
        "frequency": len(claim.frequency) != 1 or "\0" in claim.frequency,
        "payer.payer_id": "\0" in claim.payer.payer_id,
        "charge_cents": abs(claim.charge_cents) > _MOST_CENTS,
        "patient_paid_cents": abs(claim.patient_paid_cents or 0) > _MOST_CENTS,
    }
    return [
        Problem(
            path=path,
            code="INT03",
            message="the value is beyond anything that can be billed",
            cure="correct the value; docs/claim.md says what the field may hold",
        )
        for path, misfit in misfits.items()
        if misfit
    ]


def _hash(claim: AnyClaim) -> bytes:
    return sha256(canonical_bytes(claim))


def _further(claim: AnyClaim, stored: StoredClaim) -> NewClaim:
    return replace(new_claim(claim, stored.version + 1), first_id=stored.first_id or stored.id)
