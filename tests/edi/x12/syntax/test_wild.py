"""Traits of files from many senders, put on files of our own: what is in them is found, whole, and in every reader alike."""

import json
import re

import pytest
from places import GOLDEN

from edi.findings import Severity
from edi.inspection import inspect, kind_of
from edi.x12.syntax.reader import is_told_whole, is_whole, read
from edi.x12.syntax.write_back import write_back

FILES = {
    "837": (GOLDEN / "x12" / "837p-ambulance.x12").read_bytes().replace(b"\n", b""),
    "835": (GOLDEN / "x12" / "835-paid.x12").read_bytes().replace(b"\n", b""),
    "820": (GOLDEN / "x12" / "820-vendor.x12").read_bytes().replace(b"\n", b""),
    "277": (GOLDEN / "x12" / "277ca-payer.x12").read_bytes().replace(b"\n", b""),
    "999": (GOLDEN / "x12" / "999-partial.x12").read_bytes().replace(b"\n", b""),
}
# Element, component, repetition, segment.
MARKS = [
    b"|:^~", b"*}^~", b"^:!~", b"*:\\~", b"*>^!", b"*<|\n", b"*:^\r", b"\x1d\x1f\x1e\x1c", b"|>!\x0b", b"*:^'", b"\t:^~",
    b",:^;", b"*\\}\x15", b"*:^\x85",
]  # fmt: skip
PRESENTED = {
    "line feeds": lambda data: data.replace(b"~", b"~\n"),
    "CRLF and blank lines": lambda data: data.replace(b"~", b"~\r\n\r\n"),
    "CR CR LF": lambda data: data.replace(b"~", b"~\r\r\n"),
    "indented": lambda data: data.replace(b"~", b"~\n     "),
    "blanks before every terminator": lambda data: data.replace(b"~", b"  ~\n"),
    "segments padded to 80": lambda data: b"\n".join((one + b"~").ljust(80) for one in data.split(b"~")[:-1]),
    "lines of 80": lambda data: b"\r\n".join(data[at : at + 80] for at in range(0, len(data), 80)),
    "NUL to the end of a block": lambda data: data.ljust(8192, b"\0"),
    "^Z at the end": lambda data: data + b"\r\n\x1a",
    "UTF-8 mark": lambda data: b"\xef\xbb\xbf" + data,
    "collapsed ISA": lambda data: re.sub(rb" +\*", b"*", data[:106]) + data[106:],
    "ISA11 of the older kind": lambda data: data.replace(b"*^*00501", b"*U*00501"),
    "component and repetition alike": lambda data: data.replace(b"*^*00501", b"*:*00501"),
    "no ISA16": lambda data: data.replace(b":~", b"~", 1),
    "an empty ISA17": lambda data: data.replace(b":~", b":*~", 1),
    "no last terminator": lambda data: data[:-1],
    "two terminators each": lambda data: data.replace(b"~", b"~~"),
    "no version in ST": lambda data: re.sub(rb"~(ST\*\d+\*\d+)(\*\w+)?", rb"~\1*", data),
    "SE01 with zeros": lambda data: re.sub(rb"~SE\*", b"~SE*000", data),
    "mail's heading before it": lambda data: b"Content-Type: application/EDI-X12\r\n\r\n" + data,
}


def content(data):
    """What `inspect` tells of the sets, findings aside."""
    return [
        {k: v for k, v in one.items() if k != "version"} for one in inspect("x", data, claims=True).summary["set_list"]
    ]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("marks", MARKS, ids=repr)
def test_any_separators_will_do(kind, marks):
    data = FILES[kind].translate(bytes.maketrans(b"*:^~", marks))
    assert read(data).findings == []
    assert (kind_of(data), is_whole(data)) == (f"x12:{kind}", True)
    assert write_back(read(data)) == data
    plain = json.dumps(content(FILES[kind]), default=str)
    assert json.dumps(content(data), default=str) == plain


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("how", PRESENTED)
def test_any_presentation_holds_the_same(kind, how):
    data = PRESENTED[how](FILES[kind])
    assert data != FILES[kind]
    assert content(data) == content(FILES[kind])
    assert (kind_of(data), is_told_whole(data)) == (f"x12:{kind}", True)
    assert is_whole(data) == (how != "no last terminator")


@pytest.mark.parametrize("name", ["SAMPLÉ".encode(), "SAMPLÉ".encode("latin-1"), "標本".encode(), b"SAMPLE\x7f"])
def test_letters_of_other_alphabets_are_told_and_kept(name):
    data = FILES["837"].replace(b"SAMPLE", name)
    assert {one.code for one in read(data).findings} == {"X12-CHARACTER"}
    assert write_back(read(data)) == data


# -- several of everything -------------------------------------------------------------------------------------------------
ISA = FILES["835"][:106]
NUMBER = ISA[90:99]


