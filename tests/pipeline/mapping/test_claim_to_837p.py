import copy
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document

from edi.findings import Severity
from edi.x12 import judge as strictest
from edi.x12 import reader
from edi.x12.envelope import Envelope, write_interchange
from edi.x12.sets import t837p
from local.generator import generate
from pipeline.domain.claim import Claim
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.edits import check
from pipeline.domain.payer_rules import PayerRules
from pipeline.domain.problems import errors
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.claim_to_837p import line_control_number, to_professional

EXAMPLES = Path(__file__).parents[3] / "examples"
WHEN = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - wall time, as BHT05 has it
TODAY = date(2026, 11, 20)
SUBMITTER = t837p.Submitter(name="LANTERN VALLEY", identifier="990000417", contact_name="BILLING", phone="4055550142")
RECEIVER = t837p.Receiver(name="OFFICE ALLY", identifier="330897513")
FACTS = BillingProviderFacts.model_validate_json((EXAMPLES / "provider.json").read_bytes())


def read(document) -> Claim:
    claim = parse_claim(json.dumps(document).encode())
    assert isinstance(claim, Claim)
    return claim


def document(name):
    return json.loads((EXAMPLES / "claims" / f"{name}.json").read_text(encoding="utf-8"))


def example(name) -> Claim:
    return read(document(name))


def mapped(*claims: Claim) -> t837p.ProfessionalSet:
    numbered = [(f"CR{number:012d}", claim) for number, claim in enumerate(claims, 1)]
    return to_professional(
        numbered, provider=FACTS, submitter=SUBMITTER, receiver=RECEIVER, reference="7-0001", when=WHEN
    )


def only(name) -> tuple[t837p.Subscriber, t837p.ProfessionalClaim]:
    (subscriber,) = mapped(example(name)).billing[0].subscribers
    (claim,) = subscriber.claims or subscriber.patients[0].claims
    return subscriber, claim


def test_the_head_of_a_set():
    head = mapped(example("psychotherapy"))
    assert (head.reference, head.when, head.submitter, head.receiver) == ("7-0001", WHEN, SUBMITTER, RECEIVER)
    (billing,) = head.billing
    assert (billing.name, billing.npi, billing.tax_id) == ("LANTERN VALLEY EMS AND CLINICS", FACTS.npi, FACTS.tax_id)
    assert billing.address.zip == "730071234"
    assert (billing.taxonomy, billing.contact_name, billing.phone) == ("341600000X", "BILLING OFFICE", "4055550142")


def test_a_patient_who_is_the_subscriber():
    subscriber, claim = only("accents_in_the_name")
    assert subscriber.relationship == "18"
    assert (subscriber.last_name, subscriber.first_name) == ("NUNEZ-O'BRIEN", "JOSE")
    assert (subscriber.birth_date, subscriber.sex, subscriber.member_id) == (date(1981, 3, 31), "M", "BHP812545990")
    assert (subscriber.payer.identifier, subscriber.filing_code, subscriber.group_number) == ("40BL1", "BL", "BH77310")
    assert subscriber.patients == []
    assert (claim.charge_cents, claim.patient_paid_cents, claim.diagnoses) == (7200, 2500, ["M542"])
    assert (claim.rendering.last_name, claim.rendering.first_name) == ("JORGENSEN", "ASE")


def test_a_patient_who_is_not_the_subscriber():
    subscriber, claim = only("bls_child_seizure")
    assert (subscriber.relationship, subscriber.first_name, subscriber.claims) == (None, "ERIK", [])
    (patient,) = subscriber.patients
    assert (patient.relationship, patient.first_name, patient.birth_date) == ("19", "MAJA", date(2019, 5, 5))
    assert patient.claims == [claim]


def test_an_ambulance_claim():
    _, claim = only("bls_dialysis_round_trip")
    assert claim.ambulance == t837p.AmbulanceTransport(
        weight_lb=None,
        reason="A",
        miles=Decimal(15),
        round_trip_purpose="DIALYSIS AND RETURN HOME",
        stretcher_purpose="BED CONFINED",
    )
    assert claim.conditions == [t837p.AmbulanceCondition(applies=True, codes=["04", "09", "12"])]
    assert (claim.pick_up.zip, claim.drop_off.name) == ("75424", "MAPLE BEND DIALYSIS CENTER")
    assert [(line.procedure, line.modifiers, line.units) for line in claim.lines] == [
        ("A0428", ["RJ"], Decimal(1)),
        ("A0425", ["RJ"], Decimal("7.4")),
        ("A0428", ["JR"], Decimal(1)),
        ("A0425", ["JR"], Decimal("7.6")),
    ]
    assert claim.prior_authorization == "PA2026091188"


def test_conditions_are_dealt_into_segments_of_five():
    bent = document("als1_stroke")
    bent["ambulance"]["conditions"] = ["01", "04", "05", "06", "08", "09"]
    bent["ambulance"]["conditions_absent"] = ["07"]
    claim = mapped(read(bent)).billing[0].subscribers[0].claims[0]
    assert [(part.applies, part.codes) for part in claim.conditions] == [
        (True, ["01", "04", "05", "06", "08"]),
        (True, ["09"]),
        (False, ["07"]),
    ]


