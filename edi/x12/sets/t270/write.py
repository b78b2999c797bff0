"""Writer of the 270. The table leads (``edi.x12.sets.placing``)."""

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
from edi.x12.sets.placing import Place, walked
from edi.x12.sets.t270.values import Dependent, EligibilityInquiry, Question, Receiver, Source, Subscriber
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.patterns import Charset
from edi.x12.tables.set_270 import SET_270
from edi.x12.writer import SetWriter, money, repeated
from edi.x12.written import WrittenSet

VERSION = "005010X279A1"
_TOP = Place(SET_270)


def write_set(value: EligibilityInquiry, control_number: str, delimiters: Delimiters = DEFAULT) -> WrittenSet:
    """The whole set; ``ranges`` leads from the number of each trace to the segments of the person who has it, from his HL
    on.

    Raises NotRepresentable, naming the place, for what does not fit the guide's table, and for a trace number that comes
    twice.
    """
    written = _Writer(_TOP, SetWriter(delimiters, Charset.EXTENDED), "the 270").write(value, control_number)
    return walked(written, VERSION, delimiters, SET_270)


class _Writer(EligibilityWriter):
    def write(self, value: EligibilityInquiry, control_number: str) -> WrittenSet:
        self.put(self.top, "ST", "270", control_number, VERSION)
        self.begun(value.purpose, value.reference or "", value.when, value.real_time_kind or "", "0022")
        for source in value.sources:
            self._source(source)
        return self.finish(control_number)

    def _source(self, value: Source) -> None:
        place, own = self.level(self.top, SOURCE, 0, child=True)
        self.named(place, value.name)
        for receiver in value.receivers:
            self._receiver(place, receiver, own)

    def _receiver(self, above: Place, value: Receiver, parent: int) -> None:
        place, own = self.level(above, RECEIVER, parent, child=True)
        inner = self.party(place, value)
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
        first = self.out.count
        self.traces(place, value.traces)
        inner = self.person(place, value)
        self.particulars(inner, value)
        for question in value.questions:
            self._question(inner, question)
        for trace in value.traces:
            self.out.mark(trace.number, first)

    def _question(self, above: Place, value: Question) -> None:
        place = self.loop(above, "EQ", "")
        self.out.put(
            place.opening,
            repeated(*value.service_types),
            procedure_text(value.procedure),
            value.coverage_level or "",
            "",
            pointers_text(value.diagnosis_pointers),
        )
        for code, amount in (("R", value.spend_down_cents), ("PB", value.billed_cents)):
            if amount is not None:
                self.put(place, "AMT", code, money(amount))
        if value.place_of_service:
            self.put(place, "III", "ZZ", value.place_of_service)
        if value.reference is not None:
            self.lay(place, "REF", REFERENCE, value.reference, value.reference.qualifier)
        if value.date is not None:
            self.dates(place, [value.date])
