"""Writer of the 276. The table leads (``edi.x12.sets.placing``)."""

from edi.x12.sets.claim_status import DEPENDENT, PROVIDER, RECEIVER, SOURCE, SUBSCRIBER, ClaimStatusWriter, ServiceLine
from edi.x12.sets.placing import Place, walked
from edi.x12.sets.t276.read import REFERENCES
from edi.x12.sets.t276.values import ClaimRequest, Dependent, Provider, Source, StatusRequest, Subscriber
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_276 import SET_276
from edi.x12.writer import SetWriter, day, money
from edi.x12.written import WrittenSet

VERSION = "005010X212"
_TOP = Place(SET_276)


def write_set(value: StatusRequest, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set; ``ranges`` leads from the number of each inquiry (TRN02) to its segments.

    Raises NotRepresentable, naming the place, for what does not fit the guide's table, and for a number that comes twice.
    """
    written = _Writer(_TOP, SetWriter(delimiters, Charset.EXTENDED), "the 276").write(value, control_number)
    return walked(written, VERSION, delimiters, SET_276)


class _Writer(ClaimStatusWriter):
    def write(self, value: StatusRequest, control_number: str) -> WrittenSet:
        self.put(self.top, "ST", "276", control_number, VERSION)
        self.begun("13", value.reference, value.when, "", "0010")
        for source in value.sources:
            self._source(source)
        return self.finish(control_number)

    def _source(self, value: Source) -> None:
        place, own = self.level(self.top, SOURCE, 0, child=True)
        self.named(place, value.name)
        for receiver in value.receivers:
            inner, number = self.level(place, RECEIVER, own, child=True)
            self.named(inner, receiver.name)
            for provider in receiver.providers:
                self._provider(inner, provider, number)

    def _provider(self, above: Place, value: Provider, parent: int) -> None:
        place, own = self.level(above, PROVIDER, parent, child=True)
        self.provider_names(place, value)
        for subscriber in value.subscribers:
            inner, number = self.level(place, SUBSCRIBER, own, child=bool(subscriber.dependents))
            self._person(inner, subscriber)
            for dependent in subscriber.dependents:
                below, _ = self.level(inner, DEPENDENT, number, child=None)
                self._person(below, dependent)

    def _person(self, place: Place, value: Subscriber | Dependent) -> None:
        if value.birth_date is not None:
            self.put(place, "DMG", "D8", day(value.birth_date), value.sex or "")
        elif value.sex:
            raise self.out.refuse(self.row(place, "DMG", ""), 2, "a sex needs the birth date beside it")
        self.named(place, value.name)
        for claim in value.claims:
            self._claim(place, claim)

    def _claim(self, above: Place, value: ClaimRequest) -> None:
        place = self.loop(above, "TRN", "1")
        self.out.put(place.opening, "1", value.trace)
        first = self.out.count
        self.references(place, value, REFERENCES)
        if value.charge_cents is not None:
            self.put(place, "AMT", "T3", money(value.charge_cents))
        self.served(place, value)
        for line in value.lines:
            self._line(place, line)
        self.out.mark(value.trace, first)

    def _line(self, above: Place, value: ServiceLine) -> None:
        place = self.service(above, value)
        self.line_number(place, value)
        self.served(place, value)
