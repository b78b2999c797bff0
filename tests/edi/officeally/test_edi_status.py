"""EDI Status reports: read back equal, also with ids that grew, texts that go on and headings that move."""

import os
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from officeally_reports import FILE_ID, status, status_row
from places import GOLDEN

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.officeally import EdiStatus, StatusRow, is_whole, read_edi_status, write_edi_status

PAGE = GOLDEN / "officeally" / f"{FILE_ID}_EDI_STATUS_20261121.txt"


def codes(findings, severity=Severity.ERROR):
    return [one.code for one in findings if one.severity is severity]


def test_golden():
    data = write_edi_status(status())
    if os.environ.get("CLAIMRAIL_WRITE_GOLDEN"):
        PAGE.write_bytes(data)
    assert PAGE.read_bytes() == data
    assert read_edi_status(data) == (status(), [])


rows = st.builds(
    StatusRow,
    file_id=st.integers(10**7, 10**12 - 1).map(str),
    clearinghouse_id=st.none() | st.integers(10**9, 10**10 - 1).map(str),
    account=st.from_regex(r"[A-Z][A-Z0-9]{0,13}", fullmatch=True),
    patient=st.none() | st.from_regex(r"[A-Z]{1,9},[A-Z]{1,5} [A-Z]", fullmatch=True),
    amount_cents=st.none() | st.integers(-(10**8), 10**10),
    practice_id=st.none() | st.from_regex(r"[0-9]{1,11}", fullmatch=True),
    tax_id=st.none() | st.from_regex(r"[0-9]{9}", fullmatch=True),
    payer_id=st.none() | st.from_regex(r"[A-Z0-9]{2,10}", fullmatch=True),
    processed=st.none() | st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    payer_reference=st.none() | st.from_regex(r"[A-Z0-9-]{1,20}", fullmatch=True),
    status=st.sampled_from(["ACCEPTED", "REJECTED"]),
    text=st.none() | st.from_regex(r"[!-~]{1,30}( [!-~]{1,20}){0,12}", fullmatch=True),
)


@given(st.lists(rows, min_size=1, max_size=8))
@settings(max_examples=150)
def test_what_is_written_is_read_back(some):
    told = EdiStatus(rows=some, count=len(some))
    assert read_edi_status(write_edi_status(told)) == (told, [])


@given(st.binary(max_size=300) | st.builds(lambda n: write_edi_status(status())[:n], st.integers(0, 1200)))
def test_no_bytes_raise(data):
    report, findings = read_edi_status(data)
    assert report.complete or codes(findings)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
def test_any_line_end_will_do(end):
    assert read_edi_status(write_edi_status(status()).replace(b"\r\n", end)) == (status(), [])


@pytest.mark.parametrize("digits", range(8, 13))
def test_file_ids_grew_and_push_their_row_aside(digits):
    told = status([status_row("CSAMPLE0000001", file_id="999835002777"[:digits])])
    assert read_edi_status(write_edi_status(told)) == (told, [])


@pytest.mark.parametrize("shift", [-4, 0, 3])
def test_a_row_may_begin_elsewhere(shift):
    """Blanks before the file id that somebody's editor took away or added."""
    lines = write_edi_status(status()).decode().split("\r\n")
    moved = [line[-min(shift, 0) :].rjust(len(line) + shift) if FILE_ID in line else line for line in lines]
    assert read_edi_status("\n".join(moved).encode())[0].rows == status().rows


def test_columns_move_with_their_heading():
    lines = write_edi_status(status()).decode().split("\r\n")
    moved = [f"{line[:73]}     {line[73:]}" if len(line) > 80 and not line.startswith("-") else line for line in lines]
    assert read_edi_status("\n".join(moved).encode()) == (status(), [])


def test_a_heading_in_other_words_leaves_the_known_columns():
    data = write_edi_status(status()).replace(b"Pat. Acct #", b"Number     ")
    report, findings = read_edi_status(data)
    assert report.rows == status().rows
    assert codes(findings) == []


def test_pages_and_their_headings_do_no_harm():
    lines = write_edi_status(status()).split(b"\r\n")
    page = [b"\x0c" + lines[0], b" " * 150 + b"Page 2", b"INVENTED CLINIC", lines[2], lines[3]]
    data = b"\r\n".join([*lines[:5], *page, *lines[5:]])
    assert read_edi_status(data) == (status(), [])


def test_a_text_goes_on_in_any_column_near_its_own():
    data = write_edi_status(status([status_row("C1", text="FIRST")], count=None))
    report, findings = read_edi_status(data + b" " * 146 + b"AND SECOND\r\n" + b" " * 160 + b"AND THIRD\r\n")
    assert report.rows[0].text == "FIRST AND SECOND AND THIRD"
    assert findings == []


def test_a_text_that_goes_on_at_the_margin_is_told():
    data = write_edi_status(status([status_row("C1", text="FIRST")], count=None))
    _, findings = read_edi_status(data + b"AND SECOND\r\n")
    assert codes(findings, Severity.WARNING) == ["OA-LINE"]


def test_dollars_and_thousands():
    data = write_edi_status(status([status_row("C1")])).replace(b"1234.50  ", b"$1,234.50")
    assert read_edi_status(data)[0].rows[0].amount_cents == 123450


