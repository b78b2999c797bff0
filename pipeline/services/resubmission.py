"""Sending again by a person's word: claims that were held with their file, or rejected with their set."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain import answering
from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.services.listings import outgoing_number
from pipeline.stages.context import Context
from pipeline.store import audit, claims, exceptions, files, outside, rejections, tenants, work
from pipeline.store.database import Tenant
from pipeline.store.rejections import Candidate

_SETTLED = ("set_rejected", "tries_exhausted", "edit_failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resubmitted:
    """What goes again. `left` are claims (CLM01) that the partner may have after all: each must be named to go.

    `paused_mailbox`: it makes no new files, so that they wait until it is resumed.
    """

    sent_again: list[str]
    left: list[str]
    paused_mailbox: str | None


def resubmit_file(ctx: Context, org_id: int, actor: str, ref: str) -> Resubmitted:
    """Sends again what is held of a file, by its name in `claimrail files` (O12); same CLM01, new numbers.

    Raises NotKnown, CallerError (no file's name), Conflict (nothing of it is held). Run twice it sends once.
    """
    file_id = outgoing_number(ref)
    with ctx.database.tenant(org_id, actor) as tx:
        lot_id, told = send_file(ctx, tx, file_id)
    ctx.ring("bundle", org_id, [lot_id])
    return told


def send_file(ctx: Context, tx: Tenant, file_id: int) -> tuple[int, Resubmitted]:
    """As `resubmit_file`, in the caller's transaction: the lot to ring `bundle` for, and what goes."""
    if files.get(tx, file_id) is None:
        raise NotKnown(f"there is no file O{file_id}")
    found = rejections.held_in(tx, file_id)
    if not found:
        raise Conflict(f"no claim of file O{file_id} is held")
    going = [one for one in found if not one.doubtful]
    lot_id, told = _send(ctx, tx, going, left=[one.clm01 for one in found if one.doubtful])
    audit.note(tx, "file.resubmit", "file", file_id, f"{len(told.sent_again)} claims")
    return lot_id, told


def resubmit_claims(ctx: Context, org_id: int, actor: str, keys: Sequence[str]) -> Resubmitted:
    """Sends claims again, unchanged, by CLM01 or the tenant's own id: all of them, or none.

    Raises NotKnown, and Conflict for a claim that is neither held nor rejected with its set. One that was held after a
    restore goes too: who names it says that it never arrived.
    """
    if not keys:
        raise CallerError("name the claims, or a file with --file")
    with ctx.database.tenant(org_id, actor) as tx:
        found = [_sendable(rejections.named(tx, key)) for key in dict.fromkeys(keys)]
        lot_id, told = _named(ctx, tx, found)
    ctx.ring("bundle", org_id, [lot_id])
    return told


@dataclass(frozen=True, slots=True)
class Sorted:
    """Claims that go again, by CLM01, in which lot (None: not one goes); and why each of the others stays."""

    lot_id: int | None
    sent_again: frozenset[str]
    stays: dict[str, str]


def send_what_goes(ctx: Context, tx: Tenant, clm01s: Sequence[str]) -> Sorted:
    """As `resubmit_claims`, in the caller's transaction, but one that cannot go stops no other. The caller rings."""
    going: list[Candidate] = []
    stays: dict[str, str] = {}
    known = rejections.of_numbers(tx, clm01s)
    for clm01 in dict.fromkeys(clm01s):
        try:
            going.append(_sendable(known.get(clm01)))
        except CallerError as error:
            stays[clm01] = str(error)
    if not going:
        return Sorted(None, frozenset(), stays)
    lot_id, told = _named(ctx, tx, going)
    stays |= {one.clm01: "it moved on in this moment" for one in going if one.clm01 not in told.sent_again}
    return Sorted(lot_id, frozenset(told.sent_again), stays)


def _named(ctx: Context, tx: Tenant, found: Sequence[Candidate]) -> tuple[int, Resubmitted]:
    lot_id, told = _send(ctx, tx, found, left=[])
    audit.note_all(tx, "claim.resubmit", "claim", [one.claim_id for one in found])
    return lot_id, told


def _sendable(one: Candidate | None) -> Candidate:
    if one is None:
        raise NotKnown("there is no claim of this CLM01 or external id; both are compared letter by letter")
    if not answering.sendable(one.state, one.last_submission, named_outside=one.named_outside):
        raise Conflict(
            f"claim {one.clm01} is {one.state}, and neither lost with a rejected set nor held after a restore: it stays as it is"
        )
    return one


def _send(ctx: Context, tx: Tenant, going: Sequence[Candidate], *, left: list[str]) -> tuple[int, Resubmitted]:
    numbers = {one.claim_id: one.clm01 for one in going}
    lot_id, moved = claims.send_on(tx, list(numbers), "resubmitted", business_at=ctx.clock.now())
    work.put(tx, "bundle", [lot_id], 0)
    said = f"sent again by {tx.actor}"
    outside.let_go(tx, moved, said)
    exceptions.close(tx, _SETTLED, "claim", moved, said)
    exceptions.close(tx, "file_rejected", "file", rejections.let_go(tx, moved), said)
    paused = next((box.name for box in tenants.mailboxes(tx, "clearinghouse") if box.bundling_pause), None)
    return lot_id, Resubmitted(sent_again=[numbers[i] for i in moved], left=left, paused_mailbox=paused)
