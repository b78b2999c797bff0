"""Payees and their bank details by hand: two people stand up for what is paid to, anybody who may can stop it.

Every act is written down in the actor's name; free text is kept sealed. Nothing of an account but its last four digits is
ever given. Whoever proposes bank details counts as the first who stands up for them, and never again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from pipeline.domain import permissions
from pipeline.domain.bank_accounts import AccountForm, faults
from pipeline.domain.errors import CallerError, Conflict, NotAllowed, NotKnown
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payees import BY_HAND, CHANGE_NEEDS, ToldPayee, may_stand_up, plain_name, still_needed
from pipeline.domain.payment import Payee, PayeeKind
from pipeline.services.permitted import permitted
from pipeline.stages import prenoting, ruling
from pipeline.stages.context import Context
from pipeline.store import audit, ledger, payee_changes, payee_listing, payees, reasons, tenants, work
from pipeline.store.database import Tenant
from pipeline.store.payee_changes import Deciding, Held
from pipeline.store.payee_listing import Listed, Shown

_SEC = ("CCD", "CTX")
_ADDED = (PayeeKind.VENDOR, PayeeKind.PAYER, PayeeKind.PROVIDER)
_HOLD_H = 24.0
"""For changed bank details of a tenant that has no bank yet."""


# -- looking ------------------------------------------------------------------------------------------------------------
def listed(ctx: Context, org_id: int, actor: str, kind: str | None, most: int) -> list[Listed]:
    """Payees with where they are paid, the newest first. That they were looked at is written down."""
    wanted = None if kind is None else _kind(kind)
    with ctx.database.tenant(org_id, actor) as tx:
        audit.note(tx, "payee.list", "org", org_id)
        return payee_listing.listed(tx, wanted, most)


def show(ctx: Context, org_id: int, actor: str, payee_id: int) -> Shown:
    """All there is to one payee. Raises NotKnown. That he was looked at is written down."""
    with ctx.database.tenant(org_id, actor) as tx:
        found = payee_listing.shown(tx, payee_id)
        if found is None:
            raise _nobody(payee_id)
        audit.note(tx, "payee.show", "payee", payee_id)
        return found


# -- proposing ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayee:
    """A payee as a person tells of it. `key` names it: payer id, NPI, tax id, own vendor number; never kept in clear."""

    kind: str
    name: str = field(repr=False)
    key: str = field(repr=False)
    sec: str | None = None  # of a vendor: CCD or CTX
    details: AccountForm


@dataclass(frozen=True, slots=True)
class Proposed:
    """`left`: so many people must still stand up for the bank details."""

    payee_id: int
    details_id: int
    left: int


def add(ctx: Context, org_id: int, actor: str, new: NewPayee) -> Proposed:
    """A payee with bank details that wait for a second person; told again with the same account it is the same.

    Raises NotAllowed; CallerError for what cannot be paid to, by field; Conflict where the key is known otherwise.
    """
    kind, sec = _kind(new.kind), _class(new)
    told = ToldPayee(kind=kind, key=_key(new.key), where=_sound(new.details.where(new.name), sec), source="person")
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payees.change")
        payee_id = payees.make(tx, told, sec, ctx.clock.now())
        if payee_id is None:
            return _known(tx, told)
        audit.note(tx, "payee.add", "payee", payee_id)
        return _propose(tx, actor, payee_id, told)


def _known(tx: Tenant, told: ToldPayee) -> Proposed:
    payee_id = payees.find(tx, told.kind, told.key)
    if payee_id is None:
        raise TypeError("a payee that could not be made is there")
    [said] = payees.versions_of(tx, [(payee_id, told.where)])
    if said is None or said.state not in {"PROPOSED", "ACTIVE"}:
        raise Conflict(
            f"payee {payee_id} has this key and other bank details: `claimrail payees change {payee_id}` proposes these"
        )
    left = still_needed(CHANGE_NEEDS, payee_changes.standing_up(tx, said.id)) if said.state == "PROPOSED" else 0
    return Proposed(payee_id, said.id, left)


def change(ctx: Context, org_id: int, actor: str, payee_id: int, details: AccountForm) -> Proposed:
    """Other bank details for a payee; they wait for a second person. Nothing is paid otherwise until then.

    Raises NotKnown, NotAllowed, CallerError as `add`; Conflict where just these wait already.
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payees.change")
        found = _payee(tx, payee_id)
        where = _sound(details.where(found.name), found.sec)
        [said] = payees.versions_of(tx, [(payee_id, where)])
        if said is not None and said.state == "PROPOSED":
            raise Conflict(
                f"bank details {said.id} say so already: `claimrail payees confirm {said.id}` stands up for them"
            )
        return _propose(tx, actor, payee_id, ToldPayee(kind=found.kind, key="", where=where, source="person"))


