"""Writer of the 820, all three forms. The table leads: each segment goes to the first place of its loop that its
qualifier fits, and the whole is walked once more before it is handed out, for order, repeats and what is missing.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.x12.judging.walk import walk
from edi.x12.profile import INBOUND
from edi.x12.sets.layouts import Layout
from edi.x12.sets.shared import Address, Contact
from edi.x12.sets.t820 import rows
from edi.x12.sets.t820.values import Adjustment, Dated, Entity, Form, Item, Party, PaymentOrder, SummaryLine
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.syntax.document import set_of
from edi.x12.tables.patterns import Charset
from edi.x12.tables.schema import Loop
from edi.x12.tables.set_820 import SET_820
from edi.x12.tables.set_820_x218 import SET_820_X218
from edi.x12.tables.set_820_x306 import SET_820_X306
from edi.x12.writer import Row, SetWriter, composite, maybe_day, maybe_number
from edi.x12.written import WrittenSet

T = TypeVar("T")
TABLES = {Form.GROUP_PREMIUM: SET_820_X218, Form.EXCHANGE: SET_820_X306, Form.PLAIN: SET_820}


class _Place:
    """A loop of a table, ready to be written into: its rows and the loops below it, by segment id and in order."""

    def __init__(self, loop: Loop) -> None:
        self.opening = Row(loop.trigger, loop.id)
        self.rows: dict[str, list[Row]] = {}
        self.below: dict[str, list[_Place]] = {}
        for item in loop.contents:
            if isinstance(item, Loop):
                self.below.setdefault(item.trigger.id, []).append(_Place(item))
            else:
                self.rows.setdefault(item.id, []).append(Row(item, loop.id))


_PLACES = {form: _Place(table) for form, table in TABLES.items()}


def write_set(value: PaymentOrder, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set; ``ranges`` is empty. ST03 is written in the guides' sets, not in the plain one.

    Raises NotRepresentable, naming the place, for what does not fit, for what this form of the 820 has no place for, and
    for lists that are not in its order (payee before payer, organisation before people); does not balance for you
    (``balance`` says whether it does).
    """
    writer = _Writer(_PLACES[value.form], SetWriter(delimiters, Charset.EXTENDED))
    written = writer.write(value, control_number)
    findings, _ = walk(set_of(written.data, value.form, delimiters), TABLES[value.form], INBOUND)
    for finding in findings:
        if finding.severity is Severity.ERROR:
            raise NotRepresentable(finding)
    return written


