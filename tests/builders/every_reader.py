"""Everything of ours that takes bytes from outside, for tests that let no bytes get the better of it."""

import json
from contextlib import suppress

from places import GOLDEN
from streamed import assert_same_syntax, assert_same_values

from edi import nacha
from edi.errors import NotRepresentable
from edi.inspection import inspect
from edi.nacha.acknowledgment import ADAPTERS, is_whole, read_acknowledgment
from edi.nacha.reading import read_rows
from edi.x12.answering.acknowledging import answer
from edi.x12.guides import GUIDES
from edi.x12.judging.judge import judge
from edi.x12.sets import t270, t271, t276, t277, t820, t835, t999
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
        t271.echo(t270.read_set(ts)[0], t271.read_set(ts)[0])
        t277.echo(t276.read_set(ts)[0], t277.read_set(ts)[0])
        remittance, _findings = t835.read_set(ts)
        if remittance is not None:
            t835.balance(remittance)


def _answered(data):
    """TA1 and 999, the latter written where its numbers can be."""
    for _ta1, answers in answer(read(data)):
        for one in answers:
            with suppress(NotRepresentable):
                t999.write_set(one, "0001")


def _banked(data):
    """As an ACH file, both ways and by both profiles, written back byte for byte; as every bank's answer."""
    for profile in (nacha.STRICT, nacha.INBOUND):
        short, long = nacha.read(data, profile), read_rows(data, profile)
        assert (short.file, short.findings, short.complete) == (long.file, long.findings, long.complete)
        assert nacha.write_back(long) == data
        assert short.file is None or nacha.write_back(short) == data
    for adapter in ADAPTERS:
        answer, findings = read_acknowledgment(data, adapter)
        assert answer is not None or findings
        assert is_whole(data) in {True, False}
    json.dumps(inspect("file", data, inbound=True).as_dict())


def _streamed(data):
    """Bit by bit, with the same parts, values and findings as whole."""
    assert_same_syntax(data, (1, 700), 256)
    assert_same_values(data, (1, 700), 256)


READERS = (_inspected, _recognised, _judged, _mistaken, _answered, _banked, _streamed)


def read_by_all(data):
    """Hand the bytes to every reader."""
    for reader in READERS:
        reader(data)


def golden_files():
    """The bytes of every golden file, X12 without its line breaks."""
    return [path.read_bytes().replace(b"~\n", b"~") for path in sorted(GOLDEN.rglob("*")) if path.is_file()]
