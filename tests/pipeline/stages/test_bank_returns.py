"""Returns, dishonours, contests and whatever else comes after a file was taken: once, in any order, and the books whole."""

from dataclasses import replace

import pytest
from bank_replies import BankDesk

from edi.nacha.acknowledgment import acknowledge, write_acknowledgment
from edi.nacha.corrections import Correction
from edi.nacha.returns import Sheet, change_file, refusal_file
from pipeline.domain.payment import PaymentKind
from pipeline.services import payment_proof
from pipeline.stages.release import release
from pipeline.store import reports

MONEY = ("bank", "refund_payable", "patient_credit")


@pytest.fixture
def bank(money):
    return BankDesk(money)


@pytest.fixture
def owe(money, decide, claim_document):
    """Makes refunds of these cents due, all to one patient."""

    def make(*cents, trace="T1"):
        claims = [money.claims(1, claim_document, patient_paid_cents=each)[0] for each in cents]
        money.remit(*(decide(claim, 14_500) for claim in claims), trace=trace)
        money.deposit(14_500 * len(cents), trace=trace)

    return make


@pytest.fixture
def whole(money, bank):
    """Fails, after its test, unless books, histories and the proof of payments agree."""
    yield
    assert money.proof().balanced
    with money.tx() as tx:
        assert reports.folds(tx) == []
    found = payment_proof.prove(money.ctx, money.org, "audra")
    assert (found.gaps, [one for one in found.compared if not one.agrees]) == ([], [])


pytestmark = pytest.mark.usefixtures("whole")


