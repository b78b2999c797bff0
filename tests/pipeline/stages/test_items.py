"""820s that come in: recorded once by whichever way, applied to the claims that they name, released after their money."""

import threading

import pytest
from orders import bare, ctx, in_envelope, item, order
from x12_answers import judged_by_pyx12
from x12_payments import shapes_820_x218, shapes_820_x306

from edi.x12.judging.check import check_set
from edi.x12.syntax.reader import read
from pipeline.domain.errors import Conflict
from pipeline.services import matching, suggestions
from pipeline.services.proof import proofs
from pipeline.services.report import totals
from pipeline.services.story import story
from pipeline.stages.ingest import ingest
from pipeline.stages.match import match
from pipeline.store import ledger, refunds, reports

CHARGE, PREPAID = 14_500, 3_000


class Orders:
    """Files of a payer, and of the bank, that bring 820s."""

    def __init__(self, money):
        self.money, self.control, self.sequence = money, 0, 0

    def come(self, *items, **more):
        """An 820 file arrives and is taken in and matched."""
        return self.file(order(*items, **more))

    def file(self, value, **more):
        self.control += 1
        data = in_envelope(value, self.control, **more)
        assert [finding for ts in read(data).sets for finding in check_set(ts)] == []
        file_id = self.money.store("x12:820", data, name=f"order{self.control}")
        self.money.take_in(file_id)
        return file_id

    def deposited(self, text, cents, **more):
        """The bank's file of a CTX deposit arrives, with this text in its addenda."""
        self.sequence += 1
        data = ctx(text, cents, self.sequence, **more)
        file_id = self.money.store("nacha:deposit", data, name=f"bank{self.sequence}", mailbox="bank")
        self.money.take_in(file_id)
        return file_id


@pytest.fixture
def orders(money):
    return Orders(money)


@pytest.fixture
def claims(money, claim_document):
    """Two office visits of 145.00, 30.00 of which the patient has paid each."""
    return money.claims(2, claim_document)


def balances(money, claim):
    with money.tx() as tx:
        found = ledger.claim_balances(tx, [claim.id]).get(claim.id, {})
    return {account: cents for account, cents in found.items() if cents and account not in {"revenue", "patient_cash"}}


def whole(money, *traces):
    """Books, histories, report and the proof of each remittance agree."""
    assert money.proof().balanced
    assert totals(money.ctx, money.org).ledger_balanced
    with money.tx() as tx:
        assert reports.folds(tx) == []
    told = [one for trace in traces for one in proofs(money.ctx, money.org, "test", trace)]
    assert [(one.remittance.id, c.what, c.left, c.right) for one in told for c in one.compared if not c.agrees] == []
    return told


def test_a_file_pays_claims_whole_and_in_part_and_waits_for_its_deposit(money, orders, claims):
    paid, partly = claims
    orders.come(item(paid.clm01, CHARGE), item(partly.clm01, 5_000, billed_cents=CHARGE, discount_cents=200))
    assert money.states("remittance") == ["POSTED"]
    assert money.states("claim") == ["PAID", "SUBMITTED"]
    assert set(money.states("submission")) == {"IN_FILE"}  # nobody has adjudicated anything
    assert balances(money, paid) == {"eft_expected": CHARGE, "patient_prepaid": -PREPAID}
    assert balances(money, partly) == {"eft_expected": 5_000, "receivable": 9_500, "patient_prepaid": -PREPAID}
    assert money.exceptions() == []
    assert money.column("SELECT next_step FROM claim ORDER BY id") == ["refund_patient", None]
    assert money.column("SELECT detail FROM history WHERE subject_kind = 'claim' AND event = 'paid'") == [
        "an 820 pays all that was owed; no decision of the payer's"
    ]
    assert _refundable(money) == []
    money.deposit(CHARGE + 5_000, addenda=r"TRN*1*FAC1*1912345678\\"[:-1])
    assert money.states("remittance") == ["MATCHED"]
    assert [one.claim_id for one in _refundable(money)] == [paid.id]
    [told] = whole(money, "FAC1")
    assert [c.what for c in told.compared][:1] == ["BPR02 = sum of RMR04 + sum of ADX"]
    event = next(e for e in story(money.ctx, money.org, "test", partly.clm01).events if e.subject == "decision")
    assert (event.what, event.amount_cents, event.actor) == ("payment without decision", 5_000, "INVENTED COUNTY")
    assert "adjusted RMR-discount" in event.detail
    assert event.control_number.endswith("RMR")


