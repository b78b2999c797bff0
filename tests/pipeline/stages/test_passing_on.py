"""An account that is not the providers': what comes in there is owed to them, and no longer when it is gone."""

import pytest

from pipeline.services import deposits as service
from pipeline.services import mailboxes
from pipeline.store import ledger


@pytest.fixture
def held(money):
    mailboxes.change(money.ctx, money.org, "test", "bank", {"holds_for_providers": True})


def payable(money):
    with money.tx() as tx:
        accounts = ledger.trial_balance(tx)
    return accounts.get("provider_payable", 0), accounts.get("provider_share", 0)


def test_a_matched_deposit_is_owed_to_the_provider_until_it_is_taken_away(money, decide, claim_document, held):
    [claim] = money.claims(1, claim_document)
    money.remit(decide(claim, 14_500))
    assert payable(money) == (0, 0)  # told, not there yet
    money.deposit(14_500)
    assert payable(money) == (-14_500, 14_500)
    service.unmatch(money.ctx, money.org, "bill", 1, "another's")
    assert payable(money) == (0, 0)
    service.match(money.ctx, money.org, "bill", 1, 1, "ours after all")
    assert payable(money) == (-14_500, 14_500)
    # What was booked is taken back, whatever the bank's profile says by now.
    mailboxes.change(money.ctx, money.org, "test", "bank", {"holds_for_providers": False})
    service.unmatch(money.ctx, money.org, "bill", 1, "another's")
    assert payable(money) == (0, 0)
    assert money.proof().balanced


def test_on_the_providers_own_account_nothing_is_owed(money, decide, claim_document):
    [claim] = money.claims(1, claim_document)
    money.remit(decide(claim, 14_500))
    money.deposit(14_500)
    assert payable(money) == (0, 0)
