"""Reading and writing X12 beside a floor: the file split into segments and elements, every list kept.

Floor and reader take turns in one process, and the ratio is taken pair by pair: the machine drifts between minutes, both
drift alike. Reading is what the product does: bytes to typed values, an 835's balances judged at all three levels.
"""

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import x12_peers, x12_stream
from benchmarks.x12_peer import floor
from benchmarks.x12_samples import file_835, file_837, interchange_837, sets_837
from edi.x12.sets import t835, t837p
from edi.x12.syntax.reader import read

VAR = Path("var/bench")
CLAIMS = int(os.environ.get("BENCH_X12_CLAIMS", "10000"))
SMALL = 1_000
REPEATS = int(os.environ.get("BENCH_X12_REPEATS", "9"))


def run() -> Mapping[str, object]:
    """Ours beside the floor, then every peer beside the same floor in its own process."""
    remittances, claims = file_835(CLAIMS), file_837(CLAIMS)
    ours_835 = _against_floor("835 read, typed and balanced", remittances, _read_835)
    ours_837 = _against_floor("837P read, typed", claims, _read_837)
    results: dict[str, object] = {
        "x12_835_read_vs_floor": round(ours_835, 2),
        "x12_837_read_vs_floor": round(ours_837, 2),
        "x12_837_write_claims_per_s": round(_write_837()),
    }
    VAR.mkdir(parents=True, exist_ok=True)
    results |= x12_stream.run(VAR, {"835": file_835, "837P": file_837})
    big, small = VAR / "bench-835.x12", VAR / "bench-835-small.x12"
    big.write_bytes(remittances if CLAIMS == 10 * SMALL else file_835(10 * SMALL))
    small.write_bytes(file_835(SMALL))
    peers = {name: ratio / ours_835 for name, ratio in x12_peers.ratios(VAR, big, small, REPEATS).items()}
    results |= {f"x12_835_read_vs_{name.replace('-', '_')}": round(ratio, 2) for name, ratio in peers.items()}
    equal = [ratio for name, ratio in peers.items() if name in x12_peers.PEERS]
    if equal:
        results["x12_835_read_vs_best_peer"] = round(min(equal), 2)
    return results


def _read_835(data: bytes) -> None:
    document = read(data)
    for one in document.sets:
        value, findings = t835.read_set(one)
        if value is None or document.findings or findings or t835.balance(value, one):
            raise SystemExit("the 835 of the benchmark is not read whole, or does not balance")


def _read_837(data: bytes) -> None:
    document = read(data)
    for one in document.sets:
        value, findings = t837p.read_set(one)
        if value is None or document.findings or findings:
            raise SystemExit("the 837P of the benchmark is not read whole")


def _against_floor(what: str, data: bytes, reader: Callable[[bytes], None]) -> float:
    """Median of reader / floor over pairs."""
    pairs = []
    for _ in range(REPEATS):
        gc.collect()
        pairs.append((_seconds(floor, data), _seconds(reader, data)))
    ratios = [ours / least for least, ours in pairs]
    ratio, seconds = statistics.median(ratios), statistics.median(ours for _, ours in pairs)
    print(
        f"{what}: {ratio:.2f} x floor, median of {REPEATS} ({min(ratios):.2f} to {max(ratios):.2f}), "
        f"{seconds:.3f} s for {CLAIMS} claims, {len(data) / seconds / 1e6:.1f} MB/s"
    )
    return ratio


def _write_837() -> float:
    """Claims a second from values to the bytes of the interchange."""
    sets = sets_837(CLAIMS)
    rates = sorted(CLAIMS / _seconds(interchange_837, sets) for _ in range(REPEATS))
    print(
        f"837P write: {statistics.median(rates):.0f} claims/s, median of {REPEATS} ({rates[0]:.0f} to {rates[-1]:.0f})"
    )
    return statistics.median(rates)


def _seconds(call: Callable[[Any], object], argument: object) -> float:
    began = time.process_time()
    kept = call(argument)
    took = time.process_time() - began
    del kept  # freeing is not part of it
    return took
