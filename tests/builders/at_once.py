"""Several that come at the same moment."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any


def at_once(jobs: Sequence[Callable[[], Any]], *, leaving: tuple[type[Exception], ...] = ()) -> list[Any]:
    """Runs all together, a thread each; gives what they gave, in their order, or raises what one of them raised.

    None stands for a job that ended by an exception of `leaving`.
    """
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        with suppress(*leaving):
            return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
