"""The provider reads the advice of what it is paid, takes what balances, and keeps both."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from edi.x12.sets import t835
from edi.x12.syntax.envelope import Envelope, write_interchange
from sandbox.cases import Batch, cases
from sandbox.remittances import first_decisions, remittance


@pytest.fixture
def advice(x12):
    """An 835 file of sets with these traces, each of 80 cents; ``over`` cents too much in each."""

    def build(sandbox, *traces, over=0):
        subscribers = [x12.subscriber("W1", [x12.claim("C1", [100])])]
        decided = first_decisions(cases(Batch("0001", x12.professional_set(subscribers, "1-1"), segments=[])))
        sets = []
        for trace in traces:
            made = remittance(decided, trace, date(2026, 12, 5), sandbox.config)
            sets.append(replace(made, payment=replace(made.payment, amount_cents=made.payment.amount_cents + over)))
        envelope = Envelope(
            sender_qualifier="ZZ", sender_id="OURS", receiver_qualifier="ZZ", receiver_id="THEIRS", group_sender="OURS",
            group_receiver="THEIRS", control_number=7, usage="P", when=datetime.fromisoformat("2026-12-05T10:30"),
            functional_id="HP", version=t835.VERSION,
        )  # fmt: skip
        return write_interchange(
            envelope, [t835.write_set(one, f"{place:04d}").data for place, one in enumerate(sets, start=1)]
        )

    return build


def look(sandbox, name, data):
    sandbox.put("provider", name, data)
    for _ in range(4):
        sandbox.tick()


def kept(sandbox, folder):
    return sorted(path.name.partition("_")[2] for path in (sandbox.config.home("provider") / folder).iterdir())


def test_advice_is_read_and_kept_once(make_sandbox, advice):
    sandbox = make_sandbox()
    look(sandbox, "a.835", advice(sandbox, "T1", "T2"))
    sandbox.restart()
    sandbox.tick()
    assert [(a["trace"], a["amount_cents"], a["claims"], a["file"]) for a in sandbox.journal("advice")] == [
        ("T1", 80, 1, "a.835"),
        ("T2", 80, 1, "a.835"),
    ]
    assert [line["status"] for line in sandbox.journal("advice_file")] == ["ACCEPTED"]
    assert (kept(sandbox, "archive"), kept(sandbox, "inbound")) == (["a.835"], [])


def test_what_does_not_balance_pays_again_or_is_no_advice_is_refused_with_its_reason(make_sandbox, advice, x12):
    sandbox = make_sandbox()
    look(sandbox, "a.835", advice(sandbox, "T1"))
    look(sandbox, "b.835", advice(sandbox, "T2", over=1))
    sandbox.restart()
    look(sandbox, "c.835", advice(sandbox, "T1"))
    look(sandbox, "d.835", x12.interchange([[x12.subscriber("W1", [x12.claim("C1", [100])])]]))
    look(sandbox, "e.txt", b"hello")
    assert [(line["file"], line["reason"]) for line in sandbox.journal("advice_file")] == [
        ("a.835", ""),
        ("b.835", "X835-BAL-TRANSACTION"),
        ("c.835", "TRACE PAID BEFORE"),
        ("d.835", "NO 835"),
        ("e.txt", "NO 835"),
    ]
    assert len(sandbox.journal("advice")) == 1
    assert kept(sandbox, "refused") == ["b.835", "c.835", "d.835", "e.txt"]


def test_half_a_file_waits_for_its_end(make_sandbox, advice):
    sandbox = make_sandbox()
    data = advice(sandbox, "T1")
    look(sandbox, "a.835", data[:200])
    assert sandbox.journal() == []
    look(sandbox, "a.835", data)
    assert len(sandbox.journal("advice")) == 1
