"""What time makes payable is looked at without a bell, and credit of payers that stands too long is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from paid_parties import payee, send

from pipeline.domain.invoices import Invoice
from pipeline.services import invoices, paying
from pipeline.stages.watch import watch


class Later:
    """The clock of some days on."""

    def __init__(self, clock, days):
        self.clock, self.days = clock, days

    def now(self):
        return self.clock.now() + timedelta(days=self.days)


def look(money, days=0):
    ctx = replace(money.ctx, clock=Later(money.ctx.clock, days))
    watch(ctx, money.org, money.org)


def release_is_due(money):
    [due] = money.column("SELECT count(*) FROM due_work WHERE stage = 'release'")
    return bool(due)


def test_an_invoice_that_becomes_due_is_looked_at(money):
    due = money.ctx.today() + timedelta(days=20)
    bill = Invoice(number="A-1", invoiced_on=date(2026, 1, 1), due_on=due, gross_cents=500)
    invoices.enter(money.ctx, money.org, "ana", payee(money), bill)
    with money.tx() as tx:
        tx.run("DELETE FROM due_work WHERE stage = 'release'")
    look(money)
    assert not release_is_due(money)
    look(money, days=20)
    assert release_is_due(money)


@pytest.fixture
def credited(money, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=None)
    for trace in ("T1", "T2"):
        money.remit(decide(claim, 14_500), trace=trace)
        money.deposit(14_500, trace=trace)
    with money.tx() as tx:
        tx.run("UPDATE work_exception SET state = 'RESOLVED' WHERE type = 'repeated_decision'")
    return claim


def test_credit_is_told_after_sixty_days_until_it_is_paid_back(money, credited):
    look(money, days=59)
    assert money.exceptions() == ["payer_credit"]
    look(money, days=60)
    look(money, days=61)
    assert money.exceptions() == ["payer_credit", "payer_credit_overdue"]
    [payer_id] = money.column("SELECT payer_id FROM claim")
    payee(money, "payer", payer_id, name="INVENTED PAYER")
    paying.payer_refund(money.ctx, money.org, "ana", credited.clm01)
    look(money, days=60)
    assert money.exceptions() == ["payer_credit", "payer_credit_overdue", "rule_hold"]  # it has not left
    send(money)
    look(money, days=60)
    assert money.exceptions() == ["bank_silent"]  # the payment's file has no answer
