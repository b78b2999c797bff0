"""Each rule against an example bent in one place: it finds that place, and nothing else is found."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.domain.edits import COMMON, PROFESSIONAL, RULES

OFFICE, FALL, TRIP, CHEST = "office_visit_established", "bls_fall_at_home", "bls_dialysis_round_trip", "als1_chest_pain"
CHILD, AIR, LONG = "bls_child_seizure", "rotary_air_trauma", "long_distance_home"
SERIES, SECOND = "bls_dialysis_one_way", "second_payer_after_medicare"
CERTIFIED, OTHER, FIRST, LAST = (
    ("ambulance", "certification"),
    ("other_payers", 0),
    ("lines", 0, "adjudications", 0),
    ("lines", 1, "adjudications", 0),
)
BY_CLAIM = [
    (("lines", 0, "adjudications"), None),
    (("lines", 1, "adjudications"), None),
    ((*OTHER, "adjudication_date"), "2026-09-29"),
    ((*OTHER, "adjustments"), [{"group": "CO", "reason": "45", "amount_cents": 64855}]),
]
"""The second payer's example with the first one's decision told of the claim alone."""

TERTIARY = {
    "payer_id": "70AM1",
    "name": "Meadow Auto",
    "filing_code": "AM",
    "responsibility": "T",
    "relationship": "18",
    "insured": {"last_name": "Thistlewood", "first_name": "Agnes", "member_id": "MA1"},
}
PAPER = {"type": "CT", "transmission": "FX", "control_number": "EX74-1"}
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
    ("IDN11", CHEST, [(("frequency",), "7"), (("payer_claim_number",), "1126")], ["frequency"]),
    ("PAY02", OFFICE, [(("payer", "responsibility"), "U")], ["payer.responsibility"]),
    ("PAY03", OFFICE, [(("payer", "insurance_type"), "12")], ["payer.insurance_type"]),
    ("PAY03", SECOND, [(("payer", "insurance_type"), "12")], ["payer.insurance_type"]),
    ("PAY03", SECOND, [((*OTHER, "filing_code"), "CI"), (("payer", "filing_code"), "MB")], ["payer.insurance_type"]),
    ("PAY03", SECOND, [((*OTHER, "filing_code"), "CI"), (("payer", "insurance_type"), "MI")], ["payer.insurance_type"]),
    ("PLC01", OFFICE, [(("patient", "address", "state"), "tx")], ["patient.address.state"]),
    ("PLC02", OFFICE, [(("patient", "address", "zip"), "00000")], ["patient.address.zip"]),
    ("PLC02", "emergency_physician", [(("facility", "address", "zip"), "7300")], ["facility.address.zip"]),
    ("PLC03", OFFICE, [(("place_of_service",), "28")], ["place_of_service"]),
    ("PLC03", OFFICE, [(("lines", 0, "place_of_service"), "1")], ["lines[0].place_of_service"]),
    ("CON01", OFFICE, [(("assignment_code",), "Z"), (("delay_reason",), "12")], ["assignment_code", "delay_reason"]),
    ("COD01", OFFICE, [(("diagnoses",), [f"J{n}.9" for n in range(10, 23)])], ["diagnoses"]),
    ("COD02", OFFICE, [(("diagnoses", 0), "J06.")], ["diagnoses[0]"]),
    ("COD02", OFFICE, [(("diagnoses", 0), "j06.9")], ["diagnoses[0]"]),
    ("COD02", OFFICE, [(("diagnoses", 0), "J06.91234")], ["diagnoses[0]"]),
    ("COD03", OFFICE, [(("diagnoses",), ["J06.9", "J069"])], ["diagnoses[1]"]),
    ("COD04", FALL, [(("diagnoses",), ["W19.XXXA", "S72.001A"])], ["diagnoses[0]"]),
    ("COD05", OFFICE, [(("lines",), []), (("charge_cents",), 0), (("patient_paid_cents",), 0)], ["lines"]),
    ("COD06", OFFICE, [(("lines", 0, "procedure"), "9921")], ["lines[0].procedure"]),
    ("COD06", OFFICE, [(("lines", 0, "procedure"), "9931E")], ["lines[0].procedure"]),
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
    ("DAT04", FALL, [(("accident_date",), None)], ["accident_date"]),
    ("DAT01", SECOND, [((*FIRST, "adjudication_date"), "2026-11-21")], ["lines[0].adjudications[0].adjudication_date"]),
    ("DAT01", SECOND, [*BY_CLAIM, ((*OTHER, "adjudication_date"), "2026-11-21")], ["other_payers[0].adjudication_date"]),
    ("DAT07", CHEST, [((*("lines", n), "service_date"), "2025-11-19") for n in (0, 1)], ["delay_reason"]),
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
    ("TXT04", OFFICE, [(("patient", "address", "city"), "#A")], ["patient.address.city"]),
    ("AMB01", CHEST, [(("ambulance",), None)], ["ambulance"]),
    ("AMB01", CHEST, [(("place_of_service",), "11")], ["place_of_service", "lines[0].procedure", "lines[1].procedure"]),
    ("AMB01", OFFICE, [(("lines", 0, "procedure"), "A0382")], ["lines[0].procedure"]),
    ("AMB02", CHEST, [(("ambulance", "conditions"), ["06", "02"])], ["ambulance.conditions[1]"]),
    ("AMB02", CHEST, [(("ambulance", "conditions_absent"), ["09"])], ["ambulance.conditions"]),
    ("AMB02", LONG, [(("ambulance", "conditions"), [])], ["ambulance.conditions"]),
    ("AMB03", CHEST, [(("ambulance", "pick_up"), None)], ["ambulance.pick_up"]),
    ("AMB03", CHEST, [(("ambulance", "pick_up", "zip"), "00000")], ["ambulance.pick_up.zip"]),
    ("AMB04", CHEST, [(("ambulance", "drop_off"), None)], ["ambulance.drop_off"]),
    ("AMB04", CHEST, [(("ambulance", "drop_off", "address", "zip"), "75010-1234")], ["ambulance.drop_off.address.zip"]),
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
    ("AMB10", SERIES, [(CERTIFIED, None)], ["ambulance.certification"]),
    ("AMB10", SERIES, [(CERTIFIED, {"repetitive": False})], ["ambulance.certification.signed_date"]),
    ("AMB11", FALL, [(("diagnoses",), ["S72.001A", "S72001A"])], ["diagnoses[1]"]),
    ("AMB11", FALL, [(("diagnoses",), [f"S{n}.9" for n in range(10, 23)])], ["diagnoses"]),
    ("AMB12", CHEST, [(("lines", 1, "service_date"), "2026-09-15")], ["lines"]),
    ("AMB13", CHEST, [(("lines", 0, "modifiers"), ["NH"]), (("lines", 1, "modifiers"), ["NH"])], ["lines[0].modifiers"]),
    ("AMB14", CHEST, [(("ambulance", "weight_lb"), 0)], ["ambulance.weight_lb"]),
    ("AMB14", CHEST, [(("ambulance", "weight_kg"), 80)], ["ambulance.weight_kg"]),
    ("AMB14", SECOND, [(("ambulance", "weight_kg"), 700)], ["ambulance.weight_kg"]),
    ("AMB15", "two_aboard_driver", [(("lines", 1, "modifiers"), ["SH"])], ["lines[1].modifiers"]),
    ("AMB15", "two_aboard_driver", [(("lines", 0, "patient_count"), None)], ["lines[0].modifiers"]),
    ("AMB15", OFFICE, [(("lines", 0, "patient_count"), 2)], ["lines[0].patient_count"]),
    ("AMB16", CHEST, [(("place_of_service",), "42")], ["lines[0].procedure", "lines[1].procedure"]),
    ("AMB16", AIR, [(("place_of_service",), "41")], ["lines[0].procedure", "lines[1].procedure"]),
    ("AMB17", TRIP, [(("ambulance", "round_trip_purpose"), None)], ["ambulance.round_trip_purpose"]),
    ("AMB18", CHEST, [(("lines", 1, "modifiers"), ["RH"])], ["lines[1].modifiers"]),
    ("AMB19", CHEST, [(("lines", 0, "procedure"), "A0422")], ["lines[1].procedure"]),
    ("AMB20", CHEST, [(("ambulance", "reason"), "F")], ["ambulance.reason"]),
    ("AMB21", SERIES, [((*CERTIFIED, "signed_date"), "2026-07-24")], ["ambulance.certification.signed_date"]),
    ("AMB21", SERIES, [((*CERTIFIED, "signed_date"), "2026-09-24")], ["ambulance.certification.signed_date"]),
    ("AMB21", SERIES, [((*CERTIFIED, "signer"), "registered_nurse")], ["ambulance.certification.signed_date"]),
    ("AMB21", SERIES, [(CERTIFIED, {"repetitive": False, "signer": "physician", "signed_date": "2026-09-26"})], ["ambulance.certification.signed_date"]),
    ("AMB21", SERIES, [(CERTIFIED, {"repetitive": False, "requested_date": "2026-11-02"}), *((("lines", n, "service_date"), "2026-11-01") for n in (0, 1))], ["ambulance.certification.requested_date"]),
    ("AMB22", SERIES, [((*CERTIFIED, "signer"), None), ((*CERTIFIED, "repetitive"), False)], ["ambulance.certification.signer"]),
    ("AMB22", SERIES, [((*CERTIFIED, "signer"), "neighbour"), ((*CERTIFIED, "repetitive"), False)], ["ambulance.certification.signer"]),
    ("IDN01", SERIES, [((*CERTIFIED, "signer_npi"), "1999000024")], ["ambulance.certification.signer_npi"]),
    ("DAT01", SERIES, [(CERTIFIED, {"repetitive": False, "signer": "registered_nurse", "signed_date": "2026-11-21"})], ["ambulance.certification.signed_date"]),
    ("ATT01", OFFICE, [(("attachments",), [PAPER] * 11)], ["attachments"]),
    ("ATT01", OFFICE, [(("attachments",), [{**PAPER, "type": "ZZ"}])], ["attachments[0].type"]),
    ("ATT01", OFFICE, [(("attachments",), [PAPER, {**PAPER, "transmission": "TX"}])], ["attachments[1].transmission"]),
    ("ATT02", OFFICE, [(("attachments",), [{"type": "CT", "transmission": "FX"}])], ["attachments[0].control_number"]),
    ("TXT02", OFFICE, [(("attachments",), [{**PAPER, "control_number": "9" * 51}])], ["attachments[0].control_number"]),
    ("TXT04", OFFICE, [(("attachments",), [{**PAPER, "control_number": "9"}])], ["attachments[0].control_number"]),
    ("COB01", OFFICE, [(("payer", "responsibility"), "S")], ["other_payers"]),
    ("COB01", SECOND, [((*OTHER, "responsibility"), "S")], ["other_payers[0].responsibility", "other_payers"]),
    ("COB01", SECOND, [((*OTHER, "responsibility"), "PS")], ["other_payers[0].responsibility", "other_payers"]),
    ("COB01", SECOND, [(("payer", "responsibility"), "T")], ["other_payers"]),
    ("COB02", SECOND, [((*OTHER, "paid_cents"), None)], ["other_payers[0].paid_cents"]),
    ("COB02", OFFICE, [(("other_payers",), [{**TERTIARY, "adjudication_date": "2026-10-01"}])], ["other_payers[0].responsibility"]),
    ("COB03", SECOND, [(("other_payers",), [{**TERTIARY, "responsibility": "P", "paid_cents": 112855, "adjudication_date": "2026-10-01"}])], ["lines[0].adjudications[0].payer_id", "lines[1].adjudications[0].payer_id"]),
    ("COB03", OFFICE, [(("other_payers",), [TERTIARY, {**TERTIARY, "responsibility": "S"}])], ["other_payers[0].payer_id", "other_payers[1].payer_id"]),
    ("COB03", SECOND, [((*FIRST, "bundled_line"), 3)], ["lines[0].adjudications[0].bundled_line"]),
    ("COB04", SECOND, [((*FIRST, "adjustments", 0, "group"), "XX")], ["lines[0].adjudications[0].adjustments[0].group"]),
    ("COB04", SECOND, [((*FIRST, "adjustments", 0, "reason"), "CO-45")], ["lines[0].adjudications[0].adjustments[0].reason"]),
    ("COB04", SECOND, [((*OTHER, "adjustments"), [{"group": "CO", "reason": "23", "amount_cents": 0}])], ["other_payers[0].adjustments[0].amount_cents"]),
    ("COB04", SECOND, [*BY_CLAIM, ((*OTHER, "adjustments"), [{"group": "CO", "reason": str(n), "amount_cents": 64849 if n == 1 else 1} for n in range(1, 8)])], ["other_payers[0].adjustments"]),
    ("COB04", SECOND, [*BY_CLAIM, ((*OTHER, "adjustments"), [{"group": "CO", "reason": "45", "amount_cents": cents} for cents in (64854, 1)])], ["other_payers[0].adjustments"]),
    ("COB05", SECOND, [((*OTHER, "adjustments"), [{"group": "CO", "reason": "45", "amount_cents": 100}]), ((*OTHER, "paid_cents"), 47900)], ["other_payers[0].adjustments[0]"]),
    ("COB06", SECOND, [((*FIRST, "paid_cents"), 41599), ((*LAST, "paid_cents"), 6401)], ["lines[0].adjudications[0]", "lines[1].adjudications[0]"]),
    ("COB07", SECOND, [((*OTHER, "paid_cents"), 48001)], ["other_payers[0].paid_cents"]),
    ("COB07", SECOND, [*BY_CLAIM, ((*OTHER, "paid_cents"), 0)], ["other_payers[0].paid_cents"]),
    ("COB07", SECOND, [(("lines", 1, "adjudications"), None), ((*OTHER, "paid_cents"), 55955)], ["other_payers[0].paid_cents"]),
    ("COB08", SECOND, [((*OTHER, "adjudication_date"), "2026-09-29")], ["other_payers[0].adjudication_date"]),
    ("COB08", SECOND, [*BY_CLAIM, ((*OTHER, "adjudication_date"), None)], ["other_payers[0].adjudication_date"]),
    ("COB09", SECOND, [((*OTHER, "filing_code"), "XX"), ((*OTHER, "relationship"), "99")], ["other_payers[0].filing_code", "other_payers[0].relationship"]),
    ("COB09", SECOND, [((*OTHER, "insurance_type"), "12"), ((*OTHER, "release_code"), "N")], ["other_payers[0].insurance_type", "other_payers[0].release_code"]),
    ("COB10", SECOND, [((*OTHER, "non_covered_cents"), -1)], ["other_payers[0].non_covered_cents"]),
    ("COB10", SECOND, [((*FIRST, "units"), -1)], ["lines[0].adjudications[0].units"]),
    ("COB11", SECOND, [((*FIRST, "procedure"), "A42")], ["lines[0].adjudications[0].procedure"]),
    ("COB11", SECOND, [((*FIRST, "modifiers"), ["R"])], ["lines[0].adjudications[0].modifiers"]),
    ("COB12", SECOND, [((*OTHER, "remarks"), ["MA18", "N89", "MA01", "MA07", "MA130", "N1"])], ["other_payers[0].remarks"]),
    ("COB12", SECOND, [((*OTHER, "remarks"), ["18"])], ["other_payers[0].remarks"]),
    ("MON04", SECOND, [((*OTHER, "non_covered_cents"), 10**10)], ["other_payers[0].non_covered_cents"]),
    ("PLC01", SECOND, [((*OTHER, "insured", "address"), {"line1": "1 Elm", "city": "Alder", "state": "Texas", "zip": "75001"})], ["other_payers[0].insured.address.state"]),
    ("TXT01", SECOND, [((*OTHER, "insured", "first_name"), "Агнес")], ["other_payers[0].insured.first_name"]),
    ("TXT03", SECOND, [((*OTHER, "payer_claim_number"), "22*6")], ["other_payers[0].payer_claim_number"]),
    ("TXT04", SECOND, [((*OTHER, "insured", "member_id"), "1")], ["other_payers[0].insured.member_id"]),
]  # fmt: skip

SOUND = [
    # code, example, changes: as near to the rule's fault as a sound claim comes
    ("IDN11", OFFICE, [(("frequency",), "8"), (("payer_claim_number",), "NWC1")]),
    ("PAY02", OFFICE, [(("payer", "responsibility"), "P")]),
    ("PAY03", SECOND, [((*OTHER, "filing_code"), "CI"), (("payer", "filing_code"), "MB"), (("payer", "insurance_type"), "12")]),
    ("DAT04", FALL, [(("related_causes",), ["EM"]), (("accident_date",), None)]),
    ("DAT07", CHEST, [((*("lines", n), "service_date"), "2025-11-20") for n in (0, 1)]),
    ("DAT07", CHEST, [*(((*("lines", n), "service_date"), "2025-11-19") for n in (0, 1)), (("delay_reason",), "7")]),
    ("AMB01", CHEST, [(("lines", 0, "place_of_service"), "42")]),
    ("AMB02", CHEST, [(("ambulance", "conditions_absent"), ["12"])]),
    ("AMB03", CHEST, [(("ambulance", "pick_up", "zip"), "750101234")]),
    ("AMB04", "treated_not_transported", []),
    ("AMB05", CHEST, [(("lines", n, "modifiers"), ["SX"]) for n in (0, 1)]),
    ("AMB06", TRIP, [(("ambulance", "miles"), "15.0")]),
    ("AMB07", LONG, [(("lines", 1, "units"), "100"), (("ambulance", "miles"), "100")]),
    ("AMB08", "treated_not_transported", [(("ambulance", "miles"), 0)]),
    ("AMB09", CHEST, [(("lines", 0, "emergency"), True)]),
    ("AMB10", CHEST, []),
    ("AMB10", LONG, []),
    ("AMB10", SERIES, [(CERTIFIED, {"repetitive": False, "no_physician": True})]),
    ("AMB11", FALL, [(("diagnoses",), [f"S{n}.9" for n in range(10, 22)])]),
    ("AMB12", CHEST, [(("lines", n, "service_date"), "2026-09-15") for n in (0, 1)]),
    ("AMB13", LONG, [(("lines", n, "modifiers"), ["NH"]) for n in (0, 1)]),
    ("AMB14", SECOND, [(("ambulance", "weight_kg"), "680.3")]),
    ("AMB15", "two_aboard_driver", []),
    ("AMB16", AIR, []),
    ("AMB17", TRIP, []),
    ("AMB18", TRIP, []),
    ("AMB19", CHEST, []),
    ("AMB20", CHEST, [(("ambulance", "reason"), "E")]),
    ("AMB21", SERIES, [((*CERTIFIED, "signed_date"), "2026-07-25")]),
    ("AMB21", SERIES, [(CERTIFIED, {"repetitive": False, "signer": "physician", "signed_date": "2026-09-25"})]),
    ("AMB21", SERIES, [(CERTIFIED, {"repetitive": False, "signer": "social_worker", "signed_date": "2026-09-30"})]),
    ("AMB22", SERIES, [(CERTIFIED, {"repetitive": False, "requested_date": "2026-09-24"})]),
    ("ATT01", OFFICE, [(("attachments",), [PAPER] * 10)]),
    ("ATT02", OFFICE, [(("attachments",), [{"type": "CT", "transmission": "AA"}])]),
    ("COB01", OFFICE, [(("other_payers",), [TERTIARY])]),
    ("COB02", SECOND, [*BY_CLAIM, ((*OTHER, "paid_cents"), 0), ((*OTHER, "adjustments", 0, "amount_cents"), 112855)]),
    ("COB03", SECOND, [((*FIRST, "bundled_line"), 2)]),
    ("COB04", SECOND, [*BY_CLAIM, ((*OTHER, "adjustments"), [{"group": group, "reason": "45", "amount_cents": cents} for group, cents in (("CO", 64856), ("OA", -1))])]),
    ("COB05", SECOND, [((*OTHER, "adjustments"), [{"group": "OA", "reason": "45", "amount_cents": 100}]), ((*OTHER, "paid_cents"), 47900)]),
    ("COB06", SECOND, [(("lines", 0, "adjudications"), [{"payer_id": "10MB1", "paid_cents": cents, "procedure": "A0427", "units": 1, "adjudication_date": "2026-09-29", "adjustments": [{"group": "CO", "reason": "45", "amount_cents": 40000}] if cents == 41600 else []} for cents in (41600, 16900)]), ((*OTHER, "paid_cents"), 64900)]),
    ("COB07", SECOND, BY_CLAIM),
    ("COB08", SECOND, [((*LAST, "adjudication_date"), "2026-10-01")]),
    ("COB09", SECOND, [((*OTHER, "relationship"), "G8")]),
    ("COB10", SECOND, [((*OTHER, "patient_liability_cents"), 0)]),
    ("COB11", SECOND, [((*FIRST, "modifiers"), [])]),
    ("COB12", SECOND, [((*OTHER, "remarks"), ["MA18", "N89", "MA01", "MA07", "MA130"])]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "example", "changes", "paths"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_rule_finds_its_place_and_no_other_rule_speaks(code, example, changes, paths, bent, found):
    problems = found(bent(example, *changes))
    assert [(problem.code, problem.path) for problem in problems] == [(code, path) for path in paths]


@pytest.mark.parametrize(("code", "example", "changes"), SOUND, ids=[f"{case[0]}-{n}" for n, case in enumerate(SOUND)])
def test_a_rule_is_silent_where_the_claim_is_sound(code, example, changes, bent, found):
    assert found(bent(example, *changes)) == []


def test_every_rule_has_a_case():
    assert {case[0] for case in CASES} | {"IDN04", "IDN12", "IDN13"} == {rule.code for rule in (*COMMON, *PROFESSIONAL)}


def test_every_rule_of_transports_and_of_other_payers_has_a_sound_case_too():
    assert {case[0] for case in SOUND} >= {rule.code for rule in RULES if rule.code.startswith(("AMB", "COB", "ATT"))}


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
