"""What people have paid: a payer's credit back to it, and what came back or was denied, anew."""

import threading
import time

import pytest
from nacha_judges import judged_by_achlens
from paid_parties import accept, balances, come_back, file, last_file, other_details, payee, send

from edi.nacha.reading import check, read
from edi.nacha.trn import find_trn
from pipeline.domain.errors import CallerError, Conflict, NotAllowed, NotKnown
from pipeline.domain.invoices import Invoice
from pipeline.services import invoices, mailboxes, paying, payments
from pipeline.stages.ingest import ingest
from pipeline.stages.match import match
from pipeline.stages.upload import upload


@pytest.fixture
def credited(money, decide, claim_document):
    """A claim that its payer has paid twice: 145.00 of it are the payer's credit."""
    [claim] = money.claims(1, claim_document, patient_paid_cents=None)
    for trace in ("T1", "T2"):
        money.remit(decide(claim, 14_500), trace=trace)
        money.deposit(14_500, trace=trace)
    return claim


def refund(money, claim, amount_cents=None, actor="ana"):
    return paying.payer_refund(money.ctx, money.org, actor, claim.clm01, amount_cents)


def payer(money):
    [payer_id] = money.column("SELECT DISTINCT payer_id FROM claim")
    return payee(money, "payer", payer_id, name="INVENTED PAYER")


# -- a payer's credit ---------------------------------------------------------------------------------------------------
def test_a_payers_credit_goes_back_with_our_trace_and_its_number_of_the_claim(money, credited):
    payer(money)
    asked = refund(money, credited)
    assert (asked.amount_cents, asked.state) == (14_500, "WAITING")  # the first to this payer
    assert balances(money, "payer_credit", "payer_refund_payable") == (0, -14_500)
    assert refund(money, credited) == paying.Asked(asked.payment_id, 14_500, "WAITING", new=False)
    with pytest.raises(Conflict, match="is 0 cents"):
        refund(money, credited, 1)
    send(money)
    data = last_file(money)
    assert check(data) == []
    assert judged_by_achlens(data) == []
    [batch] = read(data).file.batches
    [entry] = batch.entries
    assert (batch.sec, batch.description, entry.name) == ("CCD", "PAYER RFND", "INVENTED PAYER")
    trace = find_trn(entry.information)
    assert (trace.trace_number, trace.payer_id) == (f"P{asked.payment_id}", "1999999999")
    assert entry.information.endswith("REF*F8*ICN1\\")
    assert money.column("SELECT prepared_by FROM payment") == ["ana"]
    assert balances(money, "payer_credit", "payer_refund_payable", "bank") == (0, 0, 14_500)
    assert money.proof().balanced


def test_who_cannot_be_refunded_is_told_why(money, credited):
    with pytest.raises(Conflict, match="no payee yet"):
        refund(money, credited)
    payer(money)
    with pytest.raises(Conflict, match="14500 cents"):
        refund(money, credited, 14_501)
    with pytest.raises(CallerError, match="above zero"):
        refund(money, credited, 0)
    with pytest.raises(NotAllowed):
        refund(money, credited, actor="ben")
    with pytest.raises(NotKnown):
        paying.payer_refund(money.ctx, money.org, "ana", "NOTHING")
    mailboxes.change(money.ctx, money.org, "test", "bank", {"company_id": "9999999999"})
    with pytest.raises(CallerError, match="company_id"):
        refund(money, credited)
    assert money.states("payment") == []


def test_where_a_later_payer_decided_too_a_person_says_whose_credit_it_is(money, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=None)
    money.remit(decide(claim, 14_500), trace="T1")
    money.remit(decide(claim, 14_500, status="2"), trace="T2")
    for trace in ("T1", "T2"):
        money.deposit(14_500, trace=trace)
    payer(money)
    with pytest.raises(Conflict, match="several payers"):
        refund(money, claim)
    with pytest.raises(NotKnown, match="no payer 99"):
        paying.payer_refund(money.ctx, money.org, "ana", claim.clm01, 1, payee_id=99)
    second = payee(money, "payer", "OTHER", name="OTHER PAYER", account_number="12121212")
    asked = paying.payer_refund(money.ctx, money.org, "ana", claim.clm01, payee_id=second)
    assert money.column("SELECT account_last4 FROM payment WHERE id = :id", id=asked.payment_id) == ["1212"]


