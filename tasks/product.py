"""The product as this worker process has it: built once a process, after the fork."""

import gc
import os
from typing import Any

import structlog
from celery import Task, current_task

from pipeline.bootstrap import Product, build, checked
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.store.work import Due

_built: tuple[int, Product] | None = None
_NEW_OBJECTS = 100_000
"""Before the collector looks at the youngest: some tens of megabytes at most."""


def product() -> Product:
    """The product of this process. A child of a fork builds its own: it never uses its parent's connections."""
    global _built  # noqa: PLW0603 - one a process is the point
    if _built is None or _built[0] != os.getpid():
        from tasks.ring import ring

        structlog.contextvars.bind_contextvars(pid=os.getpid())
        _built = (os.getpid(), checked(build(ring=ring)))
        _spare_the_collector()
    return _built[1]


def _spare_the_collector() -> None:
    """A lot makes hundreds of thousands of objects and hardly a cycle: looking for some after every 700 is a tenth of all work.

    Nothing is frozen: to ask how much is, as `edi.pause` does, would count all of it each time.
    """
    gc.set_threshold(_NEW_OBJECTS, 10, 10)


def run(stage: str, org_id: int, subject_ids: list[int]) -> None:
    """Runs a stage on each subject. What fails is written down for the sweep; the message has done its work.

    A message that is delivered again was in the hands of a process that died. What it asks for may be what killed it,
    and the broker would ask for ever: it counts as a failure, and the sweep comes back to it, later each time.
    """
    from tasks.ring import gathered

    ctx = product().context
    with gathered():
        for subject_id in subject_ids:
            one = Due(stage, org_id, subject_id, 0)
            if delivered_again():
                sweep.interrupted(ctx, one)
            else:
                sweep.run(ctx, STAGES, one)


def delivered_again() -> bool:
    """Whether the broker gave out this task's message before, and nobody acknowledged it."""
    delivery = current_task.request.delivery_info if current_task else None
    return bool(delivery and delivery.get("redelivered"))


class IdsOnly(Task):  # type: ignore[misc]
    """Base of all tasks: nothing of a message's arguments is spelt out for Redis, Flower or a log."""

    abstract = True

    def apply_async(self, *args: Any, **options: Any) -> Any:
        return super().apply_async(*args, **{**options, "argsrepr": "-", "kwargsrepr": "-"})
