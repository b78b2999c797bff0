"""Deposits: told once whatever tells of them, met by the remittance they are, taken back whole. The books stay proven."""

import threading
from datetime import date

import pytest
from bank_files import ccd, report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.nacha.trn import trn_text
from pipeline.domain.errors import CallerError
from pipeline.domain.reassociation import due
from pipeline.services import deposits as service
from pipeline.services import payments as approving
from pipeline.stages.ingest import ingest
from pipeline.stages.match import match
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.store import exceptions
from pipeline.store.exceptions import Raise

DAY = date(2026, 11, 20)
TRN = trn_text("T1", "1999999990")


@pytest.fixture
def claims(money, claim_document):
    return money.claims(3, claim_document)


@pytest.fixture
def comes(money):
    """A file of the bank arrives; gives the id of its inbound row."""

    def take(data):
        kind = "bai2" if data.startswith(b"01,") else "nacha:deposit"
        file_id = money.store(kind, data, mailbox="bank")
        money.take_in(file_id)
        return file_id

    return take


def rows(money, columns, table="deposit"):
    with money.tx() as tx:
        return [tuple(row) for row in tx.rows(f"SELECT {columns} FROM {table} ORDER BY id")]


def bank(money):
    return money.proof().accounts.get("bank", 0)


# -- recording --------------------------------------------------------------------------------------------------------
def test_a_deposit_is_recorded_with_who_told_of_it_and_until_when_its_835_is_awaited(money, comes):
    comes(ccd((500, "T1", 1)))
    comes(report(("165", 700, "B7", "ORIG CO NAME:INVENTED PLAN ORIG ID:1999999991 TRN*1*T7*1999999991\\")))
    comes(report(("195", 900, "B9", "WIRE FROM SOMEBODY"), file_id="2"))
    assert rows(
        money, "source, sender, bank_reference, trace_number, trace_payer_id, amount_cents, remittance_due"
    ) == [
        ("ach", "INVENTED PAYER", "091000010000001", "T1", "1999999990", 500, due(DAY, DAY)),
        ("bai2", "INVENTED PLAN", "B7", "T7", "1999999991", 700, due(DAY, DAY)),
        ("bai2", None, "B9", None, None, 900, due(DAY, DAY)),
    ]
    assert money.exceptions() == ["unmatched_deposit"]


def test_a_report_is_applied_once_and_whole(money, comes):
    data = report(("142", 500, "B1", TRN))
    file_id = money.store("bai2", data, mailbox="bank")
    threads = [threading.Thread(target=ingest, args=(money.ctx, money.org, file_id)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert money.states("deposit") == ["WAITING"]
    comes(data.replace(b"49,500,", b"49,501,"))
    assert money.states("deposit") == ["WAITING"]
    assert "quarantined" in money.exceptions()
    [told] = money.column("SELECT reason FROM work_exception WHERE type = 'quarantined'")
    assert "BAI2-ACCOUNT-TOTAL at segment 49" in told


@pytest.mark.parametrize("status", ["2", "3"])
def test_a_report_that_takes_back_another_goes_to_a_person(money, comes, status):
    comes(report(("142", 500, "B1", TRN), status=status))
    assert money.states("deposit") == []
    assert money.exceptions() == ["quarantined"]


@pytest.mark.parametrize("report_first", [True, False])
def test_money_told_by_both_files_is_one_deposit(money, comes, decide, claims, report_first):
    files = [ccd((14_500, "T1", 1)), report(("165", 14_500, "B1", TRN), day=date(2026, 11, 23))]
    for data in reversed(files) if report_first else files:
        comes(data)
    money.remit(decide(claims[0], 14_500))
    assert money.states("deposit") == ["MATCHED"]
    assert (bank(money), money.exceptions()) == (14_500, [])
    assert money.column("SELECT count(*) FROM history WHERE event = 'told_again'") == [1]


def test_the_same_report_line_in_a_later_report_is_no_new_money(money, comes):
    comes(ccd((14_500, "T1", 1)))
    comes(report(("165", 14_500, "B1", TRN)))
    comes(report(("165", 14_500, "B1", TRN), file_id="2"))
    comes(report(("165", 14_500, "B1", "THE TRACE WAS DROPPED"), file_id="3"))
    assert money.states("deposit") == ["WAITING"]


def test_a_trace_that_only_the_second_file_knows_is_taken_over(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500), decide(claims[1], 14_500))
    comes(report(("165", 29_000, "B1", "TRACE#:091000010000001"), day=date(2026, 11, 2)))
    assert money.states("deposit") == ["WAITING"]
    comes(ccd((29_000, "T1", 1), day=date(2026, 11, 3)))
    assert rows(money, "state, trace_number, matched_by") == [("MATCHED", "T1", "trace")]
    assert money.exceptions() == []


def test_a_second_payment_of_an_equal_trace_is_told_by_both_files_too(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500))
    comes(ccd((14_500, "T1", 1), (14_500, "T1", 2)))
    comes(report(("165", 14_500, "B1", TRN), ("165", 14_500, "B2", TRN)))
    assert money.states("deposit") == ["MATCHED", "WAITING"]
    assert money.exceptions() == ["duplicate_deposit"]


