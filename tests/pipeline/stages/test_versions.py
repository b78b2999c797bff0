"""A claim that is changed after it went out: one claim in the books, whatever its version."""

import json

import pytest

from pipeline.domain.ledger import Account, Position
from pipeline.services import intake, write_offs
from pipeline.services.proof import proofs
from pipeline.stages.bundle import bundle
from pipeline.stages.release import release
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.validate import validate
from pipeline.store import ledger

CHARGE = 14_500


class Chain:
    """One claim of one tenant, sent in version after version; `money` brings what its payer says."""

    def __init__(self, money, document):
        self.money, self.base = money, {**json.loads(document()), "external_id": "chain", "patient_paid_cents": None}

    def give(self, **changes):
        """Hands a document in; gives the receipt."""
        document = json.dumps({**self.base, **changes}).encode()
        [receipt] = intake.submit(self.money.ctx, self.money.org, [document], "test")
        return receipt

    def send(self, **changes):
        """A version goes out; gives it as the money's tests know a claim."""
        receipt = self.give(**changes)
        assert not receipt.problems
        self.work()
        [sent] = self.rows("SELECT id, clm01, charge_cents, state FROM claim WHERE id = :id", id=receipt.claim_id)
        assert sent.state == "SUBMITTED", self.money.column("SELECT reason FROM work_exception")
        return sent

    def work(self):
        ctx, org = self.money.ctx, self.money.org
        take(ctx, org, org)
        for lot in self.money.column("SELECT DISTINCT lot_id FROM claim WHERE lot_id IS NOT NULL"):
            for stage in (validate, bundle, render):
                stage(ctx, org, lot)

    def rows(self, statement, **parameters):
        with self.money.tx() as tx:
            return list(tx.rows(statement, **parameters))

    def lines(self, *cents):
        """The office visit with one line a charge."""
        line = self.base["lines"][0]
        return {"lines": [{**line, "charge_cents": one} for one in cents], "charge_cents": sum(cents)}

    @property
    def position(self):
        with self.money.tx() as tx:
            [books] = self.money.column("SELECT id FROM claim WHERE version = 1")
            found = ledger.positions(tx, self.money.column("SELECT id FROM claim ORDER BY id"))
        assert set(found) <= {books}, "all money is on the first version"
        return found.get(books, Position())

    def account(self, account):
        [cents] = self.money.column(
            "SELECT CAST(coalesce(sum(amount_cents), 0) AS bigint) FROM entry WHERE account = :account",
            account=str(account),
        )
        return cents

    def states(self):
        return self.money.column("SELECT state FROM claim ORDER BY version")


@pytest.fixture
def chain(money, claim_document):
    return Chain(money, claim_document)


def test_a_reversal_that_comes_after_the_replacement_takes_back_exactly_what_was_posted(chain, money, decide):
    first = chain.send(**chain.lines(10_000, 4_500))
    money.remit(decide(first, 6_000, ("CO", "45", 4_000), ("CO", "16", 4_500)), trace="T1")
    assert chain.position == Position(denied_cents=4_500)
    write_offs.write_off(money.ctx, money.org, "bill", first.clm01, "too little to fight for", 500)
    second = chain.send(frequency="7", payer_claim_number="ICN1", **chain.lines(10_000, 5_000))
    # What was refused is asked for anew, what was given up too, and 500 cents more; nothing else is.
    assert chain.position == Position(receivable_cents=5_000)
    assert (chain.account(Account.REVENUE), chain.account(Account.WRITE_OFF)) == (-15_000, 0)
    back = decide(
        first, -6_000, ("CO", "45", -4_000), ("CO", "16", -4_500), status="22", charge=-14_500, payer_number="ICN1"
    )
    anew = decide(second, 9_000, ("CO", "45", 6_000), payer_number="ICN2")
    money.remit(back, anew, trace="T2")
    assert chain.position == Position()
    assert (chain.account(Account.ADJUSTMENT_CO), chain.account(Account.PAYER_CREDIT)) == (6_000, 0)
    tied = chain.rows("SELECT claim_id, verdict FROM remittance_claim ORDER BY id")
    assert [row.claim_id for row in tied] == [first.id, first.id, second.id]
    assert chain.states()[1] == "PAID"
    assert money.proof().balanced
    assert all(one.agrees for trace in ("T1", "T2") for one in proofs(money.ctx, money.org, "test", trace))


def test_money_of_the_patient_follows_the_last_version_and_goes_back_once(chain, money, decide):
    refund_to = {"name": "JO DOE", "routing_number": "091000019", "account_number": "123", "account_type": "checking"}
    first = chain.send(patient_paid_cents=2_000, refund_to=refund_to)
    money.remit(decide(first, 0, ("CO", "16", CHARGE)), trace="T1")
    second = chain.send(patient_paid_cents=3_000, refund_to=refund_to, frequency="7", payer_claim_number="ICN1")
    assert -chain.position.patient_prepaid_cents - chain.position.patient_credit_cents == 3_000
    money.remit(decide(second, 13_500, ("PR", "3", 1_000), payer_number="ICN2"), trace="T2")
    money.deposit(13_500, trace="T2")
    release(money.ctx, money.org, money.org)
    [refund] = chain.rows("SELECT claim_id, amount_cents FROM payment WHERE kind = 'refund'")
    assert (refund.claim_id, refund.amount_cents) == (first.id, 2_000)
    assert chain.position == Position(refund_payable_cents=-2_000)
