"""The ledger on real Postgres: written once, in balance, unchangeable."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from pipeline.domain.deposits import Booking, matched
from pipeline.domain.ledger import Account, NewEntry, NewJournal, billed
from pipeline.store import ledger

DAY = date(2026, 11, 20)


def test_a_journal_is_posted_once_however_often_it_is_told(money):
    with money.tx() as tx:
        assert len(ledger.post(tx, billed(1, 10_000, 2_000, DAY))) == 2
    with money.tx() as tx:
        assert ledger.post(tx, [*billed(1, 10_000, 2_000, DAY), *billed(2, 500, 0, DAY)]) != []
        assert tx.value("SELECT count(*) FROM journal") == 3
        assert tx.value("SELECT count(*) FROM entry") == 6
        assert ledger.claim_balances(tx, [1, 2]) == {
            1: {"receivable": 10_000, "revenue": -10_000, "patient_cash": 2_000, "patient_prepaid": -2_000},
            2: {"receivable": 500, "revenue": -500},
        }
        assert ledger.trial_balance(tx)["receivable"] == 10_500
        first = tx.first(
            "SELECT e.account, e.amount_cents, e.claim_id, e.remittance_id, e.subaccount FROM journal j"
            " JOIN entry e ON e.journal_id = j.id WHERE j.source_kind = 'claim' AND j.purpose = 'prepaid'"
            " AND j.source_id = 1 ORDER BY e.line LIMIT 1"
        )
        assert NewEntry(*first) == NewEntry(Account.PATIENT_CASH, 2_000, 1)


def test_the_same_journal_twice_in_one_call_is_written_once(money):
    with money.tx() as tx:
        assert len(ledger.post(tx, [*billed(1, 100, 0, DAY), *billed(1, 100, 0, DAY)])) == 1
        assert tx.value("SELECT count(*) FROM entry") == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET amount_cents = 1",
        "DELETE FROM journal",
        # In another transaction than its journal's:
        "INSERT INTO entry (org_id, journal_id, line, account, amount_cents) SELECT org_id, id, 9, 'bank', 0 FROM journal",
    ],
)
def test_the_database_refuses_to_change_what_is_posted(money, statement):
    with money.tx() as tx:
        ledger.post(tx, billed(1, 100, 0, DAY))
    with pytest.raises(DBAPIError), money.tx() as tx:
        tx.run(statement)


def test_the_database_refuses_a_journal_out_of_balance(money):
    crooked = object.__new__(NewJournal)
    for name, value in {
        "source_kind": "claim", "source_id": 1, "purpose": "billed", "business_date": DAY,
        "entries": (NewEntry(Account.BANK, 1),), "inbound_file_id": None, "set_number": None, "segment": None,
    }.items():  # fmt: skip
        object.__setattr__(crooked, name, value)
    with pytest.raises(DBAPIError, match="does not sum to zero"), money.tx() as tx:
        ledger.post(tx, [crooked])


def test_the_proof_sees_a_deposit_that_no_remittance_explains(money):
    with money.tx() as tx:
        assert ledger.proof(tx).balanced
        ledger.post(tx, [matched(Booking(deposit_id=1, amount_cents=500, business_date=DAY, bank="1"), 1)])
        proof = ledger.proof(tx)
    assert not proof.balanced
    assert (proof.total_cents, proof.unbalanced_journals, proof.eft_expected_cents) == (0, 0, -500)


_claims = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 10**9), st.integers(0, 10**6)),
    min_size=1,
    max_size=12,
    unique_by=lambda c: c[0],
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=_claims)
def test_whatever_is_posted_the_books_balance(money, claims):
    with money.tx() as tx:
        ledger.post(tx, [j for claim, charge, paid in claims for j in billed(claim, charge, paid, DAY)])
        ledger.post(tx, [j for claim, charge, paid in claims for j in billed(claim, charge, paid, DAY)])
        proof = ledger.proof(tx)
        assert proof.balanced
        assert sum(proof.accounts.values()) == 0
