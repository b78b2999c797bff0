"""A claim that is changed after it went out: one claim in the books, whatever its version."""

import dataclasses
import json
import re

import pytest

from pipeline.domain.ledger import Account, Position
from pipeline.services import intake, matching, write_offs
from pipeline.services.proof import proofs
from pipeline.services.report import totals
from pipeline.stages.bundle import bundle
from pipeline.stages.release import release
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.validate import validate
from pipeline.stages.verdicts import Verdicts, claims_judged
from pipeline.store import files, inbound, ledger, reports, status_inquiries
from pipeline.store.answers import Said

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


# -- what becomes of the older version ----------------------------------------------------------------------------------
def judged(chain, claim, by, accepted, number=None):
    """A 277CA, as it is put into effect: the clearinghouse or the payer takes the claim in, or turns it away."""
    money = chain.money
    file_id = money.store("x12:277CA", f"{claim.id}{by}{accepted}".encode())
    with money.tx() as tx:
        file = dataclasses.replace(inbound.get(tx, file_id), applied_at=money.ctx.clock.now())
        said = [Said(one, None, number, "A7:164") for one in status_inquiries.latest_tries(tx, [claim.id]).values()]
        told = Verdicts(accepted=said) if accepted else Verdicts(rejected=said)
        claims_judged(money.ctx, tx, file, by, told)


def sent_number(chain, claim):
    """REF*F8 of the claim's file, or None."""
    with chain.money.tx() as tx:
        [file_id] = chain.money.column("SELECT file_id FROM submission WHERE claim_id = :id", id=claim.id)
        data = files.content(tx, file_id)
    found = re.findall(rb"REF\*F8\*([^~]*)~", data)
    kept = chain.money.column("SELECT detail FROM history WHERE event = 'named' AND file_id = :id", id=file_id)
    assert kept == [f"REF*F8 {one.decode()}" for one in found]
    return found[0].decode() if found else None


def test_a_replacement_names_the_payers_latest_number_and_takes_the_older_ones_place_when_he_has_it(
    chain, money, decide
):
    first = chain.send()
    judged(chain, first, "payer", True, "STATUS1")
    money.remit(decide(first, 0, ("CO", "16", CHARGE), payer_number="ICN1"), trace="T1")
    second = chain.send(frequency="7", patient_paid_cents=None, **chain.lines(CHARGE - 500))
    assert sent_number(chain, second) == "ICN1"
    assert chain.states() == ["DENIED", "SUBMITTED"], "while it is only on its way the older one stands"
    assert money.exceptions() == []
    assert money.column("SELECT next_step FROM claim WHERE version = 1") == ["await_decision"]
    judged(chain, second, "payer", True, "ICN2")
    assert chain.states() == ["REPLACED", "SUBMITTED"]
    money.remit(decide(second, 10_000, ("CO", "45", CHARGE - 10_500), payer_number="ICN2"), trace="T2")
    # One that the payer told earlier is given: his latest is sent.
    third = chain.send(frequency="8", payer_claim_number="ICN1", **chain.lines(CHARGE - 500))
    assert sent_number(chain, third) == "ICN2"
    judged(chain, third, "payer", True)
    assert chain.states() == ["REPLACED", "PAID", "SUBMITTED"], "he has the void, and the money still"
    back = decide(
        second, -10_000, ("CO", "45", -(CHARGE - 10_500)), status="22", charge=500 - CHARGE, payer_number="ICN2"
    )
    money.remit(back, plb=[("FB", -10_000)], trace="T3")
    assert chain.states() == ["VOIDED", "VOIDED", "VOIDED"]
    assert (chain.position, money.exceptions()) == (Position(), [])
    assert chain.give(**chain.lines(CHARGE - 1)).problems[0].cure.endswith("under another external_id")
    assert reports_of(money) == {"VOIDED": 1}
    assert folds_of(money) == []


