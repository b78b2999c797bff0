"""watch: what waits too long by business time is told to a person, and told as settled when it waits no more.

It looks and writes exceptions: nothing that it tells of is moved. A person's word stands until something happens
to the subject again: what he resolved is not raised anew by the mere passing of time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from pipeline.domain import watching as rules
from pipeline.domain.mailbox import ClearinghouseProfile
from pipeline.domain.watching import Unanswered, Waiting
from pipeline.stages import filing, payee_watch, payments_watch
from pipeline.stages.context import Context
from pipeline.store import exceptions, tenants, watching, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.tenants import Mailbox
from pipeline.store.watching import SilentFile, WaitingClaim

log = structlog.get_logger()


def watch(ctx: Context, org_id: int, _subject: int) -> None:
    """Looks once at everything of the tenant that waits, and again after the interval, for ever. The subject is the tenant."""
    with ctx.tenant(org_id, "watch") as tx:
        work.postpone(tx, "watch", org_id, ctx.limits.watch_interval_s)
        boxes = {box.id: box for box in tenants.mailboxes(tx, "clearinghouse")}
        _files(ctx, tx, boxes)
        _claims(ctx, tx, boxes)
        _money(ctx, tx)
        payments_watch.look(ctx, tx)
        filing.ring_at_cutoff(ctx, tx)
        work.succeeded(tx, "watch", org_id)
    payee_watch.look(ctx, org_id)


@dataclass(frozen=True, slots=True)
class _Overdue:
    """What is to be told, and when, by the database's clock, something last happened to its subject."""

    told: Raise
    since: datetime


# -- files ------------------------------------------------------------------------------------------------------------
def _files(ctx: Context, tx: Tenant, boxes: Mapping[int, Mailbox]) -> None:
    hours = {box_id: _profile(box).silence_alarm_h for box_id, box in boxes.items()}
    found = watching.silent_files(tx, hours, ctx.clock.now())
    overdue = [_awaiting(ctx, one, boxes[one.mailbox_id]) for one in found]
    _tell(tx, "awaiting", "file", overdue, "an answer came, or it was voided unsent")


def _awaiting(ctx: Context, one: SilentFile, box: Mailbox) -> _Overdue:
    profile = _profile(box)
    file = Unanswered(
        ref=f"O{one.file_id}",
        name=one.name,
        mailbox=box.name,
        upload_folder=profile.upload_folder,
        state=one.state,
        due=one.due,
        sent=one.sent,
        enabled=box.enabled,
        moved=ctx.held,
        pause_reason=box.pause_reason,
        broken_off=one.broken_off,
        failure=one.failure,
        stopped=one.stopped,
        fetched=one.fetched,
    )
    found = rules.diagnose(file, ctx.clock.now(), timedelta(hours=profile.silence_alarm_h))
    reason = rules.awaiting_reason(file, found)
    return _Overdue(Raise("awaiting", "file", one.file_id, reason, money_cents=one.amount_cents), one.since)


def _profile(box: Mailbox) -> ClearinghouseProfile:
    assert isinstance(box.profile, ClearinghouseProfile)  # their kind was asked for
    return box.profile


# -- claims -----------------------------------------------------------------------------------------------------------
def _claims(ctx: Context, tx: Tenant, boxes: Mapping[int, Mailbox]) -> None:
    days = {box_id: _profile(box).status_window_days for box_id, box in boxes.items()}
    decision_days = ctx.limits.decision_window_days
    found = watching.waiting_claims(tx, days, decision_days, ctx.clock.now())
    overdue = [one for claim in found if (one := _window_over(ctx, claim)) is not None]
    _tell(tx, "status_window_over", "claim", overdue, "an answer or a decision came")
    watching.ask_for_status(tx, {one.told.subject_id for one in overdue})


def _window_over(ctx: Context, one: WaitingClaim) -> _Overdue | None:
    waiting = Waiting(state=one.state, sent=one.sent, accepted=one.accepted, answered=one.answered)
    found = rules.window(waiting, one.status_days, ctx.limits.decision_window_days)
    if found is None or ctx.clock.now() < found.ends:
        return None
    reason = rules.window_reason(found, one.clearinghouse_id)
    told = Raise("status_window_over", "claim", one.claim_id, reason, "warning", one.charge_cents)
    return _Overdue(told, one.since)


# -- money ------------------------------------------------------------------------------------------------------------
def _money(ctx: Context, tx: Tenant) -> None:
    today = ctx.today()
    efts = [
        _Overdue(
            Raise(
                "eft_late",
                "remittance",
                one.id,
                rules.eft_late_reason(one.trace_number or "", one.due),
                money_cents=one.amount_cents,
            ),
            one.since,
        )
        for one in watching.late_remittances(tx, today)
    ]
    _tell(tx, "eft_late", "remittance", efts, "the deposit came, or is awaited no more")
    eras = [
        _Overdue(
            Raise(
                "era_late",
                "deposit",
                one.id,
                rules.era_late_reason(one.trace_number, one.due),
                money_cents=one.amount_cents,
            ),
            one.since,
        )
        for one in watching.late_deposits(tx, today)
    ]
    _tell(tx, "era_late", "deposit", eras, "the remittance came, or is awaited no more")


# -- all --------------------------------------------------------------------------------------------------------------
def _tell(tx: Tenant, type_: str, kind: str, overdue: list[_Overdue], settled: str) -> None:
    """Makes the open exceptions of a type those of `overdue`: new ones opened, reasons kept current, others closed."""
    wanted = {one.told.subject_id: one for one in overdue}
    standing = watching.standing(tx, type_, kind)
    gone = [subject for subject in standing if subject not in wanted]
    closed = exceptions.close(tx, type_, kind, gone, settled) if gone else 0
    current = {subject: one.told.reason for subject, one in wanted.items() if subject in standing}
    watching.reword(tx, type_, kind, {s: reason for s, reason in current.items() if reason != standing[s]})
    new = [subject for subject in wanted if subject not in standing]
    if new:
        ended = watching.resolved_by_others(tx, type_, kind, new, settled)
        exceptions.open_all(tx, [wanted[s].told for s in new if s not in ended or wanted[s].since > ended[s]])
    if closed:
        log.info("waits no more", type=type_, closed=closed)
