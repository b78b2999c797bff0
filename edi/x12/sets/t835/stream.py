"""The 835 read bit by bit: each claim as the whole reader gives it, balanced, and then forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

from edi.findings import Finding
from edi.x12.sets.t835.balances import balance_of_claim, balance_of_transaction
from edi.x12.sets.t835.read import SetReader
from edi.x12.sets.t835.values import ClaimGroup, Remittance, RemittanceClaim
from edi.x12.syntax.document import OpenSet


@dataclass(slots=True, kw_only=True)
class Decided:
    """One claim of an 835 with its ``segments``, CLP first. ``within`` is what stands before the claims of the set."""

    within: Remittance
    claim: RemittanceClaim
    segments: list[list[str]]


class RemittanceStream:
    """``take`` the segments as they come; it gives what has become known, each group before its claims.

    ``value`` is, at the end, the remittance without claims and groups.
    """

    def __init__(self, ts: OpenSet) -> None:
        self.value: Remittance | None = None
        self._ts = ts
        self._reader = _Reader(ts)
        self._within: Remittance | None = None
        self._paid_cents = 0
        self._last = 0

    def take(self, segments: list[list[str]], first: int) -> Iterator[Finding | ClaimGroup | Decided]:
        """What is known with the next segments, the first of which has this number."""
        self._ts.segments += segments
        self._last = first + len(segments) - 1
        self._reader.note_payments(segments, first)
        self._reader.take(segments, first)
        yield from self._known()

    def end(self) -> Iterator[Finding | ClaimGroup | Decided]:
        """What is known with the end of the set: whether it balances as a whole, too."""
        reader = self._reader
        value = reader.end(self._last)
        yield from self._known()
        yield from reader.groups
        if value is not None:
            value.claims, value.groups, value.raw = [], [], None
            yield from balance_of_transaction(value, self._paid_cents, self._ts)
        self.value = value

    def _known(self) -> Iterator[Finding | ClaimGroup | Decided]:
        reader, ts = self._reader, self._ts
        for number in (1, 2, *reader.unread[:1]):
            ts.remember(number)
        found: list[Finding | ClaimGroup | Decided] = [*reader.findings]
        reader.findings.clear()
        for claim in reader.claims:
            found += self._groups_until(reader.claims_gone)
            found += balance_of_claim(claim, ts)
            found.append(self._decided(claim))
            reader.claims_gone += 1
        reader.claims.clear()
        ts.let_go(ts.first + len(ts.segments) if reader.open_claim is None else reader.open_claim)
        yield from found

    def _groups_until(self, claim: int) -> list[ClaimGroup]:
        """The groups that begin with this claim or before."""
        groups = self._reader.groups
        count = sum(one.first_claim <= claim for one in groups)
        begun, groups[:] = groups[:count], groups[count:]
        return begun

    def _decided(self, claim: RemittanceClaim) -> Decided:
        if self._within is None:
            self._within = self._reader.head()
            self._within.claims, self._within.groups, self._within.raw = [], [], None
        self._paid_cents += claim.paid_cents
        segments = self._ts.between(claim.segment_number, claim.segment_last)
        return Decided(within=self._within, claim=claim, segments=segments)


class _Reader(SetReader):
    """Remembers where the payment was told, which is found by looking back where a set is whole."""

    def __init__(self, ts: OpenSet) -> None:
        super().__init__(ts)
        self._open_set = ts
        self._payments: dict[tuple[str, ...], int] = {}

    def note_payments(self, segments: list[list[str]], first: int) -> None:
        """Look at the segments of a set before its claims for BPR."""
        if self.claims_gone:
            return
        for number, segment in enumerate(segments, first):
            if segment[0] == "BPR" and self._payments.setdefault(tuple(segment), number) == number:
                self._open_set.remember(number)

    def _number_of(self, bpr: list[str]) -> int:
        return self._payments[tuple(bpr)]