def test_a_rejected_replacement_leaves_the_older_one_standing_and_goes_again_as_7(chain, money, decide):
    first = chain.send()
    money.remit(decide(first, 10_000, ("CO", "45", CHARGE - 10_000)), trace="T1")
    stood = chain.position
    second = chain.send(frequency="7", **chain.lines(CHARGE + 1_000))
    assert chain.position != stood
    judged(chain, second, "clearinghouse", False)
    assert (chain.states(), chain.position) == (["PAID", "REJECTED"], stood)
    assert (reports_of(money), money.exceptions()) == ({"PAID": 1}, ["claim_rejected"])
    third = chain.send(frequency="7", **chain.lines(CHARGE + 2_000))
    assert (chain.states(), money.exceptions()) == (["PAID", "REPLACED", "SUBMITTED"], [])
    assert sent_number(chain, third) == "ICN1"
    assert chain.position.receivable_cents == 2_000
    judged(chain, third, "payer", False)
    assert chain.position == stood
    assert (chain.states(), reports_of(money)) == (["PAID", "REPLACED", "REJECTED"], {"PAID": 1}), (
        "the first one stands"
    )
    outcomes = totals(money.ctx, money.org).outcomes
    assert (outcomes.claims, outcomes.paid, outcomes.open, outcomes.replaced_versions) == (1, 1, 0, 1)
    void = chain.send(frequency="8")
    judged(chain, void, "clearinghouse", False)
    assert (chain.states()[0], chain.position) == ("PAID", stood)


def test_a_void_of_what_was_never_paid_ends_when_the_payer_takes_it_in(chain, money):
    first = chain.send()
    judged(chain, first, "payer", True, "STATUS1")
    void = chain.send(frequency="8")
    assert sent_number(chain, void) == "STATUS1"
    judged(chain, void, "clearinghouse", True)
    assert chain.states() == ["SUBMITTED", "SUBMITTED"]
    judged(chain, void, "payer", True)
    assert (chain.states(), chain.position, money.exceptions()) == (["VOIDED", "VOIDED"], Position(), [])


def test_what_was_rejected_is_corrected_and_sent_again_as_an_original(chain, money, decide):
    first = chain.send()
    judged(chain, first, "payer", False)
    assert money.exceptions() == ["claim_rejected"]
    replayed = chain.give()
    assert (replayed.outcome, replayed.claim_id) == ("replayed", first.id)
    # Nothing is there to be replaced: the edits say so, and the same claim as an original goes.
    assert chain.give(frequency="7", payer_claim_number="X1").outcome == "stored"
    chain.work()
    assert chain.states() == ["REPLACED", "EDIT_FAILED"]
    assert money.exceptions() == ["edit_failed"]
    second = chain.send(**chain.lines(CHARGE + 500))
    assert (second.clm01, sent_number(chain, second)) == (first.clm01, None)
    assert (chain.states(), chain.position) == (["REPLACED", "SUBMITTED"], Position(receivable_cents=CHARGE + 500))
    assert chain.give().outcome == "replayed", "the first one's late twin changes nothing"
    money.remit(decide(second, CHARGE + 500, payer_number="ICN1"), trace="T1")
    assert (chain.states(), chain.position, money.exceptions()) == (["REPLACED", "PAID"], Position(), [])
    refused = chain.give(**chain.lines(CHARGE + 900))
    assert '"7"' in refused.problems[0].cure


def test_a_decision_on_the_first_version_that_comes_late_is_the_first_ones(chain, money, decide):
    first = chain.send()
    judged(chain, first, "payer", True, "ICN1")
    second = chain.send(frequency="7", **chain.lines(CHARGE + 1_000))
    money.remit(decide(first, 10_000, ("CO", "45", CHARGE - 10_000), payer_number="ICN1"), trace="T1")
    assert chain.states() == ["PAID", "SUBMITTED"]
    assert chain.position == Position(receivable_cents=1_000)
    # A payer that keeps his number: what he has decided once, he decides anew for the later version.
    back = decide(first, -10_000, ("CO", "45", 10_000 - CHARGE), status="22", charge=-CHARGE, payer_number="ICN1")
    money.remit(back, decide(second, CHARGE + 1_000, payer_number="ICN1"), trace="T2")
    assert (chain.states(), chain.position) == (["REPLACED", "PAID"], Position())


def reports_of(money):
    with money.tx() as tx:
        return reports.claim_states(tx)


def folds_of(money):
    with money.tx() as tx:
        return reports.folds(tx)


# -- what a payer says of two versions, in any order --------------------------------------------------------------------
def two_versions(chain, decide, charge):
    """Both go out before anything is said; gives what the payer says of them by name."""
    first = chain.send(patient_paid_cents=3_000)
    judged(chain, first, "payer", True, "ICN1")
    second = chain.send(patient_paid_cents=3_000, frequency="7", **chain.lines(charge))
    taken = (("CO", "45", -2_000), ("PR", "2", -2_500))
    return {
        "first": decide(first, 10_000, ("CO", "45", 2_000), ("PR", "2", 2_500), payer_number="ICN1"),
        "back": decide(first, -10_000, *taken, status="22", charge=-CHARGE, payer_number="ICN1"),
        "second": decide(second, charge - 2_400, ("CO", "45", 400), ("PR", "2", 1_000), ("CO", "50", 1_000), payer_number="ICN2"),
        "denied": decide(second, 0, ("CO", "45", charge), payer_number="ICN2"),
    }  # fmt: skip


