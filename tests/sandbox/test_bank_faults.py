"""How the bank misbehaves on request; its journal agrees with what it told."""

import pytest
from bank_orders import orders

from edi.nacha import reading
from edi.nacha.acknowledgment import read_acknowledgment
from edi.nacha.writing import write


@pytest.fixture
def bank(make_sandbox):
    """A sandbox that misbehaves in this way and was sent a file of two batches."""

    def make(accounts=("111", "222"), **faults):
        sandbox = make_sandbox(deposits="bai2")
        sandbox.misbehave(**faults)
        send(sandbox, accounts)
        return sandbox

    return make


def send(sandbox, accounts=("111", "222"), modifier="A"):
    file = orders(*([(account, 22)] for account in accounts), modifier=modifier)
    sandbox.put("bank", f"PAY_{modifier}.ach", write(file))
    for _ in range(4):
        sandbox.tick()
    return file


def answers(sandbox):
    found = {}
    for name, data in sandbox.outbound("bank").items():
        if name.startswith("ACK"):
            found[name], findings = read_acknowledgment(data)
            assert findings == []
    return found


def told(sandbox, start="RETURN"):
    """The bank's ACH files of a kind, by name; each is sound."""
    found = {}
    for name, data in sandbox.outbound("bank").items():
        if name.startswith(start):
            document = reading.read(data)
            assert document.ok
            found[name] = document.file
    return found


def test_the_next_files_are_rejected_and_may_be_sent_again(bank):
    sandbox = bank(reject_files=1)
    [answer] = answers(sandbox).values()
    assert (answer.rejected, answer.reason) == (True, "REFUSED ON REQUEST")
    assert sandbox.journal("payment", "settled") == []
    send(sandbox)
    assert [line["status"] for line in sandbox.journal("bank_file")] == ["REJECTED", "ACCEPTED"]
    assert len(sandbox.journal("payment")) == 2


@pytest.mark.parametrize("accounts", [("4013", "222"), ("4013",)])
def test_of_the_next_files_the_first_batch_is_rejected_and_the_rest_is_settled(bank, accounts):
    sandbox = bank(accounts, reject_batches=1)
    [answer] = answers(sandbox).values()
    file = orders(*([(account, 22)] for account in accounts))
    assert (answer.accepted, answer.disagreements(file)) == (True, [])
    assert answer.rejected_batches == [(1, "REFUSED ON REQUEST")]
    left = [1002][: len(accounts) - 1]
    assert [line["amount_cents"] for line in sandbox.journal("payment")] == left
    assert [line["amount_cents"] for line in sandbox.journal("settled")] == [-cents for cents in left]
    assert [line["rejected_batches"] for line in sandbox.journal("bank_file")] == [[1]]
    assert told(sandbox) == {}


def test_the_next_acknowledgments_have_wrong_totals_and_are_put_right(bank):
    sandbox = bank(wrong_totals=1)
    assert len(answers(sandbox)) == 1
    sandbox.pass_time(60)
    sandbox.restart()
    sandbox.tick()
    wrong, right = answers(sandbox).values()
    file = orders([("111", 22)], [("222", 22)])
    assert {finding.code for finding in wrong.disagreements(file)} == {"ACH-ACK-TOTAL"}
    assert (right.accepted, right.disagreements(file)) == (True, [])


def test_the_next_acknowledgments_come_twice_and_what_they_tell_of_once(bank):
    sandbox = bank(double_acks=1)
    first, second = answers(sandbox).values()
    assert first == second
    send(sandbox, modifier="B")
    assert len(answers(sandbox)) == 3
    assert len(sandbox.journal("payment")) == 4


def test_the_next_return_files_come_twice_and_move_their_money_once(bank):
    sandbox = bank(("4013",), double_returns=1)
    first, second = told(sandbox)
    assert sandbox.outbound("bank")[first] == sandbox.outbound("bank")[second]
    assert len(sandbox.journal("returned")) == 1
    assert [line["amount_cents"] for line in sandbox.journal("settled")] == [-1001, 1001]
    sandbox.restart()
    sandbox.tick()
    assert len(told(sandbox)) == 2


def test_the_next_return_files_are_late(bank):
    sandbox = bank(("4013",), late_returns={"count": 1, "by_s": 5 * 86400})
    assert told(sandbox) == {}
    sandbox.restart()
    sandbox.pass_time(5 * 86400 + 5)
    sandbox.tick()
    assert len(told(sandbox)) == 1
    assert [line["what"] for line in sandbox.journal("settled")] == ["file", "returned"]


def test_the_next_return_files_are_dishonoured_whole(bank):
    sandbox = bank(("4013", "4017"), dishonour_returns=1)
    [file] = told(sandbox, "DISHONORED").values()
    assert [one.returned.reason for batch in file.batches for one in batch.entries] == ["R68", "R68"]
    assert [line["amount_cents"] for line in sandbox.journal("settled")] == [-2003, 2003, -2003]
    assert len(sandbox.journal("dishonoured")) == 2
    assert told(sandbox, "CONTESTED") == {}


def test_returns_and_notifications_of_entries_that_never_were_move_no_money(bank):
    sandbox = bank(("111",), unknown_returns=1, unknown_nocs=1)
    [file], [notified] = told(sandbox).values(), told(sandbox, "NOC").values()
    [back], [change] = file.batches[0].entries, notified.batches[0].entries
    sent = {line["trace"] for line in sandbox.journal("payment")}
    assert not {back.returned.original_trace, change.change.original_trace} & sent
    assert (back.returned.reason, back.amount_cents, change.change.change_code) == ("R03", 1001, "C01")
    assert [line["unknown"] for line in sandbox.journal("returned", "noc")] == [True, True]
    assert [line["amount_cents"] for line in sandbox.journal("settled")] == [-1001]
    send(sandbox, ("111",), modifier="B")
    assert len(told(sandbox)) == 1


@pytest.mark.parametrize("what", ["noc", "dishonoured", "contested", "settlement"])
def test_each_of_the_later_words_can_be_muted_or_held(bank, what):
    start = {"noc": "NOC", "dishonoured": "DISHONORED", "contested": "CONTESTED", "settlement": "BAI2"}[what]
    sandbox = bank(("4014", "4021"), mute=[what])
    assert not [name for name in sandbox.outbound("bank") if name.startswith(start)]
    sandbox.misbehave(hold=[what])
    send(sandbox, ("4014", "4021"), modifier="B")
    assert not [name for name in sandbox.outbound("bank") if name.startswith(start)]
    sandbox.misbehave()
    sandbox.pass_time(10)
    for _ in range(3):
        sandbox.tick()
    assert [name for name in sandbox.outbound("bank") if name.startswith(start)]
