"""Content hashes, the release rule, and the objections to a payment that is about to leave."""

from dataclasses import replace

import pytest

from pipeline.domain.payment import AccountType, Payee, Standing, content_sha256

PAYEE = Payee(name="A", routing_number="111111118", account_number="1", account_type=AccountType.CHECKING)
GOOD = Standing(
    payment_id=1, state="IN_FILE", amount_cents=100, entry_cents=100, hash_holds=True,
    approvals=1, needed=1, owed_cents=100,
)  # fmt: skip


def test_the_hash_changes_with_everything_that_matters():
    told = {
        content_sha256(payee, cents, kind, obligation, addenda)
        for payee in (PAYEE, replace(PAYEE, account_number="2"), replace(PAYEE, account_type=AccountType.SAVINGS))
        for cents in (1, 2)
        for kind in ("refund", "vendor")
        for obligation in ("refund:C:1", "refund:C:2")
        for addenda in ("", "X")
    }
    assert len(told) == 3 * 2 * 2 * 2 * 2
    assert Payee.from_json(PAYEE.to_json()) == PAYEE


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "APPROVED"}, {"hash_holds": False}, {"entry_cents": 99}, {"needed": 2}, {"refused": "none/1"},
        {"taken_back": True}, {"owed_cents": 99}, {"patient_due_cents": 1},
        {"details_stand": False}, {"payee_held": True}, {"details_wait": True}, {"money_is_in": False},
    ],
)  # fmt: skip
def test_each_thing_that_can_change_is_an_objection(changes):
    assert GOOD.objections() == []
    [told] = replace(GOOD, **changes).objections()
    assert told.startswith("payment 1: ")
