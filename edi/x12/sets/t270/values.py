"""The eligibility inquiry as values: 270, guide 005010X279A1. Money is integer cents, blank is None; lists keep the order of
the file, codes stay as they came.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from edi.x12.sets.eligibility import Party, Payer, Person, Procedure
from edi.x12.sets.inquiries import Dated, Reference
from edi.x12.syntax.document import TransactionSet


@dataclass(slots=True, kw_only=True)
class Question:
    """EQ with what follows it: what is asked about a person. It has service types or a procedure."""

    service_types: list[str] = field(default_factory=list)  # EQ01: 30 is the plan as a whole
    procedure: Procedure | None = None  # EQ02
    coverage_level: str | None = None  # EQ03: FAM, the family's too; of a subscriber only
    diagnosis_pointers: list[int] = field(default_factory=list)  # EQ05, positions in HI from 1
    spend_down_cents: int | None = None  # AMT*R, of a subscriber only
    billed_cents: int | None = None  # AMT*PB, the same
    place_of_service: str | None = None  # III02
    reference: Reference | None = None  # REF: 9F referral, G1 prior authorization
    date: Dated | None = None  # DTP*291, where it differs from the person's
    segment_number: int = field(default=0, compare=False)  # ST = 1


@dataclass(slots=True, kw_only=True)
class Dependent(Person):
    """A person who is insured through a subscriber and has no number of his own."""

    questions: list[Question] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Subscriber(Person):
    """The insured; anybody with a number of his own."""

    questions: list[Question] = field(default_factory=list)
    dependents: list[Dependent] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Receiver(Party):
    """Who asks: the provider."""

    subscribers: list[Subscriber] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Source(Payer):
    """Who is asked: the payer."""

    receivers: list[Receiver] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class EligibilityInquiry:
    """One 270 transaction set."""

    reference: str | None = None  # BHT03
    purpose: str = "13"  # BHT02: 13 request, 01 cancellation, 36 authority to deduct (spend down)
    when: dt.datetime | None = None  # BHT04, BHT05; None where a set that was read does not tell it
    real_time_kind: str | None = None  # BHT06: RT, with a spend down
    sources: list[Source] = field(default_factory=list)
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)

    @property
    def people(self) -> Iterator[tuple[Subscriber, Dependent | None]]:
        """Everybody asked about: a subscriber of his own, and each dependent with his subscriber."""
        for source in self.sources:
            for receiver in source.receivers:
                for subscriber in receiver.subscribers:
                    if subscriber.questions or not subscriber.dependents:
                        yield subscriber, None
                    for dependent in subscriber.dependents:
                        yield subscriber, dependent
