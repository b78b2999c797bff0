"""The proof of an 835: all sums side by side, and what is wrong is named."""

import pytest

from pipeline.domain.errors import NotKnown
from pipeline.services.proof import proofs


@pytest.fixture
def claims(money, claim_document):
    return money.claims(2, claim_document)


def prove(money, key="T1"):
    return proofs(money.ctx, money.org, "audra", key)


def wrong(told):
    return [one.what for one in told.compared if not one.agrees]


def test_all_agrees_from_file_to_bank(money, decide, claims):
    money.remit(
        decide(claims[0], 14_500), decide(claims[1], 10_000, ("CO", "45", 4_500)), plb=[("L6", -863), ("WO", 900)]
    )
    [told] = prove(money)
    assert told.agrees
    assert [one.note for one in told.compared if one.right is None] == ["no deposit yet"]
    money.deposit(24_463)
    [told] = prove(money, f"R{told.remittance.id}")
    assert told.agrees
    assert [d.amount_cents for d in told.deposits] == [24_463]
    assert told.booked.by_account["eft_expected"] == 24_463
    assert {one.what for one in told.compared} >= {"deposit", "in the bank account", "expected from the payer"}
    assert money.column("SELECT count(*) FROM audit WHERE action = 'remittance.proof'") == [2]


def test_what_does_not_agree_is_named(money, decide, claims):
    money.remit(decide(claims[0], 14_500))
    with money.tx() as tx:
        tx.run("UPDATE remittance SET claims_paid_cents = 1")
        tx.run("UPDATE remittance_claim SET paid_cents = 2")
    [told] = prove(money)
    assert wrong(told) == ["paid on claims (CLP04)", "paid on claims, recorded"]


def test_a_set_that_does_not_balance_says_where(money, decide, claims):
    money.remit(decide(claims[0], 14_500), amount=14_400)
    [told] = prove(money)
    assert told.remittance.state == "UNBALANCED"
    assert wrong(told) == ["BPR02 = sum of CLP04 - sum of PLB"]
    with pytest.raises(NotKnown, match="no remittance T9"):
        prove(money, "T9")
