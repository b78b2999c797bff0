"""Unmatched money at the terminal."""

import pytest
from command_line import parsed

from pipeline.stages.upload import upload


@pytest.fixture
def waiting(money, decide, claim_document):
    """A decision that bears no number of ours, and a claim of its day and charge; gives the decision's id."""
    money.claims(1, claim_document)
    for file_id in money.column("SELECT id FROM outbound_file"):
        upload(money.ctx, money.org, file_id)
    money.remit(decide(None, 9_000, ("CO", "50", 5_500), charge=14_500, clm01="X1", payer_number="P9"))
    return money.column("SELECT id FROM remittance_claim")[0]


def test_nothing_waits(run):
    result = run("unmatched")
    assert result.exit_code == 0
    assert "0 unmatched, 0.00 in all" in result.stdout


def test_what_waits_is_listed(run, money, waiting):
    [claim] = money.column("SELECT clm01 FROM claim")
    result = run("unmatched")
    assert result.exit_code == 0
    for told in ("X1", "INVENTED PAYER", "145.00", "90.00", "partly paid", claim, "1 unmatched, 90.00 in all"):
        assert told in result.stdout
    [one] = parsed(run("unmatched", "--json"))["waiting"]
    assert (one["decision"]["id"], one["decision"]["paid_cents"], one["best"]["clm01"]) == (waiting, 9_000, claim)


def test_a_short_list_says_that_there_is_more(run, money, decide, waiting):
    money.remit(decide(None, 1, ("CO", "45", 14_499), charge=14_500, clm01="X2"), trace="T2")
    result = run("unmatched", "--limit", "1")
    assert "and 1 more" in result.stdout
    assert "2 unmatched, 90.01 in all" in result.stdout


def test_one_is_compared(run, money, waiting):
    [claim] = money.column("SELECT clm01 FROM claim")
    result = run("unmatched", "show", str(waiting))
    assert result.exit_code == 0
    for told in (
        "DOE, JO",
        "P9",
        "segment",
        "trace T1",
        f"1. {claim}",
        "Merriweather, Paul",
        "same charge +15",
        "are needed",
    ):
        assert told in result.stdout
    assert parsed(run("unmatched", "show", str(waiting), "--json"))["suggestions"][0]["clm01"] == claim
    assert money.column("SELECT DISTINCT actor LIKE 'cli:%' FROM audit WHERE action = 'unmatched.show'") == [True]


def test_one_that_is_not_there_is_one_line_with_the_cure(run):
    result = run("unmatched", "show", "7")
    assert result.exit_code == 2
    assert "claimrail unmatched" in result.stderr
    assert "Traceback" not in result.output
