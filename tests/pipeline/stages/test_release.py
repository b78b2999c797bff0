"""Refunds: only what the books say, only after the deposit, once, by rule, in a file that the bank can read."""

import threading

import pytest

from edi.nacha.reading import check, read
from pipeline.domain.calendar import is_banking_day
from pipeline.services import payments as service
from pipeline.stages.match import match
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.store import files, ledger, payment_entries


@pytest.fixture
def paid(money, decide, claim_document):
    """Makes claims whose patients prepaid `prepaid` each, paid by the payer with `patient` left to the patient."""

    def make(*prepaid, patient=0, deposit=True, trace="T1", **changes):
        claims = [money.claims(1, claim_document, patient_paid_cents=cents, **changes)[0] for cents in prepaid]
        money.remit(*(decide(c, c.charge_cents - patient, ("PR", "2", patient)) for c in claims), trace=trace)
        if deposit:
            money.deposit(sum(c.charge_cents - patient for c in claims), trace=trace)
        return claims

    return make


def run(money):
    release(money.ctx, money.org, money.org)


def ach(money):
    with money.tx() as tx:
        return files.content(tx, tx.value("SELECT max(id) FROM outbound_file WHERE kind = 'ACH'"))


def balance(money, account):
    with money.tx() as tx:
        return ledger.trial_balance(tx).get(account, 0)


def test_a_refund_is_proposed_ruled_on_filed_and_booked(money, paid):
    [claim] = paid(3_000, patient=1_000)
    run(money)
    assert money.states("payment") == ["IN_FILE"]
    assert money.column("SELECT amount_cents FROM payment") == [2_000]
    assert money.column("SELECT obligation FROM payment") == [f"refund:{claim.clm01}:1"]
    assert money.column("SELECT event FROM history WHERE subject_kind = 'payment' ORDER BY id") == [
        "proposed", "released_by_rule", "placed",
    ]  # fmt: skip
    assert balance(money, "refund_payable") == -2_000
    data = ach(money)
    assert check(data) == []
    [batch] = read(data).file.batches
    [entry] = batch.entries
    assert (batch.sec, batch.service_class) == ("PPD", 220)
    assert is_banking_day(batch.effective_date)
    assert (entry.amount_cents, entry.rdfi, entry.account, entry.name) == (
        2_000,
        "111111118",
        "4400002227",
        "PAUL MERRIWEATHER",
    )
    assert entry.individual_id == f"P{money.column('SELECT id FROM payment')[0]}"
    assert claim.clm01.encode() not in data
    assert money.column("SELECT state FROM outbound_file WHERE kind = 'ACH'") == ["RESERVED"]
    assert money.column("SELECT count(*) FROM due_work WHERE stage = 'upload' AND due_at <= now()") >= [1]
    assert money.column("SELECT account_last4 FROM payment") == ["2227"]


def test_nothing_goes_before_the_deposit(money, paid):
    paid(3_000, deposit=False)
    run(money)
    assert money.states("payment") == []
    money.deposit(14_500)
    run(money)
    assert money.states("payment") == ["IN_FILE"]


