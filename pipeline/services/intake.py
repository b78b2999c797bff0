"""Intake: a claim is stored whole, and its readiness with it, before anybody is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.domain.claim import Claim, canonical_bytes
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.problems import Problem
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.store import claims, exceptions, transitions, work
from pipeline.store.claims import NewClaim, StoredClaim
from pipeline.store.crypto import sha256
from pipeline.store.database import Tenant


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
        receipts = _store(tx, parsed, ready=ready)
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


def _store(tx: Tenant, parsed: Sequence[Claim | list[Problem]], *, ready: bool) -> list[Receipt]:
    good = [claim for claim in parsed if isinstance(claim, Claim)]
    known = claims.find(tx, [claim.external_id for claim in good])
    fresh: dict[str, NewClaim] = {}
    receipts: list[Receipt] = []
    for claim in parsed:
        if not isinstance(claim, Claim):
            receipts.append(Receipt(Outcome.REFUSED, problems=claim))
        elif claim.external_id in fresh:
            receipts.append(_twice(claim, fresh[claim.external_id]))
        elif (stored := known.get(claim.external_id)) is not None and not _is_new_version(claim, stored):
            receipts.append(_again(tx, claim, stored))
        else:
            version = 1 if stored is None else stored.version + 1
            fresh[claim.external_id] = _new(claim, version)
            receipts.append(
                Receipt(Outcome.STORED, claim.external_id, None, tx.keys.claim_number(claim.external_id))
            )
    ids = claims.add(tx, list(fresh.values()), ready=ready)
    return [
        Receipt(r.outcome, r.external_id, ids.get(r.clm01 or ""), r.clm01) if r.outcome is Outcome.STORED else r
        for r in receipts
    ]


def _is_new_version(claim: Claim, stored: StoredClaim) -> bool:
    """A replacement or void of something that went out is a further version under the same number."""
    return claim.frequency in {"7", "8"} and stored.submitted and stored.content_sha256 != _hash(claim)


def _again(tx: Tenant, claim: Claim, stored: StoredClaim) -> Receipt:
    if stored.content_sha256 == _hash(claim):
        return Receipt(Outcome.REPLAYED, claim.external_id, stored.id, stored.clm01)
    if not stored.submitted and claims.replace_draft(tx, stored.id, _new(claim, stored.version)):
        transitions.move(tx, Kind.CLAIM, [stored.id], "readied")
        exceptions.close(tx, "edit_failed", "claim", [stored.id], "a corrected claim came in")
        return Receipt(Outcome.REDRAFTED, claim.external_id, stored.id, stored.clm01)
    return Receipt(
        Outcome.REFUSED,
        claim.external_id,
        stored.id,
        stored.clm01,
        [
            Problem(
                path="external_id",
                code="INT01",
                message="a claim with this id and other content is already on its way or sent",
                cure='send a replacement (frequency "7") or a void ("8") with the payer\'s claim number',
            )
        ],
    )


def _twice(claim: Claim, first: NewClaim) -> Receipt:
    same = first.content_sha256 == _hash(claim)
    problem = Problem(
        path="external_id",
        code="INT02",
        message="the request holds this id twice with different content",
        cure="send each claim once",
    )
    return Receipt(Outcome.REPLAYED if same else Outcome.REFUSED, claim.external_id, problems=[] if same else [problem])


def _hash(claim: Claim) -> bytes:
    return sha256(canonical_bytes(claim))


def _new(claim: Claim, version: int) -> NewClaim:
    document = canonical_bytes(claim)
    return NewClaim(
        external_id=claim.external_id,
        version=version,
        frequency=claim.frequency,
        member_id=claim.member_id or "",
        content_sha256=sha256(document),
        payer_id=claim.payer.payer_id,
        charge_cents=claim.charge_cents,
        patient_paid_cents=claim.patient_paid_cents or 0,
        service_from=claim.service_from,
        document=document,
    )
