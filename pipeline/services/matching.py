"""Matching by hand: a person says whose a payer's decision is, or that it is not theirs after all."""

from dataclasses import dataclass

from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.domain.ledger import NewEntry, NewJournal, Position
from pipeline.domain.next_step import NextStep
from pipeline.domain.posting import Posting, applied_from_cash
from pipeline.domain.rebilling import evened
from pipeline.domain.remittance import Verdict
from pipeline.domain.states import Kind
from pipeline.services.permitted import permitted
from pipeline.stages import coordinating, items, posting, taken_back
from pipeline.stages.context import Context
from pipeline.stages.decisions import Claims, load_claim
from pipeline.stages.posting import Outcome
from pipeline.store import audit, exceptions, ledger, matching_by_hand, remittances, stories, transitions, work
from pipeline.store import claims as claim_rows
from pipeline.store.database import Tenant
from pipeline.store.remittances import StoredDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What came of it. `changed` is false where it was so already."""

    remittance_claim_id: int
    clm01: str
    changed: bool


def match(ctx: Context, org_id: int, actor: str, remittance_claim_id: int, claim: str, reason: str) -> Matched:
    """Ties a decision that found no claim to the claim with this CLM01 or external id; its money follows.

    The decision is posted as if it had borne the right number, out of the unapplied cash it lay in. Said twice it does
    nothing more. Raises NotKnown, NotAllowed, CallerError (no reason) and Conflict (it is another claim's, or nothing to
    post).
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "matching.match")
        row, inbound_file_id = _decision(tx, remittance_claim_id, reason)
        if row.is_premiums:
            raise Conflict(f"decision {row.id} is the premiums of an 820: they are no claim's")
        versions = stories.versions(tx, claim)
        if not versions:
            raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
        latest = versions[-1]
        if row.claim_id is not None:
            if row.claim_id in {version.id for version in versions}:
                return Matched(remittance_claim_id=row.id, clm01=latest.clm01, changed=False)
            raise Conflict(f"decision {row.id} is another claim's: untie it first with `claimrail unmatch {row.id}`")
        if row.verdict is Verdict.FORWARDED:
            raise Conflict(
                f"decision {row.id} decides nothing: the payer forwarded the claim, or only predetermined it"
            )
        _tie(ctx, tx, row, inbound_file_id, [version.id for version in reversed(versions)], reason)
        audit.note(tx, "matching.match", "remittance_claim", row.id, latest.clm01)
    return Matched(remittance_claim_id=remittance_claim_id, clm01=latest.clm01, changed=True)


def _tie(ctx: Context, tx: Tenant, row: StoredDecision, file_id: int, claim_ids: list[int], reason: str) -> None:
    for claim_id in claim_ids:  # the latest version that went out
        claims = load_claim(tx, row, claim_id)
        if claims.by_id:
            break
    else:
        raise Conflict("the claim never went out: no payer can have decided it")
    candidate = claims.by_id[claim_id]
    action_id = matching_by_hand.note_action(tx, row.id, candidate.claim_id, "match", reason)
    outcome = Outcome(tied=[(row.id, candidate.claim_id, "hand")])
    entries = applied_from_cash(posting.post(ctx, candidate, row, claims, outcome).entries)
    outcome.journals.append(_journal(ctx, action_id, "posted", file_id, row, entries))
    posting.settle(ctx, tx, file_id, outcome, claims)
    said = f"matched by {tx.actor}"
    exceptions.close(tx, ("unmatched_claim", "unmatched_line"), "remittance_claim", [row.id], said)
    _look_again(ctx, tx, row)