def test_a_trace_told_later_settles_that_it_was_missing(money, comes):
    comes(report(("165", 29_000, "B1", "TRACE#:091000010000001")))
    assert money.exceptions() == ["unmatched_deposit"]
    comes(ccd((29_000, "T1", 1)))
    assert money.exceptions() == []
    assert rows(money, "state, trace_number") == [("WAITING", "T1")]


# -- amount and date --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("deposit_first", [True, False])
def test_a_unmatched_deposit_meets_the_only_remittance_of_its_amount_and_date(
    money, comes, decide, claims, deposit_first
):
    if deposit_first:
        comes(ccd((14_500, None, 1)))
        assert money.exceptions() == ["unmatched_deposit"]
    money.remit(decide(claims[0], 14_500))
    if not deposit_first:
        comes(ccd((14_500, None, 1)))
    assert rows(money, "state, matched_by") == [("MATCHED", "amount_date")]
    assert money.states("remittance") == ["MATCHED"]
    assert money.exceptions() == []
    assert money.proof().balanced


def test_never_by_amount_where_several_fit(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500), trace="T1")
    money.remit(decide(claims[1], 14_500), trace="T2")
    comes(ccd((14_500, None, 1)))
    assert money.states("deposit") == ["WAITING"]
    assert money.exceptions() == ["unmatched_deposit"]
    comes(ccd((14_500, "T2", 2)))
    comes(ccd((9, None, 3)))  # whatever comes next: only one remittance is left that fits
    assert rows(money, "state, matched_by")[:2] == [("MATCHED", "amount_date"), ("MATCHED", "trace")]


def test_two_deposits_without_trace_stand_in_each_other_s_way(money, comes, decide, claims):
    comes(ccd((14_500, None, 1), (14_500, None, 2)))
    money.remit(decide(claims[0], 14_500))
    assert money.states("deposit") == ["WAITING", "WAITING"]


def test_another_payer_or_another_week_is_not_married_by_amount(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500))
    comes(ccd((14_500, None, 1), company="SOMEBODY ELSE", company_id="1888888880"))
    comes(ccd((14_500, None, 2), day=date(2026, 12, 4)))
    assert money.states("deposit") == ["WAITING", "WAITING"]


def test_a_trace_that_nobody_knows_waits_for_its_own_835_until_that_is_late(money, comes, decide, claims):
    today = money.ctx.today()
    comes(ccd((14_500, "T9", 1), day=today))
    money.remit(decide(claims[0], 14_500), day=today)
    assert money.states("deposit") == ["WAITING"]
    with money.tx() as tx:
        tx.run("UPDATE deposit SET remittance_due = CAST(:day AS date) - 1", day=str(today))
    comes(ccd((9, None, 2)))
    assert rows(money, "state, matched_by")[0] == ("MATCHED", "amount_date")


def test_money_that_another_source_may_have_told_is_left_to_a_person(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500), trace="T1")
    comes(ccd((14_500, "T1", 1)))
    comes(report(("165", 14_500, "B1", "NO TRACE")))  # the same money, or a payment more: nothing tells
    money.remit(decide(claims[1], 14_500), trace="T2")
    assert money.states("deposit") == ["MATCHED", "WAITING"]
    assert money.states("remittance") == ["MATCHED", "POSTED"]


# -- late ---------------------------------------------------------------------------------------------------------------
def test_a_posted_remittance_awaits_its_deposit_and_one_of_no_money_awaits_none(money, decide, claims):
    money.remit(decide(claims[0], 14_500), trace="T1")
    money.remit(decide(claims[1], 0, ("CO", "50", 14_500)), trace="T2")
    assert rows(money, "deposit_due", "remittance") == [(due(DAY, DAY),), (None,)]


def test_a_late_pair_closes_what_was_raised_on_both_sides(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500))
    with money.tx() as tx:
        exceptions.open_all(tx, [Raise("eft_late", "remittance", 1, "late")])
    comes(ccd((14_000, "T1", 1)))
    assert money.exceptions() == ["eft_late", "deposit_amount_differs"]
    comes(ccd((14_500, "T1", 2)))
    assert money.exceptions() == ["deposit_amount_differs"]


