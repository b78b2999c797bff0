"""Invented 270 and 271 values: what is asked of a payer, and what it says."""

from datetime import date
from decimal import Decimal

from x12_claims import WHEN, address

from edi.x12.sets import t270, t271
from edi.x12.sets.t270 import Dated, Diagnosis, Name, Procedure, Question, Reference, Relationship, Specialty, Trace
from edi.x12.sets.t271 import Benefit, Contact, Limit, Military, Rejection, Related, Visits

PAYER = {"code": "PR", "entity_type": "2", "last_name": "INVENTED HEALTH PLAN", "identifier_kind": "PI"}
PROVIDER = {"code": "1P", "entity_type": "2", "last_name": "RIVERBEND EMS", "identifier_kind": "XX"}
TODAY = Dated(qualifier="291", date=date(2026, 11, 3))
WEEK = Dated(qualifier="291", date=date(2026, 10, 1), date_to=date(2026, 10, 7))


def payer_name(**more):
    return Name(**(PAYER | {"identifier": "99998"} | more))


def provider_name(**more):
    return Name(**(PROVIDER | {"identifier": "1003000126"} | more))


def member_name(**more):
    given = {"code": "IL", "last_name": "SAMPLE", "first_name": "AVERY", "identifier_kind": "MI"}
    return Name(**(given | {"identifier": "ZZT00012345"} | more))


def dependent_name(**more):
    return Name(**({"code": "03", "last_name": "SAMPLE", "first_name": "ROBIN", "suffix": "JR"} | more))


def trace(number="CRE1", kind="1", **more):
    return Trace(**({"kind": kind, "number": number, "originator": "9123456789"} | more))


# -- 270 ---------------------------------------------------------------------------------------------------------------
def asked_subscriber(number="CRE1", **more):
    given = {
        "name": member_name(),
        "traces": [trace(number)],
        "birth_date": date(1951, 2, 28),
        "sex": "F",
        "dates": [TODAY],
        "questions": [Question(service_types=["30"])],
    }
    return t270.Subscriber(**(given | more))


def asked_dependent(number="CRE2", **more):
    given = {
        "name": dependent_name(),
        "traces": [trace(number)],
        "birth_date": date(2010, 7, 4),
        "relationship": Relationship(insured="N", code="19", birth_sequence=2),
        "questions": [Question(service_types=["59", "86"])],
    }
    return t270.Dependent(**(given | more))


def eligibility_inquiry(subscribers, **more):
    receiver = t270.Receiver(name=provider_name(), subscribers=list(subscribers))
    given = {
        "reference": "CRQ0001",
        "when": WHEN,
        "sources": [t270.Source(name=payer_name(), receivers=[receiver])],
    }
    return t270.EligibilityInquiry(**(given | more))


def _asked_for_everything():
    questions = [
        Question(
            service_types=["1", "59", "AL"],
            coverage_level="FAM",
            spend_down_cents=2500,
            billed_cents=98750,
            place_of_service="41",
            reference=Reference(qualifier="G1", value="PA77120"),
            date=WEEK,
        ),
        Question(
            procedure=Procedure(kind="HC", code="A0427", modifiers=["RH", "GM"]),
            diagnosis_pointers=[1, 2],
        ),
    ]
    return asked_subscriber(
        "CRE3",
        name=member_name(middle_name="J", suffix="SR"),
        traces=[trace("CRE3", supplement="EAST"), trace("CH77", originator="8330897513")],
        references=[Reference(qualifier="6P", value="GRP12"), Reference(qualifier="EJ", value="CRA1")],
        address=address(line2="APT 4"),
        provider=Specialty(role="PE", kind="PXC", code="341600000X"),
        relationship=Relationship(insured="Y", code="18", birth_sequence=1),
        diagnoses=[Diagnosis(kind="ABK", code="R4182"), Diagnosis(kind="ABF", code="I10")],
        dates=[Dated(qualifier="102", date=date(2020, 1, 1)), WEEK],
        questions=questions,
    )


