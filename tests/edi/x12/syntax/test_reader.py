"""Odd input: every byte lands in a segment or in a finding."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.findings import Severity
from edi.x12.judging.check import check_set
from edi.x12.sets import t277ca, t835, t837p, t999
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from edi.x12.syntax.write_back import write_back

READERS = {"837": t837p.read_set, "835": t835.read_set, "277": t277ca.read_set, "999": t999.read_set}


@pytest.fixture(scope="module")
def data(make):
    sets = [t835.write_set(make.shapes_835()["reversal and correction"], number).data for number in ("0001", "0002")]
    return write_interchange(make.envelope("HP", t835.VERSION), sets)


@pytest.fixture(scope="module")
def second(data):
    """The same content in an interchange of another number."""
    return data.replace(b"000000101", b"000000102")


def codes(document):
    return [one.code for one in document.findings]


def claims(document):
    return sum(len(t835.read_set(ts)[0].claims) for ts in document.sets)


def test_line_breaks_after_terminators(data):
    for newline in (b"\n", b"\r\n"):
        document = read(data.replace(b"~", b"~" + newline))
        assert document.findings == []
        assert claims(document) == 6
        assert document.complete


def test_newline_as_terminator(data):
    for newline in (b"\n", b"\r\n"):
        document = read(data.replace(b"~", newline))
        assert document.findings == []
        assert claims(document) == 6


def test_two_interchanges_with_other_delimiters_each(data, second):
    other = second.translate(bytes.maketrans(b"*:^~", b"|>!\x1d"))
    for both in (data + other, data + b"\n" + other + b"\r\n", other + data, data + second):
        document = read(both)
        assert document.findings == []
        assert len(document.interchanges) == 2
        assert claims(document) == 12
    assert read(data + other).interchanges[1].delimiters == Delimiters("|", ">", "!", "\x1d")


def test_segment_indexes_run_through_the_file(data):
    document = read(data + data)
    whole = len(data.split(b"~")) - 1
    assert document.sets[0].first_segment_index == 2
    assert document.sets[2].first_segment_index == whole + 2
    place = document.sets[2].place(1, element=2)
    assert (place.segment_index, place.segment, place.set_control) == (whole + 2, "ST", "0001")


def test_byte_order_mark_indentation_and_empty_segments_are_told(data):
    odd = b"\xef\xbb\xbf" + data.replace(b"~TRN", b"~~  TRN")
    document = read(odd)
    assert set(codes(document)) == {"X12-BOM", "X12-EMPTY-SEGMENT", "X12-INDENTED"}
    assert claims(document) == 6


@pytest.mark.parametrize(
    ("old", "new", "code", "standard"),
    [
        (b"SE*70*0001", b"SE*71*0001", "X12-SE01", "4"),
        (b"SE*70*0001", b"SE*70*0009", "X12-SE02", "3"),
        (b"GE*2*", b"GE*3*", "X12-GE01", "5"),
        (b"GE*2*101", b"GE*2*102", "X12-GE02", "4"),
        (b"IEA*1*", b"IEA*2*", "X12-IEA01", "021"),
        (b"IEA*1*000000101", b"IEA*1*000000102", "X12-IEA02", "001"),
        (b"ST*835*0002", b"ST*835*0001", "X12-ST02-REPEATED", "23"),
        (b"*0*T*:", b"*0*X*:", "X12-ISA15", "020"),
        (b"SE*70*0001~", b"", "X12-NO-SE", "2"),
        (b"GE*2*101~", b"", "X12-NO-GE", "3"),
        (b"IEA*1*000000101~", b"", "X12-NO-IEA", "023"),
        (b"GS*HP", b"XX*HP", "X12-NO-GS", None),
        (b"GE*2*101~", b"XX*1~GE*2*101~", "X12-STRAY", None),
    ],
)
def test_counts_numbers_and_missing_ends(data, old, new, code, standard):
    document = read(data.replace(old, new, 1))
    found = next(one for one in document.findings if one.code == code)
    assert found.standard_code == standard
    assert found.place.segment_index is not None
    assert len(document.sets) == 2


def test_truncation_anywhere_is_never_silent(data):
    for cut in range(1, len(data), 97):
        document = read(data[:cut])
        assert document.findings
        assert not document.complete
    assert "X12-TRUNCATED" in codes(read(data[:900]))


def test_a_last_segment_without_terminator_is_taken_and_told(data, second):
    for tail in (b"", b"\n", b"\r\n" + second):
        document = read(data[:-1] + tail)
        assert codes(document) == ["X12-UNTERMINATED"]
        assert document.complete


@pytest.mark.parametrize("between", [b"", b"\n", b"~", b"  \r\n\x00"])
def test_a_cut_interchange_does_not_swallow_the_next(data, second, between):
    document = read(data[:900] + between + second)
    assert [one.complete for one in document.interchanges] == [False, True]
    assert "X12-TRUNCATED" in codes(document) or between == b"~"
    assert claims(read(second)) == sum(len(t835.read_set(ts)[0].claims) for ts in document.sets[1:])


def test_garbage_before_between_and_after_is_told(data, second):
    document = read(b"hello " + data + b"trailer?" + second + b"\x1a\x00 \n")
    assert codes(document) == ["X12-GARBAGE", "X12-GARBAGE"]
    assert claims(document) == 12
    assert "hello" not in repr(document.findings)
    assert codes(read(data + b"the end")) == ["X12-GARBAGE"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [(b"", "X12-EMPTY"), (b"%PDF-1.4 junk", "X12-NO-ISA"), (b"ISA*00*~", "X12-ISA"), (b"ISA" + b"*" * 300, "X12-ISA")],
)
def test_what_is_no_x12(bad, code):
    document = read(bad)
    assert code in codes(document)
    assert document.interchanges == []
    assert not document.complete


def test_collapsed_isa_padding_is_taken_and_told(data):
    head, rest = data[:106], data[106:]
    document = read(b" ".join(head.split()).replace(b" *", b"*") + rest)
    assert codes(document) == ["X12-ISA-WIDTH"]
    assert claims(document) == 6


@pytest.mark.parametrize(("isa11", "expected"), [(b"U", []), (b":", ["X12-ISA11"]), (b" ", ["X12-ISA11"])])
def test_a_repetition_separator_that_is_none(data, isa11, expected):
    document = read(data.replace(b"*^*00501", b"*" + isa11 + b"*00501", 1))
    assert codes(document) == expected
    assert claims(document) == 6
    assert document.interchanges[0].delimiters.repetition == "^"


def test_odd_characters_are_told_with_their_segment(data):
    document = read(data.replace(b"AVERY", b"AV\xc9RY", 1).replace(b"ROBIN", b"RO\x07IN", 1))
    assert codes(document) == ["X12-CHARACTER"]
    assert document.findings[0].place.segment == "NM1"


def test_ta1_before_the_group_and_after_it(make):
    group = t999.write_set(make.shapes_999()["rejected"], "0001").data
    ta1 = write_interchange(make.envelope("FA", t999.VERSION), [group])
    line = b"TA1*000000101*261103*1425*A*000~"
    document = read(ta1.replace(b"~GS*", b"~" + line + b"GS*").replace(b"~IEA", b"~" + line + b"IEA"))
    assert document.findings == []
    assert len(document.interchanges[0].ta1s) == 2
    assert len(document.sets) == 1
    broken = read(ta1.replace(b"~GS*", b"~TA1*101*x~GS*"))
    assert [(one.place.element, one.severity.value) for one in broken.findings] == [
        (1, "warning"),
        (2, "warning"),
        (3, "warning"),
        (4, "error"),
        (5, "warning"),
    ]
    assert broken.interchanges[0].ta1s[0].note == ""


def test_a_ta1_alone(make):
    line = b"TA1*000000101*261103*1425*R*020~"
    document = read(write_interchange(make.envelope("FA", t999.VERSION), []).replace(b"~IEA", b"~" + line + b"IEA"))
    assert (document.findings, document.complete, document.sets) == ([], True, [])
    assert document.interchanges[0].ta1s[0].rejected


def test_blanks_after_segments_are_no_part_of_their_values(data):
    for head, told in ((data[:106], []), (data[:106].replace(b"~", b" \t ~\r\n"), ["X12-ISA-WIDTH"])):
        document = read(head + data[106:].replace(b"~", b" \t ~\r\n"))
        assert sorted(codes(document)) == sorted(["X12-INDENTED", *told])
        assert document.sets[0].segments == read(data).sets[0].segments


def test_a_delimiter_may_be_a_tab_or_a_control_character(data, second):
    for element, terminator in ((b"\t", b"~"), (b"\x1d", b"\t"), (b"|", b"\x15")):
        document = read(data.translate(bytes.maketrans(b"*~", element + terminator)))
        assert document.findings == []
        assert claims(document) == 6


def test_a_header_that_ends_in_an_entity_is_read_and_told(data):
    document = read(data.replace(b"*T*:~", b"*T*&gt;~\n", 1))
    assert "X12-ISA16" in codes(document)
    assert len(document.sets) == 2
    assert document.complete


@pytest.mark.parametrize("end", [b"  ", b"ab", b":9", b"", b"*"])
def test_a_header_without_usable_end_is_left_out_up_to_the_next(data, second, end):
    document = read(data.replace(b"*T*:~", b"*T*" + end, 1) + second)
    assert codes(document) == ["X12-ISA"]
    assert [one.control_number for one in document.interchanges] == ["000000102"]


@pytest.mark.parametrize("last", [b"~", b"*", b"A", b" ", b""])
@pytest.mark.parametrize("after", [b"", b" ", b"\n", b"\r\n  "])
def test_a_component_separator_that_is_none_has_a_stand_in(data, last, after):
    document = read(data.replace(b"~", b"~" + after).replace(b"*T*:~", b"*T*" + last + b"~", 1))
    assert "X12-ISA16" in codes(document)
    assert (len(document.sets), claims(document)) == (2, 6)
    assert document.complete


@pytest.mark.parametrize("more", [b" ", b"   ", b"*", b"** "])
def test_what_stands_between_isa16_and_the_terminator_is_taken_and_told(data, more):
    document = read(data.replace(b"*T*:~", b"*T*:" + more + b"~", 1))
    assert codes(document) == ["X12-ISA-WIDTH"]
    assert claims(document) == 6
    assert write_back(document) == data.replace(b"*T*:~", b"*T*:" + more + b"~", 1)


def test_terminators_after_the_trailer_are_empty_segments(data, second):
    document = read(data + b"~~" + second)
    assert codes(document) == ["X12-EMPTY-SEGMENT"]
    assert claims(document) == 12


def test_a_missing_terminator_at_the_end_of_a_line_is_told_apart_from_a_broken_line(data):
    lines = data.replace(b"~", b"~\n")
    document = read(lines.replace(b"~\nCLP*CRR2*", b"\nCLP*CRR2*", 1))
    assert codes(document) == ["X12-MERGED", "X12-SE01"]
    assert document.findings[0].severity is Severity.ERROR
    document = read(lines.replace(b"AVERY", b"A\nVERY", 1))
    assert codes(document) == ["X12-LINE-BREAK"]
    assert claims(document) == 6


@pytest.mark.parametrize(("width", "line_break"), [(80, b"\n"), (80, b"\r\n"), (72, b"\r"), (3, b"\n")])
def test_lines_of_one_width_are_put_together(data, width, line_break):
    wrapped = line_break.join(data[at : at + width] for at in range(0, len(data), width))
    for end in (b"", line_break):
        document = read(wrapped + end)
        assert codes(document) == ["X12-WRAPPED"]
        assert document.sets == read(data).sets
        assert document.blanks == len(wrapped + end) - len(data)


def test_a_very_long_segment_does_not_end_the_file(data):
    document = read(data.replace(b"~LX*", b"~NTE*ADD*" + b"X" * 100_000 + b"~LX*", 1))
    assert codes(document) == ["X12-SE01"]
    assert claims(document) == 6


@pytest.mark.parametrize(("number", "severity"), [(b"101", "warning"), (b"0000000101", "warning"), (b"A01", "error")])
def test_an_interchange_number_that_is_not_nine_digits(data, number, severity):
    document = read(data.replace(b"000000101", number))
    assert [one.severity.value for one in document.findings if one.code == "X12-ISA13"] == [severity]
    assert document.interchanges[0].control_number == number.decode()
    assert claims(document) == 6


def test_an_interchange_number_that_comes_again(data, second):
    document = read(data + second + data)
    assert codes(document) == ["X12-ISA13-REPEATED"]
    assert document.findings[0].standard_code == "025"


def test_a_header_that_cannot_be_read_inside_an_interchange_takes_nothing_with_it(data):
    document = read(data.replace(b"~GE*", b"~ISA*x*y~GE*", 1))
    assert codes(document) == ["X12-STRAY"]
    assert claims(document) == 6


def test_what_only_looks_like_a_header_or_trailer_is_data(data):
    document = read(data.replace(b"AVERY", b"LISA IEA*ISA", 1))
    assert document.findings == []
    assert claims(document) == 6


def test_a_ta1_inside_a_set_answers_nothing(data):
    document = read(data.replace(b"~LX*", b"~TA1*000000101*261103*1425*A*000~LX*", 1))
    assert codes(document) == ["X12-STRAY", "X12-SE01"]
    assert document.interchanges[0].ta1s == []


@pytest.mark.parametrize("piece", [b"ISA*", b"~ISA*", b"IEA*1~", b"~", b" ", b"GS*A*B*%d~", b"ST*835*1~", b"X", b"\n"])
def test_monotony_is_read_in_one_pass(data, piece):
    """Each of these made some reader search the rest of the file again and again."""
    many = b"".join(piece.replace(b"%d", b"%d" % n) for n in range(50_000))
    for start in (b"", data[:106]):
        assert read(start + many).findings


def everything(data):
    document = read(data)
    for ts in document.sets:
        check_set(ts)
        if ts.set_id in READERS:
            value, _ = READERS[ts.set_id](ts)
            if ts.set_id == "835" and value is not None:
                t835.balance(value, ts)
    return document


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_any_bytes_at_all(junk):
    everything(junk)
    everything(
        b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261103*1425*^*00501*000000101*0*T*:~"
        + junk
    )


@pytest.mark.parametrize("name", ["837P", "835", "820-X218", "820-X306", "820", "277CA", "999"])
def test_damaged_files(codecs, make, name):
    codec, functional_id, shapes = codecs[name]
    whole = [
        write_interchange(make.envelope(functional_id, codec.VERSION), [codec.write_set(one, "0001").data])
        for one in shapes.values()
    ]

    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from(whole),
        st.integers(0, 10**6),
        st.sampled_from([b"", b"~", b"*", b":", b"^", b"9", b"\xff", b"~HL*9*8*22*0~", b"~LX~CLM~CLP~STC~IK3~"]),
        st.integers(0, 4),
    )
    def damage(data, at, piece, width):
        at = 106 + at % (len(data) - 106)
        everything(data[:at] + piece + data[at + width :])

    damage()
