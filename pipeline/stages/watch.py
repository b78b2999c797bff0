"""watch: what waits too long by business time is told to a person, and told as settled when it waits no more.

It looks and writes exceptions: nothing that it tells of is moved. A person's word stands until something happens
to the subject again: what he resolved is not raised anew by the mere passing of time.
"""

from collections.abc import Mapping
from datetime import timedelta

from pipeline.domain import watching as rules
from pipeline.domain.watching import Unanswered, Waiting
from pipeline.stages import asking, chasing, filing, payables_watch, payee_watch, payment_watch, rules_watch
from pipeline.stages.context import Context
from pipeline.stages.overdue import Overdue, tell
from pipeline.store import tenants, watching, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.tenants import Mailbox
from pipeline.store.watching import SilentFile, WaitingClaim


def watch(ctx: Context, org_id: int, _subject: int) -> None:
    """Looks once at everything of the tenant that waits, and again after the interval, for ever. The subject is the tenant."""
    payment_watch.look(ctx, org_id)
    with ctx.tenant(org_id, "watch") as tx:
        work.postpone(tx, "watch", org_id, ctx.limits.watch_interval_s)
        boxes = {box.id: box for box in tenants.mailboxes(tx, "clearinghouse")}
        _files(ctx, tx, boxes)
        _claims(ctx, tx, boxes)
        _money(ctx, tx)
        payables_watch.look(ctx, tx)
        filing.ring_at_cutoff(ctx, tx)
        rules_watch.look(ctx, tx)
        asking.look(ctx, tx)
        work.succeeded(tx, "watch", org_id)
    payee_watch.look(ctx, org_id)
    chasing.look(ctx, org_id)


# -- files ------------------------------------------------------------------------------------------------------------
def _files(ctx: Context, tx: Tenant, boxes: Mapping[int, Mailbox]) -> None:
    hours = {box_id: box.clearinghouse.silence_alarm_h for box_id, box in boxes.items()}
    found = watching.silent_files(tx, hours, ctx.clock.now())
    overdue = [_awaiting(ctx, one, boxes[one.mailbox_id]) for one in found]
    tell(tx, "awaiting", "file", overdue, "an answer came, or it was voided unsent")


def _awaiting(ctx: Context, one: SilentFile, box: Mailbox) -> Overdue:
    profile = box.clearinghouse
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
    return Overdue(Raise("awaiting", "file", one.file_id, reason, money_cents=one.amount_cents), one.since)


# -- claims -----------------------------------------------------------------------------------------------------------
def _claims(ctx: Context, tx: Tenant, boxes: Mapping[int, Mailbox]) -> None:
    days = {box_id: box.clearinghouse.status_window_days for box_id, box in boxes.items()}
    decision_days = ctx.limits.decision_window_days
    found = watching.waiting_claims(tx, days, decision_days, ctx.clock.now())
    overdue = [one for claim in found if (one := _window_over(ctx, claim)) is not None]
    tell(tx, "status_window_over", "claim", overdue, "an answer or a decision came")
    watching.ask_for_status(tx, {one.told.subject_id for one in overdue})


def _window_over(ctx: Context, one: WaitingClaim) -> Overdue | None:
    waiting = Waiting(state=one.state, sent=one.sent, accepted=one.accepted, answered=one.answered)
    found = rules.window(waiting, one.status_days, ctx.limits.decision_window_days)
    if found is None or ctx.clock.now() < found.ends:
        return None
    reason = rules.window_reason(found, one.clearinghouse_id)
    told = Raise("status_window_over", "claim", one.claim_id, reason, "warning", one.charge_cents)
    return Overdue(told, one.since)


# -- money ------------------------------------------------------------------------------------------------------------
def _money(ctx: Context, tx: Tenant) -> None:
    today = ctx.today()
    efts = [
        Overdue(
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
    tell(tx, "eft_late", "remittance", efts, "the deposit came, or is awaited no more")
    eras = [
        Overdue(
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
    tell(tx, "era_late", "deposit", eras, "the remittance came, or is awaited no more")
