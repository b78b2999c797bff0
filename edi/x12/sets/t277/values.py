"""The claim status response as values: 277, guide 005010X212. Money is integer cents, blank is None; lists keep the order of
the file, codes stay as they came.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from edi.x12.sets.claim_status import ClaimOfInterest, Level, ProviderLevel, ServiceLine
from edi.x12.sets.shared import Contact
from edi.x12.syntax.document import TransactionSet

NOT_FOUND = ("A4", "D0")
"""Categories that say: no such claim here."""


@dataclass(slots=True, kw_only=True)
class StatusCode:
    """What is said, as codes of the national lists (508, 507, element 98), or of the pharmacies' where ``code_list`` is RX."""

    category: str  # F finalized, P pending, R request for information, A acknowledgment, D data search, E error
    code: str
    entity: str | None = None
    code_list: str | None = None

    @property
    def final(self) -> bool:
        """Whether the payer has decided: only the F categories end a claim's way."""
        return self.category.startswith("F")

    @property
    def pending(self) -> bool:
        """Whether the payer has the claim and has not decided; a request for information included."""
        return self.category.startswith(("P", "R"))

    @property
    def not_found(self) -> bool:
        """Whether the payer has no such claim."""
        return self.category.startswith(NOT_FOUND)


@dataclass(slots=True, kw_only=True)
class Status(StatusCode):
    """STC: a code with its day, of a claim with money and decision too."""

    date: dt.date | None = None  # STC02, since when
    charge_cents: int | None = None  # STC04
    paid_cents: int | None = None  # STC05
    decided_date: dt.date | None = None  # STC06
    paid_date: dt.date | None = None  # STC08, of check or EFT
    payment_number: str | None = None  # STC09: check number, or trace of the EFT
    further: list[StatusCode] = field(default_factory=list)  # STC10, STC11
    segment_number: int = field(default=0, compare=False)  # ST = 1


@dataclass(slots=True, kw_only=True)
class LineStatus(ServiceLine):
    """SVC with what the payer says of the line."""

    paid_cents: int | None = None  # SVC03
    statuses: list[Status] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ClaimStatus(ClaimOfInterest):
    """What the payer says of one claim; ``trace`` is that of the 276."""

    voucher: str | None = None  # REF*VV
    statuses: list[Status] = field(default_factory=list)
    lines: list[LineStatus] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Dependent(Level):
    """A patient who is insured through a subscriber."""

    claims: list[ClaimStatus] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Subscriber(Level):
    """The insured; any patient with a number of his own."""

    claims: list[ClaimStatus] = field(default_factory=list)
    dependents: list[Dependent] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Provider(ProviderLevel):
    """Who billed; with statuses where the request is refused for him as a whole."""

    trace: str | None = None  # TRN02 of loop 2200C
    statuses: list[Status] = field(default_factory=list)
    subscribers: list[Subscriber] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Receiver(Level):
    """Who asked; with statuses where the request is refused as a whole."""

    trace: str | None = None  # TRN02 of loop 2200B, the BHT03 of the 276
    statuses: list[Status] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Source(Level):
    """Who answers: the payer."""

    contacts: list[Contact] = field(default_factory=list)
    receivers: list[Receiver] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class StatusResponse:
    """One 277 transaction set."""

    reference: str  # BHT03
    when: dt.datetime | None = None  # BHT04, BHT05; None where a set that was read does not tell it
    sources: list[Source] = field(default_factory=list)
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)

    @property
    def receivers(self) -> Iterator[Receiver]:
        """Those of all payers."""
        return (receiver for source in self.sources for receiver in source.receivers)

    @property
    def providers(self) -> Iterator[Provider]:
        """Those of all receivers."""
        return (provider for receiver in self.receivers for provider in receiver.providers)

    @property
    def claims(self) -> Iterator[ClaimStatus]:
        """Every claim that is answered for."""
        for provider in self.providers:
            for subscriber in provider.subscribers:
                yield from subscriber.claims
                for dependent in subscriber.dependents:
                    yield from dependent.claims

    @property
    def refusals(self) -> Iterator[Status]:
        """What is said of the whole request, and of providers as a whole."""
        for receiver in self.receivers:
            yield from receiver.statuses
            for provider in receiver.providers:
                yield from provider.statuses
