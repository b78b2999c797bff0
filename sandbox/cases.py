"""An 837P or 837I upload taken apart into what a clearinghouse and a payer work on: one case a claim."""

from collections.abc import Iterable, Iterator
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


@dataclass(slots=True)
class Case:
    """One claim with everything above it. Nobody changes one; to be frozen would treble what it costs to make."""

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
        kind = self.outcome
        return kind is not Outcome.CLEARINGHOUSE_REJECTED and kind is not Outcome.PAYER_REJECTED

    @property
    def payee(self) -> tuple[str, str]:
        """(NPI or blank, tax id) of who bills."""
        return self.billing.npi or "", self.billing.tax_id

    @property
    def service_dates(self) -> tuple[date, date]:
        """First and last day of service over the lines; of an institutional claim, of its statement."""
        if isinstance(self.claim, InstitutionalClaim):
            return self.claim.statement_from, self.claim.statement_to
        lines = self.claim.lines
        return (
            min([line.service_date for line in lines]),
            max([line.service_date_to or line.service_date for line in lines]),
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as its reader sees it: ``every`` claim of its sets, ``findings`` of syntax, structure and content (errors)."""

    document: Document
    batches: tuple[Batch, ...]
    every: tuple[Case, ...]
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
        return [case for case in self.every if case.batch.number not in left_out] if left_out else list(self.every)

    def of(self, number: str) -> list[Case]:
        """Those of one CLM01."""
        return [case for case in self.every if case.claim.patient_control_number == number]


def open_upload(data: bytes) -> Upload:
    """Read a file; sets that are not 837 are left out of ``batches``. Never raises on bad bytes."""
    document = read(data)
    findings = list(document.findings)
    batches: list[Batch] = []
    for one in document.sets:
        if one.set_id == "837":
            content, found = _read(one)
            findings += found
            batches.append(Batch(one.control_number, content, one.segments))
    every = tuple(case for batch in batches for case in cases(batch))
    return Upload(document, tuple(batches), every, tuple(f for f in findings if f.severity is Severity.ERROR))


def _read(one: TransactionSet) -> tuple[ProfessionalSet | InstitutionalSet, list[Finding]]:
    guide = guide_of(one.set_id, one.version)
    return t837i.read_set(one) if guide is not None and guide.name == "837I" else t837p.read_set(one)


def cases(batch: Batch) -> Iterator[Case]:
    """The claims of one set, in its order."""
    for billing in batch.content.billing:
        for subscriber in billing.subscribers:
            for claim in subscriber.claims:
                yield Case(batch, billing, subscriber, None, claim)
            for patient in subscriber.patients:
                for claim in patient.claims:
                    yield Case(batch, billing, subscriber, patient, claim)


def by_payer(every: Iterable[Case]) -> dict[str, list[Case]]:
    """Cases by payer identifier, in order of first appearance."""
    grouped: dict[str, list[Case]] = {}
    for case in every:
        grouped.setdefault(case.subscriber.payer.identifier, []).append(case)
    return grouped


def by_billing_provider(every: Iterable[Case]) -> dict[tuple[str, str], list[Case]]:
    """Cases by who bills."""
    grouped: dict[tuple[str, str], list[Case]] = {}
    for case in every:
        grouped.setdefault(case.payee, []).append(case)
    return grouped


def by_batch(every: Iterable[Case]) -> dict[str, list[Case]]:
    """Cases by the ST02 of their set."""
    grouped: dict[str, list[Case]] = {}
    for case in every:
        grouped.setdefault(case.batch.number, []).append(case)
    return grouped
