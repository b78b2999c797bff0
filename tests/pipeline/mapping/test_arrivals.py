"""What came in: names are anchored hints, content decides, and what is not all there is not judged."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
from places import GOLDEN

from edi.nacha import file as ach
from edi.nacha.writing import write as write_ach
from edi.officeally import promised
from pipeline.mapping.arrivals import members, recognise

REPORTS = GOLDEN / "officeally"
ERA = (GOLDEN / "x12" / "835-paid.x12").read_bytes()
STATUS = (GOLDEN / "x12" / "277ca-payer.x12").read_bytes()
SUMMARY = (REPORTS / "FS_HCFA_1088623388_IN_C.txt").read_bytes()
ERRORS = (REPORTS / "FS_HCFA_1088623388ErrorReport.txt").read_bytes()
PAYERS = (REPORTS / "1088623388_EDI_STATUS_20261121.txt").read_bytes()
CLAIMS = (GOLDEN / "x12" / "837p-ambulance.x12").read_bytes()
ISA = ERA[: ERA.index(b"GS*")]
REPLY = (
    ISA + b"GS*FA*A*B*20261120*1200*1*X*005010X231A1~ST*999*0001*005010X231A1~AK1*HC*1~AK9*A*1*1*1~SE*4*0001~GE*1*1~"
    b"IEA*1*" + ISA[90:99] + b"~"
)
TA1 = ISA + b"TA1*000000001*261120*1200*A*000~IEA*0*" + ISA[90:99] + b"~"


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def deposit(addenda="TRN*1*9999*1999999990\\"):
    entry = ach.AchEntry(
        transaction_code=22, rdfi="091000019", account="9", amount_cents=9, individual_id="9", name="9 INVENTED",
        trace="091000010000001", addenda=[ach.Addenda05(text=addenda) if isinstance(addenda, str) else addenda],
    )  # fmt: skip
    batch = ach.AchBatch(
        service_class=220, company_name="INVENTED", company_id="1999999990", sec="CCD", description="HCCLAIMPMT",
        odfi="09100001", number=1, effective_date=date(2026, 11, 20), entries=[entry],
    )  # fmt: skip
    return write_ach(
        ach.AchFile(
            origin="091000019",
            origin_name="BANK",
            destination="1999999999",
            destination_name="INVENTED",
            created=datetime(2026, 11, 20, 10, 0),  # noqa: DTZ001 - a header tells no zone
            modifier="A",
            reference="",
            batches=[batch],
        )
    )


# Office Ally's names; file ids may themselves hold "835" or "999".
@pytest.mark.parametrize(
    ("name", "data", "kind", "stage"),
    [
        ("1234567890_OATEST_837P_000000001_999.999", REPLY, "x12:999", "acknowledge"),
        ("8350099900_837P_000000001.txt_999.999", REPLY, "x12:999", "acknowledge"),
        ("OATEST_837P_000000001_99983500_HCFA_277ca_20261120.txt", STATUS, "x12:277", "acknowledge"),
        ("8359990000_EDI_STATUS_HCFA_20261120.277", STATUS, "x12:277", "acknowledge"),
        ("9998350000_ERA_835_5010_20261120.835", ERA, "x12:835", "ingest"),
        ("9998350000_ERA_STATUS_5010_20261120.zip", zipped(a=b"x"), "zip", None),
        ("9998350000_ERA_STATUS_5010_20261120.txt", b"PAID 1 CLAIM", "text:era-status", None),
        ("FS_HCFA_8359992770_IN_C.txt", SUMMARY, "text:file-summary", "acknowledge"),
        ("FS_HCFA_443130028_IN_C.txt", SUMMARY, "text:file-summary", "acknowledge"),
        ("FS_HCFA_8359992770ErrorReport.txt", ERRORS, "text:file-summary", "acknowledge"),
        ("FS_HCFA_8359992770_ErrorReport_20261120.txt", ERRORS, "text:file-summary", "acknowledge"),
        ("8359992770_EDI_STATUS_20261121.txt", PAYERS, "text:edi-status", "acknowledge"),
        ("anything", SUMMARY, "text:file-summary", "acknowledge"),
        ("anything", TA1, "x12:ta1", "acknowledge"),
        ("anything", deposit(), "nacha:deposit", "ingest"),
        (
            "anything",
            deposit(
                ach.Addenda99(reason="R01", original_trace="091000010000001", original_rdfi="09100001", trace="1" * 15)
            ),
            "nacha:return",
            "acknowledge",
        ),
    ],
)
def test_kind_and_stage(name, data, kind, stage):
    arrival = recognise(name, data)
    assert (arrival.kind, arrival.stage, arrival.whole, arrival.known) == (kind, stage, True, True)


@pytest.mark.parametrize("name", ["9998350000_ERA_835_5010_20261120.835", "1_999.999", "x.277", "999", "835.txt"])
def test_content_decides_whatever_the_name_says(name):
    assert recognise(name, STATUS).kind == "x12:277"
    assert recognise(name, ERA).stage == "ingest"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("8359992770_837P_1.TXT_999.999", "x12:999"),
        ("user_9998350277_hcfa_277CA_20261120.TXT", "x12:277"),
        ("9998352770_era_835_5010_20261120.835", "x12:835"),
        ("fs_hcfa_9998352770_in_c.TXT", "text:file-summary"),
        ("FS_UB_9998352770_IN_C.txt", "text:file-summary"),
        ("user_9998350277_UB_277ca_20261120.txt", "x12:277"),
        ("9998352770_EDI_STATUS_UB_20261120.277", "x12:277"),
    ],
)
def test_case_tells_nothing(name, kind):
    assert promised(name).kind == kind
    assert promised(name).file_id in {"8359992770", "9998350277", "9998352770"}


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("era.x12", ERA, "x12:835"),
        ("STATUS.EDI", STATUS.translate(bytes.maketrans(b"*:^~", b"\t:^\x0b")), "x12:277"),
        ("no extension", REPLY.translate(bytes.maketrans(b"*:^~", b"\x1d\x1f\x1e\x1c")), "x12:999"),
        ("9998350000_ERA_835_5010_20261120.835", SUMMARY, "text:file-summary"),
        ("letter.835", b"ST. INVENTED'S HOSPITAL\r\nDEAR SIR OR MADAM\r\n", "unknown"),
        ("letter.txt", b"GS&CO SEND THE 835 AND 999 TOMORROW\r\n", "unknown"),
        ("9998350000_ERA_STATUS_5010_20261120.zip", ERA, "x12:835"),
    ],
)
def test_any_partner_s_file_is_known_by_its_content(name, data, kind):
    assert recognise(name, data).kind == kind


def test_what_is_in_a_zip_is_what_it_says_itself():
    """Names and kinds that disagree: the status text under the name of an ERA, the ERA under that of a text."""
    parts = members(
        zipped(
            **{
                "9998350000_ERA_835_5010_20261120.835": b"ERA STATUS REPORT\r\n1 CLAIM\r\n",
                "9998350000_ERA_STATUS_5010_20261120.txt": ERA,
                "a/999.277": SUMMARY,
            }
        )
    )
    assert [recognise(name, data).stage for name, data in parts] == [None, "ingest", "acknowledge"]


@pytest.mark.parametrize("name", ["FS_HCFA_8359992770_IN_C.txt", "8359992770_EDI_STATUS_20261121.txt"])
def test_a_report_under_another_s_name_is_what_it_says_itself(name):
    assert recognise(name, SUMMARY).kind == "text:file-summary"
    assert recognise(name, PAYERS).kind == "text:edi-status"
    assert recognise(name, STATUS).kind == "x12:277"


@pytest.mark.parametrize("name", ["FS_HCFA_8359992770_IN_C.txt", "8359992770_EDI_STATUS_20261121.txt"])
def test_a_report_s_name_with_something_else_in_it_is_not_applied(name):
    arrival = recognise(name, b"GOOD MORNING\r\n")
    assert (arrival.kind, arrival.stage, arrival.whole, arrival.known) == ("unknown", None, False, False)


@pytest.mark.parametrize("data", [SUMMARY, PAYERS], ids=["summary", "status"])
def test_a_report_that_lacks_rows_may_be_on_its_way(data):
    assert not recognise("x", data[: data.rindex(b"CSAMPLE")]).whole
    assert recognise("x", data).whole


@pytest.mark.parametrize(
    "name",
    [
        "FS_HCFA_1234567_IN_C.txt",  # seven digits are no file id
        "FS_HCFA_1234567890123_IN_C.txt",
        "FS_HCFA_8359992770_IN_C.txt.part",
        "x8359992770_EDI_STATUS_20261121.txt",
        "8359992770_EDI_STATUS_2026112.txt",
        "ERA_835_5010_20261120.835",  # no file id
        "1234567890_ERA_835_5010_20261120.835.part",
        "x1234567890_ERA_STATUS_5010_20261120.txt",
    ],
)
def test_a_name_that_is_only_like_one_promises_nothing(name):
    arrival = recognise(name, b"some text")
    assert (arrival.kind, arrival.whole, arrival.known) == ("unknown", True, False)


def test_a_known_name_without_its_content_may_be_on_its_way():
    assert not recognise("1234567890_ERA_835_5010_20261120.835", b"").whole
    assert not recognise("1234567890_ERA_835_5010_20261120.835", b"\0" * 50).whole


def test_a_set_that_nobody_here_reads_is_named():
    arrival = recognise("x", CLAIMS)
    assert (arrival.kind, arrival.stage, arrival.known) == ("x12:837", None, False)


@pytest.mark.parametrize("data", [ERA, STATUS, REPLY, TA1], ids=["835", "277", "999", "TA1"])
def test_no_beginning_of_an_x12_file_passes_for_the_whole(data):
    end = len(data.rstrip())
    for marks in (b"*:^~", b"|>!\x1e", b"\t:^\x1c", b"*~^\n", b"^!:\r"):
        odd = data.translate(bytes.maketrans(b"*:^~", marks))
        cuts = [*range(0, end - 40, 1 if marks == b"*:^~" else 17), *range(end - 40, end)]
        assert [n for n in cuts if recognise("x", odd[:n]).whole] == []
        # All but its last terminator tells everything: no digit of the trailer is to come.
        assert [n for n in cuts if recognise("x", odd[:n]).told] == [end - 1]
        assert recognise("x", odd).whole


UNPADDED = re.sub(rb" +\*", b"*", ERA[:106]) + ERA[106:]
COMES_WHOLE = {
    "unpadded": UNPADDED,
    "unpadded, lines ended": UNPADDED.replace(b"~", b"~\r\n"),
    "two, the second with other separators": ERA + ERA.translate(bytes.maketrans(b"*:^~", b"|>!\n")),
    "lines of one width": b"\n".join(ERA[at : at + 80] for at in range(0, len(ERA), 80)),
    "behind a byte order mark and blanks": b"\xef\xbb\xbf\r\n " + ERA,
    "behind words": b"-- BEGIN OF FILE --\r\n" + ERA,
    "before words": ERA + b"END OF FILE",
    "padded with NUL": ERA + b"\0" * 40,
    "ended by ^Z": ERA + b"\r\n\x1a",
    "without SE, which will not come any more": re.sub(rb"SE\*\d+\*\d+~", b"", ERA),
}


@pytest.mark.parametrize("name", COMES_WHOLE)
def test_what_is_whole_is_never_waited_for(name):
    arrival = recognise("x", COMES_WHOLE[name])
    assert (arrival.kind, arrival.stage, arrival.whole) == ("x12:835", "ingest", True)


@pytest.mark.parametrize("rest", [b"I", b"IS", b"\r\nISA", ERA[:60], ERA[:-9], UNPADDED[:50]])
def test_a_second_interchange_that_has_only_begun_is_waited_for(rest):
    assert not recognise("x", ERA + rest).whole


@pytest.mark.parametrize("number", [b"1", b"12345678", b"0000001011"])
def test_a_number_that_may_still_grow_is_waited_for(number):
    data = ERA.rstrip().rstrip(b"~")
    cut = data[: data.rindex(b"*") + 1] + number
    assert not recognise("x", cut).told


def test_line_ends_after_the_trailer_do_no_harm():
    assert recognise("x", ERA + b"\r\n\r\n").whole
    assert recognise("x", ERA.replace(b"~", b"~\r\n")).whole


@pytest.mark.parametrize("unbroken", [False, True], ids=["lines", "no line ends"])
def test_no_beginning_of_an_ach_file_passes_for_the_whole(unbroken):
    """Names, traces and ids that begin with 9 are not a control record."""
    data = deposit()
    data = data.replace(b"\r", b"").replace(b"\n", b"") if unbroken else data
    control = data.rindex(b"9000001")
    assert [n for n in range(20, control) if recognise("x", data[:n]).whole] == []
    assert recognise("x", data).whole


def test_never_raises_on_any_beginning_or_rubbish():
    for data in (
        ERA,
        SUMMARY,
        PAYERS,
        deposit(),
        zipped(a=ERA),
        b"ISA",
        b"PK\x03\x04",
        b"\xff" * 300,
        b"101 " + b"9" * 400,
    ):
        for n in range(0, len(data), 7):
            recognise("x", data[:n])


def test_members_come_by_their_last_path_part():
    assert members(zipped(**{"a/b/era.835": ERA, "note.txt": b"x"})) == [("era.835", ERA), ("note.txt", b"x")]


def _damaged(data):
    """The same zip with its compressed bytes spoilt."""
    start = data.index(b"a.835") + 5
    return data[: start + 10] + b"\xff" * 20 + data[start + 30 :]


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 and no more", _damaged(zipped(**{"a.835": ERA})), zipped(**{"a.835": ERA})[:-30]]
)
def test_a_broken_zip_is_a_value_error(data):
    with pytest.raises(ValueError, match="cannot be opened"):
        members(data)


def test_an_encrypted_zip_is_a_value_error():
    data = bytearray(zipped(**{"a.835": ERA}))
    for at in (6, data.index(b"PK\x01\x02") + 8):  # the flag that says "encrypted", in both headers
        data[at] |= 1
    with pytest.raises(ValueError, match="cannot be opened"):
        members(bytes(data))


def test_a_zip_that_would_not_fit_is_refused_before_it_is_unpacked(monkeypatch):
    data = bytearray(zipped(**{"a.835": ERA}))
    at = data.index(b"PK\x01\x02") + 24  # the size that the directory tells
    data[at : at + 4] = (300_000_000).to_bytes(4, "little")
    with pytest.raises(ValueError, match="200 MB"):
        members(bytes(data))


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_no_beginning_of_a_banks_answer_passes_for_the_whole(ending):
    data = ACK.replace("\n", ending or "\n").encode()
    whole = data.rindex(b"END") + 3
    assert [n for n in range(len("ACH FILE ACKNOWLEDGMENT"), whole) if recognise("x", data[:n]).whole] == []
    assert recognise("x", data).whole
    assert recognise("x", data[:whole]).whole


ACK = """ACH FILE ACKNOWLEDGMENT
ORIGIN: 1999990001
CREATED: 2611300751
MODIFIER: A
BATCHES: 1
ENTRIES AND ADDENDA: 2
DEBIT CENTS: 0
CREDIT CENTS: 155100
STATUS: ACCEPTED
REASON:
END
"""


STATEMENT = (GOLDEN / "bai2" / "payers.bai2").read_bytes()


@pytest.mark.parametrize("name", ["prior-day.bai2", "X", "1088623388_EDI_STATUS_HCFA_20261121.277"])
def test_a_bank_report_is_told_by_its_content_whatever_its_name(name):
    found = recognise(name, STATEMENT, r".+\.bai2?")
    assert (found.kind, found.stage, found.whole, found.known) == ("bai2", "ingest", True, True)


def test_a_bank_report_that_is_cut_is_not_whole():
    assert not recognise("a.bai2", STATEMENT[:-30]).whole
    assert not recognise("a.bai2", STATEMENT[:-30]).told
    without_slash = recognise("a.bai2", STATEMENT.rstrip().removesuffix(b"/"))
    assert (without_slash.whole, without_slash.told) == (False, True)


def test_of_a_file_with_a_report_s_name_nothing_is_judged_before_it_shows_what_it_is():
    assert recognise("a.bin", b"01,09").whole
    assert not recognise("a.BAI", b"01,09", r".+\.bai2?").whole
    assert recognise("a.bai.old", b"01,09", r".+\.bai2?").whole