# -- taken back -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("told_by", ["trace", "company", "report"])
def test_a_debit_takes_a_matched_deposit_back_and_the_remittance_waits_again(money, comes, decide, claims, told_by):
    money.remit(decide(claims[0], 14_500))
    comes(ccd((14_500, "T1", 1)))
    later = date(2026, 11, 24)
    comes({
        "trace": ccd((-14_500, "T1", 2), day=later, description="REVERSAL"),
        "company": ccd((-14_500, None, 2), day=later, description="REVERSAL"),
        "report": report(("455", -14_500, "B3", f"REVERSAL {TRN}"), day=later),
    }[told_by])  # fmt: skip
    assert rows(money, "state, remittance_id, takes_back_id") == [("TAKEN_BACK", None, None), ("TAKING_BACK", None, 1)]
    assert rows(money, "state, deposit_due, released_at", "remittance") == [
        ("POSTED", due(None, money.ctx.today()), None)
    ]
    assert money.exceptions() == ["deposit_taken_back"]
    [reason] = money.column("SELECT reason FROM work_exception WHERE state = 'OPEN'")
    assert reason.startswith("deposit 1 was taken back; remittance 1 waits for its money again")
    proof = money.proof()
    assert proof.balanced
    assert (bank(money), proof.eft_expected_cents) == (0, 14_500)

    comes(ccd((14_500, "T1", 3), day=date(2026, 11, 30)))  # the payer pays anew
    assert money.states("deposit") == ["TAKEN_BACK", "TAKING_BACK", "MATCHED"]
    assert (bank(money), money.proof().balanced) == (14_500, True)


def test_a_debit_takes_back_the_duplicate_before_the_deposit_that_was_due(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500))
    comes(ccd((14_500, "T1", 1), (14_500, "T1", 2)))
    comes(ccd((-14_500, "T1", 3), day=date(2026, 11, 23)))
    assert money.states("deposit") == ["MATCHED", "TAKEN_BACK", "TAKING_BACK"]
    assert money.states("remittance") == ["MATCHED"]
    assert money.exceptions() == ["deposit_taken_back"]
    assert bank(money) == 14_500


def test_a_debit_that_comes_before_its_deposit_waits_for_it(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500))
    comes(ccd((-14_500, "T1", 2), day=date(2026, 11, 24)))
    assert money.exceptions() == ["deposit_taken_back"]
    comes(ccd((14_500, "T1", 1)))
    assert money.states("deposit") == ["TAKING_BACK", "TAKEN_BACK"]
    assert money.states("remittance") == ["POSTED"]
    assert money.exceptions() == ["deposit_taken_back"]
    assert money.proof().balanced


def test_when_the_first_of_two_deposits_is_taken_back_the_second_pays(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500))
    comes(ccd((14_500, "T1", 1)))
    comes(ccd((14_500, "T1", 2), day=date(2026, 11, 25)))
    assert money.exceptions() == ["duplicate_deposit"]
    comes(ccd((-14_500, "T1", 3), day=date(2026, 11, 24)))  # before the second came: it is the first that goes
    assert money.states("deposit") == ["TAKEN_BACK", "MATCHED", "TAKING_BACK"]
    assert money.states("remittance") == ["MATCHED"]
    assert money.exceptions() == ["deposit_taken_back"]


def test_a_settled_deposit_is_taken_back_once_it_is_reopened(money, comes):
    comes(ccd((500, "T8", 1)))
    service.settle(money.ctx, money.org, "bill", 1, "a grant")
    comes(ccd((-500, "T8", 2), day=date(2026, 11, 23)))
    assert money.states("deposit") == ["SETTLED", "WAITING"]
    service.reopen(money.ctx, money.org, "bill", 1, "they want it back")
    match(money.ctx, money.org, money.column("SELECT inbound_file_id FROM deposit ORDER BY id")[0])
    assert money.states("deposit") == ["TAKEN_BACK", "TAKING_BACK"]
    assert bank(money) == 0


def test_a_debit_of_another_amount_or_company_takes_nothing_back(money, comes, decide, claims):
    money.remit(decide(claims[0], 14_500))
    comes(ccd((14_500, "T1", 1)))
    comes(ccd((-14_400, "T1", 2)))
    comes(ccd((-14_500, None, 3), company="SOMEBODY ELSE", company_id="1888888880"))
    assert money.states("deposit") == ["MATCHED", "WAITING", "WAITING"]
    assert money.exceptions() == ["deposit_taken_back"] * 2
    assert bank(money) == 14_500


