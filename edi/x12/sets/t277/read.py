"""Reader of the 277 that answers a 276: one pass, the level says whose claim a segment is about."""

import datetime as dt

from edi.findings import Finding
from edi.x12.sets.claim_status import ClaimStatusReader
from edi.x12.sets.inquiries import contact_of
from edi.x12.sets.reading import day, element, optional
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
from edi.x12.syntax.document import TransactionSet

REFERENCES = {
    "1K": "payer_control_number",
    "BLT": "bill_type",
    "EJ": "patient_control_number",
    "XZ": "prescription",
    "VV": "voucher",
    "D9": "clearinghouse_id",
}
"""Fields of a claim by REF01, in the order of the guide."""


def read_set(ts: TransactionSet) -> tuple[StatusResponse, list[Finding]]:
    """The response and every part that could not be taken. Never raises on bad data.

    A status stands whenever its category does. A dependent below no subscriber, a claim without the number of its inquiry
    and a status of nothing that is named are left out with an error (``X277-READ``).
    """
    return _Reader(ts).read()


class _Reader(ClaimStatusReader[Source, Receiver, Provider, Subscriber, Dependent, ClaimStatus, LineStatus]):
    references = REFERENCES

    def __init__(self, ts: TransactionSet) -> None:
        super().__init__(ts, "X277")
        self._value = StatusResponse(reference="", raw=ts)

    def read(self) -> tuple[StatusResponse, list[Finding]]:
        steps = {"BHT": self._bht, "PER": self._per, "TRN": self._trn, "STC": self._stc, "SVC": self._svc_paid}
        return self._value, self.run(self.claim_steps() | steps)

    def new_source(self) -> Source:
        self._value.sources.append(Source())
        return self._value.sources[-1]

    def new_receiver(self, source: Source) -> Receiver:
        source.receivers.append(Receiver())
        return source.receivers[-1]

    def new_provider(self, receiver: Receiver) -> Provider:
        receiver.providers.append(Provider())
        return receiver.providers[-1]

    def new_subscriber(self, provider: Provider) -> Subscriber:
        provider.subscribers.append(Subscriber())
        return provider.subscribers[-1]

    def new_dependent(self, subscriber: Subscriber) -> Dependent:
        subscriber.dependents.append(Dependent())
        return subscriber.dependents[-1]

    def new_claim(self, person: Subscriber | Dependent, trace: str) -> ClaimStatus:
        person.claims.append(ClaimStatus(trace=trace))
        return person.claims[-1]

    def new_line(self, claim: ClaimStatus, kind: str, procedure: str) -> LineStatus:
        claim.lines.append(LineStatus(procedure_kind=kind, procedure=procedure))
        return claim.lines[-1]

    def _bht(self, segment: list[str], number: int) -> bool:
        self._value.reference, self._value.when = element(segment, 3), self.made(segment, number)
        return True

    def _per(self, segment: list[str], _number: int) -> bool:
        if self.source is None or self.receiver is not None or self.lost:
            return False
        self.source.contacts.append(contact_of(segment))
        return True

    def _trn(self, segment: list[str], number: int) -> bool:
        if self.person is not None:
            return self.open_claim(segment, number)
        owner = self._refused()
        if owner is None or owner.trace is not None:
            return False
        owner.trace = optional(segment, 2)
        return True

    def _refused(self) -> Receiver | Provider | None:
        """The level above the persons that a status is about."""
        return None if self.lost else self.provider or self.receiver

    def _stc(self, segment: list[str], number: int) -> bool:
        owner = self.line or self.claim if self.person is not None else self._refused()
        if owner is None:
            raise ValueError("a status of nothing that is named here: no claim, provider or request")
        every = [code for at in (1, 10, 11) if (code := self._status_code(element(segment, at))) is not None]
        if not element(segment, 1) or not every or not every[0].category:
            raise ValueError("a status without its category (STC01)")
        first, *further = every
        owner.statuses.append(
            Status(
                category=first.category,
                code=first.code,
                entity=first.entity,
                code_list=first.code_list,
                date=self._day(segment, 2, number),
                charge_cents=self.money(segment, 4, number),
                paid_cents=self.money(segment, 5, number),
                decided_date=self._day(segment, 6, number),
                paid_date=self._day(segment, 8, number),
                payment_number=optional(segment, 9),
                further=further,
                segment_number=number,
            )
        )
        return True

    def _status_code(self, text: str) -> StatusCode | None:
        if not text:
            return None
        category, code, entity, code_list, *_ = [*text.split(self.ts.delimiters.component), "", "", ""]
        return StatusCode(category=category, code=code, entity=entity or None, code_list=code_list or None)

    def _day(self, segment: list[str], at: int, number: int) -> dt.date | None:
        text = element(segment, at)
        try:
            return day(text) if text else None
        except ValueError as problem:
            self.unread(number, str(problem), at, text)
            return None

    def _svc_paid(self, segment: list[str], number: int) -> bool:
        taken = self._svc(segment, number)
        if self.line is not None:
            self.line.paid_cents = self.money(segment, 3, number)
        return taken
