"""Where the fields of an 820 stand, told once for reader and writer."""

from edi.x12.sets.layouts import Layout
from edi.x12.sets.shared import Delivery
from edi.x12.sets.t820.values import (
    Adjustment,
    Currency,
    Entity,
    Item,
    MemberCount,
    Note,
    Party,
    Payment,
    Person,
    Reference,
    SummaryLine,
    Trace,
)

PAYMENT = Layout(
    Payment,
    handling=1,
    amount_cents=2,
    credit_debit=3,
    method=4,
    format=5,
    sender_bank_kind=6,
    sender_bank=7,
    sender_account_kind=8,
    sender_account=9,
    originating_company=10,
    originating_supplement=11,
    receiver_bank_kind=12,
    receiver_bank=13,
    receiver_account_kind=14,
    receiver_account=15,
    date=16,
)
TRACE = Layout(Trace, kind=1, number=2, originator=3, supplement=4)
CURRENCY = Layout(Currency, entity=1, code=2)
NOTE = Layout(Note, code=1, text=2)
REFERENCE = Layout(Reference, qualifier=1, value=2, text=3)
PARTY = Layout(Party, code=1, name=2, identifier_kind=3, identifier=4)
DELIVERY = Layout(Delivery, method=1, name=2, number=3)
PERSON = Layout(
    Person,
    code=1,
    entity_type=2,
    last_name=3,
    first_name=4,
    middle_name=5,
    prefix=6,
    suffix=7,
    identifier_kind=8,
    identifier=9,
)
ENTITY = Layout(Entity, number=1, kind=2, identifier_kind=3, identifier=4)
ADJUSTMENT = Layout(Adjustment, amount_cents=1, reason=2, reference_kind=3, reference=4)
ITEM = Layout(
    Item,
    kind=1,
    reference=2,
    action=3,
    paid_cents=4,
    billed_cents=5,
    discount_cents=6,
    adjustment_reason=7,
    adjustment_cents=8,
)
LINE = Layout(SummaryLine, number=1)
MEMBERS = Layout(MemberCount, number=1, relationship=3, count=4, kind=5)
