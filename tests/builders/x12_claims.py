"""Invented 837P values, from a single claim to whole sets of every shape."""

from datetime import date, datetime
from decimal import Decimal

from edi.x12.sets import t837p

WHEN = datetime(2026, 11, 3, 14, 25, 30)  # noqa: DTZ001 - X12 tells no zone

ADDRESS = {"line1": "12 ORCHARD WAY", "city": "SPRINGFIELD", "state": "OH", "zip": "455031234"}


def address(**more):
    return t837p.Address(**(ADDRESS | more))


def service_line(number=1, **more):
    given = {
        "number": number,
        "procedure": "A0427",
        "modifiers": ["RH"],
        "charge_cents": 85000,
        "units": Decimal(1),
        "pointers": [1],
        "emergency": True,
        "service_date": date(2026, 10, 30),
        "line_control_number": f"CR00000000000{number}L{number}",
    }
    return t837p.ServiceLine(**(given | more))


def ambulance_claim(clm01="CR000000000001", **more):
    given = {
        "patient_control_number": clm01,
        "charge_cents": 98750,
        "place_of_service": "41",
        "patient_paid_cents": 2500,
        "prior_authorization": "PA77120",
        "note": "PATIENT FOUND ON FLOOR, ALERT",
        "ambulance": t837p.AmbulanceTransport(
            weight_lb=154, reason="A", miles=Decimal("12.5"), stretcher_purpose="UNABLE TO SIT UPRIGHT"
        ),
        "conditions": [
            t837p.AmbulanceCondition(applies=True, codes=["04", "06", "09"]),
            t837p.AmbulanceCondition(applies=False, codes=["01"]),
        ],
        "diagnoses": ["R4182", "I10"],
        "pick_up": address(line1="88 MILL ROAD"),
        "drop_off": t837p.DropOff(
            name="MERCY POINT HOSPITAL", address=address(line1="1 HOSPITAL DRIVE", line2="DOCK B")
        ),
        "lines": [
            service_line(1, line_control_number=f"{clm01}L1"),
            service_line(
                2,
                procedure="A0425",
                charge_cents=13750,
                units=Decimal("12.5"),
                pointers=[1, 2],
                emergency=False,
                patient_count=2,
                note="LOADED MILES ONLY",
                line_control_number=f"{clm01}L2",
            ),
        ],
    }
    return t837p.ProfessionalClaim(**(given | more))


def office_claim(clm01="CR000000000002", **more):
    given = {
        "patient_control_number": clm01,
        "charge_cents": 25500,
        "place_of_service": "11",
        "onset_date": date(2026, 10, 1),
        "diagnoses": ["J069", "E119", "Z7984"],
        "referring": t837p.Provider(last_name="ABLE", first_name="NORA", npi="1003000126"),
        "rendering": t837p.Provider(
            last_name="BAKER", first_name="LEO", middle_name="Q", npi="1003000126", taxonomy="207Q00000X"
        ),
        "facility": t837p.Facility(name="ORCHARD CLINIC", npi="1003000126", address=address()),
        "lines": [
            service_line(
                1,
                procedure="99213",
                modifiers=["25"],
                charge_cents=15000,
                pointers=[1, 2, 3],
                emergency=False,
                line_control_number=f"{clm01}L1",
            ),
            service_line(
                2, procedure="87880", modifiers=[], charge_cents=4500, emergency=False, line_control_number=f"{clm01}L2"
            ),
            service_line(
                3,
                procedure="J1885",
                modifiers=[],
                charge_cents=6000,
                units=Decimal(2),
                emergency=False,
                description=None,
                ndc="00409379501",
                ndc_units=Decimal(1),
                ndc_unit="ML",
                service_date_to=date(2026, 10, 31),
                line_control_number=f"{clm01}L3",
            ),
        ],
    }
    return t837p.ProfessionalClaim(**(given | more))


def subscriber(claims=(), patients=(), **more):
    itself = bool(claims)
    given = {
        "relationship": "18" if itself else None,
        "filing_code": "MB",
        "last_name": "SAMPLE",
        "first_name": "AVERY",
        "middle_name": "J",
        "member_id": "ZZT00012345",
        "payer": t837p.Payer(name="INVENTED HEALTH PLAN", identifier="99998"),
        "claims": list(claims),
        "patients": list(patients),
    }
    if itself:
        given |= {"address": address(), "birth_date": date(1951, 2, 28), "sex": "F"}
    return t837p.Subscriber(**(given | more))


