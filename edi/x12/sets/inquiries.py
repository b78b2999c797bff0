"""What inquiries and their responses have in common (270, 271, 276, 277): values, where their fields stand, and how levels
are written and read.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from edi.findings import Finding
from edi.x12.sets.layouts import Layout
from edi.x12.sets.placing import Place, Placer, period
from edi.x12.sets.reading import element, moment, optional, unreadable, unused
from edi.x12.sets.reading import period as period_of
from edi.x12.sets.shared import Address, Contact
from edi.x12.syntax.document import TransactionSet
from edi.x12.writer import day as day_text

T = TypeVar("T")
Step = Callable[[list[str], int], bool]


@dataclass(slots=True, kw_only=True)
class Name:
    """NM1: a person or an organisation, and its number. Without ``code`` where a set that was read names nobody."""

    code: str = ""  # NM101: PR payer, 1P provider, 41 submitter, IL insured, 03 dependent, QC patient …
    entity_type: str = "1"  # NM102: 1 a person, 2 none
    last_name: str | None = None  # NM103, the name of an organisation
    first_name: str | None = None  # NM104
    middle_name: str | None = None  # NM105
    prefix: str | None = None  # NM106, in no guide
    suffix: str | None = None  # NM107
    identifier_kind: str | None = None  # NM108: PI payer, XX NPI, MI member …
    identifier: str | None = None  # NM109
    relationship: str | None = None  # NM110, of what is named in a benefit


@dataclass(slots=True, kw_only=True)
class Trace:
    """TRN of a 270 or 271: a number that leads from the response back to the inquiry."""

    kind: str = "1"  # TRN01: 1 of who made this set; 2 echoed: of who asked
    number: str  # TRN02
    originator: str | None = None  # TRN03, who gave the number
    supplement: str | None = None  # TRN04


@dataclass(slots=True, kw_only=True)
class Reference:
    """REF."""

    qualifier: str  # REF01
    value: str | None = None  # REF02
    text: str | None = None  # REF03: name of a plan or group; state of a licence


@dataclass(slots=True, kw_only=True)
class Dated:
    """DTP: a day, or a period from day to day."""

    qualifier: str  # DTP01: 291 plan, 346 plan begins, 472 service …
    date: dt.date | None = None  # DTP03; None where a set that was read does not tell it
    date_to: dt.date | None = None  # DTP03 of a period


NAME = Layout(
    Name,
    code=1,
    entity_type=2,
    last_name=3,
    first_name=4,
    middle_name=5,
    prefix=6,
    suffix=7,
    identifier_kind=8,
    identifier=9,
    relationship=10,
)
TRACE = Layout(Trace, kind=1, number=2, originator=3, supplement=4)
REFERENCE = Layout(Reference, qualifier=1, value=2, text=3)


class LevelPlacer(Placer):
    """Writes levels, numbered as they come."""

    levels = 0

    def level(self, place: Place, code: str, parent: int, child: bool | None) -> tuple[Place, int]:
        """HL, opening a loop below ``place``: that loop and the level's number. ``parent`` 0: none; ``child`` None: HL04
        is not written.
        """
        inner = self.loop(place, "HL", code)
        self.levels += 1
        below = "" if child is None else str(int(child))
        self.out.put(inner.opening, str(self.levels), str(parent or ""), code, below)
        return inner, self.levels

    def named(self, place: Place, value: Name) -> Place:
        """NM1, opening a loop below ``place``."""
        return self.opened(place, "NM1", NAME, value, value.code)

    def begun(self, purpose: str, reference: str, when: dt.datetime | None, kind: str, structure: str) -> None:
        """BHT; refused without date and time."""
        if when is None:
            raise self.out.refuse(self.row(self.top, "BHT", ""), 4, "a set needs its date and time")
        hundredths = f"{when.microsecond // 10_000:02d}" if when.microsecond else ""
        made = (day_text(when.date()), f"{when:%H%M%S}{hundredths}")
        self.put(self.top, "BHT", structure, purpose, reference, *made, kind)

    def dates(self, place: Place, values: list[Dated]) -> None:
        """DTP; refused where a period has no first day."""
        for value in values:
            self.dated(place, value.qualifier, value.date, value.date_to)

    def dated(self, place: Place, qualifier: str, first: dt.date | None, last: dt.date | None) -> None:
        """One DTP."""
        row = self.row(place, "DTP", qualifier)
        if first is None:
            raise self.out.refuse(row, 3, "a date is missing, or the first day of a period")
        self.out.put(row, qualifier, *period(first, last))


class LevelReader:
    """Reads a set segment by segment, each by the step of its id; a step says whether it took the segment.

    What cannot be read is an error with its place (``X…-READ``), an element blank in its value; what has no room in the
    values is told (``X…-NOT-MODELLED``). ``code`` is the beginning of these codes.
    """

    def __init__(self, ts: TransactionSet, code: str) -> None:
        self.ts = ts
        self.findings: list[Finding] = []
        self._code = code

    def run(self, steps: dict[str, Step]) -> list[Finding]:
        """Every segment in its turn, ST and SE aside; the findings."""
        for number, segment in enumerate(self.ts.segments, 1):
            step = steps.get(segment[0])
            try:
                taken = segment[0] in {"ST", "SE"} or (step is not None and step(segment, number))
            except ValueError as problem:
                self.unread(number, str(problem))
                continue
            if not taken:
                self.findings.append(unused(self.ts, number, f"{self._code}-NOT-MODELLED"))
        return self.findings

    def take(self, layout: Layout[T], segment: list[str], number: int) -> T:
        """The value of a segment, without what of it cannot be read."""
        for at, problem in layout.spoilt(segment):
            self.unread(number, problem, at, element(segment, at))
            segment = [*segment[:at], "", *segment[at + 1 :]]
        return layout.read(segment)

    def unread(self, number: int, words: str, at: int | None = None, value: str = "") -> None:
        """An error at segment ``number``."""
        found = unreadable(self.ts, number, f"{self._code}-READ", words, position=at, value=value)
        self.findings.append(found)

    def dated(self, segment: list[str], number: int) -> Dated:
        """A DTP, without its days where they cannot be read."""
        value = Dated(qualifier=element(segment, 1))
        value.date, value.date_to = self.days(element(segment, 2), element(segment, 3), number, 3)
        return value

    def days(self, kind: str, text: str, number: int, at: int) -> tuple[dt.date | None, dt.date | None]:
        """First and last day of a date or period in element ``at``; None for both where it cannot be read."""
        try:
            return period_of(kind, text)
        except ValueError as problem:
            self.unread(number, str(problem), at, text)
            return None, None

    def made(self, segment: list[str], number: int) -> dt.datetime | None:
        """Date and time of a BHT."""
        try:
            return moment(element(segment, 4), element(segment, 5))
        except ValueError as problem:
            self.unread(number, str(problem), 4, element(segment, 4))
            return None


def contact_of(segment: list[str]) -> Contact:
    """PER."""
    pairs = [(element(segment, at), element(segment, at + 1)) for at in (3, 5, 7)]
    return Contact(
        function=element(segment, 1), name=optional(segment, 2), numbers=[pair for pair in pairs if any(pair)]
    )


def take_address(address: Address | None, segment: list[str]) -> Address | None:
    """The address with N3 or N4 in it, made where there was none; None where that part was told already."""
    address = address or Address(line1="", city="")
    if segment[0] == "N3":
        if address.line1:
            return None
        address.line1, address.line2 = element(segment, 1), optional(segment, 2)
        return address
    if address.city:
        return None
    address.city, address.state = element(segment, 1), optional(segment, 2)
    address.zip, address.country, address.subdivision = (optional(segment, at) for at in (3, 4, 7))
    return address
