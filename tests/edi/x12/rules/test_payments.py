"""Rules of the 820: each finds its fault at its place, and stays silent beside it."""

import pytest
from x12_mutations import golden

from edi.findings import Severity
from edi.x12.guides import GUIDES
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND, OUTBOUND
from edi.x12.syntax.reader import read

FAULTS = [
    ("820-vendor", b"*121042882*DA", b"**DA", "X820-BANK", "BPR13"),
    ("820-vendor", b"01*121042882*DA*55550002*", b"****", "X820-BANK", "BPR15"),
    ("820-vendor", b"*C*ACH*CTX", b"*C*NON*CTX", "X820-NO-MONEY", "BPR04"),
    ("820-everything", b"RD8*20260301-20260331", b"RD8*20260331-20260301", "X820-PERIOD", "DTM06"),
    ("820-x306-credits-and-fees", b"RD8*20260301-20260331", b"RD8*20260331-20260301", "X820-PERIOD", "DTM06"),
    ("820-everything", b"ENT*2~", b"ENT*3~", "X820-ENT-NUMBER", "ENT01"),
    ("820-x218-list-bill", b"ENT*1*", b"ENT*0*", "X820-ENT-NUMBER", "ENT01"),
    ("820-vendor", b"N1*PR*", b"N1*ZZ*", "X820-PARTY", "N1"),
    ("820-vendor", b"N1*PE*", b"N1*ZZ*", "X820-PARTY", "N1"),
    ("820-vendor", b"BPR*C*123.45*", b"BPR*C*123.46*", "X820-BAL-PAYMENT", "BPR02"),
    ("820-x218-list-bill", b"RMR*AZ*POL-2**100*110", b"RMR*AZ*POL-2**100*111", "X820-BAL-ITEM", "RMR04"),
    ("820-x306-nothing-paid", b"RMR*ZZ*UF**-25.25", b"RMR*ZZ*UF**-25.255", "X820-UNJUDGED", "RMR"),
]


def found_in(file, old=b"", new=b"", profile=INBOUND):
    data = golden(file)
    assert old in data
    [ts] = read(data.replace(old, new, 1)).sets
    return judge(ts, profile)


@pytest.mark.parametrize(("file", "old", "new", "code", "where"), FAULTS)
def test_each_rule_finds_its_fault(file, old, new, code, where):
    hits = [one for one in found_in(file, old, new) if one.code == code]
    assert any(str(one.place).endswith(where) and one.cure and one.snip for one in hits), hits


def test_every_rule_has_a_fault():
    rules = {rule.code for guide in GUIDES if guide.set_id == "820" for rule in guide.rules.rules}
    assert rules <= {code for _, _, _, code, _ in FAULTS}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("820-vendor", b"BPR*C*123.45*C*ACH*CTX*01*091000019*DA*55550001*1912345678**01*121042882*DA*55550002", b"BPR*I*123.45*C*ACH*CTX*********"),
        ("820-vendor", b"*C*ACH*CTX*01*091000019*DA*55550001*1912345678**01*121042882*DA*55550002", b"*C*CHK*********"),
        ("820-x306-nothing-paid", b"", b""),
        ("820-vendor", b"ENT*1~", b"ENT*x~"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_fault(file, old, new):
    assert [one.code for one in found_in(file, old, new) if one.code.startswith("X820")] == []


def test_what_we_send_is_held_to_more():
    fault = ("820-vendor", b"N1*PE*", b"N1*ZZ*")
    assert {one.severity for one in found_in(*fault) if one.code == "X820-PARTY"} == {Severity.WARNING}
    assert {one.severity for one in found_in(*fault, OUTBOUND) if one.code == "X820-PARTY"} == {Severity.ERROR}


def test_a_vendors_set_may_be_sent_as_it_is():
    for file in ("820-vendor", "820-vendor-invoices"):
        assert found_in(file, profile=OUTBOUND) == []
