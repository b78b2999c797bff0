"""What stands beside payments: whatever the amounts, an 820 and an 835 that balance, and a trace that is found again."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paid_parties import ACCOUNT
from x12_answers import judged_by_pyx12
from x12_remits import shapes_835

from edi.errors import Unsound
from edi.nacha.file import AchEntry
from edi.nacha.remittance import in_addenda
from edi.nacha.trn import find_trn
from edi.x12.judging.judge import judge
from edi.x12.sets import t820, t835
from edi.x12.syntax.document import set_of
from edi.x12.syntax.reader import read
from pipeline.domain.invoices import Invoice
from pipeline.domain.mailbox import AdviceProfile, BankProfile, Connection, Mode
from pipeline.mapping import traced_payments
from pipeline.mapping.disbursement_to_835 import Disbursed, advice, interchange
from pipeline.mapping.payments_to_820 import one_invoice, settlement

CONNECTION = Connection(host="h", username="u", host_key="ssh-ed25519 AAAA")
BANK = BankProfile(
    connection=CONNECTION, upload_folder="in", pickup_folder="out", destination="091000019", destination_name="BANK",
    origin="1999999999", origin_name="INVENTED", odfi="09100001", company_name="INVENTED EMS", company_id="1999999999",
)  # fmt: skip
WAY = AdviceProfile(
    connection=CONNECTION, upload_folder="in", pickup_folder="out", sender_id="US", receiver_id="THEM",
    group_sender="US", group_receiver="THEM",
)  # fmt: skip
NUMBERS = st.from_regex(r"[A-Z0-9]([A-Z0-9 .,/+&()'-]{0,28}[A-Z0-9])?", fullmatch=True)


@st.composite
def invoices(draw):
    gross = draw(st.integers(1, 99_999_999))
    return Invoice(
        number=draw(NUMBERS),
        invoiced_on=date(2026, 1, 1),
        due_on=date(2026, 2, 1),
        gross_cents=gross,
        discount_cents=draw(st.integers(0, gross - 1)),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(invoices(), min_size=1, max_size=12), st.integers(1, 10**12))
def test_an_820_balances_and_comes_back_unbroken_from_its_addenda(told, payment_id):
    assert [one.faults() for one in told] == [[]] * len(told)
    text = settlement(BANK, payment_id, ACCOUNT, told)
    entry = AchEntry(
        transaction_code=22, rdfi="121042882", account="1", amount_cents=1, individual_id="1", name="X",
        trace="091000010000001", addenda=[*in_addenda(text)],
    )  # fmt: skip
    assert entry.information == text
    ts = set_of(text.encode(), "005010")
    assert judge(ts) == []
    order, findings = t820.read_set(ts)
    assert findings == []
    assert order.payment.amount_cents == sum(one.net_cents for one in told)
    assert [(one.reference, one.paid_cents) for one in order.items] == [(one.number, one.net_cents) for one in told]
    assert order.trace.number == f"P{payment_id}"


@given(invoices())
def test_one_invoice_stands_in_one_addenda_whole(told):
    text = one_invoice(told)
    assert len(in_addenda(text, 1)) == 1
    elements = text.rstrip("\\").split("*")
    assert elements[:3] == ["RMR", "IV", told.number]
    assert round(float(elements[4]) * 100) == told.net_cents


@given(st.integers(1, 10**12), st.text(min_size=1, max_size=50))
def test_our_trace_is_found_again_whatever_the_payer_wrote(payment_id, reference):
    for text in (
        traced_payments.disbursement(BANK, payment_id, reference),
        traced_payments.payer_refund(BANK, payment_id, reference),
    ):
        found = find_trn(text)
        assert (found.trace_number, found.payer_id, found.terminated) == (f"P{payment_id}", "1999999999", True)
        assert len(in_addenda(text, 1)) == 1


def test_a_company_that_is_no_tax_number_has_no_trace():
    with pytest.raises(ValueError, match="company_id"):
        traced_payments.disbursement(BANK.model_copy(update={"company_id": "ABC1234567"}), 1, None)


def told_again(remittance, cents, payment_id=7):
    paid = Disbursed(
        payment_id=payment_id, amount_cents=cents, where=ACCOUNT, effective_date=date(2026, 11, 30),
        produced=date(2026, 11, 27),
    )  # fmt: skip
    return advice(remittance, paid, BANK)


@pytest.mark.parametrize("shape", sorted(name for name, one in shapes_835().items() if one.payment.net_cents > 0))
def test_every_shape_of_835_is_told_again_with_our_money(shape):
    original = shapes_835()[shape]
    cents = original.payment.net_cents
    data = told_again(original, cents)
    whole = interchange(data, WAY, Mode.TEST, 5, datetime(2026, 11, 27, 9, tzinfo=UTC))
    assert judged_by_pyx12(whole) == []
    [ts] = read(whole).sets
    value, findings = t835.read_set(ts)
    assert findings == []
    assert t835.balance(value, ts) == []
    assert (value.claims, value.provider_adjustments, value.payer) == (
        original.claims, original.provider_adjustments, original.payer,
    )  # fmt: skip
    assert (value.payment.trace_number, value.payment.net_cents) == ("P7", cents)


@given(st.integers(1, 10**8).filter(lambda cents: cents != 1))
def test_money_that_is_not_what_the_decisions_add_up_to_is_refused(more):
    original = next(one for one in shapes_835().values() if (one.payment.net_cents or 0) > 0)
    with pytest.raises(Unsound, match="X835-BAL-TRANSACTION"):
        told_again(replace(original), (original.payment.net_cents or 0) + more)
