"""Reader of the 276: one pass, the level says whose claim a segment is about."""

from edi.findings import Finding
from edi.x12.sets.claim_status import ClaimStatusReader, ServiceLine
from edi.x12.sets.reading import element, optional
from edi.x12.sets.t276.values import ClaimRequest, Dependent, Provider, Receiver, Source, StatusRequest, Subscriber
from edi.x12.syntax.document import TransactionSet

REFERENCES = {
    "1K": "payer_control_number",
    "BLT": "bill_type",
    "LU": "location",
    "6P": "group_number",
    "EJ": "patient_control_number",
    "XZ": "prescription",
    "D9": "clearinghouse_id",
}
"""Fields of a claim by REF01, in the order of the guide."""


def read_set(ts: TransactionSet) -> tuple[StatusRequest, list[Finding]]:
    """The request and every part that could not be taken. Never raises on bad data.

    A dependent who stands below no subscriber, and a claim without the number of its inquiry, are left out with an error
    (``X276-READ``).
    """
    return _Reader(ts).read()


class _Reader(ClaimStatusReader[Source, Receiver, Provider, Subscriber, Dependent, ClaimRequest, ServiceLine]):
    references = REFERENCES

    def __init__(self, ts: TransactionSet) -> None:
        super().__init__(ts, "X276")
        self._value = StatusRequest(reference="", raw=ts)

    def read(self) -> tuple[StatusRequest, list[Finding]]:
        steps = {"BHT": self._bht, "DMG": self._dmg, "TRN": self.open_claim, "AMT": self._amt}
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

    def new_claim(self, person: Subscriber | Dependent, trace: str) -> ClaimRequest:
        person.claims.append(ClaimRequest(trace=trace))
        return person.claims[-1]

    def new_line(self, claim: ClaimRequest, kind: str, procedure: str) -> ServiceLine:
        claim.lines.append(ServiceLine(procedure_kind=kind, procedure=procedure))
        return claim.lines[-1]

    def _bht(self, segment: list[str], number: int) -> bool:
        self._value.reference, self._value.when = element(segment, 3), self.made(segment, number)
        return True

    def _dmg(self, segment: list[str], number: int) -> bool:
        person = self.person
        if person is None or person.birth_date or person.sex:
            return False
        person.birth_date, _ = self.days(element(segment, 1), element(segment, 2), number, 2)
        person.sex = optional(segment, 3)
        return True

    def _amt(self, segment: list[str], number: int) -> bool:
        if self.claim is None or self.claim.charge_cents is not None or element(segment, 1) != "T3":
            return False
        self.claim.charge_cents = self.money(segment, 2, number)
        return True
