"""Many more schedules than the unit test has, each seeded by its number.

    PYTHONPATH=tests/builders python -m tests.simulation --runs 1000000 --seed 7

The first schedule that breaks a promise is made smaller and told step by step. The last line is JSON; the exit code is
1 if a promise was broken.
"""

import argparse
import json
import random
import sys
import time

from shrinking import smaller
from upload_world import World, Wrong


def _wrong(schedule):
    """What breaks, with the steps that lead there; None if all is well."""
    try:
        World(schedule).run()
    except Wrong as wrong:
        return str(wrong)
    return None


def _tell(schedule, told):
    """The steps of the smallest schedule that breaks the same promise."""
    what = told.partition("\n")[0]
    least = smaller(schedule, lambda tried: (_wrong(tried) or "").partition("\n")[0] == what)
    print(f"schedule {least.hex()}:\n{_wrong(least)}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="simulation")
    parser.add_argument("--runs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}: {asked.runs} schedules", flush=True)
    rng = random.Random(asked.seed)
    began, broken = time.process_time(), 0
    for _ in range(asked.runs):
        schedule = rng.randbytes(rng.randrange(20, 200))
        if told := _wrong(schedule):
            broken += 1
            if broken == 1:
                _tell(schedule, told)
    seconds = time.process_time() - began
    rate = round(asked.runs / max(seconds, 0.001))
    print(
        json.dumps(
            {"schedules": asked.runs, "broken": broken, "cpu_s": round(seconds, 1), "a_second": rate}
            | {"seed": asked.seed}
        )
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
