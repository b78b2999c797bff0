"""What the product takes from an 835 besides its money: whose it is, when, and where it went on to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from x12_remits import denied_claim, organisation, partly_paid_claim, remittance, remittance_claim, whole_claim

from edi.x12.sets import t835
from edi.x12.syntax.reader import read
from pipeline.domain.remittance import NOT_NAMED, PatientTold
from pipeline.mapping.remittance_from_835 import content_hash, to_advice

GOLDEN = Path(__file__).parents[2] / "golden" / "x12"


def decided(claim):
    [one] = to_advice(remittance([claim])).claims
    return one


def named(identifier, kind="MI"):
    return t835.Name(last_name="SAMPLE", first_name="AVERY", identifier_kind=kind, identifier=identifier)


def test_everything_that_tells_whose_it_is():
    told = decided(whole_claim())
    assert told.patient == PatientTold(
        last_name="SPECIMEN", first_name="ROBIN", member_id="ZZT00012344", corrected_member_id="ZZT00012344A"
    )
    assert (told.filing_code, told.facility_code) == ("MB", "41")
    assert (told.service_from, told.service_to, told.received_date) == (
        date(2026, 10, 30),
        date(2026, 10, 31),
        date(2026, 11, 4),
    )
    assert told.crossed_over_to == "SECOND PLAN"
    [line] = told.lines
    assert (line.units, line.service_date, line.service_date_to) == (1, date(2026, 10, 30), date(2026, 10, 31))


def test_what_was_sent_stands_beside_what_was_decided():
    line = decided(partly_paid_claim()).lines[1]
    assert (line.procedure, line.submitted_procedure, line.submitted_modifiers) == ("A0425", "A0999", ("QM",))
    assert line.submitted_units == Decimal(2)


def test_the_days_of_the_lines_stand_in_for_the_claims():
    claim = replace(denied_claim(), service_date=None)
    claim.lines[0] = replace(claim.lines[0], service_date=date(2026, 10, 2), service_date_to=date(2026, 10, 4))
    told = decided(claim)
    assert (told.service_from, told.service_to) == (date(2026, 10, 2), date(2026, 10, 4))
    assert decided(replace(claim, lines=[])).service_from is None


@pytest.mark.parametrize(
    ("patient", "subscriber", "expected"),
    [
        (named("A1"), None, "A1"),
        (named("A1"), named("B2"), "B2"),
        (named("A1"), named("999999999", "FI"), "A1"),
        (named("A1", "HN"), None, "A1"),
        (named("999999999", "34"), None, None),
        (named(None), None, None),
        (None, None, None),
    ],
)
def test_the_member_id_is_the_insureds_and_no_tax_id(patient, subscriber, expected):
    assert decided(remittance_claim(patient=patient, subscriber=subscriber)).patient.member_id == expected


@pytest.mark.parametrize(
    ("status", "carrier", "expected"),
    [
        ("1", None, None),
        ("1", organisation("SECOND PLAN"), "SECOND PLAN"),
        ("19", organisation("SECOND PLAN"), "SECOND PLAN"),
        ("20", None, NOT_NAMED),
        ("21", organisation(None), "77777"),
        ("19", named("A1"), NOT_NAMED),
        ("23", None, None),
    ],
)
def test_where_the_claim_went_on_to(status, carrier, expected):
    assert decided(remittance_claim(status=status, crossover=carrier)).crossed_over_to == expected


def test_a_remark_says_that_the_claim_went_on_too():
    found = [decided(remittance_claim(status="1", remarks=[one])).crossed_over_to for one in ("MA18", "N89", "MA01")]
    assert found == [NOT_NAMED, NOT_NAMED, None]


def test_nobody_is_named_by_a_repr():
    told = repr(decided(whole_claim()))
    assert not [word for word in ("SPECIMEN", "ROBIN", "ZZT0") if word in told]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("835-everything", "a430ce3776306a5df7c501e6005c90b96e119708249e4267487b21513adf571a"),
        ("835-partial", "8327b927c892c20497f1d4d8149b59d384b93a5ce7c7f16e83621acda7b2dc0a"),
    ],
)
def test_the_content_of_a_set_keeps_its_hash(name, expected):
    """Stored hashes tell duplicates of sets that came before: what more is read must not change them."""
    one = read((GOLDEN / f"{name}.x12").read_bytes()).interchanges[0].groups[0].sets[0]
    value, _ = t835.read_set(one)
    assert content_hash(to_advice(value), one.segments).hex() == expected
