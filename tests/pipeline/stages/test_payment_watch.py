"""What passes with time for files at the bank: silence, settlement told and untold; and the proof that names what does not fit."""

from datetime import timedelta

import pytest
from bank_replies import BankDesk

from pipeline.domain.calendar import add_banking_days
from pipeline.services import payment_proof
from pipeline.stages.payment_watch import look
from pipeline.store import reversals


@pytest.fixture
def bank(money):
    return BankDesk(money)


@pytest.fixture
def sent(money, bank, decide, claim_document):
    """Two refunds, 30.00 and 20.00, at the bank: (id, the file as it was sent)."""
    claims = [money.claims(1, claim_document, patient_paid_cents=cents)[0] for cents in (3_000, 2_000)]
    money.remit(*(decide(claim, 14_500) for claim in claims))
    money.deposit(29_000)
    return bank.send()


def settles_on(money):
    return money.column("SELECT max(effective_date) FROM payment_entry")[0]


def lines(money):
    return money.column("SELECT coalesce(file_id, -1) FROM bank_line WHERE kind = 'settlement' ORDER BY id")


def past(money, bank, day, banking_days):
    """Lets time pass until so many banking days after a day are over."""
    bank.pass_days((add_banking_days(day, banking_days) - money.ctx.today()).days + 1)


# -- silence ----------------------------------------------------------------------------------------------------------------
def test_silence_is_told_by_the_profiles_hour_once_and_closed_by_the_answer(money, bank, sent):
    bank.profile(answer_within_h=6)
    bank.pass_days(5.9 / 24)
    assert money.exceptions() == []
    bank.pass_days(0.2 / 24)
    bank.pass_days(1)
    assert money.exceptions() == ["bank_silent"]
    assert f"file O{sent[0]} left on" in bank.reason("bank_silent")
    bank.take(sent[1])
    assert money.exceptions() == []


def test_nothing_happens_twice_and_a_tenant_without_a_bank_is_left_alone(money, bank, sent, neighbour):
    bank.take(sent[1])
    past(money, bank, settles_on(money), 2)
    assert money.states("payment") == ["SETTLED"] * 2
    look(money.ctx, money.org)
    look(money.ctx, neighbour)
    assert money.column("SELECT count(*) FROM history WHERE event = 'settled'") == [2]
    with money.tx() as tx:
        assert reversals.reversal_settled(tx, [], money.ctx.today()) == []


def test_a_payment_acknowledged_before_the_day_was_noted_gets_one(money, bank, sent):
    bank.take(sent[1])
    [until, _] = money.column("SELECT provisional_until FROM payment")
    with money.tx() as tx:
        tx.run("UPDATE payment SET provisional_until = NULL")
    bank.pass_days()
    assert money.column("SELECT provisional_until FROM payment") == [until, until]


# -- tying out --------------------------------------------------------------------------------------------------------------
def test_a_settlement_by_name_or_by_sum_ties_out_and_a_report_told_again_adds_nothing(money, bank, sent):
    bank.profile(ties_out=True)
    file_id, file = sent
    bank.take(file)
    day = settles_on(money)
    bank.report(("466", -5_000, "-".join(file.key)), day=day)
    bank.report(("466", -5_000, "-".join(file.key)), day=day)
    bank.pass_days()
    assert lines(money) == [file_id]
    past(money, bank, day, 3)
    assert money.exceptions() == []


def test_what_neither_side_tells_is_told_three_banking_days_later_and_closed_when_it_comes(money, bank, sent):
    bank.profile(ties_out=True)
    file_id, file = sent
    bank.take(file)
    day = settles_on(money)
    bank.report(("466", -4_999, ""), day=day)
    bank.pass_days((add_banking_days(day, 3) - money.ctx.today()).days)
    assert money.exceptions() == []
    bank.pass_days(1)
    assert money.exceptions() == ["file_not_settled", "bank_line_unknown"]
    assert f"(O{file_id}) was settled: -5000 cents on {day} are missing" in bank.reason("file_not_settled")
    bank.report(("466", -5_000, ""), day=day)
    bank.pass_days()
    assert lines(money) == [-1, file_id]
    assert money.exceptions() == ["bank_line_unknown"]


def test_refused_batches_are_in_no_sum_and_returned_items_meet_the_file_that_told_them(money, bank, sent):
    bank.profile(ties_out=True)
    bank.take(sent[1])
    day = settles_on(money)
    back = bank.give_back(sent[1], "R23", sent[1].batches[0].entries[0].trace)
    bank.report(("466", -5_000, ""), ("257", 3_000, "X1"), day=day)
    bank.dishonour(back)
    bank.report(("557", -3_000, "X2"), day=day + timedelta(days=1))
    bank.pass_days()
    told = "SELECT returns_id IS NOT NULL FROM bank_line WHERE kind = 'returns' ORDER BY id"
    assert money.column(told) == [True, True]
    assert len(set(money.column("SELECT returns_id FROM bank_line WHERE kind = 'returns'"))) == 2


def test_a_file_that_was_refused_is_awaited_in_no_report(money, bank, sent):
    bank.profile(ties_out=True)
    bank.take(sent[1], "REJECTED", "DUPLICATE FILE")
    past(money, bank, settles_on(money), 3)
    assert money.exceptions() == ["bank_rejected"] * 2


# -- the proof --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("spoil", "wrong", "why"),
    [
        ("UPDATE payment_entry SET amount_cents = 1 WHERE id = 1", "cents approved", "another amount"),
        ("UPDATE payment_entry SET live = false WHERE id = 1", "payments approved = in files + waiting", "no file"),
        ("UPDATE payment SET state = 'RETURNED' WHERE id = 1", "cents that left the bank and are not back", "the books"),
        ("UPDATE outbound_file SET state = 'VOIDED'", "payments sent = answered + refused + unanswered", "VOIDED"),
        ("UPDATE payment SET state = 'WAITING' WHERE id = 1", "payments sent = answered + refused + unanswered", "WAITING"),
    ],
)  # fmt: skip
def test_the_proof_agrees_and_names_each_gap_by_its_payment(money, bank, sent, spoil, wrong, why):
    bank.take(sent[1])
    assert payment_proof.prove(money.ctx, money.org, "audra").agrees
    with money.tx() as tx:
        tx.run(spoil)
    found = payment_proof.prove(money.ctx, money.org, "audra")
    assert wrong in [one.what for one in found.compared if not one.agrees]
    assert found.gaps[0].payment_id == 1
    assert why in found.gaps[0].why
    assert money.column("SELECT count(*) FROM audit WHERE action = 'payment.proof'") == [2]
