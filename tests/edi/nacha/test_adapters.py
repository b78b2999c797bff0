"""Banks' forms of an answer: recognised by content, one typed result, and whatever is unknown holds the file."""

from dataclasses import replace
from datetime import date

import pytest

from edi.kinds import kind_of
from edi.nacha import acknowledge, write, write_acknowledgment
from edi.nacha.acknowledgment import ADAPTERS, adapter_of, is_whole, read_acknowledgment

REPORT = """AJ001A01A08052
          ******  ACKNOWLEDGEMENT OF ACH FILE DEPOSITS  ******
FILE STATUS: {status}

IMMEDIATE ORIGIN NAME:  SAMPLE MEDICS
IMMEDIATE ORIGIN:       1912345678
FILE CREATION DATE:     11/23/26
FILE CREATION TIME:     09:41
FILE ID MODIFIER:       A
---------------------COUNT-----------------AMOUNT--------

    BATCHES:           2  DEBIT:   $            0.00
ENTRY/ADDENDA:         5  CREDITS: $       10,124.44

FILE STATUS: {status}

BATCH NUMBER:  0000001
  EFFECTIVE ENTRY DATE:  26/11/25
ENTRY/ADDENDA:      3      DEBIT:   $            0.00
BATCH STATUS:  {first}

BH073-INVALID COMPANY NAME ON BATCH HEADER
BATCH NUMBER = 0000001

BATCH NUMBER:  0000002
  EFFECTIVE ENTRY DATE:  26/11/24
BATCH STATUS:  BATCH ACCEPTED

************************** END OF ACKNOWLEDGEMENT *************************
"""


def report(status="FILE ACCEPTED WITH BATCH LEVEL ERRORS", first="BATCH REJECTED") -> bytes:
    return REPORT.format(status=status, first=first).encode()


def confirmation(file, codes: str = "01", change=lambda lines: lines) -> bytes:
    """The file without entries, codes in columns 57-62 of its control."""
    lines = [line for line in write(file).decode().split("\n") if line[:1] not in {"6", "7"}]
    lines = [line[:56] + codes.ljust(6) + line[62:] if line[:1] == "9" and "0" in line else line for line in lines]
    return "\n".join(change(lines)).encode()


def codes_of(data: bytes) -> list[str]:
    return [finding.code for finding in read_acknowledgment(data)[1]]


@pytest.mark.parametrize("name", ADAPTERS)
def test_each_form_names_the_file_and_agrees_with_its_totals(name, ach_file):
    data = {
        "plain": write_acknowledgment(acknowledge(ach_file)),
        "fedach": report("FILE ACCEPTED WITH NO ERRORS", "BATCH ACCEPTED"),
        "confirmation": confirmation(ach_file),
    }[name]
    answer, findings = read_acknowledgment(data)
    assert adapter_of(data).name == answer.adapter == name
    assert kind_of(data) == "bank:ack"
    assert is_whole(data)
    assert findings == []
    assert answer.accepted
    assert answer.rejected_batches == []
    assert answer.disagreements(ach_file) == []
    assert read_acknowledgment(data, name) == (answer, [])


def test_a_file_that_brings_or_sends_money_is_no_answer(ach_file):
    assert adapter_of(write(ach_file)) is None
    assert not is_whole(write(ach_file))
    assert kind_of(write(ach_file)) == "nacha"


@pytest.mark.parametrize("form", ["lines", "one line", "tagged", "ebcdic"])
def test_a_report_says_the_same_in_all_its_shapes(ach_file, form):
    data = report()
    shaped = {
        "lines": data,
        "one line": data.replace(b"\n", b"     "),
        "tagged": b"\n".join(b"D" + line for line in data.split(b"\n")),
        "ebcdic": data.decode().encode("cp037"),
    }[form]
    answer, findings = read_acknowledgment(shaped)
    assert findings == []
    assert answer.disagreements(ach_file) == []
    assert answer.accepted
    assert answer.rejected_batches == [(1, "BH073 INVALID COMPANY NAME ON BATCH HEADER")]
    assert answer.codes == ["BH073"]
    assert answer.moved_dates(ach_file) == [(1, date(2026, 11, 25))]


@pytest.mark.parametrize(
    ("status", "first", "code"),
    [
        ("FILE PENDED", "BATCH ACCEPTED", "ACH-ACK-HELD"),
        ("FILE PARKED", "BATCH ACCEPTED", "ACH-ACK-STATUS"),
        ("FILE ACCEPTED", "BATCH PARKED", "ACH-ACK-STATUS"),
        ("FILE ACCEPTED", "BATCH PENDED", "ACH-ACK-STATUS"),
    ],
)
def test_a_report_that_does_not_decide_holds_the_file(status, first, code):
    assert code in codes_of(report(status, first))


