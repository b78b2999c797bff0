"""Other libraries that read and write ACH files, each in an environment of its own, made from its pinned file."""

import json
import statistics
import subprocess
from pathlib import Path

from benchmarks import peers

SCRIPT = Path(__file__).with_name("nacha_peer.py")
PEERS = ("achkit", "carta-ach")


def ratios(var: Path, way: str, file: Path, repeats: int) -> dict[str, float]:
    """Median of time / floor by peer, of `way` read or write. One that cannot be measured is named and left out."""
    found = {}
    for name in PEERS:
        try:
            python = peers.environment(var, name)
            told = json.loads(
                peers.call([str(python), str(SCRIPT), name, way, str(file), str(repeats)]).splitlines()[-1]
            )
        except subprocess.CalledProcessError as problem:
            print(f"{name} {way}: not measured: {peers.last_line(problem.stderr)}")
            continue
        except subprocess.TimeoutExpired:
            print(f"{name} {way}: not measured: not done within {peers.PATIENCE_S} s")
            continue
        found[name] = statistics.median(told["ratios"])
        print(
            f"{name} {way}: {found[name]:.2f} x floor, median of {len(told['ratios'])} "
            f"({min(told['ratios']):.2f} to {max(told['ratios']):.2f}), "
            f"{statistics.median(told['seconds']):.3f} s for {told['entries']} entries"
        )
    return found
