"""Claim sets read bit by bit: each claim as the whole reader gives it, with those whose it is, and then forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from edi.findings import Finding
from edi.x12.sets.t837.cursor import Kinds
from edi.x12.sets.t837.read import ClaimReader, SetReader
from edi.x12.sets.t837.values import BaseBillingProvider, BasePatient, BaseSet, BaseSubscriber
from edi.x12.syntax.document import OpenSet


@dataclass(slots=True, kw_only=True)
class Billed:
    """One claim of an 837. The lists of those whose it is are empty: their other claims come by themselves.
    Where a broken set tells one of them again after the claim, that goes into the same value, as in the whole reader.

    ``within`` is the set as far as it is known; ``patient`` is None where the subscriber is the patient; ``segments`` are
    those of the claim, CLM first.
    """

    within: BaseSet
    claim: Any  # ProfessionalClaim or InstitutionalClaim
    billing: BaseBillingProvider
    subscriber: BaseSubscriber
    patient: BasePatient | None
    segments: list[list[str]]


class ClaimStream:
    """``take`` the segments as they come; it gives what has become known. ``value`` is the set, without its levels."""

    def __init__(self, ts: OpenSet, value: Any, kinds: Kinds) -> None:
        self.value = value
        self._ts = ts
        self._reader = SetReader(ts, value, kinds)
        self._claims = _Claims(ts, self._reader.cursor, self._reader.findings)
        self._reader.claims = self._claims

    def take(self, segments: list[list[str]], first: int) -> Iterator[Finding | Billed]:
        """What is known with the next segments, the first of which has this number."""
        self._ts.segments += segments
        self._reader.take(segments, first)
        yield from self._known()

    def end(self) -> Iterator[Finding | Billed]:
        """What is known with the end of the set."""
        self._reader.end()
        yield from self._known()

    def _known(self) -> Iterator[Finding | Billed]:
        findings, self._reader.findings[:] = self._reader.findings[:], []
        claims, self._claims.kept = self._claims.kept, []
        found = [self._billed(*one) for one in claims]
        self._forget_levels()
        claim = self._reader.cursor.claim
        self._ts.let_go(self._ts.first + len(self._ts.segments) if claim is None else claim.segment_number)
        yield from findings
        yield from found

    def _billed(self, claim: Any, billing: Any, subscriber: Any, patient: Any) -> Billed:
        billing.subscribers.clear()
        subscriber.patients.clear()
        return Billed(
            within=self.value,
            claim=claim,
            billing=billing,
            subscriber=subscriber,
            patient=patient,
            segments=self._ts.between(claim.segment_number, claim.segment_last),
        )

    def _forget_levels(self) -> None:
        """Those that are at hand stay with the cursor; nobody else is needed any more."""
        cursor = self._reader.cursor
        self.value.billing.clear()
        if cursor.billing is not None:
            cursor.billing.subscribers.clear()
        if cursor.subscriber is not None:
            cursor.subscriber.patients.clear()


class _Claims(ClaimReader):
    """Keeps each claim beside those whose it is."""

    __slots__ = ("kept",)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.kept: list[tuple[Any, Any, Any, Any]] = []

    def keep(self, claim: Any) -> None:
        """The claim, and the levels above it."""
        cursor = self._cursor
        self.kept.append((claim, cursor.billing, cursor.subscriber, cursor.patient))
