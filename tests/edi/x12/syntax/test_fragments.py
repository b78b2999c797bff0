"""X12 in the addenda of a CTX entry: cut and joined, nothing lost, whatever the record does with spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.errors import NotRepresentable
from edi.x12.sets import t820
from edi.x12.syntax.document import set_of
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.fragments import MOST, WIDTH, from_pieces, to_pieces
from edi.x12.syntax.reader import read

PRINTABLE = "".join(chr(one) for one in range(0x20, 0x7F))


@given(st.text(PRINTABLE, max_size=1000).map(lambda text: text.rstrip(" ").encode()), st.integers(1, 200))
def test_joined_as_it_was_cut(data, width):
    pieces = to_pieces(data, width=width, most=10**6)
    assert b"".join(pieces) == data
    assert all(len(one) == width for one in pieces[:-1])
    for kept in (pieces, [one.ljust(width) for one in pieces], [one.rstrip(b" ") for one in pieces], iter(pieces)):
        assert from_pieces(kept, width=width) == data


def test_nothing_is_nothing():
    assert to_pieces(b"") == []
    assert from_pieces([]) == b""


@pytest.mark.parametrize("data", [b"ST*820\r\n", b"ST*820*\xe9~", b"ST*820*0001~ ", b"\x00", b"ST*\x7f~"])
def test_what_no_record_holds_is_refused(data):
    with pytest.raises(NotRepresentable) as refused:
        to_pieces(data)
    assert refused.value.finding.code == "X12-FRAGMENTS"
    assert refused.value.finding.cure


def test_as_many_pieces_as_an_entry_has_records():
    assert len(to_pieces(b"X" * WIDTH * MOST)) == MOST
    with pytest.raises(NotRepresentable, match=r"10000 pieces of 80 characters, 9999 at most"):
        to_pieces(b"X" * (WIDTH * MOST + 1))


def test_a_vendors_set_travels_alone_or_in_its_envelope(make):
    for name, value in make.shapes_820().items():
        written = t820.write_set(value, "0001")
        alone = from_pieces(one.ljust(WIDTH) for one in to_pieces(written.data))
        assert t820.read_set(set_of(alone, "005010")) == (value, []), name
        enveloped = write_interchange(make.envelope("RA", "005010"), [written.data])
        [ts] = read(from_pieces(to_pieces(enveloped))).sets
        assert t820.read_set(ts) == (value, []), name
