"""Invented 837I values, from a single claim to whole sets of every shape."""

from datetime import date, time
from decimal import Decimal

from x12_claims import WHEN, address

from edi.x12.sets import t837i

NPI = "1003000126"


def doctor(last="ORR", first="ED", **more):
    return t837i.Provider(**({"last_name": last, "first_name": first, "npi": NPI} | more))


def known_as(kind, value, **more):
    return t837i.NamelessProvider(references=[t837i.Reference(kind=kind, value=value)], **more)


def diagnosis(code, on_admission=None):
    return t837i.Diagnosis(code=code, on_admission=on_admission)


def hospital_line(number=1, **more):
    """A day in a room of two."""
    given = {"number": number, "revenue_code": "0120", "charge_cents": 150000, "unit": "DA", "units": Decimal(1)}
    return t837i.ServiceLine(**(given | more))


def stay(clm01="IP1", **more):
    """A stay of three days with an operation: 6500 = 3 x 1500 + 1200 + 800."""
    given = {
        "patient_control_number": clm01,
        "charge_cents": 650000,
        "facility_code": "11",
        "discharge_time": time(14, 30),
        "statement_from": date(2026, 10, 20),
        "statement_to": date(2026, 10, 23),
        "admission_date": date(2026, 10, 20),
        "admission_time": time(7, 5),
        "admission_type": "3",
        "admission_source": "1",
        "patient_status": "01",
        "medical_record_number": "MRN20",
        "principal_diagnosis": diagnosis("K8010", "Y"),
        "admitting_diagnosis": "R1011",
        "drg": "418",
        "other_diagnoses": [diagnosis("E119", "Y"), diagnosis("T8149XA", "N"), diagnosis("Z7984")],
        "principal_procedure": t837i.Procedure(code="0FT44ZZ", on=date(2026, 10, 21)),
        "other_procedures": [t837i.Procedure(code="BF101ZZ", on=date(2026, 10, 20))],
        "occurrences": [t837i.Occurrence(code="11", on=date(2026, 10, 18))],
        "value_amounts": [t837i.ValueAmount(code="80", amount_cents=300)],
        "condition_codes": ["C1"],
        "attending": doctor("ABLE", "NORA", taxonomy="208M00000X"),
        "operating": doctor("STONE", "MAE"),
        "lines": [
            hospital_line(1, charge_cents=450000, units=Decimal(3), line_control_number=f"{clm01}L1"),
            hospital_line(
                2, revenue_code="0360", charge_cents=120000, unit="UN", service_date=date(2026, 10, 21),
                line_control_number=f"{clm01}L2",
            ),
            hospital_line(
                3, revenue_code="0250", charge_cents=80000, unit="UN", units=Decimal(12), non_covered_cents=5000,
                line_control_number=f"{clm01}L3",
            ),
        ],
    }  # fmt: skip
    return t837i.InstitutionalClaim(**(given | more))


def visit(clm01="OP1", **more):
    """An hour in the emergency department: 725 = 480 + 245."""
    given = {
        "patient_control_number": clm01,
        "charge_cents": 72500,
        "facility_code": "13",
        "statement_from": date(2026, 10, 30),
        "statement_to": date(2026, 10, 30),
        "admission_type": "1",
        "patient_status": "01",
        "principal_diagnosis": diagnosis("S52501A"),
        "visit_reasons": ["M25531"],
        "external_causes": [diagnosis("W010XXA"), diagnosis("Y92480")],
        "attending": doctor("BAKER", "LEO"),
        "lines": [
            hospital_line(
                1, revenue_code="0450", procedure="99283", modifiers=["25"], charge_cents=48000, unit="UN",
                service_date=date(2026, 10, 30), line_control_number=f"{clm01}L1",
            ),
            hospital_line(
                2, revenue_code="0320", procedure="73110", modifiers=["RT"], charge_cents=24500, unit="UN",
                service_date=date(2026, 10, 30), line_control_number=f"{clm01}L2",
            ),
        ],
    }  # fmt: skip
    return t837i.InstitutionalClaim(**(given | more))


def adjustment(group, reason, amount_cents, **more):
    return t837i.Adjustment(group=group, reason=reason, amount_cents=amount_cents, **more)


def first_payer(**more):
    given = {
        "responsibility": "P",
        "relationship": "18",
        "filing_code": "MA",
        "insured": t837i.OtherInsured(last_name="SAMPLE", first_name="AVERY", member_id="PRM778"),
        "name": "IMAGINED MUTUAL",
        "identifier": "88801",
        "adjudication_date": date(2026, 11, 1),
    }
    return t837i.OtherPayer(**(given | more))