def unmatch(ctx: Context, org_id: int, actor: str, remittance_claim_id: int, reason: str) -> Matched:
    """Takes a decision away from its claim: the contra of what it posted, its money in unapplied cash.

    The claim is as the payer's reversal would leave it. Only the last decision, or item of an 820, that stands can be taken
    away. Said twice it does nothing more. Raises NotKnown, CallerError (no reason) and Conflict.
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "matching.unmatch")
        row, inbound_file_id = _decision(tx, remittance_claim_id, reason)
        if row.claim_id is None:
            return Matched(remittance_claim_id=row.id, clm01=row.clp01, changed=False)
        claims = load_claim(tx, row, row.claim_id)
        clm01 = claims.by_id[row.claim_id].clm01
        _untie(ctx, tx, row, inbound_file_id, claims, reason)
        audit.note(tx, "matching.unmatch", "remittance_claim", row.id, clm01)
    return Matched(remittance_claim_id=remittance_claim_id, clm01=clm01, changed=True)


def _untie(ctx: Context, tx: Tenant, row: StoredDecision, file_id: int, claims: Claims, reason: str) -> None:
    claim_id = row.claim_id
    assert claim_id is not None
    books_id = claims.books(claim_id)
    standing = claims.standing.get(books_id, [])
    if not standing or standing[-1].id != row.id:
        raise Conflict(
            f"decision {row.id} is a reversal, was reversed, or others came after it: untie the last one that stands first"
        )
    taken_back.stop_refunds(ctx, tx, [books_id])
    entries = ledger.decision_entries(tx, [row.id]).get(row.id, [])
    contra = applied_from_cash(entry._replace(amount_cents=-entry.amount_cents) for entry in entries)
    contra += tuple(evened(books_id, ledger.positions(tx, [books_id]).get(books_id, Position()).after(contra)))
    action_id = matching_by_hand.note_action(tx, row.id, claim_id, "unmatch", reason)
    ledger.post(tx, [_journal(ctx, action_id, "undone", file_id, row, contra)])
    # While it still says whose it was.
    coordinating.ground_taken(ctx, tx, [claim_id])
    remittances.untie(tx, row.id)
    if row.is_item:
        _leave_by_item(ctx, tx, file_id, claims, contra)
    else:
        transitions.move(
            tx, Kind.CLAIM, [claim_id], "reversed", inbound_file_id=file_id, detail=f"decision {row.id} is not its own",
            business_at=ctx.clock.now(),
        )  # fmt: skip
        claim_rows.name_next_steps(tx, {claim_id: str(NextStep.AWAIT_DECISION)})
        exceptions.close(tx, "denied", "claim", [claim_id], f"unmatched by {tx.actor}")
    exceptions.open_all(tx, [posting.unmatched(row)])


def _leave_by_item(ctx: Context, tx: Tenant, file_id: int, claims: Claims, contra: tuple[NewEntry, ...]) -> None:
    """An item of an 820 was no decision: the claim moves only where the payment alone had settled it, or opened it."""
    [candidate] = claims.by_id.values()
    before = claims.position(candidate.claim_id)
    claims.positions[candidate.books_id] = before.after(contra)
    effect = items.followed(candidate, claims, Posting(contra), before, items.PARTED)
    outcome = Outcome()
    posting.note_item(candidate.claim_id, effect, outcome)
    posting.settle(ctx, tx, file_id, outcome, claims)


def _journal(
    ctx: Context, action_id: int, purpose: str, file_id: int, row: StoredDecision, entries: tuple[NewEntry, ...]
) -> NewJournal:
    return NewJournal("match_action", action_id, purpose, ctx.today(), entries, file_id, None, row.segment)


def _decision(tx: Tenant, remittance_claim_id: int, reason: str) -> tuple[StoredDecision, int]:
    if not reason.strip():
        raise CallerError("say why: who looks at it later will ask")
    ledger.lock(tx)
    row = remittances.decision(tx, remittance_claim_id)
    if row is None:
        raise NotKnown(f"there is no decision {remittance_claim_id}: `claimrail unmatched` lists those without a claim")
    remittance = remittances.get(tx, row.remittance_id)
    if not remittances.is_posted(tx, remittance.id):
        raise Conflict(f"the remittance of decision {row.id} is not posted")
    return row, remittance.inbound_file_id


def _look_again(ctx: Context, tx: Tenant, row: StoredDecision) -> None:
    """The patient may have money to get back now."""
    remittances.look_again(tx, row.remittance_id)
    work.put(tx, "release", [tx.org_id], ctx.limits.release_delay_s)
