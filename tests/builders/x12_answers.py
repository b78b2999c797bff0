"""Invented 835, 277CA and 999 values, and the outside judge."""

import io
from datetime import date
from decimal import Decimal

import pyx12.errors
import pyx12.params
import pyx12.x12n_document
from x12_claims import WHEN, address

from edi.x12.envelope import Envelope
from edi.x12.sets import t277ca, t835, t999


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