def judged_stay():
    """650000 = 420000 paid + 166800 written off + 63200 left to the patient."""
    payer = first_payer(
        paid_cents=420000,
        remaining_liability_cents=63200,
        adjustments=[adjustment("CO", "45", 166800), adjustment("PR", "1", 63200)],
        inpatient=t837i.InpatientAdjudication(covered_days=Decimal(3), drg_cents=420000, remark="MA07"),
        payer_claim_number="PCN77",
    )
    return stay("IPS1", other_payers=[payer])


def judged_visit():
    """72500 = 31000 paid + 33500 written off + 8000 left to the patient, told line by line."""
    claim = visit("OPS1")
    day = date(2026, 11, 1)
    claim.lines[0].adjudications = [
        t837i.LineAdjudication(
            payer_id="88801", paid_cents=20000, procedure="99283", modifiers=["25"], revenue_code="0450",
            units=Decimal(1), adjustments=[adjustment("CO", "45", 23000), adjustment("PR", "2", 5000)],
            adjudication_date=day, remaining_liability_cents=5000,
        )
    ]  # fmt: skip
    claim.lines[1].adjudications = [
        t837i.LineAdjudication(
            payer_id="88801", paid_cents=11000, procedure="73110", modifiers=["RT"], revenue_code="0320",
            units=Decimal(1), bundled_line=1, description="X-RAY OF WRIST", adjudication_date=day,
            adjustments=[adjustment("CO", "45", 10500, quantity=Decimal(1)), adjustment("PR", "2", 3000)],
        )
    ]  # fmt: skip
    outpatient = t837i.OutpatientAdjudication(reimbursement_rate=Decimal("0.8"), payable_cents=31000, remarks=["MA01"])
    claim.other_payers = [
        first_payer(paid_cents=31000, filing_code="MB", outpatient=outpatient, adjudication_date=None)
    ]
    return claim


def nursing_claim():
    """The last of several bills of a nursing home, with the case-mix code that it is paid by."""
    return stay(
        "SNF1",
        charge_cents=450000,
        facility_code="21",
        frequency="4",
        discharge_time=None,
        admission_time=None,
        admission_date=date(2026, 9, 2),
        patient_status="06",
        principal_diagnosis=diagnosis("I69351"),
        other_diagnoses=[],
        drg=None,
        principal_procedure=None,
        other_procedures=[],
        operating=None,
        occurrence_spans=[t837i.OccurrenceSpan(code="70", first=date(2026, 8, 25), last=date(2026, 9, 2))],
        value_amounts=[t837i.ValueAmount(code="80", amount_cents=300), t837i.ValueAmount(code="50", amount_cents=1200)],
        lines=[
            hospital_line(
                1, revenue_code="0022", procedure="PAXD1", procedure_qualifier="HP", unit="UN", charge_cents=0
            ),
            hospital_line(2, charge_cents=450000, units=Decimal(3)),
        ],
    )


def drug_claim():
    return visit(
        "DRG1",
        charge_cents=9000,
        admission_type="3",
        visit_reasons=[],
        external_causes=[],
        lines=[
            hospital_line(
                revenue_code="0636", procedure="J1885", charge_cents=9000, unit="UN", units=Decimal(2),
                service_date=date(2026, 10, 30), ndc="00409379501", ndc_units=Decimal("1.5"), ndc_unit="ML",
                prescription_number="RX9", prescription_kind="VY",
            )
        ],
    )  # fmt: skip