def _refundable(money):
    with money.tx() as tx:
        return refunds.refundable(tx, refunds.unreleased(tx))


def test_an_835_after_it_decides_what_is_left(money, orders, claims, decide):
    claim = claims[0]
    orders.come(item(claim.clm01, 4_500))
    money.remit(decide(claim, 0, ("CO", "50", CHARGE)))
    assert money.states("claim")[0] == "DENIED"
    assert balances(money, claim)["receivable_denied"] == 10_000
    orders.come(item("ICN1", 10_000), trace="FAC2")  # by the payer's number
    assert money.states("claim")[0] == "PAID"
    assert "denied" not in money.exceptions()
    orders.come(item(claim.clm01, -10_000), item(claims[1].clm01, 12_000), trace="FAC3")
    assert money.states("claim")[0] == "DENIED"  # what the payer decided stands again
    assert money.exceptions() == ["denied"]
    whole(money, "T1", "FAC1", "FAC2", "FAC3")


@pytest.mark.parametrize(("paid", "told"), [(0, "repeated_decision"), (12_000, "payer_credit")])
def test_a_payer_that_decides_what_an_820_has_settled_is_told_and_the_claim_stays_paid(
    money, orders, claims, decide, paid, told
):
    orders.come(item(claims[0].clm01, CHARGE))
    money.remit(decide(claims[0], paid, ("CO", "50", CHARGE - paid)))
    assert (money.states("claim")[0], money.states("submission")[0]) == ("PAID", "ADJUDICATED")
    assert balances(money, claims[0]).get("payer_credit", 0) == -paid
    assert money.exceptions() == [told]
    whole(money, "FAC1", "T1")


def test_more_than_is_owed_is_credit_and_is_taken_back_first(money, orders, claims):
    claim = claims[0]
    orders.come(item(claim.clm01, 10_000), item(claim.clm01, 10_000))
    assert balances(money, claim)["payer_credit"] == -5_500
    assert (money.states("claim")[0], money.exceptions()) == ("PAID", ["payer_credit"])
    orders.come(item(claim.clm01, -8_000), item("NOTOURS", 9_000), trace="FAC2")
    assert balances(money, claim) == {"eft_expected": 12_000, "receivable": 2_500, "patient_prepaid": -PREPAID}
    assert (money.states("claim")[0], money.exceptions()) == ("REVERSED", ["unmatched_claim"])
    assert money.column("SELECT next_step FROM claim ORDER BY id")[0] == "await_decision"
    orders.come(item(claim.clm01, -15_000), item(claims[1].clm01, CHARGE), item("X", 500), trace="FAC3")
    found = balances(money, claim)
    assert (found["receivable"], found.get("payer_credit", 0), found.get("eft_expected", 0)) == (CHARGE, 0, 0)
    assert "reversal_without_original" in money.exceptions()  # 30.00 of it no 820 had paid
    assert money.proof().accounts["unapplied_cash"] == 3_000 - 9_000 - 500
    whole(money, "FAC1", "FAC2", "FAC3")


