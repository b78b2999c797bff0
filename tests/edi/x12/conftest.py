"""Invented values of every set, and the outside judge."""

import io
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import pyx12.errors
import pyx12.params
import pyx12.x12n_document

from edi.x12.envelope import Envelope
from edi.x12.sets import t277ca, t835, t837p, t999

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
    }


def envelope(functional_id, version, **more):
    given = {
        "sender_qualifier": "ZZ",
        "sender_id": "RB001",
        "receiver_qualifier": "30",
        "receiver_id": "330897513",
        "group_sender": "RB001",
        "group_receiver": "330897513",
        "control_number": 101,
        "usage": "T",
        "when": WHEN,
        "functional_id": functional_id,
        "version": version,
    }
    return Envelope(**(given | more))


def judged_by_pyx12(data: bytes) -> list[str]:
    """What the outside validator has against an interchange; empty means valid."""
    params = pyx12.params.params()
    report = io.StringIO()
    valid = pyx12.x12n_document.x12n_document(params, io.StringIO(data.decode("ascii")), None, None, fd_json=report)
    return [] if valid else [report.getvalue()]


def payer_party(**more):
    given = {
        "name": "INVENTED HEALTH PLAN",
        "address": address(line1="500 PLAN AVENUE"),
        "references": [("2U", "99998")],
        "contacts": [
            t835.Contact(function="CX", name="CLAIMS", numbers=[("TE", "5555550111")]),
            t835.Contact(function="BL", name="EDI DESK", numbers=[("TE", "5555550112"), ("EM", "edi@example.test")]),
        ],
    }
    return t835.PayerParty(**(given | more))


def payment(amount_cents, **more):
    given = {
        "handling": "I" if amount_cents else "H",
        "amount_cents": amount_cents,
        "method": "ACH" if amount_cents else "NON",
        "date": date(2026, 11, 10),
        "trace_number": "TRACE0001",
        "payer_trace_id": "1123456789",
    }
    if amount_cents:
        given |= {
            "format": "CCP",
            "sender_bank_kind": "01",
            "sender_bank": "091000019",
            "sender_account_kind": "DA",
            "sender_account": "11223344",
            "originating_company": "1123456789",
            "receiver_bank_kind": "01",
            "receiver_bank": "091000022",
            "receiver_account_kind": "DA",
            "receiver_account": "55667788",
        }
    return t835.Payment(**(given | more))


def adjustment(group, reason, amount_cents, **more):
    return t835.Adjustment(group=group, reason=reason, amount_cents=amount_cents, **more)


def remittance_line(clm01, number, charge, paid, *adjustments, sign=1, **more):
    given = {
        "procedure": "A0427" if number == 1 else "A0425",
        "modifiers": ["RH"],
        "charge_cents": sign * charge,
        "paid_cents": sign * paid,
        "units": Decimal(1),
        "service_date": date(2026, 10, 30),
        "line_control_number": f"{clm01}L{number}",
        "adjustments": [adjustment(g, r, sign * a) for g, r, a in adjustments],
    }
    return t835.RemittanceLine(**(given | more))


def remittance_claim(clm01="CRA1", status="1", sign=1, **more):
    given = {
        "patient_control_number": clm01,
        "status": status,
        "charge_cents": sign * 98750,
        "paid_cents": sign * 60000,
        "patient_responsibility_cents": None if sign < 0 else 15000,
        "filing_code": "MB",
        "payer_control_number": f"P{clm01}",
        "facility_code": "41",
        "frequency": "1",
        "patient_last_name": "SAMPLE",
        "patient_first_name": "AVERY",
        "patient_middle_name": "J",
        "member_id": "ZZT00012345",
        "member_id_kind": "MI",
        "rendering_last_name": "RIVERBEND EMS",
        "rendering_npi": "1003000126",
        "references": [("EA", "MRN5")],
        "service_date": date(2026, 10, 30),
        "received_date": date(2026, 11, 4),
        "remarks": ["MA01"],
        "lines": [
            remittance_line(
                clm01, 1, 85000, 50000, ("CO", "45", 20000), ("PR", "2", 15000), sign=sign, remarks=["N130", "M15"]
            ),
            remittance_line(clm01, 2, 13750, 10000, ("CO", "45", 3750), sign=sign, units=Decimal("12.5")),
        ],
    }
    return t835.RemittanceClaim(**(given | more))


