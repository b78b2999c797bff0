"""Whether a new claim costs more where many have gone before: the whole flow on a small and on a large database, in turns.

CPU is this process's, which does the workers' work, and the database server's; the sandbox is not counted. The watch
looks at all that waits once in every run, as it does once a minute.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import grown, inline
from local.servers import embedded
from local.spawn import cpu_seconds
from local.whole import Whole
from pipeline.domain.states import CLAIM_FINAL

VAR = Path("var/bench")
FEW = int(os.environ.get("BENCH_SIZE_FEW", "10000"))
MANY = int(os.environ.get("BENCH_SIZE_MANY", "200000"))
CLAIMS = int(os.environ.get("BENCH_SIZE_CLAIMS", "2000"))
"""New claims a run."""
IN_FLIGHT = 0.1
PAIRS = 3


@dataclass(slots=True)
class Side:
    """One of the two, and what a claim of each run has cost there, in milliseconds."""

    running: Whole
    server_pid: int
    work: Callable[[], None]
    waiting: set[str]
    costs_ms: list[float] = field(default_factory=list)

    def carry(self, claims: int, seed: int) -> float:
        """New claims to whatever end they have; gives CPU milliseconds a claim."""
        spent_s = -self._cpu_s()
        ids = inline.submit(self.running, claims, seed)
        self.running.product.context.ring("watch", self.running.org_id, [self.running.org_id])
        inline.run_out(self.running, self.work, self.waiting)
        spent_s += self._cpu_s()
        self._check(ids)
        return 1000 * spent_s / claims

    def _cpu_s(self) -> float:
        return time.process_time() + cpu_seconds(self.server_pid)

    def _check(self, ids: list[int]) -> None:
        """A fast flow that leaves something behind is not fast."""
        with self.running.product.context.tenant(self.running.org_id, "bench") as tx:
            open_ = tx.value(
                "SELECT count(*) FROM claim WHERE id = ANY(CAST(:ids AS bigint[]))"
                " AND state <> ALL(CAST(:final AS text[]))",
                ids=ids,
                final=list(CLAIM_FINAL),
            )
        if open_:
            raise SystemExit(f"{open_} of {len(ids)} claims came to no end")


def run() -> Mapping[str, object]:
    """The median of the pairs' ratios."""
    with ExitStack() as stack:
        servers = stack.enter_context(embedded(VAR))
        seed = stack.enter_context(grown.seeded(VAR, servers))  # no fewer claims than a seed has
        sides = []
        for name, claims in (("few", FEW), ("many", MANY)):
            in_flight = round(claims * IN_FLIGHT)
            urls = stack.enter_context(grown.grown(servers, seed, name, claims - in_flight, in_flight))
            system = stack.enter_context(grown.running_on(VAR, servers, grown.PLAN, seed, urls, name))
            work = inline.by_itself(system)
            work()
            assert servers.postgres_pid is not None, "the benchmark reads the CPU of a server of its own"
            sides.append(Side(system, servers.postgres_pid, work, inline.waits(system)))
        few, many = sides
        for side in sides:
            side.carry(max(1, CLAIMS // 4), seed=100)  # the warm-up
        for pair in range(PAIRS):
            for side in (few, many) if pair % 2 else (many, few):
                side.costs_ms.append(side.carry(CLAIMS, seed=101 + pair))
    for claims, side in ((FEW, few), (MANY, many)):
        told = ", ".join(f"{cost:.2f}" for cost in side.costs_ms)
        print(f"the whole flow among {claims} claims, CPU ms a claim: {told}")
    ratios = [dear / cheap for dear, cheap in zip(many.costs_ms, few.costs_ms, strict=True)]
    return {"claim_cost_200k_vs_10k": round(statistics.median(ratios), 2)}
