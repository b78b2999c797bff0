"""What the 276 and the 277 (005010X212) have in common: who asks, who is asked, whose claims; and how that is read and
written. Levels: payer (20), who asks (21), provider (19), subscriber (22), dependent (23).
"""

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from edi.x12.sets.inquiries import NAME, LevelPlacer, LevelReader, Name, Step
from edi.x12.sets.placing import Place
from edi.x12.sets.reading import cents, element, optional, quantity
from edi.x12.syntax.document import TransactionSet
from edi.x12.writer import composite, maybe_money, maybe_number

SOURCE, RECEIVER, PROVIDER, SUBSCRIBER, DEPENDENT = "20", "21", "19", "22", "23"
"""Levels (HL03)."""


@dataclass(slots=True, kw_only=True)
class ServiceLine:
    """SVC with what follows it."""

    procedure_kind: str  # SVC01-1: HC, NU, N4 …
    procedure: str  # SVC01-2
    modifiers: list[str] = field(default_factory=list)  # SVC01-3 to SVC01-6
    charge_cents: int | None = None  # SVC02
    revenue_code: str | None = None  # SVC04
    units: Decimal | None = None  # SVC07
    line_control_number: str | None = None  # REF*FJ, the REF*6R of the claim
    service_date: dt.date | None = None  # DTP*472
    service_date_to: dt.date | None = None  # DTP*472 of a period


@dataclass(slots=True, kw_only=True)
class ClaimOfInterest:
    """TRN with what follows it: one claim, by the number of the inquiry and those by which it is known."""

    trace: str  # TRN02: what we call the inquiry; the response gives it back
    payer_control_number: str | None = None  # REF*1K
    bill_type: str | None = None  # REF*BLT, of institutional claims
    patient_control_number: str | None = None  # REF*EJ, our CLM01
    prescription: str | None = None  # REF*XZ
    clearinghouse_id: str | None = None  # REF*D9
    service_date: dt.date | None = None  # DTP*472
    service_date_to: dt.date | None = None  # DTP*472 of a period
    segment_number: int = field(default=0, compare=False)  # of its TRN, ST = 1


@dataclass(slots=True, kw_only=True)
class Level:
    """A level and whom it names."""

    name: Name = field(default_factory=Name)
    segment_number: int = field(default=0, compare=False)  # of its HL, ST = 1


@dataclass(slots=True, kw_only=True)
class ProviderLevel(Level):
    """A provider; one that tells two numbers has two names."""

    further_name: Name | None = None  # a second NM1 of loop 2100C


S = TypeVar("S", bound=Level)
R = TypeVar("R", bound=Level)
P = TypeVar("P", bound=ProviderLevel)
U = TypeVar("U", bound=Level)
D = TypeVar("D", bound=Level)
C = TypeVar("C", bound=ClaimOfInterest)
L = TypeVar("L", bound=ServiceLine)


