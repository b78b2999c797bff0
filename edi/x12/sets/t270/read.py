"""Reader of the 270: one pass, the level says whom a segment is about, an EQ what is asked of him."""

from edi.findings import Finding
from edi.x12.sets.eligibility import EligibilityReader
from edi.x12.sets.inquiries import REFERENCE
from edi.x12.sets.reading import cents, element, optional
from edi.x12.sets.t270.values import Dependent, EligibilityInquiry, Question, Receiver, Source, Subscriber
from edi.x12.syntax.document import TransactionSet

_AMOUNTS = {"R": "spend_down_cents", "PB": "billed_cents"}


def read_set(ts: TransactionSet) -> tuple[EligibilityInquiry, list[Finding]]:
    """The inquiry and every part that could not be taken. Never raises on bad data.

    A dependent who stands below no subscriber is left out, with an error (``X270-READ``).
    """
    return _Reader(ts).read()


class _Reader(EligibilityReader[Source, Receiver, Subscriber, Dependent]):
    def __init__(self, ts: TransactionSet) -> None:
        super().__init__(ts, "X270")
        self._value = EligibilityInquiry(raw=ts)
        self._question: Question | None = None

    def read(self) -> tuple[EligibilityInquiry, list[Finding]]:
        steps = self.person_steps() | {
            "BHT": self._bht, "EQ": self._eq, "AMT": self._amt, "III": self._iii, "REF": self._any_ref, "DTP": self._any_dtp
        }  # fmt: skip
        return self._value, self.run(steps)

    def new_source(self) -> Source:
        self._value.sources.append(Source())
        return self._value.sources[-1]

    def new_receiver(self, source: Source) -> Receiver:
        source.receivers.append(Receiver())
        return source.receivers[-1]

    def new_subscriber(self, receiver: Receiver) -> Subscriber:
        receiver.subscribers.append(Subscriber())
        return receiver.subscribers[-1]

    def new_dependent(self, subscriber: Subscriber) -> Dependent:
        subscriber.dependents.append(Dependent())
        return subscriber.dependents[-1]

    def shut(self) -> None:
        self._question = None

    def _bht(self, segment: list[str], number: int) -> bool:
        self._value.purpose, self._value.reference = element(segment, 2), optional(segment, 3)
        self._value.when, self._value.real_time_kind = self.made(segment, number), optional(segment, 6)
        return True

    def _eq(self, segment: list[str], number: int) -> bool:
        if self.person is None:
            return False
        self._question = Question(
            service_types=[one for one in element(segment, 1).split(self.ts.delimiters.repetition) if one],
            procedure=self.procedure(element(segment, 2)),
            coverage_level=optional(segment, 3),
            diagnosis_pointers=self.pointers(segment, 5, number),
            segment_number=number,
        )
        self.person.questions.append(self._question)
        return True

    def _amt(self, segment: list[str], number: int) -> bool:
        name = _AMOUNTS.get(element(segment, 1))
        if self._question is None or name is None or getattr(self._question, name) is not None:
            return False
        try:
            setattr(self._question, name, cents(element(segment, 2)))
        except ValueError as problem:
            self.unread(number, str(problem), 2, element(segment, 2))
        return True

    def _iii(self, segment: list[str], _number: int) -> bool:
        if self._question is None or self._question.place_of_service is not None or element(segment, 1) != "ZZ":
            return False
        self._question.place_of_service = optional(segment, 2)
        return True

    def _any_ref(self, segment: list[str], number: int) -> bool:
        if self._question is None:
            return self._ref(segment, number)
        if self._question.reference is not None:
            return False
        self._question.reference = self.take(REFERENCE, segment, number)
        return True

    def _any_dtp(self, segment: list[str], number: int) -> bool:
        if self._question is None:
            return self._dtp(segment, number)
        if self._question.date is not None:
            return False
        self._question.date = self.dated(segment, number)
        return True
