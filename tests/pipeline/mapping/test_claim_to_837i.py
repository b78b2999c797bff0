"""Canonical institutional claims as an 837I: all of it is there, an outside reader takes it, and it reads back."""

import copy
import json
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from bent_claims import bent_claims
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from institutional_claims import institutional_claims

from edi.x12 import codes as lists
from edi.x12.judging.judge import insist
from edi.x12.sets import t837i
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read as read_x12
from pipeline.domain.claim import canonical_bytes
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.edits import check
from pipeline.domain.forms import stored_claim
from pipeline.domain.institutional_claim import (
    Diagnosis,
    InstitutionalAdjudication,
    InstitutionalClaim,
    InstitutionalLine,
    Occurrence,
    OccurrenceSpan,
    Procedure,
    ValueAmount,
)
from pipeline.domain.problems import errors
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.claim_to_837i import to_institutional
from pipeline.rules.payers import read as rules_of
from sandbox.judge import judge

EXAMPLES = Path(__file__).parents[3] / "examples"
WHEN = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - wall time, as BHT05 has it
TODAY = date(2026, 11, 20)
FACTS = BillingProviderFacts.model_validate_json((EXAMPLES / "hospital.json").read_bytes())
SUBMITTER = t837i.Submitter(name="LANTERN VALLEY", identifier="990000417", contact_name="BILLING", phone="4055550142")
RECEIVER = t837i.Receiver(name="OFFICE ALLY", identifier="330897513")
ENVELOPE = Envelope(
    sender_qualifier="ZZ",
    sender_id="990000417",
    receiver_qualifier="ZZ",
    receiver_id="330897513",
    group_sender="990000417",
    group_receiver="OA",
    control_number=7,
    usage="T",
    when=WHEN,
    functional_id="HC",
    version=t837i.VERSION,
)


def document(name):
    return json.loads((EXAMPLES / "claims" / f"{name}.json").read_text(encoding="utf-8"))


def read(told) -> InstitutionalClaim:
    claim = parse_claim(json.dumps(told).encode())
    assert isinstance(claim, InstitutionalClaim), claim
    return claim


def mapped(*claims):
    numbered = [(f"C{n:013d}", claim) for n, claim in enumerate(claims, 1)]
    return to_institutional(
        numbered, provider=FACTS, submitter=SUBMITTER, receiver=RECEIVER, reference="000000007-0001", when=WHEN
    )


def of_set(tree):
    for subscriber in tree.billing[0].subscribers:
        yield from subscriber.claims
        for patient in subscriber.patients:
            yield from patient.claims


def wire(tree):
    """Written, and held against our own rules."""
    written = t837i.write_set(tree, "0001")
    insist(written, t837i.VERSION, lists.load())
    return write_interchange(ENVELOPE, [written.data])


def sound(claim):
    rules = rules_of(None).of(claim.payer.payer_id, claim.payer.filing_code, claim.service_from)
    return not errors(check(claim, TODAY, FACTS, rules))


def good_examples():
    names = [path.stem for path in sorted((EXAMPLES / "claims").glob("[!f]*.json"))]
    return [read(document(name)) for name in names if "form" in document(name)]


def test_a_stay_is_told_whole():
    [claim] = of_set(mapped(read(document("stay_hip_fracture"))))
    assert (claim.facility_code, claim.frequency, claim.charge_cents) == ("11", "1", 2_529_750)
    assert (claim.statement_from, claim.statement_to) == (date(2026, 10, 5), date(2026, 10, 9))
    assert (claim.admission_date, claim.admission_time) == (date(2026, 10, 5), time(14, 20))
    assert (claim.admission_type, claim.admission_source, claim.patient_status) == ("1", "1", "03")
    assert claim.discharge_time == time(11, 5)
    assert claim.principal_diagnosis == t837i.Diagnosis(code="S72001A", on_admission="Y")
    assert claim.external_causes == [t837i.Diagnosis(code="W010XXA", on_admission="Y")]
    assert claim.principal_procedure == t837i.Procedure(code="0QS604Z", on=date(2026, 10, 6))
    assert claim.value_amounts == [t837i.ValueAmount(code="80", amount_cents=400)], "four days, in hundredths"
    assert (claim.drg, claim.condition_codes, claim.admitting_diagnosis) == ("481", ["09"], "S72001A")
    room = claim.lines[0]
    assert (room.revenue_code, room.procedure, room.unit, room.units) == ("0120", None, "DA", Decimal(4))
    assert room.line_control_number == "C0000000000001L1"


