"""Approved payments as an ACH file: what fits is written and accepted, what does not is refused, nothing is cut."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.nacha.outward import trace_number
from edi.nacha.reading import check, read
from pipeline.domain.mailbox import BankProfile, Connection, OffsetAccount
from pipeline.domain.payment import AccountType, Payee, PaymentKind
from pipeline.mapping.payments_to_nacha import (
    Payable,
    in_files,
    in_order,
    misfit,
    misfits,
    to_ach,
    trace_places,
    written,
)

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
PROFILE = BankProfile(
    connection=Connection(host="h", username="u", password="invented", host_key="ssh-ed25519 AAAA"),
    upload_folder="in", pickup_folder="out", destination="091000019", destination_name="INVENTED BANK",
    origin="1999999999", origin_name="INVENTED EMS", odfi="09100001", company_name="INVENTED EMS", company_id="1999999999",
)  # fmt: skip


BALANCED = PROFILE.model_copy(
    update={"offset": OffsetAccount(routing_number="091000019", account_number="88001", name="INVENTED EMS")}
)


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


def file_of(*payables, profile=PROFILE):
    ordered = in_order(payables)
    traces = [trace_number(profile.odfi, 1 + place) for place in trace_places(profile, ordered)[0]]
    return to_ach(profile, ordered, traces, created=NOW, modifier="A")


def refused(cents, **changes):
    return misfit(PROFILE, PaymentKind.REFUND, cents, payee(**changes), NOW)


@given(st.lists(st.integers(1, 9_999_999_999), min_size=1, max_size=40))
def test_every_file_is_fit_to_send_and_adds_up(amounts):
    data, problem = written(file_of(*(payable(n, cents) for n, cents in enumerate(amounts, start=1))))
    assert problem is None
    assert check(data) == []
    assert read(data).file.credit_cents == sum(amounts)


MIXTURE = st.lists(
    st.tuples(
        st.sampled_from(PaymentKind),
        st.integers(1, 9_999_999_999),
        st.sampled_from([date(2026, 11, 23), date(2026, 11, 24)]),
    ),
    min_size=1,
    max_size=30,
)


@given(MIXTURE)
def test_each_file_of_a_balanced_bank_nets_to_nothing_and_no_number_is_given_twice(drawn):
    payables = [
        payable(n, 0 if kind is PaymentKind.PRENOTE else cents, kind=kind, effective_date=day)
        for n, (kind, cents, day) in enumerate(drawn, start=1)
    ]
    ordered = in_order(payables)
    parts = in_files(BALANCED, ordered)
    assert [one for part in parts for one in part] == ordered
    for part in parts:
        data, problem = written(file_of(*part, profile=BALANCED))
        assert problem is None
        file = read(data).file
        assert file.credit_cents == file.debit_cents == sum(one.amount_cents for one in part)
        entries = [entry for batch in file.batches for entry in batch.entries]
        offsets = [entry for entry in entries if entry.account.strip() == "88001"]
        assert len(offsets) == len({one.batch for one in part if one.amount_cents})
        assert len({entry.trace for entry in entries}) == len(entries) == len(part) + len(offsets)
        assert trace_places(BALANCED, in_order(part))[1] == len(entries)


def test_a_file_that_would_be_too_large_is_several():
    assert in_files(PROFILE, []) == []
    many = [payable(n, 100) for n in range(1, 20_002)]
    assert [len(part) for part in in_files(PROFILE, many)] == [10_000, 10_000, 1]
    rich = [payable(n, 9_999_999_999) for n in range(1, 202)]
    assert [len(part) for part in in_files(PROFILE, rich)] == [100, 100, 1]
    assert len(in_files(BALANCED, rich)) == 201
    wordy = [payable(n, 100, sec="CTX", addenda="X" * 80 * 9_999) for n in range(1, 22)]
    assert [len(part) for part in in_files(PROFILE, wordy)] == [10, 10, 1]


def test_the_fullest_file_is_fit_to_send():
    for profile, cents in ((PROFILE, 99_999_999), (BALANCED, 999_999)):
        [part] = in_files(profile, [payable(n, cents) for n in range(1, 10_001)])
        assert written(file_of(*part, profile=profile))[1] is None


def test_no_day_that_is_not_in_the_calendar_passes_the_check():
    data = written(file_of(payable(1, 100, effective_date=date(2028, 2, 29))))[0]
    assert check(data) == []
    for wrong in (b"280230", b"290229", b"281301", b"      "):
        assert check(data.replace(b"280229", wrong)) != []


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


def test_many_are_judged_together_as_each_alone():
    good, bad = payee(), payee(name="N" * 40)
    asked = [(100, good), (200, good), (300, payee(name="OTHER"))]
    assert misfits(PROFILE, PaymentKind.REFUND, asked, NOW) == [None, None, None]
    told = misfits(PROFILE, PaymentKind.REFUND, [*asked, (400, bad)], NOW)
    assert told[:3] == [None, None, None]
    assert told[3] == misfit(PROFILE, PaymentKind.REFUND, 400, bad, NOW) is not None
    assert misfits(PROFILE, PaymentKind.REFUND, [], NOW) == []
