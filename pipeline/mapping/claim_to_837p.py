"""Canonical claims to the value of one 837P transaction set (005010X222A1).

Free text is written as `wire_text` says, the points of diagnoses are dropped, conditions are dealt into segments of
five; nothing else is changed, added or left out. The claims have passed the edits, so whatever cannot be written here
is a bug and raises ValueError (without the value).
"""

import re
from collections.abc import Sequence
from datetime import datetime

from edi.x12.sets import t837p
from pipeline.domain import ambulance
from pipeline.domain import claim as canonical
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.levels_to_837 import Levels, attachment_of, facility_of, provider_of
from pipeline.mapping.other_payers_to_837 import adjudication, other_payer
from pipeline.mapping.parts_to_837 import address, text

CONDITIONS_PER_SEGMENT = 5  # CRC03 to CRC07
_LINE_NUMBER = re.compile(r"(C[0-9A-Z]{13})L[1-9][0-9]{0,2}")  # CLM01 as `store.crypto` derives it; at most 999 lines


def to_professional(
    claims: Sequence[tuple[str, canonical.Claim]],
    *,
    provider: BillingProviderFacts,
    submitter: t837p.Submitter,
    receiver: t837p.Receiver,
    reference: str,
    when: datetime,
) -> t837p.ProfessionalSet:
    """One set of the claims of one billing provider, each with its CLM01. `reference` is BHT03, `when` BHT04 and BHT05."""
    return t837p.ProfessionalSet(
        reference=reference,
        when=when,
        submitter=submitter,
        receiver=receiver,
        billing=[_LEVELS.of(claims, provider)],
    )


def line_control_number(control_number: str, number: int) -> str:
    """REF*6R of a claim's line, counted from 1: what the payer sends back with the line."""
    return f"{control_number}L{number}"


def claim_of_line(control_number: str) -> str | None:
    """The CLM01 in a line number that we may have written; None where it cannot be one of ours."""
    written = _LINE_NUMBER.fullmatch(control_number.strip().upper())
    return written[1] if written else None


def professional_claim(control_number: str, claim: canonical.Claim) -> t837p.ProfessionalClaim:
    """Loop 2300 with its lines."""
    transport = claim.ambulance
    drop_off = transport.drop_off if transport else None
    return t837p.ProfessionalClaim(
        patient_control_number=control_number,
        charge_cents=claim.charge_cents,
        place_of_service=claim.place_of_service,
        frequency=claim.frequency,
        signature_on_file=claim.signature_on_file,
        assignment_code=claim.assignment_code,
        benefits_assigned=claim.benefits_assigned,
        release_code=claim.release_code,
        patient_signature_code=claim.patient_signature_code,
        related_causes=list(claim.related_causes),
        accident_state=claim.accident_state,
        delay_reason=claim.delay_reason,
        onset_date=claim.onset_date,
        accident_date=claim.accident_date,
        admission_date=claim.admission_date,
        discharge_date=claim.discharge_date,
        attachments=[attachment_of(one) for one in claim.attachments or ()],
        patient_paid_cents=claim.patient_paid_cents,
        referral_number=claim.referral_number,
        prior_authorization=claim.prior_authorization,
        payer_claim_number=claim.payer_claim_number,
        clia=claim.clia,
        medical_record_number=claim.medical_record_number,
        note=text(claim.note),
        ambulance=_transport(transport) if transport else None,
        conditions=_conditions(transport) if transport else [],
        diagnoses=[code.replace(".", "") for code in claim.diagnoses],
        referring=provider_of(claim.referring),
        rendering=provider_of(claim.rendering),
        supervising=provider_of(claim.supervising),
        facility=facility_of(claim.facility),
        pick_up=address(transport.pick_up) if transport and transport.pick_up else None,
        drop_off=_drop_off(drop_off) if drop_off else None,
        other_payers=[other_payer(one) for one in claim.other_payers or ()],
        lines=[_line(control_number, number, line) for number, line in enumerate(claim.lines, 1)],
    )


def _line(control_number: str, number: int, line: canonical.ServiceLine) -> t837p.ServiceLine:
    return t837p.ServiceLine(
        number=number,
        procedure=line.procedure,
        modifiers=list(line.modifiers),
        description=text(line.description),
        charge_cents=line.charge_cents,
        unit=line.unit,
        units=line.units,
        place_of_service=line.place_of_service,
        pointers=list(line.diagnosis_pointers),
        emergency=line.emergency,
        service_date=line.service_date,
        service_date_to=line.service_date_to,
        line_control_number=line_control_number(control_number, number),
        patient_count=line.patient_count,
        prior_authorization=line.prior_authorization,
        note=text(line.note),
        ndc=line.ndc,
        ndc_units=line.ndc_units,
        ndc_unit=line.ndc_unit,
        rendering=provider_of(line.rendering),
        adjudications=[adjudication(one) for one in line.adjudications or ()],
    )


def _transport(transport: ambulance.Ambulance) -> t837p.AmbulanceTransport:
    return t837p.AmbulanceTransport(
        weight_lb=transport.pounds,
        reason=transport.reason,
        miles=transport.miles,
        round_trip_purpose=text(transport.round_trip_purpose),
        stretcher_purpose=text(transport.stretcher_purpose),
    )


def _conditions(transport: ambulance.Ambulance) -> list[t837p.AmbulanceCondition]:
    """CRC*07 segments: those that applied, then those that did not."""
    return [
        t837p.AmbulanceCondition(applies=applies, codes=list(codes[start : start + CONDITIONS_PER_SEGMENT]))
        for applies, codes in ((True, transport.conditions), (False, transport.conditions_absent))
        for start in range(0, len(codes), CONDITIONS_PER_SEGMENT)
    ]


def _drop_off(drop_off: ambulance.DropOff) -> t837p.DropOff:
    return t837p.DropOff(name=text(drop_off.name), address=address(drop_off.address))


_LEVELS = Levels(
    billing=t837p.BillingProvider,
    subscriber=t837p.Subscriber,
    patient=t837p.Patient,
    claim=professional_claim,
    of_subscriber=lambda claim: {"insurance_type": claim.payer.insurance_type},
)
