"""Approved payments as an ACH file: what fits is written and accepted, what does not is refused, nothing is cut."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.nacha.reading import check, read
from pipeline.domain.mailbox import BankProfile, Connection
from pipeline.domain.payment import AccountType, Payee
from pipeline.mapping.payments_to_nacha import Payable, misfit, to_ach, trace_number, written

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


def file_of(*payables):
    traces = [trace_number(PROFILE.odfi, n) for n in range(1, len(payables) + 1)]
    return to_ach(PROFILE, payables, traces, created=NOW, modifier="A", effective_date=date(2026, 11, 23))


@given(st.lists(st.integers(1, 9_999_999_999), min_size=1, max_size=40))
def test_every_file_is_fit_to_send_and_adds_up(amounts):
    data, problem = written(file_of(*(Payable(n, cents, payee()) for n, cents in enumerate(amounts, start=1))))
    assert problem is None
    assert check(data) == []
    assert read(data).file.credit_cents == sum(amounts)


def test_savings_and_accents():
    [batch] = file_of(Payable(1, 100, payee(name="Amélie D’Arcy", account_type=AccountType.SAVINGS))).batches
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
    problem = misfit(PROFILE, Payable(1, 100, payee(**changes)), NOW)
    assert problem is not None
    assert not any(value and value in problem for value in changes.values())
    assert misfit(PROFILE, Payable(1, 10**10, payee()), NOW) is not None
    assert misfit(PROFILE, Payable(1, 100, payee()), NOW) is None


def test_a_spent_trace_sequence_does_not_start_over():
    with pytest.raises(ValueError, match="spent"):
        trace_number("09100001", 10_000_000)


def test_a_payee_is_never_shown():
    assert "4400002227" not in repr(Payable(1, 100, payee()))
    assert "Paul" not in repr(payee())
