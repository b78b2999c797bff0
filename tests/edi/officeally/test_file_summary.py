"""File Summaries: what we write is read back equal, and what printers, pages and growing numbers do to one is borne."""

import os
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from officeally_reports import FILE_ID, summary, summary_row
from places import GOLDEN

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.officeally import ErrorText, FileSummary, Section, SummaryRow, is_whole, read_file_summary, write_file_summary

SHAPES = {
    f"FS_HCFA_{FILE_ID}_IN_C.txt": summary(),
    f"FS_HCFA_{FILE_ID}ErrorReport.txt": summary(
        [summary_row(1, "CSAMPLE0000003", Section.ERROR, errors="SUB01 DIA02")], counts={Section.ERROR: 1}
    ),
    "FS_HCFA_1088623389_IN_C.txt": summary(
        [], file_id="1088623389", legend=[], failure="THE FILE COULD NOT BE PROCESSED: NO CLAIM WAS MADE OF IT"
    ),
}


def codes(findings, severity=Severity.ERROR):
    return [one.code for one in findings if one.severity is severity]


@pytest.mark.parametrize("name", SHAPES)
def test_golden(name):
    data = write_file_summary(SHAPES[name])
    path = GOLDEN / "officeally" / name
    if os.environ.get("CLAIMRAIL_WRITE_GOLDEN"):
        path.write_bytes(data)
    assert path.read_bytes() == data
    assert read_file_summary(data) == (SHAPES[name], [])
    assert is_whole("text:file-summary", data)


word = st.from_regex(r"[A-Z0-9]{1,9}", fullmatch=True)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
rows = st.builds(
    SummaryRow,
    section=st.sampled_from(Section),
    sequence=st.integers(1, 99_999),
    clearinghouse_id=st.none() | st.from_regex(r"[0-9]{8,12}", fullmatch=True),
    patient_id=st.none() | st.from_regex(r"[A-Z0-9]{1,18}", fullmatch=True),
    patient=st.none() | st.from_regex(r"[A-Z]{1,9},[A-Z]{1,5} [A-Z]", fullmatch=True),
    birth_date=st.none() | days,
    service_from=st.none() | days,
    service_to=st.none() | days,
    procedure=st.none() | st.from_regex(r"[A-Z0-9]{5}", fullmatch=True),
    diagnosis=st.none() | st.from_regex(r"[A-Z][0-9.]{2,7}", fullmatch=True),
    tax_id=st.none() | word,
    account=st.from_regex(r"[A-Z0-9]{1,14}", fullmatch=True),
    provider_id=st.none() | word,
    payer_id=st.none() | st.from_regex(r"[A-Z0-9]{1,7}", fullmatch=True),
    errors=st.none() | st.from_regex(r"[A-Z]{3}[0-9]{2}( [A-Z]{3}[0-9]{2}){0,3}", fullmatch=True),
)
legends = st.builds(
    ErrorText,
    code=st.from_regex(r"[A-Z]{2,4}[0-9]{2}", fullmatch=True),
    count=st.integers(0, 999),
    text=st.from_regex(r"[A-Z]{1,9}( [A-Z0-9#:']{1,9}){0,5}", fullmatch=True),
)


@given(
    st.lists(rows, min_size=1, max_size=8),
    st.lists(legends, max_size=3, unique=True),
    st.integers(10**7, 10**12 - 1).map(str),
)
@settings(max_examples=150)
def test_what_is_written_is_read_back(some, legend, file_id):
    ordered = [row for section in Section for row in some if row.section is section]
    counts = {section: sum(row.section is section for row in ordered) for section in Section}
    told = FileSummary(file_id=file_id, uploaded_name="837P_1.txt", rows=ordered, legend=legend, counts=counts)
    data = write_file_summary(told)
    read, findings = read_file_summary(data)
    assert read == told
    assert codes(findings) == []


@given(st.binary(max_size=300) | st.builds(lambda n: write_file_summary(summary())[:n], st.integers(0, 2500)))
def test_no_bytes_raise(data):
    report, findings = read_file_summary(data)
    assert report.complete or codes(findings)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
def test_any_line_end_will_do(end):
    assert read_file_summary(write_file_summary(summary()).replace(b"\r\n", end)) == (summary(), [])


def test_form_feeds_and_headings_on_each_page_do_no_harm():
    lines = write_file_summary(summary()).split(b"\r\n")
    at = next(place for place, line in enumerate(lines) if line.startswith(b"2)"))
    heading = next(line for line in lines if line.startswith(b"CLAIM#"))
    page = [b"\x0c" + lines[0], b"INVENTED CLINIC                Page 2", lines[1], heading]
    assert read_file_summary(b"\r\n".join([*lines[:at], *page, *lines[at:]])) == (summary(), [])


