"""A payer's money on an account that is not the provider's goes on to him, once, with a trace and an 835 of our own."""

import pytest
from nacha_judges import judged_by_achlens
from paid_parties import balances, come_back, last_file, other_details, payee, run, send
from x12_answers import judged_by_pyx12

from edi.nacha.reading import check, read
from edi.nacha.trn import find_trn
from edi.x12.sets import t835, t999
from edi.x12.syntax.document import set_of
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.reader import read as read_x12
from pipeline.domain.errors import Conflict
from pipeline.domain.mailbox import AdviceProfile, Connection, Mode
from pipeline.services import advices, deposits, mailboxes, paying, setup
from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.upload import upload

NPI = "1999000001"


@pytest.fixture
def held(money):
    mailboxes.change(money.ctx, money.org, "test", "bank", {"holds_for_providers": True})


@pytest.fixture
def provider(money, held):
    return payee(money, "provider", NPI, name="INVENTED EMS")


@pytest.fixture
def told(money, provider):
    """The bank's mailbox names another one, through which 835s leave."""
    profile = AdviceProfile(
        connection=Connection(host="127.0.0.1", port=1, username="advices", password="x", host_key="ssh-ed25519 AAAA"),
        upload_folder="inbound", staging_folder="staging", pickup_folder="outbound",
        sender_id="COUNTYEMS", receiver_id="PROVIDERS", group_sender="COUNTYEMS", group_receiver="PROVIDERS",
    )  # fmt: skip
    setup.put_mailbox(money.ctx, money.org, "test", "remits", Mode.TEST, profile)
    mailboxes.change(money.ctx, money.org, "test", "bank", {"advices": "remits"})


@pytest.fixture
def paid(money, decide, claim_document):
    """Money of a payer for one claim comes in."""

    def make(trace="T1"):
        [claim] = money.claims(1, claim_document, patient_paid_cents=None)
        money.remit(decide(claim, 12_500, ("CO", "45", 2_000)), trace=trace)
        money.deposit(12_500, trace=trace)
        return claim

    return make


def test_it_goes_on_by_ccd_with_our_trace_and_the_payers_beside_it(money, provider, paid):
    paid()
    send(money)
    data = last_file(money)
    assert check(data) == []
    assert judged_by_achlens(data) == []
    [batch] = read(data).file.batches
    [entry] = batch.entries
    assert (batch.sec, batch.description, entry.amount_cents) == ("CCD", "CLAIM FUND", 12_500)
    [payment_id] = money.column("SELECT id FROM payment")
    trace = find_trn(entry.information)
    assert (trace.trace_number, trace.payer_id) == (f"P{payment_id}", "1999999999")
    assert entry.information.endswith("REF*TN*T1\\")
    assert money.column("SELECT obligation FROM payment") == ["disbursement:1"]
    assert balances(money, "provider_payable", "provider_share", "bank") == (0, 12_500, 0)
    run(money)
    assert money.states("payment") == ["SENT"]
    assert money.column("SELECT count(*) FROM outbound_file WHERE kind = '835'") == [0]  # no mailbox for them
    assert money.proof().balanced


def test_the_835_leaves_once_after_the_payment_and_balances(money, told, paid, outside):
    claim = paid()
    run(money)
    run(money)
    assert money.column("SELECT count(*) FROM outbound_file WHERE kind = '835'") == [0]  # the payment has not left
    send(money)
    run(money)
    run(money)
    [file_id] = money.column("SELECT id FROM outbound_file WHERE kind = '835'")
    assert money.column("SELECT advice_file_id FROM payment") == [file_id]
    upload(money.ctx, money.org, file_id)
    [name] = outside["advices"].list("inbound")
    data = outside["advices"].read("inbound", name.name)
    assert judged_by_pyx12(data) == []
    [ts] = read_x12(data).sets
    value, findings = t835.read_set(ts)
    assert findings == []
    assert t835.balance(value, ts) == []
    [effective] = money.column("SELECT effective_date FROM payment_entry")
    payment = value.payment
    assert (payment.trace_number, payment.payer_trace_id, payment.amount_cents) == ("P1", "1999999999", 12_500)
    assert (payment.date, payment.receiver_bank, payment.receiver_account) == (effective, "121042882", "55550002")
    assert (value.payer.name, value.payee.npi) == ("INVENTED PAYER", NPI)
    assert [(one.patient_control_number, one.paid_cents) for one in value.claims] == [(claim.clm01, 12_500)]


def test_without_a_payee_or_his_details_it_waits_and_a_person_is_told(money, held, paid):
    paid()
    run(money)
    assert (money.states("payment"), money.exceptions()) == ([], ["payee_details_missing"])
    payee(money, "provider", NPI, name="INVENTED EMS")
    run(money)
    assert (money.states("payment"), money.exceptions()) == (["IN_FILE"], [])