class _Writer:
    def __init__(self, top: _Place, out: SetWriter) -> None:
        self._top = top
        self._out = out

    def write(self, value: PaymentOrder, control_number: str) -> WrittenSet:
        top = self._top
        self._put(top, "ST", "820", control_number, "" if value.form is Form.PLAIN else value.form)
        self._lay(top, "BPR", rows.PAYMENT, value.payment)
        self._each(top, "NTE", rows.NOTE, value.notes)
        self._each(top, "TRN", rows.TRACE, [value.trace] if value.trace else [])
        self._each(top, "CUR", rows.CURRENCY, [value.currency] if value.currency else [])
        self._each(top, "REF", rows.REFERENCE, value.references, "qualifier")
        self._dates(top, value.dates)
        for party in value.parties:
            self._party(party)
        for entity in value.entities:
            self._entity(entity)
        self._put(top, "SE", str(self._out.count + 1), control_number)
        return self._out.finish()

    # -- places -------------------------------------------------------------------------------------------------------
    def _row(self, place: _Place, name: str, qualifier: str) -> Row:
        """The row of ``place`` for a segment with this qualifier."""
        return self._fitting(place, name, qualifier, [(row, row) for row in place.rows.get(name, [])])

    def _loop(self, place: _Place, name: str, qualifier: str) -> _Place:
        """The loop below ``place`` that such a segment opens."""
        return self._fitting(place, name, qualifier, [(one.opening, one) for one in place.below.get(name, [])])

    def _fitting(self, place: _Place, name: str, qualifier: str, known: list[tuple[Row, T]]) -> T:
        """The first whose row has the qualifier; a single one judges it itself when it is written."""
        if len(known) == 1:
            return known[0][1]
        for row, found in known:
            if row.segment.key and qualifier in row.segment.key[1]:
                return found
        if not known:
            raise self._out.refuse(place.opening, 1, f"this form of the 820 has no {name} here")
        row = known[0][0]
        position = row.segment.key[0] if row.segment.key else 1
        raise self._out.refuse(row, position, "a qualifier that this form of the 820 does not have here")

    def _put(self, place: _Place, name: str, *values: str) -> None:
        self._out.put(self._row(place, name, values[0]), *values)

    def _lay(self, place: _Place, name: str, layout: Layout[Any], value: object, qualifier: str = "") -> None:
        layout.put(self._out, self._row(place, name, qualifier), value)

    def _each(
        self, place: _Place, name: str, layout: Layout[Any], values: Iterable[object], qualifier: str = ""
    ) -> None:
        """One segment a value; ``qualifier`` names the field that tells its row."""
        for value in values:
            self._lay(place, name, layout, value, getattr(value, qualifier) if qualifier else "")

    def _opened(self, place: _Place, name: str, layout: Layout[Any], value: object, qualifier: str = "") -> _Place:
        """The loop that a value opens below ``place``, its first segment written."""
        inner = self._loop(place, name, qualifier)
        layout.put(self._out, inner.opening, value)
        return inner

    # -- segments -----------------------------------------------------------------------------------------------------
    def _dates(self, place: _Place, values: list[Dated]) -> None:
        for value in values:
            kind, period = _period(value.period_from, value.period_to)
            row = self._row(place, "DTM", value.qualifier)
            if value.period_from is None and value.period_to is not None:
                raise self._out.refuse(row, 6, "a last day needs its first")
            self._out.put(row, value.qualifier, maybe_day(value.date), "", "", kind, period)

    def _party(self, value: Party) -> None:
        place = self._opened(self._top, "N1", rows.PARTY, value, value.code)
        if value.more_name:
            self._put(place, "N2", value.more_name)
        if value.address is not None:
            self._address(place, value.address)
        self._each(place, "REF", rows.REFERENCE, value.references, "qualifier")
        for contact in value.contacts:
            self._contact(place, contact)
        if value.delivery is not None:
            self._lay(place, "RDM", rows.DELIVERY, value.delivery)

    def _address(self, place: _Place, value: Address) -> None:
        if value.line1 or value.line2:
            self._put(place, "N3", value.line1, value.line2 or "")
        rest = (value.state or "", value.zip or "", value.country or "", "", "", value.subdivision or "")
        if value.city or any(rest):
            self._put(place, "N4", value.city, *rest)

    def _contact(self, place: _Place, value: Contact) -> None:
        self._put(place, "PER", value.function, value.name or "", *(part for pair in value.numbers for part in pair))

    def _entity(self, value: Entity) -> None:
        if value.number is None:
            raise self._out.refuse(
                self._loop(self._top, "ENT", value.kind or "").opening, 1, "an entity has its number"
            )
        place = self._opened(self._top, "ENT", rows.ENTITY, value, value.kind or "")
        for person in value.people:
            inner = self._opened(place, "NM1", rows.PERSON, person, person.code)
            self._each(inner, "REF", rows.REFERENCE, person.references, "qualifier")
        self._adjustments(place, value.adjustments)
        for item in value.items:
            self._item(place, item)

    def _adjustments(self, place: _Place, values: list[Adjustment]) -> None:
        for value in values:
            self._opened(place, "ADX", rows.ADJUSTMENT, value)

    def _item(self, place: _Place, value: Item) -> None:
        inner = self._opened(place, "RMR", rows.ITEM, value, value.kind or "")
        self._each(inner, "NTE", rows.NOTE, value.notes)
        self._each(inner, "REF", rows.REFERENCE, value.references, "qualifier")
        self._dates(inner, value.dates)
        if value.line is not None:
            self._line(inner, value.line)
        self._adjustments(inner, value.adjustments)

    def _line(self, place: _Place, value: SummaryLine) -> None:
        inner = self._opened(place, "IT1", rows.LINE, value)
        for charge in value.charges:
            amount = "" if charge.amount_cents is None else str(charge.amount_cents)
            self._out.put(self._loop(inner, "SAC", "").opening, charge.indicator, charge.code, "", "", amount)
        for members in value.members:
            counted = (members.number, "", members.relationship, maybe_number(members.count), composite(members.kind))
            self._out.put(self._loop(inner, "SLN", "").opening, *counted)


def _period(first: date | None, last: date | None) -> tuple[str, str]:
    """Qualifier and text of a period, or of a day told in its place."""
    if first is None:
        return "", ""
    return ("D8", maybe_day(first)) if last is None else ("RD8", f"{maybe_day(first)}-{maybe_day(last)}")
