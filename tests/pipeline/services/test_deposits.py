"""Deposits by hand: every act twice does nothing more, is written down with its reason sealed, and can be undone."""

import pytest
from bank_files import ccd

from pipeline.domain.errors import CallerError, Conflict, NotKnown
from pipeline.services import deposits as service


@pytest.fixture
def hands(money, decide, claim_document):
    """Deposit 1 of 145.00 without trace and deposit 2 of 99.00; remittances 1 and 2 of 145.00 each, another date."""
    claims = money.claims(2, claim_document)
    for number, claim in enumerate(claims, start=1):
        money.remit(decide(claim, 14_500), trace=f"T{number}")
    money.take_in(money.store("nacha:deposit", ccd((14_500, None, 1), (9_900, "T9", 2)), mailbox="bank"))

    def act(name, *args, times=2):
        for _ in range(times):
            getattr(service, name)(money.ctx, money.org, "bill", *args, "MRS DOE SAYS SO")

    return act


def deposit(money, columns="state", number=1):
    with money.tx() as tx:
        return tuple(tx.first(f"SELECT {columns} FROM deposit WHERE id = :id", id=number))


def test_both_waiting_lists_name_what_is_of_the_same_amount(money, hands):
    found = service.lists(money.ctx, money.org)
    assert [(d.id, d.amount_cents, list(d.alike)) for d in found.deposits] == [(1, 14_500, [1, 2]), (2, 9_900, [])]
    assert [(r.id, r.trace_number, list(r.alike)) for r in found.remittances] == [(1, "T1", [1]), (2, "T2", [1])]


def test_a_pair_is_matched_parted_and_matched_again_and_the_books_follow(money, hands):
    for _ in range(3):
        hands("match", 1, 2)
        assert deposit(money, "state, remittance_id, matched_by") == ("MATCHED", 2, "hand")
        assert money.states("remittance") == ["POSTED", "MATCHED"]
        assert (money.proof().accounts["bank"], money.proof().balanced) == (14_500, True)
        hands("unmatch", 1)
        assert deposit(money, "state, remittance_id, matched_by") == ("WAITING", None, None)
        assert money.states("remittance") == ["POSTED", "POSTED"]
        assert (money.proof().accounts["bank"], money.proof().balanced) == (0, True)
    assert money.column("SELECT purpose FROM journal WHERE source_kind = 'deposit' ORDER BY id") == [
        "matched", "unmatched", "matched-2", "unmatched-2", "matched-3", "unmatched-3",
    ]  # fmt: skip
    assert money.column("SELECT count(*) FROM audit WHERE subject_kind = 'deposit'") == [6]


def test_a_match_by_hand_closes_what_was_raised_and_asks_for_a_release(money, hands):
    assert money.exceptions() == ["unmatched_deposit"]
    hands("match", 1, 1)
    assert money.exceptions() == []
    assert money.column("SELECT count(*) FROM due_work WHERE stage = 'release'") == [1]
    assert money.column("SELECT event FROM history WHERE subject_kind = 'deposit' AND subject_id = 1") == [
        "received", "matched",
    ]  # fmt: skip


def test_what_a_person_took_apart_does_not_meet_by_itself_again(money, hands, decide, claim_document):
    [claim] = money.claims(1, claim_document)
    money.remit(decide(claim, 12_000, ("CO", "45", 2_500)), trace="T3")
    money.deposit(12_000, trace="T3")
    hands("unmatch", 3)
    money.take_in(money.store("nacha:deposit", ccd((7, "T8", 8)), mailbox="bank"))
    assert deposit(money, number=3) == ("WAITING",)
    hands("match", 3, 3)
    assert deposit(money, number=3) == ("MATCHED",)


def test_money_that_no_835_explains_is_settled_and_reopened(money, hands):
    for _ in range(2):
        hands("settle", 2)
        assert deposit(money, number=2) == ("SETTLED",)
        accounts = money.proof().accounts
        assert (accounts["bank"], accounts["unapplied_cash"], money.proof().balanced) == (9_900, -9_900, True)
        hands("reopen", 2)
        assert deposit(money, number=2) == ("WAITING",)
        accounts = money.proof().accounts
        assert (accounts["bank"], accounts["unapplied_cash"]) == (0, 0)
    assert money.column("SELECT count(*) FROM due_work WHERE stage = 'match'") == [1]


def test_a_debit_can_be_settled_too(money, hands):
    money.take_in(money.store("nacha:deposit", ccd((-500, None, 5)), mailbox="bank"))
    assert "deposit_taken_back" in money.exceptions()
    hands("settle", 3)
    assert money.exceptions() == ["unmatched_deposit"]
    assert money.proof().accounts["bank"] == -500


@pytest.mark.parametrize(
    ("name", "args", "error", "told"),
    [
        ("match", (2, 1), CallerError, "only equal amounts are matched"),
        ("match", (9, 1), NotKnown, "no deposit 9"),
        ("match", (1, 9), NotKnown, "no remittance 9"),
        ("unmatch", (1,), Conflict, "matched with nothing: it is WAITING"),
        ("unmatch", (9,), NotKnown, "no deposit 9"),
        ("settle", (9,), NotKnown, "no deposit 9"),
        ("reopen", (1,), Conflict, "not settled: it is WAITING"),
    ],
)
def test_what_cannot_be_done_says_what_can(money, hands, name, args, error, told):
    with pytest.raises(error, match=told):
        hands(name, *args)
    assert deposit(money) == ("WAITING",)


def test_what_is_matched_or_settled_is_not_matched_or_settled_elsewhere(money, hands):
    hands("match", 1, 1)
    with pytest.raises(Conflict, match="MATCHED with remittance 1; `claimrail deposits unmatch 1`"):
        hands("match", 1, 2)
    with pytest.raises(Conflict, match="does not wait: it is MATCHED"):
        hands("settle", 1)
    money.take_in(money.store("nacha:deposit", ccd((14_500, "T7", 7)), mailbox="bank"))
    with pytest.raises(Conflict, match="remittance 1 waits for no deposit: it is MATCHED"):
        hands("match", 3, 1)
    hands("settle", 2)
    with pytest.raises(Conflict, match="SETTLED; `claimrail deposits reopen 2`"):
        hands("match", 2, 2)


def test_an_act_without_a_reason_is_refused(money, hands):
    with pytest.raises(CallerError, match="give a reason"):
        service.settle(money.ctx, money.org, "bill", 1, "  ")


def test_reasons_are_sealed_and_told_to_whom_asks_which_is_written_down(money, hands):
    hands("match", 1, 1)
    hands("unmatch", 1)
    with money.tx() as tx:
        everything = str(
            [
                tuple(row)
                for table in ("audit", "history", "work_exception")
                for row in tx.rows(f"SELECT * FROM {table}")
            ]
        )
    assert "DOE" not in everything
    told = service.show(money.ctx, money.org, "cleo", 1)
    assert [(one.actor, one.action, one.reason) for one in told.reasons] == [
        ("bill", "deposit.match", "MRS DOE SAYS SO"),
        ("bill", "deposit.unmatch", "MRS DOE SAYS SO"),
    ]
    assert money.column("SELECT actor FROM audit WHERE action = 'deposit.show'") == ["cleo"]