def test_a_page_heading_without_a_form_feed_is_known_from_the_first_page():
    lines = write_file_summary(summary()).split(b"\r\n")
    at = next(place for place, line in enumerate(lines) if line.startswith(b"2)"))
    assert read_file_summary(b"\n".join([*lines[:at], *lines[:3], *lines[at:]])) == (summary(), [])


def test_blanks_after_the_text_and_a_missing_tail_are_the_same():
    padded = b"\n".join(line.ljust(200) for line in write_file_summary(summary()).split(b"\r\n"))
    assert read_file_summary(padded) == (summary(), [])


def test_columns_move_with_their_heading():
    """Two blanks before every cell from the account on, the heading with them."""
    lines = write_file_summary(summary()).decode().split("\r\n")
    moved = [f"{line[:121]}  {line[121:]}" if line.startswith("CLAIM#") or line[1:2] == ")" else line for line in lines]
    assert read_file_summary("\n".join(moved).encode()) == (summary(), [])


def test_a_heading_that_misleads_is_not_followed():
    """Rows in the known columns under a heading that stands elsewhere."""
    data = write_file_summary(summary()).replace(b"ACCNT#        PHYS", b"       ACCNT# PHYS")
    assert read_file_summary(data)[0].rows == summary().rows


def test_without_any_heading_the_known_columns_hold():
    lines = [
        line for line in write_file_summary(summary()).split(b"\r\n") if not line.startswith((b"CLAIM#", b"-----"))
    ]
    report, findings = read_file_summary(b"\n".join(lines))
    assert [row.account for row in report.rows] == [row.account for row in summary().rows]
    assert {row.section for row in report.rows} == {None}
    assert [row.rejected for row in report.rows] == [False, False, True, False]
    assert codes(findings) == []


def test_a_wide_sequence_number_pushes_its_row_aside():
    data = write_file_summary(summary()).replace(b"2)     10000", b"1000002) 10000")
    data = data.replace(b"1000002) ", b"100002) ")
    report, findings = read_file_summary(data)
    assert (report.rows[1].sequence, report.rows[1].account, codes(findings)) == (100002, "CSAMPLE0000002", [])


@pytest.mark.parametrize("digits", [8, 9, 10, 11, 12])
def test_file_ids_grew(digits):
    told = summary(file_id="9998350027712"[:digits])
    assert read_file_summary(write_file_summary(told)) == (told, [])


def test_an_upload_that_was_split_is_known_by_the_notice():
    told = summary(uploaded_name=None, split_name="OATEST_837P_000000101.txt", split_into=3)
    report, findings = read_file_summary(write_file_summary(told))
    assert (report, findings) == (told, [])
    assert report.names == ["OATEST_837P_000000101.txt"]


def test_the_legend_explains_the_codes():
    report, _ = read_file_summary(write_file_summary(summary()))
    assert report.rows[2].error_codes == ["SUB01", "DIA02"]
    assert report.explained(["SUB01", "XYZ99"]) == "SUB01 (THE SUBSCRIBER ID IS NOT OF THE PAYER'S FORM), XYZ99"


def test_an_error_cell_without_a_code_still_refuses():
    report, _ = read_file_summary(write_file_summary(summary([summary_row(1, "C1", None, errors="SEE BELOW")])))
    assert (report.rows[0].rejected, report.rows[0].error_codes) == (True, [])


def test_errors_at_an_accepted_claim_are_told_and_refuse_it():
    report, findings = read_file_summary(write_file_summary(summary([summary_row(1, "C1", errors="SUB01")])))
    assert report.rows[0].rejected
    assert codes(findings, Severity.WARNING) == ["OA-FS-SECTION"]