def every_fact_claim():
    """Everything that a claim and its lines can tell, whether it makes sense together or not."""
    pricing = {
        "methodology": "01", "allowed_cents": 500000, "saving_cents": 150000, "organization": "RP55",
        "rate": Decimal("12.5"), "patient_group": "PG1", "patient_group_cents": 400000, "revenue_code": "0120",
        "unit": "DA", "units": Decimal(3), "reject_reason": "T1", "compliance": "1", "exception": "1",
    }  # fmt: skip
    numbers = [t837i.Reference(kind="0B", value="LIC1"), t837i.Reference(kind="LU", value="LOC1")]
    payer = first_payer(
        responsibility="S",
        group_number="G7",
        group_name="WORKS",
        paid_cents=0,
        non_covered_cents=650000,
        benefits_assigned="N",
        release_code="I",
        inpatient=t837i.InpatientAdjudication(
            covered_days=Decimal(0),
            psychiatric_days=Decimal(1),
            **{
                name: 100 + at
                for at, name in enumerate(
                    (
                        "drg_cents", "disproportionate_share_cents", "pass_through_cents", "capital_cents",
                        "capital_federal_cents", "capital_hospital_cents", "capital_disproportionate_cents",
                        "old_capital_cents", "capital_teaching_cents", "operating_hospital_cents",
                        "operating_federal_cents", "capital_outlier_cents", "indirect_teaching_cents",
                        "professional_component_cents", "capital_exception_cents",
                    )
                )
            },
            cost_report_days=Decimal(2),
            remark="MA07",
            second_remark="MA01",
            third_remark="N1",
            fourth_remark="N2",
            fifth_remark="N3",
        ),
        outpatient=t837i.OutpatientAdjudication(renal_disease_cents=1, professional_component_cents=2),
        insured=t837i.OtherInsured(
            name="WORKS OF NOWHERE", member_id="W1", member_id_kind="II", address=address(),
            social_security_number="900000017",
        ),
        identifier_kind="XV",
        address=address(),
        references=[t837i.Reference(kind="2U", value="SEC1")],
        prior_authorization="OPA1",
        referral_number="OPR1",
        adjustment_indicator="Y",
        attending=known_as("0B", "A1", person=True),
        operating=known_as("1G", "O1", person=True),
        other_operating=known_as("G2", "P1", person=True),
        facility=known_as("LU", "F1"),
        rendering=known_as("0B", "R1", person=True),
        referring=known_as("1G", "D1", person=True),
        billing=known_as("G2", "B1"),
    )  # fmt: skip
    first = hospital_line(
        1, revenue_code="0450", procedure="99283", modifiers=["25", "RT"], description="EMERGENCY VISIT",
        charge_cents=650000, unit="UN", non_covered_cents=0, service_date=date(2026, 10, 20),
        service_date_to=date(2026, 10, 21), line_control_number="EV1L1", repriced_number="RL1",
        adjusted_repriced_number="RL2", service_tax_cents=100, facility_tax_cents=200, third_party_note="ASK PLAN",
        attachments=[t837i.Attachment(report_type="OZ", transmission="AA")],
        pricing=t837i.InstitutionalPricing(**(pricing | {"procedure_qualifier": "HC", "procedure": "99283"})),
        adjudications=[
            t837i.LineAdjudication(
                payer_id="88801", paid_cents=0, procedure="PAXD1", procedure_qualifier="HP", revenue_code="0022",
                units=Decimal(1), adjustments=[adjustment("OA", "23", 650000)], adjudication_date=date(2026, 11, 1),
            )
        ],
        operating=doctor(secondary_id="LOP", references=[t837i.Reference(kind="G2", value="Q1", payer_id="88801")]),
        other_operating=doctor("POE", "KIT"), rendering=doctor("RAY", "FIN"), referring=doctor("LOW", "IDA"),
    )  # fmt: skip
    return stay(
        "EV1",
        assignment_code="B",
        benefits_assigned="W",
        release_code="I",
        delay_reason="3",
        repricer_received_date=date(2026, 10, 28),
        attachments=[t837i.Attachment(report_type="B3", transmission="EL", control_number="ATT1")],
        contract=t837i.Contract(
            kind="01", amount_cents=1, percentage=Decimal(5), code="C", discount_percentage=Decimal(2), version="V1"
        ),
        patient_due_cents=12000,
        authorization_exception="1",
        referral_number="RF1",
        prior_authorization="PA1",
        repriced_number="RP1",
        adjusted_repriced_number="RP2",
        investigational_devices=["IDE1", "IDE2"],
        clearinghouse_claim_id="D9",
        accident_state="OH",
        demonstration_project="DP1",
        peer_review_authorization="PRO1",
        fixed_format=["FIXED"],
        notes=[t837i.Note(kind="MED", text="INSULIN"), t837i.Note(kind="ALG", text="LATEX")],
        billing_note="SECOND STAY THIS YEAR",
        epsdt_referral=t837i.Condition(applies=True, codes=["AV", "ST"]),
        visit_reasons=["R1011"],
        external_causes=[diagnosis("Y838", "W")],
        other_diagnoses=[diagnosis(f"Z{number}") for number in range(800, 824)],
        occurrence_spans=[t837i.OccurrenceSpan(code="71", first=date(2026, 9, 1), last=date(2026, 9, 4))],
        condition_codes=[f"{number:02d}" for number in range(20, 33)],
        treatment_codes=["A01"],
        pricing=t837i.InstitutionalPricing(**pricing),
        other_operating=doctor("POE", "KIT"),
        rendering=doctor("RAY", "FIN", middle_name="Q", suffix="JR", secondary_id="COM1", references=numbers),
        facility=t837i.Facility(name="NORTH WING", npi=NPI, address=address(line2="FLOOR 2"), references=numbers),
        referring=doctor("LOW", "IDA"),
        other_payers=[payer],
        lines=[first],
    )