def test_taken_away_before_it_leaves_it_is_stopped_and_matched_again_it_is_the_next_try(money, provider, paid):
    with money.tx() as tx:
        tx.run("UPDATE tenant SET approval_limit_cents = 1")
    paid()
    run(money)
    assert money.states("payment") == ["WAITING"]
    deposits.unmatch(money.ctx, money.org, "bill", 1, "another's")
    assert (money.states("payment"), money.exceptions()) == (["VOIDED"], [])
    run(money)
    assert money.states("payment") == ["VOIDED"]
    deposits.match(money.ctx, money.org, "bill", 1, 1, "ours after all")
    run(money)
    told = "SELECT obligation || ' ' || state FROM payment ORDER BY id"
    assert money.column(told) == ["disbursement:1 VOIDED", "disbursement:1/2 WAITING"]


def test_in_a_file_it_falls_before_that_leaves(money, provider, paid):
    paid()
    run(money)
    deposits.unmatch(money.ctx, money.org, "bill", 1, "another's")
    [file_id] = money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'")
    upload(money.ctx, money.org, file_id)
    assert money.states("payment") == ["VOIDED"]
    assert money.column("SELECT state FROM outbound_file WHERE kind = 'ACH'") == ["VOIDED"]


def test_taken_away_after_it_has_left_a_person_is_told_and_nothing_goes_twice(money, provider, paid):
    paid()
    send(money)
    deposits.unmatch(money.ctx, money.org, "bill", 1, "another's")
    assert money.exceptions() == ["taken_back_after_disbursement"]
    assert balances(money, "provider_payable") == (12_500,)
    deposits.match(money.ctx, money.org, "bill", 1, 1, "ours after all")
    run(money)
    assert money.states("payment") == ["SENT"]
    assert money.proof().balanced


def test_one_that_came_back_goes_again_with_a_trace_of_its_own(money, provider, paid):
    paid()
    send(money)
    come_back(money)
    run(money)
    assert money.states("payment") == ["RETURNED"]
    with pytest.raises(Conflict, match="no confirmed bank details"):
        paying.again(money.ctx, money.org, "ana", 1)
    other_details(money, provider, name="INVENTED EMS", account_number="77770001")
    asked = paying.again(money.ctx, money.org, "ana", 1)
    send(money)
    [entry] = read(last_file(money)).file.batches[0].entries
    assert (find_trn(entry.information).trace_number, entry.account) == (f"P{asked.payment_id}", "77770001")
    assert balances(money, "provider_payable", "bank") == (0, 0)


def test_without_a_mailbox_a_person_takes_the_835_out(money, provider, paid):
    paid()
    run(money)
    with pytest.raises(Conflict, match="IN_FILE"):
        advices.advice(money.ctx, money.org, "ana", 1)
    send(money)
    ts = set_of(advices.advice(money.ctx, money.org, "ana", 1), t835.VERSION)
    assert t835.read_set(ts)[0].payment.trace_number == "P1"
    assert money.column("SELECT action FROM audit WHERE action = 'payment.advice'") == ["payment.advice"]


@pytest.mark.parametrize(("code", "state"), [("A", "ACCEPTED"), ("R", "REJECTED")])
def test_a_999_answers_our_835(money, told, paid, code, state):
    paid()
    send(money)
    run(money)
    [file_id] = money.column("SELECT id FROM outbound_file WHERE kind = '835'")
    upload(money.ctx, money.org, file_id)
    sent = read_x12(last_file(money, "835"))
    [group] = sent.interchanges[0].groups
    answer = t999.Acknowledgment(
        group_id="HP", group_control=group.control_number, version=t835.VERSION, code=code, included=1, received=1,
        accepted=int(code == "A"),
        sets=[t999.SetAcknowledgment(set_id="835", control_number="0001", version=t835.VERSION, code=code)],
    )  # fmt: skip
    envelope = Envelope(
        sender_qualifier="ZZ", sender_id="PROVIDERS", receiver_qualifier="ZZ", receiver_id="COUNTYEMS",
        group_sender="PROVIDERS", group_receiver="COUNTYEMS", control_number=7, usage="T",
        when=money.ctx.clock.now().replace(tzinfo=None), functional_id="FA", version=t999.VERSION,
    )  # fmt: skip
    data = write_interchange(envelope, [t999.write_set(answer, "0001").data])
    acknowledge(money.ctx, money.org, money.store("x12:999", data, mailbox="advices"))
    assert money.column("SELECT state FROM outbound_file WHERE kind = '835'") == [state]
    assert money.exceptions() == ([] if code == "A" else ["file_rejected"])
