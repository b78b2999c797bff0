"""How much memory a large 835 and 837P take when they are read a claim at a time: each in a process of its own.

One interchange with one set, which is made while it is read: the claims of a small file over and over, with counts and
payment amount that are right for all of them.

    python -m benchmarks.x12_stream SMALL REPEATS     prints {"mib": ..., "claims": ..., "seconds": ...}
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from edi.x12.streaming import Billed, Decided, Finding, SetEnd, read_stream

MEGABYTES = int(os.environ.get("BENCH_X12_STREAM_MB", "100"))
CLAIMS = 1_000
"""In the small file."""


def run(var: Path, makers: Mapping[str, Callable[[int], bytes]]) -> Mapping[str, object]:
    """The larger of the peaks of the kinds that ``makers`` make a file of so many claims of."""
    peaks = []
    for kind, make in makers.items():
        small = var / f"bench-stream-{kind}.x12"
        small.write_bytes(make(CLAIMS))
        repeats = -(-MEGABYTES * 1_000_000 // len(_parts(small.read_bytes())[1]))
        command = [sys.executable, "-m", "benchmarks.x12_stream", str(small), str(repeats)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        peaks.append(told["mib"])
        print(
            f"{kind} of {MEGABYTES} MB read as a stream: {told['mib']:.1f} MiB above import, "
            f"{told['claims']} claims in {told['seconds']:.1f} s"
        )
    return {"x12_stream_peak_mib": round(max(peaks), 1)}


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """A file of one set before its claims (835) or subscribers (837), these, and what comes after."""
    begins = re.search(rb"(?<=~)(CLP\*|HL\*2\*)", data)
    if begins is None:
        raise SystemExit("the sample has no claims")
    end = data.rindex(b"SE*")
    return data[: begins.start()], data[begins.start() : end], data[end:]


def _repeated(data: bytes, repeats: int) -> tuple[bytes, bytes, bytes]:
    """The parts, with a count and an amount that are right for so many times the claims."""
    head, claims, tail = _parts(data)
    count = head[head.index(b"ST*") :].count(b"~") + claims.count(b"~") * repeats + 1
    tail = re.sub(rb"^SE\*\d+", b"SE*%d" % count, tail)
    paid = re.search(rb"BPR\*I\*([0-9.]+)", head)
    if paid is not None:
        cents = round(float(paid[1]) * 100) * repeats
        head = head.replace(paid[0], b"BPR*I*%d.%02d" % divmod(cents, 100))
    return head, claims, tail


def _measure(small: Path, repeats: int) -> Mapping[str, object]:
    before, began = _peak_mib(), time.process_time()
    head, claims, tail = _repeated(small.read_bytes(), repeats)
    count = ended = 0
    for part in read_stream(one for run in ((head,), (claims for _ in range(repeats)), (tail,)) for one in run):
        if isinstance(part, Decided | Billed):
            count += 1
        elif isinstance(part, SetEnd):
            ended += 1
        elif isinstance(part, Finding):
            raise SystemExit(f"the file of the benchmark is not sound: {part.code} at {part.place}")
    if count != CLAIMS * repeats or not ended:
        raise SystemExit(f"the file of the benchmark is not read whole: {count} claims of {CLAIMS * repeats}")
    return {"mib": _peak_mib() - before, "claims": count, "seconds": time.process_time() - began}


def _peak_mib() -> float:
    """The most memory that this process had at once; what `getrusage` tells begins with that of the one that started it."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]), int(sys.argv[2]))))
