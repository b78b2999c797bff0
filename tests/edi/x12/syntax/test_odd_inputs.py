"""Inputs on which other readers lose claims without a word: here each claim is found, or a finding says what is amiss."""

import pytest

from edi.findings import Severity
from edi.x12.sets import t835, t837p
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read

OTHER_MARKS = bytes.maketrans(b"*:^~", b"|>!\x1e")


@pytest.fixture(params=["837P", "835"])
def kind(request):
    return request.param


@pytest.fixture
def data(make, kind):
    """Two sets with claims in each."""
    if kind == "837P":
        codec, functional_id, value = t837p, "HC", make.shapes_837p()["both branches"]
    else:
        codec, functional_id, value = t835, "HP", make.shapes_835()["reversal and correction"]
    sets = [codec.write_set(value, number).data for number in ("0001", "0002")]
    return write_interchange(make.envelope(functional_id, codec.VERSION), sets)


def claims(data):
    """How many claims the typed readers find."""
    found = 0
    for ts in read(data).sets:
        if ts.set_id == "835":
            found += len(t835.read_set(ts)[0].claims)
        else:
            billing = t837p.read_set(ts)[0].billing
            subscribers = [one for provider in billing for one in provider.subscribers]
            found += sum(len(one.claims) + sum(len(p.claims) for p in one.patients) for one in subscribers)
    return found


def second(data):
    return data.replace(b"000000101", b"000000102")


CLEAN = {
    "delimiters from ISA": lambda data: data.translate(OTHER_MARKS),
    "LF after the terminator": lambda data: data.replace(b"~", b"~\n"),
    "CRLF after the terminator": lambda data: data.replace(b"~", b"~\r\n"),
    "LF as the terminator": lambda data: data.replace(b"~", b"\n"),
    "CRLF as the terminator": lambda data: data.replace(b"~", b"\r\n"),
    "a repeated race in DMG05": lambda data: data.replace(b"*F~", b"*F**:RET:2106-3^:RET:2054-5~"),
    "a component separator of its own as the repetition": lambda data: data.replace(b"*^*00501", b"*U*00501"),
}
TWICE = {
    "two interchanges, same delimiters": lambda data: data + second(data),
    "two interchanges, other delimiters": lambda data: data + second(data).translate(OTHER_MARKS),
    "two interchanges, the second with LF as terminator": lambda data: data + second(data).replace(b"~", b"\n"),
    "two groups": lambda data: (
        data[: data.index(b"IEA")]
        + data[106 : data.index(b"IEA")].replace(b"*101*X*", b"*102*X*").replace(b"*2*101~", b"*2*102~")
        + b"IEA*2*000000101~"
    ),
}
TOLD = {
    "SE01 wrong": (lambda data: data.replace(b"~SE*", b"~SE*9", 1), "X12-SE01"),
    "truncated, no IEA": (lambda data: data[: data.index(b"IEA")], "X12-NO-IEA"),
    "truncated inside GE": (lambda data: data[: data.index(b"~GE*") + 4], "X12-TRUNCATED"),
    "an empty segment": (lambda data: data.replace(b"~HL*", b"~~HL*", 1).replace(b"~LX*", b"~~LX*", 1), "X12-EMPTY-SEGMENT"),
    "the last terminator missing": (lambda data: data[:-1], "X12-UNTERMINATED"),
    "a segment longer than any buffer": (
        lambda data: data.replace(b"~SE*", b"~NTE*ADD*" + b"X" * 70_000 + b"~SE*", 1),
        "X12-SE01",
    ),
    "bytes between interchanges": (lambda data: data + b"0000 END OF FILE 0000", "X12-GARBAGE"),
}  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_legal_is_read_without_a_word(data, name):
    changed = CLEAN[name](data)
    assert read(changed).findings == []
    assert claims(changed) == claims(data) >= 4


@pytest.mark.parametrize("name", TWICE)
def test_every_part_of_a_file_is_read(data, name):
    changed = TWICE[name](data)
    assert read(changed).findings == []
    assert claims(changed) == 2 * claims(data)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_amiss_is_told_and_the_claims_are_found(data, name):
    change, code = TOLD[name]
    changed = change(data)
    assert changed != data
    assert code in [one.code for one in read(changed).findings if one.severity is not Severity.INFO]
    assert claims(changed) == claims(data)
