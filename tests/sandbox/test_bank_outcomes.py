"""What becomes of an entry follows from its account; the bank tells it by files that the codec reads, and books it."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from bank_orders import orders

from edi import bai2
from edi.nacha import reading
from edi.nacha.corrections import read_correction
from edi.nacha.file import ContestedReturn, DishonoredReturn
from edi.nacha.writing import write
from sandbox.bank_outcomes import CORRECTED_ROUTING, ENDINGS
from sandbox.outbox import Outbox

ROOT = Path(__file__).parents[2]
TRACE = "09100008{:07d}"


@pytest.fixture
def sends(make_sandbox):
    """A sandbox whose bank took this file in and said all that it has to say."""

    def make(*batches, name="PAY_1.ach", faults=None, config=None, **changes):
        sandbox = make_sandbox(**(config or {}))
        sandbox.misbehave(**(faults or {}))
        sandbox.put("bank", name, write(orders(*batches, **changes)))
        for _ in range(4):
            sandbox.tick()
        return sandbox

    return make


def files(sandbox, start):
    """The bank's ACH files of a kind, by name; each is sound."""
    found = {}
    for name, data in sandbox.outbound("bank").items():
        if name.startswith(start):
            document = reading.read(data)
            assert document.ok, (name, document.findings)
            found[name] = document.file
    return found


def entries(sandbox, start):
    return [one for file in files(sandbox, start).values() for batch in file.batches for one in batch.entries]


def returned(sandbox, start="RETURN"):
    return [
        (one.returned.original_trace, one.returned.reason, one.returned.information.strip(), one.amount_cents)
        for one in entries(sandbox, start)
    ]


def own(sandbox):
    """(kind, cents, day) of what the reports tell of our own files, whose lines the journal has too."""
    told = []
    for name, data in sandbox.outbound("bank").items():
        if name.endswith(".bai2"):
            document = bai2.read(data)
            assert document.findings == []
            assert bai2.movements(document.file) == []
            told += bai2.own_movements(document.file)
    journal = [(line["amount_cents"], line["day"], line["reference"]) for line in sandbox.journal("settled")]
    if told:
        assert sorted(journal) == sorted((one.amount_cents, one.day.isoformat(), one.reference) for one in told)
    return [(one.kind, one.amount_cents, one.day) for one in told]


def test_each_ending_has_its_return_or_its_notification_and_other_accounts_have_none(sends):
    endings = ["4013", "4014", "4015", "4016", "4017", "4018", "4019", "4027", "4023"]
    sandbox = sends([(account, 22) for account in endings])
    assert returned(sandbox) == [
        (TRACE.format(1), "R03", "", 1001),
        (TRACE.format(4), "R17", "QUESTIONABLE", 1004),
        (TRACE.format(5), "R02", "", 1005),
        (TRACE.format(6), "R16", "", 1006),
        (TRACE.format(7), "R23", "", 1007),
    ]
    told = [one.change for one in entries(sandbox, "NOC")]
    assert [(one.original_trace, one.change_code) for one in told] == [
        (TRACE.format(2), "C01"),
        (TRACE.format(3), "C02"),
    ]
    corrections = [read_correction(one.change_code, one.corrected) for one in told]
    assert (corrections[0].account, corrections[1].routing_number) == ("4000", CORRECTED_ROUTING)
    assert {one.amount_cents for one in entries(sandbox, "NOC")} == {0}
    assert [(line["trace"], line["reason"]) for line in sandbox.journal("returned")] == [
        (trace, reason) for trace, reason, _, _ in returned(sandbox)
    ]
    assert [(line["trace"], line["change"], line["corrected"]) for line in sandbox.journal("noc")] == [
        (TRACE.format(2), "C01", "4000"),
        (TRACE.format(3), "C02", CORRECTED_ROUTING),
    ]
    assert len(sandbox.journal("payment")) == len(endings)


def test_what_was_corrected_is_not_corrected_again(sends):
    assert entries(sends([("4000", 22), ("4015", 22)], rdfi=CORRECTED_ROUTING), "NOC") == []


def test_prenotes_come_back_or_are_corrected_and_move_nothing(sends):
    sandbox = sends([("4013", 23), ("4014", 33), ("4016", 23)], config={"deposits": "bai2"})
    assert returned(sandbox) == [(TRACE.format(1), "R03", "", 0)]
    assert [one.change.change_code for one in entries(sandbox, "NOC")] == ["C01"]
    assert [(line["kind"], line["transaction_code"]) for line in sandbox.journal("payment", "prenote", "debit")] == [
        ("prenote", 23),
        ("prenote", 33),
        ("prenote", 23),
    ]
    assert own(sandbox) == []


@pytest.mark.parametrize(("sec", "reason"), [("PPD", "R11"), ("CCD", "R17")])
def test_a_reversal_that_the_receiver_disputes_comes_back_and_all_others_are_taken(sends, sec, reason):
    sandbox = sends([("4023", 27), ("4013", 27), ("4016", 37)], sec=sec)
    assert returned(sandbox) == [(TRACE.format(1), reason, "", 1001)]
    assert [line["kind"] for line in sandbox.journal("payment", "debit")] == ["debit"] * 3


