"""An 835 set, as the codec reads it, as the decisions that the product acts on."""

import hashlib
from collections.abc import Sequence
from datetime import date

from edi.x12.sets.t835 import Adjustment, Name, ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine
from edi.x12.syntax.document import Group, Interchange, TransactionSet
from pipeline.domain.remittance import (
    CROSSED_OVER,
    NOT_NAMED,
    PASSED_ON_REMARKS,
    Adjusted,
    Advice,
    ClaimDecision,
    LineDecision,
    PatientTold,
    ProviderLevel,
)

_DETAIL = ("LX", "CLP", "PLB")
_MEMBER_IDS = frozenset({"MI", "HN", "MR"})
"""NM108 of what a payer knows its member by: its own id, the Medicare number, the Medicaid recipient's. No tax id."""


def to_advice(value: Remittance) -> Advice:
    """Everything of the set that decides money or tells whose it is.

    The set is one that can be judged: what was not read whole is set aside before.
    """
    payment = value.payment
    amount_cents = payment.net_cents
    assert amount_cents is not None
    return Advice(
        payer_name=value.payer.name or None,
        trace_number=payment.trace_number,
        trace_payer_id=payment.payer_trace_id,
        method=payment.method,
        amount_cents=amount_cents,
        payment_date=payment.date,
        claims=tuple(_claim(claim) for claim in value.claims),
        provider_level=tuple(_provider_level(one) for one in value.provider_adjustments),
    )


def set_key(interchange: Interchange, group: Group, one: TransactionSet) -> str:
    """What names a set for ever at its sender: sender, ISA13, GS06, ST02."""
    sender = f"{interchange.sender_qualifier}:{interchange.sender_id}"
    return f"{sender}|{interchange.control_number}|{group.control_number}|{one.control_number}"


def content_hash(advice: Advice, segments: Sequence[Sequence[str]], begins: Sequence[str] = _DETAIL) -> bytes:
    """SHA-256 of the payment's identity and of all detail, LX to PLB, or what else the detail `begins` with.

    Equal for a set that is sent again under other control numbers. The payment's trace, amount and date are part of
    it: the same decisions under another trace are another payment, whose money will come.
    """
    start = next((at for at, segment in enumerate(segments) if segment[0] in begins), len(segments))
    identity = (advice.trace_number, advice.trace_payer_id, str(advice.amount_cents), str(advice.payment_date))
    detail = ("*".join(segment) for segment in segments[start:] if segment[0] != "SE")
    return hashlib.sha256("~".join(("*".join(identity), *detail)).encode("latin-1", "replace")).digest()


def _claim(value: RemittanceClaim) -> ClaimDecision:
    return ClaimDecision(
        patient_control_number=value.patient_control_number,
        status=value.status,
        charge_cents=value.charge_cents,
        paid_cents=value.paid_cents,
        payer_control_number=value.payer_control_number,
        adjustments=_adjusted(value.adjustments),
        lines=tuple(line_decision(line) for line in value.lines),
        remarks=tuple(value.remarks),
        segment=value.segment_number,
        filing_code=value.filing_code,
        facility_code=value.facility_code,
        patient=_patient(value),
        service_from=value.service_date or min(_days(value), default=None),
        service_to=value.service_date_to or max(_days(value), default=value.service_date),
        received_date=value.received_date,
        crossed_over_to=_next_payer(value),
    )


def _patient(value: RemittanceClaim) -> PatientTold:
    patient = value.patient or Name()
    return PatientTold(
        last_name=patient.last_name,
        first_name=patient.first_name,
        member_id=_member_id(value.subscriber) or _member_id(value.patient),
        corrected_member_id=value.corrected.identifier if value.corrected else None,
    )


def _member_id(name: Name | None) -> str | None:
    return name.identifier if name and name.identifier_kind in _MEMBER_IDS else None


def _days(value: RemittanceClaim) -> list[date]:
    """Every day that a line names, first and last."""
    return [day for line in value.lines for day in (line.service_date, line.service_date_to) if day]


def _next_payer(value: RemittanceClaim) -> str | None:
    """The carrier of NM1*TT. What is written there as a person is not told: a carrier is none."""
    if value.crossover is None and value.status not in CROSSED_OVER and PASSED_ON_REMARKS.isdisjoint(value.remarks):
        return None
    carrier = value.crossover
    return (carrier.last_name or carrier.identifier if carrier and not carrier.person else None) or NOT_NAMED


def line_decision(value: RemittanceLine) -> LineDecision:
    """One SVC."""
    return LineDecision(
        procedure=value.procedure,
        modifiers=tuple(value.modifiers),
        charge_cents=value.charge_cents,
        paid_cents=value.paid_cents,
        adjustments=_adjusted(value.adjustments),
        control_number=value.line_control_number,
        remarks=tuple(value.remarks),
        units=value.units,
        submitted_procedure=value.submitted_procedure,
        submitted_modifiers=tuple(value.submitted_modifiers),
        submitted_units=value.submitted_units,
        service_date=value.service_date,
        service_date_to=value.service_date_to,
        revenue_code=value.revenue_code,
    )


def _adjusted(values: Sequence[Adjustment]) -> tuple[Adjusted, ...]:
    return tuple(Adjusted(value.group, value.reason, value.amount_cents) for value in values)


def _provider_level(value: ProviderAdjustment) -> ProviderLevel:
    return ProviderLevel(
        reason=value.reason, reference=value.reference, amount_cents=value.amount_cents, segment=value.segment_number
    )
