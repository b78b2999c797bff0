"""One claim of an 835 as the next payer is told of it: every reason with its units, every line as it was decided."""

from collections.abc import Sequence
from datetime import date

from edi.x12.sets.t835 import Adjustment, Remittance, RemittanceClaim
from pipeline.domain.secondary import Told, ToldAdjustment, ToldLine
from pipeline.mapping.remittance_from_835 import line_decision


def to_told(within: Remittance, value: RemittanceClaim) -> Told:
    """`within` is the claim's set, which has the day of the decision."""
    return Told(
        segment=value.segment_number,
        charge_cents=value.charge_cents,
        paid_cents=value.paid_cents,
        payer_claim_number=value.payer_control_number,
        decided_on=_decided_on(within),
        service_date=value.service_date if value.service_date_to in {None, value.service_date} else None,
        adjustments=_adjustments(value.adjustments),
        lines=tuple(
            ToldLine(
                decided=line_decision(line),
                adjustments=_adjustments(line.adjustments),
                qualifier=line.procedure_qualifier,
            )
            for line in value.lines
        ),
        # MIA is an inpatient's, and a professional claim has no room for it.
        remarks=tuple(value.remarks) if value.inpatient is None else (),
    )


def _decided_on(within: Remittance) -> date | None:
    """The day of the payment or of the file, whichever is earlier: money may be on its way for days."""
    return min((day for day in (within.payment.date, within.production_date) if day), default=None)


def _adjustments(given: Sequence[Adjustment]) -> tuple[ToldAdjustment, ...]:
    return tuple(
        ToldAdjustment(group=one.group, reason=one.reason, amount_cents=one.amount_cents, quantity=one.quantity)
        for one in given
    )
