import pytest

from edi.errors import NotRepresentable
from edi.x12.sets import t837p
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from edi.x12.syntax.ta1 import Ta1

TA1 = Ta1(control_number="000000099", date="261103", time="1425", code="R", note="025")


def test_isa_is_106_bytes_and_numbers_agree(make):
    one = t837p.write_set(make.shapes_837p()["office"], "0001").data
    two = t837p.write_set(make.shapes_837p()["ambulance"], "0002").data
    data = write_interchange(make.envelope("HC", t837p.VERSION, ack_requested=True), [one, two], [TA1])
    assert data[105:106] == b"~"
    assert data[106:109] == b"TA1"
    document = read(data)
    assert document.findings == []
    assert document.complete
    [interchange] = document.interchanges
    assert (interchange.control_number, interchange.usage, interchange.receiver_id) == ("000000101", "T", "330897513")
    assert interchange.ack_requested
    assert interchange.ta1s == [TA1]
    [group] = interchange.groups
    assert (group.functional_id, group.control_number, group.date) == ("HC", "101", "20261103")
    assert [one.control_number for one in group.sets] == ["0001", "0002"]


def test_without_sets_there_is_no_group(make):
    document = read(write_interchange(make.envelope("FA", "X"), [], [TA1]))
    assert document.findings == []
    assert document.interchanges[0].groups == []
    assert document.interchanges[0].ta1s[0].rejected


def test_other_delimiters_all_the_way(make):
    marks = Delimiters("|", "}", "^", "\n")
    data = t837p.write_set(make.shapes_837p()["accident"], "0001", marks).data
    document = read(write_interchange(make.envelope("HC", t837p.VERSION, delimiters=marks), [data]))
    assert document.findings == []
    value, findings = t837p.read_set(document.sets[0])
    assert findings == []
    assert value == make.shapes_837p()["accident"]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"control_number": 0}, "ISA13"),
        ({"control_number": 10**9}, "ISA13"),
        ({"sender_id": "X" * 16}, "ISA06"),
        ({"sender_id": " X"}, "ISA06"),
        ({"receiver_qualifier": "Z"}, "ISA07"),
        ({"group_sender": "A*B"}, "GS02"),
        ({"usage": "X"}, "ISA15"),
        ({"receiver_id": "ÉCOLE"}, "ISA08"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(make, more, place):
    with pytest.raises(NotRepresentable) as caught:
        write_interchange(make.envelope("HC", t837p.VERSION, **more), [b"ST*837*1~SE*2*1~"])
    assert str(caught.value.finding.place).endswith(place)


def test_a_set_with_other_delimiters_is_refused(make):
    with pytest.raises(NotRepresentable):
        write_interchange(make.envelope("HC", t837p.VERSION), [b"ST|837|1~SE|2|1~"])


def test_a_ta1_that_does_not_fit_is_refused(make):
    with pytest.raises(NotRepresentable) as caught:
        write_interchange(
            make.envelope("FA", "X"), [], [Ta1(control_number="99", date="261103", time="1425", code="A")]
        )
    assert caught.value.finding.place.element == 1


@pytest.mark.parametrize(
    "marks", [("*", "*", "^", "~"), ("A", ":", "^", "~"), ("", ":", "^", "~"), ("€", ":", "^", "~")]
)
def test_delimiters_that_cannot_be(marks):
    with pytest.raises(ValueError):
        Delimiters(*marks)