def group(functional_id, version, number, *sets):
    head = f"GS*{functional_id}*S*R*20261103*1425*{number}*X*{version}~".encode()
    return head + b"".join(sets) + f"GE*{len(sets)}*{number}~".encode()


def plain_set(set_id, number, *segments, version=""):
    st = f"ST*{set_id}*{number}" + (f"*{version}" if version else "")
    return "".join(f"{one}~" for one in (st, *segments, f"SE*{len(segments) + 2}*{number}")).encode()


OTHERS = [
    ("HC", "837", "005010X224A2", ["BHT*0019*00*1*20261103*1425*CH", "CLM*A*1***11:B:1*Y*A*Y*Y", "SV3*AD:D0120*1"]),
    ("HC", "837", "005010X298", ["BHT*0019*00*1*20261103*1425*RP", "CLM*A*1"]),
    ("HC", "837", "004010X098A1", ["BHT*0019*00*1*20261103*1425*CH", "REF*87*004010X098A1", "CLM*A*1***11::1"]),
    ("HP", "835", "004010X091A1", ["BPR*I*1*C*CHK************20261103", "TRN*1*1*1999999999", "CLP*A*1*1*1"]),
    ("HS", "270", "004010X092A1", ["BHT*0022*13*1*20261103*1425", "HL*1**20*1"]),
    ("HN", "277", "005010X213", ["BHT*0085*08*1*20261103*1425*RQ", "STC*R4:294*20261103"]),
    ("HI", "278", "005010X217", ["BHT*0007*13*1*20261103*1425"]),
    ("BE", "834", "005010X220A1", ["BGN*00*1*20261103", "INS*Y*18*030"]),
]


def test_sets_that_have_no_reader_are_counted_segment_by_segment():
    groups = [
        group(functional_id, version, at, plain_set(set_id, f"{at:04d}", *segments))
        for at, (functional_id, set_id, version, segments) in enumerate(OTHERS, 1)
    ]
    data = ISA + b"".join(groups) + b"IEA*%d*%s~" % (len(groups), NUMBER)
    told = inspect("x", data)
    assert [one for one in told.findings if one.severity is not Severity.INFO] == []
    listed = [(one["set"], one["version"], one["segments"]) for one in told.summary["set_list"]]
    assert listed == [(set_id, version, len(segments) + 2) for _, set_id, version, segments in OTHERS]
    assert write_back(read(data)) == data


def test_groups_of_several_kinds_and_answers_around_them():
    bodies = {kind: data[106 : data.index(b"IEA*")] for kind, data in FILES.items()}
    numbered = [re.sub(rb"\*101(?=\*X\*|~$)", b"*%d" % at, one) for at, one in enumerate(bodies.values(), 1)]
    ta1 = b"TA1*000000007*261103*1425*A*000~"
    data = ISA + ta1 + b"".join(numbered) + ta1 + b"IEA*5*" + NUMBER + b"~"
    document = read(data)
    assert document.findings == []
    assert len(document.interchanges[0].ta1s) == 2
    assert [one["set"] for one in content(data)] == [*FILES]
    assert content(data) == [one for file in FILES.values() for one in content(file)]


# The catalogue's words for faults of the envelope, and what makes each.
FAULTS = {
    "X12-SE01": lambda data: re.sub(rb"~SE\*\d+", b"~SE*3", data),
    "X12-SE02": lambda data: re.sub(rb"~SE\*(\d+)\*", rb"~SE*\1*0", data),
    "X12-GE01": lambda data: data.replace(b"~GE*1*", b"~GE*2*"),
    "X12-GE02": lambda data: data.replace(b"~GE*1*101", b"~GE*1*000000101"),
    "X12-IEA01": lambda data: data.replace(b"~IEA*1*", b"~IEA*0*"),
    "X12-IEA02": lambda data: data.replace(b"~IEA*1*000000101", b"~IEA*1*101"),
    "X12-NO-SE": lambda data: re.sub(rb"~SE\*[^~]*", b"", data),
    "X12-NO-GE": lambda data: re.sub(rb"~GE\*[^~]*", b"", data),
    "X12-NO-IEA": lambda data: re.sub(rb"~IEA\*[^~]*", b"", data),
    "X12-NO-GS": lambda data: re.sub(rb"~GS\*[^~]*", b"", data).replace(b"~GE*1*101", b"~GE*1*"),
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_of_the_envelope_is_told_alone(kind, code):
    data = FAULTS[code](FILES[kind])
    assert data != FILES[kind]
    assert [one.code for one in read(data).findings if one.severity is Severity.ERROR] == [code]
    heads = [[segment[0] for segment in one.segments] for one in read(data).sets]
    assert [one.count("CLM") + one.count("CLP") for one in heads] == [kind in {"837", "835"}]
