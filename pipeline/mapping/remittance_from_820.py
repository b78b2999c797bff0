"""An 820 set, as the codec reads it, as a remittance: who pays, and what each cent is for.

A plain set pays items (RMR), each of them a claim of ours or nothing that we know. The sets of group premiums (X218) and of
exchanges (X306) pay premiums, which have no claims, and name people: all of such a set is one part of the remittance, its
items are that part's lines, which are sealed.
"""

from collections.abc import Iterator

from edi.x12.sets.t820 import Adjustment, Form, Item, PaymentOrder
from edi.x12.syntax.document import Group, Interchange, TransactionSet
from pipeline.domain.remittance import PREMIUMS, REMITTED, Adjusted, Advice, ClaimDecision, LineDecision, ProviderLevel
from pipeline.mapping import remittance_from_835

_KEY = "820|"
_DETAIL = ("ENT", "RMR", "ADX")
_METHOD_LENGTH = 3
_BPR = 2


def to_advice(order: PaymentOrder, company_id: str | None = None) -> Advice:
    """Everything of the set that says what is paid. It is one that can be judged: its money was read whole.

    `company_id` is that of the ACH company in whose entry the set came: it stands in where the set names no payer. A set
    without TRN has a blank trace.
    """
    amount_cents = order.payment.net_cents
    assert amount_cents is not None
    number, payer_id = trace_of(order, company_id)
    method = order.payment.method
    plain = order.form is Form.PLAIN
    return Advice(
        payer_name=(order.payer.name if order.payer else None) or None,
        trace_number=number,
        trace_payer_id=payer_id,
        method=method if len(method) <= _METHOD_LENGTH else "",
        amount_cents=amount_cents,
        payment_date=order.payment.date,
        claims=tuple(map(_item, order.items)) if plain else (_premiums(order),),
        provider_level=tuple(map(_beside, _adjustments(order))) if plain else (),
        set_id="820",
    )


def trace_of(order: PaymentOrder, company_id: str | None = None) -> tuple[str, str]:
    """TRN02 and who gave it: TRN03, else the company that pays (BPR10), else that of the ACH entry; blank where untold."""
    trace = order.trace
    payer_id = (trace.originator if trace else None) or order.payment.originating_company or company_id
    return trace.number.strip() if trace else "", (payer_id or "").strip()


def content_hash(order: PaymentOrder, one: TransactionSet) -> bytes:
    """SHA-256 of the payment's identity and of all from the first entity on: equal by whichever way the set came."""
    return remittance_from_835.content_hash(to_advice(order), one.segments, _DETAIL)


def set_key(interchange: Interchange, group: Group, one: TransactionSet) -> str:
    """What names a set for ever at its sender; apart from that of 835s, which may be numbered by another system."""
    return _KEY + remittance_from_835.set_key(interchange, group, one)


def bare_key(entry: str, number: int) -> str:
    """What names a set without an envelope: the bank's entry that it came in, and its place there."""
    return f"{_KEY}ach|{entry}|{number}"


# -- a plain set ----------------------------------------------------------------------------------------------------------
def _item(item: Item) -> ClaimDecision:
    return ClaimDecision(
        patient_control_number=(item.reference or "").strip(),
        status=REMITTED,
        charge_cents=item.billed_cents or 0,
        paid_cents=item.paid_cents or 0,
        adjustments=tuple(_explained(item)),
        segment=item.segment_number,
    )


def _explained(item: Item) -> Iterator[Adjusted]:
    """Why less is paid than was billed, in the payer's words; nothing of it is posted. Positive lowers the payment."""
    if item.discount_cents:
        yield Adjusted("RMR", "discount", item.discount_cents)
    if item.adjustment_cents:
        yield Adjusted("RMR", item.adjustment_reason or "", -item.adjustment_cents)
    for one in item.adjustments:
        if one.amount_cents:
            yield Adjusted("ADX", one.reason, -one.amount_cents)


def _adjustments(order: PaymentOrder) -> Iterator[Adjustment]:
    """Those beside the items, which the payment counts."""
    return (one for entity in order.entities for one in entity.adjustments)


def _beside(one: Adjustment) -> ProviderLevel:
    return ProviderLevel(
        reason=one.reason,
        reference=one.reference,
        amount_cents=-(one.amount_cents or 0),
        segment=one.segment_number,
    )


# -- premiums -------------------------------------------------------------------------------------------------------------
def _premiums(order: PaymentOrder) -> ClaimDecision:
    lines = [
        *(_line(item.reference, item.billed_cents, item.paid_cents) for item in order.items),
        *(_line(one.reference, None, one.amount_cents) for one in _adjustments(order)),
    ]
    first = next((item.segment_number for item in order.items), _BPR)
    return ClaimDecision(
        patient_control_number="",
        status=PREMIUMS,
        charge_cents=sum(line.charge_cents for line in lines),
        paid_cents=sum(line.paid_cents for line in lines),
        lines=tuple(lines),
        segment=first,
    )


def _line(reference: str | None, billed_cents: int | None, paid_cents: int | None) -> LineDecision:
    return LineDecision(
        procedure=None,
        charge_cents=billed_cents or 0,
        paid_cents=paid_cents or 0,
        control_number=reference,
    )
