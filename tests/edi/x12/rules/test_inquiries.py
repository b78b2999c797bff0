"""Rules of 270, 271, 276 and 277 (X212): each finds its fault at its place; the golden files are without any."""

import pytest
from places import GOLDEN
from x12_mutations import golden

from edi.findings import Severity
from edi.x12.guides import GUIDES
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND, OUTBOUND
from edi.x12.syntax.reader import read

SETS = ("270", "271", "276", "277")
FAULTS = [
    ("270-dependents", b"HL*5*3*23", b"HL*5*2*23", "X12-HL", "HL02"),
    ("270-subscriber", b"~EQ*30", b"", "X270-NO-QUESTION", "EQ"),
    ("270-dependents", b"~EQ*59^86~HL*5", b"~HL*5", "X270-NO-QUESTION", "EQ"),
    ("270-subscriber", b"****MI*ZZT00012345~DMG*D8*19510228*F", b"~DMG***F", "X270-WHO", "NM109"),
    ("270-dependents", b"TRN*1*CRE5*", b"TRN*1*CRE2*", "X270-TRACE-REPEATED", "TRN02"),
    ("270-dependents", b"EQ*59^86", b"EQ*59^ZZ", "X279-SERVICE-TYPE", "EQ01"),
    ("270-subscriber", b"XX*1003000126", b"XX*1003000127", "X12-NPI", "NM109"),
    ("270-everything", b"***1:2~", b"***1:3~", "X279-POINTER", "EQ05-2"),
    ("270-everything", b"RD8*20261001-20261007~EQ", b"RD8*20261007-20261001~EQ", "X12-DATE-ORDER", "DTP03"),
    ("271-active", b"*30^59^86*", b"*30^59^ZZ*", "X279-SERVICE-TYPE", "EB03"),
    ("271-everything", b"A0434*1~", b"A0434*2~", "X279-POINTER", "EB14-1"),
    ("271-people-rejected", b"AAA*N**75*C~DMG*D8*19510228*F~DTP*346*D8*20260101", b"AAA*N**75*C~EB*1", "X271-REJECTED", "AAA03"),
    ("271-dependents", b"~EB*6**30**GOLD 123~HL*5", b"~HL*5", "X271-SILENT", "EB"),
    ("271-active", b"*****0.2*", b"*****20*", "X271-SHARE", "EB08"),
    ("271-active", b"*23*1500*", b"*23**", "X271-HOW-MUCH", "EB07"),
    ("271-active", b"EB*A**59*****0.2", b"EB*A**59*****", "X271-HOW-MUCH", "EB08"),
    ("276-everything", b"TRN*1*CRS5", b"TRN*1*CRS2", "X276-TRACE-REPEATED", "TRN02"),
    ("276-claim", b"~TRN*1*CRS1~REF*EJ*CRA1~AMT*T3*987.5~DTP*472*D8*20261030", b"", "X276-NO-CLAIM", "TRN"),
    ("276-claim", b"~DTP*472*D8*20261030", b"", "X276-DATE", "DTP"),
    ("277-paid", b"STC*F1:65", b"STC*F9:65", "X277-CATEGORY-KNOWN", "STC01-1"),
    ("277-everything", b"*R4:287:QC", b"*R4:9287:QC", "X277-STATUS-KNOWN", "STC11-2"),
    ("277-everything", b"R3:294:1P", b"R3:294:ZQ", "X277-STATUS-KNOWN", "STC01-3"),
    ("277-paid", b"STC*F1:65", b"STC*P1:20", "X277-UNDECIDED-PAID", "STC05"),
]  # fmt: skip


def found_in(file, old=b"", new=b"", profile=INBOUND):
    data = golden(file)
    assert old in data
    [ts] = read(data.replace(old, new, 1)).sets
    return judge(ts, profile)


@pytest.mark.parametrize(("file", "old", "new", "code", "where"), FAULTS)
def test_each_rule_finds_its_fault(file, old, new, code, where):
    hits = [one for one in found_in(file, old, new) if one.code == code]
    assert any(str(one.place).endswith(where) and one.cure and one.snip for one in hits), hits
    assert "SAMPLE" not in repr(hits)


def test_every_rule_has_a_fault():
    rules = {rule.code for guide in GUIDES if guide.name in SETS for rule in guide.rules.rules}
    assert rules == {code for _, _, _, code, _ in FAULTS}


@pytest.mark.parametrize("file", sorted(path.stem for path in (GOLDEN / "x12").glob("27[0167]-*.x12")))
def test_what_we_write_may_be_sent(file):
    assert found_in(file, profile=OUTBOUND) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "270-subscriber",
            b"****MI*ZZT00012345~DMG*D8*19510228*F",
            b"~DMG*D8*19510228",
        ),  # known by name and birth date
        ("270-subscriber", b"~DMG*D8*19510228*F", b""),  # known by number
        ("271-people-rejected", b"AAA*N**75*C~", b"AAA*N**75*R~"),
        (
            "271-dependents",
            b"~NM1*1P*2*RIVERBEND EMS*****XX*1003000126",
            b"~NM1*1P*2*RIVERBEND EMS*****XX*1003000126~AAA*N**51*C",
        ),
        ("271-everything", b"EB*B**59***27*0", b"EB*U**59***27*"),
        ("277-everything", b"STC*F2:85::RX", b"STC*F2:ZZ9::RX"),  # a pharmacy's own list
    ],
)
def test_what_only_looks_like_a_fault(file, old, new):
    assert found_in(file, old, new, OUTBOUND) == []


def test_codes_of_others_are_doubted_in_what_we_get_and_refused_in_what_we_send():
    fault = ("270-dependents", b"EQ*59^86", b"EQ*59^ZZ")
    for profile, severity in ((INBOUND, Severity.WARNING), (OUTBOUND, Severity.ERROR)):
        assert [one.severity for one in found_in(*fault, profile)] == [severity]


def test_a_dependent_stands_below_a_subscriber_only():
    told = found_in("271-dependents", b"~HL*3*2*22*1~", b"~HL*3*2*99*1~")
    assert {"X12-SEGMENT-UNEXPECTED", "X12-SEGMENT-ORDER"} & {one.code for one in told if one.place.segment == "HL"}
