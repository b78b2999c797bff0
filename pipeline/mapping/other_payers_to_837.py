"""Coordination of benefits to loops 2320, 2330 and 2430 of the 837P and the 837I: the other payers and what they have decided.

Adjustments keep their amounts and their order within a group; those of a group come together, as one CAS segment has
them.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from edi.x12.sets import t837i, t837p
from pipeline.domain.coordination import Adjudication, Adjustment, BaseAdjudication, OtherInsured, OtherPayer
from pipeline.domain.institutional_claim import InstitutionalAdjudication
from pipeline.domain.wire_text import wire_text
from pipeline.mapping.parts_to_837 import address, text

T = TypeVar("T")


def other_payer(payer: OtherPayer) -> t837p.OtherPayer:
    """Loops 2320, 2330A and 2330B of the 837P."""
    return _other(t837p.OtherPayer, payer, insurance_type=payer.insurance_type)


def institutional_other_payer(payer: OtherPayer) -> t837i.OtherPayer:
    """The same of the 837I."""
    return _other(t837i.OtherPayer, payer)


def _other(make: Callable[..., T], payer: OtherPayer, **own: Any) -> T:
    return make(
        **own,
        responsibility=payer.responsibility,
        relationship=payer.relationship,
        group_number=payer.group_number,
        group_name=text(payer.group_name),
        filing_code=payer.filing_code,
        adjustments=_adjustments(payer.adjustments),
        paid_cents=payer.paid_cents,
        non_covered_cents=payer.non_covered_cents,
        remaining_liability_cents=payer.patient_liability_cents,
        benefits_assigned=payer.benefits_assigned,
        release_code=payer.release_code,
        outpatient=t837p.OutpatientAdjudication(remarks=list(payer.remarks)) if payer.remarks else None,
        insured=_insured(payer.insured),
        name=wire_text(payer.name),
        identifier=payer.payer_id,
        adjudication_date=payer.adjudication_date,
        payer_claim_number=payer.payer_claim_number,
    )


def adjudication(decided: Adjudication) -> t837p.LineAdjudication:
    """Loop 2430 of the 837P."""
    return _decided(t837p.LineAdjudication, decided)


def institutional_adjudication(decided: InstitutionalAdjudication) -> t837i.LineAdjudication:
    """The same of the 837I."""
    return _decided(t837i.LineAdjudication, decided, revenue_code=decided.revenue_code)


def _decided(make: Callable[..., T], decided: BaseAdjudication, **own: Any) -> T:
    return make(
        **own,
        payer_id=decided.payer_id,
        paid_cents=decided.paid_cents,
        procedure=decided.procedure,
        modifiers=list(decided.modifiers),
        units=decided.units,
        bundled_line=decided.bundled_line,
        adjustments=_adjustments(decided.adjustments),
        adjudication_date=decided.adjudication_date,
        remaining_liability_cents=decided.patient_liability_cents,
    )


def _insured(insured: OtherInsured) -> t837p.OtherInsured:
    return t837p.OtherInsured(
        last_name=wire_text(insured.last_name),
        first_name=wire_text(insured.first_name),
        middle_name=text(insured.middle_name),
        suffix=text(insured.suffix),
        member_id=insured.member_id,
        address=address(insured.address) if insured.address else None,
    )


def _adjustments(given: Iterable[Adjustment]) -> list[t837p.Adjustment]:
    groups: dict[str, list[t837p.Adjustment]] = {}
    for adjustment in given:
        groups.setdefault(adjustment.group, []).append(
            t837p.Adjustment(
                group=adjustment.group,
                reason=adjustment.reason,
                amount_cents=adjustment.amount_cents,
                quantity=adjustment.quantity,
            )
        )
    return [adjustment for group in groups.values() for adjustment in group]
