"""837I files at the sandbox: taken, judged, answered and paid as 837P files are, under the names of their form."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from edi.kinds import kind_of
from edi.officeally import promised, read_edi_status, read_file_summary
from edi.x12.sets import t277ca, t835, t999
from edi.x12.syntax.reader import read
from sandbox.cases import open_upload

FILE = (Path(__file__).parents[2] / "examples" / "x12" / "hospital_837i.x12").read_bytes()
NAME = "OATEST_837I_000000101.txt"


def answered(make_sandbox, stay="SAMPLE0001", visit="SAMPLE0002", **config):
    """All that the sandbox lays out for the file, with these member ids of the two claims."""
    sandbox = make_sandbox(judge_fraction=1.0, **config)
    sandbox.put("oa", NAME, FILE.replace(b"SAMPLE0001", stay.encode()).replace(b"SAMPLE0002", visit.encode()))
    sandbox.tick()
    files = sandbox.outbound("oa")
    assert all(promised(name).kind == kind_of(data) for name, data in files.items())
    return sandbox, files


def one(files, part):
    [data] = [data for name, data in files.items() if part in name]
    return data


def remitted(files):
    [data] = [data for name, data in files.items() if "_ERA_STATUS_5010_" in name]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".835")]
        value, findings = t835.read_set(read(archive.read(name)).sets[0])
    assert findings == []
    assert t835.balance(value) == []
    return {claim.patient_control_number: claim for claim in value.claims}


def test_it_is_opened_as_what_its_version_says():
    upload = open_upload(FILE)
    assert (upload.institutional, upload.findings) == (True, ())
    assert [case.claim.facility_code for case in upload.cases()] == ["11", "13"]


@pytest.mark.parametrize("era_writer", ["own", "oxedi"])
def test_a_stay_and_a_visit_are_answered_and_paid_by_their_lines(make_sandbox, era_writer):
    sandbox, files = answered(make_sandbox, era_writer=era_writer)
    value, _ = t999.read_set(read(one(files, "_999.999")).sets[0])
    assert (value.code, value.sets[0].version) == ("A", "005010X223A2")
    told = [t277ca.read_set(ts)[0] for ts in read(one(files, "_UB_277ca_")).sets]
    claims = [claim for report in told for provider in report.providers for claim in provider.patients]
    assert [claim.bill_type for claim in claims] == ["111", "131"]
    assert one(files, "_EDI_STATUS_UB_")
    paid = remitted(files)
    assert {number: claim.paid_cents for number, claim in paid.items()} == {"STAY0001": 520_000, "VISIT0001": 58_000}
    codes = [(line.procedure_qualifier, line.procedure) for line in paid["STAY0001"].lines]
    assert codes == [("NU", "0120"), ("NU", "0360"), ("NU", "0250")]
    assert [(line.procedure_qualifier, line.procedure) for line in paid["VISIT0001"].lines] == [
        ("HC", "99283"),
        ("HC", "73110"),
    ]
    if era_writer == "own":
        stay, visit = paid["STAY0001"], paid["VISIT0001"]
        assert (stay.facility_code, stay.frequency, stay.drg) == ("11", "1", "418")
        assert (stay.inpatient.counts, visit.inpatient) == ({1: Decimal(3)}, None)
        assert [line.revenue_code for line in visit.lines] == ["0450", "0320"]
    assert [line["claims"] for line in sandbox.journal("file")] == [2]


@pytest.mark.parametrize(("ending", "how"), [("96", "named"), ("86", "placed")])
def test_a_claim_of_96_or_86_loses_its_set(make_sandbox, ending, how):
    _, files = answered(make_sandbox, visit=f"SAMPLE00{ending}")
    value, _ = t999.read_set(read(one(files, "_999.999")).sets[0])
    [rejected] = value.sets
    assert not rejected.accepted
    assert ([number for error in rejected.errors for number in error.claim_ids] == ["VISIT0001"]) is (how == "named")


def test_text_reports_bear_the_name_of_their_form(make_sandbox):
    _, files = answered(make_sandbox, visit="SAMPLE0006", answers="text")
    [summary] = [data for name, data in files.items() if name.startswith("FS_UB_") and name.endswith("_IN_C.txt")]
    report, findings = read_file_summary(summary)
    assert findings == []
    assert [(row.account, row.diagnosis, row.rejected) for row in report.rows] == [
        ("STAY0001", "K8010", False),
        ("VISIT0001", "S52501A", True),
    ]
    status, findings = read_edi_status(one(files, "_EDI_STATUS_"))
    assert findings == []
    assert [row.account for row in status.rows] == ["STAY0001"]