def test_patients_are_under_their_subscribers_and_drugs_under_their_lines():
    tree = mapped(*good_examples())
    [child] = [patient for one in tree.billing[0].subscribers for patient in one.patients]
    assert (child.relationship, len(child.claims)) == ("19", 1)
    drug = child.claims[0].lines[3]
    assert (drug.revenue_code, drug.procedure, drug.ndc, drug.ndc_unit) == ("0636", "J1885", "00409379501", "ML")
    assert tree.billing[0].taxonomy == "282N00000X"


def second_payer():
    """The stay, to a second payer, of which Medicare has decided line by line."""
    told = copy.deepcopy(document("stay_hip_fracture"))
    told["payer"] = {"payer_id": "30CI1", "name": "Northwind", "filing_code": "CI", "responsibility": "S"}
    insured = {"last_name": "Winterbourne", "first_name": "Agatha", "member_id": "1EG4822010110"}
    first = {"payer_id": "10MA1", "name": "Sample Medicare Part A", "filing_code": "MA", "responsibility": "P"}
    told["other_payers"] = [
        {**first, "relationship": "18", "insured": insured, "paid_cents": 0, "remarks": ["MA01"], "payer_claim_number": "22"}
    ]  # fmt: skip
    for line in told["lines"]:
        line["adjudications"] = [
            {
                "payer_id": "10MA1", "paid_cents": 0, "revenue_code": line["revenue_code"], "units": line["units"],
                "adjudication_date": "2026-10-30",
                "adjustments": [{"group": "PR", "reason": "1", "amount_cents": line["charge_cents"]}],
            }
        ]  # fmt: skip
    return read(told)


def test_what_another_payer_has_decided_goes_with_its_revenue_codes():
    claim = second_payer()
    assert sound(claim)
    data = wire(mapped(claim))
    assert judge(data).rejected_sets == frozenset()
    [again] = of_set(t837i.read_set(read_x12(data).sets[0])[0])
    assert [one.adjudications[0].revenue_code for one in again.lines] == [line.revenue_code for line in claim.lines]
    assert again.other_payers[0].outpatient.remarks == ["MA01"]


def test_an_outside_judge_accepts_every_good_example_and_they_read_back():
    tree = mapped(*good_examples())
    data = wire(tree)
    answered = judge(data)
    assert (answered.note, answered.codes) == ("000", {"0001": "A"})
    again, findings = t837i.read_set(read_x12(data).sets[0])
    assert (findings, again.billing) == ([], tree.billing)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(institutional_claims(), min_size=1, max_size=4))
def test_any_valid_claim_passes_is_taken_outside_and_reads_back(documents):
    claims = [read(told) for told in documents]
    for claim in claims:
        assert sound(claim)
        assert stored_claim(canonical_bytes(claim)) == claim
    tree = mapped(*claims)
    data = wire(tree)
    assert judge(data).codes == {"0001": "A"}
    again, findings = t837i.read_set(read_x12(data).sets[0])
    assert (findings, again.billing) == ([], tree.billing)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize(
    "name", ["stay_hip_fracture", "emergency_chest_pain", "outpatient_hernia_repair", "stay_in_nursing_facility"]
)
def test_what_passes_the_edits_is_what_our_own_judge_takes(name, data):
    claim = parse_claim(json.dumps(data.draw(bent_claims(document(name), most=1))).encode())
    if isinstance(claim, InstitutionalClaim) and sound(claim):
        assert wire(mapped(claim))


NOT_SENT = {
    "claim": {"form", "external_id", "epcr_patient_id", "billing_provider_npi", "patient_paid_cents", "refund_to"},
}
READ_AS = {
    "claim": (InstitutionalClaim,),
    "line": (InstitutionalLine,),
    "given": (Diagnosis, Procedure, ValueAmount),
    "one": (Occurrence, OccurrenceSpan),
    "decided": (InstitutionalAdjudication,),
}
"""The models by the names that the mapping gives their values."""


@pytest.mark.parametrize("name", READ_AS)
def test_nothing_of_a_claim_is_left_out_unseen(name):
    folder = EXAMPLES.parent / "pipeline" / "mapping"
    rooms = ("levels_to_837.py", "claim_to_837i.py", "other_payers_to_837.py")
    source = "".join((folder / room).read_text(encoding="utf-8") for room in rooms)
    fields = {field for model in READ_AS[name] for field in model.model_fields}
    assert {field for field in fields if f"{name}.{field}" not in source} == NOT_SENT.get(name, set())
