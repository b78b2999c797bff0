"""Writing: golden bytes, an outside judge, refusals, and reading back equal."""

from dataclasses import replace

import achkit
import pytest

from edi.errors import NotRepresentable
from edi.nacha import AchFile, Addenda05, OtherAddenda, check, read, write


def test_golden_file(ach_file, golden_folder):
    assert write(ach_file) == (golden_folder / "refunds_and_vendor.ach").read_bytes()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", ""])
def test_what_we_write_passes_our_own_check(ach_file, line_end):
    data = write(ach_file, line_end)
    assert len(data) == 20 * (94 + len(line_end))
    assert check(data) == []


def test_an_outside_judge_accepts_what_we_write(ach_bytes):
    assert achkit.validate(ach_bytes.decode()) == {"ok": True, "errors": []}
    told = achkit.parse(ach_bytes.decode())["batches"]
    assert [[entry["amount_cents"] for entry in batch["entries"]] for batch in told] == [[12_345, 99, 0], [1_000_000]]


def test_totals_and_hash(ach_file):
    assert (ach_file.credit_cents, ach_file.debit_cents, ach_file.entry_addenda_count) == (1_012_444, 0, 5)
    assert ach_file.entry_hash == 3 * 12104288 + 23138010
    assert ach_file.key == ("1912345678", "2611230941", "A")


def test_the_hash_keeps_its_right_ten_digits(make_entry, make_batch):
    entries = [make_entry(n, 1, rdfi="999999992") for n in range(1, 102)]
    batch = make_batch(1, "PPD", entries)
    assert batch.entry_hash == (101 * 99999999) % 10**10


def with_entry(file: AchFile, **over) -> AchFile:
    batch = file.batches[0]
    return replace(file, batches=[replace(batch, entries=[replace(batch.entries[0], **over)])])


@pytest.mark.parametrize(
    ("over", "code", "columns"),
    [
        ({"name": "A NAME OF MORE THAN 22 CHARACTERS"}, "ACH-FIELD", (55, 76)),
        ({"amount_cents": 10**10}, "ACH-FIELD", (30, 39)),
        ({"account": "1" * 18}, "ACH-FIELD", (13, 29)),
        ({"rdfi": "12104288"}, "ACH-FIELD", (4, 12)),
        ({"trace": "121042880000001"}, "ACH-TRACE-BANK", (80, 94)),
        ({"trace": ""}, "ACH-TRACE-ORDER", (80, 94)),
        ({"transaction_code": 99}, "ACH-TRANSACTION-CODE", (2, 3)),
        ({"addenda": [Addenda05(text="X" * 81)]}, "ACH-FIELD", (4, 83)),
        ({"addenda": [Addenda05(text="1"), Addenda05(text="2", sequence=2)]}, "ACH-ADDENDA-MANY", None),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(ach_file, over, code, columns):
    with pytest.raises(NotRepresentable) as caught:
        write(with_entry(ach_file, **over))
    finding = caught.value.finding
    assert (finding.code, finding.place.columns) == (code, columns)
    assert finding.place.line == (4 if "addenda" in over and columns else 3)
    assert "MORE THAN" not in str(caught.value)


def test_a_file_without_money_in_it_is_refused(ach_file):
    for spoiled in (
        replace(ach_file, batches=[]),
        replace(ach_file, batches=[replace(ach_file.batches[0], entries=[])]),
        replace(ach_file, batches=[replace(ach_file.batches[0], sec="WEB")]),
        replace(ach_file, batches=[replace(ach_file.batches[0], entries=ach_file.batches[0].entries[::-1])]),
        replace(ach_file, created=None),
        replace(ach_file, origin="12345678"),
    ):
        with pytest.raises(NotRepresentable):
            write(spoiled)
    with pytest.raises(ValueError, match="line_end"):
        write(ach_file, "\n\n")


def test_a_total_too_wide_is_refused(make_entry, make_batch, ach_file):
    entries = [make_entry(n, 10**10 - 1) for n in range(1, 102)]
    with pytest.raises(NotRepresentable) as caught:
        write(replace(ach_file, batches=[make_batch(1, "PPD", entries)]))
    assert caught.value.finding.place.columns == (33, 44)


@pytest.mark.parametrize("entries", range(1, 12))
def test_blocks_are_always_full(make_entry, make_batch, ach_file, entries):
    data = write(replace(ach_file, batches=[make_batch(1, "PPD", [make_entry(n, n) for n in range(1, entries + 1)])]))
    assert data.count(b"\n") % 10 == 0
    assert check(data) == []


def test_another_addenda_is_written_as_it_stands(ach_file):
    entry = ach_file.batches[1].entries[0]
    addenda = [OtherAddenda(type_code="02", text="TERMINAL 7")]
    file = replace(ach_file, batches=[replace(ach_file.batches[1], entries=[replace(entry, addenda=addenda)])])
    assert read(write(file)).file == file
