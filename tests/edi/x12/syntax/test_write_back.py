"""What was read comes back as it stood, and every byte of a damaged file is somewhere."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edi.x12.sets import t837p, t999
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.document import LEFT_OUT
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from edi.x12.syntax.ta1 import Ta1
from edi.x12.syntax.write_back import write_back

ISA = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261103*1425*^*00501*000000101*0*T*:~"
WHOLE = ISA + b"TA1*000000099*261103*1425*A*000~GS*FA*A*B*20261103*1425*101*X*005010X231A1~ST*999*0001*005010X231A1~"
WHOLE += b"AK1*HC*55*005010X222A1~AK9*A*1*1*1~SE*4*0001~GE*1*101~IEA*1*000000101~"
OTHER = WHOLE.replace(b"000000101", b"000000102").translate(bytes.maketrans(b"*:^~", b"|>!\n"))


@pytest.mark.parametrize("name", ["837P", "835", "820-X218", "820-X306", "820", "277CA", "999"])
def test_a_clean_file_comes_back_byte_for_byte(codecs, make, name):
    codec, functional_id, shapes = codecs[name]
    for marks in (Delimiters(), Delimiters("|", "}", "^", "\n"), Delimiters("\x1d", "\x1f", "\x1e", "\x1c")):
        sets = [codec.write_set(one, f"{n:04d}", marks).data for n, one in enumerate(shapes.values(), 1)]
        data = write_interchange(make.envelope(functional_id, codec.VERSION, delimiters=marks), sets)
        document = read(data)
        assert document.findings == []
        assert write_back(document) == data
        assert [write_back(one) for one in document.sets] == sets
        if name in {"277CA", "999"}:
            assert [write_back(codec.read_set(one)[0].raw) for one in document.sets] == sets
        [group] = document.interchanges[0].groups
        assert write_back(group) in data
        assert write_back(group).startswith(b"GS" + marks.element.encode())
        assert write_back(group).endswith(marks.element.encode() + b"101" + marks.segment.encode())


def test_several_interchanges_and_acknowledgments_come_back(make):
    ta1 = Ta1(control_number="000000099", date="261103", time="1425", code="A")
    group = [t999.write_set(make.shapes_999()["partial"], "0001").data]
    one = write_interchange(make.envelope("FA", t999.VERSION), group, [ta1])
    two = write_interchange(make.envelope("FA", t999.VERSION, control_number=102), [], [ta1])
    after = two.replace(b"000000102", b"000000103").replace(b"IEA*0", b"NTE*stray~IEA*0")
    assert write_back(read(one + two + after)) == one + two + after


def test_what_is_odd_but_whole_comes_back_too(make):
    """Collapsed padding, a missing last terminator, segments outside any set, ISA16 spelt as an entity."""
    data = write_interchange(
        make.envelope("HC", t837p.VERSION), [t837p.write_set(make.shapes_837p()["office"], "0001").data]
    )
    for old, new in ((b"RB001          ", b"RB001"), (b"~GE*", b"~XX*1~GE*"), (b"*T*:~", b"*T*&gt;~")):
        assert write_back(read(data.replace(old, new, 1))) == data.replace(old, new, 1)
    assert write_back(read(data[:-1])) == data[:-1]


def test_segments_are_not_shown_in_texts():
    document = read(WHOLE.replace(b"AK9*", b"AK9*SECRET"))
    assert "SECRET" in str(document.sets[0].segments)
    assert "SECRET" not in repr(document)


def accounted(data: bytes) -> None:
    """Segments with their terminators, blanks, and what findings call left out: together all bytes, none twice."""
    document = read(data)
    segments = len(write_back(document))
    blanks = document.blanks + sum(one.blanks for one in document.interchanges)
    left_out = sum(one.value_length or 0 for one in document.findings if one.code in LEFT_OUT)
    assert segments + blanks + left_out == len(data)
    for interchange in document.interchanges:
        for part in (*interchange.groups, *(one for group in interchange.groups for one in group.sets)):
            assert write_back(part) in write_back(interchange) + interchange.delimiters.segment.encode("latin-1")


PIECES = [b"", b"~", b"~~", b"*", b"\n", b"\r\n  ", b" ", b"\t", b"\x00", b"\xff", b"\xef\xbb\xbf", b"ISA", b"IEA*1*9"]
PIECES += [b"IEA*1*000000101", b"\nIEA|1|2", b"ISA*00*", b"~ISA*x~", b"~TA1*1~", b"GS*", b"ST*", b"SE*", ISA, OTHER]
DAMAGE = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 200), st.sampled_from(PIECES)), max_size=6)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([WHOLE, OTHER, WHOLE + OTHER, WHOLE.replace(b"~", b"~\r\n") + b"\n" + OTHER]), DAMAGE)
@example(WHOLE, [(len(WHOLE) - 1, 1, b"\n"), (0, 0, b"\xef\xbb\xbf")])
@example(WHOLE, [(104, 2, b"&gt;~\n")])
@example(WHOLE[:80], [(40, 0, b"\r\n")])
@example(WHOLE, [(103, 1, b"*"), (104, 1, b" ")])
def test_every_byte_of_a_damaged_file_is_somewhere(data, damage):
    for place, width, piece in damage:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + width :]
    accounted(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=40))
def test_every_byte_of_anything_is_somewhere(junk, more):
    for data in (junk, ISA + junk, junk + WHOLE + more, WHOLE[:150] + junk + OTHER):
        accounted(data)


@settings(max_examples=300, deadline=None)
@given(st.text("*~:^&g; A9\t\n", min_size=2, max_size=12))
def test_every_byte_is_somewhere_whatever_ends_the_header(end):
    accounted(ISA[:-2] + end.encode() + WHOLE[len(ISA) :])
