"""Runs inside another library's environment: its 835 reader beside the floor, in one process. Knows no line of ours.

    python x12_peer.py NAME BIG SMALL REPEATS     prints {"claims": ..., "ratios": [...], "seconds": [...]}

BIG and SMALL are 835 files of 10,000 and 1,000 claims. A reader that needs more than ten floors for BIG is timed three
times on SMALL instead, floor and reader in turn.
"""

import io
import json
import sys
import time
import warnings
from pathlib import Path

TOO_SLOW = 10  # floors


def floor(data: bytes) -> list[list[bytes]]:
    """The least that any reader does: every segment and every element, all lists kept."""
    return [segment.split(b"*") for segment in data.split(b"~")]


def oxedi(path: Path) -> int:
    """A Python mapping a row of every table, by Polars: its own tables hold columns and cannot be walked by row."""
    import oxedi

    tables = oxedi.parse(path.read_bytes()).tables
    rows = {name: tables[name].to_polars().rows(named=True) for name in tables}
    return len(rows["claims"])


def oxedi_columns(path: Path) -> int:
    """Columns outside Python: nothing is there yet that Python code could look at."""
    import oxedi

    return len(oxedi.parse(path.read_bytes()).tables["claims"])


def x12sdk(path: Path) -> int:
    from x12sdk.io import X12ModelReader

    with X12ModelReader(path.read_text("latin-1")) as reader:
        return sum(1 for model in reader.models() for _ in model.claims())


def openx12(path: Path) -> int:
    from openx12 import x835

    return len(x835.parse(path.read_text("latin-1")).claims)


def edi_835_parser(path: Path) -> int:
    from edi_835_parser import parse

    return sum(len(one.claims) for one in parse(str(path)))


def pyx12(path: Path) -> int:
    """Validation, which is what it is for; it counts no claims, so the file's own count is taken."""
    from pyx12.params import params
    from pyx12.x12n_document import x12n_document

    text = path.read_text("latin-1")
    if not x12n_document(params(), io.StringIO(text), None, None):
        raise SystemExit("pyx12 does not accept the file")
    return text.count("~CLP*")


READERS = {
    "oxedi": oxedi,
    "oxedi-columns": oxedi_columns,
    "x12sdk": x12sdk,
    "openx12": openx12,
    "edi-835-parser": edi_835_parser,
    "pyx12": pyx12,
}


def timed(call, *args) -> tuple[float, object]:
    began = time.process_time()
    result = call(*args)
    return time.process_time() - began, result


def pair(read, path: Path, claims: int) -> tuple[float, float]:
    """Ratio to the floor, and seconds, of one run of each."""
    data = path.read_bytes()
    floor_s, kept = timed(floor, data)
    del kept
    seconds, count = timed(read, path)
    if count != claims:
        raise SystemExit(f"it finds {count} of {claims} claims")
    return seconds / floor_s, seconds


def main(name: str, big: str, small: str, repeats: int) -> None:
    warnings.simplefilter("ignore")
    read, runs = READERS[name], []
    path, claims = Path(small), 1_000
    first = pair(read, path, claims)  # imports and maps are loaded; shows whether the big file can be waited for
    if pair(read, path, claims)[0] <= TOO_SLOW or first[0] <= TOO_SLOW:
        path, claims = Path(big), 10_000
    runs.append(pair(read, path, claims))
    if runs[0][0] > TOO_SLOW and claims > 1_000:
        path, claims, runs = Path(small), 1_000, []
    count = repeats if claims > 1_000 else 3
    while len(runs) < count:
        runs.append(pair(read, path, claims))
    told = {"claims": claims, "ratios": [ratio for ratio, _ in runs], "seconds": [seconds for _, seconds in runs]}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
