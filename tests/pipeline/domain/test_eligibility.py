"""What an answer comes to, by its codes alone; and what a claim's payer is asked."""

from pathlib import Path

import pytest

from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.eligibility import Benefit, Coverage, concluded, of_claim, refusal

HERE = Path(__file__).parents[3]


def says(kind, *types):
    return Benefit(kind=kind, service_types=types)


@pytest.mark.parametrize(
    ("asked", "said", "coverage"),
    [
        (["30"], [says("1", "30"), says("6", "35")], Coverage.ACTIVE),  # dental care is not what was asked about
        (["35"], [says("1", "30"), says("6", "35")], Coverage.INACTIVE),
        (["59"], [says("1", "30"), says("6", "35")], Coverage.ACTIVE),  # of the ambulance nothing: then the plan
        (["30"], [says("1", "30"), says("6", "30")], Coverage.CANNOT_RESPOND),
        (["30"], [says("1", "30"), says("5", "30")], Coverage.PENDING),
        (["30"], [says("8")], Coverage.PENDING),
        (["30"], [says("6")], Coverage.INACTIVE),
        (["30"], [says("C", "30")], Coverage.CANNOT_RESPOND),
        (["30"], [], Coverage.CANNOT_RESPOND),
    ],
)
def test_the_statement_on_what_was_asked_counts(asked, said, coverage):
    found, reasons = concluded(asked, said, [])
    assert found is coverage
    assert bool(reasons) is (coverage not in {Coverage.ACTIVE, Coverage.INACTIVE})


@pytest.mark.parametrize(
    ("codes", "coverage"),
    [
        ([("75", "C")], Coverage.REJECTED),
        ([("42", "R")], Coverage.CANNOT_RESPOND),
        ([("80", "P"), ("71", "C")], Coverage.REJECTED),
        ([("42", "Y")], Coverage.PENDING),
        ([("ZZ", "?")], Coverage.REJECTED),
    ],
)
def test_a_refusal_counts_before_any_benefit(codes, coverage):
    found, reasons = concluded(["30"], [says("1", "30")], [refusal(*one) for one in codes])
    assert found is coverage
    assert [one.code for one in reasons] == [code for code, _ in codes]
    assert all(one.words for one in reasons)


def test_every_example_claim_can_be_asked_about():
    for path in sorted((HERE / "examples" / "claims").glob("[!fE]*.json")):
        claim = parse_claim(path.read_bytes())
        asked = of_claim(claim)
        patient = asked.patient or asked.insured
        assert (patient.last_name, patient.birth_date) == (claim.patient.last_name, claim.patient.birth_date)
        assert asked.insured.member_id == (claim.subscriber or claim.patient).member_id
        assert asked.service_date == claim.service_from
