"""Environments of other libraries, each of its own below var/bench, made from its pinned file; and what is run in them."""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path("requirements")
PATIENCE_S = 900


def environment(var: Path, name: str) -> Path:
    """The Python of the peer's environment; made anew when its pinned file has changed."""
    home, pinned = var / f"peer-{name}", (REQUIREMENTS / f"bench-{name}.txt").read_text()
    python, ready = home / "bin" / "python", home / "ready.txt"
    if not ready.exists() or ready.read_text() != pinned:
        call([sys.executable, "-m", "venv", "--clear", str(home)])
        install = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r"]
        call([*install, str(REQUIREMENTS / f"bench-{name}.txt")])
        ready.write_text(pinned)
    return python


def call(command: list[str]) -> str:
    """What a command prints; CalledProcessError or TimeoutExpired where it fails."""
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE_S).stdout


def last_line(text: str) -> str:
    """The last line of what went wrong, short enough to be printed."""
    return (text.strip().splitlines() or ["no word why"])[-1][:200]
