"""835: balances at three levels, and claims that cannot be read whole."""

import pytest

from edi.findings import Severity
from edi.x12.envelope import write_interchange
from edi.x12.reader import read
from edi.x12.sets import t835


@pytest.fixture
def set_of(make):
    def build(shape="paid", *changes):
        written = t835.write_set(make.shapes_835()[shape], "0001")
        data = write_interchange(make.envelope("HP", t835.VERSION), [written.data])
        for old, new in changes:
            assert old in data
            data = data.replace(old, new, 1)
        return read(data).sets[0]

    return build


@pytest.mark.parametrize(
    "shape", ["paid", "denied", "reversal and correction", "provider adjustments", "interest", "claim level adjustment"]
)
def test_every_shape_balances(make, shape):
    assert t835.balance(make.shapes_835()[shape]) == []


def balance_codes(ts):
    remittance, findings = t835.read_set(ts)
    assert findings == []
    return [(one.code, one.place.segment, one.place.element) for one in t835.balance(remittance, ts)]


def test_line_out_of_balance_has_its_place(set_of):
    ts = set_of("paid", (b"CAS*CO*45*200~", b"CAS*CO*45*200.01~"))
    assert balance_codes(ts) == [("X835-BAL-LINE", "SVC", 3), ("X835-BAL-CLAIM", "CLP", 4)]
    finding = t835.balance(t835.read_set(ts)[0], ts)[0]
    assert finding.place.set_control == "0001"
    assert ts.segments[finding.place.segment_number - 1][:3] == ["SVC", "HC:A0427:RH", "850"]
    assert "1 cents" in finding.message


def test_claim_out_of_balance(set_of):
    assert balance_codes(set_of("claim level adjustment", (b"CAS*PR*1*7~", b"CAS*PR*1*8~"))) == [
        ("X835-BAL-CLAIM", "CLP", 4)
    ]


def test_lines_that_do_not_add_up_to_the_claim(set_of):
    found = balance_codes(set_of("paid", (b"*987.5*600*", b"*987.6*600.1*"), (b"BPR*I*600*", b"BPR*I*600.1*")))
    assert found == [("X835-BAL-CLAIM", "CLP", 3), ("X835-BAL-CLAIM", "CLP", 4)]


def test_transaction_out_of_balance(set_of):
    assert balance_codes(set_of("paid", (b"BPR*I*600*", b"BPR*I*600.01*"))) == [("X835-BAL-TRANSACTION", "BPR", 2)]
    assert balance_codes(set_of("provider adjustments", (b"*WO:OLD1*50*", b"*WO:OLD1*-50*"))) == [
        ("X835-BAL-TRANSACTION", "BPR", 2)
    ]


def test_amt_and_patient_responsibility_never_enter_balancing(set_of):
    assert balance_codes(set_of("interest", (b"AMT*I*8.63", b"AMT*I*99"), (b"*987.5*600*150*", b"*987.5*600*1*"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"*987.5*600*150*", b"*98x.5*600*150*"),
        (b"*987.5*600*150*", b"**600*150*"),
        (b"DTM*232*20261030", b"DTM*232*20261332"),
        (b"CAS*CO*45*200~", b"CAS*CO**200~"),
        (b"CAS*CO*45*200~", b"CAS*CO*45*2.001~"),
        (b"SVC*HC:A0427:RH*850*500*", b"SVC*HC*850*500*"),
        (b"SVC*HC:A0427:RH*850*500**1~", b"SVC~"),
        (b"AMT*I*8.63", b"AMT*I"),
    ],
)
def test_a_claim_that_cannot_be_read_whole_is_left_out(set_of, old, new):
    ts = set_of("interest", (old, new))
    remittance, findings = t835.read_set(ts)
    assert remittance.claims == []
    [error] = [one for one in findings if one.severity is Severity.ERROR]
    assert error.code == "X835-CLAIM"
    assert error.place.segment_number
    assert [one.code for one in t835.balance(remittance)] == ["X835-BAL-TRANSACTION"]
    assert remittance.payee.references == []
    assert len(remittance.provider_adjustments) == 1


def test_the_claims_around_a_broken_one_stand(set_of):
    ts = set_of("reversal and correction", (b"CLP*CRR1*1*987.5", b"CLP*CRR1*1*x"))
    remittance, findings = t835.read_set(ts)
    assert [(one.patient_control_number, one.is_reversal) for one in remittance.claims] == [
        ("CRR1", True),
        ("CRR2", False),
    ]
    assert len(findings) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"BPR*I*600*", b"BPR*I*x*"),
        (b"~BPR*", b"~BPX*"),
        (b"TRN*1*TRACE0001*1123456789", b"TRN*1*TRACE0001"),
        (b"~N1*PE*", b"~N1*XX*"),
        (b"DTM*405*20261109", b"DTM*405*2026"),
    ],
)
def test_a_payment_that_cannot_be_read(set_of, old, new):
    remittance, findings = t835.read_set(set_of("paid", (old, new)))
    assert remittance is None
    assert "X835-HEADER" in [one.code for one in findings]


def test_segments_without_a_place_are_told_as_info(set_of):
    remittance, findings = t835.read_set(set_of("paid", (b"~LX*1~", b"~LX*1~TS3*1*11*20261231*1*1~")))
    assert [(one.severity, one.code, one.place.segment) for one in findings] == [
        (Severity.INFO, "X835-NOT-MODELLED", "TS3")
    ]
    assert len(remittance.claims) == 1


def test_reversal_interest_and_ranges(make):
    remittance = make.shapes_835()["reversal and correction"]
    assert remittance.claims[0].is_reversal
    assert make.shapes_835()["interest"].claims[0].interest_cents == 863
    many = make.remittance([make.remittance_claim()], [make.plb("WO", n + 1) for n in range(8)])
    data = t835.write_set(many, "0001").data
    assert data.count(b"~PLB*") == 2
    wide = make.remittance_claim(lines=[], adjustments=[make.adjustment("CO", str(n + 1), 1) for n in range(7)])
    assert t835.write_set(make.remittance([wide]), "0001").data.count(b"~CAS*CO*") == 2
