"""Judges from outside: they accept all that we send, and where they refuse what is right the table says why we differ."""

import os
from dataclasses import replace
from datetime import date, datetime

import achkit
import pytest
from nacha_judges import judged_by_achlens

from edi.nacha import check, read, return_file, write, write_back
from edi.nacha.corrections import Correction
from edi.nacha.outward import OffsetAccount, balanced, prenote, reversal_file
from edi.nacha.remittance import in_addenda
from edi.nacha.returns import Sheet, change_file, contested_file, dishonored_file, refusal_file

WHEN = datetime.fromisoformat("2026-11-25T10:00")
SHEET = Sheet(created=WHEN)


def judged(data: bytes) -> tuple[list[str], list[str]]:
    """Codes of achkit's and achlens's errors."""
    return (
        sorted({one["code"] for one in achkit.validate(data.decode())["errors"]}),
        sorted({rule for rule, _ in judged_by_achlens(data)}),
    )


def outgoing(file, make_batch, make_entry):
    """A file of each kind that goes out."""
    _, vendors = file.batches
    account = OffsetAccount(routing_number="091000019", account="778899", name="SAMPLE MEDICS")
    remitted = make_entry(1, 12_550, name="BOLT PARTS", addenda=in_addenda("ST*820*0001~" + "RMR*IV*INV-1**1.00~" * 40))
    tried = prenote(vendors.entries[0], "091000010000009")
    return {
        "refunds and vendor": file,
        "prenotes": replace(file, batches=[replace(vendors, entries=[tried])]),
        "remittance": replace(file, batches=[make_batch(1, "CTX", [remitted])]),
        "balanced": replace(file, batches=[balanced(vendors, account)]),
        "reversal": reversal_file(file, [vendors.entries[0].trace], created=WHEN, effective_date=date(2026, 11, 27)),
    }


@pytest.mark.parametrize("kind", ["refunds and vendor", "prenotes", "remittance", "balanced", "reversal"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_we_send_is_accepted(ach_file, make_batch, make_entry, kind, line_end):
    data = write(outgoing(ach_file, make_batch, make_entry)[kind], line_end)
    assert check(data) == []
    assert judged(data) == ([], [])


_NOT_COUNTED = ["BAD_BATCH_CREDIT", "BAD_FILE_CREDIT"]
_RETURNED = ["AD001", "BC005", "ED001", "FC006"]
_NOTIFIED = ["AD001", "BH004", "ED001"]
WRONG = {
    "return": (_NOT_COUNTED, _RETURNED),
    "dishonored": (_NOT_COUNTED, _RETURNED),
    "contested": (_NOT_COUNTED, _RETURNED),
    "notification": ([], _NOTIFIED),
    "refusal": ([], _NOTIFIED),
    "no line ends": (
        ["BAD_BLOCKING", "BAD_RECORD_LEN"],
        [*(f"FC00{number}" for number in range(1, 7)), "S001", "S008", "S011"],
    ),
}
"""What achkit and achlens find in files that the rules allow.

Both know outbound codes alone: they do not count the amounts of 21, 26, 31 ... and achlens takes those codes, class COR and
addenda 98 and 99 for errors. Neither reads records that follow each other without line ends.
"""


def coming_back(file):
    """A file of each kind that goes to and fro about entries of `file`."""
    back = return_file(file, [("091000010000004", "R03")], created=WHEN)
    dishonored = dishonored_file(back, [(back.batches[0].entries[0].trace, "R68")], SHEET)
    told = change_file(file, [("091000010000001", "C01", Correction(account="77"))], SHEET)
    return {
        "return": back,
        "dishonored": dishonored,
        "contested": contested_file(dishonored, [(dishonored.batches[0].entries[0].trace, "R73")], SHEET),
        "notification": told,
        "refusal": refusal_file(told, [(told.batches[0].entries[0].trace, "C68")], SHEET),
    }


@pytest.mark.parametrize("kind", WRONG)
def test_where_they_refuse_what_is_right(ach_file, kind):
    data = write(ach_file, "") if kind == "no line ends" else write(coming_back(ach_file)[kind])
    assert check(data) == []
    assert judged(data) == WRONG[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "prenotes", "remittance", "balanced", "reversal", "return", "dishonored", "contested", "notification", "refusal",
    ],
)  # fmt: skip
def test_golden_files_of_each_kind(ach_file, make_batch, make_entry, golden_folder, kind):
    data = write((outgoing(ach_file, make_batch, make_entry) | coming_back(ach_file))[kind])
    path = golden_folder / f"{kind}.ach"
    if os.environ.get("CLAIMRAIL_WRITE_GOLDEN"):  # look at the difference before it is committed
        path.write_bytes(data)
    assert data == path.read_bytes()
    assert write_back(read(data)) == data
