"""What a 270, 271, 276 or 277 (X212) holds, for `inspect`: counts, codes, numbers of the inquiries, organisations. No person."""

from collections import Counter
from collections.abc import Iterable

from edi.x12.sets import t270, t271, t276, t277
from edi.x12.sets.inquiries import Name

Detail = dict[str, object]
Rows = list[dict[str, object]]


def _organisations(names: Iterable[Name]) -> list[str | None]:
    """Their names, once each; of a person nothing."""
    return list(dict.fromkeys(name.last_name for name in names if name.entity_type == "2"))


# -- 270 and 271 ------------------------------------------------------------------------------------------------------
def eligibility_inquiry(value: t270.EligibilityInquiry) -> Detail:
    """Who is asked, how many people, about what."""
    people = [dependent or subscriber for subscriber, dependent in value.people]
    questions = [question for person in people for question in person.questions]
    return {
        "reference": value.reference,
        "payers": _organisations(one.name for one in value.sources),
        "people": len(people),
        "dependents": sum(dependent is not None for _, dependent in value.people),
        "questions": len(questions),
        "service_types": dict(Counter(code for one in questions for code in one.service_types)),
    }


def eligibility_inquiry_rows(value: t270.EligibilityInquiry) -> Rows:
    """A row for each person, by the numbers of the inquiry."""
    return [
        {
            "traces": [trace.number for trace in person.traces],
            "dependent": dependent is not None,
            "service_types": [code for one in person.questions for code in one.service_types],
        }
        for subscriber, dependent in value.people
        for person in [dependent or subscriber]
    ]


def eligibility_response(value: t271.EligibilityResponse) -> Detail:
    """Who answers, how many people, how many of them are covered, what is rejected."""
    people = [dependent or subscriber for subscriber, dependent in value.people]
    return {
        "reference": value.reference,
        "payers": _organisations(one.name for one in value.sources),
        "people": len(people),
        "active": sum(person.active is True for person in people),
        "inactive": sum(person.active is False for person in people),
        "benefits": sum(len(person.benefits) for person in people),
        "kinds": dict(Counter(one.kind for person in people for one in person.benefits)),
        "rejections": dict(Counter(one.reason for one in value.rejections)),
    }


def eligibility_response_rows(value: t271.EligibilityResponse) -> Rows:
    """A row for each person, by the numbers that are given back."""
    return [
        {
            "traces": [number for number, _ in person.echoed],
            "dependent": dependent is not None,
            "active": person.active,
            "benefits": len(person.benefits),
            "rejections": [one.reason for one in person.rejections],
        }
        for subscriber, dependent in value.people
        for person in [dependent or subscriber]
    ]


# -- 276 and 277 ------------------------------------------------------------------------------------------------------
def status_request(value: t276.StatusRequest) -> Detail:
    """Who is asked about how many claims."""
    claims = list(value.claims)
    return {
        "reference": value.reference,
        "payers": _organisations(one.name for one in value.sources),
        "claims": len(claims),
        "lines": sum(len(claim.lines) for claim in claims),
        "charge_cents": sum(claim.charge_cents or 0 for claim in claims),
    }


def status_request_rows(value: t276.StatusRequest) -> Rows:
    """A row for each claim that is asked about."""
    return [
        {"claim": claim.patient_control_number, "trace": claim.trace, "charge_cents": claim.charge_cents}
        for claim in value.claims
    ]


def status_response(value: t277.StatusResponse) -> Detail:
    """Who answers, and how far the claims have come."""
    claims = list(value.claims)
    return {
        "reference": value.reference,
        "payers": _organisations(one.name for one in value.sources),
        "claims": len(claims),
        "claims_final": sum(any(one.final for one in claim.statuses) for claim in claims),
        "claims_pending": sum(any(one.pending for one in claim.statuses) for claim in claims),
        "claims_not_found": sum(any(one.not_found for one in claim.statuses) for claim in claims),
        "paid_cents": sum(status.paid_cents or 0 for claim in claims for status in claim.statuses[:1]),
        "categories": dict(Counter(status.category for claim in claims for status in claim.statuses)),
        "refusals": [_codes(one) for one in value.refusals],
    }


def status_response_rows(value: t277.StatusResponse) -> Rows:
    """A row for each claim that is answered for."""
    return [
        {
            "claim": claim.patient_control_number,
            "trace": claim.trace,
            "codes": [_codes(one) for status in claim.statuses for one in (status, *status.further)],
        }
        for claim in value.claims
    ]


def _codes(one: t277.StatusCode) -> str:
    return ":".join(filter(None, (one.category, one.code, one.entity)))