def test_an_amount_that_is_none_is_told_and_left_out():
    data = write_edi_status(status([status_row("C1")])).replace(b"1234.50", b"12.3456")
    report, findings = read_edi_status(data)
    assert report.rows[0].amount_cents is None
    assert [(one.code, one.place.columns) for one in findings] == [("OA-ES-AMOUNT", (62, 68))]


def test_a_status_of_another_word_is_told_and_neither_accepts_nor_rejects():
    report, findings = read_edi_status(write_edi_status(status([status_row("C1", "PENDING")])))
    assert (report.rows[0].accepted, report.rows[0].rejected) == (False, False)
    assert codes(findings, Severity.WARNING) == ["OA-ES-STATUS"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"CSAMPLE0000002", b" " * 14, "OA-ES-VALUE"),
        (b"REJECTED", b" " * 8, "OA-ES-VALUE"),
        (b"1000000002", b"1000-00002", "OA-ES-NUMBER"),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_at_its_place(before, after, code):
    data = write_edi_status(status())
    line = 1 + data[: data.index(b"CSAMPLE0000002")].count(b"\r\n")
    _, findings = read_edi_status(data.replace(before, after))
    assert [(one.code, one.place.line) for one in findings if one.code == code] == [(code, line)]
    assert "OA-ES-COUNT" in codes(findings)


def test_a_report_with_fewer_rows_than_it_counts_is_not_whole():
    data = write_edi_status(status())
    without = b"\r\n".join(line for line in data.split(b"\r\n") if b"CSAMPLE0000001" not in line)
    assert not is_whole("text:edi-status", without)
    assert not is_whole("text:edi-status", data[: data.index(b"REJECTED") + 4])
    assert not is_whole("text:edi-status", b"EDI STATUS REPORT\r\n")


@pytest.mark.parametrize(
    "changes",
    [
        {"file_id": "1234567"},
        {"file_id": "12345678X"},
        {"account": "C" * 16},
        {"amount_cents": 10**13},
        {"text": "TWO  BLANKS"},
        {"text": "ÄRGER"},
    ],
)
def test_what_does_not_fit_is_refused(changes):
    with pytest.raises(NotRepresentable):
        write_edi_status(status([replace(status_row("C1"), **changes)]))


# -- what real accounts' rows look like ------------------------------------------------------------------------------------
def key(rows):
    """What a report is applied by."""
    return [(row.file_id, row.clearinghouse_id, row.account, row.status, row.payer_id) for row in rows]


def with_rows(change, report=None):
    lines = write_edi_status(report or status()).decode().split("\r\n")
    return "\r\n".join(change(line) if FILE_ID in line else line for line in lines).encode()


READ = {
    "the account three to the right": lambda row: row[:26] + "   " + row[26:],
    "a wide name pushes the rest": lambda row: row.replace("SAMPLE,PAT" + " " * 10, "SAMPLE-SAMPLE,PATRICK B "),
    "signs and commas in the amount": lambda row: row.replace("1234.50 ", "$1,234.50"),
    "a payer's text that names the other verdict": lambda row: row.replace("CLAIM ACCEPTED FOR", "ONCE REJECTED, NOW"),
    "the status in small letters": lambda row: row.replace(" ACCEPTED  ", " Accepted  ").replace(
        " REJECTED  ", " Rejected. "
    ),
}
SET_ASIDE = {
    "a name runs into the amount": lambda row: row.replace("SAMPLE,PAT" + " " * 10, "S" * 23),
    "a payer's number runs into the status": lambda row: row[:122] + "9" * 23 + row[142:],
    "no file id": lambda row: " " * 14 + row[14:],
    "no status": lambda row: row[:142] + " " * 10 + row[152:],
}


@pytest.mark.parametrize("name", READ)
def test_rows_that_moved_are_the_same_claims(name):
    report, findings = read_edi_status(with_rows(READ[name]))
    assert key(report.rows) == key(status().rows)
    assert codes(findings) == []


@pytest.mark.parametrize("name", SET_ASIDE)
def test_a_row_that_leaves_a_doubt_is_an_error_at_its_line(name):
    data = with_rows(SET_ASIDE[name], status([status_row("CSAMPLE0000001")], count=None))
    report, findings = read_edi_status(data)
    assert report.rows == []
    assert {one.place.line for one in findings if one.severity is Severity.ERROR} >= {5}


@pytest.mark.parametrize(
    "word", ["ACCEPTED WITH ERRORS", "Accepted with changes", "PENDING", "IN PROCESS", "NOT FOUND"]
)
def test_a_status_of_other_words_moves_nothing_and_is_told(word):
    data = with_rows(lambda row: f"{row[:142]}{word:<10}{' ' * (len(word) > 10)}{row[152:]}")
    report, findings = read_edi_status(data)
    assert {row.status for row in report.rows} == {word.upper()}
    assert not any(row.accepted or row.rejected for row in report.rows)
    assert codes(findings) == []
    assert codes(findings, Severity.WARNING) == ["OA-ES-STATUS"] * 2
    assert report.rows[0].text == status().rows[0].text
