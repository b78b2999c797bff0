"""Each rule of institutional claims against an example bent in one place, as `test_rules` does for the others."""

import pytest

from pipeline.domain.edits import INSTITUTIONAL

STAY, ROOM, SURGERY, NURSING = (
    "stay_hip_fracture",
    "emergency_chest_pain",
    "outpatient_hernia_repair",
    "stay_in_nursing_facility",
)
ORGANISATION = {"npi": "1999021029", "name": "Some Group"}
DAYS_OF_LAST_YEAR = [
    (("statement_from",), "2025-11-10"),
    (("statement_to",), "2025-11-19"),
    (("admission_date",), "2025-11-10"),
]
"""A year and a day before the tests' day ends the statement; a day later it would be in time, whenever it began."""

CASES = [
    # code, example, changes, where it is found
    ("INS01", ROOM, [(("facility_type",), "31")], ["facility_type"]),
    ("INS01", ROOM, [(("frequency",), "N")], ["frequency"]),
    ("INS02", ROOM, [(("lines", 5, "revenue_code"), "0120")], ["lines[5].revenue_code"]),
    ("INS03", STAY, [(("admission_source",), None)], ["admission_source"]),
    ("INS03", STAY, [(("admission_date",), "2026-10-10")], ["admission_date"]),
    ("INS03", ROOM, [(("admission_time",), "10:30")], ["admission_time"]),
    ("INS04", ROOM, [(("admission_type",), "8")], ["admission_type"]),
    ("INS04", ROOM, [(("patient_status",), "1")], ["patient_status"]),
    ("INS05", STAY, [(("patient_status",), "30")], ["patient_status"]),
    ("INS05", NURSING, [(("patient_status",), "01")], ["patient_status"]),
    ("INS06", STAY, [(("discharge_time",), None)], ["discharge_time"]),
    ("INS07", SURGERY, [(("lines", 5, "service_date"), None)], ["lines[5].service_date"]),
    ("INS07", SURGERY, [(("lines", 4, "service_date_to"), "2026-10-16")], ["lines[4].service_date"]),
    ("INS07", NURSING, [(("statement_to",), "2026-09-20"), (("admission_date",), "2026-09-20")], ["statement_to"]),
    ("INS08", ROOM, [(("attending",), None)], ["attending"]),
    ("INS09", STAY, [(("operating",), ORGANISATION)], ["operating"]),
    ("INS09", STAY, [(("operating", "taxonomy"), "208600000X")], ["operating.taxonomy"]),
    ("INS10", ROOM, [(("other_operating",), {**ORGANISATION, "name": None, "last_name": "A", "first_name": "B"})], ["operating"]),
    ("INS11", STAY, [(("operating",), None)], ["operating"]),
    ("INS13", ROOM, [(("payer", "insurance_type"), "12")], ["payer.insurance_type"]),
    ("INS13", ROOM, [(("accident_state",), "Texas")], ["accident_state"]),
    ("INS20", STAY, [(("other_diagnoses", 0, "code"), "I1")], ["other_diagnoses[0].code"]),
    ("INS20", STAY, [(("principal_diagnosis", "code"), "W19.XXXA")], ["principal_diagnosis.code"]),
    ("INS20", STAY, [(("external_causes", 0, "code"), "S72.001A")], ["external_causes[0].code"]),
    ("INS21", STAY, [(("other_diagnoses", 0, "code"), "S72001A")], ["other_diagnoses[0].code"]),
    ("INS22", ROOM, [(("visit_reasons",), ["R07.9", "R06.02", "R42", "R51.9"])], ["visit_reasons"]),
    ("INS23", STAY, [(("other_diagnoses", 0, "present_on_admission"), "1")], ["other_diagnoses[0].present_on_admission"]),
    ("INS23", ROOM, [(("principal_diagnosis", "present_on_admission"), "Y")], ["principal_diagnosis.present_on_admission"]),
    ("INS24", STAY, [(("other_diagnoses", 1, "present_on_admission"), None)], ["other_diagnoses[1].present_on_admission"]),
    ("INS25", STAY, [(("admitting_diagnosis",), None)], ["admitting_diagnosis"]),
    ("INS26", ROOM, [(("visit_reasons",), None)], ["visit_reasons"]),
    ("INS27", STAY, [(("principal_procedure", "code"), "0QS6O4Z")], ["principal_procedure.code"]),
    ("INS27", STAY, [(("principal_procedure", "performed_on"), "2026-10-10")], ["principal_procedure.performed_on"]),
    ("INS27", ROOM, [(("other_procedures",), [{"code": "0QS604Z", "performed_on": "2026-10-12"}])], ["principal_procedure"]),
    ("INS28", STAY, [(("drg",), "48")], ["drg"]),
    ("INS29", STAY, [(("condition_codes",), ["09", "9"])], ["condition_codes[1]"]),
    ("INS29", STAY, [(("condition_codes",), ["09", "09"])], ["condition_codes[1]"]),
    ("INS29", NURSING, [(("occurrence_spans", 0, "last"), "2026-09-13")], ["occurrence_spans[0].last"]),
    ("INS30", NURSING, [(("value_amounts", 1, "amount_cents"), 200)], ["value_amounts[1]"]),
    ("INS30", ROOM, [(("value_amounts",), [{"code": "A2", "amount_cents": -1}])], ["value_amounts[0]"]),
    ("INS30", ROOM, [(("value_amounts",), [{"code": "80", "count": "1.5"}])], ["value_amounts[0]"]),
    ("INS31", ROOM, [(("lines", 5, "revenue_code"), "250")], ["lines[5].revenue_code"]),
    ("INS31", ROOM, [(("lines", 5, "revenue_code"), "0001")], ["lines[5].revenue_code"]),
    ("INS31", ROOM, [(("lines", 5, "unit"), "MJ")], ["lines[5].unit"]),
    ("INS32", ROOM, [(("lines", 1, "procedure"), None)], ["lines[1].procedure"]),
    ("INS32", STAY, [(("lines", 6, "modifiers"), ["GP"])], ["lines[6].procedure"]),
    ("INS33", NURSING, [(("lines", 1, "non_covered_cents"), 31_001)], ["lines[1].non_covered_cents"]),
    ("INS33", ROOM, [(("patient_due_cents",), -1)], ["patient_due_cents"]),
    ("INS34", STAY, [(("lines", 0, "units"), 5)], ["value_amounts"]),
    # of the rules of all claims, at places that only these have
    ("IDN01", STAY, [(("attending", "npi"), "1999021010")], ["attending.npi"]),
    ("IDN10", STAY, [(("frequency",), "8")], ["payer_claim_number"]),
    ("DAT01", STAY, [(("occurrences", 0, "on"), "2026-11-21")], ["occurrences[0].on"]),
    ("DAT07", NURSING, [(("payer", "filing_code"), "MA"), *DAYS_OF_LAST_YEAR], ["delay_reason"]),
    ("COD06", ROOM, [(("lines", 0, "procedure"), "9928")], ["lines[0].procedure"]),
    ("MON02", STAY, [(("charge_cents",), 1)], ["charge_cents"]),
    ("TXT02", ROOM, [(("note",), "x" * 81)], ["note"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "example", "changes", "paths"), CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)]
)
def test_a_rule_finds_its_place_and_no_other_rule_speaks(code, example, changes, paths, bent, found):
    problems = found(bent(example, *changes))
    assert [(problem.code, problem.path) for problem in problems] == [(code, path) for path in paths]


