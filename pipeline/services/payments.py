"""What approvers do: see what waits, approve it, deny it. Maker and approver are never the same person."""

from collections.abc import Sequence

from pipeline.domain import permissions
from pipeline.domain.errors import CallerError, Conflict, NotAllowed, NotKnown
from pipeline.domain.states import TABLES, Kind
from pipeline.stages.context import Context
from pipeline.store import approvals, exceptions, payment_watching, payments, tenants, transitions, work
from pipeline.store.approvals import Listed
from pipeline.store.database import Tenant
from pipeline.store.payment_watching import Provisional


def waiting(ctx: Context, org_id: int) -> list[Listed]:
    """Payments that the rules give to people and that are not decided, oldest first."""
    return listed(ctx, org_id, ["WAITING"])


def listed(ctx: Context, org_id: int, states: Sequence[str] | None = None) -> list[Listed]:
    """Payments of every kind in these states, or in any, oldest first. CallerError for a state that no payment has."""
    known = sorted(set(TABLES[Kind.PAYMENT].values()))
    if strange := sorted(set(states or ()) - set(known)):
        raise CallerError(f"no payment is {', '.join(strange)}; states are {', '.join(known)}")
    with ctx.tenant(org_id, "payments") as tx:
        return approvals.listed(tx, states)


def provisional(ctx: Context, org_id: int) -> Sequence[Provisional]:
    """Payments that are with their payees and may ordinarily come back still, by the last day for that."""
    with ctx.tenant(org_id, "payments") as tx:
        return payment_watching.provisional(tx)


def approve(ctx: Context, org_id: int, payment_id: int, principal_name: str) -> int:
    """Says yes to the payment's content as it is now; with the last yes that its rules ask for it goes with the next file.

    Gives how many more are needed. Raises NotKnown (payment, person), NotAllowed (no approver, or the maker), Conflict
    (nothing waits, content changed, or this person has decided already: nobody counts twice).
    """
    with ctx.database.tenant(org_id, principal_name) as tx:
        needed = _decide(tx, payment_id, principal_name, "approve")
        left = max(needed - approvals.given(tx, payment_id), 0)
        event = "endorsed" if left else "approved"
        now = ctx.clock.now()
        given = "" if left else "approved_at = :at"
        transitions.move(tx, Kind.PAYMENT, [payment_id], event, assign=given, at=now, business_at=now)
        if left:
            return left
        exceptions.close(tx, "rule_hold", "payment", [payment_id], f"{principal_name}: payment.approve")
        work.put(tx, "release", [org_id], 0)
    ctx.ring("release", org_id, [org_id])
    return 0


def deny(ctx: Context, org_id: int, payment_id: int, principal_name: str, reason: str) -> None:
    """WAITING → DENIED with a reason; what is owed stays owed in the books. Raises as `approve` does."""
    with ctx.database.tenant(org_id, principal_name) as tx:
        _decide(tx, payment_id, principal_name, "deny")
        transitions.move(
            tx,
            Kind.PAYMENT,
            [payment_id],
            "denied",
            assign="reason = :reason",
            reason=reason,
            business_at=ctx.clock.now(),
        )
        payments.cancel(tx, [payment_id], ctx.today())
        exceptions.close(tx, "rule_hold", "payment", [payment_id], f"{principal_name}: payment.deny")


def _decide(tx: Tenant, payment_id: int, principal_name: str, decision: str) -> int:
    """Writes the decision down; gives how many must say yes."""
    principal_id, roles = tenants.principal(tx, principal_name)
    payment = approvals.for_decision(tx, payment_id)
    if payment is None:
        raise NotKnown(f"there is no payment {payment_id}")
    permissions.require(roles, "payments.approve")
    if payment.prepared_by == principal_name:
        raise NotAllowed(f"{principal_name} prepared payment {payment_id}: somebody else must decide")
    if payment.state != "WAITING":
        raise Conflict(f"payment {payment_id} waits for no decision: it is {payment.state}")
    if not payment.hash_holds:
        raise Conflict(f"payment {payment_id} is not what was prepared: its content does not fit its hash")
    if decision == "approve" and approvals.has_approved(tx, payment_id, principal_id):
        raise Conflict(f"{principal_name} has approved payment {payment_id} already: somebody else must, too")
    approvals.record_decision(tx, payment_id, principal_id, decision, payment.content_sha256)
    return payment.needed
