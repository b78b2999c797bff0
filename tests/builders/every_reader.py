"""Everything of ours that takes bytes from outside, for tests that let no bytes get the better of it."""

import json
from contextlib import suppress
from pathlib import Path

from edi.errors import NotRepresentable
from edi.inspection import inspect
from edi.x12.acknowledging import answer
from edi.x12.guides import GUIDES
from edi.x12.judge import judge
from edi.x12.reader import read
from edi.x12.sets import t835, t999
from edi.x12.write_back import write_back
from pipeline.mapping.arrivals import recognise

GOLDEN = Path(__file__).parents[1] / "golden"
_SETS = 3
"""How many sets of a file are read as every kind of set; ``inspect`` reads all, each as its own kind."""


def read_by_all(data):
    """Hand the bytes to every reader, each set to the readers of the other sets too, and write what answers it."""
    json.dumps(inspect("file", data).as_dict())
    recognise("file.835", data)
    document = read(data)
    write_back(document)
    for ts in document.sets[:_SETS]:
        judge(ts)
        for guide in GUIDES:
            guide.read(ts)
        t835.balance(t835.read_set(ts)[0])
    for _ta1, answers in answer(document):
        for one in answers:
            with suppress(NotRepresentable):
                t999.write_set(one, "0001")


def golden_files():
    """The bytes of every golden file, X12 without its line breaks."""
    x12 = [path.read_bytes().replace(b"~\n", b"~") for path in sorted((GOLDEN / "x12").iterdir())]
    return x12 + [path.read_bytes() for path in sorted((GOLDEN / "nacha").iterdir())]
