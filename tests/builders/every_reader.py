"""Everything of ours that takes bytes from outside, for tests that let no bytes get the better of it."""

import json
from contextlib import suppress

from places import GOLDEN

from edi.errors import NotRepresentable
from edi.inspection import inspect
from edi.x12.answering.acknowledging import answer
from edi.x12.guides import GUIDES
from edi.x12.judging.judge import judge
from edi.x12.sets import t820, t835, t999
from edi.x12.syntax.reader import read
from edi.x12.syntax.write_back import write_back
from pipeline.mapping.arrivals import recognise

_SETS = 2
"""How many sets of a file are read as every kind of set, not only as their own."""


def _inspected(data):
    """Kind, structure, typed values and balance, as an operator sees them."""
    json.dumps(inspect("file", data).as_dict())


def _recognised(data):
    recognise("file.835", data)
    write_back(read(data))


def _judged(data):
    for ts in read(data).sets:
        judge(ts)


def _mistaken(data):
    """Each set by the readers of all the other sets."""
    for ts in read(data).sets[:_SETS]:
        for guide in GUIDES:
            guide.read(ts)
        t820.balance(t820.read_set(ts)[0], ts)
        remittance, _findings = t835.read_set(ts)
        if remittance is not None:
            t835.balance(remittance)


def _answered(data):
    """TA1 and 999, the latter written where its numbers can be."""
    for _ta1, answers in answer(read(data)):
        for one in answers:
            with suppress(NotRepresentable):
                t999.write_set(one, "0001")


READERS = (_inspected, _recognised, _judged, _mistaken, _answered)


def read_by_all(data):
    """Hand the bytes to every reader."""
    for reader in READERS:
        reader(data)


def golden_files():
    """The bytes of every golden file, X12 without its line breaks."""
    return [path.read_bytes().replace(b"~\n", b"~") for path in sorted(GOLDEN.rglob("*")) if path.is_file()]
