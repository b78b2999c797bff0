"""The bank takes whole, right, new files; answers each; returns what ends in 13; pays deposits with their trace."""

from dataclasses import replace
from datetime import date

import achkit
import pytest
from bank_orders import refunds

from edi.nacha import reading
from edi.nacha.acknowledgment import read_acknowledgment
from edi.nacha.deposits import deposits
from edi.nacha.writing import write
from sandbox.config import Delays
from sandbox.deposits import deposit_job


def test_a_right_file_is_accepted_and_each_payment_journalled_once(make_sandbox):
    sandbox = make_sandbox()
    file = refunds("111", "222")
    sandbox.put("bank", "PAY_1.ach", write(file))
    sandbox.tick()
    sandbox.tick()
    (name,) = sandbox.outbound("bank")
    assert name == "ACK_PAY_1.ach.txt"
    told, findings = read_acknowledgment(sandbox.outbound("bank")[name])
    assert findings == []
    assert told.accepted
    assert told.disagreements(file) == []
    payments = sandbox.journal("payment")
    assert [(p["trace"], p["amount_cents"], p["individual_id"], p["file"]) for p in payments] == [
        ("091000080000001", 1001, "PAY00000001", "PAY_1.ach"),
        ("091000080000002", 1002, "PAY00000002", "PAY_1.ach"),
    ]
    assert list((sandbox.config.home("bank") / "inbound").iterdir()) == []


def test_a_duplicate_is_rejected_and_pays_nobody(make_sandbox):
    sandbox = make_sandbox()
    sandbox.put("bank", "PAY_1.ach", write(refunds("111")))
    sandbox.tick()
    sandbox.put("bank", "PAY_1.ach", write(refunds("111")))
    sandbox.tick()
    answers = {name: read_acknowledgment(data)[0] for name, data in sandbox.outbound("bank").items()}
    assert sorted(answer.status for answer in answers.values()) == ["ACCEPTED", "REJECTED"]
    assert [answer.reason for answer in answers.values() if answer.rejected] == ["DUPLICATE FILE"]
    assert len(sandbox.journal("payment")) == 1


def test_a_duplicate_is_still_known_after_a_restart(make_sandbox):
    sandbox = make_sandbox()
    sandbox.put("bank", "PAY_1.ach", write(refunds("111")))
    sandbox.tick()
    sandbox.restart()
    sandbox.put("bank", "PAY_2.ach", write(refunds("111")))
    sandbox.tick()
    assert [line["status"] for line in sandbox.journal("bank_file")] == ["ACCEPTED", "REJECTED"]


def test_a_file_whose_totals_are_wrong_is_rejected(make_sandbox):
    sandbox = make_sandbox()
    data = write(refunds("111")).replace(b"0000001001", b"0000001002", 1)
    sandbox.put("bank", "PAY_1.ach", data)
    sandbox.tick()
    (answer,) = sandbox.outbound("bank").values()
    told, _ = read_acknowledgment(answer)
    assert told.rejected
    assert told.reason
    assert sandbox.journal("payment") == []
    assert [line["status"] for line in sandbox.journal("bank_file")] == ["REJECTED"]


def test_a_half_file_waits(make_sandbox):
    sandbox = make_sandbox()
    data = write(refunds("111"))
    sandbox.put("bank", "PAY_1.ach", data[:300])
    for _ in range(5):
        sandbox.tick()
    assert sandbox.journal() == []
    sandbox.put("bank", "PAY_1.ach", data)
    sandbox.tick()
    assert len(sandbox.journal("payment")) == 1


def test_what_is_no_ach_file_is_set_aside_once_it_stops_growing(make_sandbox):
    sandbox = make_sandbox()
    sandbox.put("bank", "note.txt", b"hello")
    for _ in range(4):
        sandbox.tick()
    assert [(line["file"], line["status"]) for line in sandbox.journal("bank_file")] == [("note.txt", "REJECTED")]
    assert sandbox.outbound("bank") == {}


