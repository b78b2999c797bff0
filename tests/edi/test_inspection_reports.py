"""`inspect` on Office Ally's text reports: what is in them, and nobody's name."""

import json

import pytest
from officeally_reports import status, summary

from edi.inspection import inspect
from edi.officeally import write_edi_status, write_file_summary


def test_a_file_summary_is_counted_and_its_codes_told():
    found = inspect("x", write_file_summary(summary()))
    assert (found.kind, found.exit_code) == ("text:file-summary", 0)
    told = found.summary
    assert (told["claims"], told["claims_accepted"], told["claims_rejected"], told["claims_pending"]) == (4, 2, 1, 1)
    assert told["codes"] == {"SUB01": 1, "DIA02": 1}
    assert told["uploaded_name"] == "837P_000000101.txt"


def test_a_failed_file_is_readable():
    found = inspect("x", write_file_summary(summary([], failure="THE FILE WAS NOT PROCESSED")))
    assert (found.summary["failed"], found.exit_code) == (True, 0)


def test_an_edi_status_is_counted():
    found = inspect("x", write_edi_status(status()))
    assert (found.kind, found.exit_code) == ("text:edi-status", 0)
    assert found.summary["statuses"] == {"ACCEPTED": 1, "REJECTED": 1}
    assert found.summary["amount_cents"] == 246900


def test_the_text_beside_an_era_is_only_named():
    found = inspect("x", b"ERA STATUS\n11/20/2026 trace 1 claims 2 amount 3.00\n")
    assert (found.kind, found.exit_code) == ("text:era-status", 0)


@pytest.mark.parametrize("data", [write_file_summary(summary()), write_edi_status(status())], ids=["summary", "status"])
def test_nothing_personal_is_told_and_a_cut_report_has_findings(data):
    whole = inspect("x", data)
    cut = inspect("x", data[: data.rindex(b"CSAMPLE")])
    assert cut.exit_code == 1
    for one in (whole, cut):
        text = json.dumps(one.as_dict())
        assert not any(word in text for word in ("SAMPLE,PAT", "1980", "CSAMPLE", "THE MEMBER"))
