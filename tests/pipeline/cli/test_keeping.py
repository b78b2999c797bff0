"""Holds, months and their dropping, by the command line."""

import json
from pathlib import Path

import psycopg
import pytest
from command_line import parsed

from local.postgres import plain_url


def test_a_hold_is_placed_shown_and_released(run, claim_file):
    run("submit", claim_file())
    key = json.loads(Path(claim_file()).read_text())["external_id"]
    placed = run("hold", key, "--reason", "letter of the court")
    assert placed.exit_code == 0
    assert "hold 1" in placed.stdout
    assert "under legal hold 1 since" in run("show", key).stdout
    assert [one["reason"] for one in parsed(run("show", key, "--json"))["holds"]] == ["letter of the court"]
    assert "under no hold" in run("release-hold", key, "--reason", "settled", "--hold", "1").stdout
    assert "legal hold" not in run("show", key).stdout
    again = run("release-hold", key, "--reason", "settled")
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)


@pytest.fixture
def long_ago(bare, thrown_away, servers, monkeypatch):
    """An app's database of its own with rows of March 2017, named by the variables."""
    owner, app_url = thrown_away
    for name, value in (("DATABASE_URL", app_url), ("DATABASE_OWNER_URL", owner), ("REDIS_URL", servers.redis_url)):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLAIMRAIL_KEYS", "k1:" + "A" * 43 + "=")
    with psycopg.connect(plain_url(owner)) as cx:
        cx.execute(
            "INSERT INTO history (org_id, subject_kind, subject_id, event, state, actor, at)"
            " VALUES (1, 'claim', 1, 'readied', 'READY', 'test', '2017-03-05')"
        )
        cx.execute("INSERT INTO legal_hold (org_id, clm01, actor, reason) VALUES (1, 'C1', 'test', 'x')")


@pytest.mark.usefixtures("long_ago")
def test_old_months_are_shown_first_and_dropped_when_that_is_meant(bare):
    made = bare("maintain")
    assert (made.exit_code, "kept for 6 years" in made.stdout) == (0, True)
    shown = bare("retention")
    assert (shown.exit_code, "may go" in shown.stdout, "0 months dropped" in shown.stdout) == (0, True, True)
    assert "2017-03" in bare("retention", "--drop-before", "2017-04-01").stdout
    assert "2017-03" not in bare("retention", "--drop-before", "2017-03-31").stdout
    [month] = parsed(bare("retention", "--drop-before", "2017-04-01", "--really", "--json"))
    assert month == {
        "table": "history",
        "first": "2017-03-01",
        "rows": 1,
        "held_rows": 0,
        "droppable": True,
        "dropped": True,
    }
    assert "2017-03" not in bare("retention").stdout


@pytest.mark.usefixtures("long_ago")
def test_a_month_that_a_hold_keeps_is_told_by_the_exit_code(bare, thrown_away):
    with psycopg.connect(plain_url(thrown_away[0])) as cx:
        cx.execute(
            "INSERT INTO claim (id, org_id, clm01, version, frequency, external_hmac, index_key_id, content_sha256, state,"
            " payer_id, charge_cents, patient_paid_cents, document)"
            " VALUES (1, 1, 'C1', 1, '1', 'x', 1, 'x', 'READY', 'P', 1, 0, 'x')"
        )
    bare("maintain")
    found = bare("retention", "--drop-before", "2017-04-01", "--really")
    assert (found.exit_code, "held" in found.stdout, "0 months dropped" in found.stdout) == (1, True, True)
    assert "2017-03" in bare("retention").stdout


@pytest.mark.parametrize(
    "arguments",
    [("--really",), ("--drop-before", "2999-01-01"), ("--drop-before", "2999-01-01", "--really")],
)
@pytest.mark.usefixtures("long_ago")
def test_what_must_be_kept_is_not_asked_for_twice(bare, arguments):
    refused = bare("retention", *arguments)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)


@pytest.mark.usefixtures("long_ago")
def test_fewer_than_six_years_are_no_setting(bare, monkeypatch):
    monkeypatch.setenv("CLAIMRAIL_RETENTION_YEARS", "5")
    refused = bare("maintain")
    assert refused.exit_code == 2
    assert "CLAIMRAIL_RETENTION_YEARS" in refused.stderr
