"""What all scenes need: to wait until something is seen, to let the watch look, to make the sandbox misbehave."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from local.whole import Whole
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.stages.watch import watch

Say = Callable[[str], None]
Seen = TypeVar("Seen")

PATIENCE_S = 30.0
EVERY_S = 0.1


def until(
    running: Whole,
    title: str,
    what: str,
    look: Callable[[], Seen | None],
    told: Callable[[], str] = lambda: "",
    every_s: float = EVERY_S,
) -> Seen:
    """Waits until it is seen; without workers this process does what is due meanwhile.

    TimeoutError says what did not come about in the scene of this title, and what `told` says was there instead.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{title}: not within {PATIENCE_S:.0f} s: {what}. {told()}".strip())
        work(running)
        time.sleep(every_s)
    return found


def work(running: Whole) -> None:
    """Does in this process what is due, where no workers do."""
    if not running.plan.ring:
        sweep.drain(running.product.context, STAGES)


def watch_now(running: Whole) -> None:
    """The watch comes by itself every minute; here it need not be waited for."""
    ctx, org_id = running.product.context, running.org_id
    if running.plan.ring:
        ctx.ring("watch", org_id, [org_id])
        time.sleep(2 * EVERY_S)
    else:
        watch(ctx, org_id, org_id)


def misbehave(running: Whole, how: Mapping[str, Any]) -> None:
    """Tells the sandbox its faults from now on; an empty mapping ends them."""
    path = running.sandbox_root / "control.json"
    fresh = Path(f"{path}.new")
    fresh.write_text(json.dumps(how))
    fresh.replace(path)
