"""Deposits by hand: both waiting lists side by side, matching and taking apart, and money that no remittance explains.

Every act asks for a reason, is written down in the actor's name, moves rows along their arrows and books what follows in
one transaction. Done twice it changes nothing more.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.domain import deposits as journals
from pipeline.domain import reassociation
from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.domain.reassociation import BY_HAND
from pipeline.domain.states import Kind
from pipeline.services.permitted import permitted
from pipeline.stages import deposits as stage
from pipeline.stages import passing_on
from pipeline.stages.context import Context
from pipeline.store import audit, deposits, exceptions, ledger, reasons, transitions, work
from pipeline.store import reassociation as waiting
from pipeline.store.database import Tenant
from pipeline.store.deposits import Deposit
from pipeline.store.reasons import Reason
from pipeline.store.reassociation import WaitingDeposit, WaitingRemittance


@dataclass(frozen=True, slots=True)
class WaitingLists:
    """Money without its remittance, and remittances without their money, the oldest first. Amounts in cents."""

    deposits: Sequence[WaitingDeposit]
    remittances: Sequence[WaitingRemittance]


def lists(ctx: Context, org_id: int) -> WaitingLists:
    """Both waiting lists as they stand at one moment."""
    with ctx.database.tenant(org_id, "system:deposits", snapshot=True) as tx:
        return WaitingLists(waiting.waiting_deposits(tx), waiting.waiting_remittances(tx))


@dataclass(frozen=True, slots=True)
class Told:
    """One deposit, and what people did with it and why."""

    deposit: Deposit
    reasons: Sequence[Reason]


def show(ctx: Context, org_id: int, actor: str, deposit_id: int) -> Told:
    """Raises NotKnown. That the reasons were read is written down."""
    with ctx.database.tenant(org_id, actor) as tx:
        found = _deposit(tx, deposit_id)
        told = reasons.of(tx, "deposit", deposit_id)
        if told:
            audit.note(tx, "deposit.show", "deposit", deposit_id)
        return Told(found, told)


def match(ctx: Context, org_id: int, actor: str, deposit_id: int, remittance_id: int, reason: str) -> None:
    """WAITING and POSTED → MATCHED: a person says that this deposit pays this remittance.

    Raises NotKnown; CallerError where the amounts differ; Conflict where one of them does not wait.
    """
    with _acting(ctx, org_id, actor, "matching.match", reason) as tx:
        found, remittance = _deposit(tx, deposit_id), waiting.remittance(tx, remittance_id)
        if remittance is None:
            raise NotKnown(f"there is no remittance {remittance_id}; `claimrail deposits list` names those that wait")
        if found.remittance_id == remittance_id:
            return
        if found.state != "WAITING":
            raise Conflict(f"deposit {deposit_id} does not wait: it is {found.state}{_cure(found)}")
        if remittance.state != "POSTED":
            raise Conflict(f"remittance {remittance_id} waits for no deposit: it is {remittance.state}")
        if found.amount_cents != remittance.amount_cents:
            raise CallerError(
                f"deposit {deposit_id} is of {found.amount_cents} cents, remittance {remittance_id} of"
                f" {remittance.amount_cents}: only equal amounts are matched. Ask payer and bank which one is right: a"
                " corrected remittance or the rest of the money has to come, or settle the deposit if it is other money"
            )
        stage.marry(ctx, tx, [(deposit_id, remittance_id)], BY_HAND)
        reasons.note(tx, "deposit.match", "deposit", deposit_id, reason)
        work.put(tx, "release", [org_id], ctx.limits.release_delay_s)


def unmatch(ctx: Context, org_id: int, actor: str, deposit_id: int, reason: str) -> None:
    """MATCHED → WAITING, its remittance MATCHED → POSTED, the books as before; the two never meet by themselves again.

    Refunds on the remittance's claims that have not left wait with it. Raises NotKnown; Conflict where nothing is matched.
    """
    with _acting(ctx, org_id, actor, "matching.unmatch", reason) as tx:
        found = _deposit(tx, deposit_id)
        if found.state == "WAITING" and deposits.last_event(tx, deposit_id) == "unmatched":
            return
        if found.state != "MATCHED" or found.remittance_id is None:
            raise Conflict(f"deposit {deposit_id} is matched with nothing: it is {found.state}{_cure(found)}")
        today = ctx.today()
        deposits.part(tx, deposit_id, found.remittance_id, reassociation.due(None, today), ctx.clock.now())
        times = deposits.times(tx, [deposit_id], "unmatched").get(deposit_id, 0)
        ledger.post(tx, [journals.unmatched(found.booking(today, times), found.remittance_id)])
        passing_on.owe_no_more(ctx, tx, [deposit_id])
        reasons.note(tx, "deposit.unmatch", "deposit", deposit_id, reason)


def settle(ctx: Context, org_id: int, actor: str, deposit_id: int, reason: str) -> None:
    """WAITING → SETTLED: money that no remittance explains. It is in the bank, and against it stands unapplied cash.

    Raises NotKnown; Conflict where the deposit does not wait.
    """
    with _acting(ctx, org_id, actor, "matching.match", reason) as tx:
        found = _deposit(tx, deposit_id)
        if found.state == "SETTLED":
            return
        if not transitions.move(tx, Kind.DEPOSIT, [deposit_id], "settled", business_at=ctx.clock.now()):
            raise Conflict(f"deposit {deposit_id} does not wait: it is {found.state}{_cure(found)}")
        times = deposits.times(tx, [deposit_id], "settled").get(deposit_id, 0)
        ledger.post(tx, [journals.settled(found.booking(ctx.today(), times))])
        about = (*stage.OF_DEPOSIT, "deposit_taken_back")
        exceptions.close(tx, about, "deposit", [deposit_id], f"settled by {actor}")
        reasons.note(tx, "deposit.settle", "deposit", deposit_id, reason)


def reopen(ctx: Context, org_id: int, actor: str, deposit_id: int, reason: str) -> None:
    """SETTLED → WAITING, the books as before, and what waits is looked at again.

    Raises NotKnown; Conflict where the deposit is not settled.
    """
    with _acting(ctx, org_id, actor, "matching.unmatch", reason) as tx:
        found = _deposit(tx, deposit_id)
        if found.state == "WAITING" and deposits.last_event(tx, deposit_id) == "reopened":
            return
        today = ctx.today()
        due = reassociation.due(None, today)
        if not transitions.move(
            tx,
            Kind.DEPOSIT,
            [deposit_id],
            "reopened",
            assign="remittance_due = :due",
            business_at=ctx.clock.now(),
            due=due,
        ):
            raise Conflict(f"deposit {deposit_id} is not settled: it is {found.state}{_cure(found)}")
        times = deposits.times(tx, [deposit_id], "reopened").get(deposit_id, 0)
        ledger.post(tx, [journals.reopened(found.booking(today, times))])
        reasons.note(tx, "deposit.reopen", "deposit", deposit_id, reason)
        work.put(tx, "match", [found.inbound_file_id], 0)
    ctx.ring("match", org_id, [found.inbound_file_id])


@contextmanager
def _acting(ctx: Context, org_id: int, actor: str, permission: str, reason: str) -> Iterator[Tenant]:
    """A transaction in the actor's name that is alone with the tenant's money."""
    if not reason.strip():
        raise CallerError("give a reason: whoever looks at the books later will ask for it")
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, permission)
        ledger.lock(tx)
        yield tx


def _deposit(tx: Tenant, deposit_id: int) -> Deposit:
    found = deposits.by_id(tx, [deposit_id]).get(deposit_id)
    if found is None:
        raise NotKnown(f"there is no deposit {deposit_id}; `claimrail deposits list` names those that wait")
    return found


def _cure(found: Deposit) -> str:
    """What may be done about a deposit that is not where it was thought to be."""
    cures = {
        "MATCHED": f" with remittance {found.remittance_id}; `claimrail deposits unmatch {found.id}` takes them apart",
        "SETTLED": f"; `claimrail deposits reopen {found.id}` lets it wait again",
        "TAKEN_BACK": "; the payer took it back, and its money is gone",
        "TAKING_BACK": "; it took another deposit back",
    }
    return cures.get(found.state, "")
