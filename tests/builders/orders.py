"""820s that pay us, by both ways: a file of their own, and the addenda of a CTX deposit."""

from datetime import date, datetime

from x12_payments import adjustment_820, order_payment

from edi.nacha import file as ach
from edi.nacha.remittance import in_addenda
from edi.nacha.writing import write as write_ach
from edi.x12.sets import t820
from edi.x12.sets.t820 import Entity, Form, Item, Party
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.envelope import Envelope, write_interchange

DAY = date(2026, 11, 20)
FACILITY = "1912345678"


def item(number, cents, kind="IV", **more):
    return Item(kind=kind, reference=number, paid_cents=cents, **more)


def order(*items, trace="FAC1", amount=None, adjustments=(), originator=FACILITY, day=DAY, company=FACILITY):
    """A facility's plain 820; `adjustments` are (cents, reason) beside the items, `amount` unless given what balances."""
    net = sum(one.paid_cents for one in items) + sum(cents for cents, _ in adjustments)
    net = net if amount is None else amount
    return t820.PaymentOrder(
        form=Form.PLAIN,
        payment=order_payment(
            abs(net), credit_debit="D" if net < 0 else "C", date=day, originating_company=company
        ),
        trace=t820.Trace(number=trace, originator=originator) if trace else None,
        parties=[Party(code="PR", name="INVENTED COUNTY"), Party(code="PE", name="INVENTED EMS")],
        entities=[
            Entity(number=1, items=list(items), adjustments=[adjustment_820(cents, why) for cents, why in adjustments])
        ],
    )  # fmt: skip


def in_envelope(value, control=1, usage="T", delimiters=None):
    """The bytes of an interchange with this one set."""
    version = Form.PLAIN if value.form is Form.PLAIN else value.form
    envelope = Envelope(
        sender_qualifier="ZZ", sender_id="COUNTY", receiver_qualifier="ZZ", receiver_id="US",
        group_sender="COUNTY", group_receiver="US", control_number=control, usage=usage,
        when=datetime(2026, 11, 20, 10, 0), functional_id="RA", version=version,  # noqa: DTZ001 - a header tells no zone
    )  # fmt: skip
    return write_interchange(envelope, [t820.write_set(value, "0001").data])


def bare(value, marks="*~"):
    """The set alone, with these separators of elements and segments."""
    element, segment = marks
    given = Delimiters(element=element, repetition="^", component=":", segment=segment)
    return t820.write_set(value, "0001", given).data


def ctx(text, cents, sequence=1, code=22, company_id=FACILITY, sec="CTX"):
    """A bank's file with one entry whose addenda hold this text."""
    entry = ach.AchEntry(
        transaction_code=code, rdfi="091000019", account="2", amount_cents=cents, individual_id="1",
        name="INVENTED EMS", trace=f"09100001{sequence:07d}", addenda=in_addenda(text.decode().strip()),
    )  # fmt: skip
    batch = ach.AchBatch(
        service_class=200, company_name="INVENTED COUNTY", company_id=company_id, sec=sec, description="INVOICES",
        odfi="09100001", number=1, effective_date=DAY, entries=[entry],
    )  # fmt: skip
    return write_ach(
        ach.AchFile(
            origin="091000019", origin_name="BANK", destination="1999999999", destination_name="INVENTED",
            created=datetime(2026, 11, 20, 12, sequence % 60), batches=[batch],  # noqa: DTZ001
        )
    )  # fmt: skip
