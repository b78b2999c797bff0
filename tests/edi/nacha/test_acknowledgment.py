"""The bank's answer: reads back, agrees with the file, and is never an acceptance by accident."""

from dataclasses import replace

import pytest

from edi.nacha import acknowledge, is_acknowledgment, read_acknowledgment, write_acknowledgment


def test_an_answer_reads_back_and_agrees_with_its_file(ach_file):
    answer = acknowledge(ach_file, rejected_batches=[(2, "COMPANY ID INVALID")])
    data = write_acknowledgment(answer)
    assert is_acknowledgment(data)
    assert read_acknowledgment(data) == (answer, [])
    assert read_acknowledgment(data.replace(b"\n", b"\r\n")) == (answer, [])
    assert answer.accepted
    assert not answer.rejected
    assert answer.disagreements(ach_file) == []


def test_every_total_and_the_key_are_compared(ach_file):
    answer = acknowledge(ach_file)
    for name in ("batch_count", "entry_addenda_count", "debit_cents", "credit_cents"):
        changed = replace(answer, **{name: getattr(answer, name) + 1})
        assert [finding.code for finding in changed.disagreements(ach_file)] == ["ACH-ACK-TOTAL"]
    assert [f.code for f in replace(answer, modifier="B").disagreements(ach_file)] == ["ACH-ACK-KEY"]


def test_an_unknown_status_is_a_finding_and_no_acceptance(ach_file):
    data = write_acknowledgment(acknowledge(ach_file, status="PENDED"))
    answer, findings = read_acknowledgment(data)
    assert [finding.code for finding in findings] == ["ACH-ACK-STATUS"]
    assert not answer.accepted
    assert not answer.rejected


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"ACH FILE", b"ACK FILE", "ACH-ACK-TITLE"),
        (b"END\n", b"", "ACH-ACK-END"),
        (b"MODIFIER: A\n", b"", "ACH-ACK-TAG"),
        (b"MODIFIER: A\n", b"MODIFIER: A\nMODIFIER: A\n", "ACH-ACK-TAG"),
        (b"MODIFIER: A\n", b"MODIFIER: A\nWHAT: A\n", "ACH-ACK-TAG"),
        (b"CREDIT CENTS: ", b"CREDIT CENTS: -", "ACH-ACK-NUMBER"),
        (b"CREDIT CENTS: ", b"CREDIT CENTS: " + b"1" * 5000, "ACH-ACK-NUMBER"),
        (b"BATCH: 2", b"BATCH: two", "ACH-ACK-TAG"),
        (b"BATCH: 2", b"BATCH: " + b"2" * 5000, "ACH-ACK-TAG"),
        (b"STATUS: ACCEPTED", b"STATUS: accepted", "ACH-ACK-STATUS"),
    ],
)
def test_a_damaged_answer_is_found(ach_file, old, new, code):
    data = write_acknowledgment(acknowledge(ach_file, rejected_batches=[(2, "X")]))
    assert old in data
    answer, findings = read_acknowledgment(data.replace(old, new))
    assert code in [finding.code for finding in findings]
    assert answer is None or not answer.accepted


def test_nothing_raises_on_other_bytes():
    for data in (b"", b"\xff\x00", b"101 091000019"):
        assert read_acknowledgment(data)[0] is None
        assert not is_acknowledgment(data)


def test_text_that_would_break_a_line_is_refused(ach_file):
    with pytest.raises(ValueError, match="printable"):
        write_acknowledgment(acknowledge(ach_file, "REJECTED", "A\nSTATUS: ACCEPTED"))
