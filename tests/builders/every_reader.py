"""Everything of ours that takes bytes from outside, for tests that let no bytes get the better of it."""

from pathlib import Path

from edi.inspection import inspect
from edi.x12.check import check_set
from edi.x12.reader import read
from edi.x12.sets import t277ca, t835, t837p, t999
from pipeline.mapping.arrivals import recognise

GOLDEN = Path(__file__).parents[1] / "golden"
_CODECS = (t837p, t835, t277ca, t999)
_SETS = 3
"""How many sets of a file are read as every kind of set; ``inspect`` reads all, each as its own kind."""


def read_by_all(data):
    """Hand the bytes to every reader, and each set to the readers of the other sets too."""
    inspect("file", data).as_dict()
    recognise("file.835", data)
    for ts in read(data).sets[:_SETS]:
        check_set(ts)
        for codec in _CODECS:
            codec.read_set(ts)
        value, _findings = t835.read_set(ts)
        if value is not None:
            t835.balance(value)


def golden_files():
    """The bytes of every golden file, X12 without its line breaks."""
    x12 = [path.read_bytes().replace(b"~\n", b"~") for path in sorted((GOLDEN / "x12").iterdir())]
    return x12 + [path.read_bytes() for path in sorted((GOLDEN / "nacha").iterdir())]
