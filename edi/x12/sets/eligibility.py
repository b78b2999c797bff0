"""What the 270 and the 271 have in common: who asks, who is asked, who is asked about; and how that is read and written."""

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from edi.x12.sets.inquiries import (
    NAME,
    REFERENCE,
    TRACE,
    Dated,
    LevelPlacer,
    LevelReader,
    Name,
    Reference,
    Step,
    Trace,
    take_address,
)
from edi.x12.sets.layouts import Layout
from edi.x12.sets.placing import Place
from edi.x12.sets.reading import element, optional, whole
from edi.x12.sets.shared import Address
from edi.x12.syntax.document import TransactionSet
from edi.x12.writer import composite, maybe_day

SOURCE, RECEIVER, SUBSCRIBER, DEPENDENT = "20", "21", "22", "23"
"""Levels (HL03)."""


@dataclass(slots=True, kw_only=True)
class Specialty:
    """PRV: what a provider does, and a number of his."""

    role: str  # PRV01: BI billing, PE performing, RF referring …
    kind: str | None = None  # PRV02: PXC taxonomy, HPI NPI …
    code: str | None = None  # PRV03


@dataclass(slots=True, kw_only=True)
class Relationship:
    """INS: how a person belongs to the insured, and which of several children born at once this is."""

    insured: str  # INS01: Y the subscriber, N a dependent
    code: str  # INS02: 18 self, 01 spouse, 19 child, 34 other adult …
    maintenance: str | None = None  # INS03: 001 this differs from what was asked
    maintenance_reason: str | None = None  # INS04
    birth_sequence: int | None = None  # INS17


@dataclass(slots=True, kw_only=True)
class Diagnosis:
    """One code of HI."""

    kind: str  # HI01-1: ABK, BK the first; ABF, BF others
    code: str  # HI01-2, without point


@dataclass(slots=True, kw_only=True)
class Procedure:
    """A service by its code (EQ02, EB13)."""

    kind: str  # HC, AD, N4 …
    code: str
    modifiers: list[str] = field(default_factory=list)
    code_to: str | None = None  # the last of a range, in the 271 only


@dataclass(slots=True, kw_only=True)
class Person:
    """Subscriber or dependent."""

    name: Name = field(default_factory=Name)
    traces: list[Trace] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    address: Address | None = None
    provider: Specialty | None = None
    birth_date: dt.date | None = None  # DMG02
    sex: str | None = None  # DMG03
    relationship: Relationship | None = None
    diagnoses: list[Diagnosis] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)  # of its HL, ST = 1


@dataclass(slots=True, kw_only=True)
class Party:
    """Information receiver: who asks."""

    name: Name = field(default_factory=Name)
    references: list[Reference] = field(default_factory=list)
    address: Address | None = None
    provider: Specialty | None = None
    segment_number: int = field(default=0, compare=False)  # of its HL, ST = 1


@dataclass(slots=True, kw_only=True)
class Payer:
    """Information source: who is asked."""

    name: Name = field(default_factory=Name)
    segment_number: int = field(default=0, compare=False)  # of its HL, ST = 1


SPECIALTY = Layout(Specialty, role=1, kind=2, code=3)
_RELATIONSHIP = Layout(Relationship, insured=1, code=2, maintenance=3, maintenance_reason=4, birth_sequence=17)

S = TypeVar("S", bound=Payer)
R = TypeVar("R", bound=Party)
M = TypeVar("M", bound=Person)
D = TypeVar("D", bound=Person)


