"""Everything breaks, and each claim and each cent must still arrive exactly once.

    python -m tests.chaos --runs 20 --seed 7

Run n of seed s is run 1 of seed s + n - 1. It ends with a table of the faults that hit and one JSON line; the exit code
is 1 if anything was lost, doubled, wrong or told. What a failing run left is kept under var/chaos.
"""

import argparse
import json
import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

from tests.chaos.bed import booted
from tests.chaos.invariants import KINDS
from tests.chaos.kinds import every_kind
from tests.chaos.runs import Runs, Told


def main() -> int:
    asked = _asked()
    kinds = [kind for kind in every_kind(long=asked.long) if asked.only in kind.kind]
    print(f"seed {asked.seed}: {asked.runs} runs, {len(kinds)} kinds of faults", flush=True)
    began, told = time.monotonic(), []
    while len(told) < asked.runs and time.monotonic() - began < asked.minutes * 60:
        told += _on_one_bed(asked, kinds, len(told), began)
    faults = sum((one.faults for one in told), Counter())
    for kind in kinds:
        print(f"{faults[kind.kind]:6}  {kind.kind}")
    counts = Counter(one.kind for run in told for one in run.broken)
    numbers = {name: counts[name] for name in KINDS}
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"runs": len(told), "faults": faults.total(), **numbers, "seed": asked.seed, "seconds": seconds}))
    return 1 if counts else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--minutes", type=float, default=40.0, help="no further run is begun after so long")
    parser.add_argument("--only", default="", help="only kinds of faults with this in their name")
    parser.add_argument(
        "--long", action="store_true", help="also a broker frozen for 45 s and a partition of 10 minutes"
    )
    parser.add_argument("--var", type=Path, default=Path("var/chaos"))
    return parser.parse_args()


def _on_one_bed(asked: argparse.Namespace, kinds: list, done: int, began: float) -> list[Told]:
    """Runs until all are done or one fails: what that one left behind must not disturb the next."""
    told: list[Told] = []
    with booted(asked.var / "now") as bed:
        runs = Runs(bed, kinds, long=asked.long)
        while done + len(told) < asked.runs and time.monotonic() - began < asked.minutes * 60:
            told.append(runs.run(asked.seed + done + len(told)))
            _say(told[-1])
            if not told[-1].sound:
                break
        for text in bed.ended:
            print(text, flush=True)
    if told and not told[-1].sound:
        kept = asked.var / f"seed-{told[-1].seed}"
        shutil.rmtree(kept, ignore_errors=True)
        for part in ("run", "log"):
            shutil.copytree(asked.var / "now" / part, kept / part)
        print(f"    its logs and the sandbox's files are kept in {kept}", flush=True)
    return told


def _say(one: Told) -> None:
    print(
        f"seed {one.seed}: {one.faults.total()} faults, {one.seconds:.1f} s, {'sound' if one.sound else 'BROKEN'}",
        flush=True,
    )
    if not one.sound:
        for kind, count in sorted(one.faults.items()):
            print(f"    fault: {kind} ({count})")
        for what in one.broken:
            print(f"    {what.kind}: {what.text}")


if __name__ == "__main__":
    sys.exit(main())
