"""Invented 837P sets that show what is rarer: other payers, equipment, drugs, attachments, every date and number."""

from datetime import date
from decimal import Decimal

from x12_claims import (
    address,
    ambulance_claim,
    billing_provider,
    office_claim,
    patient,
    professional_set,
    service_line,
    subscriber,
)

from edi.x12.sets import t837p

NPI = "1003000126"


def one_claim_set(claim, **more):
    return professional_set([billing_provider([subscriber([claim], **more)])])


def adjustment(group, reason, amount_cents, **more):
    return t837p.Adjustment(group=group, reason=reason, amount_cents=amount_cents, **more)


def person(**more):
    return t837p.Provider(**({"last_name": "ORR", "first_name": "ED", "npi": NPI} | more))


def nameless(*references, **more):
    return t837p.NamelessProvider(
        references=[t837p.Reference(kind=kind, value=value) for kind, value in references], **more
    )


def other_payer(**more):
    """A primary payer who has decided."""
    given = {
        "responsibility": "P",
        "relationship": "18",
        "filing_code": "CI",
        "insured": t837p.OtherInsured(last_name="SAMPLE", first_name="AVERY", member_id="PRM778", address=address()),
        "name": "IMAGINED MUTUAL",
        "identifier": "88801",
    }
    return t837p.OtherPayer(**(given | more))


def decision(paid_cents, adjustments, **more):
    given = {
        "payer_id": "88801",
        "procedure": "A0427",
        "modifiers": ["RH"],
        "units": Decimal(1),
        "adjudication_date": date(2026, 11, 2),
    }
    return t837p.LineAdjudication(**(given | {"paid_cents": paid_cents, "adjustments": adjustments} | more))


def secondary_claim(clm01="CRS000000001", **more):
    """98750 = 65000 paid + 5000 adjusted on the claim + 28750 on its lines; 70000 paid by line − 5000 = 65000."""
    lines = [
        service_line(
            1,
            line_control_number=f"{clm01}L1",
            adjudications=[
                decision(
                    60000,
                    [adjustment("CO", "45", 15000), adjustment("PR", "2", 10000)],
                    remaining_liability_cents=10000,
                )
            ],
        ),
        service_line(
            2,
            procedure="A0425",
            charge_cents=13750,
            units=Decimal("12.5"),
            emergency=False,
            line_control_number=f"{clm01}L2",
            adjudications=[
                decision(
                    10000,
                    [adjustment("CO", "45", 3750, quantity=Decimal("2.5"))],
                    procedure="A0425",
                    units=Decimal("12.5"),
                    bundled_line=1,
                    description="LOADED MILES",
                )
            ],
        ),
    ]
    payer = other_payer(adjustments=[adjustment("PR", "1", 5000)], paid_cents=65000, remaining_liability_cents=15000)
    return ambulance_claim(clm01, **({"lines": lines, "other_payers": [payer]} | more))


def unpaid_claim(clm01="CRS000000002"):
    """A primary that decided and paid nothing, and a secondary that has not decided: AMT*D is 0, and absent."""
    reasons = [adjustment("CO", str(code), 100, quantity=Decimal(1)) for code in (4, 16, 18, 22, 29, 45)]
    lines = [
        service_line(
            1,
            charge_cents=98750,
            line_control_number=f"{clm01}L1",
            adjudications=[decision(0, [*reasons, adjustment("OA", "23", 98150)])],
        )
    ]
    decided = other_payer(
        insurance_type="12",
        paid_cents=0,
        non_covered_cents=98750,
        outpatient=t837p.OutpatientAdjudication(
            reimbursement_rate=Decimal("0.8"),
            payable_cents=0,
            remarks=["MA01", "MA07"],
            renal_disease_cents=0,
            professional_component_cents=1500,
        ),
        adjudication_date=date(2026, 11, 2),
        address=address(),
        references=[t837p.Reference(kind="2U", value="PAY2"), t837p.Reference(kind="FY", value="OFFICE9")],
        prior_authorization="PAO1",
        referral_number="RFO1",
        adjustment_indicator="Y",
        payer_claim_number="ICN900",
        referring=nameless(("G2", "RD1"), person=True),
        primary_care=nameless(("0B", "PC1"), person=True),
        rendering=nameless(("LU", "RN1"), ("1G", "U2")),
        facility=nameless(("LU", "FA1")),
        supervising=nameless(("G2", "SU1"), person=True),
        billing=nameless(("G2", "BI1"), ("LU", "BI2")),
    )
    waiting = other_payer(
        responsibility="S",
        relationship="01",
        group_number="GRP77",
        group_name="SAMPLE WORKS",
        patient_signature_code="P",
        benefits_assigned="N",
        release_code="I",
        insured=t837p.OtherInsured(
            name="SAMPLE WORKS", member_id="EMP1", member_id_kind="II", social_security_number="900000017"
        ),
        name="FABLED LIFE",
        identifier="88802",
        identifier_kind="XV",
    )
    return ambulance_claim(clm01, lines=lines, other_payers=[decided, waiting])


