"""What payers refused stays owed until a person gives it up, and that can be undone."""

import pytest

from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.services import write_offs
from pipeline.services.report import totals
from pipeline.store import ledger


@pytest.fixture
def claim(money, claim_document, decide):
    [sent] = money.claims(1, claim_document)
    money.remit(decide(sent, 10_000, ("CO", "50", 4_500)))
    assert money.exceptions() == ["denied"]
    return sent


def give_up(money, claim, **kw):
    return write_offs.write_off(money.ctx, money.org, "bill", claim.clm01, "too old to appeal", **kw)


def balance(money, account):
    with money.tx() as tx:
        return ledger.trial_balance(tx).get(account, 0)


def test_part_of_it_then_the_rest(money, claim):
    told = give_up(money, claim, amount_cents=500)
    assert (told.amount_cents, told.left_cents) == (500, 4_000)
    assert money.exceptions() == ["denied"]
    assert give_up(money, claim).left_cents == 0
    assert money.exceptions() == []
    assert (balance(money, "write_off"), balance(money, "receivable_denied")) == (4_500, 0)
    assert money.column("SELECT next_step FROM claim") == ["refund_patient"]
    with pytest.raises(Conflict, match="no more can be written off"):
        give_up(money, claim)
    books = totals(money.ctx, money.org).money
    assert (books.written_off_cents, books.denied_cents) == (4_500, 0)
    assert money.column("SELECT action FROM audit WHERE actor = 'bill'") == ["claims.write_off"] * 2


def test_it_is_undone_once(money, claim):
    told = give_up(money, claim)
    assert write_offs.undo(money.ctx, money.org, "bill", told.write_off_id, "appeal after all")
    assert not write_offs.undo(money.ctx, money.org, "bill", told.write_off_id, "again")
    assert (balance(money, "write_off"), balance(money, "receivable_denied")) == (0, 4_500)
    assert money.column("SELECT next_step FROM claim") == ["appeal"]
    assert money.proof().balanced


def test_what_cannot_be_done_is_said(money, claim):
    with pytest.raises(Conflict, match="4500 cents of claim"):
        give_up(money, claim, amount_cents=4_501)
    with pytest.raises(CallerError, match="above zero"):
        give_up(money, claim, amount_cents=0)
    with pytest.raises(CallerError, match="say why"):
        write_offs.write_off(money.ctx, money.org, "bill", claim.clm01, "")
    with pytest.raises(NotKnown):
        write_offs.write_off(money.ctx, money.org, "bill", "NOBODY", "x")
    with pytest.raises(NotKnown):
        write_offs.undo(money.ctx, money.org, "bill", 99, "x")