def denied_claim(clm01="CRX1"):
    return remittance_claim(
        clm01,
        "4",
        paid_cents=0,
        patient_responsibility_cents=0,
        references=[],
        remarks=[],
        lines=[remittance_line(clm01, 1, 98750, 0, ("OA", "18", 98750))],
    )


def remittance(claims, plb=(), **more):
    amount = sum(one.paid_cents for one in claims) - sum(one.amount_cents for one in plb)
    given = {
        "payment": payment(amount),
        "production_date": date(2026, 11, 9),
        "payer": payer_party(),
        "claims": list(claims),
        "payee": t835.PayeeParty(name="RIVERBEND EMS", npi="1003000126", tax_id="123456789", address=address()),
        "provider_adjustments": list(plb),
        "receiver_id": "330897513",
    }
    return t835.Remittance(**(given | more))


def plb(reason, amount_cents, reference=None):
    return t835.ProviderAdjustment(
        provider_id="1003000126",
        fiscal_date=date(2026, 12, 31),
        reason=reason,
        reference=reference,
        amount_cents=amount_cents,
    )


def shapes_835():
    interest = remittance_claim("CRI1", amounts=[t835.Amount(code="I", amount_cents=863)])
    return {
        "paid": remittance([remittance_claim()]),
        "denied": remittance([denied_claim()]),
        "reversal and correction": remittance(
            [
                remittance_claim("CRR1", "22", -1, rendering_npi=None, rendering_last_name=None),
                remittance_claim("CRR1"),
                remittance_claim("CRR2"),
            ]
        ),
        "provider adjustments": remittance(
            [remittance_claim(), denied_claim()],
            [
                plb("WO", 5000, "OLD1"),
                plb("72", -5000, "OLD1"),
                plb("FB", 100, "TRACE0000"),
                plb("CS", 1),
                plb("L3", 2),
                plb("LE", 3),
            ],
        ),
        "interest": remittance([interest], [plb("L6", -863, "CRI1")]),
        "claim level adjustment": remittance(
            [
                remittance_claim(
                    "CRZ1",
                    lines=[],
                    paid_cents=90000,
                    adjustments=[
                        adjustment("CO", "45", 8000),
                        adjustment("CO", "253", 50, quantity=Decimal(1)),
                        adjustment("PR", "1", 700),
                    ],
                )
            ]
        ),
    }


def status(category="A1", code="19", action="WQ", **more):
    given = {
        "category": category,
        "code": code,
        "entity": "PR",
        "date": date(2026, 11, 4),
        "action": action,
        "charge_cents": 98750,
    }
    return t277ca.Status(**(given | more))


def claim_status(clm01="CRA1", **more):
    given = {
        "last_name": "SAMPLE",
        "first_name": "AVERY",
        "middle_name": "J",
        "member_id": "ZZT00012345",
        "patient_control_number": clm01,
        "statuses": [status("A2", "20")],
        "payer_control_number": f"P{clm01}",
        "clearinghouse_id": f"D{clm01}",
        "service_date": date(2026, 10, 30),
        "service_date_to": date(2026, 10, 31),
    }
    return t277ca.ClaimStatus(**(given | more))


def rejected_claim(clm01="CRB1"):
    reasons = [
        status(
            "A7",
            "562",
            "U",
            entity="85",
            text="BILLING NPI UNKNOWN",
            further=[t277ca.StatusCode(category="A7", code="128", entity="85")],
        )
    ]
    line = t277ca.LineStatus(
        procedure="A0427",
        modifiers=["RH"],
        charge_cents=85000,
        units=Decimal(1),
        line_control_number=f"{clm01}L1",
        service_date=date(2026, 10, 30),
        statuses=[status("A7", "507", "U", entity=None, charge_cents=None)],
    )
    return claim_status(clm01, statuses=reasons, payer_control_number=None, lines=[line])