def attachments():
    return [
        t837p.Attachment(report_type="OZ", transmission="AA"),
        t837p.Attachment(report_type="B3", transmission="EL", control_number="ATT0001"),
        t837p.Attachment(report_type="AM", transmission="FX", control_number="ATT0002"),
    ]


def two_legs_claim(clm01="CRT000000001"):
    """A second trip whose distance, reason and ends differ from the claim's."""
    home = t837p.DropOff(name="ORCHARD REST", address=address(line1="9 PEAR LANE"))
    back = service_line(
        3,
        charge_cents=40000,
        modifiers=["HR"],
        line_control_number=f"{clm01}L3",
        ambulance=t837p.AmbulanceTransport(
            weight_lb=154, reason="D", miles=Decimal(3), round_trip_purpose="BACK AFTER SCAN"
        ),
        conditions=[t837p.Condition(applies=True, codes=["12"]), t837p.Condition(applies=False, codes=["06", "08"])],
        pick_up=address(line1="1 HOSPITAL DRIVE"),
        drop_off=home,
    )
    claim = ambulance_claim(clm01, charge_cents=138750)
    claim.lines.append(back)
    return claim


def drug_claim(clm01="CRM000000001"):
    drug = service_line(
        1,
        procedure="J3490",
        modifiers=[],
        description="COMPOUNDED INFUSION",
        charge_cents=6000,
        units=Decimal(2),
        emergency=False,
        ndc="00409379501",
        ndc_units=Decimal("1.5"),
        ndc_unit="ML",
        prescription_number="RX1001",
        line_control_number=f"{clm01}L1",
        prescription_date=date(2026, 10, 28),
        purchased_service=t837p.PurchasedService(provider_id="PSP1", charge_cents=2500),
        purchased_from=nameless(("G2", "QB1"), npi=NPI),
    )
    compound = service_line(
        2,
        procedure="J7999",
        modifiers=["KX"],
        description="COMPOUNDED OINTMENT",
        charge_cents=4000,
        emergency=False,
        procedure_qualifier="IV",
        ndc="012345678905",
        ndc_qualifier="UK",
        ndc_units=Decimal(1),
        ndc_unit="UN",
        prescription_kind="VY",
        prescription_number="LINK7",
        line_control_number=f"{clm01}L2",
    )
    return office_claim(clm01, charge_cents=10000, lines=[drug, compound])


def equipment_claim(clm01="CRQ000000001"):
    line = service_line(
        1,
        procedure="E1390",
        modifiers=["RR"],
        charge_cents=21000,
        emergency=False,
        line_control_number=f"{clm01}L1",
        equipment=t837p.Equipment(
            procedure="E1390", days=Decimal(30), rental_cents=21000, purchase_cents=250000, frequency="4"
        ),
        attachments=attachments(),
        certificate_transmission="AF",
        certification=t837p.EquipmentCertification(kind="I", months=Decimal(12)),
        hospice_employee=False,
        equipment_condition=t837p.Condition(applies=True, codes=["38", "ZV"]),
        certification_revision_date=date(2026, 10, 2),
        therapy_begin_date=date(2026, 10, 1),
        last_certification_date=date(2026, 9, 30),
        measurements=[
            t837p.Measurement(reference="TR", qualifier="R2", value=Decimal("36.5")),
            t837p.Measurement(reference="OG", qualifier="HT", value=Decimal(70)),
        ],
        ordering=person(
            secondary_id="ORD1",
            references=[t837p.Reference(kind="G2", value="ORD2", payer_id="88801")],
            address=address(),
            contact=t837p.Contact(name="ED ORR", numbers=[("TE", "5555550111"), ("EX", "4"), ("FX", "5555550112")]),
        ),
        forms=[
            t837p.FormAnswers(
                kind="UT",
                identifier="484.03",
                answers=[
                    t837p.FormAnswer(question="1A", text="56"),
                    t837p.FormAnswer(question="1C", answer_date=date(2026, 9, 28)),
                    t837p.FormAnswer(question="4", answer="Y"),
                    t837p.FormAnswer(question="5", percentage=Decimal("2.5")),
                ],
            ),
            t837p.FormAnswers(kind="AS", identifier="A1", answers=[t837p.FormAnswer(question="2", answer="N")]),
        ],
    )
    return office_claim(clm01, charge_cents=21000, place_of_service="12", lines=[line])