# -- refunds ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def refund(money, comes, decide, claim_document):
    """A refund of 30.00 in a file that has not left; its money came by deposit 1."""
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    money.remit(decide(claim, 14_500))
    comes(ccd((14_500, "T1", 1)))
    release(money.ctx, money.org, money.org)
    return money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'")[0]


def test_a_refund_does_not_leave_once_its_money_was_taken_back_and_leaves_when_it_is_paid_anew(money, comes, refund):
    assert money.states("payment") == ["IN_FILE"]
    comes(ccd((-14_500, "T1", 2), day=date(2026, 11, 23)))
    upload(money.ctx, money.org, refund)
    assert money.column("SELECT state FROM outbound_file WHERE kind = 'ACH'") == ["VOIDED"]
    assert money.states("payment") == ["APPROVED"]
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["APPROVED"]
    assert money.exceptions() == ["deposit_taken_back"]

    comes(ccd((14_500, "T1", 3), day=date(2026, 11, 30)))
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["IN_FILE"]
    assert money.column("SELECT count(*) FROM payment") == [1]


def test_an_approved_refund_waits_too(money, comes, decide, claim_document):
    [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
    with money.tx() as tx:
        tx.run("UPDATE tenant SET approval_limit_cents = 0")
    money.remit(decide(claim, 14_500))
    comes(ccd((14_500, "T1", 1)))
    release(money.ctx, money.org, money.org)
    [payment] = money.column("SELECT id FROM payment WHERE state = 'WAITING'")
    service.unmatch(money.ctx, money.org, "bill", 1, "another hospital's money")
    approving.approve(money.ctx, money.org, payment, "ben")
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["APPROVED"]
    service.match(money.ctx, money.org, "bill", 1, 1, "ours after all")
    release(money.ctx, money.org, money.org)
    assert money.states("payment") == ["IN_FILE"]


def test_refunds_that_have_left_are_told_with_the_takeback(money, comes, refund):
    upload(money.ctx, money.org, refund)
    assert money.states("payment") == ["SENT"]
    comes(ccd((-14_500, "T1", 2), day=date(2026, 11, 23)))
    [reason] = money.column("SELECT reason FROM work_exception WHERE state = 'OPEN'")
    assert "1 refunds of 3000 cents on its claims have left already" in reason


# -- all together -----------------------------------------------------------------------------------------------------
_moves = st.lists(
    st.tuples(
        st.sampled_from(["deposit", "report", "debit", "unmatch", "match", "settle", "reopen"]), st.integers(0, 2)
    ),
    max_size=7,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=_moves)
def test_whatever_banks_and_people_do_eft_expected_is_remittances_less_deposits(money, decide, claim_document, moves):
    ctx, org = money.ctx, money.org
    tag = f"{money.control}x"
    for n, claim in enumerate(money.claims(2, claim_document)):
        money.remit(decide(claim, 14_500), trace=f"{tag}{n}")
    for step, (move, which) in enumerate(moves):
        trace, number = f"{tag}{which}", money.control * 100 + step
        if move in {"deposit", "debit"}:
            cents = 14_500 if move == "deposit" else -14_500
            money.take_in(money.store("nacha:deposit", ccd((cents, trace, number)), mailbox="bank"))
        elif move == "report":
            line = ("165", 14_500, f"B{number}", trn_text(trace, "1999999990"))
            money.take_in(money.store("bai2", report(line, file_id=str(number)), mailbox="bank"))
        else:
            deposit = money.column("SELECT coalesce(max(id) - :back, 1) FROM deposit", back=which)[0]
            remittance = money.column("SELECT max(id) FROM remittance")[0]
            act = getattr(service, move)
            told = (deposit, remittance) if move == "match" else (deposit,)
            for _ in range(2):
                try:
                    act(ctx, org, "bill", *told, "a reason")
                except CallerError:
                    break
        proof = money.proof()
        assert proof.balanced
        settled = sum(money.column("SELECT amount_cents FROM deposit WHERE state = 'SETTLED'"))
        assert proof.accounts.get("bank", 0) == proof.deposited_cents + settled


def test_run_twice_and_at_once_it_marries_once(money, decide, claims):
    file_id = money.store("nacha:deposit", ccd((14_500, "T1", 1)), mailbox="bank")
    money.remit(decide(claims[0], 14_500))
    ingest(money.ctx, money.org, file_id)
    threads = [threading.Thread(target=match, args=(money.ctx, money.org, file_id)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert money.column("SELECT purpose FROM journal WHERE source_kind = 'deposit'") == ["matched"]
