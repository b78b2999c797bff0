"""An 837P or 837I upload taken apart into what a clearinghouse and a payer work on: one case a claim."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from edi.findings import Finding, Severity
from edi.x12.guides import guide_of
from edi.x12.sets import t837i, t837p
from edi.x12.sets.t837i import InstitutionalClaim, InstitutionalSet
from edi.x12.sets.t837p import ProfessionalClaim, ProfessionalSet
from edi.x12.syntax.document import Document, Interchange, TransactionSet
from edi.x12.syntax.reader import read
from sandbox.outcomes import Outcome, outcome

BillingProvider = t837p.BillingProvider | t837i.BillingProvider
Subscriber = t837p.Subscriber | t837i.Subscriber
Patient = t837p.Patient | t837i.Patient
Claim = ProfessionalClaim | InstitutionalClaim


@dataclass(frozen=True, slots=True)
class Batch:
    """One 837 set: ``number`` is its ST02, ``content`` what it holds, ``segments`` what it holds it in."""

    number: str
    content: ProfessionalSet | InstitutionalSet
    segments: list[list[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """One claim with everything above it."""

    batch: Batch
    billing: BillingProvider
    subscriber: Subscriber
    patient: Patient | None
    claim: Claim
    changes_nothing: bool = False
    """A replacement or void of a claim that its payer does not know."""

    @property
    def person(self) -> Patient | Subscriber:
        """Who was treated."""
        return self.patient or self.subscriber

    @property
    def outcome(self) -> Outcome:
        found = outcome(self.subscriber.member_id)
        reaches_payer = found is not Outcome.CLEARINGHOUSE_REJECTED
        return Outcome.PAYER_REJECTED if self.changes_nothing and reaches_payer else found

    @property
    def decided(self) -> bool:
        """Whether its payer ever decides it; what is rejected before is not adjudicated."""
        return self.outcome not in {Outcome.CLEARINGHOUSE_REJECTED, Outcome.PAYER_REJECTED}

    @property
    def service_dates(self) -> tuple[date, date]:
        """First and last day of service over the lines; of an institutional claim, of its statement."""
        if isinstance(self.claim, InstitutionalClaim):
            return self.claim.statement_from, self.claim.statement_to
        lines = self.claim.lines
        return min(line.service_date for line in lines), max(
            line.service_date_to or line.service_date for line in lines
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as its reader sees it. ``findings`` are errors of syntax, structure and content."""

    document: Document
    batches: tuple[Batch, ...]
    findings: tuple[Finding, ...]

    @property
    def interchange(self) -> Interchange:
        return self.document.interchanges[0]

    @property
    def institutional(self) -> bool:
        """Whether its claims are of institutions; a file holds one kind."""
        return any(isinstance(batch.content, InstitutionalSet) for batch in self.batches)

    def cases(self, without: Iterable[str] = ()) -> list[Case]:
        """Every claim, except those of the sets named by ST02."""
        left_out = frozenset(without)
        return [case for batch in self.batches if batch.number not in left_out for case in cases(batch)]


def open_upload(data: bytes) -> Upload:
    """Read a file; sets that are not 837 are left out of ``batches``. Never raises on bad bytes."""
    document = read(data)
    findings = list(document.findings)
    batches = []
    for one in document.sets:
        if one.set_id == "837":
            content, found = _read(one)
            findings += found
            batches.append(Batch(one.control_number, content, one.segments))
    return Upload(document, tuple(batches), tuple(f for f in findings if f.severity is Severity.ERROR))


def _read(one: TransactionSet) -> tuple[ProfessionalSet | InstitutionalSet, list[Finding]]:
    guide = guide_of(one.set_id, one.version)
    return t837i.read_set(one) if guide is not None and guide.name == "837I" else t837p.read_set(one)


def cases(batch: Batch) -> Iterator[Case]:
    """The claims of one set, in its order."""
    for billing in batch.content.billing:
        for subscriber in billing.subscribers:
            yield from _of(batch, billing, subscriber, None, subscriber.claims)
            for patient in subscriber.patients:
                yield from _of(batch, billing, subscriber, patient, patient.claims)


def _of(
    batch: Batch,
    billing: BillingProvider,
    subscriber: Subscriber,
    patient: Patient | None,
    claims: Sequence[Claim],
) -> Iterator[Case]:
    return (Case(batch, billing, subscriber, patient, claim) for claim in claims)


def by_payer(every: Iterable[Case]) -> dict[str, list[Case]]:
    """Cases by payer identifier, in order of first appearance."""
    grouped: dict[str, list[Case]] = {}
    for case in every:
        grouped.setdefault(case.subscriber.payer.identifier, []).append(case)
    return grouped


def by_billing_provider(every: Iterable[Case]) -> dict[tuple[str, str], list[Case]]:
    """Cases by (NPI or blank, tax id) of who bills."""
    grouped: dict[tuple[str, str], list[Case]] = {}
    for case in every:
        grouped.setdefault((case.billing.npi or "", case.billing.tax_id), []).append(case)
    return grouped


def by_batch(every: Iterable[Case]) -> dict[str, list[Case]]:
    """Cases by the ST02 of their set."""
    grouped: dict[str, list[Case]] = {}
    for case in every:
        grouped.setdefault(case.batch.number, []).append(case)
    return grouped
