"""Other libraries that read an 835, each in an environment of its own below var/bench, made from its pinned file."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path("requirements")
SCRIPT = Path(__file__).with_name("x12_peer.py")
PEERS = ("oxedi", "x12sdk", "openx12", "edi-835-parser", "pyx12")
PATIENCE_S = 900


def ratios(var: Path, big: Path, small: Path, repeats: int) -> dict[str, float]:
    """Median of time / floor by peer. One that cannot be installed or run is named and left out."""
    found = {}
    for name in PEERS:
        try:
            told = _run(_environment(var, name), name, big, small, repeats)
        except subprocess.CalledProcessError as problem:
            print(f"{name}: not measured: {_last_line(problem.stderr)}")
            continue
        except subprocess.TimeoutExpired:
            print(f"{name}: not measured: not done within {PATIENCE_S} s")
            continue
        found[name] = statistics.median(told["ratios"])
        print(
            f"{name}: {found[name]:.2f} x floor, median of {len(told['ratios'])} "
            f"({min(told['ratios']):.2f} to {max(told['ratios']):.2f}), "
            f"{statistics.median(told['seconds']):.3f} s for {told['claims']} claims"
        )
    return found


def _environment(var: Path, name: str) -> Path:
    """The Python of the peer's environment; made anew when its pinned file has changed."""
    home, pinned = var / f"peer-{name}", (REQUIREMENTS / f"bench-{name}.txt").read_text()
    python, ready = home / "bin" / "python", home / "ready.txt"
    if not ready.exists() or ready.read_text() != pinned:
        _call([sys.executable, "-m", "venv", "--clear", str(home)])
        install = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r"]
        _call([*install, str(REQUIREMENTS / f"bench-{name}.txt")])
        ready.write_text(pinned)
    return python


def _run(python: Path, name: str, big: Path, small: Path, repeats: int) -> dict[str, list[float]]:
    done = _call([str(python), str(SCRIPT), name, str(big), str(small), str(repeats)])
    told: dict[str, list[float]] = json.loads(done.splitlines()[-1])
    return told


def _call(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S).stdout


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no word why"])[-1][:200]
