"""The eligibility response as values: 271, guide 005010X279A1. Money is integer cents, blank is None; lists keep the order of
the file, codes stay as they came.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from edi.x12.sets.eligibility import Party, Payer, Person, Procedure, Specialty
from edi.x12.sets.inquiries import Dated, Name, Reference
from edi.x12.sets.shared import Address, Contact
from edi.x12.syntax.document import TransactionSet

ACTIVE = frozenset({"1", "2", "3", "4", "5"})
"""EB01 of a coverage that is in force: active, at full risk, capitated or pending investigation."""
INACTIVE = frozenset({"6", "7", "8"})
"""EB01 of one that is not, the update of it pending included."""
ECHOED = "2"
"""TRN01 of the number that the inquiry had."""


@dataclass(slots=True, kw_only=True)
class Rejection:
    """AAA: why a request is not answered, or not as it was asked."""

    valid: str  # AAA01: Y the request was sound, N it was not; refused either way
    reason: str  # AAA03: 42 cannot respond now, 71 birth date differs, 72 member id, 75 not found …
    follow_up: str  # AAA04: C correct and ask again, N do not, R again allowed, Y wait for our answer …
    segment_number: int = field(default=0, compare=False)  # ST = 1


@dataclass(slots=True, kw_only=True)
class Military:
    """MPI: service in the armed forces."""

    status: str  # MPI01
    employment: str  # MPI02
    affiliation: str  # MPI03
    text: str | None = None  # MPI04
    rank: str | None = None  # MPI05
    date: dt.date | None = None  # MPI07
    date_to: dt.date | None = None  # MPI07 of a period


@dataclass(slots=True, kw_only=True)
class Visits:
    """HSD: how many, how often, in which pattern."""

    quantity_kind: str | None = None  # HSD01: VS visits, DY days, HS hours …
    quantity: Decimal | None = None  # HSD02
    unit: str | None = None  # HSD03
    per: Decimal | None = None  # HSD04
    period: str | None = None  # HSD05, as EB06
    period_count: int | None = None  # HSD06
    frequency: str | None = None  # HSD07
    time_of_day: str | None = None  # HSD08


@dataclass(slots=True, kw_only=True)
class Limit:
    """III: a place of service, a diagnosis or words, to which the benefit is limited."""

    kind: str | None = None  # III01: ZZ place of service, GR, NI
    code: str | None = None  # III02
    category: str | None = None  # III03: 44, the nature of an injury
    text: str | None = None  # III04


@dataclass(slots=True, kw_only=True)
class Related:
    """NM1 of loop 2120: somebody whom a benefit names, such as another payer or the primary care provider."""

    name: Name = field(default_factory=Name)
    address: Address | None = None
    region: str | None = None  # N406, a health service region of the armed forces
    contacts: list[Contact] = field(default_factory=list)
    provider: Specialty | None = None


@dataclass(slots=True, kw_only=True)
class Benefit:
    """EB with what follows it: one statement of the payer."""

    kind: (
        str  # EB01: 1 active, 6 inactive, A co-insurance, B co-payment, C deductible, G out of pocket, R other payer …
    )
    coverage_level: str | None = None  # EB02: IND, FAM …
    service_types: list[str] = field(default_factory=list)  # EB03
    insurance_type: str | None = None  # EB04: HM, PR, MB …
    plan: str | None = None  # EB05
    period: str | None = None  # EB06: 23 calendar year, 27 visit, 29 remaining …
    amount_cents: int | None = None  # EB07
    share: Decimal | None = None  # EB08, the patient's: 0.2 for 20 %
    quantity_kind: str | None = None  # EB09
    quantity: Decimal | None = None  # EB10
    authorization: str | None = None  # EB11: Y needed, N not, U unknown
    in_network: str | None = None  # EB12: Y in, N out, W both, U unknown
    procedure: Procedure | None = None  # EB13
    diagnosis_pointers: list[int] = field(default_factory=list)  # EB14, positions in HI from 1
    visits: list[Visits] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)  # MSG01
    limits: list[Limit] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)  # ST = 1


@dataclass(slots=True, kw_only=True)
class _Answered(Person):
    rejections: list[Rejection] = field(default_factory=list)
    military: Military | None = None
    benefits: list[Benefit] = field(default_factory=list)

    @property
    def echoed(self) -> list[tuple[str, str | None]]:
        """Numbers of the inquiry that is answered here, each with who gave it (TRN02, TRN03)."""
        return [(one.number, one.originator) for one in self.traces if one.kind == ECHOED]

    @property
    def active(self) -> bool | None:
        """Whether the plan covers him: None where it does not say, or says both."""
        said = {one.kind in ACTIVE for one in self.benefits if one.kind in ACTIVE | INACTIVE}
        return said.pop() if len(said) == 1 else None


@dataclass(slots=True, kw_only=True)
class Dependent(_Answered):
    """A person who is insured through a subscriber."""


@dataclass(slots=True, kw_only=True)
class Subscriber(_Answered):
    """The insured; anybody with a number of his own."""

    dependents: list[Dependent] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Receiver(Party):
    """Who asked: the provider."""

    rejections: list[Rejection] = field(default_factory=list)
    subscribers: list[Subscriber] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Source(Payer):
    """Who answers: the payer."""

    system_rejections: list[Rejection] = field(default_factory=list)  # of loop 2000A, before the name
    contacts: list[Contact] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)  # of loop 2100A
    receivers: list[Receiver] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class EligibilityResponse:
    """One 271 transaction set."""

    reference: str | None = None  # BHT03, that of the inquiry in real time
    purpose: str = "11"  # BHT02: 11 response, 06 confirmation of a cancellation
    when: dt.datetime | None = None  # BHT04, BHT05; None where a set that was read does not tell it
    sources: list[Source] = field(default_factory=list)
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)

    @property
    def receivers(self) -> Iterator[Receiver]:
        """Those of all sources."""
        return (receiver for source in self.sources for receiver in source.receivers)

    @property
    def people(self) -> Iterator[tuple[Subscriber, Dependent | None]]:
        """Everybody answered for: a subscriber of his own, and each dependent with his subscriber."""
        for receiver in self.receivers:
            for subscriber in receiver.subscribers:
                if subscriber.benefits or subscriber.rejections or not subscriber.dependents:
                    yield subscriber, None
                for dependent in subscriber.dependents:
                    yield subscriber, dependent

    @property
    def rejections(self) -> Iterator[Rejection]:
        """Those of whole requests and of persons, not those of single benefits."""
        for source in self.sources:
            yield from (*source.system_rejections, *source.rejections)
        for receiver in self.receivers:
            yield from receiver.rejections
            for subscriber in receiver.subscribers:
                yield from subscriber.rejections
                for dependent in subscriber.dependents:
                    yield from dependent.rejections
