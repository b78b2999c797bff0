"""The sweep: what rings again for everything that is due."""

from pipeline.stages.sweep import ring_due
from tasks.app import app
from tasks.config import HARD_LIMIT_S, SOFT_BEFORE_HARD_S
from tasks.product import IdsOnly, product


@app.task(  # type: ignore[untyped-decorator]
    name="control.sweep",
    base=IdsOnly,
    time_limit=HARD_LIMIT_S["control"],
    soft_time_limit=HARD_LIMIT_S["control"] - SOFT_BEFORE_HARD_S,
)
def sweep() -> None:
    ring_due(product().context, product().settings.flow.sweep_limit)