def test_what_names_nothing_of_ours_is_kept_and_tied_by_hand_and_parted(money, orders, claims):
    claim = claims[0]
    orders.come(item("PO-77", CHARGE), item(None, 0, kind=None), adjustments=[(-500, "CM")])
    assert money.exceptions() == ["unmatched_claim", "unmatched_claim"]
    assert money.proof().accounts == money.proof().accounts | {"unapplied_cash": -CHARGE, "provider_adjustment": 500}
    [row] = money.column("SELECT id FROM remittance_claim WHERE clp01 = 'PO-77'")
    shown = suggestions.suggestions(money.ctx, money.org, "bill", row)
    assert (shown.decision.is_item, shown.decision.segment_name, shown.suggestions) == (True, "RMR", [])
    assert shown.why == "an item of an 820 is tied by its number alone, and no claim bears this one"
    matching.match(money.ctx, money.org, "bill", row, claim.clm01, "their order number")
    assert money.states("claim")[0] == "PAID"
    assert balances(money, claim) == {"unapplied_cash": CHARGE, "patient_prepaid": -PREPAID}
    assert not money.proof().accounts["unapplied_cash"]
    whole(money, "FAC1")
    matching.unmatch(money.ctx, money.org, "bill", row, "another's after all")
    assert money.states("claim")[0] == "REVERSED"
    assert balances(money, claim) == {"receivable": CHARGE, "patient_prepaid": -PREPAID}
    whole(money, "FAC1")


def test_a_ctx_brings_both_halves_and_the_same_order_by_file_counts_once(money, orders, claims):
    value = order(item(claims[0].clm01, CHARGE))
    orders.deposited(bare(value), CHARGE)
    assert (money.states("remittance"), money.states("deposit")) == (["MATCHED"], ["MATCHED"])
    orders.file(value)
    assert money.states("remittance") == ["MATCHED", "DUPLICATE"]
    assert money.exceptions() == ["duplicate_remittance"]
    second = order(item(claims[1].clm01, CHARGE), trace="FAC2")
    orders.file(second)
    orders.deposited(in_envelope(second, control=900), CHARGE)
    assert money.states("remittance") == ["MATCHED", "DUPLICATE", "MATCHED", "DUPLICATE"]
    assert money.states("deposit") == ["MATCHED"] * 2
    assert money.states("claim") == ["PAID"] * 2
    assert money.proof().accounts["bank"] == 2 * CHARGE
    whole(money, "FAC1", "FAC2")


@pytest.mark.parametrize("originator", [None, "1912345678"])
def test_separators_of_any_kind_and_a_trace_without_its_giver(money, orders, claims, originator):
    value = order(item(claims[0].clm01, CHARGE), originator=originator, company=None)
    orders.deposited(bare(value, "|!"), CHARGE, company_id="1555555550")
    assert (money.states("remittance"), money.states("deposit")) == (["MATCHED"], ["MATCHED"])
    assert money.column("SELECT matched_by FROM deposit") == ["trace"]


def test_what_cannot_be_read_in_addenda_holds_no_deposit_up(money, orders, claims):
    spoilt = bare(order(item(claims[0].clm01, CHARGE))).replace(b"*145*", b"*1x45*").replace(b"*145~", b"*1x45~")
    orders.deposited(spoilt, CHARGE)
    orders.deposited(in_envelope(order(item(claims[0].clm01, CHARGE)), usage="P"), CHARGE)
    assert money.states("inbound_file")[-2:] == ["APPLIED"] * 2
    assert (money.states("deposit"), money.states("remittance")) == (["WAITING"] * 2, [])
    assert money.exceptions() == ["cannot_be_judged"] * 2
    assert money.column("SELECT reason FROM work_exception ORDER BY id")[0].startswith(
        "an 820 in the addenda of a deposit is left out, the deposit counts: X820-UNJUDGED at "
    )


def test_a_text_that_was_cut_is_never_taken_for_a_whole_order(money, orders, claims):
    for text in (bare(order(item(claims[0].clm01, CHARGE))), in_envelope(order(item(claims[0].clm01, CHARGE)))):
        for at in range(40, text.index(b"SE*") + 3, 11):
            orders.deposited(text[:at].strip(), CHARGE)
    assert "POSTED" not in money.states("remittance")
    assert money.states("claim") == ["SUBMITTED"] * 2
    assert set(money.column("SELECT DISTINCT trace_number FROM deposit")) == {None, "FAC1"}