def _propose(tx: Tenant, actor: str, payee_id: int, told: ToldPayee) -> Proposed:
    details_id = payees.propose(tx, [(payee_id, told)], CHANGE_NEEDS)[payee_id]
    principal_id, _ = tenants.principal(tx, actor)
    payee_changes.stand_up(tx, details_id, principal_id)
    payee_changes.wait_for_people(tx, payee_id, details_id)
    audit.note(tx, "payee.propose", "bank_details", details_id)
    return Proposed(payee_id, details_id, still_needed(CHANGE_NEEDS, payee_changes.standing_up(tx, details_id)))


# -- deciding -----------------------------------------------------------------------------------------------------------
def confirm(ctx: Context, org_id: int, actor: str, details_id: int) -> int:
    """Stands up for proposed bank details; with the last who must, they are the ones that are paid to.

    Gives how many more must. Raises NotKnown, NotAllowed (no role for it, or he proposed them), Conflict (nothing to
    decide, he has stood up before, the payee is on hold).
    """
    with ctx.database.tenant(org_id, actor) as tx:
        principal_id, roles = tenants.principal(tx, actor)
        one = _to_decide(tx, roles, details_id)
        if one.proposed_by == actor:
            raise NotAllowed(f"{actor} proposed bank details {details_id}: somebody else must stand up for them, too")
        if one.held:
            raise Conflict(f"payee {one.payee_id} or his name is on hold: whoever may lifts that first")
        if not payee_changes.stand_up(tx, details_id, principal_id):
            raise Conflict(f"{actor} stands up for bank details {details_id} already: somebody else must, too")
        audit.note(tx, "payee.confirm", "bank_details", details_id)
        left = still_needed(one.needed, payee_changes.standing_up(tx, details_id))
        if left:
            payee_changes.endorsed(tx, details_id, ctx.clock.now())
            return left
        _activate(ctx, tx, one)
        work.put(tx, "release", [org_id], 0)
    ctx.ring("release", org_id, [org_id])
    return 0


def _activate(ctx: Context, tx: Tenant, one: Deciding) -> None:
    now, boxes = ctx.clock.now(), ruling.banks(tx)
    profiles: list[BankProfile] = [box.bank for box in boxes]
    hold_h = max((profile.details_hold_h for profile in profiles), default=_HOLD_H)
    hold_until = now + timedelta(hours=hold_h) if one.changes and hold_h else None
    payee_changes.activate(tx, one, now, hold_until, prenote=prenoting.asked(profiles, one.kind))
    prenoting.propose(ctx, tx)


def refuse(ctx: Context, org_id: int, actor: str, details_id: int, reason: str) -> None:
    """PROPOSED → REFUSED: one person is enough, and whoever proposed them may take them back so. Raises as `confirm`."""
    with ctx.database.tenant(org_id, actor) as tx:
        _reasoned(reason)
        _, roles = tenants.principal(tx, actor)
        one = _to_decide(tx, roles, details_id)
        payee_changes.refuse(tx, one, ctx.clock.now())
        reasons.note(tx, "payee.refuse", "bank_details", details_id, reason)
        work.put(tx, "release", [org_id], 0)
    ctx.ring("release", org_id, [org_id])


def _to_decide(tx: Tenant, roles: Sequence[str], details_id: int) -> Deciding:
    if not may_stand_up(roles):
        permissions.require(roles, "payees.confirm")
    ledger.lock(tx)  # what has not left is voided, and the books with it
    one = payee_changes.for_decision(tx, details_id)
    if one is None:
        raise NotKnown(f"there are no bank details {details_id}; `claimrail payees show PAYEE` names those of a payee")
    if one.state != "PROPOSED":
        raise Conflict(f"bank details {details_id} wait for no decision: they are {one.state}")
    return one