@pytest.mark.parametrize(
    ("before", "after", "code", "columns"),
    [
        (b"CSAMPLE0000002", b"              ", "OA-FS-VALUE", (122, 122)),
        (b"CSAMPLE0000002", b"CSAMPLE 000002", "OA-FS-VALUE", (122, 135)),
        (b"1000000002", b"10000X0002", "OA-FS-NUMBER", (8, 17)),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error_at_its_place(before, after, code, columns):
    data = write_file_summary(summary())
    line = 1 + data[: data.index(b"CSAMPLE0000002")].count(b"\r\n")
    _, findings = read_file_summary(data.replace(before, after))
    found = next(one for one in findings if one.code == code)
    assert (found.severity, found.place.line, found.place.columns) == (Severity.ERROR, line, columns)
    assert "OA-FS-COUNT" in codes(findings)
    assert "CSAMPLE" not in str(found)


def test_a_date_that_is_none_is_told_and_left_out():
    data = write_file_summary(summary([summary_row(1, "C1")])).replace(b"01/02/1980", b"13/02/1980")
    report, findings = read_file_summary(data)
    assert report.rows == [summary_row(1, "C1", birth_date=None)]
    assert codes(findings, Severity.WARNING) == ["OA-FS-DATE"]


def test_a_line_that_nobody_expects_is_told_and_costs_nothing():
    lines = write_file_summary(summary()).split(b"\r\n")
    at = next(place for place, line in enumerate(lines) if line.startswith(b"2)"))
    report, findings = read_file_summary(b"\r\n".join([*lines[:at], b"   SOMETHING ELSE", *lines[at:]]))
    assert report == summary()
    assert [(one.code, one.place.line) for one in findings] == [("OA-LINE", at + 1)]


def test_an_account_of_digits_is_not_taken_for_a_missing_claim_id():
    told = summary([summary_row(1, "000012345678", clearinghouse_id=None, patient_id=None, patient=None)])
    assert read_file_summary(write_file_summary(told)) == (told, [])


def test_numbered_advice_above_the_claims_is_no_row():
    lines = write_file_summary(summary()).split(b"\r\n")
    advice = [b"1) CORRECT THE CLAIMS IN ERROR", b"2) SEND THEM AGAIN"]
    assert read_file_summary(b"\n".join([*lines[:3], *advice, *lines[3:]])) == (summary(), [])


def test_a_line_of_any_length_is_read_at_once():
    data = write_file_summary(summary()) + b"file x " * 200_000 + b"\r\n"
    report, findings = read_file_summary(data)
    assert (report, codes(findings)) == (summary(), ["OA-FS-LONG"])


def test_no_beginning_with_a_row_missing_passes_for_the_whole():
    data = write_file_summary(summary())
    last_row = data.rindex(b"1)")
    end = data.index(b"CSAMPLE0000004") + 14
    first = data.index(b"1)")
    assert [n for n in range(first, end) if is_whole("text:file-summary", data[:n]) and n > last_row] == []
    cut_in_error_cell = data[: data.index(b"SUB01 DIA02") + 2]
    assert not is_whole("text:file-summary", cut_in_error_cell)


def test_nothing_but_a_title_is_not_whole():
    report, findings = read_file_summary(b"CLAIMS UPLOAD FILE SUMMARY\r\nFile Name: 837P_1.txt\r\n")
    assert (report.failed, report.complete, codes(findings)) == (False, False, ["OA-FS-EMPTY"])


@pytest.mark.parametrize("changes", [{"failure": "UNABLE TO PROCESS THIS FILE", "counts": {}}, {}])
def test_a_failed_file_says_so_or_counts_nothing(changes):
    told = summary([], legend=[], **changes)
    report, findings = read_file_summary(write_file_summary(told))
    assert (report.failed, report.complete, findings) == (True, True, [])


def test_accented_letters_keep_the_columns_straight():
    data = write_file_summary(summary()).replace(b"SAMPLE,PAT", "SÄMPLE,PAT".encode("latin-1"))
    assert read_file_summary(data)[0].rows[0].account == "CSAMPLE0000001"
    data = write_file_summary(summary()).replace(b"SAMPLE,PAT", "SÄMPLE,PAT".encode())
    assert read_file_summary(data)[0].rows[0].account == "CSAMPLE0000001"


@pytest.mark.parametrize(
    "changes",
    [
        {"account": "C" * 15},
        {"patient": "TOO LONG A NAME FOR ITS COLUMN"},
        {"patient": "DOUBLE  BLANK"},
        {"patient": "ÄRGER"},
        {"errors": "TWO\nLINES"},
        {"sequence": 1_000_000},
    ],
)
def test_what_does_not_fit_is_refused(changes):
    with pytest.raises(NotRepresentable):
        write_file_summary(summary([replace(summary_row(1, "C1"), **changes)]))


def test_a_failure_that_would_not_be_understood_is_refused():
    with pytest.raises(NotRepresentable):
        write_file_summary(summary([], failure="HELLO"))


# -- what real accounts' rows look like ------------------------------------------------------------------------------------
def key(rows):
    """What a report is applied by."""
    return [(row.account, row.clearinghouse_id, row.rejected, row.pending, row.errors, row.payer_id) for row in rows]


def with_rows(change, report=None):
    lines = write_file_summary(report or summary()).decode().split("\r\n")
    return "\r\n".join(change(line) if line[1:2] == ")" else line for line in lines).encode()


READ = {
    "a wide patient id pushes the rest": lambda row: row[:19] + "W" * 20 + " " + row[37:],
    "one more blank before the birth date": lambda row: row[:57] + " " + row[57:],
    "three more": lambda row: row[:57] + "   " + row[57:],
    "the account one to the right": lambda row: row[:121] + " " + row[121:],
    "the account four to the right": lambda row: row[:121] + "    " + row[121:],
    "a name that fills its column": lambda row: row.replace("SAMPLE,PAT" + " " * 10, "O'SAMPLE-SAMPLE,PAT B"[:20]),
    "no dates": lambda row: row.replace("11/02/2026", " " * 10).replace("01/02/1980", " " * 10),
    "years of two digits": lambda row: row.replace("/2026", "/26  ").replace("/1980", "/80  "),
    "no birth date, the rest pushed": lambda row: row[:57] + " " * 10 + row[67:70] + "  " + row[70:],
}
SET_ASIDE = {
    "a wide name runs into the birth date": lambda row: row.replace("SAMPLE,PAT" + " " * 10, "S" * 23),
    "tabs for blanks": lambda row: "\t".join(row.split()),
    "no bracket after the number": lambda row: row.replace(")", " ", 1),
    "no account": lambda row: row[:121] + " " * 14 + row[135:],
    "an account with a blank": lambda row: row.replace("CSAMPLE0000", "CSAMPLE 000"),
}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("headed", [True, False], ids=["heading", "no heading"])
def test_rows_that_moved_are_the_same_claims(name, headed):
    data = with_rows(READ[name])
    if not headed:
        data = b"\r\n".join(line for line in data.split(b"\r\n") if not line.startswith(b"CLAIM#"))
    report, findings = read_file_summary(data)
    assert key(report.rows) == key(summary().rows)
    assert codes(findings) == []


@pytest.mark.parametrize("name", SET_ASIDE)
def test_a_row_that_leaves_a_doubt_is_an_error_at_its_line(name):
    one = summary([summary_row(1, "CSAMPLE0000001"), summary_row(2, "CSAMPLE0000002")], counts={})
    data = with_rows(SET_ASIDE[name], one)
    report, findings = read_file_summary(data)
    assert report.rows == []
    lines = {one.place.line for one in findings if one.severity is Severity.ERROR}
    assert lines >= {number for number, line in enumerate(data.split(b"\r\n"), 1) if line[:1] in {b"1", b"2"}}


def test_the_first_row_is_not_taken_for_a_title_where_it_lacks_its_number():
    rows = [summary_row(1, "CSAMPLE0000001", clearinghouse_id=None), summary_row(2, "CSAMPLE0000002")]
    lines = write_file_summary(summary(rows, counts={})).split(b"\r\n")
    bare = b"\r\n".join(line for line in lines if not line.startswith((b"CLAIM#", b"---")))
    assert codes(read_file_summary(bare)[1]) == ["OA-FS-ROW"]


def test_error_codes_go_on_below_their_cell():
    data = write_file_summary(summary()).replace(b"SUB01 DIA02", b"SUB01,\r\n" + b" " * 153 + b"DIA02")
    report, findings = read_file_summary(data)
    assert [row.error_codes for row in report.rows] == [[], [], ["SUB01", "DIA02"], []]
    assert findings == []


def untitled(data):
    return b"\r\n".join(line for line in data.split(b"\r\n") if b"DETAIL" not in line)


def test_without_sections_the_totals_must_bear_the_rows_out():
    data = untitled(write_file_summary(summary()))
    assert codes(read_file_summary(data)[1]) == []
    lost = b"\r\n".join(line for line in data.split(b"\r\n") if b"CSAMPLE0000002" not in line)
    assert codes(read_file_summary(lost)[1]) == ["OA-FS-COUNT"]


def test_an_error_twin_without_title_and_codes_accepts_nothing():
    row = summary_row(1, "CSAMPLE0000003", Section.ERROR)
    data = write_file_summary(summary([row], counts={Section.ERROR: 1}))
    assert [one.rejected for one in read_file_summary(data)[0].rows] == [True]
    assert codes(read_file_summary(untitled(data))[1]) == ["OA-FS-COUNT"]


@pytest.mark.parametrize(
    "title", [b"ERROR CLAIMS DETAILS:", b"   Rejected Claim Detail", b"=== ERROR CLAIM DETAIL ==="]
)
def test_titles_of_other_forms(title):
    data = write_file_summary(summary()).replace(b"-------ERROR CLAIM DETAIL", title)
    assert read_file_summary(data) == (summary(), [])
