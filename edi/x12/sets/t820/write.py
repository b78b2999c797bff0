"""Writer of the 820, all three forms. The table leads (``edi.x12.sets.placing``)."""

from edi.x12.sets.placing import Place, Placer, period, walked
from edi.x12.sets.t820 import rows
from edi.x12.sets.t820.values import Adjustment, Dated, Entity, Form, Item, Party, PaymentOrder, SummaryLine
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_820 import SET_820
from edi.x12.tables.set_820_x218 import SET_820_X218
from edi.x12.tables.set_820_x306 import SET_820_X306
from edi.x12.writer import SetWriter, composite, maybe_day, maybe_number
from edi.x12.written import WrittenSet

TABLES = {Form.GROUP_PREMIUM: SET_820_X218, Form.EXCHANGE: SET_820_X306, Form.PLAIN: SET_820}
_PLACES = {form: Place(table) for form, table in TABLES.items()}


def write_set(value: PaymentOrder, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set; ``ranges`` is empty. ST03 is written in the guides' sets, not in the plain one.

    Raises NotRepresentable, naming the place, for what does not fit, for what this form of the 820 has no place for, and
    for lists that are not in its order (payee before payer, organisation before people); does not balance for you
    (``balance`` says whether it does).
    """
    writer = _Writer(_PLACES[value.form], SetWriter(delimiters, Charset.EXTENDED), "this form of the 820")
    return walked(writer.write(value, control_number), value.form, delimiters, TABLES[value.form])


class _Writer(Placer):
    def write(self, value: PaymentOrder, control_number: str) -> WrittenSet:
        top = self.top
        self.put(top, "ST", "820", control_number, "" if value.form is Form.PLAIN else value.form)
        self.lay(top, "BPR", rows.PAYMENT, value.payment)
        self.each(top, "NTE", rows.NOTE, value.notes)
        self.each(top, "TRN", rows.TRACE, [value.trace] if value.trace else [])
        self.each(top, "CUR", rows.CURRENCY, [value.currency] if value.currency else [])
        self.each(top, "REF", rows.REFERENCE, value.references, "qualifier")
        self._dates(top, value.dates)
        for party in value.parties:
            self._party(party)
        for entity in value.entities:
            self._entity(entity)
        return self.finish(control_number)

    # -- segments -----------------------------------------------------------------------------------------------------
    def _dates(self, place: Place, values: list[Dated]) -> None:
        for value in values:
            kind, text = period(value.period_from, value.period_to)
            row = self.row(place, "DTM", value.qualifier)
            if value.period_from is None and value.period_to is not None:
                raise self.out.refuse(row, 6, "a last day needs its first")
            self.out.put(row, value.qualifier, maybe_day(value.date), "", "", kind, text)

    def _party(self, value: Party) -> None:
        place = self.opened(self.top, "N1", rows.PARTY, value, value.code)
        if value.more_name:
            self.put(place, "N2", value.more_name)
        if value.address is not None:
            self.address(place, value.address)
        self.each(place, "REF", rows.REFERENCE, value.references, "qualifier")
        for contact in value.contacts:
            self.contact(place, contact)
        if value.delivery is not None:
            self.lay(place, "RDM", rows.DELIVERY, value.delivery)

    def _entity(self, value: Entity) -> None:
        if value.number is None:
            raise self.out.refuse(self.loop(self.top, "ENT", value.kind or "").opening, 1, "an entity has its number")
        place = self.opened(self.top, "ENT", rows.ENTITY, value, value.kind or "")
        for person in value.people:
            inner = self.opened(place, "NM1", rows.PERSON, person, person.code)
            self.each(inner, "REF", rows.REFERENCE, person.references, "qualifier")
        self._adjustments(place, value.adjustments)
        for item in value.items:
            self._item(place, item)

    def _adjustments(self, place: Place, values: list[Adjustment]) -> None:
        for value in values:
            self.opened(place, "ADX", rows.ADJUSTMENT, value)

    def _item(self, place: Place, value: Item) -> None:
        inner = self.opened(place, "RMR", rows.ITEM, value, value.kind or "")
        self.each(inner, "NTE", rows.NOTE, value.notes)
        self.each(inner, "REF", rows.REFERENCE, value.references, "qualifier")
        self._dates(inner, value.dates)
        if value.line is not None:
            self._line(inner, value.line)
        self._adjustments(inner, value.adjustments)

    def _line(self, place: Place, value: SummaryLine) -> None:
        inner = self.opened(place, "IT1", rows.LINE, value)
        for charge in value.charges:
            amount = "" if charge.amount_cents is None else str(charge.amount_cents)
            self.out.put(self.loop(inner, "SAC", "").opening, charge.indicator, charge.code, "", "", amount)
        for members in value.members:
            counted = (members.number, "", members.relationship, maybe_number(members.count), composite(members.kind))
            self.out.put(self.loop(inner, "SLN", "").opening, *counted)
