"""Return files: made from the original, legal by our strict check, read back by trace and reason."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from edi.nacha import (
    Addenda98,
    Addenda99,
    ContestedReturn,
    DishonoredReturn,
    check,
    read,
    return_file,
    write,
)
from edi.nacha.corrections import Correction
from edi.nacha.returns import Sheet, change_file, contested_file, dishonored_file, refusal_file

WHEN = datetime.fromisoformat("2026-11-25T06:00")


def test_a_return_keeps_the_entry_and_swaps_the_banks(ach_file):
    first, _, _ = ach_file.batches[0].entries
    back = return_file(ach_file, [(first.trace, "R02"), ("091000010000004", "R03")], created=WHEN, first_sequence=9)
    data = write(back)
    assert check(data) == []
    file = read(data).file
    assert file == back
    assert (file.origin, file.destination) == (ach_file.destination, ach_file.origin)
    assert [batch.odfi for batch in file.batches] == ["12104288", "23138010"]
    entry = file.batches[0].entries[0]
    assert (entry.transaction_code, entry.amount_cents, entry.account) == (21, first.amount_cents, first.account)
    assert (entry.rdfi, entry.trace) == ("091000019", "121042880000009")
    assert entry.returned == Addenda99(
        reason="R02", original_trace=first.trace, original_rdfi="12104288", trace="121042880000009"
    )
    assert file.batches[1].entries[0].trace == "231380100000010"
    assert file.batches[1].entries[0].information == ""


def test_each_returning_bank_has_its_own_batch(ach_file, make_entry, make_batch):
    entries = [make_entry(1, 10), make_entry(2, 20, rdfi="231380104"), make_entry(3, 30)]
    back = return_file(
        replace(ach_file, batches=[make_batch(1, "PPD", entries)]),
        [(entry.trace, "R01") for entry in entries],
        created=WHEN,
    )
    assert [[e.amount_cents for e in batch.entries] for batch in back.batches] == [[10, 30], [20]]
    assert check(write(back)) == []


@pytest.mark.parametrize("returned", [[], [("091000010000001", "R99")], [("091000019999999", "R01")]])
def test_a_return_of_nothing_known_is_refused(ach_file, returned):
    with pytest.raises(ValueError):
        return_file(ach_file, returned, created=WHEN)


def test_a_date_of_death_and_information_read_back(ach_file):
    back = return_file(ach_file, [("091000010000001", "R15")], created=WHEN, information="QUESTIONABLE")
    entry = back.batches[0].entries[0]
    dead = replace(entry, addenda=[replace(entry.returned, date_of_death=date(2026, 11, 1))])
    back = replace(back, batches=[replace(back.batches[0], entries=[dead])])
    assert read(write(back)).file == back


def test_a_notification_of_change_reads_back(ach_file, make_entry, make_batch):
    change = Addenda98(
        change_code="C02",
        original_trace="091000010000001",
        original_rdfi="12104288",
        corrected="231380104",
        trace="091000010000001",
    )
    refused = replace(
        change, change_code="C61", refused_change_code="C02", refused_sequence="0000001", trace="091000010000002"
    )
    entries = [make_entry(n, 0, code=21, addenda=[row]) for n, row in ((1, change), (2, refused))]
    file = replace(ach_file, batches=[make_batch(1, "COR", entries)])
    document = read(write(file))
    assert document.findings == []
    assert document.file == file
    assert [entry.change for entry in document.file.batches[0].entries] == [change, refused]


SHEET = Sheet(created=datetime.fromisoformat("2026-12-01T06:00"), first_sequence=70)


def test_a_return_goes_to_and_fro(ach_file):
    """Return, dishonored, contested: each names what went before, each passes the strict check and reads back equal."""
    back = return_file(ach_file, [("091000010000004", "R03")], created=WHEN)
    back = replace(back, batches=[replace(back.batches[0], settlement_day="330")])
    [returned] = back.batches[0].entries
    dishonored = dishonored_file(back, [(returned.trace, "R68")], SHEET)
    dishonored = replace(dishonored, batches=[replace(dishonored.batches[0], settlement_day="335")])
    [sent_back] = dishonored.batches[0].entries
    days = {"091000010000004": "328"}
    contested = contested_file(dishonored, [(sent_back.trace, "R73")], SHEET, days)
    assert sent_back.trace == "091000010000070"
    assert sent_back.addenda == [
        DishonoredReturn(
            reason="R68", original_trace="091000010000004", original_rdfi="23138010", trace=sent_back.trace,
            return_trace=returned.trace, return_settlement_day="330", return_reason="03",
        )
    ]  # fmt: skip
    [last] = contested.batches[0].entries
    assert last.addenda == [
        ContestedReturn(
            reason="R73", original_trace="091000010000004", original_rdfi="23138010", trace=last.trace,
            original_settlement_day="328", return_trace=returned.trace, return_settlement_day="330", return_reason="03",
            dishonored_trace=sent_back.trace, dishonored_settlement_day="335", dishonored_reason="68",
        )
    ]  # fmt: skip
    assert last.trace == "231380100000070"
    assert {one.batches[0].entries[0].amount_cents for one in (back, dishonored, contested)} == {1_000_000}
    for file in (back, dishonored, contested):
        assert check(write(file)) == []
        assert read(write(file)).file == file
    assert last.returned.reason == "R73"


def test_a_notification_is_told_and_refused(ach_file):
    changes = [
        ("091000010000001", "C01", Correction(account="77")),
        ("091000010000004", "C05", Correction(transaction_code=32)),
    ]
    told = change_file(ach_file, changes, SHEET)
    assert check(write(told)) == []
    assert read(write(told)).file == told
    assert [(batch.sec, batch.odfi, batch.credit_cents) for batch in told.batches] == [
        ("COR", "12104288", 0),
        ("COR", "23138010", 0),
    ]
    [entry] = told.batches[0].entries
    assert (entry.transaction_code, entry.change.corrected) == (21, "77")
    refused = refusal_file(told, [(entry.trace, "C68")], SHEET)
    assert check(write(refused)) == []
    assert read(write(refused)).file == refused
    change = refused.batches[0].entries[0].change
    assert (change.change_code, change.refused_change_code, change.refused_sequence) == ("C68", "C01", "0000070")
    assert change.original_trace == "091000010000001"


def test_what_cannot_go_back_is_refused(ach_file):
    trace = "091000010000001"
    back = return_file(ach_file, [(trace, "R03")], created=WHEN)
    returned = back.batches[0].entries[0].trace
    for call in (
        lambda: dishonored_file(ach_file, [(trace, "R68")], SHEET),
        lambda: dishonored_file(back, [(returned, "R03")], SHEET),
        lambda: dishonored_file(back, [("0", "R68")], SHEET),
        lambda: contested_file(back, [(returned, "R73")], SHEET),
        lambda: refusal_file(back, [(returned, "C61")], SHEET),
        lambda: refusal_file(back, [(returned, "C01")], SHEET),
        lambda: change_file(ach_file, [], SHEET),
        lambda: change_file(ach_file, [(trace, "C01", Correction())], SHEET),
    ):
        with pytest.raises(ValueError, match=r"return|code|named|C01|dishonored|notification|trace"):
            call()


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (7, " " * 15, "ACH-RETURN-TRACE"),
        (39, "0" * 15, "ACH-RETURN-TRACE"),
        (36, "X", "ACH-RESERVED"),
        (4, "R60", "ACH-UNKNOWN-CODE"),
    ],
)
def test_a_fault_in_a_dishonored_return_is_found(ach_file, column, text, code):
    back = return_file(ach_file, [("091000010000004", "R03")], created=WHEN)
    file = dishonored_file(back, [(back.batches[0].entries[0].trace, "R68")], SHEET)
    lines = write(file).decode().split("\n")
    lines[3] = lines[3][: column - 1] + text + lines[3][column - 1 + len(text) :]
    assert code in [finding.code for finding in check("\n".join(lines).encode())]


INTERNATIONAL_NOTICE = [
    "5220IATCOR          FF3               US123456789 CORTRADEPAYMTCADUSD261125   1121042880000001",
    "6212313801040008             0000000000778899                             ".ljust(78) + "1121042880000001",
    "710ANN000000000000000000TRACE 1               EXAMPLE RECEIVER".ljust(87) + "0000001",
    "711EXAMPLE SENDER                     1 FIRST STREET".ljust(87) + "0000001",
    "712SPRINGFIELD*OH\\                    US*45503\\".ljust(87) + "0000001",
    "713FIRST BANK                         01231380104                         US".ljust(87) + "0000001",
    "714SECOND BANK                        01121042882                         CA".ljust(87) + "0000001",
    "715ID7            2 SECOND STREET".ljust(87) + "0000001",
    "716TORONTO*ON\\                        CA*M4B1B3\\".ljust(87) + "0000001",
    "798C01231380100000001      121042889722-C3".ljust(79) + "121042880000001",
]


def test_a_notification_about_an_international_entry_has_its_columns(ach_file):
    """IATCOR in the header of a COR batch: header, entry and corrected data are laid out as international ones."""
    lines = write(ach_file).decode().split("\n")
    control = "8220000009" + "0023138010" + "0" * 24 + "123456789".ljust(35) + "121042880000001"
    total = "9000001000002" + "00000009" + "0023138010" + "0" * 24 + " " * 39
    text = [lines[0], *INTERNATIONAL_NOTICE, control, total, *["9" * 94] * 7]
    assert {len(line) for line in text} == {94}
    data = "".join(f"{line}\n" for line in text).encode()
    document = read(data)
    assert document.findings == []
    [batch] = document.file.batches
    [entry] = batch.entries
    assert dict(batch.other)["international_indicator"] == "IATCOR"
    assert (entry.account, entry.change.change_code, entry.change.corrected) == ("778899", "C01", "9722-C3")
    assert entry.addenda[4]["country"] == "CA"
    assert write(document.file, any_class=True) == data
    amount = data.replace(b"0000000000778899", b"0000000007778899")
    assert "ACH-NOTICE-AMOUNT" in [finding.code for finding in check(amount)]
