"""Reader of the 820: one pass, each segment handed to the function of its id.

An element that cannot be read is blank in its value and told with its place. Where it is an amount that the payment is the
sum of, that is an error and the set is ``unread`` there; else a warning. Whole segments are never left out for it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from edi.findings import Finding, Severity
from edi.x12.sets.layouts import Layout
from edi.x12.sets.reading import day, element, optional, period, unreadable, unused, whole
from edi.x12.sets.shared import Address, Contact
from edi.x12.sets.t820 import rows
from edi.x12.sets.t820.values import Charge, Dated, Entity, Form, Item, Party, Payment, PaymentOrder, Person
from edi.x12.syntax.document import TransactionSet

T = TypeVar("T")
_SUMMED = {"BPR": 2, "RMR": 4, "ADX": 1}
"""The elements on which the sum depends."""


def form_of(version: str) -> Form:
    """Which 820 a set of this version (ST03, else GS08) is; the plain one where it is of no guide known here."""
    told = version.upper()
    guides = (Form.GROUP_PREMIUM, Form.EXCHANGE)
    return next((one for one in guides if told.startswith(one)), Form.PLAIN)


def read_set(ts: TransactionSet) -> tuple[PaymentOrder, list[Finding]]:
    """The payment order and every part that could not be taken. Never raises on bad data.

    A set whose money has an unreadable or missing part has errors and names the segments in ``unread``: nothing of it may
    be posted. Items that come without ENT are those of an entity without number.
    """
    return _Reader(ts).read()


class _Reader:
    """``_party``, ``_person``, ``_entity`` and ``_item`` are what is open at the moment."""

    def __init__(self, ts: TransactionSet) -> None:
        self._ts = ts
        self._findings: list[Finding] = []
        self._order = PaymentOrder(form=form_of(ts.version), payment=Payment(handling="", method=""), raw=ts)
        self._paid = False
        self._party: Party | None = None
        self._entity: Entity | None = None
        self._person: Person | None = None
        self._item: Item | None = None

    def read(self) -> tuple[PaymentOrder, list[Finding]]:
        steps: dict[str, Callable[[list[str], int], bool]] = {
            "BPR": self._bpr, "NTE": self._nte, "TRN": self._trn, "CUR": self._cur, "REF": self._ref, "DTM": self._dtm,
            "N1": self._n1, "N2": self._n2, "N3": self._n3, "N4": self._n4, "PER": self._per, "RDM": self._rdm,
            "ENT": self._ent, "NM1": self._nm1, "ADX": self._adx, "RMR": self._rmr,
            "IT1": self._it1, "SAC": self._sac, "SLN": self._sln,
            "ST": lambda _segment, _number: True, "SE": lambda _segment, _number: True,
        }  # fmt: skip
        for number, segment in enumerate(self._ts.segments, 1):
            step = steps.get(segment[0])
            if step is None or not step(segment, number):
                self._findings.append(unused(self._ts, number, "X820-NOT-MODELLED"))
        if not self._paid:
            self._fail(1, "X820-HEADER", "no payment is told (BPR)")
            self._order.unread.append(1)
        if self._order.trace is None:
            self._warn(1, "no trace number is told (TRN)")
        return self._order, self._findings

    # -- how elements are taken ---------------------------------------------------------------------------------------
    def _take(self, layout: Layout[T], segment: list[str], number: int) -> T:
        """The value of a segment, without what of it cannot be read."""
        for at, problem in layout.spoilt(segment):
            self._spoilt(segment, number, at, problem)
            segment = [*segment[:at], "", *segment[at + 1 :]]
        return layout.read(segment)

    def _spoilt(self, segment: list[str], number: int, at: int, problem: str) -> None:
        explains = segment[0] == "ADX" and self._item is not None
        if _SUMMED.get(segment[0]) == at and not explains:
            self._fail(number, "X820-AMOUNT", problem, at, segment[at])
        else:
            self._warn(number, problem, at, element(segment, at))

    def _summed(self, cents: int | None, segment: list[str], number: int) -> None:
        """An amount on which the sum depends is there, or the set is unread here."""
        if cents is None:
            at = _SUMMED[segment[0]]
            self._order.unread.append(number)
            if not element(segment, at):
                self._fail(number, "X820-AMOUNT", "an amount is missing on which the sum depends", at)

    def _fail(self, number: int, code: str, words: str, at: int | None = None, value: str = "") -> None:
        self._findings.append(unreadable(self._ts, number, code, words, position=at, value=value))

    def _warn(self, number: int, words: str, at: int | None = None, value: str = "") -> None:
        finding = unreadable(self._ts, number, "X820-READ", words, position=at, value=value)
        cure = "Look at it in the file; no sum depends on it."
        self._findings.append(replace(finding, severity=Severity.WARNING, cure=cure))

    # -- header -------------------------------------------------------------------------------------------------------
    def _bpr(self, segment: list[str], number: int) -> bool:
        if self._paid:
            return False
        self._paid = True
        self._order.payment = self._take(rows.PAYMENT, segment, number)
        self._summed(self._order.payment.amount_cents, segment, number)
        return True

    def _trn(self, segment: list[str], number: int) -> bool:
        if self._order.trace is not None:
            return False
        self._order.trace = self._take(rows.TRACE, segment, number)
        return True

    def _cur(self, segment: list[str], number: int) -> bool:
        if self._order.currency is not None:
            return False
        self._order.currency = self._take(rows.CURRENCY, segment, number)
        return True

    def _nte(self, segment: list[str], number: int) -> bool:
        if self._item is None and (self._party or self._entity):
            return False
        (self._item or self._order).notes.append(self._take(rows.NOTE, segment, number))
        return True

    def _ref(self, segment: list[str], number: int) -> bool:
        owner = self._item or self._person or self._party or (None if self._entity else self._order)
        if owner is None:
            return False
        owner.references.append(self._take(rows.REFERENCE, segment, number))
        return True

    def _dtm(self, segment: list[str], number: int) -> bool:
        owner = self._item or (None if self._entity or self._party else self._order)
        if owner is None:
            return False
        dated = Dated(qualifier=element(segment, 1))
        owner.dates.append(dated)
        try:
            dated.date = day(segment[2]) if element(segment, 2) else None
        except ValueError as problem:
            self._warn(number, str(problem), 2, segment[2])
        try:
            if element(segment, 6):
                dated.period_from, dated.period_to = period(segment[5], segment[6])
        except ValueError as problem:
            self._warn(number, str(problem), 6, segment[6])
        return True

    # -- parties ------------------------------------------------------------------------------------------------------
    def _n1(self, segment: list[str], number: int) -> bool:
        if self._entity is not None:
            return False
        self._party = self._take(rows.PARTY, segment, number)
        self._order.parties.append(self._party)
        return True

    def _n2(self, segment: list[str], _number: int) -> bool:
        if self._party is None or self._party.more_name is not None:
            return False
        self._party.more_name = optional(segment, 1)
        return len(segment) == 2

    def _n3(self, segment: list[str], _number: int) -> bool:
        address = self._address()
        if address is None or address.line1:
            return False
        address.line1, address.line2 = element(segment, 1), optional(segment, 2)
        return True

    def _n4(self, segment: list[str], _number: int) -> bool:
        address = self._address()
        if address is None or address.city:
            return False
        address.city, address.state = element(segment, 1), optional(segment, 2)
        address.zip, address.country, address.subdivision = (optional(segment, at) for at in (3, 4, 7))
        return True

    def _address(self) -> Address | None:
        """That of the open party, made where it has none yet."""
        if self._party is None:
            return None
        if self._party.address is None:
            self._party.address = Address(line1="", city="")
        return self._party.address

    def _per(self, segment: list[str], _number: int) -> bool:
        if self._party is None:
            return False
        pairs = [(element(segment, at), element(segment, at + 1)) for at in (3, 5, 7)]
        numbers = [pair for pair in pairs if any(pair)]
        self._party.contacts.append(Contact(function=element(segment, 1), name=optional(segment, 2), numbers=numbers))
        return True

    def _rdm(self, segment: list[str], number: int) -> bool:
        if self._party is None or self._party.delivery is not None:
            return False
        self._party.delivery = self._take(rows.DELIVERY, segment, number)
        return True

    # -- what is paid -------------------------------------------------------------------------------------------------
    def _ent(self, segment: list[str], number: int) -> bool:
        self._open(self._take(rows.ENTITY, segment, number), number)
        return True

    def _open(self, entity: Entity, number: int) -> Entity:
        entity.segment_number = number
        self._order.entities.append(entity)
        self._entity = entity
        self._party = self._person = self._item = None
        return entity

    def _nm1(self, segment: list[str], number: int) -> bool:
        if self._entity is None or self._item is not None:
            return False
        self._person = self._take(rows.PERSON, segment, number)
        self._entity.people.append(self._person)
        return True

    def _adx(self, segment: list[str], number: int) -> bool:
        adjustment = self._take(rows.ADJUSTMENT, segment, number)
        adjustment.segment_number = number
        if self._item is None:
            self._person = None
            (self._entity or self._open(Entity(), number)).adjustments.append(adjustment)
            self._summed(adjustment.amount_cents, segment, number)
        else:
            self._item.adjustments.append(adjustment)
        return True

    def _rmr(self, segment: list[str], number: int) -> bool:
        self._item = self._take(rows.ITEM, segment, number)
        self._item.segment_number = number
        item = self._item
        (self._entity or self._open(Entity(), number)).items.append(item)
        self._item, self._person = item, None
        self._summed(item.paid_cents, segment, number)
        return True

    def _it1(self, segment: list[str], number: int) -> bool:
        if self._item is None or self._item.line is not None:
            return False
        self._item.line = self._take(rows.LINE, segment, number)
        return True

    def _sac(self, segment: list[str], number: int) -> bool:
        if self._item is None or self._item.line is None:
            return False
        charge = Charge(indicator=element(segment, 1), code=element(segment, 2))
        self._item.line.charges.append(charge)
        try:
            charge.amount_cents = whole(segment[5]) if element(segment, 5) else None
        except ValueError as problem:
            self._warn(number, str(problem), 5, segment[5])
        return True

    def _sln(self, segment: list[str], number: int) -> bool:
        if self._item is None or self._item.line is None:
            return False
        self._item.line.members.append(self._take(rows.MEMBERS, segment, number))
        return True