def anesthesia_claim(clm01="CRN000000001"):
    line = service_line(
        1,
        procedure="00567",
        modifiers=["AA"],
        unit="MJ",
        units=Decimal(95),
        charge_cents=120000,
        emergency=False,
        obstetric_units=Decimal(2),
        line_control_number=f"{clm01}L1",
    )
    return office_claim(
        clm01,
        charge_cents=120000,
        place_of_service="21",
        anesthesia_procedures=["33510", "33511"],
        condition_codes=[f"{code:02d}" for code in range(2, 16)],
        lines=[line],
    )


def pricing(**more):
    given = {
        "methodology": "02",
        "allowed_cents": 20000,
        "saving_cents": 5500,
        "organization": "REPRICER7",
        "rate": Decimal("0.75"),
        "patient_group": "GRP1",
        "patient_group_cents": 20000,
        "reject_reason": "T3",
        "compliance": "2",
        "exception": "4",
    }
    return t837p.Pricing(**(given | more))


CONTRACT = t837p.Contract(
    kind="02", amount_cents=25000, percentage=Decimal("80.5"), code="CTR1", discount_percentage=Decimal(2), version="V3"
)
DAY = date(2026, 10, 3)


def every_number_claim(clm01="CRE000000001"):
    """Every date, number and code that a claim and a line can carry beside those of other shapes."""
    line = service_line(
        1,
        procedure="99213",
        modifiers=["25", "59", "GT", "KX"],
        description="OFFICE VISIT",
        charge_cents=25500,
        place_of_service="22",
        pointers=[1, 2, 3, 1],
        epsdt=True,
        family_planning=True,
        copay_exempt=True,
        line_control_number=f"{clm01}L1",
        service_date_to=date(2026, 10, 31),
        prescription_date=DAY,
        certification_revision_date=DAY,
        therapy_begin_date=DAY,
        last_certification_date=DAY,
        last_seen_date=DAY,
        hemoglobin_test_date=DAY,
        creatinine_test_date=DAY,
        shipped_date=DAY,
        last_xray_date=DAY,
        initial_treatment_date=DAY,
        contract=CONTRACT,
        repriced_number="RPL1",
        adjusted_repriced_number="ARL1",
        prior_authorization="PAL1",
        further_authorizations=[t837p.Reference(kind="G1", value="PAL2", payer_id="88801")],
        mammography_certification="MCL1",
        clia="12D3456789",
        referring_clia="12D3456780",
        immunization_batch="LOT9",
        referral_number="RFL1",
        further_referrals=[t837p.Reference(kind="9F", value="RFL2", payer_id="88802")],
        sales_tax_cents=120,
        postage_cents=75,
        fixed_format=["FIXED FORMAT LINE"],
        note="GOALS",
        note_code="DCP",
        third_party_note="FOR THE OTHER PAYER",
        pricing=pricing(procedure_qualifier="HC", procedure="99212", unit="UN", units=Decimal(1)),
        rendering=person(taxonomy="207Q00000X", references=[t837p.Reference(kind="0B", value="LIC1")]),
        facility=t837p.Facility(
            name="ORCHARD ANNEX",
            npi=NPI,
            address=address(),
            references=[t837p.Reference(kind="G2", value="FAC2", payer_id="88801")],
        ),
        supervising=person(secondary_id="SUP1"),
        referring=person(references=[t837p.Reference(kind="1G", value="UPIN1")]),
        primary_care=person(last_name="PRIME"),
    )
    return office_claim(
        clm01,
        signature_on_file=False,
        assignment_code="C",
        benefits_assigned="N",
        release_code="I",
        special_program="05",
        patient_signature_code="P",
        related_causes=["AA", "OA"],
        accident_state="OH",
        accident_country="US",
        initial_treatment_date=DAY,
        last_seen_date=DAY,
        acute_manifestation_date=DAY,
        accident_date=DAY,
        last_menstrual_date=DAY,
        last_xray_date=DAY,
        prescription_date=DAY,
        disability_start=DAY,
        disability_end=date(2026, 10, 20),
        last_worked_date=DAY,
        return_to_work_date=DAY,
        admission_date=DAY,
        discharge_date=DAY,
        care_assumed_date=DAY,
        care_relinquished_date=DAY,
        first_contact_date=DAY,
        repricer_received_date=DAY,
        attachments=attachments(),
        contract=CONTRACT,
        patient_paid_cents=0,
        authorization_exception="3",
        medicare_crossover="N",
        mammography_certification="MC1",
        referral_number="RF1",
        prior_authorization="PA1",
        payer_claim_number="ICN1",
        clia="12D3456789",
        repriced_number="RP1",
        adjusted_repriced_number="AR1",
        investigational_device="IDE1",
        clearinghouse_claim_id="D900",
        medical_record_number="MRN1",
        demonstration_project="DP1",
        care_plan_oversight="CPO1",
        frequency="7",
        fixed_format=["FIRST FIXED FORMAT", "SECOND FIXED FORMAT"],
        note="DIAGNOSIS IN WORDS",
        note_code="DGN",
        spinal=t837p.SpinalManipulation(condition="A", description="LOW BACK", further_description="SINCE MAY"),
        vision_conditions=[
            t837p.VisionCondition(category="E1", codes=["L1"]),
            t837p.VisionCondition(category="E3", applies=False, codes=["L2", "L4"]),
        ],
        homebound=True,
        epsdt_referral=t837p.Condition(applies=True, codes=["AV", "S2"]),
        pricing=pricing(),
        referring=person(secondary_id="REF1", references=[t837p.Reference(kind="0B", value="LIC7")]),
        primary_care=person(last_name="PRIME"),
        facility=t837p.Facility(
            name="ORCHARD CLINIC",
            npi=NPI,
            address=address(),
            references=[t837p.Reference(kind="0B", value="LIC8"), t837p.Reference(kind="LU", value="LOC1")],
            contact=t837p.Contact(name="FRONT DESK", numbers=[("TE", "5555550120"), ("EX", "12")]),
        ),
        lines=[line],
    )


