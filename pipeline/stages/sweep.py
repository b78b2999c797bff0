"""sweep: one indexed query for all that is due. It rings, or runs the stages itself where there is no Redis."""

import random
import time
from collections.abc import Callable, Mapping

import structlog

from pipeline.domain.errors import ClaimrailError, Collision, ConfigurationError, MailboxPaused, TryLater
from pipeline.stages.context import Context
from pipeline.store import exceptions, work
from pipeline.store.exceptions import Raise
from pipeline.store.work import Due

log = structlog.get_logger()

Stage = Callable[[Context, int, int], None]


def ring_due(ctx: Context, limit: int = 500) -> int:
    """Rings for everything that is due; gives how many. What rings in vain is due again after the lease."""
    with ctx.database.narrow() as tx:
        due = work.take_due(tx, limit, ctx.limits.lease_s)
    together: dict[tuple[str, int], list[int]] = {}
    for one in due:
        together.setdefault((one.stage, one.org_id), []).append(one.subject_id)
    for (stage, org_id), subjects in together.items():
        try:
            ctx.ring(stage, org_id, subjects)
        except Exception as error:  # noqa: BLE001 - one bell that breaks must not silence the others
            log.error("bell broken", stage=stage, org=org_id, error=type(error).__name__)  # noqa: TRY400 - no text
    return len(due)


def drain(ctx: Context, stages: Mapping[str, Stage], limit: int = 500) -> int:
    """Runs everything that is due in this process; gives how many runs. One that fails never stops the others."""
    with ctx.database.narrow() as tx:
        due = work.take_due(tx, limit, ctx.limits.lease_s)
    for one in due:
        run(ctx, stages, one)
    return len(due)


def run(ctx: Context, stages: Mapping[str, Stage], one: Due) -> bool:
    """Runs one stage on one subject; False when it must be tried again, which is then written down."""
    bound = log.bind(stage=one.stage, subject=one.subject_id, org=one.org_id)
    began, cpu_began = time.monotonic(), time.process_time()
    try:
        _carry_out(ctx, stages[one.stage], one)
    except MailboxPaused as error:
        bound.info("waits for its mailbox", reason=str(error))
        return False
    except TryLater as error:
        bound.info("tried in vain", reason=str(error))
        _put_off(ctx, one, "outage", str(error))
        return False
    except ConfigurationError as error:
        bound.warning("a setting is missing", reason=str(error))
        _put_off(ctx, one, "unconfigured", str(error))
        return False
    except ClaimrailError as error:
        bound.warning("refused", reason=str(error))
        _put_off(ctx, one, "refused", str(error))
        return False
    except Exception as error:  # noqa: BLE001 - one failing subject must not stop the others
        # The text may quote a row; its class and the place are enough to find it.
        bound.error("stage failed", error=type(error).__name__, at=_place(error))
        _put_off(ctx, one, "stage_failed", f"{type(error).__name__} at {_place(error)}")
        return False
    bound.info(
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


def _put_off(ctx: Context, one: Due, type_: str, reason: str) -> None:
    """After a failure the work waits ever longer; after some, or at once where time cannot mend it, a person is told."""
    limits = ctx.limits
    try:
        with ctx.tenant(one.org_id, one.stage) as tx:
            failures = work.failed(tx, one.stage, one.subject_id, type_, limits.retry_base_s, limits.retry_ceiling_s)
            if type_ == "unconfigured" or failures >= limits.max_tries:
                told = f"stage {one.stage}: {reason}; it is tried again by itself"
                exceptions.open_all(tx, [Raise(type_, one.stage, one.subject_id, told)])
    except Exception as error:  # noqa: BLE001 - the record is away too: the lease ends by itself, the others must go on
        log.warning("failure not written down", stage=one.stage, subject=one.subject_id, error=type(error).__name__)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