def test_every_rule_has_a_case():
    assert {case[0] for case in CASES} | {"INS12"} >= {rule.code for rule in INSTITUTIONAL}


def test_a_person_cannot_bill_as_an_institution(bent, found, example_provider):
    person = {"name": None, "last_name": "Marrow", "first_name": "Edda", "tax_id_kind": "SY"}
    problems = found(bent(ROOM), provider=example_provider.model_copy(update=person))
    assert [(problem.code, problem.path) for problem in problems] == [
        ("INS12", "billing_provider.name"),
        ("INS12", "billing_provider.tax_id_kind"),
    ]


def test_of_a_statement_the_last_day_counts_for_the_filing_limit(bent, found):
    changes = [(("payer", "filing_code"), "MA"), *DAYS_OF_LAST_YEAR, (("statement_to",), "2025-11-20")]
    assert found(bent(NURSING, *changes)) == []


def test_a_bill_of_transport_alone_needs_nobody_in_charge(bent, found):
    rides = [
        {"revenue_code": "0540", "procedure": code, "charge_cents": cents, "units": 8, "service_date": "2026-10-12"}
        for code, cents in (("A0428", 90_000), ("A0425", 12_000))
    ]
    changes = [(("lines",), rides), (("charge_cents",), 102_000), (("attending",), None), (("patient_paid_cents",), 0)]
    assert found(bent(ROOM, *changes)) == []
