"""Sets without an envelope: read as if they had one, whatever separates them, and nothing is told of what they lack."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edi.findings import Severity
from edi.x12.sets import t820
from edi.x12.syntax.bare import read_bare
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.fragments import WIDTH, from_pieces, to_pieces

SET = b"ST*820*0001~BPR*C*1*C*ACH~TRN*1*A~ENT*1~RMR*IV*I1**1~SE*6*0001~"


@pytest.mark.parametrize("marks", [Delimiters(), Delimiters("|", ">", "!", "\\"), Delimiters("+", ":", "^", "\n")])
def test_a_set_is_read_by_its_own_separators(make, marks):
    for name, value in make.shapes_820().items():
        sets, findings = read_bare(t820.write_set(value, "0042", marks).data, "005010")
        assert findings == [], name
        [ts] = sets
        assert (ts.control_number, ts.version, ts.complete, ts.first_segment_index) == ("0042", "005010", True, 0)
        assert (ts.delimiters.element, ts.delimiters.segment) == (marks.element, marks.segment)
        assert t820.read_set(ts) == (value, []), name
        assert ts.place(2).segment_index == 1


def test_several_sets_and_their_version():
    sets, findings = read_bare(
        SET + SET.replace(b"0001", b"0002").replace(b"*0002~BPR", b"*0002*005010X218~BPR"), "004010"
    )
    assert findings == []
    assert [(one.control_number, one.version, one.first_segment_index) for one in sets] == [
        ("0001", "004010", 0),
        ("0002", "005010X218", 6),
    ]


@pytest.mark.parametrize(
    "data", [SET[:-1], b" \r\n" + SET + b"\r\n  ", SET.replace(b"~", b"~\r\n"), SET.replace(b"~", b"~   ")]
)
def test_blanks_around_segments_and_a_missing_last_terminator(data):
    sets, findings = read_bare(data, "005010")
    assert {one.severity for one in findings} <= {Severity.WARNING}  # blanks around segments are told
    assert t820.balance(t820.read_set(sets[0])[0]) == []


def test_a_segment_in_each_record_is_joined_and_read():
    records = [one.ljust(WIDTH) for one in SET.replace(b"~", b"~\n").split(b"\n")[:-1]]
    [ts] = read_bare(from_pieces(records), "005010")[0]
    assert len(ts.segments) == 6
    [ts] = read_bare(from_pieces(to_pieces(SET)), "005010")[0]
    assert len(ts.segments) == 6


def test_what_is_wrong_is_told_at_its_place_in_the_set():
    sets, [found] = read_bare(SET.replace(b"SE*6", b"SE*7"), "005010")
    assert (found.code, found.place.segment, found.place.segment_index) == ("X12-SE01", "SE", 5)
    assert (found.place.interchange, found.place.group, sets[0].interchange) == (None, None, None)
    sets, findings = read_bare(SET[: SET.index(b"SE*")], "005010")
    assert [one.complete for one in sets] == [False]
    assert "X12-NO-SE" in {one.code for one in findings}


@pytest.mark.parametrize("data", [b"", b"PAYMENT FOR INVOICE 7", b"ISA*00*", b"ST*820", b"ST*820*0001A", b"ST*820*"])
def test_what_is_no_set_is_none(data):
    assert read_bare(data, "005010") == ([], [])


@given(st.binary(max_size=300), st.integers(0, len(SET)), st.integers(0, 5))
@example(b":>^|<}{!%#\x1f\x1e", 15, 0)
@example(b"\xb2", 48, 5)
def test_no_bytes_raise(junk, at, width):
    read_bare(junk, "005010")
    for ts in read_bare(SET[:at] + junk + SET[at + width :], "005010")[0]:
        t820.balance(t820.read_set(ts)[0], ts)