class ClaimStatusReader(LevelReader, ABC, Generic[S, R, P, U, D, C, L]):
    """``source`` … ``claim`` and ``line`` are what is open; each level goes to the one that HL02 names, else to the one that
    came last. A level whose parent is missing altogether hangs on one without name, but for a dependent: nobody knows
    whose he is.
    """

    references: dict[str, str]
    """Fields of a claim by REF01."""

    def __init__(self, ts: TransactionSet, code: str) -> None:
        super().__init__(ts, code)
        self.source: S | None = None
        self.receiver: R | None = None
        self.provider: P | None = None
        self.person: U | D | None = None
        self.claim: C | None = None
        self.line: L | None = None
        self.lost = False  # in a level that nobody knows
        self._subscriber: U | None = None
        self._sources: dict[str, S] = {}
        self._receivers: dict[str, R] = {}
        self._providers: dict[str, P] = {}
        self._subscribers: dict[str, U] = {}

    # -- of each set ---------------------------------------------------------------------------------------------------
    @abstractmethod
    def new_source(self) -> S:
        """A payer, hung into the value."""

    @abstractmethod
    def new_receiver(self, source: S) -> R:
        """Who asks, below him."""

    @abstractmethod
    def new_provider(self, receiver: R) -> P:
        """A provider below that."""

    @abstractmethod
    def new_subscriber(self, provider: P) -> U:
        """A subscriber below him."""

    @abstractmethod
    def new_dependent(self, subscriber: U) -> D:
        """A dependent below him."""

    @abstractmethod
    def new_claim(self, person: U | D, trace: str) -> C:
        """A claim of a person."""

    @abstractmethod
    def new_line(self, claim: C, kind: str, procedure: str) -> L:
        """A line of a claim."""

    def claim_steps(self) -> dict[str, Step]:
        """The steps that both sets have."""
        return {"HL": self._hl, "NM1": self._nm1, "REF": self._ref, "DTP": self._dtp, "SVC": self._svc}

    # -- levels --------------------------------------------------------------------------------------------------------
    def _hl(self, segment: list[str], number: int) -> bool:
        own, parent, code = (element(segment, at) for at in (1, 2, 3))
        self.person = self.claim = self.line = None
        self.lost = code not in {SOURCE, RECEIVER, PROVIDER, SUBSCRIBER}
        opened: Level
        if code == SOURCE:
            opened = self.source = self._sources[own] = self.new_source()
            self.receiver = self.provider = self._subscriber = None
        elif code == RECEIVER:
            source = self._sources.get(parent) or self.source or self.new_source()
            opened = self.receiver = self._receivers[own] = self.new_receiver(source)
            self.source, self.provider, self._subscriber = source, None, None
        elif code == PROVIDER:
            opened = self.provider = self._providers[own] = self.new_provider(self._receiver_of(parent))
            self._subscriber = None
        elif code == SUBSCRIBER:
            self.provider = self._providers.get(parent) or self.provider or self.new_provider(self._receiver_of(""))
            opened = self.person = self._subscriber = self._subscribers[own] = self.new_subscriber(self.provider)
        elif code == DEPENDENT:
            opened = self._open_dependent(parent)
        else:
            return False
        opened.segment_number = number
        return True

    def _receiver_of(self, parent: str) -> R:
        self.receiver = self._receivers.get(parent) or self.receiver
        if self.receiver is None:
            self.source = self.source or self.new_source()
            self.receiver = self.new_receiver(self.source)
        return self.receiver

    def _open_dependent(self, parent: str) -> D:
        subscriber = self._subscribers.get(parent) or self._subscriber
        if subscriber is None:
            raise ValueError("a dependent without the subscriber to whom he belongs")
        self.lost = False
        opened = self.person = self.new_dependent(subscriber)
        return opened

    # -- segments ------------------------------------------------------------------------------------------------------
    def _nm1(self, segment: list[str], number: int) -> bool:
        owner = None if self.lost else self.person or self.provider or self.receiver or self.source
        if owner is None:
            return False
        if not owner.name.code:
            owner.name = self.take(NAME, segment, number)
        elif isinstance(owner, ProviderLevel) and owner.further_name is None:
            owner.further_name = self.take(NAME, segment, number)
        else:
            return False
        return True

    def open_claim(self, segment: list[str], number: int) -> bool:
        """A TRN of a person; the one before is closed even where this one has no number."""
        self.claim = self.line = None
        trace = element(segment, 2)
        if self.person is None:
            return False
        if not trace:
            raise ValueError("a claim without the number of its inquiry (TRN02)")
        self.claim = self.new_claim(self.person, trace)
        self.claim.segment_number = number
        return True

    def _ref(self, segment: list[str], _number: int) -> bool:
        code, value = element(segment, 1), optional(segment, 2)
        if self.line is not None:
            if code != "FJ" or self.line.line_control_number is not None:
                return False
            self.line.line_control_number = value
            return True
        name = self.references.get(code)
        if self.claim is None or name is None or getattr(self.claim, name) is not None:
            return False
        setattr(self.claim, name, value)
        return True

    def _dtp(self, segment: list[str], number: int) -> bool:
        owner = self.line or self.claim
        if owner is None or element(segment, 1) != "472" or owner.service_date is not None:
            return False
        owner.service_date, owner.service_date_to = self.days(element(segment, 2), element(segment, 3), number, 3)
        return True

    def _svc(self, segment: list[str], number: int) -> bool:
        self.line = None
        if self.claim is None:
            return False
        parts = [*element(segment, 1).split(self.ts.delimiters.component), ""]
        self.line = self.new_line(self.claim, parts[0], parts[1])
        self.line.modifiers = [one for one in parts[2:6] if one]
        self.line.charge_cents = self.money(segment, 2, number)
        self.line.revenue_code = optional(segment, 4)
        try:
            self.line.units = quantity(segment[7]) if element(segment, 7) else None
        except ValueError as problem:
            self.unread(number, str(problem), 7, segment[7])
        return True

    def money(self, segment: list[str], at: int, number: int) -> int | None:
        """Cents of an element; None where it is blank or cannot be read."""
        text = element(segment, at)
        try:
            return cents(text) if text else None
        except ValueError as problem:
            self.unread(number, str(problem), at, text)
            return None


class ClaimStatusWriter(LevelPlacer):
    """Writes what both sets have."""

    def provider_names(self, place: Place, value: ProviderLevel) -> None:
        """NM1, once or twice."""
        self.named(place, value.name)
        if value.further_name is not None:
            self.named(place, value.further_name)

    def references(self, place: Place, value: ClaimOfInterest, names: dict[str, str]) -> None:
        """REF, by qualifier in the order of the table."""
        for code, name in names.items():
            if given := getattr(value, name):
                self.put(place, "REF", code, given)

    def served(self, place: Place, value: ClaimOfInterest | ServiceLine) -> None:
        """DTP*472, where there is one."""
        if value.service_date is not None or value.service_date_to is not None:
            self.dated(place, "472", value.service_date, value.service_date_to)

    def service(self, above: Place, value: ServiceLine, paid_cents: int | None = None) -> Place:
        """SVC, opening a loop below ``above``."""
        place = self.loop(above, "SVC", "")
        procedure = composite(value.procedure_kind, value.procedure, *value.modifiers)
        money = (maybe_money(value.charge_cents), maybe_money(paid_cents))
        self.out.put(place.opening, procedure, *money, value.revenue_code or "", "", "", maybe_number(value.units))
        return place

    def line_number(self, place: Place, value: ServiceLine) -> None:
        """REF*FJ."""
        if value.line_control_number:
            self.put(place, "REF", "FJ", value.line_control_number)