def status_report(patients, kind="PR", **more):
    given = {
        "reference": "000000201-0001",
        "when": WHEN,
        "source_reference": "SRC0001",
        "received_date": date(2026, 11, 3),
        "processed_date": date(2026, 11, 4),
        "batch_reference": "000000101-0001",
        "batch_statuses": [status()],
        "source": t277ca.Source(
            kind=kind, name="INVENTED HEALTH PLAN", identifier="99998", identifier_kind="PI" if kind == "PR" else "46"
        ),
        "receiver": t277ca.StatusReceiver(name="RIVERBEND BILLING", identifier="RB001"),
        "accepted_count": 1,
        "rejected_count": 1,
        "accepted_cents": 98750,
        "rejected_cents": 98750,
        "providers": [
            t277ca.ProviderStatus(
                name="RIVERBEND EMS",
                npi="1003000126",
                reference="PROV1",
                statuses=[status(date=None)],
                accepted_count=1,
                rejected_count=1,
                accepted_cents=98750,
                rejected_cents=98750,
                patients=list(patients),
            )
        ],
    }
    return t277ca.StatusReport(**(given | more))


def shapes_277ca():
    return {
        "payer": status_report([claim_status(), rejected_claim()]),
        "clearinghouse": status_report([claim_status(statuses=[status(), status("A0", "16", entity=None)])], "AY"),
        "batch rejected": status_report([], batch_statuses=[status("A8", "496", "U", entity="41")], providers=[]),
    }


def acknowledgment(sets=(), **more):
    good = [one for one in sets if one.accepted]
    given = {
        "group_id": "HC",
        "group_control": "101",
        "version": "005010X222A1",
        "sets": list(sets),
        "code": "A" if len(good) == len(sets) else "P",
        "included": len(sets) or 2,
        "received": len(sets) or 2,
        "accepted": len(good) if sets else 2,
    }
    return t999.Acknowledgment(**(given | more))


def accepted_set(number="0001"):
    return t999.SetAcknowledgment(set_id="837", control_number=number, version="005010X222A1", code="A")


def rejected_set(number="0002"):
    fault = t999.ElementError(
        element=5,
        component=3,
        data_element="1325",
        code="7",
        value="9",
        contexts=["SITUATIONAL TRIGGER*CLM*25*2300*5:3"],
    )
    errors = [
        t999.SegmentError(segment="CLM", number=25, loop="2300", code="8", contexts=["CLM01:CRB1"], elements=[fault]),
        t999.SegmentError(segment="CR1", number=31, loop="2300", code="3"),
    ]
    return t999.SetAcknowledgment(
        set_id="837", control_number=number, version="005010X222A1", code="R", reasons=["5"], errors=errors
    )


def shapes_999():
    return {
        "all accepted": acknowledgment(),
        "set by set": acknowledgment([accepted_set()]),
        "partial": acknowledgment([accepted_set(), rejected_set()]),
        "rejected": acknowledgment([rejected_set()], code="R", reasons=["5"]),
    }


def answered_by_pyx12(data: bytes) -> bytes:
    """The 999 that the outside validator gives to an interchange."""
    answer = io.StringIO()
    pyx12.x12n_document.x12n_document(pyx12.params.params(), io.StringIO(data.decode("ascii")), answer, None)
    return answer.getvalue().encode("ascii")


@pytest.fixture(scope="session")
def make():
    """Every builder of this file by its name."""
    return SimpleNamespace(
        **{name: one for name, one in globals().items() if callable(one) and not name.startswith("_")}
    )


@pytest.fixture(scope="session")
def codecs():
    """By set: the codec, its group's functional id and its shapes."""
    return {
        "837P": (t837p, "HC", shapes_837p()),
        "835": (t835, "HP", shapes_835()),
        "277CA": (t277ca, "HN", shapes_277ca()),
        "999": (t999, "FA", shapes_999()),
    }
