"""Placing and ending legal holds. Both are written down for ever: who, when, why."""

from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.stages.context import Context
from pipeline.store import audit, holds
from pipeline.store.database import Tenant
from pipeline.store.holds import Hold


def hold(ctx: Context, org_id: int, actor: str, key: str, reason: str) -> int:
    """Holds a claim, by CLM01 or the tenant's own id, in all its versions; gives the hold's number.

    A claim may be under several holds: each matter places its own. Raises NotKnown, CallerError (no reason).
    """
    with ctx.database.tenant(org_id, actor) as tx:
        clm01 = _claim(tx, key, reason)
        placed = holds.place(tx, clm01, reason)
        audit.note(tx, "hold.place", "hold", placed, clm01)
    return placed


def release(ctx: Context, org_id: int, actor: str, key: str, reason: str, hold_id: int | None = None) -> list[Hold]:
    """Ends the claim's hold, the one of that number where there are several; gives those that still stand.

    Raises NotKnown, CallerError (no reason) and Conflict (no such hold stands, or it is not said which).
    """
    with ctx.database.tenant(org_id, actor) as tx:
        clm01 = _claim(tx, key, reason)
        standing = holds.of_claim(tx, clm01)
        ended = _meant(clm01, standing, hold_id)
        holds.place(tx, clm01, reason, releases=ended.id)
        audit.note(tx, "hold.release", "hold", ended.id, clm01)
    return [one for one in standing if one != ended]


def _claim(tx: Tenant, key: str, reason: str) -> str:
    if not reason.strip():
        raise CallerError("a hold is placed and ended for a reason: say it")
    clm01 = holds.lock(tx, key)
    if clm01 is None:
        raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
    return clm01


def _meant(clm01: str, standing: list[Hold], hold_id: int | None) -> Hold:
    found = [one for one in standing if hold_id in {None, one.id}]
    if not found:
        raise Conflict(f"claim {clm01} is under no such hold")
    if len(found) > 1:
        numbers = ", ".join(str(one.id) for one in found)
        raise Conflict(f"claim {clm01} is under several holds ({numbers}): say which with --hold")
    return found[0]
