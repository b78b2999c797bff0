"""Many more schedules than the unit tests have, of uploads and of answers, each seeded by its number.

    PYTHONPATH=tests/builders python -m tests.simulation --runs 1000000 --seed 7

So many of each. The first schedule of a world that breaks a promise is made smaller and told step by step. The last line
is JSON; the exit code is 1 if a promise was broken.
"""

import argparse
import json
import random
import sys
import time

import answers_world
import upload_world
from shrinking import smaller
from upload_world import Wrong

WORLDS = {"uploads": upload_world.World, "answers": answers_world.World}


def _wrong(world, schedule):
    """What breaks, with the steps that lead there; None if all is well."""
    try:
        world(schedule).run()
    except Wrong as wrong:
        return str(wrong)
    return None


def _tell(name, schedule, told):
    """The steps of the smallest schedule that breaks the same promise."""
    world = WORLDS[name]
    what = told.partition("\n")[0]
    least = smaller(schedule, lambda tried: (_wrong(world, tried) or "").partition("\n")[0] == what)
    print(f"{name}, schedule {least.hex()}:\n{_wrong(world, least)}", flush=True)


def _run(name, runs, seed):
    """What came of so many schedules of one world, as the last line tells it."""
    rng = random.Random(seed)
    began, broken = time.process_time(), 0
    for _ in range(runs):
        schedule = rng.randbytes(rng.randrange(20, 200))
        if told := _wrong(WORLDS[name], schedule):
            broken += 1
            if broken == 1:
                _tell(name, schedule, told)
    seconds = time.process_time() - began
    return {
        "schedules": runs,
        "broken": broken,
        "cpu_s": round(seconds, 1),
        "a_second": round(runs / max(seconds, 0.001)),
    }


def main():
    parser = argparse.ArgumentParser(prog="simulation")
    parser.add_argument("--runs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}: {asked.runs} schedules each of {' and '.join(WORLDS)}", flush=True)
    told = {name: _run(name, asked.runs, asked.seed) for name in WORLDS}
    sums = {what: sum(one[what] for one in told.values()) for what in ("schedules", "broken", "cpu_s")}
    sums |= {"cpu_s": round(sums["cpu_s"], 1), "a_second": round(sums["schedules"] / max(sums["cpu_s"], 0.001))}
    print(json.dumps(sums | told | {"seed": asked.seed}))
    return 1 if sums["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