def test_a_debit_that_repeats_its_addenda_pays_nothing_anew(money, orders, claims):
    value = order(item(claims[0].clm01, CHARGE))
    orders.deposited(bare(value), CHARGE)
    orders.deposited(bare(value), CHARGE, code=27)
    assert money.states("remittance") == ["POSTED"]
    assert money.states("deposit") == ["TAKEN_BACK", "TAKING_BACK"]


def test_unbalanced_unreadable_and_zero(money, orders, claims):
    clm01 = claims[0].clm01
    orders.come(item(clm01, CHARGE), amount=CHARGE - 1)
    assert money.states("remittance") == ["UNBALANCED"]
    assert money.exceptions() == ["remittance_unbalanced"]
    data = in_envelope(order(item(clm01, CHARGE), trace="FAC2"), 50)
    money.take_in(money.store("x12:820", data.replace(b"*145~", b"*1x5~"), name="spoilt"))
    assert money.exceptions()[-1] == "cannot_be_judged"
    orders.come(item(clm01, 0), trace="FAC3")
    assert money.states("remittance") == ["UNBALANCED", "MATCHED"]
    assert money.states("claim")[0] == "SUBMITTED"
    whole(money, "FAC3")


@pytest.mark.parametrize("shapes", [shapes_820_x218, shapes_820_x306])
def test_premiums_are_told_once_a_set_and_name_nobody(money, orders, shapes):
    for name, value in shapes().items():
        assert shapes is shapes_820_x306 or judged_by_pyx12(in_envelope(value, 99)) == []
        value.trace.number = f"PREM {name}".upper().replace(" ", "")
        orders.file(value)
    paid = [value.payment.amount_cents for value in shapes().values()]
    assert money.column("SELECT paid_cents FROM remittance_claim ORDER BY id") == paid
    assert money.column("SELECT DISTINCT clp01 FROM remittance_claim") == [""]
    assert money.exceptions() == ["premium_payment"] * sum(map(bool, paid))
    assert money.proof().accounts["unapplied_cash"] == -sum(paid)
    whole(money, *(one.upper() for one in money.column("SELECT trace_number FROM remittance")))
    with pytest.raises(Conflict, match="premiums"):
        matching.match(money.ctx, money.org, "bill", money.column("SELECT min(id) FROM remittance_claim")[0], "X", "no")


def test_a_reversal_waits_for_the_payment_that_came_before_it(money, orders, claims):
    claim = claims[0]
    first = money.store("x12:820", in_envelope(order(item(claim.clm01, CHARGE)), 70), name="first")
    orders.come(item(claim.clm01, -CHARGE), item(claims[1].clm01, CHARGE), trace="FAC2")
    money.take_in(first)
    assert money.states("remittance") == ["RECEIVED", "POSTED"]
    match(money.ctx, money.org, money.column("SELECT max(inbound_file_id) FROM remittance")[0])
    assert money.states("claim") == ["REVERSED", "PAID"]
    assert money.exceptions() == []


def test_twice_and_at_once_it_counts_once_and_a_break_leaves_nothing(money, orders, claims, monkeypatch):
    value = order(item(claims[0].clm01, CHARGE))
    by_file = money.store("x12:820", in_envelope(value), name="order")
    by_bank = money.store("nacha:deposit", ctx(bare(value), CHARGE), name="bank", mailbox="bank")

    def broken(*_args, **_more):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.stages.remittance_sets.record", broken)
        patch.setattr("pipeline.stages.ingest.record", broken)
        for file_id in (by_file, by_bank):
            with pytest.raises(RuntimeError):
                ingest(money.ctx, money.org, file_id)
    assert (money.states("remittance"), money.states("deposit")) == ([], [])
    threads = [threading.Thread(target=money.take_in, args=(one,)) for one in (by_file, by_bank) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for file_id in (by_file, by_bank):
        match(money.ctx, money.org, file_id)
    assert sorted(money.states("remittance")) == ["DUPLICATE", "MATCHED"]
    assert money.column("SELECT count(*) FROM journal WHERE source_kind = 'remittance_claim'") == [1]
    assert money.column("SELECT count(*) FROM due_work WHERE stage IN ('ingest', 'match')") == [0]
    whole(money, "FAC1")
