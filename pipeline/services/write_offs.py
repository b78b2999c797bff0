"""Writing off what payers refused: a person's decision, never a file's. It can be undone."""

from dataclasses import dataclass

from pipeline.domain import ledger as books
from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.domain.ledger import Position
from pipeline.domain.next_step import steps
from pipeline.services.permitted import permitted
from pipeline.stages.context import Context
from pipeline.store import audit, billing, claims, exceptions, ledger, matching_by_hand, remittances, stories
from pipeline.store.database import Tenant
from pipeline.store.remittances import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOff:
    """`write_off_id` names it for `undo`; `left_cents` is still refused and owed."""

    write_off_id: int
    clm01: str
    amount_cents: int
    left_cents: int


def write_off(
    ctx: Context, org_id: int, actor: str, claim: str, reason: str, amount_cents: int | None = None
) -> WrittenOff:
    """Gives up what payers refused of the claim (by CLM01 or external id): all of it, or `amount_cents`.

    Raises NotKnown, CallerError (no reason, no amount above 0) and Conflict (so much is not refused): a second call
    finds nothing more to give up.
    """
    _said(reason, amount_cents)
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "claims.write_off")
        version = _named(tx, claim)
        clm01, claim_id = version.clm01, version.books_id
        refused = _position(tx, claim_id).denied_cents
        amount = refused if amount_cents is None else amount_cents
        if amount > refused or not amount:
            raise Conflict(f"{refused} cents of claim {clm01} are refused and owed: no more can be written off")
        row_id = matching_by_hand.write_off(tx, claim_id, amount, reason)
        ledger.post(tx, [books.written_off(row_id, claim_id, amount, ctx.today())])
        if amount == refused:
            exceptions.close(tx, "denied", "claim", [claim_id, version.claim_id], f"written off by {tx.actor}")
        _name_next_step(tx, version)
        audit.note(tx, "claims.write_off", "claim", version.claim_id, f"write-off {row_id}: {amount} cents")
    return WrittenOff(write_off_id=row_id, clm01=clm01, amount_cents=amount, left_cents=refused - amount)


def undo(ctx: Context, org_id: int, actor: str, write_off_id: int, reason: str) -> bool:
    """Takes a write-off back: the claim is owed again. False where it was taken back already. Raises NotKnown."""
    _said(reason, None)
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "claims.write_off")
        found = matching_by_hand.written_off(tx, write_off_id)
        if found is None:
            raise NotKnown(f"there is no write-off {write_off_id}")
        if found.undone:
            return False
        ledger.lock(tx)
        ledger.post(tx, [books.write_off_undone(found.id, found.claim_id, found.amount_cents, ctx.today())])
        matching_by_hand.undo(tx, found.id)
        _name_next_step(tx, _latest(tx, found.claim_id))
        audit.note(tx, "claims.write_off_undo", "claim", found.claim_id, f"write-off {found.id}")
    return True


def _said(reason: str, amount_cents: int | None) -> None:
    if not reason.strip():
        raise CallerError("say why: who looks at it later will ask")
    if amount_cents is not None and amount_cents <= 0:
        raise CallerError("an amount to write off is above zero")


def _named(tx: Tenant, claim: str) -> Candidate:
    """The latest version that went out, alone with us."""
    ledger.lock(tx)
    versions = stories.versions(tx, claim)
    if not versions:
        raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
    out = remittances.candidates_by_id(tx, [version.id for version in versions])
    if not out:
        raise Conflict(f"claim {versions[-1].clm01} never went out: nothing of it is refused")
    return out[-1]


def _position(tx: Tenant, claim_id: int) -> Position:
    return ledger.positions(tx, [claim_id]).get(claim_id, Position())


def _latest(tx: Tenant, books_id: int) -> Candidate:
    return remittances.candidates_by_id(tx, billing.versions(tx, [books_id]))[-1]


def _name_next_step(tx: Tenant, version: Candidate) -> None:
    position = _position(tx, version.books_id)
    open_ = steps(position, further_payers=version.further_payers, crossed_over=False, refused_for=())
    claims.name_next_steps(tx, {version.claim_id: str(open_[0])})
