"""Invented 835 values, from a single line to whole sets of every shape."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from x12_claims import address

from edi.x12.sets import t835


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
        "patient": t835.Name(
            last_name="SAMPLE",
            first_name="AVERY",
            middle_name="J",
            identifier_kind="MI",
            identifier="ZZT00012345",
        ),
        "rendering": t835.Name(person=False, last_name="RIVERBEND EMS", identifier_kind="XX", identifier="1003000126"),
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
    """Every shape of remittance by name; all of them balance."""
    return {
        "paid": remittance([remittance_claim()]),
        "denied": remittance([denied_claim()]),
        "partial": remittance([remittance_claim(), denied_claim(), partly_paid_claim()]),
        "reversal and correction": remittance(
            [remittance_claim("CRR1", "22", -1, rendering=None), remittance_claim("CRR1"), remittance_claim("CRR2")]
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
        "interest": remittance(
            [remittance_claim("CRI1", amounts=[t835.Amount(code="I", amount_cents=863)])], [plb("L6", -863, "CRI1")]
        ),
        "forward balance": remittance(
            [remittance_claim("CRF1", "22", -1, rendering=None)], [plb("FB", -60000, "TRACE0001")]
        ),
        "claim level adjustment": remittance(
            [
                remittance_claim(
                    "CRZ1",
                    lines=[],
                    paid_cents=90000,
                    patient_responsibility_cents=700,
                    adjustments=[
                        adjustment("CO", "45", 8000),
                        adjustment("CO", "253", 50, quantity=Decimal(1)),
                        adjustment("PR", "1", 700),
                    ],
                )
            ]
        ),
        "groups": grouped_remittance(),
        "everything": whole_remittance(),
    }


def partly_paid_claim(clm01="CRQ1"):
    """One line denied, one paid; the payer paid another code than was billed."""
    lines = [
        remittance_line(clm01, 1, 85000, 0, ("CO", "50", 85000), remarks=["N115"]),
        remittance_line(
            clm01,
            2,
            13750,
            10000,
            ("CO", "45", 3750),
            submitted_qualifier="HC",
            submitted_procedure="A0999",
            submitted_modifiers=["QM"],
            submitted_description="OTHER AMBULANCE SERVICE",
            submitted_units=Decimal(2),
        ),
    ]
    return remittance_claim(clm01, paid_cents=10000, patient_responsibility_cents=0, lines=lines)


def grouped_remittance():
    """Two groups of claims, with the summaries of facilities (TS3) and of inpatient care (TS2)."""
    summary = t835.ProviderSummary(
        provider_id="1003000126",
        facility_code="41",
        fiscal_date=date(2026, 12, 31),
        claim_count=Decimal(2),
        charge_cents=197500,
        figures=t835.Figures(amounts={13: 1250, 24: 99}, counts={23: Decimal(3)}),
    )
    inpatient = t835.Figures(amounts={1: 100, 19: 250}, counts={7: Decimal("1.5"), 16: Decimal(4)})
    groups = [
        t835.ClaimGroup(number="1", first_claim=0, summary=summary, inpatient=inpatient),
        t835.ClaimGroup(number="2", first_claim=2, summary=replace(summary, claim_count=Decimal(1))),
    ]
    return remittance([remittance_claim("CRG1"), denied_claim("CRG2"), remittance_claim("CRG3")], groups=groups)


def organisation(name, kind="PI", identifier="77777"):
    return t835.Name(person=False, last_name=name, identifier_kind=kind, identifier=identifier)


def whole_claim(clm01="CRW1"):
    """A claim with everything that the guide lets it say."""
    line = remittance_line(
        clm01,
        1,
        98750,
        60000,
        ("CO", "45", 23750),
        ("PR", "2", 15000),
        revenue_code="0540",
        modifiers=["RH", "QM", "GY", "76"],
        service_date_to=date(2026, 10, 31),
        references=[("LU", "41"), ("0B", "OH123"), ("HPI", "1003000126"), ("0K", "POLICY7")],
        amounts=[t835.Amount(code="B6", amount_cents=75000), t835.Amount(code="KH", amount_cents=1)],
        quantities=[t835.Quantity(code="ZK", quantity=Decimal("1.5"))],
        remarks=["N130"],
        reject_codes=["70"],
    )
    doe = {"last_name": "SPECIMEN", "first_name": "ROBIN", "middle_name": "Q", "suffix": "JR"}
    return remittance_claim(
        clm01,
        "19",
        drg="470",
        drg_weight=Decimal("1.5"),
        discharge_fraction=Decimal("0.5"),
        patient=t835.Name(**doe, identifier_kind="MI", identifier="ZZT00012345"),
        subscriber=t835.Name(**doe, identifier_kind="MI", identifier="ZZT00012344"),
        corrected=t835.Name(**doe, identifier_kind="C", identifier="ZZT00012344A"),
        rendering=t835.Name(**doe, identifier_kind="XX", identifier="1003000126"),
        crossover=organisation("SECOND PLAN"),
        priority_payer=organisation("FIRST PLAN"),
        other_subscriber=t835.Name(**doe, identifier_kind="MI", identifier="ZZT7"),
        inpatient=t835.Figures(amounts={2: 100, 24: 7}, counts={1: Decimal(0), 15: Decimal(1)}),
        outpatient=t835.Figures(amounts={2: 5000, 9: 1}, counts={1: Decimal("0.8")}),
        remarks=["MA01", "MA18", "N1"],
        references=[("EA", "MRN5"), ("F8", "OLDPCN"), ("G2", "COM1")],
        service_date_to=date(2026, 10, 31),
        coverage_expired=date(2026, 12, 31),
        contacts=[t835.Contact(function="CX", name="APPEALS", numbers=[("TE", "5555550113"), ("EX", "12")])],
        amounts=[t835.Amount(code="AU", amount_cents=98750), t835.Amount(code="F5", amount_cents=2500)],
        quantities=[t835.Quantity(code="CA", quantity=Decimal(3))],
        lines=[line],
    )


def whole_remittance():
    """A set with every segment of the table."""
    payer = payer_party(
        identifier="PLAN9",
        references=[("2U", "99998"), ("NF", "12345"), ("HI", "HIN1"), ("EO", "SUB1")],
        contacts=[*payer_party().contacts, t835.Contact(function="IC", numbers=[("UR", "plan.example.test")])],
    )
    payee = t835.PayeeParty(
        name="RIVERBEND EMS",
        npi="1003000126",
        tax_id="123456789",
        address=address(line2="DOCK B"),
        references=[("0B", "OH123"), ("PQ", "PAYEE7")],
        delivery=t835.Delivery(method="EM", name="ERA DESK", number="era@example.test"),
    )
    return remittance(
        [whole_claim()],
        [plb("WO", 100, "OLD1")],
        payer=payer,
        payee=payee,
        software_version="V7",
        currency="USD",
    )
