"""Invented 277CA and 999 values, and the outside judge."""

import io
from datetime import date
from decimal import Decimal

import pyx12.errors
import pyx12.params
import pyx12.x12n_document
from x12_claims import WHEN

from edi.x12.sets import t277ca, t999
from edi.x12.syntax.envelope import Envelope


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