def test_a_report_that_contradicts_itself_or_is_cut_holds_the_file():
    twice = report().replace(b"FILE STATUS: FILE ACCEPTED", b"FILE STATUS: FILE REJECTED", 1)
    assert codes_of(twice) == ["ACH-ACK-STATUS"]
    assert not read_acknowledgment(twice)[0].accepted
    cut = report()[:-60]
    assert not is_whole(cut)
    assert codes_of(cut) == ["ACH-ACK-END"]
    for part in (b"IMMEDIATE ORIGIN: ", b"FILE CREATION DATE:", b"FILE ID MODIFIER:", b"BATCHES:", b"ENTRY/ADDENDA:"):
        assert read_acknowledgment(report().replace(part, b"?"))[0] is None


@pytest.mark.parametrize(
    ("codes", "status", "findings"),
    [
        ("01", "ACCEPTED", []),
        ("0102", "ACCEPTED", []),
        ("04", "REJECTED", []),
        ("05", "REJECTED", []),
        ("03", "HELD", ["ACH-ACK-HELD"]),
        ("06", "HELD", ["ACH-ACK-HELD"]),
        ("0107", "HELD", ["ACH-ACK-HELD"]),
        ("TT", "HELD", ["ACH-ACK-HELD"]),
        ("0105", "HELD", ["ACH-ACK-STATUS"]),
        ("08", "HELD", ["ACH-ACK-CODE"]),
        ("01X9", "HELD", ["ACH-ACK-CODE"]),
    ],
)
def test_each_code_of_a_confirmation(ach_file, codes, status, findings):
    data = confirmation(ach_file, codes)
    answer, _ = read_acknowledgment(data)
    assert (answer.status, codes_of(data)) == (status, findings)


def test_a_confirmation_without_any_code_is_no_acceptance(ach_file):
    answer, findings = read_acknowledgment(confirmation(ach_file, ""), "confirmation")
    assert [finding.code for finding in findings] == ["ACH-ACK-CODE"]
    assert not answer.accepted


def test_a_confirmation_tells_moved_dates_and_refused_batches(ach_file):
    def change(lines):
        first = lines[1][:69] + "261127" + lines[1][75:]
        second = lines[3][:79] + "REJ05010" + lines[3][87:]
        return [lines[0], first, lines[2], second, *lines[4:]]

    answer, findings = read_acknowledgment(confirmation(ach_file, "0102", change))
    assert findings == []
    assert answer.moved_dates(ach_file) == [(1, date(2026, 11, 27))]
    assert answer.rejected_batches == [(2, "REJ05010")]
    assert answer.disagreements(ach_file) == []


def test_a_file_that_is_refused_whole(ach_file):
    data = confirmation(ach_file, "", lambda lines: [lines[0][:79] + "REJ01060" + lines[0][87:], *lines[1:]])
    answer, findings = read_acknowledgment(data)
    assert (answer.rejected, answer.reason, findings) == (True, "REJ01060", [])


def test_a_rejected_batch_that_was_not_sent_is_a_disagreement(ach_file):
    answer = replace(acknowledge(ach_file), rejected_batches=[(9, "X")])
    assert [finding.code for finding in answer.disagreements(ach_file)] == ["ACH-ACK-BATCH"]


@pytest.mark.parametrize("name", ADAPTERS)
def test_no_bytes_make_an_adapter_raise(name, ach_file):
    whole = {
        "plain": write_acknowledgment(acknowledge(ach_file)),
        "fedach": report(),
        "confirmation": confirmation(ach_file),
    }[name]
    for end in range(0, len(whole), 7):
        read_acknowledgment(whole[:end], name)
        read_acknowledgment(whole[end:], name)
    for data in (b"", b"9", b"1\n9\n", b"\xff" * 200, whole.replace(b"0", b"\xb2")):
        read_acknowledgment(data, name)


def test_the_reserve_banks_samples_are_read(sample_folder):
    for path in sorted((sample_folder / "fedach-ack").rglob("*.ack")):
        answer, findings = read_acknowledgment(path.read_bytes())
        assert findings == [], path.name
        assert answer.adapter == "fedach"
        assert answer.created.isdigit()
        assert len(answer.created) == 10
        assert answer.codes
        assert answer.rejected == (b"FILE REJECTED" in path.read_bytes()), path.name