def came_to(chain):
    """The claim's accounts, by what is left on them, and what its versions are."""
    left = chain.rows("SELECT account, CAST(sum(amount_cents) AS bigint) AS cents FROM entry GROUP BY account")
    return {row.account: row.cents for row in left if row.cents}, chain.states()


ORDERS = [
    pytest.param([["first"], ["back", "second"]], id="first-taken-back"),
    pytest.param([["first"], ["second", "back"]], id="taken-back-below-it"),
    pytest.param([["first"], ["second"], ["back"]], id="taken-back-later"),
]


@pytest.mark.parametrize("charge", [CHARGE, CHARGE + 1_000, CHARGE - 500])
@pytest.mark.parametrize("verdict", ["second", "denied"])
@pytest.mark.parametrize("sets", ORDERS)
def test_whenever_a_payer_takes_the_older_version_back_the_books_are_those_of_the_newer(
    chain, money, decide, sets, verdict, charge
):
    said = two_versions(chain, decide, charge)
    said["second"] = said[verdict]
    for number, names in enumerate(sets):
        total = sum(said[name].paid_cents for name in names)
        money.remit(
            *(said[name] for name in names), trace=f"T{number}", plb=[("FB", min(total, 0))] if total < 0 else ()
        )
        if names == ["second"]:
            assert chain.states() == ["REPLACED", "PARTLY_PAID" if verdict == "second" else "DENIED"]
            assert money.exceptions() == ["payer_credit" if verdict == "second" else "repeated_decision"]
    paid, forward = said["second"].paid_cents, -min(0, sum(said[name].paid_cents for name in sets[-1]))
    accounts, states = came_to(chain)
    settled = 400 if verdict == "second" else charge
    due, denied = (1_000, 1_000) if verdict == "second" else (0, 0)
    expected = {
        "revenue": -charge, "patient_cash": 3_000, "patient_credit": due - 3_000, "adjustment_co": settled,
        "receivable_denied": denied, "eft_expected": paid + forward, "forward_balance": -forward,
    }  # fmt: skip
    assert accounts == {account: cents for account, cents in expected.items() if cents}
    assert states == ["REPLACED", "PARTLY_PAID" if verdict == "second" else "DENIED"]
    assert money.exceptions() == (["denied"] if denied else [])
    assert (money.proof().balanced, folds_of(money)) == (True, [])
    assert all(one.agrees for n in range(len(sets)) for one in proofs(money.ctx, money.org, "test", f"T{n}"))


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_was_posted_anew_is_taken_back_whole(chain, money, decide, by_hand):
    """The newer decision comes first, by its number or tied by a person; then both are taken back, the older one first."""
    change = dataclasses.replace
    said = two_versions(chain, decide, CHARGE)
    second, [line] = said["second"], said["second"].lines
    nameless = change(second, patient_control_number="NOTOURS", payer_control_number="X9",
                      lines=[change(line, line_control_number=None)])  # fmt: skip
    money.remit(said["first"], trace="T1")
    money.remit(nameless if by_hand else second, trace="T2")
    if by_hand:
        [stray] = money.column("SELECT id FROM remittance_claim WHERE claim_id IS NULL")
        matching.match(money.ctx, money.org, "bill", stray, second.patient_control_number, "same patient and day")
    money.remit(said["back"], plb=[("FB", -10_000)], trace="T3")
    assert (chain.account(Account.PAYER_CREDIT), chain.states()) == (0, ["REPLACED", "PARTLY_PAID"])
    told = {"status": "22", "patient_responsibility_cents": -1_000}
    minus = {"charge_cents": -CHARGE, "paid_cents": -second.paid_cents}
    taken = [change(one, amount_cents=-one.amount_cents) for one in line.adjustments]
    back = change(second, **told, **minus, lines=[change(line, **minus, adjustments=taken)])
    money.remit(back, plb=[("FB", -second.paid_cents)], trace="T4")
    assert chain.states() == ["REPLACED", "REVERSED"]
    assert chain.position == Position(receivable_cents=CHARGE, patient_prepaid_cents=-3_000)
    assert (money.proof().balanced, folds_of(money), chain.account(Account.UNAPPLIED_CASH)) == (True, [], 0)
