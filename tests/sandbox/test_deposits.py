"""How the bank tells of payers' money: by entries, by a report, by both; and what it does with it on request."""

from datetime import date

import achkit
import pytest

from edi import bai2
from edi.nacha import reading
from edi.nacha.deposits import deposits
from sandbox.config import SandboxConfig
from sandbox.deposits import deposit_job

ID = "1123456789"


@pytest.fixture
def pays(make_sandbox):
    """A sandbox that pays these amounts, traces T1, T2 and so on."""

    def make(*cents, faults=None, **changes):
        sandbox = make_sandbox(**changes)
        sandbox.misbehave(**(faults or {}))
        for place, amount in enumerate(cents, start=1):
            sandbox.worker.desk.add(
                deposit_job(
                    trace=f"T{place}", payer_name="ALPHA HEALTH PLAN OF OHIO", tax_id="123456789", amount_cents=amount,
                    payee=("1234567893", "SAMPLE EMS"), on=date(2026, 11, 21), due_s=0,
                )
            )  # fmt: skip
        sandbox.tick()
        return sandbox

    return make


def by_ach(sandbox):
    """(TRN02, cents, description) of all entries, by file."""
    told = []
    for name, data in sandbox.outbound("bank").items():
        if name.endswith(".ach"):
            assert achkit.validate(data.decode())["ok"]
            document = reading.read(data)
            assert document.ok
            told.append([(one.trn_trace, one.amount_cents, one.description) for one in deposits(document.file)])
    return told


def by_report(sandbox):
    told = []
    for name, data in sandbox.outbound("bank").items():
        if name.endswith(".bai2"):
            document = bai2.read(data)
            assert document.findings == []
            told += bai2.movements(document.file)
    return told


def journal(sandbox):
    return [(line["trace"], line["amount_cents"]) for line in sandbox.journal("deposit")]


def test_a_report_tells_traces_companies_days_and_numbers_of_its_own(pays):
    sandbox = pays(100, 200, deposits="bai2")
    assert by_ach(sandbox) == []
    told = by_report(sandbox)
    assert [(m.trn_trace, m.payer_id, m.amount_cents, m.day) for m in told] == [
        ("T1", ID, 100, date(2026, 11, 21)),
        ("T2", ID, 200, date(2026, 11, 21)),
    ]
    assert {(m.company_name, m.company_id) for m in told} == {("ALPHA HEALTH PLA", ID)}
    assert len({m.reference for m in told}) == 2
    assert journal(sandbox) == [("T1", 100), ("T2", 200)]


def test_both_tell_of_the_same_money_and_the_journal_counts_it_once(pays):
    sandbox = pays(100, deposits="both")
    assert by_ach(sandbox) == [[("T1", 100, "HCCLAIMPMT")]]
    assert [m.trn_trace for m in by_report(sandbox)] == ["T1"]
    assert journal(sandbox) == [("T1", 100)]
    sandbox.restart()
    sandbox.tick()
    assert len(sandbox.outbound("bank")) == 2


def test_the_next_deposits_are_late(pays):
    sandbox = pays(100, 200, faults={"late_deposits": {"count": 1, "by_s": 5 * 86400}})
    assert journal(sandbox) == [("T2", 200)]
    sandbox.restart()
    sandbox.pass_time(5 * 86400 + 5)
    sandbox.tick()
    assert journal(sandbox) == [("T2", 200), ("T1", 100)]


def test_the_next_deposits_come_without_their_trace_in_either_file(pays):
    sandbox = pays(100, 200, faults={"traceless_deposits": 1}, deposits="both")
    assert by_ach(sandbox) == [[(None, 100, "HCCLAIMPMT"), ("T2", 200, "HCCLAIMPMT")]]
    first, second = by_report(sandbox)
    assert (first.trn_trace, second.trn_trace) == (None, "T2")
    assert first.reference.startswith("09100008")  # the entry's own trace
    assert journal(sandbox) == [(None, 100), ("T2", 200)]


def test_the_next_deposits_are_paid_twice(pays):
    sandbox = pays(100, 200, faults={"second_deposits": 1})
    sandbox.tick()
    assert sorted(journal(sandbox)) == [("T1", 100), ("T1", 100), ("T2", 200)]
    sandbox.restart()
    sandbox.tick()
    assert len(journal(sandbox)) == 3


@pytest.mark.parametrize("deposits_by", ["ach", "bai2"])
def test_the_next_deposits_are_taken_back(pays, deposits_by):
    sandbox = pays(100, faults={"reversed_deposits": {"count": 1, "after_s": 86400}}, deposits=deposits_by)
    assert journal(sandbox) == [("T1", 100)]
    sandbox.pass_time(86400 + 5)
    sandbox.tick()
    assert journal(sandbox) == [("T1", 100), ("T1", -100)]
    told = (
        by_ach(sandbox)[-1] if deposits_by == "ach" else [(m.trn_trace, m.amount_cents) for m in by_report(sandbox)][1:]
    )
    assert [one[:2] for one in told] == [("T1", -100)]


def test_deposits_without_an_835_come_once_for_each_change_of_the_faults(pays):
    sandbox = pays(faults={"orphan_deposits": [777, 888]})
    sandbox.tick()
    sandbox.restart()
    sandbox.tick()
    assert [cents for _, cents in journal(sandbox)] == [777, 888]
    assert all(trace.startswith("NO835") for trace, _ in journal(sandbox))


def test_how_deposits_are_told_is_one_of_three(tmp_path):
    with pytest.raises(ValueError, match="deposits is one of ach, bai2, both"):
        SandboxConfig.from_dict({"root": str(tmp_path), "deposits": "swift"})
