"""Reading: every line end, every fault at its place, nothing raised."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.findings import Severity
from edi.nacha import DEVIATIONS, INBOUND, STRICT, OtherAddenda, bank_profile, check, read, write, write_back

# Lines of the sample file: 1 header; 2-6 PPD batch of three entries; 7-10 CCD batch with one addenda; 11 control... 20
FAULTS = [
    # line, first column, what is written there, the code that has to be among the findings
    ("priority code", 1, 2, "02", "ACH-FIELD"),
    ("destination blank", 1, 4, " " * 10, "ACH-REQUIRED"),
    ("destination check digit", 1, 13, "8", "ACH-CHECK-DIGIT"),
    ("origin blank", 1, 14, " " * 10, "ACH-REQUIRED"),
    ("creation month 13", 1, 26, "13", "ACH-DATE"),
    ("creation time 25", 1, 30, "25", "ACH-DATE"),
    ("modifier in small letters", 1, 34, "a", "ACH-MODIFIER"),
    ("record size 095", 1, 35, "095", "ACH-FIELD"),
    ("blocking factor 11", 1, 38, "11", "ACH-FIELD"),
    ("format code 2", 1, 40, "2", "ACH-FIELD"),
    ("service class unknown", 2, 2, "999", "ACH-SERVICE-CLASS"),
    ("service class against the entries", 2, 2, "225", "ACH-SIDE"),
    ("company name blank", 2, 5, " " * 16, "ACH-REQUIRED"),
    ("company name zeros", 2, 5, "0" * 16, "ACH-REQUIRED"),
    ("company id blank", 2, 41, " " * 10, "ACH-REQUIRED"),
    ("class unknown", 2, 51, "ZZZ", "ACH-CLASS"),
    ("class in small letters", 2, 51, "ppd", "ACH-CLASS"),
    ("description blank", 2, 54, " " * 10, "ACH-REQUIRED"),
    ("effective 30 February", 2, 70, "260230", "ACH-DATE"),
    ("effective date blank", 2, 70, " " * 6, "ACH-REQUIRED"),
    ("originator status", 2, 79, "7", "ACH-ORIGINATOR-STATUS"),
    ("bank of the batch", 2, 80, "12104288", "ACH-TRACE-BANK"),
    ("bank of the batch no digits", 2, 80, "12X04288", "ACH-FIELD"),
    ("batch number", 2, 88, "0000007", "ACH-BATCH-AGREES"),
    ("batch numbers go down", 7, 88, "0000001", "ACH-BATCH-NUMBER"),
    ("transaction code unknown", 3, 2, "99", "ACH-TRANSACTION-CODE"),
    ("transaction code debit", 3, 2, "27", "ACH-SIDE"),
    ("return code without return", 3, 2, "21", "ACH-RETURN-REASON"),
    ("routing number no digits", 3, 4, "12A", "ACH-FIELD"),
    ("routing check digit", 3, 12, "7", "ACH-CHECK-DIGIT"),
    ("account blank", 3, 13, " " * 17, "ACH-REQUIRED"),
    ("amount no digits", 3, 30, "      1234", "ACH-FIELD"),
    ("amount zero", 3, 30, "0" * 10, "ACH-AMOUNT"),
    ("amount of a prenote", 5, 30, "0000000001", "ACH-AMOUNT"),
    ("name blank", 3, 55, " " * 22, "ACH-REQUIRED"),
    ("name no ASCII", 3, 55, "\xc9", "ACH-CHARSET"),
    ("control character", 3, 55, "\x01", "ACH-CHARSET"),
    ("indicator without addenda", 3, 79, "1", "ACH-ADDENDA-INDICATOR"),
    ("addenda without indicator", 8, 79, "0", "ACH-ADDENDA-INDICATOR"),
    ("trace of another bank", 3, 80, "23138010", "ACH-TRACE-BANK"),
    ("trace goes down", 4, 88, "0000001", "ACH-TRACE-ORDER"),
    ("trace twice", 8, 88, "0000001", "ACH-TRACE-TWICE"),
    ("trace no digits", 3, 80, "A", "ACH-FIELD"),
    ("addenda type", 9, 2, "02", "ACH-ADDENDA-TYPE"),
    ("addenda sequence from 2", 9, 84, "0002", "ACH-ADDENDA-SEQUENCE"),
    ("addenda of another entry", 9, 88, "0000009", "ACH-ADDENDA-ENTRY"),
    ("record type", 3, 1, "4", "ACH-RECORD-TYPE"),
    ("control class", 6, 2, "200", "ACH-BATCH-AGREES"),
    ("batch count", 6, 5, "000004", "ACH-BATCH-ENTRY-COUNT"),
    ("batch hash", 6, 11, "0000000001", "ACH-BATCH-ENTRY-HASH"),
    ("batch debits", 6, 21, "000000000001", "ACH-BATCH-DEBIT-CENTS"),
    ("batch credits", 6, 33, "000000012445", "ACH-BATCH-CREDIT-CENTS"),
    ("control company", 6, 45, "1999999999", "ACH-BATCH-AGREES"),
    ("control reserved", 6, 74, "X", "ACH-RESERVED"),
    ("control bank", 6, 80, "12104288", "ACH-BATCH-AGREES"),
    ("control number", 6, 88, "0000009", "ACH-BATCH-AGREES"),
    ("file batches", 11, 2, "000003", "ACH-FILE-BATCH-COUNT"),
    ("file blocks", 11, 8, "000003", "ACH-BLOCK-COUNT"),
    ("file count", 11, 14, "00000006", "ACH-FILE-ENTRY-COUNT"),
    ("file hash", 11, 22, "0000000001", "ACH-FILE-ENTRY-HASH"),
    ("file debits", 11, 32, "000000000001", "ACH-FILE-DEBIT-CENTS"),
    ("file credits", 11, 44, "000000000001", "ACH-FILE-CREDIT-CENTS"),
    ("file reserved", 11, 56, "X", "ACH-RESERVED"),
    ("filler", 15, 40, "8", "ACH-ORDER"),
]


def lines_of(data: bytes) -> list[bytes]:
    return data.decode("latin-1").encode("latin-1").split(b"\n")[:-1]


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r", b""])
def test_line_ends_are_a_matter_of_the_bank(ach_file, ach_bytes, ends):
    document = read(ach_bytes.replace(b"\n", ends))
    assert (document.file, document.findings, document.lines, document.complete) == (ach_file, [], 20, True)


@pytest.mark.parametrize(("line", "column", "text", "code"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_one_fault_is_found_at_its_place(ach_bytes, line, column, text, code):
    lines = lines_of(ach_bytes)
    spoiled = text.encode("latin-1")
    assert lines[line - 1][column - 1 : column - 1 + len(spoiled)] != spoiled
    lines[line - 1] = lines[line - 1][: column - 1] + spoiled + lines[line - 1][column - 1 + len(spoiled) :]
    findings = check(joined(lines))
    assert code in [finding.code for finding in findings if finding.severity is Severity.ERROR]
    assert all(finding.place.line for finding in findings)
    assert all(finding.message and finding.cure for finding in findings)


def without(at):
    return lambda lines: lines[:at] + lines[at + 1 :]


SHAPES = [
    ("no file header", without(0), "ACH-FILE-HEADER"),
    ("no batch header", without(1), "ACH-BATCH-HEADER"),
    ("no batch control", without(5), "ACH-BATCH-CONTROL"),
    ("no file control", without(10), "ACH-FILE-CONTROL"),
    ("nothing after the entries", lambda lines: lines[:4], "ACH-BATCH-CONTROL"),
    ("short block", without(19), "ACH-BLOCKING"),
    ("a block of filler too many", lambda lines: lines + [b"9" * 94] * 10, "ACH-BLOCKING"),
    ("blank line inside", lambda lines: [*lines[:3], b"", *lines[3:]], "ACH-BLANK-LINE"),
    ("long record", lambda lines: [lines[0], lines[1] + b"X", *lines[2:]], "ACH-LENGTH"),
    ("short record", lambda lines: [lines[0], lines[1][:93], *lines[2:]], "ACH-FILL"),
    ("trailing blanks cut", lambda lines: [*lines[:10], lines[10].rstrip(), *lines[11:]], "ACH-FILL"),
    ("addenda before its entry", lambda lines: [*lines[:7], lines[8], lines[7], *lines[9:]], "ACH-ORDER"),
    ("second file header", lambda lines: [lines[0], *lines[:-1]], "ACH-ORDER"),
    ("second file control", lambda lines: [*lines[:11], *lines[10:-1]], "ACH-ORDER"),
    ("entry after the file control", lambda lines: [*lines[:11], lines[2], *lines[12:]], "ACH-ORDER"),
    ("entry twice", lambda lines: [*lines[:3], lines[2], *lines[3:-1]], "ACH-TRACE-ORDER"),
    ("entry lost", without(2), "ACH-BATCH-ENTRY-COUNT"),
    ("addenda twice", lambda lines: [*lines[:9], lines[8], *lines[9:-1]], "ACH-ADDENDA-MANY"),
    ("batch without entries", lambda lines: [*lines[:2], *lines[5:]], "ACH-BATCH-EMPTY"),
    ("batch in a batch", lambda lines: [*lines[:3], lines[1], *lines[3:]], "ACH-BATCH-CONTROL"),
    ("no batches", lambda lines: [lines[0], *lines[10:]], "ACH-EMPTY"),
]


@pytest.mark.parametrize(("change", "code"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_a_wrong_shape_is_found(ach_bytes, change, code):
    findings = check(joined(change(lines_of(ach_bytes))))
    assert code in [finding.code for finding in findings]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"hello", b"\x00\xff" * 500, b"ISA*00*", b"9" * 94])
def test_what_is_no_ach_file_is_said(data):
    document = read(data, INBOUND)
    assert document.file is None
    assert document.findings[0].code == "ACH-NOT-ACH"
    assert not document.ok


def test_a_truncated_file_is_not_complete(ach_bytes):
    for end in range(1, 11):
        assert not read(joined(lines_of(ach_bytes)[:end]), INBOUND).complete


def test_a_profile_tolerates_and_still_reports(ach_file, ach_bytes):
    partial = joined(lines_of(ach_bytes)[1:10])
    document = read(partial, INBOUND)
    assert {(f.code, f.severity, f.deviation) for f in document.findings} == {
        ("ACH-FILE-HEADER", Severity.INFO, "no-file-records"),
        ("ACH-FILE-CONTROL", Severity.INFO, "no-file-records"),
    }
    assert document.ok
    assert document.file.created is None
    assert document.file.batches == ach_file.batches
    assert not read(partial, STRICT).ok
    assert read(partial, bank_profile("own", ["no-file-records"])).ok
    assert not read(partial, bank_profile("own", ["loose-blocks"])).ok


def test_no_profile_of_ours_tolerates_wrong_money():
    tolerated = {code for one in DEVIATIONS.values() for code in one.codes}
    money = {
        "ACH-AMOUNT",
        "ACH-SIDE",
        "ACH-CHECK-DIGIT",
        "ACH-TRANSACTION-CODE",
        "ACH-RETURN-REASON",
        "ACH-BATCH-AGREES",
    }
    assert not [code for code in tolerated if "CENTS" in code or code in money]
    assert not [code for code in tolerated if code.startswith(("ACH-BATCH-ENTRY", "ACH-FILE-ENTRY", "ACH-FILE-BATCH"))]


def test_a_deviation_has_a_name_that_exists():
    with pytest.raises(ValueError, match="no deviation is called loose-ends"):
        bank_profile("own", ["loose-ends"])


def test_findings_never_show_a_value(ach_bytes):
    lines = lines_of(ach_bytes)
    lines[2] = lines[2].replace(b"0000012345", b"SECRETNAME").replace(b"RIVER EXAMPLE", b"J\xc9NE DOEDOES")
    told = str([finding.as_dict() for finding in check(joined(lines))])
    assert "SECRET" not in told
    assert "DOEDOES" not in told
    assert "'value_length': 10" in told


def test_an_addenda_of_another_type_is_kept_as_it_stands(ach_bytes):
    lines = lines_of(ach_bytes)
    lines[8] = b"702" + lines[8][3:]
    addenda = read(joined(lines)).file.batches[1].entries[0].addenda
    assert addenda == [OtherAddenda(type_code="02", text=lines[8][3:].decode().rstrip())]


@given(st.binary(max_size=400))
def test_random_bytes_never_raise(data):
    read(b"101" + data, INBOUND)
    read(data)


def test_random_damage_never_raises_and_is_always_found_in_money(ach_bytes):
    chance = random.Random(7)
    for _ in range(400):
        data = bytearray(ach_bytes)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        document = read(bytes(data), INBOUND)
        if document.ok and document.complete:
            assert document.file.credit_cents == 1_012_444


def test_a_utf8_name_keeps_its_columns(ach_bytes, ach_file):
    document = read(ach_bytes.replace(b"RIVER EXAMPLE", "RIVER EXÄMPLE".encode(), 1), INBOUND)
    assert [f.code for f in document.findings] == ["ACH-CHARSET"]
    assert document.file.batches[0].entries[0].name == "RIVER EXÄMPLE"
    assert document.file.batches[0].entries[1:] == ach_file.batches[0].entries[1:]


def test_reading_what_was_written_twice_gives_the_same_bytes(ach_bytes):
    assert write(read(ach_bytes).file) == ach_bytes


@pytest.mark.parametrize(
    "shape",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b""),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: data[:-1],
        lambda data: data + b"\n\n",
        lambda data: b"".join(line.rstrip() + b"\n" for line in data.split(b"\n")[:-1]),
        lambda data: b"".join(line + b"   \r\n" for line in data.split(b"\n")[:-1]),
        lambda data: data.replace(b"9" * 94 + b"\n", b""),
        lambda data: data.replace(b"\n", b"\n\n", 3),
    ],
    ids=["CRLF", "no ends", "CR", "no last end", "blank end", "trimmed", "padded", "no filler", "blank lines"],
)
def test_any_shape_is_read_inbound_and_written_back_as_it_was(ach_bytes, ach_file, shape):
    data = shape(ach_bytes)
    document = read(data, INBOUND)
    assert document.ok
    assert document.complete
    assert document.file == ach_file
    assert write_back(document) == data
    assert {f.deviation for f in document.findings} <= {"trimmed-lines", "loose-blocks"}


def test_an_unknown_class_is_read_by_the_common_columns_and_told(ach_bytes, ach_file):
    data = ach_bytes.replace(b"PPDREFUND", b"QQQREFUND")
    document = read(data, INBOUND)
    assert [(f.code, f.severity, f.place.columns) for f in document.findings] == [
        ("ACH-CLASS", Severity.ERROR, (51, 53))
    ]
    assert document.file.batches[0].entries == ach_file.batches[0].entries
    assert write_back(document) == data
    assert write(document.file, any_class=True) == data
