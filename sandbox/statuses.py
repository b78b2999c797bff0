"""277CA sets: the clearinghouse's and the payer's word on each claim of one 837 set."""

from collections.abc import Sequence
from datetime import datetime

from edi.makers import maker
from edi.x12.sets.t277ca import ClaimStatus, ProviderStatus, Source, Status, StatusReceiver, StatusReport
from edi.x12.sets.t837i import InstitutionalClaim
from sandbox.cases import Case, by_billing_provider
from sandbox.identifiers import clearinghouse_claim_id, payer_control_number
from sandbox.outcomes import Outcome, second_last_is_odd

ACCEPT, REJECT = "WQ", "U"
_status = maker(Status, "category", "code", "entity", "date", "action", "charge_cents")


def clearinghouse_report(cases: Sequence[Case], source: Source, reference: str, now: datetime) -> StatusReport:
    """What the clearinghouse says of the claims of one set (all cases are of the same set)."""
    return _report(cases, source, reference, now)


def payer_report(cases: Sequence[Case], reference: str, now: datetime) -> StatusReport:
    """What one payer says of its claims in one set."""
    payer = cases[0].subscriber.payer
    source = Source(kind="PR", name=payer.name, identifier=payer.identifier, identifier_kind="PI")
    return _report(cases, source, reference, now)


def _report(cases: Sequence[Case], source: Source, reference: str, now: datetime) -> StatusReport:
    content = cases[0].batch.content
    providers = [_provider(group, source, now) for group in by_billing_provider(cases).values()]
    return StatusReport(
        reference=reference,
        when=now,
        source=source,
        source_reference=reference,
        received_date=now.date(),
        processed_date=now.date(),
        receiver=StatusReceiver(name=content.submitter.name, identifier=content.submitter.identifier),
        batch_reference=content.reference,
        batch_statuses=[
            Status(
                category="A1",
                code="19",
                entity=source.kind,
                date=now.date(),
                action=ACCEPT,
                charge_cents=sum([case.claim.charge_cents for case in cases]),
            )
        ],
        accepted_count=sum(p.accepted_count or 0 for p in providers) or None,
        rejected_count=sum(p.rejected_count or 0 for p in providers) or None,
        accepted_cents=_sum_or_none([p.accepted_cents for p in providers]),
        rejected_cents=_sum_or_none([p.rejected_cents for p in providers]),
        providers=providers,
    )


def _provider(cases: Sequence[Case], source: Source, now: datetime) -> ProviderStatus:
    billing = cases[0].billing
    patients = [_patient(case, source, now) for case in cases]
    told = [one.statuses[0] for one in patients]
    rejected = [one.charge_cents or 0 for one in told if one.action == REJECT]
    accepted = [one.charge_cents or 0 for one in told if one.action != REJECT]
    return ProviderStatus(
        name=billing.name or billing.last_name,
        first_name=billing.first_name,
        npi=billing.npi,
        tax_id=None if billing.npi else billing.tax_id,
        reference=cases[0].batch.number,
        statuses=[
            Status(
                category="A1",
                code="19",
                entity=source.kind,
                action=ACCEPT,
                charge_cents=sum([case.claim.charge_cents for case in cases]),
            )
        ],
        accepted_count=len(accepted) or None,
        rejected_count=len(rejected) or None,
        accepted_cents=sum(accepted) if accepted else None,
        rejected_cents=sum(rejected) if rejected else None,
        patients=patients,
    )


def _patient(case: Case, source: Source, now: datetime) -> ClaimStatus:
    claim, person = case.claim, case.person
    first, last = case.service_dates
    category, code, entity, action = verdict(case, source.kind)
    at_payer = source.kind == "PR"
    return ClaimStatus(
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        member_id=case.subscriber.member_id,
        patient_control_number=claim.patient_control_number,
        statuses=[_status(category, code, entity, now.date(), action, claim.charge_cents)],
        payer_control_number=(
            payer_control_number(case.subscriber.payer.identifier, claim.patient_control_number, claim.frequency)
            if at_payer and action == ACCEPT
            else None
        ),
        clearinghouse_id=clearinghouse_claim_id(
            claim.patient_control_number, claim.frequency, case.subscriber.responsibility
        ),
        bill_type=f"{claim.facility_code}{claim.frequency}" if isinstance(claim, InstitutionalClaim) else None,
        service_date=first,
        service_date_to=last if last != first else None,
    )


def verdict(case: Case, source_kind: str) -> tuple[str, str, str, str]:
    """STC01-1, -2, -3 and STC03 (`ACCEPT` or `REJECT`): what a side says of a claim, in 277CAs and text reports alike."""
    if source_kind == "AY":
        rejected = case.outcome is Outcome.CLEARINGHOUSE_REJECTED
        return ("A7", "164", "IL", REJECT) if rejected else ("A1", "19", "PR", ACCEPT)
    if case.outcome is Outcome.PAYER_REJECTED and case.changes_nothing:
        return ("A7", "464", "PR", REJECT)
    if case.outcome is Outcome.PAYER_REJECTED:
        odd = second_last_is_odd(case.subscriber.member_id)
        return ("A7", "88", "IL", REJECT) if odd else ("A3", "33", "IL", REJECT)
    return ("A2", "20", "PR", ACCEPT)


def _sum_or_none(amounts: Sequence[int | None]) -> int | None:
    told = [amount for amount in amounts if amount is not None]
    return sum(told) if told else None
