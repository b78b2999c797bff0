"""What stands beside a payment to a vendor: a whole 820 in the addenda of a CTX entry, one RMR beside a CCD entry."""

from collections.abc import Sequence

from edi.nacha import codes
from edi.x12.judging.judge import insist
from edi.x12.sets.t820 import Dated, Entity, Form, Item, Party, Payment, PaymentOrder, Trace, write_set
from pipeline.domain.invoices import Invoice
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payment import AccountType, Payee
from pipeline.domain.wire_text import wire_text
from pipeline.mapping.payments_to_nacha import individual_id

BESIDE_CCD = 80
"""Characters of the one addenda record of a CCD entry."""
_INVOICE, _INVOICE_DATE = "IV", "003"
_ACCOUNT_KIND = {AccountType.CHECKING: "DA", AccountType.SAVINGS: "SG"}


def settlement(profile: BankProfile, payment_id: int, payee: Payee, invoices: Sequence[Invoice]) -> str:
    """The 820 from ST to SE that pays these invoices: TRN02 is our payment, an RMR each, in their order.

    The day on which the money settles is the entry's, not the set's: it is known only when the file is made. Raises
    ValueError (text that X12 does not carry), NotRepresentable, Unsound.
    """
    order = PaymentOrder(
        form=Form.PLAIN,
        payment=_payment(profile, payee, sum(one.net_cents for one in invoices)),
        trace=Trace(number=individual_id(payment_id), originator=profile.company_id),
        parties=[
            Party(code="PR", name=wire_text(profile.company_name)),
            Party(code="PE", name=wire_text(payee.name)),
        ],
        entities=[Entity(number=1, items=[_item(one) for one in invoices])],
    )
    written = write_set(order, "0001")
    insist(written, Form.PLAIN)
    return written.data.decode("ascii")


def _payment(profile: BankProfile, payee: Payee, amount_cents: int) -> Payment:
    return Payment(
        handling="C",
        amount_cents=amount_cents,
        method="ACH",
        format="CTX",
        sender_bank_kind="01",
        sender_bank=profile.odfi + codes.check_digit(profile.odfi),
        originating_company=profile.company_id,
        receiver_bank_kind="01",
        receiver_bank=payee.routing_number,
        receiver_account_kind=_ACCOUNT_KIND[payee.account_type],
        receiver_account=payee.account_number,
    )


def _item(invoice: Invoice) -> Item:
    discounted = invoice.discount_cents > 0
    return Item(
        kind=_INVOICE,
        reference=invoice.number,
        paid_cents=invoice.net_cents,
        billed_cents=invoice.gross_cents if discounted else None,
        discount_cents=invoice.discount_cents if discounted else None,
        dates=[Dated(qualifier=_INVOICE_DATE, date=invoice.invoiced_on)],
    )


def one_invoice(invoice: Invoice) -> str:
    """The RMR beside a CCD entry; what was billed and taken off stands there where all of it fits."""
    paid = f"RMR*{_INVOICE}*{invoice.number}**{_dollars(invoice.net_cents)}"
    whole = f"{paid}*{_dollars(invoice.gross_cents)}*{_dollars(invoice.discount_cents)}"
    return (whole if invoice.discount_cents and len(whole) < BESIDE_CCD else paid) + "\\"


def _dollars(cents: int) -> str:
    """As X12 writes amounts: no zeros behind the point that say nothing."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
