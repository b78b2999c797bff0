"""What an 835 means beyond its sums: reversals, the provider's level, interest, the patient's share."""

from dataclasses import replace

import pytest

from edi.findings import Severity
from edi.x12.sets import t835
from edi.x12.sets.t835.provider import REASONS
from edi.x12.sets.t835.reversals import negates
from edi.x12.tables.set_835 import SET_835


def codes(value):
    return [one.code for one in t835.judge(value)]


def test_shapes_say_nothing_odd(make):
    told = {name: codes(value) for name, value in make.shapes_835().items()}
    assert told.pop("forward balance") == ["X835-REVERSAL-ALONE"]
    assert {name: found for name, found in told.items() if found} == {}


def test_judge_gives_the_address_of_the_set(make, set_of):
    ts = set_of("interest", (b"*L6:CRI1*-8.63~", b"*L6:CRI1*8.63~"), (b"BPR*I*608.63*", b"BPR*I*591.37*"))
    found = t835.judge(t835.read_set(ts)[0], ts)
    assert [(one.code, one.place.segment, one.place.element) for one in found] == [
        ("X835-PLB-SIGN", "PLB", 3),
        ("X835-INTEREST", "PLB", 3),
    ]
    assert {one.place.interchange for one in found} == {"000000101"}


# -- reversals -----------------------------------------------------------------------------------------------------------


def reversed_claim(make, clm01="C1", **more):
    return make.remittance_claim(clm01, "22", -1, **more)


def test_a_reversal_finds_original_and_correction(make):
    first = make.remittance_claim("C1")
    back, again = reversed_claim(make), make.remittance_claim("C1", payer_control_number="PNEW")
    [pair] = t835.pairs(make.remittance([back, again]))
    assert (pair.reversal, pair.original, pair.correction) == (back, None, again)
    [pair] = t835.pairs(make.remittance([first, back, again]))
    assert (pair.original, pair.correction) == (first, again)
    [pair] = t835.pairs(make.remittance([back, again]), [make.remittance([first])])
    assert pair.original is first
    [pair] = t835.pairs(make.remittance([first, back]))
    assert pair.original is first
    assert pair.correction is None


def test_a_correction_told_before_its_reversal(make):
    again = make.remittance_claim("C1", paid_cents=1)
    first, back = make.remittance_claim("C1"), reversed_claim(make)
    [pair] = t835.pairs(make.remittance([again, back]), [make.remittance([first])])
    assert (pair.original, pair.correction) == (first, again)


def test_the_payers_number_decides_between_two_corrections(make):
    other = make.remittance_claim("C1", payer_control_number="PX")
    mine = make.remittance_claim("C1")
    [pair] = t835.pairs(make.remittance([reversed_claim(make), other, mine]))
    assert pair.correction is mine


def test_two_reversals_share_no_correction(make):
    back, again = reversed_claim(make), make.remittance_claim("C1")
    one, two = t835.pairs(make.remittance([back, replace(back), again]))
    assert one.correction is again
    assert two.correction is None


def test_negation_covers_every_adjustment(make):
    first, back = make.remittance_claim("C1"), reversed_claim(make)
    assert negates(back, first)
    assert not negates(replace(back, paid_cents=0), first)
    assert not negates(replace(back, lines=back.lines[:1]), first)
    moved = [replace(back.lines[0], adjustments=[]), back.lines[1]]
    at_claim = replace(back, lines=moved, adjustments=back.lines[0].adjustments)
    assert negates(at_claim, first)


def test_reversals_that_are_not_as_they_should_be(make):
    first, again = make.remittance_claim("C1"), make.remittance_claim("C1")
    assert codes(make.remittance([first, reversed_claim(make), again])) == []
    halved = reversed_claim(make, lines=[], paid_cents=-1, charge_cents=-1)
    assert codes(make.remittance([first, halved, again])) == ["X835-REVERSAL-AMOUNT"]
    positive = replace(first, status="22")
    assert codes(make.remittance([positive, again])) == ["X835-REVERSAL-SIGN"]


# -- the provider's level ------------------------------------------------------------------------------------------------


def test_every_reason_of_the_guide_has_its_meaning():
    row = SET_835.segment("835", "PLB").elements[2].parts[0]
    assert set(row.codes) == set(REASONS)


@pytest.mark.parametrize(
    ("reason", "cents", "found"),
    [
        ("L6", -500, ["X835-INTEREST"]),
        ("L6", 500, ["X835-PLB-SIGN", "X835-INTEREST"]),
        ("72", 500, ["X835-PLB-SIGN"]),
        ("72", -500, []),
        ("IR", 500, []),
        ("IR", -500, ["X835-PLB-SIGN"]),
        ("WO", 500, []),
        ("WO", -500, []),
        ("FB", 500, []),
        ("FB", -500, ["X835-FORWARD-PAID"]),
        ("Q9", 500, ["X835-PLB-REASON"]),
        ("L6", 0, []),
    ],
)
def test_reasons_and_signs(make, reason, cents, found):
    assert codes(make.remittance([make.remittance_claim()], [make.plb(reason, cents)])) == found


def test_interest_may_be_taken_back_with_a_reversal(make):
    claims = [
        make.remittance_claim("C2"),
        make.remittance_claim("C3"),
        reversed_claim(make),
        make.remittance_claim("C1"),
    ]
    claims[2].amounts = [t835.Amount(code="I", amount_cents=-500)]
    assert codes(make.remittance(claims, [make.plb("L6", 500)])) == []


def test_interest_agrees_with_the_providers_level(make):
    def severities(shown, *paid):
        claim = make.remittance_claim(amounts=[t835.Amount(code="I", amount_cents=shown)] if shown else [])
        found = t835.judge(make.remittance([claim], [make.plb("L6", -one) for one in paid]))
        return [(one.code, one.severity) for one in found]

    assert severities(863, 863) == severities(863, 800, 63) == severities(0) == []
    assert severities(863, 862) == [("X835-INTEREST", Severity.WARNING)]
    assert severities(0, 863) == severities(863) == [("X835-INTEREST", Severity.INFO)]


def test_every_cent_of_the_providers_level_has_a_kind(make):
    value = make.shapes_835()["provider adjustments"]
    told = t835.cents_by_kind(value)
    assert told == {
        t835.Kind.RECOVERY: 5000,
        t835.Kind.REFUND: -5000,
        t835.Kind.FORWARD: 100,
        t835.Kind.OTHER: 1,
        t835.Kind.FEE: 2,
        t835.Kind.WITHHELD: 3,
    }
    assert sum(told.values()) == sum(one.amount_cents for one in value.provider_adjustments)
    unknown = t835.reason_of(make.plb("Q9", 1))
    assert (unknown.code, unknown.kind, unknown.sign) == ("Q9", t835.Kind.OTHER, 0)


# -- the patient's share -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "found"), [(15000, []), (None, ["X835-CLP05"]), (14999, ["X835-CLP05"])])
def test_the_patients_share_is_the_sum_of_his_adjustments(make, told, found):
    assert codes(make.remittance([make.remittance_claim(patient_responsibility_cents=told)])) == found


def test_a_full_denial_is_no_matter_of_its_status(make):
    assert codes(make.remittance([replace(make.denied_claim(), status="1")])) == []
