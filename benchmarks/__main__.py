"""`python -m benchmarks [NAME]`: one benchmark, or all of them; the last line is one JSON object.

Several run in a process each: none finds the heap, the environment or the servers that another left.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping


def _flow() -> Mapping[str, object]:
    from benchmarks.flow import run

    return run()


def _x12() -> Mapping[str, object]:
    from benchmarks.x12 import run

    return run()


def _money() -> Mapping[str, object]:
    from benchmarks.money import run

    return run()


def _nacha() -> Mapping[str, object]:
    from benchmarks.nacha import run

    return run()


def _event() -> Mapping[str, object]:
    from benchmarks.event import run

    return run()


def _workers() -> Mapping[str, object]:
    from benchmarks.workers import run

    return run()


def _memory() -> Mapping[str, object]:
    from benchmarks.memory import run

    return run()


def _size() -> Mapping[str, object]:
    from benchmarks.size import run

    return run()


BENCHMARKS: dict[str, Callable[[], Mapping[str, object]]] = {
    "event": _event,
    "flow": _flow,
    "memory": _memory,
    "money": _money,
    "nacha": _nacha,
    "size": _size,
    "workers": _workers,
    "x12": _x12,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    if len(names) == 1:
        print(json.dumps(BENCHMARKS[names[0]]()), flush=True)
        return 0
    results: dict[str, object] = {}
    for name in names or BENCHMARKS:
        results |= _apart(name)
    print(json.dumps(results), flush=True)
    return 0


def _apart(name: str) -> Mapping[str, object]:
    """The figures of one benchmark that runs in a process of its own; what it says besides is passed on as it comes."""
    last = ""
    with subprocess.Popen([sys.executable, "-m", "benchmarks", name], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if last:
                print(last, flush=True)
            last = line.rstrip("\n")
    if process.returncode:
        raise SystemExit(f"benchmark {name} failed")
    return dict(json.loads(last))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