class EligibilityReader(LevelReader, ABC, Generic[S, R, M, D]):
    """``source``, ``receiver``, ``subscriber`` and ``person`` are what is open; each level goes to the one that HL02 names,
    else to the one that came last. A level whose parent is missing altogether hangs on one without name, but for a
    dependent: nobody knows whose he is.
    """

    def __init__(self, ts: TransactionSet, code: str) -> None:
        super().__init__(ts, code)
        self.source: S | None = None
        self.receiver: R | None = None
        self.person: M | D | None = None
        self._subscriber: M | None = None
        self._lost = False
        self._sources: dict[str, S] = {}
        self._receivers: dict[str, R] = {}
        self._subscribers: dict[str, M] = {}

    # -- of each set ---------------------------------------------------------------------------------------------------
    @abstractmethod
    def new_source(self) -> S:
        """A source, hung into the value."""

    @abstractmethod
    def new_receiver(self, source: S) -> R:
        """A receiver below it."""

    @abstractmethod
    def new_subscriber(self, receiver: R) -> M:
        """A subscriber below it."""

    @abstractmethod
    def new_dependent(self, subscriber: M) -> D:
        """A dependent below him."""

    @abstractmethod
    def shut(self) -> None:
        """A new level begins: what was open in the one before is closed."""

    def person_steps(self) -> dict[str, Step]:
        """The steps that both sets have."""
        return {
            "HL": self._hl, "TRN": self._trn, "NM1": self._nm1, "REF": self._ref, "N3": self._address, "N4": self._address,
            "PRV": self._prv, "DMG": self._dmg, "INS": self._ins, "HI": self._hi, "DTP": self._dtp,
        }  # fmt: skip

    # -- levels --------------------------------------------------------------------------------------------------------
    def _hl(self, segment: list[str], number: int) -> bool:
        own, parent, level = (element(segment, at) for at in (1, 2, 3))
        self.shut()
        self.person, self._lost = None, level not in {SOURCE, RECEIVER, SUBSCRIBER}
        opened: Payer | Party | Person
        if level == SOURCE:
            opened = self.source = self._sources[own] = self.new_source()
            self.receiver = self._subscriber = None
        elif level == RECEIVER:
            source = self._sources.get(parent) or self.source or self.new_source()
            opened = self.receiver = self._receivers[own] = self.new_receiver(source)
            self.source, self._subscriber = source, None
        elif level == SUBSCRIBER:
            opened = self._open_subscriber(own, parent)
        elif level == DEPENDENT:
            subscriber = self._subscribers.get(parent) or self._subscriber
            if subscriber is None:
                raise ValueError("a dependent without the subscriber to whom he belongs")
            opened = self.person = self.new_dependent(subscriber)
        else:
            return False
        opened.segment_number = number
        return True

    def _open_subscriber(self, own: str, parent: str) -> M:
        receiver = self._receivers.get(parent) or self.receiver
        if receiver is None:
            self.source = self.source or self.new_source()
            receiver = self.new_receiver(self.source)
        self.receiver = receiver
        opened = self._subscriber = self._subscribers[own] = self.person = self.new_subscriber(receiver)
        return opened

    # -- segments ------------------------------------------------------------------------------------------------------
    def _trn(self, segment: list[str], number: int) -> bool:
        if self.person is None:
            return False
        self.person.traces.append(self.take(TRACE, segment, number))
        return True

    def _nm1(self, segment: list[str], number: int) -> bool:
        owner = self.person or self._above()
        if owner is None or owner.name.code:
            return False
        owner.name = self.take(NAME, segment, number)
        return True

    def _above(self) -> R | S | None:
        """The open level above the persons: None in a level that nobody knows."""
        return None if self._lost else self.receiver or self.source

    def _party(self) -> M | D | R | None:
        """The person or receiver at hand."""
        return self.person or (None if self._lost else self.receiver)

    def _ref(self, segment: list[str], number: int) -> bool:
        owner = self._party()
        if owner is None:
            return False
        owner.references.append(self.take(REFERENCE, segment, number))
        return True

    def _address(self, segment: list[str], _number: int) -> bool:
        owner = self._party()
        given = None if owner is None else take_address(owner.address, segment)
        if owner is None or given is None:
            return False
        owner.address = given
        return True

    def _prv(self, segment: list[str], number: int) -> bool:
        owner = self._party()
        if owner is None or owner.provider is not None:
            return False
        owner.provider = self.take(SPECIALTY, segment, number)
        return True

    def _dmg(self, segment: list[str], number: int) -> bool:
        person = self.person
        if person is None or person.birth_date or person.sex:
            return False
        if element(segment, 1) or element(segment, 2):
            person.birth_date, _ = self.days(element(segment, 1), element(segment, 2), number, 2)
        person.sex = optional(segment, 3)
        return True

    def _ins(self, segment: list[str], number: int) -> bool:
        if self.person is None or self.person.relationship is not None:
            return False
        self.person.relationship = self.take(_RELATIONSHIP, segment, number)
        return True

    def _hi(self, segment: list[str], _number: int) -> bool:
        if self.person is None or self.person.diagnoses:
            return False
        pairs = [[*one.split(self.ts.delimiters.component), ""] for one in segment[1:] if one]
        self.person.diagnoses = [Diagnosis(kind=kind, code=code) for kind, code, *_ in pairs]
        return True

    def _dtp(self, segment: list[str], number: int) -> bool:
        if self.person is None:
            return False
        self.person.dates.append(self.dated(segment, number))
        return True

    # -- composites ----------------------------------------------------------------------------------------------------
    def procedure(self, text: str) -> Procedure | None:
        """EQ02 or EB13; None where blank."""
        if not text:
            return None
        parts = [*text.split(self.ts.delimiters.component), *[""] * 8]
        modifiers = [one for one in parts[2:6] if one]
        return Procedure(kind=parts[0], code=parts[1], modifiers=modifiers, code_to=parts[7] or None)

    def pointers(self, segment: list[str], at: int, number: int) -> list[int]:
        """Positions of the diagnoses in HI, from 1; empty where one of them is no number."""
        text = element(segment, at)
        try:
            return [whole(one) for one in text.split(self.ts.delimiters.component) if one]
        except ValueError as problem:
            self.unread(number, str(problem), at, text)
            return []


