"""Notifications of change: each code's columns, both ways, and what no program may take over by itself."""

import pytest

from edi.nacha import codes, read
from edi.nacha.corrections import Correction, corrected_data, read_correction

CASES = [
    ("C01", Correction(account="1918171614"), "1918171614"),
    ("C02", Correction(routing_number="121042882"), "121042882"),
    ("C03", Correction(routing_number="121042882", account="55"), "121042882   55"),
    ("C04", Correction(name="RIVER EXAMPLE"), "RIVER EXAMPLE"),
    ("C05", Correction(transaction_code=32), "32"),
    ("C06", Correction(account="55", transaction_code=32), "55                  32"),
    (
        "C07",
        Correction(routing_number="121042882", account="55", transaction_code=37),
        "12104288255               37",
    ),
    ("C08", Correction(foreign_bank="DEUTDEFF"), "DEUTDEFF"),
    ("C09", Correction(individual_id="P77"), "P77"),
    ("C13", Correction(), ""),
    ("C14", Correction(entry_class="IAT"), "IAT"),
]


@pytest.mark.parametrize(("code", "correction", "text"), CASES, ids=[case[0] for case in CASES])
def test_each_code_has_its_columns(code, correction, text):
    assert corrected_data(code, correction) == text
    assert read_correction(code, text) == correction


def test_every_change_code_but_the_refusals_is_in_the_table():
    assert {case[0] for case in CASES} == {code for code in codes.CHANGE_CODES if not codes.is_refusal(code)}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("C01", ""),
        ("C02", "121042881"),
        ("C02", "12104288"),
        ("C03", "121042882"),
        ("C05", "21"),
        ("C05", "X"),
        ("C77", "1"),
    ],
)
def test_what_cannot_be_right_wants_a_person(code, text):
    assert read_correction(code, text) is None


@pytest.mark.parametrize(
    ("code", "correction"),
    [
        ("C01", Correction()),
        ("C01", Correction(account="1", name="X")),
        ("C01", Correction(account="1" * 18)),
        ("C61", Correction(account="1")),
    ],
)
def test_what_a_code_does_not_correct_is_refused(code, correction):
    with pytest.raises(ValueError, match=r"corrects|characters|no corrected data"):
        corrected_data(code, correction)


def test_the_sample_notifications_say_what_to_change(sample_folder):
    file = read((sample_folder / "synthetic/noc-codes/noc_C01_C09.ach").read_bytes()).file
    told = [read_correction(e.change.change_code, e.change.corrected) for b in file.batches for e in b.entries]
    assert None not in told
