"""Return files: made from the original, legal by our strict check, read back by trace and reason."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from edi.nacha import Addenda98, Addenda99, check, read, return_file, write

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