class EligibilityWriter(LevelPlacer):
    """Writes what both sets have."""

    def traces(self, place: Place, values: list[Trace]) -> None:
        """TRN."""
        self.each(place, "TRN", TRACE, values)

    def party(self, place: Place, value: Party) -> Place:
        """NM1, REF, N3 and N4 of the receiver."""
        inner = self.named(place, value.name)
        self.each(inner, "REF", REFERENCE, value.references)
        if value.address is not None:
            self.address(inner, value.address)
        return inner

    def person(self, place: Place, value: Person) -> Place:
        """NM1, REF, N3 and N4 of a person."""
        inner = self.named(place, value.name)
        self.each(inner, "REF", REFERENCE, value.references)
        if value.address is not None:
            self.address(inner, value.address)
        return inner

    def provider(self, place: Place, value: Specialty | None) -> None:
        """PRV."""
        if value is not None:
            self.lay(place, "PRV", SPECIALTY, value)

    def particulars(self, place: Place, value: Person) -> None:
        """PRV, DMG, INS, HI and DTP of a person."""
        self.provider(place, value.provider)
        if value.birth_date is not None or value.sex:
            kind = "D8" if value.birth_date is not None else ""
            self.put(place, "DMG", kind, maybe_day(value.birth_date), value.sex or "")
        if value.relationship is not None:
            self.lay(place, "INS", _RELATIONSHIP, value.relationship)
        if value.diagnoses:
            self.put(place, "HI", *(composite(one.kind, one.code) for one in value.diagnoses))
        self.dates(place, value.dates)


def procedure_text(value: Procedure | None) -> str:
    """EQ02 or EB13; blank where there is none."""
    if value is None:
        return ""
    modifiers = value.modifiers if value.code_to is None else [*value.modifiers, "", "", "", ""][:4]
    return composite(value.kind, value.code, *modifiers, *([] if value.code_to is None else ["", value.code_to]))


def pointers_text(values: list[int]) -> str:
    """EQ05 or EB14."""
    return composite(*map(str, values))
