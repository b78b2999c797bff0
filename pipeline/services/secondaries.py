"""Billing the next payer by a person's word: where the flow does not do it by itself, or once more after it could not."""

from dataclasses import dataclass

from pipeline.domain.errors import Conflict, NotKnown
from pipeline.domain.secondary import Told
from pipeline.services.permitted import permitted
from pipeline.stages import coordinating
from pipeline.stages.context import Context
from pipeline.stages.decisions import Claims, load_decided
from pipeline.store import audit, inbound, remittances, secondaries, stories, work
from pipeline.store.database import Tenant
from pipeline.store.remittances import StoredDecision
from pipeline.store.secondaries import STAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """The claim's new version for the next payer, which goes by itself; `changed` is false where it was made before."""

    clm01: str
    version: int
    payer_id: str
    changed: bool


def bill_next(ctx: Context, org_id: int, actor: str, claim: str, *, although_crossed_over: bool = False) -> Billed:
    """Bills the payer after the one who decided the claim (CLM01 or external id) last. Said twice it does nothing more.

    Raises NotKnown, NotAllowed and Conflict: nothing is decided or left to a further payer, the payer has passed the claim on
    himself (unless `although_crossed_over`), or his decision cannot be copied, which is told.
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "claims.secondary")
        clm01, row = _last_decision(tx, claim)
        if (before := _made_before(tx, clm01, row, changed=False)) is not None:
            return before
        if row.crossed_over_to is not None and not although_crossed_over:
            raise Conflict(
                f"the payer has passed the claim on himself (to {row.crossed_over_to}): its decision comes without another"
                " claim; bill it all the same with --although-crossed-over"
            )
        told = _read(tx, row)
        outcome = coordinating.make(ctx, tx, [row.id], told, by_hand=True)
        # What waited to be done by itself is done, or a person looks at it.
        work.done(tx, STAGE, [row.id])
        if outcome.made:
            work.put(tx, "take", [org_id], 0)
            audit.note(tx, "claims.secondary", "claim", outcome.made[row.id], f"from decision {row.id}")
        made = _made_before(tx, clm01, row, changed=True)
    if outcome.made:
        ctx.ring("take", org_id, [org_id])
    if made is None:
        raise Conflict(_why(outcome, row))
    return made


def _why(outcome: coordinating.Outcome, row: StoredDecision) -> str:
    if outcome.told:
        return (
            f"decision {row.id} cannot be told to the next payer as it stands: `claimrail exceptions --type secondary`"
        )
    if outcome.later:
        return f"decision {row.id} bears a day that has not come: no payer takes it before"
    return f"decision {row.id} leaves nothing to a further payer that the claim names"


def _last_decision(tx: Tenant, claim: str) -> tuple[str, StoredDecision]:
    """CLM01, and the last decision that stands on the latest version that was decided."""
    versions = stories.versions(tx, claim)
    if not versions:
        raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
    decided = remittances.posted(tx, [version.id for version in versions])
    rows = remittances.decisions_by_id(tx, [one.id for one in decided if not one.is_item])
    known: Claims = load_decided(tx, rows)
    last = [one for version in versions if (one := known.last_decision(version.id)) is not None]
    if not last:
        raise Conflict(
            f"claim {versions[-1].clm01} is not decided: its first payer must have his say before the next one"
        )
    return versions[-1].clm01, next(row for row in rows if row.id == last[-1])


def _made_before(tx: Tenant, clm01: str, row: StoredDecision, *, changed: bool) -> Billed | None:
    assert row.claim_id is not None
    own = next((one for one in secondaries.made_from(tx, [row.claim_id]) if one.made_from_id == row.id), None)
    if own is None:
        return None
    return Billed(clm01=clm01, version=own.version, payer_id=own.payer_id, changed=changed)


def _read(tx: Tenant, row: StoredDecision) -> dict[int, Told]:
    source = secondaries.source(tx, row.id)
    file = inbound.get(tx, source.inbound_file_id)
    return coordinating.read_told(file.content, [source]) if file else {}
