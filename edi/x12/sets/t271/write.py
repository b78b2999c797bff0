"""Writer of the 271. The table leads (``edi.x12.sets.placing``)."""

from edi.x12.sets.eligibility import (
    DEPENDENT,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    EligibilityWriter,
    pointers_text,
    procedure_text,
)
from edi.x12.sets.inquiries import REFERENCE
from edi.x12.sets.placing import Place, period, walked
from edi.x12.sets.t271 import rows
from edi.x12.sets.t271.values import (
    Benefit,
    Dependent,
    EligibilityResponse,
    Military,
    Receiver,
    Rejection,
    Related,
    Source,
    Subscriber,
)
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_271 import SET_271
from edi.x12.writer import SetWriter, maybe_money, maybe_number, repeated
from edi.x12.written import WrittenSet

VERSION = "005010X279A1"
_TOP = Place(SET_271)


def write_set(value: EligibilityResponse, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set; ``ranges`` is empty. Raises NotRepresentable, naming the place, for what does not fit the guide's
    table.
    """
    written = _Writer(_TOP, SetWriter(delimiters, Charset.EXTENDED), "the 271").write(value, control_number)
    return walked(written, VERSION, delimiters, SET_271)


class _Writer(EligibilityWriter):
    def write(self, value: EligibilityResponse, control_number: str) -> WrittenSet:
        self.put(self.top, "ST", "271", control_number, VERSION)
        self.begun(value.purpose, value.reference or "", value.when, "", "0022")
        for source in value.sources:
            self._source(source)
        return self.finish(control_number)

    def _rejections(self, place: Place, values: list[Rejection]) -> None:
        self.each(place, "AAA", rows.REJECTION, values)

    def _source(self, value: Source) -> None:
        place, own = self.level(self.top, SOURCE, 0, child=bool(value.receivers))
        self._rejections(place, value.system_rejections)
        inner = self.named(place, value.name)
        for contact in value.contacts:
            self.contact(inner, contact)
        self._rejections(inner, value.rejections)
        for receiver in value.receivers:
            self._receiver(place, receiver, own)

    def _receiver(self, above: Place, value: Receiver, parent: int) -> None:
        place, own = self.level(above, RECEIVER, parent, child=bool(value.subscribers))
        inner = self.party(place, value)
        self._rejections(inner, value.rejections)
        self.provider(inner, value.provider)
        for subscriber in value.subscribers:
            self._subscriber(place, subscriber, own)

    def _subscriber(self, above: Place, value: Subscriber, parent: int) -> None:
        place, own = self.level(above, SUBSCRIBER, parent, child=bool(value.dependents))
        self._person(place, value)
        for dependent in value.dependents:
            inner, _ = self.level(place, DEPENDENT, own, child=False)
            self._person(inner, dependent)

    def _person(self, place: Place, value: Subscriber | Dependent) -> None:
        self.traces(place, value.traces)
        inner = self.person(place, value)
        self._rejections(inner, value.rejections)
        self.particulars(inner, value)
        if value.military is not None:
            self._military(inner, value.military)
        for benefit in value.benefits:
            self._benefit(inner, benefit)

    def _military(self, place: Place, value: Military) -> None:
        served = (value.status, value.employment, value.affiliation, value.text or "", value.rank or "")
        self.put(place, "MPI", *served, *period(value.date, value.date_to))

    def _benefit(self, above: Place, value: Benefit) -> None:
        place = self.loop(above, "EB", "")
        self.out.put(place.opening, *_benefit_texts(value))
        self.each(place, "HSD", rows.VISITS, value.visits)
        self.each(place, "REF", REFERENCE, value.references, "qualifier")
        self.dates(place, value.dates)
        self._rejections(place, value.rejections)
        for message in value.messages:
            self.put(place, "MSG", message)
        for limit in value.limits:
            self.opened(place, "III", rows.LIMIT, limit)
        if value.related:
            inner = self.loop(place, "LS", "")
            self.out.put(inner.opening, "2120")
            for related in value.related:
                self._related(inner, related)
            self.put(inner, "LE", "2120")

    def _related(self, above: Place, value: Related) -> None:
        place = self.named(above, value.name)
        address = value.address
        if address is not None:
            if address.line1 or address.line2:
                self.put(place, "N3", address.line1, address.line2 or "")
            state = (address.state or "", address.zip or "", address.country or "")
            region = ("RJ", value.region) if value.region else ("", "")
            if address.city or any(state):
                self.put(place, "N4", address.city, *state, *region, address.subdivision or "")
        for contact in value.contacts:
            self.contact(place, contact)
        self.provider(place, value.provider)


def _benefit_texts(value: Benefit) -> tuple[str, ...]:
    return (
        value.kind,
        value.coverage_level or "",
        repeated(*value.service_types),
        value.insurance_type or "",
        value.plan or "",
        value.period or "",
        maybe_money(value.amount_cents),
        maybe_number(value.share),
        value.quantity_kind or "",
        maybe_number(value.quantity),
        value.authorization or "",
        value.in_network or "",
        procedure_text(value.procedure),
        pointers_text(value.diagnosis_pointers),
    )
