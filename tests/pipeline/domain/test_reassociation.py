"""Which deposit pays which remittance: by the trace in any order, by amount and date only where nothing else fits."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.deposits import Told
from pipeline.domain.reassociation import (
    Near,
    Pair,
    Recorded,
    Reversal,
    by_amount_and_date,
    by_trace,
    due,
    misfits,
    near,
    same_payer,
    taken_back,
    told_again,
)

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


# -- days -------------------------------------------------------------------------------------------------------------
def test_the_other_half_is_late_after_four_banking_days():
    assert due(FRIDAY, MONDAY) == date(2026, 11, 27)  # Thanksgiving, the 26th, does not count
    assert due(None, MONDAY) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("one", "other", "days", "is_near"),
    [
        (FRIDAY, MONDAY, 1, True),
        (MONDAY, FRIDAY, 1, True),
        (FRIDAY, date(2026, 11, 24), 1, False),
        (date(2026, 11, 25), date(2026, 11, 27), 1, True),
        (date(2026, 11, 21), MONDAY, 1, True),  # a Saturday
        (FRIDAY, None, 9, False),
    ],
)
def test_days_apart_are_banking_days(one, other, days, is_near):
    assert near(one, other, days) is is_near


# -- by trace ---------------------------------------------------------------------------------------------------------
_keys = st.tuples(st.sampled_from(["T1", "T2", "T3"]), st.sampled_from(["1999999990", "1999999991"]), st.integers(1, 3))


def flow(arrivals):
    """Brings deposits and remittances one after the other, all that waits looked at each time; gives the keys that met."""
    deposits, remittances, paid, met = {}, {}, set(), Counter()
    for number, (kind, key) in enumerate(arrivals, start=1):
        (deposits if kind == "deposit" else remittances)[number] = key
        pairs = [
            Pair(
                deposit_id=d,
                remittance_id=r,
                deposit_cents=dk[2],
                remittance_cents=rk[2],
                paid=r in paid,
            )
            for d, dk in deposits.items()
            for r, rk in remittances.items()
            if dk[:2] == rk[:2]
        ]
        for pair in by_trace(pairs):
            met[deposits.pop(pair.deposit_id)] += 1
            paid.add(pair.remittance_id)
    return met


@given(st.lists(_keys, max_size=6), st.lists(_keys, max_size=6), st.randoms())
def test_any_order_gives_the_same_pairs(deposits, remittances, chance):
    arrivals = [("deposit", key) for key in deposits] + [("remittance", key) for key in remittances]
    expected = Counter(deposits) & Counter(remittances)
    assert flow(arrivals) == expected
    chance.shuffle(arrivals)
    assert flow(arrivals) == expected


def pair(deposit, remittance, cents=500, of=500, **more):
    return Pair(deposit_id=deposit, remittance_id=remittance, deposit_cents=cents, remittance_cents=of, **more)


def test_what_has_its_trace_and_does_not_fit_is_told_once_it_comes():
    pairs = [
        pair(1, 10),
        pair(2, 10),
        pair(3, 10, cents=499),
        pair(4, 11, paid=True),
        pair(5, 11, paid=True, touched=False),
    ]
    chosen = by_trace(pairs)
    assert [(one.deposit_id, one.remittance_id) for one in chosen] == [(1, 10)]
    assert [(one.deposit_id, one.type) for one in misfits(pairs, chosen)] == [
        (2, "duplicate_deposit"), (3, "deposit_amount_differs"), (4, "duplicate_deposit"),
    ]  # fmt: skip


# -- by amount and date -----------------------------------------------------------------------------------------------
def close(deposit, remittance, **changes):
    told = {
        "effective_date": FRIDAY, "payment_date": FRIDAY, "deposit_payer_id": None, "sender": None,
        "remittance_payer_id": "1999999990", "payer_name": "INVENTED PAYER OF THE WEST", "ready": True,
    } | changes  # fmt: skip
    return Near(deposit_id=deposit, remittance_id=remittance, **told)


def chosen(*pairs):
    return [(one.deposit_id, one.remittance_id) for one in by_amount_and_date(pairs)]


def test_one_of_each_meets():
    assert chosen(close(1, 10)) == [(1, 10)]


def test_never_where_several_fit_on_either_side():
    assert chosen(close(1, 10), close(2, 10)) == []
    assert chosen(close(1, 10), close(1, 11)) == []
    assert chosen(close(1, 10), close(2, 11)) == [(1, 10), (2, 11)]


def test_one_that_waits_for_something_better_still_stands_in_the_way():
    assert chosen(close(1, 10), close(2, 10, ready=False)) == []
    assert chosen(close(1, 10, ready=False)) == []


def test_another_payer_or_day_does_not_fit_and_does_not_stand_in_the_way():
    another = close(2, 10, sender="SOMEBODY ELSE", deposit_payer_id="1888888880")
    far = close(3, 10, effective_date=date(2026, 11, 30))
    unknown = close(4, 10, effective_date=None)
    assert chosen(close(1, 10), another, far, unknown) == [(1, 10)]


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(11, 14), st.booleans()), max_size=12, unique_by=lambda p: p[:2])
)
def test_whoever_meets_by_amount_fits_nothing_else(pairs):
    found = [close(d, r, ready=ready) for d, r, ready in pairs]
    for deposit, remittance in chosen(*found):
        assert [p[:2] for p in pairs if p[0] == deposit or p[1] == remittance] == [(deposit, remittance)]
    assert sorted(chosen(*found)) == sorted(chosen(*reversed(found)))


@pytest.mark.parametrize(
    ("sender_id", "sender", "same"),
    [
        ("1999999990", "ANYBODY", True),
        (None, "Invented Payer", True),
        ("9000000001", "INVENTED PAYER O", True),
        ("1888888880", "ACME", False),
        (None, "ACME", False),
        ("1888888880", None, False),
        ("9000000001", None, None),
        (None, None, None),
    ],
)
def test_the_sender_tells_the_payer_by_id_or_name(sender_id, sender, same):
    assert same_payer(sender_id, sender, "1999999990", "INVENTED PAYER OF THE WEST") is same


# -- taken back -------------------------------------------------------------------------------------------------------
def reversal(debit, deposit, **changes):
    told = {
        "deposit_waits": False, "same_trace": False, "same_reference": False, "debit_payer_id": "1999999990",
        "debit_sender": None, "deposit_payer_id": "1999999990", "deposit_sender": None,
        "debit_day": MONDAY, "deposit_day": FRIDAY,
    } | changes  # fmt: skip
    return Reversal(debit_id=debit, deposit_id=deposit, **told)


def gone(*candidates):
    return [(one.debit_id, one.deposit_id) for one in taken_back(candidates)]


def test_a_debit_names_its_deposit_by_trace_before_number_before_company():
    by_company, by_number = reversal(1, 10), reversal(1, 11, same_reference=True)
    assert gone(by_company) == [(1, 10)]
    assert gone(by_company, by_number) == [(1, 11)]
    assert gone(by_company, by_number, reversal(1, 12, same_trace=True)) == [(1, 12)]


def test_the_company_alone_names_one_deposit_or_none():
    assert gone(reversal(1, 10), reversal(1, 11)) == []
    assert gone(reversal(1, 10, deposit_day=date(2026, 11, 2))) == []
    assert gone(reversal(1, 10, debit_payer_id=None)) == []
    assert gone(reversal(1, 10, debit_payer_id="1888888880")) == []


def test_of_two_of_its_trace_the_one_that_nothing_explains_goes():
    pairs = [reversal(1, 10, same_trace=True, deposit_waits=True), reversal(1, 11, same_trace=True)]
    assert gone(*pairs) == [(1, 10)]


def test_two_debits_take_back_two_deposits():
    pairs = [reversal(debit, deposit, same_trace=True) for debit in (1, 2) for deposit in (10, 11)]
    assert gone(*pairs) == [(1, 11), (2, 10)]


def test_nothing_is_taken_back_before_it_came():
    assert gone(reversal(1, 10, same_trace=True, debit_day=FRIDAY, deposit_day=MONDAY)) == []
    assert gone(reversal(1, 10, same_trace=True, debit_day=None)) == [(1, 10)]


# -- told again -------------------------------------------------------------------------------------------------------
def told(position=1, **changes):
    base = {
        "source": "bai2", "trace_number": "T1", "payer_id": "1999999990", "amount_cents": 500, "effective_date": MONDAY,
        "reference": "B1",
    }  # fmt: skip
    return Told(position=position, **(base | changes))


def held(deposit=7, tellings=(("ach", "091000010000001"),), **changes):
    base = {"trace_number": "T1", "payer_id": "1999999990", "amount_cents": 500, "effective_date": FRIDAY}
    return Recorded(deposit_id=deposit, tellings=tellings, **(base | changes))


@pytest.mark.parametrize(
    ("new", "old", "same"),
    [
        (told(), held(), True),
        (told(amount_cents=501), held(), False),
        (told(trace_number="T2"), held(), False),
        (told(payer_id="1888888880"), held(), False),
        (told(trace_number=None), held(trace_number=None), False),
        (told(effective_date=date(2026, 12, 4)), held(), False),
        (told(source="ach", reference="091000010000002"), held(), False),  # a second payment of an equal trace
        (told(trace_number=None, reference="091000010000001"), held(), True),  # the bank's number tells it
        (told(trace_number=None, reference="091000010000001", effective_date=date(2026, 12, 4)), held(), False),
        (told(), held(tellings=(("ach", "A1"), ("bai2", "B0"))), False),  # the report told of it already
        (told(), held(tellings=(("ach", "A1"), ("bai2", "B1"))), True),  # and says so once more
    ],
)
def test_the_same_money_is_told_by_number_or_by_trace_from_another_source(new, old, same):
    assert old.is_told_by(new) is same


def test_each_deposit_is_told_once_by_a_file():
    assert told_again([told(1), told(2, reference="B2")], [held(7), held(8)]) == {1: 7, 2: 8}
    assert told_again([told(1), told(2, reference="B2")], [held(7)]) == {1: 7}
