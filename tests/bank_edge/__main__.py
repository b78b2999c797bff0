"""As many trials at the bank's edge as are asked for; the last line is JSON, the exit code 1 if a promise was broken.

PYTHONPATH=tests/builders python -m tests.bank_edge --runs 1000 --seed 0
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog

from local.servers import embedded, scratch_database
from pipeline.bootstrap import build
from pipeline.settings import Settings
from pipeline.store import migrate
from tests.bank_edge.trials import Trials
from tests.conftest import KEY, ROOT


def main():
    parser = argparse.ArgumentParser(prog="bank_edge")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder) / "var") as servers:
        owner, app = scratch_database(servers, "trials")
        migrate.upgrade(owner, app)
        clock = Path(folder) / "clock"
        settings = Settings(
            DATABASE_URL=app, DATABASE_OWNER_URL=owner, REDIS_URL=servers.redis_url, keys=KEY, clock_file=clock
        )
        product = build(settings)
        try:
            told = _run(Trials(product, _document), range(asked.seed, asked.seed + asked.runs))
        finally:
            product.close()
    print(json.dumps(told | {"seed": asked.seed}))
    return 1 if told["broken"] else 0


def _document():
    return min((ROOT / "examples" / "claims").glob("*office_visit*.json")).read_bytes()


def _run(trials, seeds):
    began, broken = time.monotonic(), 0
    for number, seed in enumerate(seeds, start=1):
        wrong = trials.run(seed)
        if wrong:
            broken += 1
            print(f"seed {seed}: {'; '.join(wrong)}", flush=True)
        if number % 100 == 0:
            print(f"{number} trials, {trials.died.total()} deaths, {broken} broken", flush=True)
    return {
        "trials": len(seeds),
        "deaths": trials.died.total(),
        "steps_died_at": len(trials.died),
        "payments": trials.payments,
        "broken": broken,
        "seconds": round(time.monotonic() - began, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