def pay_to_plan_set():
    """A plan that has paid and wants the money back, billing in the provider's place."""
    plan = t837p.PayToPlan(
        name="INVENTED RECOVERY PLAN",
        identifier="77001",
        address=address(line1="4 LEDGER SQUARE"),
        secondary=t837p.Reference(kind="NF", value="N1001"),
        tax_id="987654321",
    )
    provider = billing_provider(
        [subscriber([ambulance_claim("CRP1")])],
        currency="USD",
        references=[t837p.Reference(kind="0B", value="LIC3"), t837p.Reference(kind="1G", value="UP3")],
        phone_extension="77",
        email="DESK(AT)RIVERBEND.EXAMPLE",
        contacts=[t837p.Contact(name="NIGHT DESK", numbers=[("EM", "NIGHT(AT)RIVERBEND.EXAMPLE")])],
        pay_to=address(line1="PO BOX 7"),
        pay_to_plan=plan,
    )
    submitter = t837p.Submitter(
        name="DOE",
        first_name="PAT",
        middle_name="Q",
        identifier="RB001",
        contacts=[t837p.Contact(name="PAT DOE", numbers=[("ED", "EDI777"), ("TE", "5555550100")])],
    )
    return professional_set([provider], kind="31", submitter=submitter)


def people_set():
    """A newborn, a subscriber who died, and every number that they and their payer can have."""
    newborn = patient(
        [ambulance_claim("CRF1")],
        weight_lb=Decimal("7.5"),
        property_casualty_number="PC7",
        secondary_id="PID7",
        contact=t837p.Contact(name="PARENT", numbers=[("TE", "5555550130")]),
    )
    payer = t837p.Payer(
        name="INVENTED HEALTH PLAN",
        identifier="99998",
        identifier_kind="XV",
        address=address(country="CA", state=None, zip="K1A0B1", subdivision="ON"),
        secondary_id="PAYER2",
        references=[t837p.Reference(kind="EI", value="123456780"), t837p.Reference(kind="FY", value="OFFICE1")],
        billing_provider_id="KNOWN1",
        provider_references=[t837p.Reference(kind="LU", value="LOC1")],
    )
    who = subscriber(
        [ambulance_claim("CRF2", icd_version=9, diagnoses=["78097", "4019"])],
        [newborn],
        death_date=date(2026, 10, 31),
        pregnant=True,
        social_security_number="900000018",
        property_casualty_number="PC6",
        contact=t837p.Contact(name="AVERY SAMPLE", numbers=[("TE", "5555550131"), ("EX", "2")]),
        payer=payer,
    )
    return professional_set([billing_provider([who])])


def further_shapes():
    """Sets of these claims, by the name of what they show."""
    return {
        "secondary": one_claim_set(secondary_claim(), responsibility="S"),
        "secondary unpaid": one_claim_set(unpaid_claim(), responsibility="T"),
        "attachments": one_claim_set(ambulance_claim("CRW1", attachments=attachments())),
        "two legs": one_claim_set(two_legs_claim()),
        "drug": one_claim_set(drug_claim()),
        "equipment": one_claim_set(equipment_claim()),
        "anesthesia": one_claim_set(anesthesia_claim()),
        "every number": one_claim_set(every_number_claim()),
        "pay-to plan": pay_to_plan_set(),
        "people": people_set(),
    }
