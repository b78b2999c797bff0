"""Other libraries that read an 835, each in an environment of its own below var/bench, made from its pinned file."""

import json
import statistics
import subprocess
from pathlib import Path

from benchmarks import peers

SCRIPT = Path(__file__).with_name("x12_peer.py")
PEERS = {name: name for name in ("oxedi", "x12sdk", "openx12", "edi-835-parser", "pyx12")}
"""What makes Python objects a claim, line and adjustment, or judges them one by one; each with its environment."""
BESIDE = {"oxedi-columns": "oxedi"}
"""What gives less: told beside, and best of nothing."""


def ratios(var: Path, big: Path, small: Path, repeats: int) -> dict[str, float]:
    """Median of time / floor by peer. One that cannot be installed or run is named and left out."""
    found = {}
    for name, home in (PEERS | BESIDE).items():
        try:
            told = _run(peers.environment(var, home), name, big, small, repeats)
        except subprocess.CalledProcessError as problem:
            print(f"{name}: not measured: {peers.last_line(problem.stderr)}")
            continue
        except subprocess.TimeoutExpired:
            print(f"{name}: not measured: not done within {peers.PATIENCE_S} s")
            continue
        found[name] = statistics.median(told["ratios"])
        print(
            f"{name}: {found[name]:.2f} x floor, median of {len(told['ratios'])} "
            f"({min(told['ratios']):.2f} to {max(told['ratios']):.2f}), "
            f"{statistics.median(told['seconds']):.3f} s for {told['claims']} claims"
        )
    return found


def _run(python: Path, name: str, big: Path, small: Path, repeats: int) -> dict[str, list[float]]:
    done = peers.call([str(python), str(SCRIPT), name, str(big), str(small), str(repeats)])
    told: dict[str, list[float]] = json.loads(done.splitlines()[-1])
    return told
