"""Each rule against an example bent in one place: it finds that place, and nothing else is found."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.domain.edits import RULES

OFFICE, FALL, TRIP, CHEST = "office_visit_established", "bls_fall_at_home", "bls_dialysis_round_trip", "als1_chest_pain"
CHILD, AIR, LONG = "bls_child_seizure", "rotary_air_trauma", "long_distance_home"
EXPECTED = Path(__file__).parents[4] / "examples" / "claims" / "EXPECTED.json"

CASES = [
    # code, example, changes, where it is found
    ("IDN01", OFFICE, [(("rendering", "npi"), "1999000016")], ["rendering.npi"]),
    ("IDN01", OFFICE, [(("rendering", "npi"), "3999000015")], ["rendering.npi"]),
    ("IDN01", "emergency_physician", [(("facility", "npi"), "199900")], ["facility.npi"]),
    ("IDN02", OFFICE, [(("rendering", "first_name"), None)], ["rendering"]),
    ("IDN02", OFFICE, [(("rendering", "name"), "Ashgrove Clinic")], ["rendering"]),
    ("IDN02", OFFICE, [(("rendering", "taxonomy"), "207Q00000")], ["rendering.taxonomy"]),
    ("IDN02", "colonoscopy", [(("referring",), {"npi": "1999000056", "name": "Some Clinic"})], ["referring"]),
    ("IDN03", OFFICE, [(("billing_provider_npi",), "1999000015")], ["billing_provider_npi"]),
    ("IDN05", OFFICE, [(("patient", "member_id"), None)], ["patient.member_id"]),
    ("IDN05", CHILD, [(("patient", "member_id"), "NWC123450")], ["patient.member_id"]),
    ("IDN06", CHILD, [(("relationship",), None)], ["relationship"]),
    ("IDN06", CHILD, [(("relationship",), "18")], ["relationship"]),
    ("IDN06", OFFICE, [(("relationship",), "19")], ["relationship"]),
    ("IDN07", CHILD, [(("subscriber", "sex"), None)], ["subscriber"]),
    ("IDN08", OFFICE, [(("patient", "sex"), "male")], ["patient.sex"]),
    ("IDN08", CHILD, [(("subscriber", "sex"), "X")], ["subscriber.sex"]),
    ("IDN09", OFFICE, [(("frequency",), "6")], ["frequency"]),
    ("IDN10", OFFICE, [(("frequency",), "8")], ["payer_claim_number"]),
    ("IDN10", OFFICE, [(("payer_claim_number",), "NWC1")], ["payer_claim_number"]),
    ("PAY01", OFFICE, [(("payer", "filing_code"), "XX")], ["payer.filing_code"]),
    ("PAY02", OFFICE, [(("payer", "responsibility"), "S")], ["payer.responsibility"]),
    ("PAY03", OFFICE, [(("payer", "insurance_type"), "12")], ["payer.insurance_type"]),
    ("PLC01", OFFICE, [(("patient", "address", "state"), "tx")], ["patient.address.state"]),
    ("PLC02", CHEST, [(("ambulance", "pick_up", "zip"), "00000")], ["ambulance.pick_up.zip"]),
    ("PLC02", CHEST, [(("ambulance", "drop_off", "address", "zip"), "75010-1234")], ["ambulance.drop_off.address.zip"]),
    ("PLC02", "emergency_physician", [(("facility", "address", "zip"), "7300")], ["facility.address.zip"]),
    ("PLC03", OFFICE, [(("place_of_service",), "28")], ["place_of_service"]),
    ("PLC03", OFFICE, [(("lines", 0, "place_of_service"), "1")], ["lines[0].place_of_service"]),
    ("CON01", OFFICE, [(("assignment_code",), "Z"), (("delay_reason",), "12")], ["assignment_code", "delay_reason"]),
    ("COD01", OFFICE, [(("diagnoses",), [f"J{n}.9" for n in range(10, 23)])], ["diagnoses"]),
    ("COD02", OFFICE, [(("diagnoses", 0), "J06.")], ["diagnoses[0]"]),
    ("COD02", OFFICE, [(("diagnoses", 0), "j06.9")], ["diagnoses[0]"]),
    ("COD02", OFFICE, [(("diagnoses", 0), "J06.91234")], ["diagnoses[0]"]),
    ("COD03", FALL, [(("diagnoses",), ["S72.001A", "S72001A"])], ["diagnoses[1]"]),
    ("COD04", FALL, [(("diagnoses",), ["W19.XXXA", "S72.001A"])], ["diagnoses[0]"]),
    ("COD05", OFFICE, [(("lines",), []), (("charge_cents",), 0), (("patient_paid_cents",), 0)], ["lines"]),
    ("COD06", OFFICE, [(("lines", 0, "procedure"), "9921")], ["lines[0].procedure"]),
    ("COD07", OFFICE, [(("lines", 0, "modifiers"), ["25", "59", "76", "77", "GP"])], ["lines[0].modifiers"]),
    ("COD07", OFFICE, [(("lines", 0, "modifiers"), ["2"])], ["lines[0].modifiers[0]"]),
    ("COD08", OFFICE, [(("lines", 0, "modifiers"), ["25", "25"])], ["lines[0].modifiers"]),
    ("COD09", OFFICE, [(("lines", 0, "diagnosis_pointers"), [2])], ["lines[0].diagnosis_pointers[0]"]),
    ("COD09", OFFICE, [(("lines", 0, "diagnosis_pointers"), [0])], ["lines[0].diagnosis_pointers[0]"]),
    ("COD09", OFFICE, [(("lines", 0, "diagnosis_pointers"), [1, 1])], ["lines[0].diagnosis_pointers"]),
    ("COD10", OFFICE, [(("lines", 0, "procedure"), "99499")], ["lines[0].description"]),
    ("COD11", OFFICE, [(("lines", 0, "unit"), "DA")], ["lines[0].unit"]),
    ("COD12", "steroid_injection", [(("lines", 2, "ndc"), "9-3073-01")], ["lines[2].ndc"]),
    ("COD12", "steroid_injection", [(("lines", 2, "ndc_unit"), None)], ["lines[2].ndc"]),
    ("COD12", "steroid_injection", [(("lines", 2, "ndc_units"), 0)], ["lines[2].ndc_units"]),
    ("COD12", "steroid_injection", [(("lines", 2, "ndc_unit"), "MG")], ["lines[2].ndc_unit"]),
    ("COD13", FALL, [(("related_causes",), ["XX"])], ["related_causes"]),
    ("COD13", FALL, [(("accident_state",), "TX")], ["accident_state"]),
    ("COD13", "two_aboard_driver", [(("accident_state",), None)], ["accident_state"]),
    ("COD13", "two_aboard_driver", [(("accident_state",), "QQ")], ["accident_state"]),
    ("COD14", "skin_lesions", [(("prior_authorization",), "RB331907")], ["referral_number"]),
    ("DAT01", OFFICE, [(("lines", 0, "service_date"), "2026-11-21")], ["lines[0].service_date"]),
    ("DAT01", CHILD, [(("subscriber", "birth_date"), "2027-01-01")], ["subscriber.birth_date"]),
    ("DAT02", "hospital_days", [(("lines", 0, "service_date_to"), "2026-10-07")], ["lines[0].service_date_to"]),
    ("DAT03", OFFICE, [(("patient", "birth_date"), "2026-09-16")], ["patient.birth_date"]),
    ("DAT03", OFFICE, [(("patient", "birth_date"), "1779-12-31")], ["patient.birth_date"]),
    ("DAT04", "two_aboard_driver", [(("accident_date",), None)], ["accident_date"]),
    ("DAT04", FALL, [(("related_causes",), [])], ["related_causes"]),
    ("DAT04", FALL, [(("accident_date",), "2026-09-22")], ["accident_date"]),
    ("DAT05", "hospital_admission", [(("admission_date",), None)], ["admission_date"]),
    ("DAT05", "hospital_days", [(("discharge_date",), "2026-10-06")], ["discharge_date"]),
    ("DAT06", "physical_therapy", [(("onset_date",), "2026-09-27")], ["onset_date"]),
    ("MON01", OFFICE, [(("lines", 0, "charge_cents"), 0), (("charge_cents",), 0), (("patient_paid_cents",), 0)], ["lines[0].charge_cents"]),
    ("MON01", OFFICE, [(("lines", 0, "charge_cents"), -5), (("charge_cents",), -5), (("patient_paid_cents",), 0)], ["lines[0].charge_cents"]),
    ("MON02", OFFICE, [(("charge_cents",), 14501)], ["charge_cents"]),
    ("MON03", OFFICE, [(("lines", 0, "units"), 0)], ["lines[0].units"]),
    ("MON03", OFFICE, [(("lines", 0, "units"), "1.0001")], ["lines[0].units"]),
    ("MON04", OFFICE, [(("lines", 0, "charge_cents"), 10**10), (("charge_cents",), 10**10)], ["lines[0].charge_cents", "charge_cents"]),
    ("MON05", OFFICE, [(("patient_paid_cents",), -1)], ["patient_paid_cents"]),
    ("MON06", OFFICE, [(("patient_paid_cents",), 14501)], ["patient_paid_cents"]),
    ("MON07", OFFICE, [(("refund_to", "routing_number"), "123456781")], ["refund_to.routing_number"]),
    ("MON07", OFFICE, [(("refund_to", "routing_number"), "500000005")], ["refund_to.routing_number"]),
    ("MON08", OFFICE, [(("refund_to", "account_number"), "1" * 18)], ["refund_to.account_number"]),
    ("MON08", OFFICE, [(("refund_to", "account_type"), "bond")], ["refund_to.account_type"]),
    ("TXT01", OFFICE, [(("patient", "first_name"), "Павел")], ["patient.first_name"]),
    ("TXT01", OFFICE, [(("note",), "50% better")], ["note"]),
    ("TXT02", OFFICE, [(("patient", "last_name"), "A" * 61)], ["patient.last_name"]),
    ("TXT02", OFFICE, [(("patient", "last_name"), "ß" * 31)], ["patient.last_name"]),
    ("TXT02", OFFICE, [(("refund_to", "name"), "Bartholomew Featherstonehaugh")], ["refund_to.name"]),
    ("TXT02", OFFICE, [(("lines", 0, "note"), "x" * 81)], ["lines[0].note"]),
    ("TXT02", OFFICE, [(("prior_authorization",), "9" * 51)], ["prior_authorization"]),
    ("TXT03", OFFICE, [(("patient", "member_id"), "nwc123450")], ["patient.member_id"]),
    ("TXT03", OFFICE, [(("medical_record_number",), "A*B")], ["medical_record_number"]),
    ("TXT04", OFFICE, [(("patient", "member_id"), "7")], ["patient.member_id"]),
    ("AMB01", CHEST, [(("ambulance",), None)], ["ambulance"]),
    ("AMB01", CHEST, [(("place_of_service",), "11")], ["place_of_service", "lines[0].procedure", "lines[1].procedure"]),
    ("AMB01", OFFICE, [(("lines", 0, "procedure"), "A0382")], ["lines[0].procedure"]),
    ("AMB02", CHEST, [(("ambulance", "conditions"), ["06", "02"])], ["ambulance.conditions[1]"]),
    ("AMB02", CHEST, [(("ambulance", "conditions_absent"), ["09"])], ["ambulance.conditions"]),
    ("AMB02", LONG, [(("ambulance", "conditions"), [])], ["ambulance.conditions"]),
    ("AMB03", CHEST, [(("ambulance", "pick_up"), None)], ["ambulance.pick_up"]),
    ("AMB04", CHEST, [(("ambulance", "drop_off"), None)], ["ambulance.drop_off"]),
    ("AMB05", CHEST, [(("lines", 0, "modifiers"), ["XH"]), (("lines", 1, "modifiers"), ["XH"])], ["lines[0].modifiers", "lines[1].modifiers"]),
    ("AMB05", CHEST, [(("lines", 0, "modifiers"), ["HS"]), (("lines", 1, "modifiers"), ["HS"])], ["lines[0].modifiers", "lines[1].modifiers"]),
    ("AMB05", CHEST, [(("lines", 0, "modifiers"), []), (("lines", 1, "modifiers"), [])], ["lines[0].modifiers", "lines[1].modifiers"]),
    ("AMB06", TRIP, [(("ambulance", "miles"), "7.4")], ["ambulance.miles"]),
    ("AMB07", CHEST, [(("lines", 1, "units"), "8.71"), (("ambulance", "miles"), "8.71")], ["lines[1].units"]),
    ("AMB07", LONG, [(("lines", 1, "units"), "128.3"), (("ambulance", "miles"), "128.3")], ["lines[1].units"]),
    ("AMB07", AIR, [(("lines", 1, "units"), "64.5"), (("ambulance", "miles"), "64.5")], ["lines[1].units"]),
    ("AMB08", "treated_not_transported", [(("ambulance", "miles"), -1)], ["ambulance.miles"]),
    ("AMB09", CHEST, [(("ambulance", "conditions"), ["09"])], ["lines[0].procedure"]),
    ("AMB09", LONG, [(("ambulance", "conditions"), ["06", "09"])], ["lines[0].procedure"]),
    ("AMB09", LONG, [(("lines", 0, "emergency"), True)], ["lines[0].procedure"]),
    ("AMB10", CHEST, [(("lines", 0, "procedure"), "A0422")], ["lines[1].procedure"]),
    ("AMB11", CHEST, [(("ambulance", "reason"), "F")], ["ambulance.reason"]),
    ("AMB12", CHEST, [(("lines", 1, "service_date"), "2026-09-15")], ["lines"]),
    ("AMB13", CHEST, [(("lines", 0, "modifiers"), ["NH"]), (("lines", 1, "modifiers"), ["NH"])], ["lines[0].modifiers"]),
    ("AMB14", CHEST, [(("ambulance", "weight_lb"), 0)], ["ambulance.weight_lb"]),
    ("AMB15", "two_aboard_driver", [(("lines", 1, "modifiers"), ["SH"])], ["lines[1].modifiers"]),
    ("AMB15", "two_aboard_driver", [(("lines", 0, "patient_count"), None)], ["lines[0].modifiers"]),
    ("AMB15", OFFICE, [(("lines", 0, "patient_count"), 2)], ["lines[0].patient_count"]),
    ("AMB16", CHEST, [(("place_of_service",), "42")], ["lines[0].procedure", "lines[1].procedure"]),
    ("AMB16", AIR, [(("place_of_service",), "41")], ["lines[0].procedure", "lines[1].procedure"]),
    ("AMB17", TRIP, [(("ambulance", "round_trip_purpose"), None)], ["ambulance.round_trip_purpose"]),
    ("AMB18", CHEST, [(("lines", 1, "modifiers"), ["RH"])], ["lines[1].modifiers"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "example", "changes", "paths"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_rule_finds_its_place_and_no_other_rule_speaks(code, example, changes, paths, bent, found):
    problems = found(bent(example, *changes))
    assert [(problem.code, problem.path) for problem in problems] == [(code, path) for path in paths]


def test_every_rule_has_a_case():
    assert {case[0] for case in CASES} | {"IDN04"} == {rule.code for rule in RULES}


def test_mileage_billed_without_miles(bent, found):
    claim = bent(CHEST, (("lines", 1, "units"), 0), (("ambulance", "miles"), 0))
    assert {problem.code for problem in found(claim)} == {"AMB08", "MON03"}


def test_good_examples_pass_and_bad_ones_fail_for_the_reason_given(documents, bent, found):
    expected = json.loads(EXPECTED.read_text())
    for name in documents:
        codes = {problem.code for problem in found(bent(name)) if problem.severity == "error"}
        assert codes == set(expected.get(f"{name}.json", [])), name
        assert name.startswith("fail_") == bool(codes)


def test_all_findings_come_at_once(bent, found):
    claim = bent(
        CHEST,
        (("patient", "member_id"), None),
        (("diagnoses", 1), "I1"),
        (("charge_cents",), 1),
        (("ambulance", "pick_up"), None),
        (("lines", 0, "service_date"), "2031-01-01"),
    )
    assert {problem.code for problem in found(claim)} == {"IDN05", "COD02", "MON02", "AMB03", "DAT01", "AMB12"}


def test_today_is_not_the_future(bent, found):
    claim = bent(OFFICE, (("lines", 0, "service_date"), "2026-11-20"))
    assert found(claim) == []
    assert claim.service_to + timedelta(days=1) > claim.service_to


def test_no_finding_repeats_a_value(bent, found):
    claim = bent(
        OFFICE,
        (("patient", "last_name"), "Zzyzx☎" * 20),
        (("patient", "member_id"), "zzyzx"),
        (("patient", "sex"), "Zzyzx"),
        (("refund_to", "account_number"), "Zzyzx"),
        (("rendering", "npi"), "Zzyzx"),
    )
    problems = found(claim)
    assert len(problems) >= 5
    assert not any("zzyzx" in str(problem).lower() for problem in problems)
