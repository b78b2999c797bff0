"""The books as people read them: at any day, line by line, each line with its source."""

from datetime import timedelta

import pytest

from pipeline.domain.errors import CallerError
from pipeline.services.books import statement, trial_balance
from pipeline.store.statements import Wanted


@pytest.fixture
def posted(money, decide, claim_document):
    claims = money.claims(2, claim_document)
    file_id = money.remit(decide(claims[0], 14_500), decide(claims[1], 12_000, ("CO", "45", 2_500)), plb=[("L6", -100)])
    return claims, file_id


def test_each_line_names_file_set_and_segment(money, posted):
    claims, file_id = posted
    found = statement(money.ctx, money.org, Wanted(account="eft_expected"))
    assert [one.amount_cents for one in found.lines] == [14_500, 12_000, 100]
    assert {(one.inbound_file_id, one.set_number) for one in found.lines} == {(file_id, 1)}
    assert all(one.segment for one in found.lines)
    assert [one.claim for one in found.lines] == [claims[0].clm01, claims[1].clm01, None]
    assert found.closing_cents == 26_600
    [remittance_id] = money.column("SELECT id FROM remittance")
    of_one = statement(money.ctx, money.org, Wanted(account="eft_expected", remittance_id=remittance_id))
    assert of_one.closing_cents == 26_600


def test_receivable_is_by_claim_and_payers_class(money, posted):
    claims, _ = posted
    mine = statement(money.ctx, money.org, Wanted(account="receivable", claim=claims[0].clm01))
    assert [(one.amount_cents, one.subaccount) for one in mine.lines] == [(14_500, "CI"), (-14_500, "CI")]
    assert mine.closing_cents == 0


def test_balances_at_a_day_and_from_a_day_on(money, posted):
    today = money.ctx.today()
    assert sum(trial_balance(money.ctx, money.org).values()) == 0
    assert trial_balance(money.ctx, money.org, today)["eft_expected"] == 26_600
    assert trial_balance(money.ctx, money.org, today - timedelta(days=1)) == {}
    later = statement(money.ctx, money.org, Wanted(account="eft_expected", since=today + timedelta(days=1)))
    assert (later.opening_cents, later.lines, later.closing_cents) == (26_600, [], 26_600)


def test_a_long_statement_says_that_there_is_more_and_an_unknown_account_is_refused(money, posted):
    found = statement(money.ctx, money.org, Wanted(account="eft_expected"), limit=2)
    assert (len(found.lines), found.whole) == (2, False)
    with pytest.raises(CallerError, match="it is one of receivable"):
        statement(money.ctx, money.org, Wanted(account="nothing"))
