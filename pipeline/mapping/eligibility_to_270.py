"""Questions about coverage to 270 sets (005010X279A1), and the envelope that they leave in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from edi.x12.codes import CodeLists
from edi.x12.judging.judge import insist
from edi.x12.sets import t270
from edi.x12.written import WrittenSet
from pipeline.domain.eligibility import Question
from pipeline.domain.provider import BillingProviderFacts
from pipeline.domain.wire_text import wire_text
from pipeline.mapping.parts_to_837 import text

VERSION = t270.VERSION
FUNCTIONAL_ID = "HS"  # GS01


@dataclass(frozen=True, slots=True)
class Asking:
    """A question with the number that its answer repeats (TRN02), who asks, and the payer's id for such questions."""

    trace: str
    question: Question
    provider: BillingProviderFacts
    payer_id: str


def written(
    asked: Sequence[Asking], control_number: str, reference: str, when: datetime, codes: CodeLists
) -> WrittenSet:
    """One set of the questions of one provider to one payer, read again and judged before it counts.

    `reference` is BHT03. Raises EdiError (NotRepresentable, Unsound), and ValueError, without the text, for a name that
    cannot be written.
    """
    done = t270.write_set(inquiry(asked, reference, when), control_number)
    insist(done, VERSION, codes)
    return done


def inquiry(asked: Sequence[Asking], reference: str, when: datetime) -> t270.EligibilityInquiry:
    """The value of the set. The first question says who asks whom."""
    first = asked[0]
    source = t270.Source(
        name=t270.Name(
            code="PR",
            entity_type="2",
            last_name=wire_text(first.question.payer_name or first.payer_id)[:60],
            identifier_kind="PI",
            identifier=first.payer_id,
        ),
        receivers=[t270.Receiver(name=_asker(first.provider), subscribers=[_subscriber(one) for one in asked])],
    )
    return t270.EligibilityInquiry(reference=reference, when=when, sources=[source])


def _asker(provider: BillingProviderFacts) -> t270.Name:
    return t270.Name(
        code="1P",
        entity_type="2" if provider.name else "1",
        last_name=text(provider.name or provider.last_name),
        first_name=text(provider.first_name),
        identifier_kind="XX",
        identifier=provider.npi,
    )


def _subscriber(one: Asking) -> t270.Subscriber:
    asked = one.question
    own = asked.patient is None
    insured = asked.insured
    return t270.Subscriber(
        name=t270.Name(
            code="IL",
            last_name=wire_text(insured.last_name),
            first_name=wire_text(insured.first_name),
            middle_name=text(insured.middle_name),
            suffix=text(insured.suffix),
            identifier_kind="MI",
            identifier=insured.member_id,
        ),
        traces=[_trace(one)] if own else [],
        birth_date=insured.birth_date,
        sex=insured.sex,
        dates=[_day(asked)] if own else [],
        questions=[_eq(asked)] if own else [],
        dependents=[] if own else [_dependent(one)],
    )


def _dependent(one: Asking) -> t270.Dependent:
    asked, patient = one.question, one.question.patient
    assert patient is not None  # whoever calls has looked
    related = patient.relationship
    return t270.Dependent(
        name=t270.Name(
            code="03",
            last_name=wire_text(patient.last_name),
            first_name=wire_text(patient.first_name),
            middle_name=text(patient.middle_name),
            suffix=text(patient.suffix),
        ),
        traces=[_trace(one)],
        birth_date=patient.birth_date,
        sex=patient.sex,
        relationship=t270.Relationship(insured="N", code=related) if related else None,
        dates=[_day(asked)],
        questions=[_eq(asked)],
    )


def _trace(one: Asking) -> t270.Trace:
    # TRN03 has ten characters: 9, a number of the user's own, and the last nine of the NPI.
    return t270.Trace(number=one.trace, originator=f"9{one.provider.npi[-9:]}")


def _day(asked: Question) -> t270.Dated:
    return t270.Dated(qualifier="291", date=asked.service_date)


def _eq(asked: Question) -> t270.Question:
    return t270.Question(service_types=list(asked.service_types))