def insured(claims=(), patients=(), **more):
    itself = bool(claims)
    given = {
        "relationship": "18" if itself else None,
        "filing_code": "MA",
        "last_name": "SAMPLE",
        "first_name": "AVERY",
        "member_id": "ZZT00012345",
        "payer": t837i.Payer(name="INVENTED HEALTH PLAN", identifier="99998"),
        "claims": list(claims),
        "patients": list(patients),
    }
    if itself:
        given |= {"address": address(), "birth_date": date(1951, 2, 28), "sex": "F"}
    return t837i.Subscriber(**(given | more))


def dependent(claims, **more):
    given = {
        "relationship": "19",
        "last_name": "SAMPLE",
        "first_name": "ROBIN",
        "address": address(),
        "birth_date": date(2015, 6, 1),
        "sex": "M",
        "claims": list(claims),
    }
    return t837i.Patient(**(given | more))


def hospital(subscribers, **more):
    given = {
        "name": "RIVERBEND HOSPITAL",
        "npi": NPI,
        "taxonomy": "282N00000X",
        "tax_id": "123456789",
        "address": address(),
        "subscribers": list(subscribers),
    }
    return t837i.BillingProvider(**(given | more))


def institutional_set(*hospitals, **more):
    given = {
        "reference": "000000101-0001",
        "when": WHEN,
        "submitter": t837i.Submitter(
            name="RIVERBEND BILLING", identifier="RB001", contact_name="PAT DOE", phone="5555550100"
        ),
        "receiver": t837i.Receiver(name="EXAMPLE CLEARINGHOUSE", identifier="330897513"),
        "billing": list(hospitals),
    }
    return t837i.InstitutionalSet(**(given | more))


def of_claims(*claims, **more):
    return institutional_set(hospital([insured(claims, **more)]))


def shapes_837i():
    """Every shape of claim set by name."""
    plan = t837i.PayToPlan(
        name="RECOVERING PLAN", identifier="77701", identifier_kind="XV", address=address(), tax_id="987654321",
        secondary=t837i.Reference(kind="2U", value="PL2"),
    )  # fmt: skip
    payer = t837i.Payer(
        name="INVENTED HEALTH PLAN", identifier="99998", identifier_kind="XV", address=address(), secondary_id="SEC9",
        references=[t837i.Reference(kind="FY", value="FY1")], billing_provider_id="BP9",
    )  # fmt: skip
    patient = dependent(
        [visit("EV2")], middle_name="L", suffix="II", property_casualty_number="PC2", secondary_id="900000025",
        secondary_id_kind="SY",
    )  # fmt: skip
    someone = insured(
        [every_fact_claim()], responsibility="T", group_number="G1", group_name="GROUP", middle_name="J", suffix="SR",
        social_security_number="900000017", property_casualty_number="PC1", member_id_kind="II", payer=payer,
    )  # fmt: skip
    firm = insured(patients=[patient], name="WORKS OF NOWHERE", last_name=None, first_name=None)
    everybody = hospital(
        [someone, firm],
        currency="CAD", contact_name="DESK", phone="5555550101", phone_extension="7", email="A(AT)B.C", pay_to=address(line1="PO BOX 7"), pay_to_plan=plan,
        contacts=[t837i.Contact(name="NIGHT", numbers=[("TE", "5555550103")])],
    )  # fmt: skip
    writer = t837i.Submitter(
        name="CAREY",
        first_name="MO",
        middle_name="R",
        identifier="RB002",
        fax="5555550102",
        contacts=[t837i.Contact(name="DAY", numbers=[("EM", "DAY(AT)B.C")])],
    )
    still = {
        "frequency": "2",
        "patient_status": "30",
        "discharge_time": None,
        "icd_version": 9,
        "principal_diagnosis": diagnosis("57400", "Y"),
        "admitting_diagnosis": "78901",
        "other_diagnoses": [],
        "principal_procedure": t837i.Procedure(code="5123", on=date(2026, 10, 21)),
        "other_procedures": [],
    }
    return {
        "inpatient": of_claims(stay()),
        "outpatient": of_claims(visit()),
        "dependent": institutional_set(hospital([insured(patients=[dependent([visit("OPD1"), stay("IPD1")])])])),
        "interim": of_claims(stay("IPF1", **still)),
        "replacement": of_claims(visit("OPR1", frequency="7", payer_claim_number="PCN0099")),
        "skilled nursing": of_claims(nursing_claim()),
        "second payer of a stay": of_claims(judged_stay(), responsibility="S", filing_code="CI"),
        "second payer of a visit": of_claims(judged_visit(), responsibility="S", filing_code="CI"),
        "drug": institutional_set(hospital([insured([drug_claim()])], contact_name="DESK", fax="5555550102")),
        "everything": institutional_set(everybody, kind="RP", purpose="18", submitter=writer),
    }
