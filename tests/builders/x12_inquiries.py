"""Invented 276 and 277 values: what is asked of a payer about claims, and what it says."""

from datetime import date
from decimal import Decimal

from x12_claims import WHEN
from x12_eligibility import payer_name, provider_name

from edi.x12.sets import t276, t277
from edi.x12.sets.t276 import Name, ServiceLine
from edi.x12.sets.t277 import Contact, LineStatus, Status, StatusCode


def submitter_name(**more):
    given = {"code": "41", "entity_type": "2", "last_name": "RIVERBEND BILLING", "identifier_kind": "46"}
    return Name(**(given | {"identifier": "RB001"} | more))


def insured_name(**more):
    given = {"code": "IL", "last_name": "SAMPLE", "first_name": "AVERY", "identifier_kind": "MI"}
    return Name(**(given | {"identifier": "ZZT00012345"} | more))


def patient_name(**more):
    return Name(**({"code": "QC", "last_name": "SAMPLE", "first_name": "ROBIN", "middle_name": "K"} | more))


# -- 276 ---------------------------------------------------------------------------------------------------------------
def asked_claim(trace="CRS1", **more):
    given = {
        "trace": trace,
        "patient_control_number": "CRA1",
        "charge_cents": 98750,
        "service_date": date(2026, 10, 30),
    }
    return t276.ClaimRequest(**(given | more))


def asked_line(**more):
    given = {
        "procedure_kind": "HC",
        "procedure": "A0427",
        "modifiers": ["RH"],
        "charge_cents": 85000,
        "units": Decimal(1),
        "line_control_number": "CRA1L1",
        "service_date": date(2026, 10, 30),
    }
    return ServiceLine(**(given | more))


def status_request(subscribers, **more):
    provider = t276.Provider(name=provider_name(), subscribers=list(subscribers))
    receiver = t276.Receiver(name=submitter_name(), providers=[provider])
    given = {
        "reference": "CRQ0002",
        "when": WHEN,
        "sources": [t276.Source(name=payer_name(), receivers=[receiver])],
    }
    return t276.StatusRequest(**(given | more))


def asked_insured(claims, **more):
    given = {"name": insured_name(), "birth_date": date(1951, 2, 28), "sex": "F", "claims": list(claims)}
    return t276.Subscriber(**(given | more))


def asked_patient(claims):
    return t276.Dependent(name=patient_name(), birth_date=date(2010, 7, 4), claims=list(claims))


def shapes_276():
    numbers = asked_claim(
        "CRS2",
        payer_control_number="PCN0099",
        bill_type="111",
        location="EAST",
        group_number="GRP12",
        prescription="RX1",
        clearinghouse_id="D7",
        service_date_to=date(2026, 10, 31),
        lines=[asked_line(), asked_line(procedure="A0425", modifiers=[], revenue_code="0540", units=Decimal("12.5"))],
    )
    by_lines = asked_claim("CRS4", service_date=None, charge_cents=None, lines=[asked_line()])
    family = asked_insured([asked_claim("CRS3")], dependents=[asked_patient([by_lines])])
    everything = status_request([asked_insured([numbers, asked_claim("CRS5")]), family])
    [receiver] = everything.sources[0].receivers
    receiver.providers[0].further_name = provider_name(identifier_kind="FI", identifier="123456789")
    receiver.providers.append(
        t276.Provider(
            name=provider_name(entity_type="1", last_name="ABLE", first_name="NORA", identifier="1992999999"),
            subscribers=[asked_insured([asked_claim("CRS6")], birth_date=None, sex=None)],
        )
    )
    return {
        "claim": status_request([asked_insured([asked_claim()])]),
        "dependent": status_request([asked_insured([], dependents=[asked_patient([asked_claim()])])]),
        "everything": everything,
    }


# -- 277 ---------------------------------------------------------------------------------------------------------------
def told(category="F1", code="65", **more):
    return Status(**({"category": category, "code": code, "date": date(2026, 11, 20)} | more))


def paid(**more):
    given = {
        "charge_cents": 98750,
        "paid_cents": 60000,
        "decided_date": date(2026, 11, 18),
        "paid_date": date(2026, 11, 20),
        "payment_number": "EFT20261120",
    }
    return told(**(given | more))


def told_claim(trace="CRS1", statuses=None, **more):
    given = {
        "trace": trace,
        "statuses": [paid()] if statuses is None else statuses,
        "payer_control_number": "PCN0099",
        "patient_control_number": "CRA1",
        "service_date": date(2026, 10, 30),
    }
    return t277.ClaimStatus(**(given | more))


def told_line(statuses=None, **more):
    given = {
        "procedure_kind": "HC",
        "procedure": "A0427",
        "modifiers": ["RH"],
        "charge_cents": 85000,
        "paid_cents": 60000,
        "units": Decimal(1),
        "line_control_number": "CRA1L1",
        "service_date": date(2026, 10, 30),
        "service_date_to": date(2026, 10, 31),
        "statuses": [told()] if statuses is None else statuses,
    }
    return LineStatus(**(given | more))


def told_insured(claims, **more):
    return t277.Subscriber(**({"name": insured_name(), "claims": list(claims)} | more))


def status_response(subscribers, **more):
    provider = t277.Provider(name=provider_name(), subscribers=list(subscribers))
    receiver = t277.Receiver(name=submitter_name(), providers=[provider])
    given = {
        "reference": "PLAN0001",
        "when": WHEN,
        "sources": [t277.Source(name=payer_name(), receivers=[receiver])],
    }
    return t277.StatusResponse(**(given | more))


def shapes_277():
    asked_for_more = told_claim("CRS2", [
        told("R3", "294", entity="1P", charge_cents=98750,
             further=[StatusCode(category="R3", code="298"), StatusCode(category="R4", code="287", entity="QC")]),
        told("P1", "20"),
    ])  # fmt: skip
    drug = told_claim("CRS7", [told("F2", "85", code_list="RX")], prescription="RX1", voucher="V1", bill_type="111", clearinghouse_id="D7")  # fmt: skip
    child = t277.Dependent(
        name=patient_name(), claims=[told_claim("CRS4", [told("D0", "35")], payer_control_number=None)]
    )
    lined = told_claim(
        "CRS3",
        lines=[
            told_line(),
            told_line([told("F2", "107"), told("F2", "585")], procedure="A0425", paid_cents=0, revenue_code="0540"),
        ],
    )
    everything = status_response([told_insured([asked_for_more, drug]), told_insured([lined], dependents=[child])])
    [source] = everything.sources
    source.contacts = [Contact(name="CLAIM LINE", numbers=[("TE", "5555550102"), ("EX", "7")])]
    source.receivers[0].providers[0].further_name = provider_name(identifier_kind="SV", identifier="0202034")
    unknown = t277.Provider(
        name=provider_name(identifier="1992999999"), trace="0", statuses=[told("E0", "24", entity="1P")]
    )
    source.receivers[0].providers.append(unknown)
    refused = t277.Receiver(
        name=submitter_name(), trace="CRQ0002", statuses=[told("E1", "484", entity="41", further=[StatusCode(category="E2", code="0")])]
    )  # fmt: skip
    return {
        "paid": status_response([told_insured([told_claim()])]),
        "dependent": status_response([told_insured([], dependents=[child])]),
        "everything": everything,
        "refused": status_response([], sources=[t277.Source(name=payer_name(), receivers=[refused])]),
    }
