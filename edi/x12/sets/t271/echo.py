"""Which person of an inquiry a response answers: by the numbers of the 270 (TRN*1) that the 271 gives back (TRN*2)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from edi.findings import Finding, Place, Severity
from edi.x12.sets import t270
from edi.x12.sets.t271.values import Dependent, EligibilityResponse, Subscriber

Asked = t270.Subscriber | t270.Dependent
Answered = Subscriber | Dependent


@dataclass(slots=True, kw_only=True)
class Echo:
    """``pairs`` is who was asked about with what was answered, in the order of the response; ``findings`` whoever is left."""

    pairs: list[tuple[Asked, Answered]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def echo(inquiry: t270.EligibilityInquiry, response: EligibilityResponse) -> Echo:
    """The pairs. A number counts with who gave it (TRN03), or alone where only one person of the inquiry has it.

    X271-NOT-ASKED (error): somebody is answered for who was not asked about, or who cannot be told; no benefit of his may
    be used. X271-UNANSWERED (warning): somebody is neither answered for nor is the request rejected as a whole.
    """
    found = Echo()
    known = _numbers(inquiry)
    answered: set[int] = set()
    for subscriber, dependent in response.people:
        person = dependent or subscriber
        asked = next((known[one] for one in _keys(person) if one in known), None)
        if asked is None:
            found.findings.append(_not_asked(person, response))
        else:
            answered.add(id(asked))
            found.pairs.append((asked, person))
    if not any(response.rejections):
        found.findings += [_unanswered(one) for one in _asked(inquiry) if id(one) not in answered]
    return found


def _asked(inquiry: t270.EligibilityInquiry) -> Iterator[Asked]:
    return (dependent or subscriber for subscriber, dependent in inquiry.people)


def _numbers(inquiry: t270.EligibilityInquiry) -> dict[tuple[str, str | None], Asked]:
    """By number and originator, and by number alone where nobody else has it."""
    every = [(trace, person) for person in _asked(inquiry) for trace in person.traces]
    holders: dict[str, list[Asked]] = {}
    for trace, person in every:
        holders.setdefault(trace.number, []).append(person)
    alone: dict[tuple[str, str | None], Asked] = {
        (number, ""): one[0] for number, one in holders.items() if len(one) == 1
    }
    return alone | {(trace.number, trace.originator): person for trace, person in every}


def _keys(person: Answered) -> Iterator[tuple[str, str | None]]:
    yield from person.echoed
    yield from ((number, "") for number, _ in person.echoed)


def _not_asked(person: Answered, response: EligibilityResponse) -> Finding:
    place = response.raw.place(person.segment_number) if response.raw and person.segment_number else Place()
    return Finding(
        severity=Severity.ERROR,
        code="X271-NOT-ASKED",
        message="a person who was not asked about: no number of the inquiry is given back",
        cure="Do not use what is said of this person; ask the payer whose it is.",
        place=place,
        snip=4,
    )


def _unanswered(person: Asked) -> Finding:
    return Finding(
        severity=Severity.WARNING,
        code="X271-UNANSWERED",
        message="a person who was asked about is not answered for",
        cure="Ask again.",
        place=Place(segment_number=person.segment_number or None, segment="HL"),
        snip=4,
    )