def test_twice_and_at_once_it_pays_once(money, paid):
    paid(3_000, 2_000)
    threads = [threading.Thread(target=run, args=(money,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(money)
    assert money.states("payment") == ["IN_FILE", "IN_FILE"]
    assert money.column("SELECT count(*) FROM outbound_file WHERE kind = 'ACH'") == [1]
    assert money.column("SELECT count(*) FROM payment_entry WHERE live") == [2]
    assert balance(money, "refund_payable") == -5_000


def test_above_the_limit_it_waits_for_a_person(money, paid):
    paid(50_000, 50_001)
    run(money)
    assert money.states("payment") == ["IN_FILE", "WAITING"]
    assert read(ach(money)).file.credit_cents == 50_000


def test_no_refund_where_the_patients_share_takes_all_or_the_payer_takes_back(money, decide, paid):
    paid(3_000, patient=3_000)
    [claim] = paid(3_000, trace="T2")
    money.remit(decide(claim, -14_500, status="22", charge=-14_500), trace="T3", plb=[("FB", -14_500)])
    run(money)
    assert money.states("payment") == []


def test_a_denied_claims_prepayment_goes_back(money, decide, claim_document):
    [claim] = money.claims(1, claim_document)
    money.remit(decide(claim, 0, ("CO", "50", 14_500)))
    run(money)
    assert money.column("SELECT amount_cents FROM payment") == [3_000]


def test_without_bank_details_a_person_is_asked(money, paid):
    paid(3_000, refund_to=None)
    run(money)
    assert money.states("payment") == []
    assert money.exceptions() == ["refund_details_missing"]


def test_without_a_bank_mailbox_a_person_is_asked_until_there_is_one(money, paid):
    paid(3_000)
    with money.tx() as tx:
        tx.run("UPDATE mailbox SET kind = 'elsewhere' WHERE kind = 'bank'")
    run(money)
    run(money)
    assert money.exceptions() == ["no_bank_mailbox"]
    with money.tx() as tx:
        tx.run("UPDATE mailbox SET kind = 'bank' WHERE kind = 'elsewhere'")
    run(money)
    assert (money.exceptions(), money.states("payment")) == ([], ["IN_FILE"])


def test_a_file_that_fails_our_own_check_waits_for_a_person_until_one_passes(money, paid, monkeypatch):
    paid(3_000)
    with monkeypatch.context() as bad:
        bad.setattr("pipeline.stages.filing.written", lambda _: (b"", "ACH-INVENTED at line 1"))
        run(money)
        run(money)
    assert (money.exceptions(), money.states("payment")) == (["ach_refused"], ["APPROVED"])
    run(money)
    assert (money.exceptions(), money.states("payment")) == ([], ["IN_FILE"])


def test_a_second_refund_of_a_claim_is_an_obligation_of_its_own(money, decide, paid):
    [claim] = paid(3_000, patient=2_000)
    run(money)
    money.remit(
        decide(claim, -12_500, ("PR", "2", -2_000), status="22", charge=-14_500),
        decide(claim, 14_000, ("PR", "2", 500)),
        trace="T2",
    )
    money.deposit(1_500, trace="T2")
    run(money)
    assert money.column("SELECT obligation FROM payment ORDER BY id") == [
        f"refund:{claim.clm01}:1", f"refund:{claim.clm01}:2",
    ]  # fmt: skip
    assert money.column("SELECT amount_cents FROM payment ORDER BY id") == [1_000, 1_500]


def test_files_of_one_minute_differ_by_their_modifier(money, paid):
    paid(3_000)
    run(money)
    paid(3_000, trace="T2")
    run(money)
    with money.tx() as tx:
        ids = [r.id for r in tx.rows("SELECT id FROM outbound_file WHERE kind = 'ACH' ORDER BY id")]
        keys = [read(files.content(tx, i)).file.key for i in ids]
    assert len(set(keys)) == 2
    traces = money.column("SELECT trace FROM payment_entry ORDER BY id")
    assert traces == ["091000010000001", "091000010000002"]


# -- the last look --------------------------------------------------------------------------------------------------
def ach_id(money):
    return money.column("SELECT max(id) FROM outbound_file WHERE kind = 'ACH'")[0]


def test_a_file_that_still_stands_is_sent_and_booked_once(money, paid, outside):
    paid(3_000, 60_000)
    run(money)
    waiting = service.waiting(money.ctx, money.org)
    service.approve(money.ctx, money.org, waiting[0].id, "ben")
    run(money)
    for file_id in money.column("SELECT id FROM outbound_file WHERE kind = 'ACH' ORDER BY id"):
        upload(money.ctx, money.org, file_id)
        with money.tx() as tx:
            payment_entries.file_sent(tx, file_id)
    assert money.states("payment") == ["SENT", "SENT"]
    assert len(outside["bank"].list("inbound")) == 2
    assert balance(money, "refund_payable") == 0
    assert balance(money, "bank") == 29_000 - 63_000
    assert money.proof().balanced


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("UPDATE payment SET amount_cents = amount_cents + 1", "content"),
        ("UPDATE claim SET state = 'REVERSED'", "took its decision back"),
        ("UPDATE tenant SET approval_limit_cents = 1", "1 approvers must stand for this content, 0 do"),
        ("UPDATE payment_entry SET amount_cents = 1", "another amount"),
    ],
)
def test_a_payment_that_no_longer_stands_is_voided_with_its_reason(money, paid, spoil, reason):
    paid(3_000)
    run(money)
    assert money.objections(ach_id(money)) == []
    with money.tx() as tx:
        tx.run(spoil)
    reasons = money.objections(ach_id(money))
    assert any(reason in told for told in reasons)


def test_changed_bank_details_stop_a_payment(money, paid):
    paid(3_000)
    run(money)
    with money.tx() as tx:
        [row] = tx.rows("SELECT id, payee FROM payment")
        told = tx.keys.open("payment", "payee", row.id, bytes(row.payee)).replace(b"4400002227", b"4400002228")
        tx.run("UPDATE payment SET payee = :payee", payee=tx.keys.seal("payment", "payee", row.id, told))
    [reason] = money.objections(ach_id(money))
    assert reason.endswith("its content is not what was decided on")


def test_a_correction_before_sending_voids_the_refund_and_the_good_ones_go_on(money, decide, paid, outside):
    changed, stays = paid(3_000, 2_000)
    run(money)
    first = ach_id(money)
    money.remit(
        decide(changed, -14_500, status="22", charge=-14_500),
        decide(changed, 12_500, ("PR", "2", 2_000)),
        decide(money.claims(1, lambda: _document(money, stays), patient_paid_cents=None)[0], 14_500),
        trace="T2",
    )
    assert money.exceptions() == ["reversed_after_refund"]
    upload(money.ctx, money.org, first)
    assert money.column("SELECT state FROM outbound_file WHERE id = :i", i=first) == ["VOIDED"]
    assert outside["bank"].list("inbound") == []
    assert money.states("payment") == ["VOIDED", "APPROVED"]
    assert "payment_voided" in money.exceptions()
    assert balance(money, "patient_due") == 0  # settled from what the refund would have given back
    money.deposit(12_500, trace="T2")
    run(money)
    assert money.states("payment") == ["VOIDED", "IN_FILE", "IN_FILE"]
    assert money.column("SELECT amount_cents FROM payment ORDER BY id") == [3_000, 2_000, 1_000]
    match(money.ctx, money.org, 1)
    assert money.proof().balanced


def _document(money, sent):
    from pipeline.store import claims

    with money.tx() as tx:
        return claims.by_id(tx, [sent.id])[sent.id].document


def test_a_decision_taken_back_stops_a_refund_that_waits_at_once(money, decide, paid):
    [claim] = paid(60_000)
    run(money)
    assert money.states("payment") == ["WAITING"]
    money.remit(decide(claim, -14_500, status="22", charge=-14_500), trace="T2", plb=[("FB", -14_500)])
    assert money.states("payment") == ["VOIDED"]
    assert money.exceptions() == []  # nobody is asked any more, and nobody owes
    assert balance(money, "refund_payable") == 0
    run(money)
    assert money.states("payment") == ["VOIDED"]
    assert money.proof().balanced


def test_after_it_has_left_the_patient_owes_and_a_person_is_told(money, decide, paid):
    [claim] = paid(3_000)
    run(money)
    upload(money.ctx, money.org, ach_id(money))
    money.remit(
        decide(claim, -14_500, status="22", charge=-14_500), decide(claim, 12_500, ("PR", "2", 2_000)), trace="T2"
    )
    assert money.states("payment") == ["SENT"]
    assert money.exceptions() == ["reversed_after_refund"]
    assert balance(money, "patient_due") == 2_000
    assert money.proof().balanced