def test_lines_carry_our_number():
    _, claim = only("annual_physical")
    assert [line.number for line in claim.lines] == [1, 2, 3, 4]
    assert [line.line_control_number for line in claim.lines] == [f"CR000000000001L{n}" for n in range(1, 5)]
    assert line_control_number("CR000000000001", 12) == "CR000000000001L12"


def test_what_an_office_claim_may_hold():
    _, stay = only("hospital_days")
    assert (stay.admission_date, stay.discharge_date) == (date(2026, 10, 7), date(2026, 10, 11))
    assert stay.lines[0].service_date_to == date(2026, 10, 10)
    assert stay.facility.name == "BRIGHTWATER REGIONAL MEDICAL CENTER"
    _, again = only("replacement_of_a_visit")
    assert (again.frequency, again.payer_claim_number) == ("7", "NWC26100800417")
    _, drug = only("steroid_injection")
    assert (drug.lines[2].ndc, drug.lines[2].ndc_units, drug.lines[2].ndc_unit) == ("00009307301", Decimal(1), "ML")
    _, crash = only("two_aboard_driver")
    assert (crash.related_causes, crash.accident_state, crash.lines[1].patient_count) == (["AA"], "OK", 2)
    _, referred = only("specialist_by_referral")
    assert (referred.referring.last_name, referred.referral_number) == ("EVERHART", "RB412266")
    _, minutes = only("anesthesia")
    assert (minutes.lines[0].unit, minutes.lines[0].units) == ("MJ", Decimal(45))


def test_claims_share_the_loops_that_they_have_in_common():
    first = document("bls_child_seizure")
    sibling = copy.deepcopy(first)
    sibling["patient"]["first_name"] = "Nils"
    visit = document("sore_throat_child")
    tree = mapped(read(first), read(visit), read(sibling), read({**first, "external_id": "EX-X"}))
    family, other = tree.billing[0].subscribers
    assert [patient.first_name for patient in family.patients] == ["MAJA", "NILS"]
    assert [[claim.patient_control_number for claim in patient.claims] for patient in family.patients] == [
        ["CR000000000001", "CR000000000004"],
        ["CR000000000003"],
    ]
    assert len(other.patients) == 1


def test_claims_of_one_person_under_two_payers_stay_apart():
    first = document("psychotherapy")
    second = copy.deepcopy(first)
    second["payer"]["group_number"] = "OTHER"
    assert len(mapped(read(first), read(second), read(first)).billing[0].subscribers) == 2


def test_a_subscriber_who_is_also_a_patient_has_two_loops():
    child = document("bls_child_seizure")
    parent = copy.deepcopy(document("office_visit_established"))
    insured = child["subscriber"]
    parent["patient"].update(
        {key: insured[key] for key in ("last_name", "first_name", "member_id", "birth_date", "sex")}
    )
    relations = [one.relationship for one in mapped(read(child), read(parent)).billing[0].subscribers]
    assert relations == [None, "18"]


def test_text_that_edits_would_have_refused_is_a_bug_without_its_text():
    bent = document("psychotherapy")
    bent["patient"]["last_name"] = "Иванова"
    with pytest.raises(ValueError) as refusal:
        mapped(read(bent))
    assert "Иванова" not in str(refusal.value)


def test_nothing_of_a_claim_is_left_out_unseen():
    """Every field of the claim and its lines is read by the mapping, or is named here as not part of the 837."""
    not_sent = {"external_id", "epcr_patient_id", "billing_provider_npi", "refund_to"}
    source = (EXAMPLES.parent / "pipeline" / "mapping" / "claim_to_837p.py").read_text(encoding="utf-8")
    unread = {name for name in Claim.model_fields if f"claim.{name}" not in source}
    assert unread == not_sent


@pytest.fixture
def judged() -> Callable[[list[Claim]], bool]:
    def judge(claims: list[Claim]) -> bool:
        sets = [
            t837p.write_set(mapped(*claims[start : start + 10]), f"{start + 1:04d}").data
            for start in range(0, len(claims), 10)
        ]
        envelope = Envelope(
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
            version="005010X222A1",
        )
        data = write_interchange(envelope, sets)
        findings = [one for ts in reader.read(data).sets for one in strictest.judge(ts)]
        assert [one for one in findings if one.severity is Severity.ERROR] == []
        return pyx12.x12n_document.x12n_document(pyx12.params.params(), io.StringIO(data.decode()), None, None)

    return judge


def test_the_outside_judge_accepts_every_good_example(judged):
    claims = [
        example(path.stem)
        for path in sorted((EXAMPLES / "claims").glob("*.json"))
        if path.name != "EXPECTED.json" and not path.stem.startswith("fail_")
    ]
    assert len(claims) >= 40
    assert judged(claims)


def test_the_outside_judge_accepts_what_passes_the_edits(judged):
    claims = [read(one) for one in generate(120, 11, TODAY)]
    sound = [claim for claim in claims if not errors(check(claim, TODAY, FACTS, PayerRules()))]
    assert len(sound) > 100
    assert judged(sound)
