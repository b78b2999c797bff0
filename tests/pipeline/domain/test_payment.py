"""Content hashes, the release rule, and the objections to a payment that is about to leave."""

from dataclasses import replace

import pytest

from pipeline.domain.payment import BY_APPROVAL, AccountType, Payee, Standing, content_sha256, ruled

PAYEE = Payee(name="A", routing_number="111111118", account_number="1", account_type=AccountType.CHECKING)
GOOD = Standing(
    payment_id=1, state="IN_FILE", rule="limit", amount_cents=100, entry_cents=100, limit_cents=100, hash_holds=True,
    approved_by_other=False, claim_state="PAID", owed_cents=100, patient_due_cents=0,
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


def test_at_the_limit_it_goes_by_itself_and_above_it_waits():
    assert ruled(50_000, 50_000).event == "released_by_rule"
    assert ruled(50_001, 50_000).event == "held_for_approval"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "APPROVED"}, {"hash_holds": False}, {"entry_cents": 99}, {"limit_cents": 99}, {"rule": BY_APPROVAL},
        {"claim_state": "REVERSED"}, {"owed_cents": 99}, {"patient_due_cents": 1},
    ],
)  # fmt: skip
def test_each_thing_that_can_change_is_an_objection(changes):
    assert GOOD.objections() == []
    [told] = replace(GOOD, **changes).objections()
    assert told.startswith("payment 1: ")


def test_an_approved_payment_may_be_above_the_limit():
    assert replace(GOOD, rule=BY_APPROVAL, approved_by_other=True, limit_cents=0).objections() == []
