"""Reading and writing ACH files beside a floor: every line cut into the columns of an entry, all lists kept.

Floor and codec take turns in one process, and the ratio is taken pair by pair, as for X12. Reading is what the product
does: bytes to typed values, each field and every rule of the strict profile judged, totals and hashes compared. Writing
is values to bytes, each field judged by its table.
"""

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks import nacha_peers
from benchmarks.nacha_peer import floor
from edi.nacha import AchBatch, AchEntry, AchFile, Addenda05, codes, read, trn_text, write

VAR = Path("var/bench")
ENTRIES = int(os.environ.get("BENCH_NACHA_ENTRIES", "100000"))
REPEATS = int(os.environ.get("BENCH_NACHA_REPEATS", "9"))
_NAMES = ("RIVER EXAMPLE", "AVERY SAMPLE", "BOLT PARTS", "INVENTED SUPPLIES", "MOCKUP LINEN SERVICE")
_ROUTINGS = [text + codes.check_digit(text) for text in map(str, range(12_104_288, 12_104_688))]


def run() -> Mapping[str, object]:
    """Ours beside the floor, then every peer beside the same floor in its own process."""
    file = file_of(ENTRIES)
    data = write(file)
    text = data.decode("ascii")
    reading = _against_floor("read, typed and checked", text, _read, data)
    writing = _against_floor("write, checked", text, write, file)
    results: dict[str, object] = {
        "nacha_read_vs_floor": round(reading, 2),
        "nacha_write_vs_floor": round(writing, 2),
    }
    VAR.mkdir(parents=True, exist_ok=True)
    path = VAR / "bench.ach"
    path.write_bytes(data)
    for way, ours in (("read", reading), ("write", writing)):
        peers = {name: ratio / ours for name, ratio in nacha_peers.ratios(VAR, way, path, min(REPEATS, 5)).items()}
        results |= {f"nacha_{way}_vs_{name.replace('-', '_')}": round(ratio, 2) for name, ratio in peers.items()}
        if peers:
            results[f"nacha_{way}_vs_best_peer"] = round(min(peers.values()), 2)
    return results


def file_of(entries: int) -> AchFile:
    """Refunds (PPD) and payments to vendors and providers (CCD), half of the latter with a trace in an addenda; invented."""
    vendors = entries // 10
    refunds = entries - vendors
    return AchFile(
        origin="1912345678",
        origin_name="SAMPLE MEDICS",
        destination="091000019",
        destination_name="SAMPLE BANK",
        created=datetime(2026, 11, 23, 9, 41),  # noqa: DTZ001 - ACH tells no zone
        batches=[
            _batch(1, "PPD", [_entry(number) for number in range(1, refunds + 1)]),
            _batch(2, "CCD", [_entry(number, number % 2) for number in range(refunds + 1, entries + 1)]),
        ],
    )


def _batch(number: int, sec: str, entries: list[AchEntry]) -> AchBatch:
    return AchBatch(
        service_class=codes.CREDITS_ONLY,
        company_name="SAMPLE MEDICS",
        company_id="1912345678",
        sec=sec,
        description="PAYMENT",
        effective_date=date(2026, 11, 24),
        odfi="09100001",
        number=number,
        entries=entries,
    )


def _entry(number: int, traced: int = 0) -> AchEntry:
    return AchEntry(
        transaction_code=32 if number % 3 == 0 else 22,
        rdfi=_ROUTINGS[number % len(_ROUTINGS)],
        account=f"10{number:08d}",
        amount_cents=100 + number,
        individual_id=f"P{number}",
        name=_NAMES[number % len(_NAMES)],
        trace=f"09100001{number:07d}",
        addenda=[Addenda05(text=trn_text(f"PAY{number}", "1912345678"))] if traced else [],
    )


def _read(data: bytes) -> None:
    document = read(data)
    if document.file is None or document.findings or not document.complete:
        raise SystemExit("the ACH file of the benchmark is not read whole, or has findings")


def _against_floor(what: str, text: str, call: Callable[[Any], object], argument: object) -> float:
    """Median of codec / floor over pairs."""
    pairs = []
    for _ in range(REPEATS):
        gc.collect()
        pairs.append((_seconds(floor, text), _seconds(call, argument)))
    ratios = [ours / least for least, ours in pairs]
    ratio, seconds = statistics.median(ratios), statistics.median(ours for _, ours in pairs)
    print(
        f"{what}: {ratio:.2f} x floor, median of {REPEATS} ({min(ratios):.2f} to {max(ratios):.2f}), "
        f"{seconds:.3f} s for {ENTRIES} entries"
    )
    return ratio


def _seconds(call: Callable[[Any], object], argument: object) -> float:
    began = time.process_time()
    kept = call(argument)
    took = time.process_time() - began
    del kept  # freeing is not part of it
    return took