def test_a_return_may_be_dishonoured_and_that_contested(sends):
    sandbox = sends([("4020", 22), ("4021", 22), ("4013", 22)], config={"deposits": "bai2"})
    assert [reason for _, reason, _, _ in returned(sandbox)] == ["R03"] * 3
    dishonoured, [contested] = entries(sandbox, "DISHONORED"), entries(sandbox, "CONTESTED")
    assert all(isinstance(one.returned, DishonoredReturn) for one in dishonoured)
    assert [(one.returned.original_trace, one.returned.reason) for one in dishonoured] == [
        (TRACE.format(1), "R68"),
        (TRACE.format(2), "R68"),
    ]
    by_original = {one.returned.original_trace: one.trace for one in entries(sandbox, "RETURN")}
    assert [one.returned.return_trace for one in dishonoured] == [by_original[TRACE.format(n)] for n in (1, 2)]
    assert isinstance(contested.returned, ContestedReturn)
    assert (contested.returned.original_trace, contested.returned.reason) == (TRACE.format(2), "R73")
    assert contested.returned.dishonored_trace == dishonoured[1].trace
    assert contested.returned.first_returned == date.fromisoformat(sandbox.journal("returned")[0]["at"][:10])
    told = [*files(sandbox, "RETURN").values(), *files(sandbox, "DISH").values(), *files(sandbox, "CONT").values()]
    assert {(file.origin, file.destination) for file in told} == {("091000080", "1123456789")}
    assert len({file.key for file in told}) == 3
    amounts = {(kind, cents) for kind, cents, _ in own(sandbox)}
    assert amounts == {("settlement", -3006), ("return", 3006), ("return", -2003), ("return", 1002)}
    assert [(line["kind"], line["trace"]) for line in sandbox.journal("dishonoured", "contested")] == [
        ("dishonoured", TRACE.format(1)),
        ("dishonoured", TRACE.format(2)),
        ("contested", TRACE.format(2)),
    ]


def test_the_report_tells_a_file_on_each_of_its_days_and_not_before(sends):
    soon = datetime.now(UTC).date() + timedelta(days=3)
    sandbox = sends(
        [("111", 22), ("222", 27)], [("333", 22)], [("444", 27)],
        days=[soon, date(2020, 1, 2), date(2020, 1, 2)], config={"deposits": "both"},
    )  # fmt: skip
    assert [(kind, cents) for kind, cents, _ in own(sandbox)] == [("settlement", 1)]  # +10.04 of debits, -10.03
    assert [line["amount_cents"] for line in sandbox.journal("settled")] == [1]
    sandbox.pass_time(4 * 86400)
    sandbox.restart()
    for _ in range(2):
        sandbox.tick()
    assert {(kind, cents) for kind, cents, _ in own(sandbox)} == {("settlement", 1)}  # 10.02 of debits, -10.01, too
    assert sandbox.journal("settled")[-1]["day"] == soon.isoformat()
    assert {line["reference"] for line in sandbox.journal("settled")} == {"1123456789-2611211030-A"}
    assert {line["file"] for line in sandbox.journal("settled")} == {"PAY_1.ach"}
    assert sandbox.journal("deposit") == []


def test_without_reports_the_journal_alone_knows_what_was_settled(sends):
    sandbox = sends([("4013", 22)])
    sandbox.restart()
    sandbox.tick()
    assert own(sandbox) == []
    assert [(line["what"], line["amount_cents"]) for line in sandbox.journal("settled")] == [
        ("file", -1001),
        ("returned", 1001),
    ]


def test_payments_are_journalled_with_what_goes_along(sends):
    text = "TRN*1*OUR77*1123456789\\"
    [line] = sends([("111", 22)], sec="CCD", addenda=text).journal("payment")
    assert (line["sec"], line["description"], line["transaction_code"]) == ("CCD", "REFUND", 22)
    assert line["addenda"] == text


class Killed(BaseException):
    """As no handler expects it."""


@pytest.mark.parametrize("laid_out", [False, True])
def test_a_bank_that_is_killed_at_every_file_says_everything_once(make_sandbox, monkeypatch, laid_out):
    """Each file kills it at the first try: before it is laid out, or when it is and its job is not struck off."""
    sandbox, tried, send = make_sandbox(deposits="bai2"), set(), Outbox.send

    def deadly(outbox, user, name, data, *, what, jobs, lines=()):
        fresh = not tried.issuperset(jobs)
        tried.update(jobs)
        if laid_out or not fresh:
            send(outbox, user, name, data, what=what, jobs=jobs, lines=lines)
        if fresh:
            raise Killed

    monkeypatch.setattr(Outbox, "send", deadly)
    sandbox.put("bank", "PAY_1.ach", write(orders([("4013", 22), ("4014", 22), ("4021", 22)])))
    killed = 0
    for _ in range(24):
        try:
            sandbox.tick()
        except Killed:
            killed += 1
            sandbox.restart()
    assert killed >= 6
    assert list((sandbox.config.root / "pending").iterdir()) == []
    counted = Counter(name.partition("_")[0] for name in sandbox.outbound("bank"))
    assert {kind: counted[kind] for kind in ("ACK", "RETURN", "NOC", "DISHONORED", "CONTESTED")} == dict.fromkeys(
        ("ACK", "RETURN", "NOC", "DISHONORED", "CONTESTED"), 1
    )
    assert sorted(cents for _, cents, _ in own(sandbox)) == [-3006, -1003, 1003, 2004]
    told = Counter(line["kind"] for line in sandbox.journal())
    kinds = {"payment": 3, "returned": 2, "noc": 1, "dishonoured": 1, "contested": 1, "settled": 4, "bank_file": 1}
    assert {kind: told[kind] for kind in kinds} == kinds


def test_no_example_has_an_account_that_chooses_an_outcome_by_chance():
    claims = [json.loads(path.read_text()) for path in (ROOT / "examples" / "claims").glob("*.json")]
    used = {claim["refund_to"]["account_number"][-2:] for claim in claims if "refund_to" in claim}
    assert used & ENDINGS == {"13"}


def test_the_page_for_people_has_the_same_endings():
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(" `") for line in page.splitlines() if line.startswith("| `")}
    assert rows >= ENDINGS
