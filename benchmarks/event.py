"""How long a single claim takes on an idle system: from the commit of its intake to its file under its final name.

Everything runs as in production, each process by itself, and the sweep looks only every ten seconds: what is quick here
is quick by its bells. The partner sets no gap between two files; a real one's comes on top, see the mailbox's pace.
"""

import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks import grown, inline
from local.servers import embedded
from local.whole import Plan, Whole
from sandbox.config import Delays

VAR = Path("var/bench")
EVENTS = int(os.environ.get("BENCH_EVENTS", "60"))
WARM_UP = 4
PATIENCE_S = 30.0
LATER_S = 30 * 86400
PLAN = Plan(
    delays=replace(Delays(), ack_s=LATER_S, remit_s=2 * LATER_S),  # answers would keep the system from being idle
    judge_fraction=0.0,
    flow={"sweep_interval_s": 10},
)


def run() -> Mapping[str, object]:
    """Both are of those that passed the edits; the nearest rank, so the last but none of sixty is the 99th percentile."""
    with embedded(VAR) as servers, grown.fresh(VAR, servers, PLAN, "event") as running:
        running.start_workers()
        taken_ms = sorted(_Events(running).measure())
    told = ", ".join(f"{ms:.0f}" for ms in taken_ms)
    print(f"a single claim from intake to its file at the partner, ms: {told}")
    return {
        "single_event_p50_ms": round(_percentile(taken_ms, 50)),
        "single_event_p99_ms": round(_percentile(taken_ms, 99)),
    }


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]


@dataclass(slots=True)
class _Events:
    running: Whole
    committed: float = 0.0

    def measure(self) -> list[float]:
        ring = self.running.product.context.ring

        def heard(stage: str, org_id: int, subject_ids: list[int]) -> None:
            # Rung right after the commit.
            self.committed = time.monotonic()
            ring(stage, org_id, subject_ids)

        product = self.running.product
        self.running.product = replace(product, context=replace(product.context, ring=heard))
        times = []
        rng = Random(1)  # the clocks of beat and polls are met at every point
        for number in range(WARM_UP + EVENTS):
            taken_s = self._one(seed=401 + number)
            if taken_s is not None and number >= WARM_UP:
                times.append(1000 * taken_s)
            time.sleep(rng.uniform(0.1, 0.5))
        return times

    def _one(self, seed: int) -> float | None:
        """None where the claim is one that fails the edits on purpose."""
        before = self._arrived()
        [claim_id] = inline.submit(self.running, 1, seed)
        deadline = self.committed + PATIENCE_S
        looked = self.committed
        while len(self._arrived()) == len(before):
            now = time.monotonic()
            if now - looked > 1:
                looked = now
                if self._failed(claim_id):
                    return None
            if now > deadline:
                raise TimeoutError(f"a single claim has not left within {PATIENCE_S:.0f} s")
            time.sleep(0.002)
        return time.monotonic() - self.committed

    def _arrived(self) -> set[str]:
        """Names of ours at the partner, whether or not it has taken them away since."""
        home = self.running.sandbox_root / "oa"
        taken = {name.partition("_")[2] for folder in ("archive", "refused") for name in _names(home / folder)}
        return _names(home / "inbound") | taken

    def _failed(self, claim_id: int) -> bool:
        with self.running.product.context.tenant(self.running.org_id, "bench") as tx:
            return bool(tx.value("SELECT state = 'EDIT_FAILED' FROM claim WHERE id = :id", id=claim_id))


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.exists() else set()