# -- acknowledgments ----------------------------------------------------------------------------------------------------
def test_a_clear_answer_settles_what_an_unclear_one_and_wrong_totals_left_open(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    bank.pass_days(0.2)
    assert money.exceptions() == ["bank_silent"]
    bank.answer(None, write_acknowledgment(acknowledge(file)).replace(b"ACCEPTED", b"PERHAPS"))
    bank.answer(replace(acknowledge(file), credit_cents=1))
    bank.pass_days()
    assert (money.states("payment"), money.exceptions()) == (["SENT"], ["answer_unclear", "answer_disagrees"])
    bank.take(file)
    assert (money.states("payment"), money.exceptions()) == (["ACKNOWLEDGED"], [])


def test_the_same_answer_in_other_bytes_is_noted_and_another_one_is_told(money, bank, owe):
    owe(3_000, 2_000)
    file_id, file = bank.send()
    bank.take(file)
    again = write_acknowledgment(acknowledge(file)).replace(b"\n", b"\r\n")
    bank.answer(None, again)
    assert money.exceptions() == []
    noted = "SELECT detail FROM history WHERE subject_kind = 'file' AND event = 'reported' AND subject_id = :f"
    assert money.column(noted, f=file_id) == ["the same answer again"]
    bank.take(file, rejected_batches=[(1, "SEC")])
    bank.take(file, "REJECTED", "DUPLICATE")
    assert (money.states("payment"), money.exceptions()) == (["ACKNOWLEDGED"] * 2, ["unexpected_answer"])


def test_days_that_the_bank_moves_are_kept_and_make_it_provisional_longer(money, bank, owe):
    bank.profile(answers="fedach")
    owe(3_000)
    _, file = bank.send()
    [asked] = money.column("SELECT effective_date FROM payment_entry")
    origin, created, modifier = file.key
    report = (
        "****** ACKNOWLEDGEMENT OF ACH FILE DEPOSITS ******\nFILE STATUS: FILE ACCEPTED WITH NO ERRORS\n"
        f"IMMEDIATE ORIGIN:  {origin}\nFILE CREATION DATE: {created[2:4]}/{created[4:6]}/{created[:2]}\n"
        f"FILE CREATION TIME: {created[6:8]}:{created[8:]}\nFILE ID MODIFIER: {modifier}\nBATCHES: 1 DEBIT: $ 0.00\n"
        "ENTRY/ADDENDA: 1 CREDITS: $ 30.00\nBATCH NUMBER: 1\nBATCH STATUS: BATCH ACCEPTED\n"
        "EFFECTIVE ENTRY DATE: 31/12/31\n**** END OF ACKNOWLEDGEMENT ****\n"
    )
    bank.answer(None, report.encode())
    [moved], [until] = (
        money.column("SELECT effective_date FROM payment_entry"),
        money.column("SELECT provisional_until FROM payment"),
    )
    assert asked < moved < until
    assert money.column("SELECT detail FROM history WHERE event = 'acknowledged'") == [
        "the bank settles it on 2031-12-31, not as we asked"
    ]


# -- paid -----------------------------------------------------------------------------------------------------------------
def test_paid_is_provisional_until_its_days_are_over_and_may_come_back_even_then(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    bank.take(file)
    [until] = money.column("SELECT provisional_until FROM payment")
    left = (until - money.ctx.today()).days
    bank.pass_days(left)
    assert (money.ctx.today(), money.states("payment")) == (until, ["ACKNOWLEDGED"])
    bank.pass_days(1)
    assert money.states("payment") == ["SETTLED"]
    bank.give_back(file, "R03")
    assert money.states("payment") == ["RETURNED"]
    assert f"It came late: {until} was the last day" in bank.reason("return")
    assert bank.balances(*MONEY) == (14_500, -3_000, 0)


# -- returns --------------------------------------------------------------------------------------------------------------
def test_failed_details_stop_what_waits_for_them_and_fraud_and_sanctions_stop_the_payee(money, bank, owe):
    owe(3_000, 60_000)
    _, file = bank.send()
    assert money.states("payment") == ["SENT", "WAITING"]
    bank.give_back(file, "R17", information="QUESTIONABLE")
    assert money.states("payment") == ["RETURNED", "VOIDED"]
    assert money.column("SELECT state FROM bank_details") == ["FAILED"]
    assert money.column("SELECT hold FROM payee") == ["fraud"]
    assert money.column("SELECT action FROM audit WHERE subject_kind = 'payee'") == ["payee.hold"]
    assert "suspects fraud" in bank.reason("return_fraud")
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["RETURNED", "VOIDED"]
    assert "refund_details_unusable" in money.exceptions()


def test_a_return_must_be_of_our_company_account_and_bank(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    [batch] = file.batches
    [entry] = batch.entries
    strange = (
        replace(batch, company_id="1888888888"),
        replace(batch, entries=[replace(entry, account="999")]),
        replace(batch, entries=[replace(entry, rdfi="091000019")]),
    )
    for one in strange:
        bank.give_back(replace(file, batches=[one]), "R03")
    assert (money.states("payment"), money.exceptions()) == (["SENT"], ["unknown_return"] * 3)
    bank.give_back(replace(file, batches=[replace(batch, entries=[replace(entry, account="")])]), "R03")
    assert money.states("payment") == ["RETURNED"]


def test_a_return_may_come_before_the_answer(money, bank, owe):
    owe(3_000, 2_000)
    _, file = bank.send()
    first = file.batches[0].entries[0].trace
    bank.give_back(file, "R23", first)
    assert money.states("payment") == ["RETURNED", "SENT"]
    bank.take(file)
    assert (money.states("payment"), money.exceptions()) == (["RETURNED", "ACKNOWLEDGED"], ["return_refused"])


# -- dishonoured, contested -----------------------------------------------------------------------------------------------
def test_a_return_that_is_not_accepted_flips_back_and_contested_flips_again(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    bank.take(file)
    out, back = (11_500, 0, 0), (14_500, -3_000, 0)
    returned = bank.give_back(file, "R03")
    assert bank.balances(*MONEY) == back
    dishonoured = bank.dishonour(returned)
    assert (money.states("payment"), bank.balances(*MONEY)) == (["ACKNOWLEDGED"], out)
    bank.come(replace(returned, modifier="B"))  # the bank tells the first return in a second file
    assert money.states("payment") == ["ACKNOWLEDGED"]
    bank.contest(dishonoured)
    assert (money.states("payment"), bank.balances(*MONEY)) == (["RETURNED"], back)
    bank.contest(bank.dishonour(returned, "R70"), "R77")
    assert (money.states("payment"), bank.balances(*MONEY)) == (["RETURNED"], back)
    purposes = money.column("SELECT purpose FROM journal WHERE source_kind = 'payment_entry' ORDER BY id")
    assert purposes == ["sent", "returned", "return_dishonoured", "returned-2", "return_dishonoured-2", "returned-3"]
    assert "return_undone" not in money.exceptions()


def test_what_is_out_of_order_goes_to_a_person_and_moves_nothing(money, bank, owe):
    owe(3_000, 2_000)
    _, file = bank.send()
    bank.take(file)
    [batch] = file.batches
    returned = bank.give_back(file, "R23", batch.entries[0].trace)
    unseen = replace(returned, batches=[replace(returned.batches[0], entries=[_about(returned, batch.entries[1])])])
    bank.dishonour(unseen)
    assert (money.states("payment"), money.exceptions()) == (
        ["RETURNED", "ACKNOWLEDGED"], ["return_refused", "unexpected_return"],
    )  # fmt: skip


def test_what_comes_before_that_which_it_is_about_is_applied_once_that_has_come(money, bank, owe):
    owe(3_000, 2_000)
    _, file = bank.send()
    bank.take(file)
    traces = [entry.trace for batch in file.batches for entry in batch.entries]
    quiet = bank.silent()
    returned = quiet.give_back(file, "R03", *traces)
    dishonoured = quiet.dishonour(returned)
    bank.contest(dishonoured)
    bank.come(dishonoured)
    assert (money.states("payment"), money.exceptions()) == (["ACKNOWLEDGED"] * 2, ["unexpected_return"] * 2)
    bank.come(returned)
    assert money.states("payment") == ["RETURNED"] * 2
    assert money.exceptions() == ["payee_details_failed", "return", "return"]
    told = money.column(
        "SELECT event FROM history WHERE subject_kind = 'payment' AND subject_id = 1 ORDER BY id DESC LIMIT 5"
    )
    assert told[::-1] == ["told_early", "told_early", "returned", "return_dishonoured", "returned"]


def test_an_early_dishonour_of_another_return_stays_with_a_person(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    bank.take(file)
    bank.dishonour(bank.silent().give_back(file, "R03"))
    bank.give_back(file, "R23")
    assert (money.states("payment"), money.exceptions()) == (["RETURNED"], ["unexpected_return", "return_refused"])


def _about(returned, entry):
    """The return's own entry, as if it were about another entry of ours."""
    carrier = returned.batches[0].entries[0]
    addenda = replace(carrier.returned, original_trace=entry.trace)
    return replace(carrier, amount_cents=entry.amount_cents, addenda=[addenda])


def test_a_dishonour_stops_what_would_pay_anew_at_any_step_before_it_leaves(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    bank.take(file)
    returned = bank.give_back(file, "R23")
    bank.pay_again(1)
    bank.approve()
    assert money.states("payment") == ["RETURNED", "APPROVED"]
    dishonoured = bank.dishonour(returned)
    assert (money.states("payment"), bank.balances(*MONEY)) == (["ACKNOWLEDGED", "VOIDED"], (11_500, 0, 0))
    bank.contest(dishonoured)
    assert (money.states("payment"), bank.balances(*MONEY)) == (["RETURNED", "VOIDED"], (14_500, -3_000, 0))
    bank.pay_again(1, obligation="refund:again/3")
    bank.approve()
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["RETURNED", "VOIDED", "IN_FILE"]
    bank.dishonour(returned, "R61")
    assert money.states("payment") == ["ACKNOWLEDGED", "VOIDED", "IN_FILE"]
    bank.send()  # the last look sees that the one before it is with the payee
    assert (money.states("payment"), bank.balances(*MONEY)) == (
        ["ACKNOWLEDGED", "VOIDED", "VOIDED"], (11_500, 0, 0),
    )  # fmt: skip
    assert "with the payee after all" in bank.reason("payment_voided")


def test_what_has_left_meanwhile_is_paid_twice_and_told_until_it_is_contested(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    bank.take(file)
    returned = bank.give_back(file, "R23")
    second = bank.pay_again(1)
    bank.approve()
    _, anew = bank.send()
    bank.take(anew)
    dishonoured = bank.dishonour(returned)
    assert money.states("payment") == ["OVERPAID", "ACKNOWLEDGED"]
    assert f"payment {second} has paid the same anew" in bank.reason("paid_twice")
    assert bank.balances("bank", "refund_payable") == (8_500, 3_000)
    bank.contest(dishonoured)
    assert (money.states("payment"), bank.balances("refund_payable")) == (["RETURNED", "ACKNOWLEDGED"], (0,))
    assert "paid_twice" not in money.exceptions()


# -- prenotes, reversals ----------------------------------------------------------------------------------------------------
def test_a_prenote_that_comes_back_fails_its_details_and_no_money_moves(money, bank, owe):
    owe(3_000)
    bank.send()
    before = bank.balances(*MONEY)
    bank.pay_again(1, PaymentKind.PRENOTE, obligation="prenote:1", amount_cents=0, replaces_id=None, claim_id=None)
    bank.approve()
    _, file = bank.send()
    assert money.column("SELECT prenote FROM bank_details") == ["out"]
    bank.give_back(file, "R23")
    assert money.states("payment") == ["SENT", "RETURNED"]
    assert money.column("SELECT state || ' ' || prenote FROM bank_details") == ["FAILED failed"]
    assert "prenote_failed" in money.exceptions()
    assert bank.balances(*MONEY) == before


def test_a_reversal_that_passes_takes_its_payment_back_and_one_that_comes_back_changes_only_itself(money, bank, owe):
    owe(3_000, 2_000)
    _, file = bank.send()
    bank.take(file)
    reversals = [
        bank.pay_again(original, PaymentKind.REVERSAL, obligation=f"reversal:{original}", replaces_id=None, reverses_id=original)
        for original in (1, 2)
    ]  # fmt: skip
    bank.approve()
    _, asked = bank.send()
    bank.take(asked)
    assert bank.balances("bank", "reversals") == (29_000, -5_000)
    refused = next(e.trace for b in asked.batches for e in b.entries if e.amount_cents == 2_000)
    bank.give_back(asked, "R11", refused)
    assert "ask him for it" in bank.reason("reversal_returned")
    bank.pass_days(10)
    assert money.states("payment") == ["REVERSED", "SETTLED", "SETTLED", "RETURNED"]
    assert reversals == [3, 4]
    assert bank.balances("bank", "reversals", "refund_payable") == (27_000, 0, -3_000)


# -- notifications ----------------------------------------------------------------------------------------------------------
def test_a_refused_notification_is_told_and_asks_for_nothing(money, bank, owe):
    owe(3_000)
    _, file = bank.send()
    [entry] = file.batches[0].entries
    sheet = Sheet(created=bank.minute)
    noc = change_file(file, [(entry.trace, "C01", Correction(account="4400002200"))], sheet)
    refused = refusal_file(noc, [(noc.batches[0].entries[0].trace, "C68")], sheet)
    bank.come(refused)
    assert (money.exceptions(), money.states("payment")) == (["noc_refused"], ["SENT"])
    assert "(C68) the notification of change C01" in bank.reason("noc_refused")
