"""Whether a second worker makes each claim dearer: the whole flow with one worker process and with two, in turns.

CPU is that of all our processes and servers from /proc, as in `flow`. Both workers, each with a pool of two, have run
before the clock starts; where one is measured the other has been told to take nothing.
"""

import os
import socket
import statistics
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import psycopg

from benchmarks import grown, inline
from local.demo import send
from local.postgres import plain_url
from local.servers import embedded
from local.system import QUEUES
from local.whole import Whole

VAR = Path("var/bench")
CLAIMS = int(os.environ.get("BENCH_WORKERS_CLAIMS", "2000"))
PAIRS = 3
LOT = 500
WARM_UP_LOTS, WARM_UP = 16, 40
PLAN = replace(
    grown.PLAN,
    ring=True,
    workers=2,
    poll_interval_s=0.5,
    sweep_interval_s=0.5,
    claims_per_file=LOT,
    flow={"lot_size": LOT, "release_delay_s": 0.5},
)


def run() -> Mapping[str, object]:
    """The median of the pairs' ratios."""
    costs_ms: dict[int, list[float]] = {1: [], 2: []}
    with embedded(VAR) as servers, grown.fresh(VAR, servers, PLAN, "workers") as running:
        running.start_workers()
        _warm_up(running)
        for pair in range(PAIRS):
            for workers in (1, 2) if pair % 2 else (2, 1):
                _let("add" if workers == 2 else "cancel")
                costs_ms[workers].append(_cost_ms(running, seed=320 + 2 * pair + workers))
    for workers, costs in costs_ms.items():
        told = ", ".join(f"{cost:.2f}" for cost in costs)
        print(f"the whole flow with {workers} worker process(es), CPU ms a claim: {told}")
    ratios = [two / one for one, two in zip(costs_ms[1], costs_ms[2], strict=True)]
    return {"two_workers_cpu_vs_one": round(statistics.median(ratios), 2)}


def _warm_up(running: Whole) -> None:
    """Small lots at once, so that every child of every pool has done most stages; then the planner gets to know."""
    for number in range(WARM_UP_LOTS):
        send(running, WARM_UP, seed=301 + number)
        time.sleep(0.1)
    inline.run_out(running, lambda: None, set(), every_s=0.2)
    url = running.product.settings.owner_url
    with psycopg.connect(plain_url(url), autocommit=True) as cx:
        cx.execute("VACUUM ANALYZE")


def _let(what: str) -> None:
    """The second worker takes up its queues, or lets go of them."""
    from tasks.app import app

    tell = {"add": app.control.add_consumer, "cancel": app.control.cancel_consumer}[what]
    for queue in QUEUES:
        answers = tell(queue, destination=[f"worker-2@{socket.gethostname()}"], reply=True, timeout=10)
        if not answers:
            raise SystemExit(f"the second worker did not hear that it should {what} {queue}")
    time.sleep(1.5)  # what it waits for at the broker just now is a matter of a second


def _cost_ms(running: Whole, seed: int) -> float:
    """All claims to their end; CPU milliseconds each."""
    from tasks.claims import ready

    before = _cpu_s(running)
    # All are there before the first lot is taken: else a quicker system would take smaller lots.
    ids = inline.submit(running, CLAIMS, seed, ready=False)
    ready.apply_async((running.org_id, ids))
    inline.run_out(running, lambda: None, set(), every_s=0.2)
    return 1000 * (_cpu_s(running) - before) / CLAIMS


def _cpu_s(running: Whole) -> float:
    return sum(running.system.cpu_seconds(group) for group in running.system.groups() if group != "sandbox")
