"""Approved payments as an ACH file: what fits is written and accepted, what does not is refused, nothing is cut."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.nacha.outward import trace_number
from edi.nacha.reading import check, read
from pipeline.domain.mailbox import BankProfile, Connection
from pipeline.domain.payment import AccountType, Payee, PaymentKind
from pipeline.mapping.payments_to_nacha import Payable, in_order, misfit, to_ach, written

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
PROFILE = BankProfile(
    connection=Connection(host="h", username="u", password="invented", host_key="ssh-ed25519 AAAA"),
    upload_folder="in", pickup_folder="out", destination="091000019", destination_name="INVENTED BANK",
    origin="1999999999", origin_name="INVENTED EMS", odfi="09100001", company_name="INVENTED EMS", company_id="1999999999",
)  # fmt: skip


def payee(**changes):
    told = {
        "name": "Paul Merriweather",
        "routing_number": "111111118",
        "account_number": "4400002227",
        "account_type": AccountType.CHECKING,
    }
    return Payee(**{**told, **changes})


def payable(number, cents, **changes):
    told = {"kind": PaymentKind.REFUND, "payee": payee(), "effective_date": date(2026, 11, 23), **changes}
    return Payable(payment_id=number, number=number, amount_cents=cents, **told)


def file_of(*payables):
    traces = [trace_number(PROFILE.odfi, n) for n in range(1, len(payables) + 1)]
    return to_ach(PROFILE, in_order(payables), traces, created=NOW, modifier="A")


def refused(cents, **changes):
    return misfit(PROFILE, PaymentKind.REFUND, cents, payee(**changes), NOW)


@given(st.lists(st.integers(1, 9_999_999_999), min_size=1, max_size=40))
def test_every_file_is_fit_to_send_and_adds_up(amounts):
    data, problem = written(file_of(*(payable(n, cents) for n, cents in enumerate(amounts, start=1))))
    assert problem is None
    assert check(data) == []
    assert read(data).file.credit_cents == sum(amounts)


def test_savings_and_accents():
    [batch] = file_of(payable(1, 100, payee=payee(name="Amélie D’Arcy", account_type=AccountType.SAVINGS))).batches
    assert (batch.entries[0].transaction_code, batch.entries[0].name) == (32, "AMELIE D'ARCY")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "A name of more than twenty-two characters"},
        {"name": "Имя"},
        {"routing_number": "111111110"},
        {"routing_number": "11111111"},
        {"account_number": "1" * 18},
        {"account_number": ""},
    ],
)
def test_what_does_not_fit_is_said_and_its_value_is_not(changes):
    problem = refused(100, **changes)
    assert problem is not None
    assert not any(value and value in problem for value in changes.values())
    assert refused(10**10) is not None
    assert refused(100) is None


def test_a_spent_trace_sequence_does_not_start_over():
    with pytest.raises(ValueError, match="spent"):
        trace_number("09100001", 10_000_000)


def test_a_payee_is_never_shown():
    assert "4400002227" not in repr(payable(1, 100))
    assert "Paul" not in repr(payee())
