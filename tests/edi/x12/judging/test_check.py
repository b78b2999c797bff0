"""Structural faults, each found with its place and the code that a 999 would carry."""

import pytest

from edi.x12.judging.check import check_set
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read


@pytest.fixture
def set_of(codecs, make):
    def build(name, shape, old, new, count=1):
        codec, functional_id, shapes = codecs[name]
        data = write_interchange(
            make.envelope(functional_id, codec.VERSION), [codec.write_set(shapes[shape], "0001").data]
        )
        assert old in data
        return read(data.replace(old, new, count)).sets[0]

    return build


FAULTS = [
    ("837P", "ambulance", b"~CR1*", b"~CRX*", "X12-SEGMENT-UNKNOWN", "1", "CRX"),
    ("837P", "ambulance", b"~CLM*", b"~C!*1~CLM*", "X12-SEGMENT-UNKNOWN", "1", "C!"),
    ("837P", "ambulance", b"~HI*", b"~REF*EA*M~HI*", "X12-SEGMENT-ORDER", "7", "REF"),
    ("837P", "ambulance", b"~NM1*PW*", b"~NM1*QQ*", "X12-SEGMENT-UNEXPECTED", "2", "NM1"),
    ("837P", "ambulance", b"~DTP*472*D8*20261030", b"", "X12-SEGMENT-MISSING", "3", "DTP"),
    ("837P", "ambulance", b"~SBR*P*18*******MB", b"", "X12-SEGMENT-MISSING", "3", "SBR"),
    ("837P", "ambulance", b"~AMT*F5*25", b"~AMT*F5*25~AMT*F5*25", "X12-SEGMENT-REPEAT", "5", "AMT"),
    ("837P", "ambulance", b"~NM1*PW*2~", b"~NM1*PW*2~N3*X~N4*Y~NM1*PW*2~", "X12-SEGMENT-LOOP-REPEAT", "4", "NM1"),
    ("837P", "ambulance", b"41:B:1*Y", b"41:B:1*", "X12-ELEMENT-MISSING", "1", "CLM06"),
    ("837P", "ambulance", b"41:B:1", b"41::1", "X12-ELEMENT-MISSING", "1", "CLM05-2"),
    ("837P", "ambulance", b"*LB*154*", b"**154*", "X12-ELEMENT-TOGETHER", "2", "CR101"),
    ("837P", "ambulance", b"SAMPLE", b"S" * 61, "X12-ELEMENT-LONG", "5", "NM103"),
    ("837P", "ambulance", b"*MI*ZZT00012345", b"*MI*Z", "X12-ELEMENT-SHORT", "4", "NM109"),
    ("837P", "ambulance", b"AVERY", b"AV\xc9RY", "X12-ELEMENT-CHARACTER", "6", "NM104"),
    ("837P", "ambulance", b"*987.5*", b"*9,87.5*", "X12-ELEMENT-CHARACTER", "6", "CLM02"),
    ("837P", "ambulance", b"*MI*", b"*MX*", "X12-ELEMENT-CODE", "7", "NM108"),
    ("837P", "ambulance", b"*D8*19510228", b"*D8*19511301", "X12-ELEMENT-DATE", "8", "DMG02"),
    ("837P", "ambulance", b"472*D8*20261030", b"472*RD8*20261030", "X12-ELEMENT-DATE", "8", "DTP03"),
    ("837P", "ambulance", b"*142530*", b"*992530*", "X12-ELEMENT-TIME", "9", "BHT05"),
    ("837P", "ambulance", b"~NM1*PW*2~", b"~NM1*PW*2*ROAD~", "X12-ELEMENT-EXTRA", "3", "NM103"),
    ("837P", "ambulance", b"*987.5***41", b"*987.5*MB**41", "X12-ELEMENT-NOT-USED", "I10", "CLM03"),
    ("837P", "ambulance", b"41:B:1*", b"41:B:1:9*", "X12-ELEMENT-COMPONENTS", "13", "CLM05"),
    ("837P", "ambulance", b"~AMT*F5*25~", b"~AMT*F5*25**~", "X12-ELEMENT-EMPTY", None, "AMT04"),
    ("837P", "ambulance", b"~HL*2*1*22", b"~HL*7*1*22", "X12-HL", "7", "HL01"),
    ("837P", "ambulance", b"~HL*2*1*22", b"~HL*2*5*22", "X12-HL", "7", "HL02"),
    ("837P", "ambulance", b"*22*0~", b"*22*1~", "X12-HL", "7", "HL04"),
    ("835", "paid", b"~TRN*1", b"~TRX*1", "X12-SEGMENT-MISSING", "3", "TRN"),
    ("835", "paid", b"~CLP*CRA1*1*", b"~CLP*CRA1*7*", "X12-ELEMENT-CODE", "7", "CLP02"),
    ("835", "paid", b"~CAS*CO*45*200", b"~CAS*CO*45*200**253", "X12-ELEMENT-TOGETHER", "2", "CAS06"),
    ("277CA", "payer", b"*WQ*", b"*XQ*", "X12-ELEMENT-CODE", "7", "STC03"),
    ("999", "partial", b"~IK5*R*5", b"", "X12-SEGMENT-MISSING", "3", "IK5"),
]


@pytest.mark.parametrize(("name", "shape", "old", "new", "code", "standard", "place"), FAULTS)
def test_fault_is_found(set_of, name, shape, old, new, code, standard, place):
    findings = check_set(set_of(name, shape, old, new))
    found = [one for one in findings if one.code == code]
    assert found, [(one.code, str(one.place)) for one in findings]
    assert any(one.standard_code == standard and str(one.place).split(" ")[-1] == place for one in found)
    assert "SAMPLE" not in repr(findings)


def test_all_faults_are_reported_and_nothing_else(set_of):
    findings = check_set(set_of("837P", "ambulance", b"*MI*ZZT00012345~N3*12 ORCHARD WAY~", b"*MX*Z~N3*~"))
    assert sorted(one.code for one in findings) == [
        "X12-ELEMENT-CODE",
        "X12-ELEMENT-EMPTY",
        "X12-ELEMENT-MISSING",
        "X12-ELEMENT-SHORT",
    ]


def test_a_set_without_table_is_told(set_of):
    [found] = check_set(set_of("835", "paid", b"ST*835*", b"ST*852*"))
    assert found.code == "X12-SET-UNSUPPORTED"