@pytest.mark.parametrize("filed", [False, True])
def test_a_takeback_before_it_leaves_stops_it_and_takes_the_credit(money, credited, decide, claim_document, filed):
    payer(money)
    refund(money, credited, 10_000)
    if filed:
        file(money)
    [other] = money.claims(1, claim_document, patient_paid_cents=None)
    money.remit(decide(other, 14_500), trace="T3", plb=[("WO", 14_500)], reference=credited.clm01)
    assert money.states("payment") == ["VOIDED"]
    assert balances(money, "payer_credit", "payer_refund_payable", "recoupment") == (0, 0, 0)
    for file_id in money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'"):
        upload(money.ctx, money.org, file_id)
    assert money.column("SELECT state FROM outbound_file WHERE kind = 'ACH'") == (["VOIDED"] if filed else [])
    assert "taken_back_after_payer_refund" not in money.exceptions()
    assert money.proof().balanced


def test_a_takeback_after_it_has_left_opens_what_the_payer_owes_and_tells_a_person(
    money, credited, decide, claim_document
):
    payer(money)
    refund(money, credited, 10_000)
    send(money)
    [other] = money.claims(1, claim_document, patient_paid_cents=None)
    money.remit(decide(other, 14_500), trace="T3", plb=[("WO", 14_500)], reference=credited.clm01)
    assert money.states("payment") == ["SENT"]
    assert balances(money, "payer_credit", "payer_refund_payable", "recoupment") == (0, 0, 10_000)
    assert "taken_back_after_payer_refund" in money.exceptions()
    told = "SELECT money_cents FROM work_exception WHERE type = 'taken_back_after_payer_refund'"
    assert money.column(told) == [10_000]
    assert money.proof().balanced


@pytest.mark.parametrize("gone", [False, True])
def test_a_reversal_of_the_decision_behind_the_credit_is_a_takeback_too(money, credited, decide, gone):
    payer(money)
    refund(money, credited)
    if gone:
        send(money)
    money.remit(decide(credited, -14_500, status="22", charge=-14_500), trace="T3", plb=[("FB", -14_500)])
    assert money.states("payment") == (["SENT"] if gone else ["VOIDED"])
    assert ("taken_back_after_payer_refund" in money.exceptions()) is gone
    assert balances(money, "payer_credit", "payer_refund_payable") == ((14_500, 0) if gone else (0, 0))


@pytest.mark.parametrize("gone", [False, True])
def test_so_is_a_reversal_after_which_the_decision_with_the_credit_stands_alone(money, decide, claim_document, gone):
    """The payer corrects first and takes back afterwards; in between its credit may have gone back."""
    [claim] = money.claims(1, claim_document, patient_paid_cents=None)
    money.remit(decide(claim, 14_500), trace="T1")
    money.remit(decide(claim, 12_000, ("CO", "45", 2_500)), trace="T2")
    for trace, cents in (("T1", 14_500), ("T2", 12_000)):
        money.deposit(cents, trace=trace)
    payer(money)
    assert refund(money, claim).amount_cents == 12_000
    if gone:
        send(money)
    money.remit(decide(claim, -14_500, status="22", charge=-14_500), trace="T3", plb=[("FB", -14_500)])
    assert money.states("payment") == (["SENT"] if gone else ["VOIDED"])
    assert balances(money, "payer_credit", "payer_refund_payable", "receivable") == (
        (12_000, 0, 0) if gone else (0, 0, 0)
    )
    assert balances(money, "adjustment_co", "revenue") == (2_500, -14_500)
    told = "SELECT money_cents FROM work_exception WHERE type = 'taken_back_after_payer_refund'"
    assert (money.states("claim"), money.column(told)) == (["PAID"], [12_000] if gone else [])
    assert "payer_credit" not in money.exceptions()
    assert money.proof().balanced


# -- again --------------------------------------------------------------------------------------------------------------
def again(money, payment_id, actor="ana"):
    return paying.again(money.ctx, money.org, actor, payment_id)


