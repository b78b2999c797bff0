"""Reader of the 271: one pass, the level says whom a segment is about, an EB which benefit."""

from edi.findings import Finding
from edi.x12.sets.eligibility import SPECIALTY, EligibilityReader
from edi.x12.sets.inquiries import NAME, REFERENCE, contact_of, take_address
from edi.x12.sets.reading import element, optional
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
from edi.x12.syntax.document import TransactionSet


def read_set(ts: TransactionSet) -> tuple[EligibilityResponse, list[Finding]]:
    """The response and every part that could not be taken. Never raises on bad data.

    A dependent who stands below no subscriber is left out, with an error (``X271-READ``): nobody's benefits go to another.
    """
    return _Reader(ts).read()


class _Reader(EligibilityReader[Source, Receiver, Subscriber, Dependent]):
    def __init__(self, ts: TransactionSet) -> None:
        super().__init__(ts, "X271")
        self._value = EligibilityResponse(raw=ts)
        self._benefit: Benefit | None = None
        self._related: Related | None = None

    def read(self) -> tuple[EligibilityResponse, list[Finding]]:
        steps = self.person_steps() | {
            "BHT": self._bht, "AAA": self._aaa, "PER": self._per, "MPI": self._mpi, "EB": self._eb, "HSD": self._hsd,
            "MSG": self._msg, "III": self._iii, "LS": self._ls, "LE": self._le, "NM1": self._any_nm1, "REF": self._any_ref,
            "N3": self._any_address, "N4": self._any_address, "PRV": self._any_prv, "DTP": self._any_dtp,
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
        self._benefit = self._related = None

    def _bht(self, segment: list[str], number: int) -> bool:
        self._value.purpose, self._value.reference = element(segment, 2), optional(segment, 3)
        self._value.when = self.made(segment, number)
        return True

    # -- refusals and contacts -----------------------------------------------------------------------------------------
    def _aaa(self, segment: list[str], number: int) -> bool:
        rejections = self._rejections()
        if rejections is None:
            return False
        rejections.append(self.take(rows.REJECTION, segment, number))
        rejections[-1].segment_number = number
        return True

    def _rejections(self) -> list[Rejection] | None:
        owner = self._benefit or self._party()
        if owner is not None:
            return owner.rejections
        source = None if self._lost else self.source
        if source is None:
            return None
        return source.rejections if source.name.code else source.system_rejections

    def _per(self, segment: list[str], _number: int) -> bool:
        if self._related is not None:
            self._related.contacts.append(contact_of(segment))
        elif self._party() is None and self.source is not None and not self._lost:
            self.source.contacts.append(contact_of(segment))
        else:
            return False
        return True

    def _mpi(self, segment: list[str], number: int) -> bool:
        if self.person is None or self.person.military is not None:
            return False
        value: Military = self.take(rows.MILITARY, segment, number)
        if element(segment, 6) or element(segment, 7):
            value.date, value.date_to = self.days(element(segment, 6), element(segment, 7), number, 7)
        self.person.military = value
        return True

    # -- benefits ------------------------------------------------------------------------------------------------------
    def _eb(self, segment: list[str], number: int) -> bool:
        self.shut()
        if self.person is None:
            return False
        value = self.take(rows.BENEFIT, segment, number)
        value.service_types = [one for one in element(segment, 3).split(self.ts.delimiters.repetition) if one]
        value.procedure = self.procedure(element(segment, 13))
        value.diagnosis_pointers = self.pointers(segment, 14, number)
        value.segment_number = number
        self.person.benefits.append(value)
        self._benefit = value
        return True

    def _hsd(self, segment: list[str], number: int) -> bool:
        if self._benefit is None:
            return False
        self._benefit.visits.append(self.take(rows.VISITS, segment, number))
        return True

    def _msg(self, segment: list[str], _number: int) -> bool:
        if self._benefit is None:
            return False
        self._benefit.messages.append(element(segment, 1))
        return True

    def _iii(self, segment: list[str], number: int) -> bool:
        if self._benefit is None:
            return False
        self._benefit.limits.append(self.take(rows.LIMIT, segment, number))
        return True

    def _any_dtp(self, segment: list[str], number: int) -> bool:
        if self._benefit is None:
            return self._dtp(segment, number)
        self._benefit.dates.append(self.dated(segment, number))
        return True

    def _any_ref(self, segment: list[str], number: int) -> bool:
        if self._benefit is None:
            return self._ref(segment, number)
        self._benefit.references.append(self.take(REFERENCE, segment, number))
        return True

    # -- whom a benefit names ------------------------------------------------------------------------------------------
    def _ls(self, _segment: list[str], _number: int) -> bool:
        return self._benefit is not None

    def _le(self, _segment: list[str], _number: int) -> bool:
        self._related = None
        return self._benefit is not None

    def _any_nm1(self, segment: list[str], number: int) -> bool:
        if self._benefit is None:
            return self._nm1(segment, number)
        self._related = Related(name=self.take(NAME, segment, number))
        self._benefit.related.append(self._related)
        return True

    def _any_address(self, segment: list[str], number: int) -> bool:
        if self._benefit is None:
            return self._address(segment, number)
        given = None if self._related is None else take_address(self._related.address, segment)
        if self._related is None or given is None:
            return False
        self._related.address = given
        if segment[0] == "N4":
            self._related.region = optional(segment, 6)
        return True

    def _any_prv(self, segment: list[str], number: int) -> bool:
        if self._benefit is None:
            return self._prv(segment, number)
        if self._related is None or self._related.provider is not None:
            return False
        self._related.provider = self.take(SPECIALTY, segment, number)
        return True