def shapes_270():
    subscriber = asked_subscriber()
    with_dependent = asked_subscriber("CRE4", questions=[], dependents=[asked_dependent(), asked_dependent("CRE5")])
    everything = eligibility_inquiry(
        [_asked_for_everything(), asked_subscriber("CRE6", dependents=[asked_dependent()])]
    )
    everything.real_time_kind = "RT"
    [source] = everything.sources
    [receiver] = source.receivers
    receiver.references = [
        Reference(qualifier="TJ", value="123456789"),
        Reference(qualifier="0B", value="L1", text="OH"),
    ]
    receiver.address, receiver.provider = address(), Specialty(role="BI", kind="PXC", code="341600000X")
    person = t270.Receiver(
        name=provider_name(entity_type="1", last_name="ABLE", first_name="NORA", identifier="1992999999"),
        subscribers=[asked_subscriber("CRE7", name=member_name(identifier_kind=None, identifier=None))],
    )
    source.receivers.append(person)
    everything.sources.append(t270.Source(name=payer_name(last_name="OTHER PLAN", identifier="99997"), receivers=[
        t270.Receiver(name=provider_name(), subscribers=[asked_subscriber("CRE8")])
    ]))  # fmt: skip
    return {
        "subscriber": eligibility_inquiry([subscriber]),
        "dependents": eligibility_inquiry([with_dependent]),
        "everything": everything,
    }


# -- 271 ---------------------------------------------------------------------------------------------------------------
def coverage(kind="1", **more):
    return Benefit(**({"kind": kind, "service_types": ["30"], "plan": "GOLD 123"} | more))


def answered_subscriber(number="CRE1", benefits=None, **more):
    given = {
        "name": member_name(),
        "traces": [trace(number, "2")],
        "birth_date": date(1951, 2, 28),
        "sex": "F",
        "dates": [Dated(qualifier="346", date=date(2026, 1, 1))],
        "benefits": [coverage()] if benefits is None else benefits,
    }
    return t271.Subscriber(**(given | more))


def answered_dependent(number="CRE2", **more):
    given = {
        "name": dependent_name(),
        "traces": [trace(number, "2")],
        "relationship": Relationship(insured="N", code="19", maintenance="001", maintenance_reason="25"),
        "benefits": [coverage("6")],
    }
    return t271.Dependent(**(given | more))


def rejected(reason="75", valid="N", follow_up="C"):
    return Rejection(valid=valid, reason=reason, follow_up=follow_up)


def eligibility_response(subscribers, **more):
    receiver = t271.Receiver(name=provider_name(), subscribers=list(subscribers))
    given = {
        "reference": "CRQ0001",
        "when": WHEN,
        "sources": [t271.Source(name=payer_name(), receivers=[receiver])],
    }
    return t271.EligibilityResponse(**(given | more))


def money_matters():
    """What a plan says of an ambulance ride: deductible, what is left of it, share, co-payment, limit."""
    return [
        coverage("1", service_types=["30", "59", "86"], insurance_type="HM", coverage_level="IND"),
        Benefit(kind="C", coverage_level="IND", service_types=["30"], period="23", amount_cents=150000, in_network="Y"),
        Benefit(kind="C", coverage_level="IND", service_types=["30"], period="29", amount_cents=30000, in_network="Y"),
        Benefit(kind="A", service_types=["59"], share=Decimal("0.2"), in_network="Y"),
        Benefit(kind="B", service_types=["59"], period="27", amount_cents=0, in_network="N", authorization="U"),
        Benefit(kind="F", service_types=["59"], period="22", quantity_kind="P6", quantity=Decimal(12)),
    ]


