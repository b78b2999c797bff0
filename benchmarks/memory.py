"""What a worker holds at most while very many claims are in flight and new ones travel in large files.

Resident memory is the kernel's own high-water mark of each process of the worker. Its pool is forked: pages that the
processes share count once in the sum told beside (Pss, the share of each).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import grown, inline
from local.demo import send
from local.servers import embedded

VAR = Path("var/bench")
IN_FLIGHT = int(os.environ.get("BENCH_MEMORY_IN_FLIGHT", "200000"))
CLAIMS = int(os.environ.get("BENCH_MEMORY_CLAIMS", "5000"))
"""New claims that travel, in one file: the 999, the 277CA and the 835s for it come at once."""
LOT = int(os.environ.get("BENCH_MEMORY_FILE", "5000"))

PLAN = replace(grown.PLAN, ring=True, claims_per_file=LOT, flow={"lot_size": LOT, "release_delay_s": 0.2})
_MIB = 1024


@dataclass(slots=True)
class Peaks:
    """By process id in KiB, and of all processes together at one moment."""

    worker: int
    each: dict[int, int] = field(default_factory=dict)
    shared_out: int = 0

    def look(self) -> None:
        """Reads them; to be called again and again, since a process may end."""
        pids = [self.worker, *_children(self.worker)]
        self.each |= {pid: kib for pid in pids if (kib := _told(pid, "status", "VmHWM"))}
        self.shared_out = max(self.shared_out, sum(_told(pid, "smaps_rollup", "Pss") for pid in pids))


def run() -> Mapping[str, object]:
    """The largest process's mark, and the sum. The run must come to its end like any other."""
    with (
        embedded(VAR) as servers,
        grown.seeded(VAR, servers) as seed,
        grown.grown(servers, seed, "flight", seed.finished, IN_FLIGHT) as urls,
        grown.running_on(VAR, servers, PLAN, seed, urls, "flight") as running,
    ):
        waiting = inline.waits(running)
        running.start_workers()
        peaks = Peaks(running.system.processes["worker-1"].pid)
        peaks.look()
        idle = max(peaks.each.values())
        send(running, CLAIMS, seed=201)
        inline.run_out(running, peaks.look, waiting, every_s=0.2)
    told = ", ".join(f"{kib / _MIB:.0f}" for kib in peaks.each.values())
    print(f"a worker among {IN_FLIGHT} claims in flight, {CLAIMS} travelling: MiB of each process: {told}")
    print(f"before they came {idle / _MIB:.0f}; all its processes together {peaks.shared_out / _MIB:.0f}")
    return {
        "worker_peak_mib": round(max(peaks.each.values()) / _MIB),
        "worker_pool_mib": round(peaks.shared_out / _MIB),
    }


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _told(pid: int, file: str, name: str) -> int:
    """A number of KiB from a process's own page; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
