"""Writer of the 277 that answers a 276. The table leads (``edi.x12.sets.placing``)."""

from edi.x12.sets.claim_status import DEPENDENT, PROVIDER, RECEIVER, SOURCE, SUBSCRIBER, ClaimStatusWriter
from edi.x12.sets.placing import Place, walked
from edi.x12.sets.t277.read import REFERENCES
from edi.x12.sets.t277.values import (
    ClaimStatus,
    Dependent,
    LineStatus,
    Provider,
    Receiver,
    Source,
    Status,
    StatusCode,
    StatusResponse,
    Subscriber,
)
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_277 import SET_277
from edi.x12.writer import SetWriter, composite, maybe_day, maybe_money
from edi.x12.written import WrittenSet

VERSION = "005010X212"
_TOP = Place(SET_277)


def write_set(value: StatusResponse, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set; ``ranges`` is empty. Raises NotRepresentable, naming the place, for what does not fit the guide's
    table.
    """
    written = _Writer(_TOP, SetWriter(delimiters, Charset.EXTENDED), "the 277").write(value, control_number)
    return walked(written, VERSION, delimiters, SET_277)


class _Writer(ClaimStatusWriter):
    def write(self, value: StatusResponse, control_number: str) -> WrittenSet:
        self.put(self.top, "ST", "277", control_number, VERSION)
        self.begun("08", value.reference, value.when, "DG", "0010")
        for source in value.sources:
            self._source(source)
        return self.finish(control_number)

    def _source(self, value: Source) -> None:
        place, own = self.level(self.top, SOURCE, 0, child=True)
        inner = self.named(place, value.name)
        for contact in value.contacts:
            self.contact(inner, contact)
        for receiver in value.receivers:
            self._receiver(place, receiver, own)

    def _receiver(self, above: Place, value: Receiver, parent: int) -> None:
        place, own = self.level(above, RECEIVER, parent, child=bool(value.providers))
        self.named(place, value.name)
        self._refused(place, value, "2")
        for provider in value.providers:
            self._provider(place, provider, own)

    def _provider(self, above: Place, value: Provider, parent: int) -> None:
        place, own = self.level(above, PROVIDER, parent, child=bool(value.subscribers))
        self.provider_names(place, value)
        self._refused(place, value, "1")
        for subscriber in value.subscribers:
            inner, number = self.level(place, SUBSCRIBER, own, child=bool(subscriber.dependents))
            self._person(inner, subscriber)
            for dependent in subscriber.dependents:
                below, _ = self.level(inner, DEPENDENT, number, child=None)
                self._person(below, dependent)

    def _refused(self, above: Place, value: Receiver | Provider, kind: str) -> None:
        if value.trace is not None or value.statuses:
            place = self.loop(above, "TRN", kind)
            self.out.put(place.opening, kind, value.trace or "")
            self._statuses(place, value.statuses)

    def _person(self, place: Place, value: Subscriber | Dependent) -> None:
        self.named(place, value.name)
        for claim in value.claims:
            self._claim(place, claim)

    def _claim(self, above: Place, value: ClaimStatus) -> None:
        place = self.loop(above, "TRN", "2")
        self.out.put(place.opening, "2", value.trace)
        self._statuses(place, value.statuses)
        self.references(place, value, REFERENCES)
        self.served(place, value)
        for line in value.lines:
            self._line(place, line)

    def _line(self, above: Place, value: LineStatus) -> None:
        place = self.service(above, value, value.paid_cents)
        self._statuses(place, value.statuses)
        self.line_number(place, value)
        self.served(place, value)

    def _statuses(self, place: Place, values: list[Status]) -> None:
        for value in values:
            row = self.row(place, "STC", "")
            if len(value.further) > 2:
                raise self.out.refuse(row, 11, "two further codes at most")
            money = (maybe_money(value.charge_cents), maybe_money(value.paid_cents))
            paid = (maybe_day(value.paid_date), value.payment_number or "")
            decided = ("", *money, maybe_day(value.decided_date), "", *paid)
            self.out.put(row, _code(value), maybe_day(value.date), *decided, *map(_code, value.further))


def _code(value: StatusCode) -> str:
    return composite(value.category, value.code, value.entity or "", value.code_list or "")
