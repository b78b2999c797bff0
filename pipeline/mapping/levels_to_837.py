"""The levels above a claim, which both 837 guides share: who bills, who is insured with whom, who was treated."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from edi.x12.sets import t837p
from pipeline.domain import claim as canonical
from pipeline.domain.claim import BaseClaim
from pipeline.domain.provider import BillingProviderFacts
from pipeline.domain.wire_text import wire_text
from pipeline.mapping.parts_to_837 import address, text

SELF = "18"  # SBR02

C = TypeVar("C", bound=BaseClaim)


@dataclass(frozen=True, slots=True)
class Levels(Generic[C]):
    """The values of one guide, and how its claims become them."""

    billing: Callable[..., Any]
    subscriber: Callable[..., Any]
    patient: Callable[..., Any]
    claim: Callable[[str, C], Any]
    of_subscriber: Callable[[C], dict[str, Any]] = lambda _claim: {}
    """What only this guide tells of a subscriber."""

    def of(self, claims: Iterable[tuple[str, C]], provider: BillingProviderFacts) -> Any:
        """The billing provider with all its claims, each with its CLM01.

        Claims that have patient, payer and plan wholly in common share their subscriber loop, dependents of one
        subscriber share it too; order is that of first appearance.
        """
        billing = self.billing(**_billing(provider))
        subscribers: dict[object, Any] = {}
        patients: dict[object, Any] = {}
        for control_number, claim in claims:
            insured: object = (claim.payer, claim.subscriber or claim.patient)
            subscriber = subscribers.get(insured)
            if subscriber is None:
                subscriber = subscribers[insured] = self.subscriber(**_subscriber(claim), **self.of_subscriber(claim))
                billing.subscribers.append(subscriber)
            if claim.subscriber is None:
                subscriber.claims.append(self.claim(control_number, claim))
                continue
            treated: object = (insured, claim.patient, claim.relationship)
            patient = patients.get(treated)
            if patient is None:
                patient = patients[treated] = self.patient(**_patient(claim))
                subscriber.patients.append(patient)
            patient.claims.append(self.claim(control_number, claim))
        return billing


def _billing(facts: BillingProviderFacts) -> dict[str, Any]:
    """Loops 2000A, 2010AA and 2010AB, still without subscribers."""
    return {
        "name": text(facts.name),
        "last_name": text(facts.last_name),
        "first_name": text(facts.first_name),
        "npi": facts.npi,
        "taxonomy": facts.taxonomy,
        "tax_id": facts.tax_id,
        "tax_id_kind": facts.tax_id_kind,
        "address": address(facts.address),
        "contact_name": text(facts.contact_name),
        "phone": facts.phone,
        "pay_to": address(facts.pay_to) if facts.pay_to else None,
    }


def _subscriber(claim: BaseClaim) -> dict[str, Any]:
    """Loops 2000B, 2010BA and 2010BB of the claim's insured."""
    payer = claim.payer
    person = claim.subscriber or claim.patient
    return {
        "responsibility": payer.responsibility,
        "relationship": None if claim.subscriber else SELF,
        "group_number": payer.group_number,
        "group_name": text(payer.group_name),
        "filing_code": payer.filing_code,
        "last_name": wire_text(person.last_name),
        "first_name": wire_text(person.first_name),
        "middle_name": text(person.middle_name),
        "suffix": text(person.suffix),
        "member_id": person.member_id,
        "address": address(person.address) if person.address else None,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "payer": t837p.Payer(
            name=wire_text(payer.name),
            identifier=payer.payer_id,
            address=address(payer.address) if payer.address else None,
        ),
    }


def _patient(claim: BaseClaim) -> dict[str, Any]:
    """Loops 2000C and 2010CA: a patient who is not the subscriber."""
    if claim.relationship is None:
        raise ValueError("a patient who is not the subscriber has a relationship")
    person = claim.patient
    return {
        "relationship": claim.relationship,
        "last_name": wire_text(person.last_name),
        "first_name": wire_text(person.first_name),
        "middle_name": text(person.middle_name),
        "suffix": text(person.suffix),
        "address": address(person.address),
        "birth_date": person.birth_date,
        "sex": person.sex,
    }


def provider_of(provider: canonical.Provider | None) -> t837p.Provider | None:
    """Who took part in the service."""
    if provider is None:
        return None
    return t837p.Provider(
        name=text(provider.name),
        last_name=text(provider.last_name),
        first_name=text(provider.first_name),
        middle_name=text(provider.middle_name),
        suffix=text(provider.suffix),
        npi=provider.npi,
        taxonomy=provider.taxonomy,
    )


def facility_of(facility: canonical.Facility | None) -> t837p.Facility | None:
    """Where the service was given."""
    if facility is None:
        return None
    return t837p.Facility(name=wire_text(facility.name), npi=facility.npi, address=address(facility.address))


def attachment_of(attachment: canonical.Attachment) -> t837p.Attachment:
    """A paper that goes another way."""
    return t837p.Attachment(
        report_type=attachment.type, transmission=attachment.transmission, control_number=attachment.control_number
    )
