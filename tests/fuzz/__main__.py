"""Damaged files without end, or nearly: nothing that we read from outside may raise, hang or eat the memory.

    PYTHONPATH=tests/builders python -m tests.fuzz --runs 200000 --seed 7

Each input goes through ``inspect`` and one other reader. The same seed makes the same inputs, in however many
processes. What brings a reader down is made smaller and kept in
``tests/fuzz/crashers``, where a unit test replays it. The last line is JSON; the exit code is 1 if anything was found.
"""

import argparse
import hashlib
import json
import random
import resource
import signal
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path

import nacha_strategies
import x12_strategies
from damage import damaged
from every_reader import READERS, golden_files, read_by_all
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from shrinking import smaller

from edi.nacha import write
from edi.nacha.classes import ENTRY_CLASSES
from edi.x12.guides import GUIDES

CRASHERS = Path(__file__).parent / "crashers"
_LOT = 2_000
_LIMIT_S = 2.0
_DRAWN = 12
"""Sets drawn from each table, beside the golden files."""
_MEMORY_KB = 200_000
"""How far the memory of a process may grow while it works."""


class Hang(BaseException):
    """A reader took too long; no handler for errors may swallow it."""


def _rang(_signal, _frame):
    raise Hang


def _watch(seconds):
    """Ring after so much time of this process's own, and again soon: a ring inside a finalizer is lost. 0 stops it."""
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, seconds / 4)


@lru_cache(maxsize=1)
def _files(seed):
    """Whole files to damage: the golden ones, sets of X12 and ACH files drawn from the tables."""
    files = golden_files()
    for guide in GUIDES:
        _draw(seed, _DRAWN, x12_strategies.sets(guide), lambda drawn: files.append(drawn.interchange))
    _draw(seed, _DRAWN, nacha_strategies.sound_files(), lambda file: files.append(write(file)))
    for sec in ENTRY_CLASSES:
        drawn = nacha_strategies.files_of(sec)
        _draw(seed, _DRAWN // 4, drawn, lambda file: files.append(write(file, any_class=True)))
    return files


def _draw(seed, count, strategy, keep):
    """Hand some drawn examples to `keep`, the same ones for the same seed."""

    @hypothesis_seed(seed)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(drawn):
        keep(drawn)

    draw()


def _failure(data, readers=READERS):
    """How a reader fails on these bytes: type and place of the exception, "hang", or None."""
    _watch(_LIMIT_S)
    try:
        for reader in readers:
            reader(data)
    except Hang:
        return "hang"
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(place.filename).name}:{place.name}"
    finally:
        _watch(0)
    return None


def _lot(seed, number, count):
    """One lot of inputs: failures by their kind with the bytes, and the growth of the process in kB."""
    signal.signal(signal.SIGVTALRM, _rang)
    files = _files(seed)
    rng = random.Random(f"{seed}/{number}")
    read_by_all(files[0])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    failures = []
    for _ in range(count):
        data = damaged(rng, rng.choice(files), files)
        failure = _failure(data, (READERS[0], rng.choice(READERS[1:])))
        if failure is not None:
            failures.append((failure, data))
    return failures, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def _keep(failure, data):
    """Write a crasher down; its path."""
    name = failure.replace(" in ", "-").replace(":", "-").replace(".py", "")
    path = CRASHERS / f"{name}-{hashlib.sha256(data).hexdigest()[:8]}.bin"
    path.write_bytes(data)
    return path


def main():
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--runs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--minutes", type=float, default=20.0)
    asked = parser.parse_args()
    signal.signal(signal.SIGVTALRM, _rang)
    began = time.monotonic()
    lots = [min(_LOT, asked.runs - start) for start in range(0, asked.runs, _LOT)]
    done, found, grown = 0, {}, 0
    hangs = crashes = 0
    print(f"seed {asked.seed}: {asked.runs} inputs from {len(_files(asked.seed))} files", flush=True)
    with ProcessPoolExecutor(max_workers=2) as pool:
        work = {pool.submit(_lot, asked.seed, number, count): count for number, count in enumerate(lots)}
        for lot in as_completed(work):
            failures, growth = lot.result()
            done += work[lot]
            grown = max(grown, growth)
            hangs += sum(failure == "hang" for failure, _ in failures)
            crashes += sum(failure != "hang" for failure, _ in failures)
            for failure, data in failures:
                if failure not in found or len(data) < len(found[failure]):
                    found[failure] = data
            if done % (_LOT * 10) < _LOT:
                print(f"{done} inputs, {done / (time.monotonic() - began):.0f} a second", flush=True)
            if time.monotonic() - began > asked.minutes * 60:
                pool.shutdown(cancel_futures=True)
                break
    for failure, data in found.items():
        least = smaller(data, lambda tried, failure=failure: _failure(tried) == failure)
        print(f"{failure}: kept as {_keep(failure, least)}", flush=True)
    seconds = round(time.monotonic() - began, 1)
    told = {"inputs": done, "seconds": seconds, "crashes": crashes, "hangs": hangs, "grown_kb": grown}
    print(json.dumps(told | {"seed": asked.seed}))
    return 1 if crashes or hangs or grown > _MEMORY_KB else 0


if __name__ == "__main__":
    sys.exit(main())
