"""`claimrail drain`: all due work in this process. No Redis, no workers: what would be rung is answered here."""

import logging
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app, session
from pipeline.cli.show import line

if TYPE_CHECKING:
    from pipeline.bootstrap import Product
    from pipeline.stages.context import Context

_LOT = ("validate", "bundle", "render")
"""A bell for one of these means the rest of the lot's way to its files, as the chain of tasks has it; upload comes after."""


class OwnBell:
    """A ring that this process hears itself. Whatever it forgets is a committed row that the next sweep finds."""

    def __init__(self) -> None:
        self._heard: deque[tuple[str, int, int]] = deque()

    def __call__(self, stage: str, org_id: int, subject_ids: list[int]) -> None:
        self._heard.extend((stage, org_id, subject_id) for subject_id in subject_ids)

    def answer(self, ctx: "Context") -> int:
        """Runs what was rung for, and what that rings for, until it is quiet; gives how many runs."""
        runs = 0
        while self._heard:
            runs += _answered(ctx, *self._heard.popleft())
        return runs


def _answered(ctx: "Context", stage: str, org_id: int, subject_id: int) -> int:
    from pipeline.stages import sweep
    from pipeline.stages.table import STAGES
    from pipeline.stages.upload import upload_lot
    from pipeline.store.work import Due

    stages = _LOT[_LOT.index(stage) :] if stage in _LOT else (stage,)
    runs = 0
    for one in stages:
        runs += 1
        if not sweep.run(ctx, STAGES, Due(one, org_id, subject_id, 0)):
            return runs
    if stage in _LOT:
        upload_lot(ctx, org_id, subject_id)
        runs += 1
    return runs


@app.command()
def drain(
    forever: Annotated[
        bool, typer.Option("--forever/--until-idle", help="Go on until Ctrl-C, or stop when nothing is due.")
    ] = False,
) -> None:
    """Do all work that is due, in this process: the sweep without Redis and workers."""
    from pipeline.bootstrap import checked

    with session.product() as opened:
        session.quiet(logging.INFO)
        built = checked(opened)
        if built.context.held:
            line(
                "this database was never compared with the partners: nothing is sent or fetched; see `claimrail doctor`"
            )
        try:
            runs = _once(built)
            while forever:
                time.sleep(built.settings.flow.sweep_interval_s)
                _patiently(built)
        except KeyboardInterrupt:
            line("stopped; what was under way is found again by the next sweep")
            return
    line(f"{runs} runs; nothing is due now")


def _once(built: "Product") -> int:
    """Runs everything until nothing is due; gives how many runs."""
    from pipeline.stages import sweep
    from pipeline.stages.table import STAGES

    bell = OwnBell()
    ctx = replace(built.context, ring=bell)
    runs = 0
    while done := sweep.drain(ctx, STAGES, built.settings.flow.sweep_limit):
        runs += done + bell.answer(ctx)
    return runs


def _patiently(built: "Product") -> int:
    """The same, where an outage of the database is waited out."""
    from pipeline.domain.errors import TryLater

    try:
        return _once(built)
    except TryLater as error:
        line(f"{error}; trying again")
        return 0
