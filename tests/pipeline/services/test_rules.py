"""What the rules said is kept with what they knew, and other rules can be tried on it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.domain.errors import NotAllowed
from pipeline.domain.release_rules import Answer, Condition, ReleaseBook, ReleaseRule
from pipeline.services import rules_review
from pipeline.services.report import totals
from pipeline.services.rules import try_on_past
from pipeline.stages.release import release
from pipeline.stages.watch import watch
from pipeline.store import ledger

HEADING = "name,version,kind,valid_from,valid_to,when,answer,approvals,reason\n"


@pytest.fixture
def refunds(money, decide, claim_document):
    """Two refunds, of 30.00 and of 600.00, the latter above the limit of 500.00."""
    claims = [money.claims(1, claim_document, patient_paid_cents=cents)[0] for cents in (3_000, 60_000)]
    money.remit(*(decide(claim, 14_500) for claim in claims))
    money.deposit(29_000)
    release(money.ctx, money.org, money.org)
    return claims


def strict(money, answer):
    rule = ReleaseRule(name="strict", version=3, when=Condition("true"), answer=answer, reason="nobody is paid today")
    money.ctx = replace(money.ctx, releases=ReleaseBook([rule]))


def test_each_ruling_is_kept_with_the_facts_and_the_rules(money, refunds):
    rows = money.column("SELECT answer || ' ' || approvals || ' ' || rules FROM ruling ORDER BY payment_id")
    assert rows == ["release 0 within_limit/1", "approve 1 1 above_limit/1"]
    [facts] = money.column("SELECT facts FROM ruling ORDER BY payment_id LIMIT 1")
    told = json.loads(facts)
    assert (told["amount_cents"], told["limit_cents"], told["payee_30d_count"]) == (3_000, 50_000, 1)
    assert money.column("SELECT rule FROM payment ORDER BY id") == ["within_limit/1", "above_limit/1"]


def test_other_rules_are_tried_and_nothing_changes(money, refunds, tmp_path):
    (tmp_path / "release.csv").write_text(HEADING + "all,7,*,,,true,approve,2,everybody looks\n")
    before = money.states("payment")
    assert try_on_past(money.ctx, money.org, None).changed == []
    tried = try_on_past(money.ctx, money.org, tmp_path)
    assert (tried.rulings, tried.answers) == (2, {"approve 2": 2})
    assert [(one.was, one.would_be, one.would_be_by) for one in tried.changed] == [
        ("release", "approve 2", "all/7"), ("approve 1", "approve 2", "all/7"),
    ]  # fmt: skip
    assert money.states("payment") == before


def test_what_a_rule_refuses_is_not_paid_and_stays_the_patients(money, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    strict(money, Answer.REFUSE)
    money.remit(decide(claim, 14_500))
    money.deposit(14_500)
    release(money.ctx, money.org, money.org)
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["DENIED"]
    with money.tx() as tx:
        accounts = ledger.trial_balance(tx)
    assert (accounts["patient_credit"], accounts["refund_payable"]) == (-3_000, 0)
    assert money.exceptions() == ["rule_hold"]
    [reason] = money.column("SELECT reason FROM work_exception")
    assert "nobody is paid today (strict/3)" in reason
    assert totals(money.ctx, money.org).ledger_balanced


def test_what_the_rules_refuse_by_now_does_not_leave(money, refunds):
    [file_id] = money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'")
    assert money.objections(file_id) == []
    strict(money, Answer.REFUSE)
    [told] = money.objections(file_id)
    assert told.endswith("the rules refuse it now (strict/3)")
    # A hold is for the time before a payment is let go; it does not stop what was.
    strict(money, Answer.HOLD)
    assert money.objections(file_id) == []


class Later:
    """Business time, so many days on."""

    def __init__(self, clock, days):
        self.clock, self.days = clock, days

    def now(self):
        return self.clock.now() + timedelta(days=self.days)


def after(money, days):
    return replace(money.ctx, clock=Later(money.ctx.clock, days))


def test_a_year_without_a_review_is_told_until_an_approver_has_read_the_rules(money, refunds):
    watch(after(money, 364), money.org, money.org)
    assert "rules_review_due" not in money.exceptions()
    watch(after(money, 365), money.org, money.org)
    assert "rules_review_due" in money.exceptions()
    with pytest.raises(NotAllowed, match=r"rules\.review"):
        rules_review.reviewed(money.ctx, money.org, "bill")
    done = rules_review.reviewed(after(money, 370), money.org, "ben")
    assert "1 approve 1, 1 release; rules within_limit/1, above_limit/1" in done.told
    watch(after(money, 700), money.org, money.org)
    assert "rules_review_due" not in money.exceptions()
    assert rules_review.reviews(money.ctx, money.org) == [done]
    watch(after(money, 735), money.org, money.org)
    assert "rules_review_due" in money.exceptions()