def test_accounts_that_end_in_13_come_back(make_sandbox):
    sandbox = make_sandbox(delays=replace(Delays.none(), return_s=2 * 86400))
    sandbox.put("bank", "PAY_1.ach", write(refunds("111", "4013", "5513")))
    sandbox.tick()
    assert len(sandbox.outbound("bank")) == 1
    sandbox.pass_time(2 * 86400 + 5)
    sandbox.restart()
    sandbox.tick()
    data = sandbox.outbound("bank")["RETURN_1.ach"]
    document = reading.read(data)
    assert document.ok
    back = [entry for batch in document.file.batches for entry in batch.entries]
    assert [(entry.returned.reason, entry.returned.original_trace, entry.amount_cents) for entry in back] == [
        ("R03", "091000080000002", 1002),
        ("R03", "091000080000003", 1003),
    ]
    assert [line["amount_cents"] for line in sandbox.journal("returned")] == [1002, 1003]


def test_deposits_that_come_due_together_share_a_file(make_sandbox):
    sandbox = make_sandbox()
    for place, payer in enumerate(["ALPHA HEALTH PLAN OF OHIO", "ALPHA HEALTH PLAN OF OHIO", "BETA CARE"], start=1):
        sandbox.worker.desk.add(
            deposit_job(
                trace=f"TRACE{place}",
                payer_name=payer,
                tax_id="123456789" if payer.startswith("A") else "987654321",
                amount_cents=place * 100,
                payee=("1234567893", "SAMPLE EMS"),
                on=date(2026, 11, 21),
                due_s=0,
            )
        )
    sandbox.tick()
    (name,) = sandbox.outbound("bank")
    data = sandbox.outbound("bank")[name]
    assert name.startswith("ACHDEP_")
    assert achkit.validate(data.decode())["ok"]
    document = reading.read(data)
    assert document.ok
    told = deposits(document.file)
    assert [(one.trn_trace, one.payer_id, one.amount_cents, one.description) for one in told] == [
        ("TRACE1", "1123456789", 100, "HCCLAIMPMT"),
        ("TRACE2", "1123456789", 200, "HCCLAIMPMT"),
        ("TRACE3", "1987654321", 300, "HCCLAIMPMT"),
    ]
    assert [line["trace"] for line in sandbox.journal("deposit")] == ["TRACE1", "TRACE2", "TRACE3"]
    sandbox.restart()
    sandbox.tick()
    assert len(sandbox.outbound("bank")) == 1


def test_a_deposit_that_was_laid_out_before_a_kill_is_not_laid_out_again(make_sandbox, monkeypatch):
    sandbox = make_sandbox()
    job = deposit_job(
        trace="T1", payer_name="P", tax_id="123456789", amount_cents=1, payee=("1", "S"), on=date(2026, 1, 2), due_s=0
    )
    sandbox.worker.desk.add(job)
    monkeypatch.setattr(type(sandbox.worker.desk), "done", lambda *_: None)
    sandbox.tick()
    monkeypatch.undo()
    sandbox.restart()
    sandbox.tick()
    assert len(sandbox.outbound("bank")) == 1
    assert len(sandbox.journal("deposit")) == 1
    assert len(sandbox.worker.desk) == 0


@pytest.mark.parametrize("what", ["bank_ack", "return"])
def test_muted_answers_never_come_and_held_ones_later(make_sandbox, what):
    sandbox = make_sandbox()
    sandbox.misbehave(mute=[what])
    sandbox.put("bank", "PAY_1.ach", write(refunds("4013")))
    sandbox.tick()
    assert len(sandbox.outbound("bank")) == 1
    sandbox.misbehave(hold=[what])
    sandbox.put("bank", "PAY_2.ach", write(refunds("4013", modifier="B")))
    sandbox.tick()
    assert len(sandbox.outbound("bank")) == 2
    sandbox.misbehave()
    sandbox.pass_time(10)
    sandbox.tick()
    assert len(sandbox.outbound("bank")) == 3
