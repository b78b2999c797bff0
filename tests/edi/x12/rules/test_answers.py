"""Rules of what comes back: 277CA and 999."""

import pytest
from x12_mutations import golden

from edi.findings import Severity
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND, OUTBOUND
from edi.x12.syntax.reader import read


def found_in(file, old, new, code, profile=INBOUND):
    data = golden(file)
    assert old in data
    [ts] = read(data.replace(old, new, 1)).sets
    return [one for one in judge(ts, profile) if one.code == code]


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        (b"STC*A2:20:PR", b"STC*F1:20:PR", "X277-CATEGORY", "STC01-1"),
        (b"******A7:128:85", b"******P1:128:85", "X277-CATEGORY", "STC10-1"),
        (b"STC*A2:20:PR", b"STC*A2:9999:PR", "X277-STATUS", "STC01-2"),
        (b"A7:128:85", b"A7:128:0Q", "X277-STATUS", "STC10-3"),
        (b"STC*A2:20:PR*20261104*WQ", b"STC*A7:20:PR*20261104*WQ", "X277-ACTION", "STC03"),
        (b"~HL*5*3*PT", b"~HL*5*2*PT", "X12-HL", "HL02"),
        (b"472*D8*20261030", b"472*D8*20260231", "X12-ELEMENT-DATE", "DTP03"),
        (b"STC*A7:507*20261104*U", b"STC*A7:507*20261104*WQ", "X12-ELEMENT-CODE", "STC03"),
    ],
)
def test_claim_acknowledgment(old, new, code, where):
    [one] = found_in("277ca-payer", old, new, code)
    assert str(one.place).endswith(where)


def test_doubtful_codes_are_a_warning_in_what_we_get_and_an_error_in_what_we_send():
    change = (b"STC*A2:20:PR", b"STC*A2:9999:PR", "X277-STATUS")
    assert found_in("277ca-payer", *change)[0].severity is Severity.WARNING
    assert found_in("277ca-payer", *change, OUTBOUND)[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        (b"AK9*P*2*2*1", b"AK9*P*2*1*1", "X999-COUNT", "AK903"),
        (b"AK9*P*2*2*1", b"AK9*P*1*2*1", "X999-COUNT", "AK903"),
        (b"AK9*P*2*2*1", b"AK9*A*2*2*2", "X999-COUNT", "AK904"),
        (b"AK9*P*2*2*1", b"AK9*P*2*2*0", "X999-COUNT", "AK904"),
        (b"AK9*P*2*2*1", b"AK9*R*2*2*1", "X999-VERDICT", "AK901"),
        (b"AK9*P*2*2*1", b"AK9*A*2*2*1", "X999-VERDICT", "AK901"),
        (b"AK9*P*2*2*1", b"AK9*P*2*2*2", "X999-VERDICT", "AK901"),
    ],
)
def test_acknowledgment_counts(old, new, code, where):
    assert str(found_in("999-partial", old, new, code)[0].place).endswith(where)


def test_accepted_sets_need_not_be_named():
    assert found_in("999-partial", b"AK9*P*2*2*1", b"AK9*P*5*5*4", "X999-COUNT") == []
    assert found_in("999-partial", b"AK9*P*2*2*1", b"AK9*P*x*x*x", "X999-COUNT") == []
