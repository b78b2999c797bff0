"""Asking a payer by a person's word what became of claims (276), whatever the payers' rules say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.services.permitted import permitted
from pipeline.stages import chasing
from pipeline.stages.context import Context
from pipeline.store import audit, stories
from pipeline.store import status_inquiries as inquiries
from pipeline.store.database import Tenant
from pipeline.store.status_inquiries import Row, SilentClaim
from pipeline.store.stories import Version

_AGAIN_H = 24


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry that waits for its file."""

    id: int
    clm01: str


def ask(ctx: Context, org_id: int, actor: str, keys: Sequence[str]) -> list[Inquiry]:
    """Asks about claims, by CLM01 or the tenant's own id: all of them, or none; their 276 files are made at once.

    Raises CallerError (none named), NotKnown, NotAllowed, and Conflict for a claim that is not out or is decided, or that
    was asked about within a day and is not answered: a second call asks no second time.
    """
    if not keys:
        raise CallerError("name the claims that are to be asked about")
    with ctx.database.tenant(org_id, actor) as tx:
        permitted(tx, actor, "claims.ask")
        inquiries.lock(tx)
        versions = sorted({_latest(tx, key) for key in keys}, key=lambda one: one.id)
        found = [_askable(ctx, tx, one) for one in versions]
        ids = inquiries.ask(tx, found, actor, ctx.clock.now())
        for one in found:
            audit.note(tx, "claim.ask", "claim", one.claim_id)
    chasing.make_files(ctx, org_id)
    return [Inquiry(i, one.clm01) for i, one in zip(ids, found, strict=True)]


def about(ctx: Context, org_id: int, actor: str, key: str) -> list[Row]:
    """The inquiries about a claim with all that was answered, the oldest first. Raises NotKnown; that `actor` looked is noted."""
    with ctx.database.tenant(org_id, actor) as tx:
        versions = _versions(tx, key)
        audit.note(tx, "claim.inquiries", "claim", versions[-1].id)
        return inquiries.about(tx, [one.id for one in versions])


def _versions(tx: Tenant, key: str) -> list[Version]:
    found = stories.versions(tx, key)
    if not found:
        raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
    return found


def _latest(tx: Tenant, key: str) -> Version:
    return _versions(tx, key)[-1]


def _askable(ctx: Context, tx: Tenant, version: Version) -> SilentClaim:
    found = inquiries.standing(tx, version.id)
    if found is None:
        raise Conflict(
            f"claim {version.clm01} is {version.state}: only a claim that is out and not decided is asked about"
        )
    if found.open and found.asked is not None and ctx.clock.now() < found.asked + timedelta(hours=_AGAIN_H):
        raise Conflict(
            f"claim {found.clm01} was asked about on {found.asked:%Y-%m-%d %H:%M} UTC and is not answered yet: wait a day,"
            " then ask again"
        )
    return found
