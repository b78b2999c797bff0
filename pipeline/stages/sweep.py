"""sweep: one indexed query for all that is due. It rings, or runs the stages itself where there is no Redis."""

from collections.abc import Callable, Mapping

import structlog

from pipeline.domain.errors import ClaimrailError, ConfigurationError, TryLater
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
        ctx.ring(stage, org_id, subjects)
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
    try:
        stages[one.stage](ctx, one.org_id, one.subject_id)
    except TryLater as error:
        bound.info("tried in vain", reason=str(error))
        return False
    except ConfigurationError as error:
        bound.warning("a setting is missing", reason=str(error))
        _to_a_person(ctx, one, "unconfigured", str(error))
        return False
    except ClaimrailError as error:
        bound.warning("refused", reason=str(error))
        _to_a_person(ctx, one, "refused", str(error))
        return False
    except Exception as error:
        # The text may quote a row; its class and the place are enough to find it.
        bound.error("stage failed", error=type(error).__name__, at=_place(error))
        _to_a_person(ctx, one, "stage_failed", f"{type(error).__name__} at {_place(error)}")
        return False
    return True


def _to_a_person(ctx: Context, one: Due, type_: str, reason: str) -> None:
    """After a failure that time alone will not mend: the work waits ever longer, and is in the exception queue."""
    wait_s = min(ctx.limits.retry_base_s * 2 ** min(one.attempts, 12), ctx.limits.retry_ceiling_s)
    with ctx.tenant(one.org_id, one.stage) as tx:
        work.postpone(tx, one.stage, one.subject_id, wait_s, type_)
        if type_ == "unconfigured" or one.attempts >= ctx.limits.max_tries:
            exceptions.open_all(
                tx, [Raise(type_, "work", one.subject_id, f"stage {one.stage}: {reason}; it is tried again by itself")]
            )


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
