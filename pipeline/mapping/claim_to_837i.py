"""Canonical institutional claims to the value of one 837I transaction set (005010X223A2).

As for the professional ones: free text is written as `wire_text` says, the points of diagnoses are dropped; nothing else
is changed, added or left out. What a patient has paid has no place in the guide and is not sent.
"""

from collections.abc import Sequence
from datetime import datetime, time

from edi.x12.sets import t837i
from pipeline.domain import institutional_claim as canonical
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.claim_to_837p import line_control_number
from pipeline.mapping.levels_to_837 import Levels, attachment_of, facility_of, provider_of
from pipeline.mapping.other_payers_to_837 import institutional_adjudication, institutional_other_payer
from pipeline.mapping.parts_to_837 import text


def to_institutional(
    claims: Sequence[tuple[str, canonical.InstitutionalClaim]],
    *,
    provider: BillingProviderFacts,
    submitter: t837i.Submitter,
    receiver: t837i.Receiver,
    reference: str,
    when: datetime,
) -> t837i.InstitutionalSet:
    """One set of the claims of one billing provider, each with its CLM01. `reference` is BHT03, `when` BHT04 and BHT05."""
    return t837i.InstitutionalSet(
        reference=reference,
        when=when,
        submitter=submitter,
        receiver=receiver,
        billing=[_LEVELS.of(claims, provider)],
    )


def institutional_claim(control_number: str, claim: canonical.InstitutionalClaim) -> t837i.InstitutionalClaim:
    """Loop 2300 with its lines."""
    return t837i.InstitutionalClaim(
        patient_control_number=control_number,
        charge_cents=claim.charge_cents,
        facility_code=claim.facility_type,
        frequency=claim.frequency,
        assignment_code=claim.assignment_code,
        benefits_assigned=claim.benefits_assigned,
        release_code=claim.release_code,
        delay_reason=claim.delay_reason,
        discharge_time=_time(claim.discharge_time),
        statement_from=claim.statement_from,
        statement_to=claim.statement_to,
        admission_date=claim.admission_date,
        admission_time=_time(claim.admission_time),
        admission_type=claim.admission_type,
        admission_source=claim.admission_source,
        patient_status=claim.patient_status,
        attachments=[attachment_of(one) for one in claim.attachments or ()],
        patient_due_cents=claim.patient_due_cents,
        referral_number=claim.referral_number,
        prior_authorization=claim.prior_authorization,
        payer_claim_number=claim.payer_claim_number,
        accident_state=claim.accident_state,
        medical_record_number=claim.medical_record_number,
        billing_note=text(claim.note),
        principal_diagnosis=_diagnosis(claim.principal_diagnosis),
        admitting_diagnosis=_code(claim.admitting_diagnosis) if claim.admitting_diagnosis else None,
        visit_reasons=[_code(code) for code in claim.visit_reasons],
        external_causes=[_diagnosis(one) for one in claim.external_causes],
        drg=claim.drg,
        other_diagnoses=[_diagnosis(one) for one in claim.other_diagnoses],
        principal_procedure=_procedure(claim.principal_procedure) if claim.principal_procedure else None,
        other_procedures=[_procedure(one) for one in claim.other_procedures],
        occurrence_spans=[
            t837i.OccurrenceSpan(code=one.code, first=one.first, last=one.last) for one in claim.occurrence_spans
        ],
        occurrences=[t837i.Occurrence(code=one.code, on=one.on) for one in claim.occurrences],
        value_amounts=[_value(one) for one in claim.value_amounts],
        condition_codes=list(claim.condition_codes),
        attending=provider_of(claim.attending),
        operating=provider_of(claim.operating),
        other_operating=provider_of(claim.other_operating),
        rendering=provider_of(claim.rendering),
        facility=facility_of(claim.facility),
        referring=provider_of(claim.referring),
        other_payers=[institutional_other_payer(one) for one in claim.other_payers or ()],
        lines=[_line(control_number, number, line) for number, line in enumerate(claim.lines, 1)],
    )


def _line(control_number: str, number: int, line: canonical.InstitutionalLine) -> t837i.ServiceLine:
    return t837i.ServiceLine(
        number=number,
        revenue_code=line.revenue_code,
        procedure=line.procedure,
        modifiers=list(line.modifiers),
        description=text(line.description),
        charge_cents=line.charge_cents,
        unit=line.unit,
        units=line.units,
        non_covered_cents=line.non_covered_cents,
        service_date=line.service_date,
        service_date_to=line.service_date_to,
        line_control_number=line_control_number(control_number, number),
        ndc=line.ndc,
        ndc_units=line.ndc_units,
        ndc_unit=line.ndc_unit,
        operating=provider_of(line.operating),
        rendering=provider_of(line.rendering),
        adjudications=[institutional_adjudication(one) for one in line.adjudications or ()],
    )


def _code(code: str) -> str:
    return code.replace(".", "")


def _diagnosis(given: canonical.Diagnosis) -> t837i.Diagnosis:
    return t837i.Diagnosis(code=_code(given.code), on_admission=given.present_on_admission)


def _procedure(given: canonical.Procedure) -> t837i.Procedure:
    return t837i.Procedure(code=given.code, on=given.performed_on)


def _value(given: canonical.ValueAmount) -> t837i.ValueAmount:
    """What is no money is told in hundredths too, as the guide has one element for both."""
    hundredths = int(given.count * 100) if given.count is not None else given.amount_cents
    if hundredths is None:
        raise ValueError("a value code has an amount or a count")
    return t837i.ValueAmount(code=given.code, amount_cents=hundredths)


def _time(given: str | None) -> time | None:
    return None if given is None else time.fromisoformat(given)


_LEVELS = Levels(
    billing=t837i.BillingProvider, subscriber=t837i.Subscriber, patient=t837i.Patient, claim=institutional_claim
)
