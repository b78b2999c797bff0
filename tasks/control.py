"""The sweep, which rings again for everything that is due, and the watch over what waits too long."""

from pipeline.stages.sweep import ring_due
from tasks.app import app
from tasks.config import HARD_LIMIT_S, SOFT_BEFORE_HARD_S
from tasks.product import IdsOnly, product, run

_LIMITS = {
    "base": IdsOnly,
    "time_limit": HARD_LIMIT_S["control"],
    "soft_time_limit": HARD_LIMIT_S["control"] - SOFT_BEFORE_HARD_S,
}


@app.task(name="control.sweep", **_LIMITS)  # type: ignore[untyped-decorator]
def sweep() -> None:
    ring_due(product().context, product().settings.flow.sweep_limit)


@app.task(name="control.watch", **_LIMITS)  # type: ignore[untyped-decorator]
def watch(org_id: int, subject_ids: list[int]) -> None:
    run("watch", org_id, subject_ids)
