"""The whole flow in this process: what workers would do, done in turn, so that CPU is all that is measured."""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from local.demo import batches
from local.generator import generate
from local.stillness import look
from local.whole import Whole
from pipeline import logs
from pipeline.cli.drain import OwnBell
from pipeline.services import intake
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.store.progress import busy

INTAKE = 250
PATIENCE_S = 120.0


def by_itself(running: Whole) -> Callable[[], None]:
    """Gives what does all that is due. From here on this process hears its own bells."""
    logs.configure("console", logging.ERROR)
    bell = OwnBell()
    ctx = replace(running.product.context, ring=bell)
    running.product = replace(running.product, context=ctx)

    def work() -> None:
        while sweep.drain(ctx, STAGES, running.product.settings.flow.sweep_limit) + bell.answer(ctx):
            pass

    return work


def submit(running: Whole, claims: int, seed: int, *, ready: bool = True) -> list[int]:
    """Takes new claims in, ready or as drafts; gives their numbers."""
    ctx = running.product.context
    documents = (json.dumps(document).encode() for document in generate(claims, seed, ctx.today()))
    receipts = [
        receipt
        for batch in batches(documents, INTAKE)
        for receipt in intake.submit(ctx, running.org_id, batch, "upstream", ready=ready)
    ]
    refused = [receipt for receipt in receipts if receipt.claim_id is None]
    if refused:
        raise SystemExit(f"{len(refused)} generated claims were refused: {refused[0].problems}")
    return [receipt.claim_id for receipt in receipts if receipt.claim_id is not None]


def run_out(running: Whole, work: Callable[[], None], waiting: set[str], every_s: float = 0.05) -> None:
    """Works until nothing moves but what was `waiting` for other times before; TimeoutError after two minutes."""
    deadline = time.monotonic() + PATIENCE_S
    calm = 0
    while calm < 2:
        work()
        calm = calm + 1 if _is_still(running, waiting) else 0
        if time.monotonic() > deadline:
            raise TimeoutError("still moving: " + ", ".join(look(running).reasons))
        time.sleep(every_s)


def waits(running: Whole) -> set[str]:
    """What waits now, in words with counts."""
    return set(look(running).reasons)


def _is_still(running: Whole, waiting: set[str]) -> bool:
    with running.product.context.tenant(running.org_id, "watch") as tx:
        if not set(busy(tx)) <= waiting:
            return False  # the cheaper question first: the database is measured
    return waits(running) <= waiting