def _benefit_with_everything():
    other = Related(
        name=Name(code="PRP", entity_type="2", last_name="FIRST PLAN", identifier_kind="PI", identifier="11111"),
        address=address(),
        region="12",
        contacts=[Contact(name="MEMBER SERVICES", numbers=[("TE", "5555550100"), ("EX", "12")]), Contact(numbers=[("UR", "PLAN.EXAMPLE")])],
        provider=Specialty(role="PC", kind="PXC", code="207Q00000X"),
    )  # fmt: skip
    spouse = Related(name=Name(code="IL", last_name="SAMPLE", first_name="KIM", relationship="41"))
    return Benefit(
        kind="R",
        coverage_level="FAM",
        insurance_type="C1",
        plan="OTHER COVERAGE",
        period="6",
        quantity_kind="S8",
        quantity=Decimal("1.5"),
        authorization="Y",
        in_network="W",
        procedure=Procedure(kind="HC", code="A0425", modifiers=["RH"], code_to="A0434"),
        diagnosis_pointers=[1],
        visits=[
            Visits(quantity_kind="VS", quantity=Decimal(2), unit="WK", per=Decimal(1), period="34", period_count=3),
            Visits(frequency="1", time_of_day="A"),
        ],
        references=[Reference(qualifier="1L", value="GRP12", text="THE GROUP"), Reference(qualifier="9F", value="RF1")],
        dates=[Dated(qualifier="290", date=date(2026, 1, 1), date_to=date(2026, 12, 31))],
        rejections=[rejected("56", "Y", "R")],
        messages=["CALL THE FIRST PLAN", "BEFORE THE RIDE"],
        limits=[Limit(kind="ZZ", code="41"), Limit(category="44", text="KNEE")],
        related=[other, spouse],
    )


def shapes_271():
    everything = eligibility_response(
        [
            answered_subscriber(
                "CRE3",
                [*money_matters(), _benefit_with_everything()],
                traces=[trace("CRE3", "2"), trace("CH77", "2"), trace("PAYER1", "1", originator="1912345678", supplement="A")],
                references=[Reference(qualifier="6P", value="GRP12", text="THE GROUP")],
                address=address(),
                provider=Specialty(role="PC", kind="PXC", code="207Q00000X"),
                relationship=Relationship(insured="Y", code="18"),
                diagnoses=[Diagnosis(kind="ABK", code="R4182")],
                military=Military(status="A", employment="AE", affiliation="F", text="RESERVE", rank="S1", date=date(2020, 1, 1), date_to=date(2026, 1, 1)),
                dependents=[answered_dependent(benefits=[_benefit_with_everything()], diagnoses=[Diagnosis(kind="BK", code="4019")])],
            )
        ]
    )  # fmt: skip
    [source] = everything.sources
    source.contacts = [Contact(name="PROVIDER LINE", numbers=[("TE", "5555550101"), ("FX", "5555550103")])]
    [receiver] = source.receivers
    receiver.references, receiver.address = [Reference(qualifier="EO", value="SUB1")], address()
    receiver.provider = Specialty(role="BI", kind="PXC", code="341600000X")
    refused = t271.Source(name=payer_name(), system_rejections=[rejected("42", "Y", "P")], rejections=[rejected("T4")])
    stranger = t271.Receiver(name=provider_name(), rejections=[rejected("51", "Y", "N"), rejected("43")])
    people = [
        answered_subscriber(benefits=[], rejections=[rejected()]),
        answered_subscriber("CRE4", [], dependents=[answered_dependent(benefits=[], rejections=[rejected("71", "Y")])]),
    ]
    return {
        "active": eligibility_response([answered_subscriber(benefits=money_matters())]),
        "dependents": eligibility_response([answered_subscriber("CRE4", [], dependents=[answered_dependent(), answered_dependent("CRE5")])]),
        "everything": everything,
        "source rejects": eligibility_response([], sources=[refused]),
        "receiver rejected": eligibility_response([], sources=[t271.Source(name=payer_name(), receivers=[stranger])]),
        "people rejected": eligibility_response(people),
    }  # fmt: skip