def refunded(money, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    money.remit(decide(claim, claim.charge_cents))
    money.deposit(claim.charge_cents)
    send(money)
    return claim


def test_a_refund_that_came_back_is_paid_anew_to_other_details_and_only_once(money, decide, claim_document):
    claim = refunded(money, decide, claim_document)
    [first] = money.column("SELECT id FROM payment")
    with pytest.raises(Conflict, match="SENT"):
        again(money, first)
    come_back(money)
    assert balances(money, "refund_payable") == (-3_000,)
    with pytest.raises(Conflict, match="no confirmed bank details"):
        again(money, first)
    other_details(money, 1, account_number="77770001")
    asked = again(money, first)
    assert again(money, first) == paying.Asked(asked.payment_id, 3_000, asked.state, new=False)
    told = "SELECT obligation || ' ' || coalesce(replaces_id, 0) FROM payment ORDER BY id"
    assert money.column(told) == [f"refund:{claim.clm01}:1 0", f"refund:{claim.clm01}:1/2 {first}"]
    assert balances(money, "refund_payable") == (-3_000,)
    send(money)
    assert money.states("payment") == ["RETURNED", "SENT"]
    assert read(last_file(money)).file.batches[0].entries[0].account == "77770001"
    assert balances(money, "refund_payable", "bank") == (0, 14_500 - 3_000)
    assert money.proof().balanced


def test_a_replacement_that_is_denied_gives_the_money_back_to_the_patient(money, decide, claim_document):
    refunded(money, decide, claim_document)
    come_back(money)
    other_details(money, 1, account_number="77770001")
    with money.tx() as tx:
        tx.run("UPDATE tenant SET approval_limit_cents = 1")
    asked = again(money, 1)
    assert asked.state == "WAITING"
    payments.deny(money.ctx, money.org, asked.payment_id, "ben", "asks for a cheque")
    assert balances(money, "refund_payable", "patient_credit") == (0, -3_000)
    once_more = again(money, asked.payment_id)
    assert balances(money, "refund_payable", "patient_credit") == (-3_000, 0)
    send(money)
    assert money.states("payment") == ["RETURNED", "DENIED", "SENT"]
    assert money.column("SELECT id FROM payment WHERE state = 'SENT'") == [once_more.payment_id]
    assert balances(money, "refund_payable", "patient_credit", "bank") == (0, 0, 14_500 - 3_000)


def test_a_vendors_payment_that_came_back_hands_its_invoices_on(money):
    vendor = payee(money, sec="CTX", name="INVENTED SUPPLY")
    for number in ("A-1", "A-2"):
        from datetime import date

        bill = Invoice(number=number, invoiced_on=date(2026, 10, 1), due_on=date(2026, 11, 1), gross_cents=500)
        invoices.enter(money.ctx, money.org, "ana", vendor, bill)
    send(money)
    accept(money)
    come_back(money)
    other_details(money, vendor, name="INVENTED SUPPLY", account_number="77770001")
    asked = again(money, 1)
    assert money.column("SELECT DISTINCT payment_id FROM invoice") == [asked.payment_id]
    send(money)
    [entry] = read(last_file(money)).file.batches[0].entries
    assert f"TRN*1*P{asked.payment_id}*" in entry.information
    assert balances(money, "vendor_payable", "bank") == (0, -1_000)
    assert money.column("SELECT obligation FROM payment ORDER BY id") == ["vendor:1:1-2", "vendor:1:1-2/2"]


def test_what_is_not_owed_any_more_is_not_paid_again(money, decide, claim_document):
    claim = refunded(money, decide, claim_document)
    come_back(money)
    other_details(money, 1, account_number="77770001")
    money.remit(decide(claim, -14_500, status="22", charge=-14_500), trace="T2", plb=[("FB", -14_500)])
    with pytest.raises(Conflict, match="0 cents are owed"):
        again(money, 1)
    with pytest.raises(NotKnown):
        again(money, 99)
    with pytest.raises(NotAllowed):
        again(money, 1, "ben")


# -- at once ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("pause", [0, 0.01, 0.02, 0.04])
def test_a_takeback_and_the_file_at_once_never_give_the_money_twice_unseen(
    money, credited, decide, claim_document, pause
):
    payer(money)
    refund(money, credited)
    file(money)
    [other] = money.claims(1, claim_document, patient_paid_cents=None)
    [file_id] = money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'")
    era = money.era(decide(other, 14_500), trace="T3", plb=[("WO", 14_500)], reference=credited.clm01)
    arrived = money.store("x12:835", era)
    ingest(money.ctx, money.org, arrived)
    take = threading.Thread(target=match, args=(money.ctx, money.org, arrived))
    take.start()
    time.sleep(pause)
    upload(money.ctx, money.org, file_id)
    take.join()
    upload(money.ctx, money.org, file_id)
    [state] = money.states("payment")
    told = "taken_back_after_payer_refund" in money.exceptions()
    assert (state, told, *balances(money, "recoupment", "payer_credit", "payer_refund_payable")) in {
        ("VOIDED", False, 0, 0, 0), ("SENT", True, 14_500, 0, 0),
    }  # fmt: skip
    assert money.proof().balanced


def test_what_was_paid_anew_does_not_leave_by_its_first_payment_too(money, decide, claim_document):
    refunded(money, decide, claim_document)
    come_back(money)
    other_details(money, 1, account_number="77770001")
    asked = again(money, 1)
    with money.tx() as tx:
        tx.run(
            "UPDATE payment SET state = 'APPROVED', details_id = (SELECT details_id FROM payment WHERE id = :new)"
            " WHERE id = 1",
            new=asked.payment_id,
        )
        tx.run("UPDATE payment_entry SET live = false")
    file(money)
    assert money.column("SELECT payment_id FROM payment_entry WHERE live") == [asked.payment_id]
