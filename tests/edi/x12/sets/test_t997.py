"""997: the older form of the 999 gives the same values."""

import pytest

from edi.findings import Severity
from edi.x12.judging.check import check_set
from edi.x12.sets import t997, t999
from edi.x12.syntax.reader import read

HEAD = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261103*1425*U*00401*000000007*0*T*:~"
HEAD += b"GS*FA*A*B*20261103*1425*7*X*004010~"
TAIL = b"GE*1*7~IEA*1*000000007~"
BODY = b"AK1*HC*101~AK2*837*0001~AK5*A~AK2*837*0002~AK3*CLM*25*2300*8~AK4*5:3*1325*7*9~AK3*CR1*31**3~AK5*R*5*4~AK9*P*2*2*1~"


def answer(body=BODY, set_id=b"997"):
    count = body.count(b"~") + 2
    data = HEAD + b"ST*%s*0001~%sSE*%d*0001~" % (set_id, body, count) + TAIL
    document = read(data)
    assert document.findings == []
    return document.sets[0]


def test_a_997_tells_the_sets_and_their_faults():
    ts = answer()
    ack, findings = t997.read_set(ts)
    assert (findings, check_set(ts)) == ([], [])
    assert (ack.group_id, ack.group_control, ack.version, ack.code) == ("HC", "101", None, "P")
    assert (ack.included, ack.received, ack.accepted) == (2, 2, 1)
    assert [(one.control_number, one.accepted, one.reasons) for one in ack.sets] == [
        ("0001", True, []),
        ("0002", False, ["5", "4"]),
    ]
    first, second = ack.sets[1].errors
    assert (first.segment, first.number, first.loop, first.code) == ("CLM", 25, "2300", "8")
    assert first.elements == [t997.ElementError(element=5, component=3, data_element="1325", code="7", value="9")]
    assert (second.number, second.code, second.claim_ids) == (31, "3", [])


def test_it_says_what_a_999_says():
    as_999 = BODY.replace(b"AK3*", b"IK3*").replace(b"AK4*", b"IK4*").replace(b"AK5*", b"IK5*")
    assert t997.read_set(answer()) == t999.read_set(answer(as_999, b"999"))


def test_mixed_forms_are_taken_and_the_structure_told():
    ts = answer(BODY.replace(b"AK5*", b"IK5*"))
    ack, findings = t997.read_set(ts)
    assert (findings, [one.code for one in ack.sets]) == ([], ["A", "R"])
    assert "X12-SEGMENT-UNKNOWN" in [one.code for one in check_set(ts)]


@pytest.mark.parametrize("control", [b"101", b"000000101", b"00101"])
def test_control_numbers_are_kept_as_sent(control):
    body = BODY.replace(b"AK1*HC*101", b"AK1*HC*" + control).replace(b"AK2*837*0002", b"AK2*837*2")
    ack, findings = t997.read_set(answer(body))
    assert (ack.group_control, ack.sets[1].control_number, findings) == (control.decode(), "2", [])


def test_a_group_accepted_without_sets():
    ack, findings = t997.read_set(answer(b"AK1*HC*101~AK9*A*2*2*2~"))
    assert (ack.code, ack.sets, findings) == ("A", [], [])


@pytest.mark.parametrize(("old", "new"), [(b"AK3*CLM*25", b"AK3*CLM*x"), (b"AK5*A~", b""), (b"AK9*P*2", b"AK9*P*x")])
def test_what_cannot_be_read_is_told(old, new):
    _, findings = t997.read_set(answer(BODY.replace(old, new)))
    assert {(one.code, one.severity) for one in findings} == {("X997-READ", Severity.ERROR)}