def patient(claims, **more):
    given = {
        "relationship": "19",
        "last_name": "SAMPLE",
        "first_name": "ROBIN",
        "address": address(),
        "birth_date": date(2015, 6, 1),
        "sex": "M",
        "claims": list(claims),
    }
    return t837p.Patient(**(given | more))


def billing_provider(subscribers, **more):
    given = {
        "name": "RIVERBEND EMS",
        "npi": "1003000126",
        "taxonomy": "341600000X",
        "tax_id": "123456789",
        "address": address(),
        "contact_name": "BILLING OFFICE",
        "phone": "5555550100",
        "subscribers": list(subscribers),
    }
    return t837p.BillingProvider(**(given | more))


def professional_set(billing, **more):
    given = {
        "reference": "000000101-0001",
        "when": WHEN,
        "submitter": t837p.Submitter(
            name="RIVERBEND BILLING", identifier="RB001", contact_name="PAT DOE", phone="5555550100"
        ),
        "receiver": t837p.Receiver(name="EXAMPLE CLEARINGHOUSE", identifier="330897513"),
        "billing": list(billing),
    }
    return t837p.ProfessionalSet(**(given | more))


def shapes_837p():
    """Every shape of claim set by name."""
    from x12_claim_shapes import further_shapes  # made of the builders above

    self_claim = subscriber([ambulance_claim("CRA1")])
    dependent = subscriber(
        patients=[patient([office_claim("CRB1")]), patient([office_claim("CRB2"), ambulance_claim("CRB3")])]
    )
    person = {
        "name": None,
        "last_name": "CAREY",
        "first_name": "MO",
        "tax_id_kind": "SY",
        "pay_to": address(line1="PO BOX 7"),
    }
    return {
        "ambulance": professional_set([billing_provider([self_claim])]),
        "office": professional_set([billing_provider([subscriber([office_claim()])])]),
        "dependent": professional_set([billing_provider([dependent])]),
        "both branches": professional_set(
            [billing_provider([subscriber([ambulance_claim("CRC1")], [patient([office_claim("CRC2")])])])]
        ),
        "replacement": professional_set(
            [billing_provider([subscriber([ambulance_claim(frequency="7", payer_claim_number="PCN0099")])])]
        ),
        "void": professional_set(
            [billing_provider([subscriber([office_claim(frequency="8", payer_claim_number="PCN0100")])])]
        ),
        "several providers": professional_set(
            [
                billing_provider([self_claim, subscriber([ambulance_claim("CRD2")])]),
                billing_provider([subscriber([office_claim("CRD3")])], **person),
            ]
        ),
        "accident": professional_set(
            [
                billing_provider(
                    [
                        subscriber(
                            [
                                ambulance_claim(
                                    related_causes=["AA", "OA"],
                                    accident_state="OH",
                                    accident_date=date(2026, 10, 30),
                                    delay_reason="3",
                                    clia="12D3456789",
                                    admission_date=date(2026, 10, 30),
                                    discharge_date=date(2026, 10, 31),
                                    patient_signature_code="P",
                                    medical_record_number="MRN5",
                                    clearinghouse_claim_id="D900",
                                    referral_number="RF1",
                                    supervising=t837p.Provider(
                                        last_name="DEAN", first_name="UMA", npi="1003000126", secondary_id="SUP1"
                                    ),
                                    lines=[
                                        service_line(
                                            1,
                                            charge_cents=98750,
                                            place_of_service="42",
                                            prior_authorization="PAL1",
                                            referral_number="RFL1",
                                            ambulance=t837p.AmbulanceTransport(reason="D", miles=Decimal("0.4")),
                                            conditions=[t837p.AmbulanceCondition(applies=True, codes=["08"])],
                                            rendering=t837p.Provider(
                                                name="RIVERBEND EMS", npi="1003000126", taxonomy="341600000X"
                                            ),
                                            ordering=t837p.Provider(last_name="ORR", first_name="ED", npi="1003000126"),
                                            referring=t837p.Provider(
                                                last_name="RAY", first_name="FIN", npi="1003000126"
                                            ),
                                            pick_up=address(line1="MILE MARKER 10"),
                                            drop_off=t837p.DropOff(address=address()),
                                        )
                                    ],
                                )
                            ],
                            group_number="GRP9",
                            property_casualty_number="PC123",
                        )
                    ]
                )
            ]
        ),
        **further_shapes(),
    }
