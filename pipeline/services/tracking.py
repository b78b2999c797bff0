"""Where claims and files stand, in the words that people know from a clearinghouse: its numbers, windows, a batch's status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.domain import watching as rules
from pipeline.domain.mailbox import ClearinghouseProfile
from pipeline.domain.watching import Waiting, batch_status
from pipeline.stages.context import Context
from pipeline.store import listings, tenants, watching
from pipeline.store.database import Tenant
from pipeline.store.stories import Try, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """What to name when asking about a claim, and until when an answer should have come (business time).

    `awaits` is `status` (a payer's answer) or `decision` (the 835); None, with its end, where nobody owes an answer.
    """

    clearinghouse_id: str | None  # the OA Claim ID
    payer_control_number: str | None
    awaits: str | None
    window_ends: datetime | None
    next_step: str | None


def tracking(ctx: Context, tx: Tenant, version: Version, tries: Sequence[Try]) -> Tracking:
    """Of one claim version, with its submissions in any order."""
    own = sorted((one for one in tries if one.claim_id == version.id), key=lambda one: -one.attempt)
    found = _window(ctx, tx, version.id)
    return Tracking(
        clearinghouse_id=next((one.clearinghouse_id for one in own if one.clearinghouse_id), None),
        payer_control_number=next((one.payer_control_number for one in own if one.payer_control_number), None),
        awaits=found.awaits if found else None,
        window_ends=found.ends if found else None,
        next_step=version.next_step,
    )


def _window(ctx: Context, tx: Tenant, claim_id: int) -> rules.Window | None:
    one = watching.waiting_claim(tx, status_days(tx), claim_id)
    if one is None:
        return None
    waiting = Waiting(state=one.state, sent=one.sent, accepted=one.accepted, answered=one.answered)
    return rules.window(waiting, one.status_days, ctx.limits.decision_window_days)


def status_days(tx: Tenant) -> dict[int, int]:
    """By clearinghouse mailbox the days within which a payer should answer."""
    profiles = {box.id: box.profile for box in tenants.mailboxes(tx, "clearinghouse")}
    return {box_id: p.status_window_days for box_id, p in profiles.items() if isinstance(p, ClearinghouseProfile)}


@dataclass(frozen=True, slots=True)
class Standing:
    """A batch's status for people; `waiting_h` are whole business hours since it was to leave, while it is AWAITING."""

    status: str
    waiting_h: int | None
    rejected: int


def standings(ctx: Context, tx: Tenant, file_ids: Sequence[int]) -> Mapping[int, Standing]:
    """Of each of these 837 files; others are left out."""
    return {one.file_id: _standing(ctx, one) for one in listings.batches(tx, file_ids)}


def _standing(ctx: Context, one: listings.Batch) -> Standing:
    found = batch_status(one.state, one.submissions, answered=one.answered)
    hours = None
    if found.word is rules.Word.AWAITING and one.due is not None:
        hours = max(0, (ctx.clock.now() - one.due) // timedelta(hours=1))
    return Standing(str(found.word), hours, found.rejected)