# -- holds --------------------------------------------------------------------------------------------------------------
def hold(ctx: Context, org_id: int, actor: str, payee_id: int, reason: str) -> None:
    """Nothing more leaves for the payee until that is lifted. Raises NotKnown, NotAllowed, CallerError, Conflict (held)."""
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payees.hold")
        _reasoned(reason)
        found = _payee(tx, payee_id)
        if found.hold is not None:
            raise Conflict(f"payee {payee_id} is on hold already ({found.hold})")
        payee_changes.hold(tx, payee_id, BY_HAND, reason)
        reasons.note(tx, "payee.hold", "payee", payee_id, reason)


def lift(ctx: Context, org_id: int, actor: str, payee_id: int, reason: str = "") -> None:
    """What waits for the payee may go again. Raises NotKnown, NotAllowed, Conflict (not held)."""
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payees.hold")
        found = _payee(tx, payee_id)
        if found.hold is None:
            raise Conflict(f"payee {payee_id} is not on hold")
        payee_changes.lift(tx, payee_id)
        reasons.note(tx, "payee.lift", "payee", payee_id, reason or f"was {found.hold}")
        work.put(tx, "release", [org_id], 0)
    ctx.ring("release", org_id, [org_id])


def hold_name(ctx: Context, org_id: int, actor: str, name: str, reason: str) -> int:
    """Nothing more leaves for anybody of this name, known or not yet; gives how many payees that are now.

    Raises NotAllowed, CallerError (no name, no reason), Conflict (held already).
    """
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payees.hold")
        _reasoned(reason)
        if not plain_name(name):
            raise CallerError("give the name: letters or digits of it are what is compared")
        stopped = payee_changes.named(tx, name)
        hold_id = payee_changes.hold_name(tx, name, reason)
        if hold_id is None:
            raise Conflict("this name is on hold already")
        audit.note(tx, "name.hold", "name_hold", hold_id)
        audit.note_all(tx, "name.hold", "payee", stopped)
    return len(stopped)


def lift_name(ctx: Context, org_id: int, actor: str, name: str) -> int:
    """What waits for those of this name may go again; gives how many payees that are. Raises NotAllowed, NotKnown."""
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "payees.hold")
        freed = payee_changes.named(tx, name)
        hold_id = payee_changes.lift_name(tx, name)
        if hold_id is None:
            raise NotKnown("this name is not on hold")
        audit.note(tx, "name.lift", "name_hold", hold_id)
        audit.note_all(tx, "name.lift", "payee", freed)
        work.put(tx, "release", [org_id], 0)
    ctx.ring("release", org_id, [org_id])
    return len(freed)


# -- what is asked of what people give ----------------------------------------------------------------------------------
def _kind(given: str) -> PayeeKind:
    if given not in set(PayeeKind):
        raise CallerError(f"a payee is of kind {', '.join(PayeeKind)}, not {given!r}")
    return PayeeKind(given)


def _class(new: NewPayee) -> str | None:
    if new.kind not in _ADDED:
        raise CallerError(f"only payees of kind {', '.join(_ADDED)} are added by hand: patients come with claims")
    if new.kind != PayeeKind.VENDOR:
        if new.sec is not None:
            raise CallerError("only a vendor has a class of his own (--sec)")
        return None
    if (new.sec or "CCD") not in _SEC:
        raise CallerError(f"a vendor is paid by one of {', '.join(_SEC)}")
    return new.sec or "CCD"


def _key(given: str) -> str:
    key = given.strip().upper()
    if not key:
        raise CallerError("give the key that names the payee: payer id, NPI, tax id or your own vendor number")
    return key


def _sound(where: Payee, sec: str | None) -> Payee:
    if found := faults(where, sec):
        raise CallerError("; ".join(found))
    return where


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise CallerError("give a reason: whoever looks at it later will ask for it")


def _payee(tx: Tenant, payee_id: int) -> Held:
    found = payee_changes.payee(tx, payee_id)
    if found is None:
        raise _nobody(payee_id)
    return found


def _nobody(payee_id: int) -> NotKnown:
    return NotKnown(f"there is no payee {payee_id}; `claimrail payees list` names them")
