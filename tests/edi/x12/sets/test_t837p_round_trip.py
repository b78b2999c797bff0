"""837P values at random: what is written is sound, reads back equal, and the outside judge takes it."""

import json
import random
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal

import pytest
import x12_claim_shapes as shapes
import x12_claim_strategies as strategies
import x12_claims
from hypothesis import HealthCheck, given, settings

from edi.x12.judging.check import check_set
from edi.x12.sets import t837p
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read

SETS = strategies.sets(x12_claims.professional_set, claims=2)
KINDS_OF_CLAIM = [
    x12_claims.ambulance_claim,
    x12_claims.office_claim,
    shapes.secondary_claim,
    shapes.unpaid_claim,
    shapes.two_legs_claim,
    shapes.drug_claim,
    shapes.equipment_claim,
    shapes.anesthesia_claim,
    shapes.every_number_claim,
]
CLAIMS_A_FILE, FILES = 60, 20
NEEDED = {"lines", "modifiers", "pointers", "diagnoses", "ndc_units", "ndc_unit"}  # where what they belong to is there
# Where the outside judge's map asks for more than the guide does: the words of the complaint, and why it is none.
OVER_STRICT = {
    "Attachment Transmission Code": "PWK02 of a certificate of need (AB, AD, AF, AG, NS) is judged as an attachment's",
}


def written(make, value):
    data = write_interchange(make.envelope("HC", t837p.VERSION), [t837p.write_set(value, "0001").data])
    document = read(data)
    assert document.findings == []
    [ts] = document.sets
    assert check_set(ts) == []
    return data, ts


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(SETS)
def test_every_field_reads_back_equal(make, value):
    _, ts = written(make, value)
    again, findings = t837p.read_set(ts)
    assert findings == []
    assert again == value


def thinned(rng, value):
    """Some of what may be absent is left out."""
    for one in fields(value):
        if one.name in NEEDED:
            continue
        if one.default is None and rng.random() < 0.4:
            setattr(value, one.name, None)
        elif one.default_factory is not MISSING:
            kept = getattr(value, one.name)
            del kept[rng.randint(0, len(kept)) :]
    return value


def random_claim(rng, number):
    """A claim of any shape, with parts left out, its charges, days and units its own."""
    claim = thinned(rng, rng.choice(KINDS_OF_CLAIM)(f"CRR{number:09d}"))
    claim.diagnoses = [f"Z{rng.randint(100, 999)}" for _ in range(rng.randint(1, 12))]
    claim.charge_cents = rng.randint(1, 10**8)
    for line in claim.lines:
        thinned(rng, line)
        line.charge_cents = rng.randint(1, 10**7)
        strategies.tidy_line(line)
    return strategies.tidy_claim(claim)


def random_set(rng, make):
    """Claims of subscribers and of patients, of several billing providers."""
    claims = [random_claim(rng, number) for number in range(CLAIMS_A_FILE)]
    people = [
        make.subscriber([claim]) if rng.random() < 0.7 else make.subscriber(patients=[make.patient([claim])])
        for claim in claims
    ]
    third = len(people) // 3
    return make.professional_set(
        [make.billing_provider(people[at : at + third]) for at in range(0, len(people), third)]
    )


@pytest.mark.parametrize("seed", range(FILES))
def test_outside_judge_takes_claims_of_every_shape(make, seed):
    value = random_set(random.Random(seed), make)
    data, ts = written(make, value)
    again, findings = t837p.read_set(ts)
    assert findings == []
    assert again == value
    for complaint in make.judged_by_pyx12(data):
        told = [one["err_str"] for one in _errors(json.loads(complaint))]
        assert told
        assert [one for one in told if not any(words in one for words in OVER_STRICT)] == []


def _errors(node):
    if isinstance(node, dict):
        if "err_str" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from _errors(one)


def every(value):
    """All values inside a value, itself too."""
    yield value
    if is_dataclass(value):
        for one in fields(value):
            yield from every(getattr(value, one.name))
    elif isinstance(value, list):
        for one in value:
            yield from every(one)


def alone(cls, bare, companions):
    """By field: a bare value that has, beyond what it must, that field only, as some shape has it."""
    known = [one for shape in x12_claims.shapes_837p().values() for one in every(shape) if type(one) is cls]
    for field in fields(cls):
        if not field.compare or (field.default is MISSING and field.default_factory is MISSING):
            continue
        default = [] if field.default is MISSING else field.default
        source = next(one for one in known if getattr(one, field.name) != default)  # every field is in some shape
        value = bare()
        for name in (field.name, *companions.get(field.name, ())):
            setattr(value, name, getattr(source, name))
        yield pytest.param(value, field.name, id=field.name)


def bare_line():
    return t837p.ServiceLine(
        number=1, procedure="99213", charge_cents=100, units=Decimal(1), pointers=[1], service_date=date(2026, 10, 30)
    )


def bare_claim():
    return t837p.ProfessionalClaim(
        patient_control_number="CR1", charge_cents=100, place_of_service="11", diagnoses=["J069"], lines=[bare_line()]
    )


DRUG = ("ndc", "ndc_qualifier", "ndc_units", "ndc_unit")
LINE_COMPANIONS = {
    "note_code": ["note"],
    **dict.fromkeys(DRUG, DRUG),
    "prescription_number": [*DRUG, "prescription_kind"],
    "prescription_kind": [*DRUG, "prescription_number"],
}
CLAIM_COMPANIONS = {
    "note_code": ["note"],
    "accident_state": ["related_causes"],
    "accident_country": ["related_causes"],
}


@pytest.mark.parametrize(("line", "name"), list(alone(t837p.ServiceLine, bare_line, LINE_COMPANIONS)))
def test_a_field_of_a_line_is_written_where_it_is_the_only_one(make, line, name):
    claim = bare_claim()
    claim.lines = [line]
    assert getattr(_written_back(make, claim).lines[0], name) == getattr(line, name)


@pytest.mark.parametrize(("claim", "name"), list(alone(t837p.ProfessionalClaim, bare_claim, CLAIM_COMPANIONS)))
def test_a_field_of_a_claim_is_written_where_it_is_the_only_one(make, claim, name):
    assert getattr(_written_back(make, claim), name) == getattr(claim, name)


def _written_back(make, claim):
    _, ts = written(make, make.professional_set([make.billing_provider([make.subscriber([claim])])]))
    value, findings = t837p.read_set(ts)
    assert findings == []
    return value.billing[0].subscribers[0].claims[0]
