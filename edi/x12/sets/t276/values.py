"""The claim status request as values: 276, guide 005010X212. Money is integer cents, blank is None; lists keep the order of
the file.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from edi.x12.sets.claim_status import ClaimOfInterest, Level, ProviderLevel, ServiceLine
from edi.x12.syntax.document import TransactionSet


@dataclass(slots=True, kw_only=True)
class ClaimRequest(ClaimOfInterest):
    """One claim that is asked about."""

    location: str | None = None  # REF*LU, which of the payer's systems has it
    group_number: str | None = None  # REF*6P
    charge_cents: int | None = None  # AMT*T3
    lines: list[ServiceLine] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Dependent(Level):
    """A patient who is insured through a subscriber and has no number of his own."""

    birth_date: dt.date | None = None  # DMG02
    sex: str | None = None  # DMG03
    claims: list[ClaimRequest] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Subscriber(Level):
    """The insured; any patient with a number of his own."""

    birth_date: dt.date | None = None  # DMG02
    sex: str | None = None  # DMG03
    claims: list[ClaimRequest] = field(default_factory=list)
    dependents: list[Dependent] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Provider(ProviderLevel):
    """Who billed."""

    subscribers: list[Subscriber] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Receiver(Level):
    """Who asks: the submitter."""

    providers: list[Provider] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Source(Level):
    """Who is asked: the payer."""

    receivers: list[Receiver] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class StatusRequest:
    """One 276 transaction set."""

    reference: str  # BHT03
    when: dt.datetime | None = None  # BHT04, BHT05; None where a set that was read does not tell it
    sources: list[Source] = field(default_factory=list)
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)

    @property
    def claims(self) -> Iterator[ClaimRequest]:
        """Every claim that is asked about."""
        for source in self.sources:
            for receiver in source.receivers:
                for provider in receiver.providers:
                    for subscriber in provider.subscribers:
                        yield from subscriber.claims
                        for dependent in subscriber.dependents:
                            yield from dependent.claims
