"""sweep: one indexed query for all that is due. It rings, or runs the stages itself where there is no Redis."""

import random
import time
from collections.abc import Callable, Mapping

import structlog

from pipeline import logs
from pipeline.domain.errors import ClaimrailError, Collision, ConfigurationError, MailboxPaused, TryLater
from pipeline.stages.context import Context
from pipeline.store import exceptions, work
from pipeline.store.exceptions import Raise
from pipeline.store.work import Due

log = structlog.get_logger()

Stage = Callable[[Context, int, int], None]


def ring_due(ctx: Context, limit: int = 500) -> int:
    """Rings for everything that is due; gives how many. What rings in vain is due again after the lease."""
    due = _take_due(ctx, limit)
    together: dict[tuple[str, int], list[int]] = {}
    alone = []
    for one in due:
        if one.attempts:  # it may be what its worker dies of: no others must go with it
            alone.append(((one.stage, one.org_id), [one.subject_id]))
        else:
            together.setdefault((one.stage, one.org_id), []).append(one.subject_id)
    # Whoever has little is rung for first: a message waits behind those that were sent before it.
    for (stage, org_id), subjects in sorted((*together.items(), *alone), key=lambda one: len(one[1])):
        try:
            ctx.ring(stage, org_id, subjects)
        except Exception as error:  # noqa: BLE001 - one bell that breaks must not silence the others
            log.error("bell broken", stage=stage, org_id=org_id, error=type(error).__name__)  # noqa: TRY400 - no text
    return len(due)


def drain(ctx: Context, stages: Mapping[str, Stage], limit: int = 500) -> int:
    """Runs everything that is due in this process; gives how many runs. One that fails never stops the others."""
    due = _take_due(ctx, limit)
    for one in due:
        run(ctx, stages, one)
    return len(due)


def _take_due(ctx: Context, limit: int) -> list[Due]:
    with ctx.database.narrow() as tx:
        work.keep_watch(tx, ctx.limits.watch_interval_s)
        return work.take_due(tx, limit, ctx.limits.lease_s)


_SUBJECTS = {
    **dict.fromkeys(("validate", "bundle", "render"), "lot_id"),
    **dict.fromkeys(("acknowledge", "ingest", "match"), "inbound_file_id"),
    "coordinate": "remittance_claim_id",
    "upload": "file_id",
    "poll": "mailbox_id",
}
"""What a stage's subject is, for the log; that of the others is the tenant itself."""

_FAILURES: dict[type[Exception], tuple[str, str, str]] = {
    TryLater: ("outage", "info", "tried in vain"),
    ConfigurationError: ("unconfigured", "warning", "a setting is missing"),
    ClaimrailError: ("refused", "warning", "refused"),
    Exception: ("stage_failed", "error", "stage failed"),
}
"""Exception type, level and event of each kind of failure; the first that fits."""


def run(ctx: Context, stages: Mapping[str, Stage], one: Due) -> bool:
    """Runs one stage on one subject; False when it must be tried again, which is then written down."""
    with logs.scope(stage=one.stage, org_id=one.org_id, **{_SUBJECTS.get(one.stage, "subject"): one.subject_id}):
        began, cpu_began = time.monotonic(), time.process_time()
        try:
            _carry_out(ctx, stages[one.stage], one)
        except MailboxPaused as error:
            log.info("waits for its mailbox", reason=str(error))
            return False
        except Exception as error:  # noqa: BLE001 - one failing subject must not stop the others
            _failed(ctx, one, error)
            return False
        log.info(
            "stage done",
            ms=round(1000 * (time.monotonic() - began), 1),
            cpu_ms=round(1000 * (time.process_time() - cpu_began), 1),
        )
        return True


def interrupted(ctx: Context, one: Due) -> None:
    """Writes down that a process died while it ran this: no exception could."""
    _put_off(ctx, one, "stage_failed", "its worker died while it ran")


def _carry_out(ctx: Context, stage: Stage, one: Due) -> None:
    """Runs the stage; where it collides with another it runs again, which no stage minds, after a pause of its own."""
    for tries in range(1, ctx.limits.collision_tries + 1):
        try:
            stage(ctx, one.org_id, one.subject_id)
        except Collision:
            if tries == ctx.limits.collision_tries:
                raise
            # Both may have given way: the same pause would let them meet again.
            time.sleep(random.uniform(0, ctx.limits.collision_pause_s * 2 ** (tries - 1)))
        else:
            return


def _failed(ctx: Context, one: Due, error: Exception) -> None:
    type_, level, event = next(told for kind, told in _FAILURES.items() if isinstance(error, kind))
    # Only our own errors' texts: another's may quote a row; its class and the place are enough to find it.
    reason = str(error) if isinstance(error, ClaimrailError) else logs.place(error)
    attempt = _put_off(ctx, one, type_, reason)
    getattr(log, level)(event, reason=reason, attempt=attempt)


def _put_off(ctx: Context, one: Due, type_: str, reason: str) -> int | None:
    """After a failure the work waits ever longer; after some, or at once where time cannot mend it, a person is told.

    Gives how often it has failed in a row; None where that could not be written down.
    """
    limits = ctx.limits
    try:
        with ctx.tenant(one.org_id, one.stage) as tx:
            failures = work.failed(tx, one.stage, one.subject_id, type_, limits.retry_base_s, limits.retry_ceiling_s)
            if type_ == "unconfigured" or failures >= limits.max_tries:
                told = f"stage {one.stage}: {reason}; it is tried again by itself"
                exceptions.open_all(tx, [Raise(type_, one.stage, one.subject_id, told)])
    except Exception as error:  # noqa: BLE001 - the record is away too: the lease ends by itself, the others must go on
        log.warning("failure not written down", error=type(error).__name__)
        return None
    return failures
