"""Claims that a payer is asked about to the value of one 276 transaction set (005010X212)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from edi.x12.sets import t276
from edi.x12.sets.inquiries import Name
from pipeline.domain.claim import Patient, Subscriber
from pipeline.domain.forms import AnyClaim
from pipeline.domain.institutional_claim import InstitutionalClaim
from pipeline.domain.mailbox import ClearinghouseProfile
from pipeline.domain.provider import BillingProviderFacts
from pipeline.domain.wire_text import wire_text
from pipeline.mapping.parts_to_837 import text

_SEXES = frozenset("FM")  # DMG03 of a 276 has no U


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One claim with the numbers by which it is known, and the number of the inquiry (TRN02)."""

    trace: str
    clm01: str
    claim: AnyClaim
    provider: BillingProviderFacts
    payer_control_number: str | None
    clearinghouse_id: str | None


def to_request(
    questions: Sequence[Question], profile: ClearinghouseProfile, reference: str, when: datetime
) -> t276.StatusRequest:
    """One set for one payer, the one of the first question; `reference` is BHT03, `when` BHT04 and BHT05.

    Claims of one provider share his level, those of one insured or patient theirs; order is that of first appearance.
    ValueError, without the text, for what the character set does not hold.
    """
    payer = questions[0].claim.payer
    receiver = t276.Receiver(
        name=Name(
            code="41",
            entity_type="2",
            last_name=wire_text(profile.submitter_name),
            identifier_kind="46",
            identifier=profile.submitter_id,
        )
    )
    for of_provider in _grouped(questions, lambda one: one.provider.npi):
        receiver.providers.append(_provider(of_provider))
    named = Name(
        code="PR",
        entity_type="2",
        last_name=wire_text(payer.name),
        identifier_kind="PI",
        identifier=payer.payer_id,
    )
    return t276.StatusRequest(reference=reference, when=when, sources=[t276.Source(name=named, receivers=[receiver])])


def _grouped(questions: Iterable[Question], key: Callable[[Question], object]) -> list[list[Question]]:
    groups: dict[object, list[Question]] = {}
    for one in questions:
        groups.setdefault(key(one), []).append(one)
    return list(groups.values())


def _provider(questions: Sequence[Question]) -> t276.Provider:
    facts = questions[0].provider
    name = Name(
        code="1P",
        entity_type="1" if facts.last_name else "2",
        last_name=text(facts.last_name or facts.name),
        first_name=text(facts.first_name),
        identifier_kind="XX",
        identifier=facts.npi,
    )
    insured = _grouped(questions, lambda one: one.claim.subscriber or one.claim.patient)
    return t276.Provider(name=name, subscribers=[_subscriber(group) for group in insured])


def _subscriber(questions: Sequence[Question]) -> t276.Subscriber:
    claim = questions[0].claim
    person = claim.subscriber or claim.patient
    found = t276.Subscriber(
        name=_person(person, "IL", person.member_id), birth_date=person.birth_date, sex=_sex(person)
    )
    found.claims = [_claim(one) for one in questions if one.claim.subscriber is None]
    covered = [one for one in questions if one.claim.subscriber is not None]
    found.dependents = [_dependent(group) for group in _grouped(covered, lambda one: one.claim.patient)]
    return found


def _dependent(questions: Sequence[Question]) -> t276.Dependent:
    patient = questions[0].claim.patient
    return t276.Dependent(
        name=_person(patient, "QC", None),
        birth_date=patient.birth_date,
        sex=_sex(patient),
        claims=[_claim(one) for one in questions],
    )


def _person(person: Patient | Subscriber, code: str, member_id: str | None) -> Name:
    return Name(
        code=code,
        last_name=wire_text(person.last_name),
        first_name=text(person.first_name),
        middle_name=text(person.middle_name),
        suffix=text(person.suffix),
        identifier_kind="MI" if member_id else None,
        identifier=member_id,
    )


def _sex(person: Patient | Subscriber) -> str | None:
    return person.sex if person.birth_date is not None and person.sex in _SEXES else None


def _claim(one: Question) -> t276.ClaimRequest:
    first, last = one.claim.service_from, one.claim.service_to
    return t276.ClaimRequest(
        trace=one.trace,
        payer_control_number=one.payer_control_number,
        bill_type=one.claim.bill_type if isinstance(one.claim, InstitutionalClaim) else None,
        patient_control_number=one.clm01,
        clearinghouse_id=one.clearinghouse_id,
        charge_cents=one.claim.charge_cents,
        service_date=first,
        service_date_to=last if last != first else None,
    )
