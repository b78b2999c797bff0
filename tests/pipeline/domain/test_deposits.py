"""The journals about a deposit: each sums to zero, contras undo, rounds have names of their own."""

from datetime import date

import pytest

from pipeline.domain import deposits
from pipeline.domain.deposits import Booking


def on(cents=500, **more):
    return Booking(
        deposit_id=7, amount_cents=cents, business_date=date(2026, 11, 20), bank="3", inbound_file_id=2, **more
    )


def entries(journal):
    return {(str(e.account), e.remittance_id, e.subaccount): e.amount_cents for e in journal.entries}


@pytest.mark.parametrize(
    ("there", "back"),
    [
        (deposits.matched(on(), 9), deposits.unmatched(on(), 9)),
        (deposits.matched(on(), 9), deposits.taken_back(on(-500), 9)),
        (deposits.settled(on()), deposits.reopened(on())),
        (deposits.settled(on(-500)), deposits.reopened(on(-500))),
    ],
)
def test_the_way_back_undoes_the_way_there(there, back):
    assert entries(back) == {key: -cents for key, cents in entries(there).items()}
    assert there.purpose != back.purpose
    assert (there.source_kind, there.source_id, there.inbound_file_id) == ("deposit", 7, 2)


def test_money_in_the_bank_is_a_debit():
    assert entries(deposits.matched(on(), 9)) == {("bank", None, "3"): 500, ("eft_expected", 9, None): -500}
    assert entries(deposits.settled(on())) == {("bank", None, "3"): 500, ("unapplied_cash", None, None): -500}


def test_each_round_has_a_purpose_of_its_own():
    assert [deposits.matched(on(times=n), 9).purpose for n in range(3)] == ["matched", "matched-2", "matched-3"]
    assert deposits.unmatched(on(times=1), 9).purpose == "unmatched-2"
