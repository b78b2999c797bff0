"""Text reports of the sandbox: the same word on every claim as its 277CAs, under Office Ally's names."""

from dataclasses import replace

import pytest

from edi.kinds import kind_of
from edi.officeally import Section, promised, read_edi_status, read_file_summary
from edi.x12.sets import t277ca
from edi.x12.syntax.reader import read
from sandbox.config import SandboxConfig


def one_of_each(x12):
    """A claim for each outcome digit, in two sets."""
    return [
        [x12.subscriber(f"W0{digit}", [x12.claim(f"CLAIM{digit}", [10000, 5000])]) for digit in range(first, first + 5)]
        for first in (0, 5)
    ]


@pytest.fixture
def answered(make_sandbox, x12):
    """What lies in the clearinghouse's outbound folder once all is answered, by kind."""

    def answer(answers, sets=None, name="837P_000000101.txt", **given):
        sandbox = make_sandbox(answers=answers, judge_fraction=1.0)
        sandbox.put("oa", name, given.pop("data", None) or x12.interchange(sets or one_of_each(x12), **given))
        sandbox.tick()
        files = sandbox.outbound("oa")
        assert all(promised(one) and promised(one).kind == kind_of(data) for one, data in files.items())
        return files

    return answer


def kinds(files):
    return sorted({promised(name).kind for name in files})


def summaries(files):
    read_ones = {name: read_file_summary(data) for name, data in files.items() if name.startswith("FS_HCFA_")}
    assert all(findings == [] for _, findings in read_ones.values())
    return {("errors" if "Error" in name else "all"): report for name, (report, _) in read_ones.items()}


def payers(files):
    [report] = [data for name, data in files.items() if promised(name).kind == "text:edi-status"]
    status, findings = read_edi_status(report)
    assert findings == []
    return status


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("x12", ["x12:277", "x12:999", "zip"]),
        ("text", ["text:edi-status", "text:file-summary", "zip"]),
        ("both", ["text:edi-status", "text:file-summary", "x12:277", "x12:999", "zip"]),
    ],
)
def test_each_account_gets_what_it_asked_for(answered, answers, expected):
    assert kinds(answered(answers)) == expected


def test_the_reports_say_what_the_277cas_say(answered):
    files = answered("both")
    said = {}
    for data in (data for name, data in files.items() if promised(name).kind == "x12:277"):
        for one in read(data).sets:
            report, _ = t277ca.read_set(one)
            for claim in (claim for provider in report.providers for claim in provider.patients):
                said[report.source.kind, claim.patient_control_number] = claim
    rows = {row.account: row for row in summaries(files)["all"].rows}
    assert {account: row.rejected for account, row in rows.items()} == {
        number: claim.rejected for (kind, number), claim in said.items() if kind == "AY"
    }
    assert all(row.clearinghouse_id == said["AY", account].clearinghouse_id for account, row in rows.items())
    theirs = {row.account: row for row in payers(files).rows}
    assert {account: row.rejected for account, row in theirs.items()} == {
        number: claim.rejected for (kind, number), claim in said.items() if kind == "PR"
    }
    assert all(row.payer_reference == said["PR", account].payer_control_number for account, row in theirs.items())


def test_the_summary_names_upload_and_errors_and_its_twin_only_these(answered):
    reports = summaries(answered("text"))
    assert reports["all"].uploaded_name == "837P_000000101.txt"
    assert reports["all"].counts == {Section.ACCEPTED: 9, Section.ERROR: 1}
    assert [(row.account, row.errors) for row in reports["errors"].rows] == [("CLAIM6", "SUB01")]
    assert "SUB01 (THE SUBSCRIBER" in reports["errors"].explained(["SUB01"])


def test_without_errors_there_is_no_twin(answered, x12):
    assert list(summaries(answered("text", [[x12.subscriber("W00", [x12.claim("C1", [100])])]]))) == ["all"]


def test_an_upload_refused_whole_is_reported_as_failed(answered, x12):
    files = answered("text", receiver="WRONG")
    report = summaries(files)["all"]
    assert (report.failed, report.uploaded_name) == (True, "837P_000000101.txt")
    assert kinds(files) == ["text:file-summary"]


def test_claims_of_a_set_that_is_no_valid_x12_are_errors_where_no_999_tells_of_it(answered, x12):
    sets = [[x12.subscriber("W00", [x12.claim(f"CLAIM{n}", [100])])] for n in range(2)]
    data = x12.interchange(sets).replace(b"CLM*CLAIM1*1***11:B:1", b"CLM*CLAIM1*1***11:B:X", 1)
    data = data.replace(b"SV1*HC:99213*1*UN", b"SV1*HC:99213*1*QQ", 2).replace(
        b"SV1*HC:99213*1*QQ", b"SV1*HC:99213*1*UN", 1
    )
    rows = summaries(answered("text", data=data))["all"].rows
    assert [(row.account, row.errors) for row in rows] == [("CLAIM0", None), ("CLAIM1", "FMT01")]
    assert [
        row.account for row in summaries(answered("both", data=data.replace(b"000000101", b"000000102")))["all"].rows
    ] == ["CLAIM0"]


def test_a_claim_number_too_long_for_its_column_is_left_out(answered, x12):
    files = answered("text", [[x12.subscriber("W00", [x12.claim("C" * 20, [100]), x12.claim("C1", [100])])]])
    assert [row.account for row in summaries(files)["all"].rows] == ["C1"]
    assert payers(files).count == 1


def test_reports_can_be_muted(make_sandbox, x12):
    sandbox = make_sandbox(answers="text")
    sandbox.misbehave(mute=["file_summary", "error_report"])
    sandbox.put("oa", "837P_000000101.txt", x12.interchange(one_of_each(x12)))
    sandbox.tick()
    assert kinds(sandbox.outbound("oa")) == ["text:edi-status", "zip"]


def test_a_misspelt_way_of_answering_is_refused(tmp_path):
    config = SandboxConfig.from_dict({"root": tmp_path})
    with pytest.raises(ValueError, match="answers is one of"):
        replace(config, answers="fax")
