"""The command `claimrail` on one machine: embedded servers behind it only where they are needed and nothing else is named."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import local.main
from pipeline import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No variables, an empty folder, and local data under it."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CLAIMRAIL_KEYS", "CLAIMRAIL_CLOCK_FILE"):
        # Set first, so that what the command sets itself is taken back too.
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("CLAIMRAIL_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "ring_factory", None)
    return tmp_path


def claimrail(*arguments):
    with pytest.raises(SystemExit) as ended:
        local.main.main(arguments)
    return ended.value.code


@pytest.mark.parametrize("arguments", [("--help",), ("submit", "--help"), ("nonsense",), ()])
def test_nothing_starts_for_help_or_nonsense(bare, arguments):
    claimrail(*arguments)
    assert not (bare / "var").exists()


def test_nothing_starts_to_inspect_a_file(bare, capsys):
    (bare / "some.txt").write_text("no format of ours")
    assert claimrail("inspect", "some.txt") == 2
    assert "unreadable" in capsys.readouterr().out
    assert not (bare / "var").exists()


@pytest.mark.parametrize("where", ["environment", ".env"])
def test_a_database_that_is_named_is_used_as_it_is(bare, monkeypatch, capsys, where):
    url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    if where == "environment":
        monkeypatch.setenv("DATABASE_URL", url)
    else:
        (bare / ".env").write_text(f"DATABASE_URL={url}\n")
    assert claimrail("report") == 2
    assert "REDIS_URL is not set" in capsys.readouterr().err
    assert not (bare / "var").exists()


def test_from_nothing_to_a_claims_story_and_data_stay(bare, capsys):
    assert claimrail("report") == 2
    assert "claimrail init" in capsys.readouterr().err

    assert claimrail("init", "--provider", str(ROOT / "examples" / "provider.json")) == 0
    key = (bare / "var" / "keys").read_text()
    assert key not in capsys.readouterr().out
    assert (bare / "var" / "keys").stat().st_mode & 0o077 == 0

    claim = next((ROOT / "examples" / "claims").glob("office_visit*.json"))
    assert claimrail("submit", str(claim)) == 0
    assert cli.ring_factory is None  # the broker ends with the command: nobody would hear

    capsys.readouterr()
    assert claimrail("show", json.loads(claim.read_text())["external_id"], "--json") == 0
    assert json.loads(capsys.readouterr().out)["state"] == "READY"
    # Commands of a group find the servers as well.
    for words in (("exceptions", "list"), ("deposits", "list"), ("unmatched",), ("rules", "list"), ("mailbox", "list")):
        assert claimrail(*words) == 0, words
    assert (bare / "var" / "keys").read_text() == key


def test_the_command_starts_fast_and_imports_nothing_heavy():
    code = (
        "import sys, local.main; heavy = {'sqlalchemy', 'celery', 'paramiko', 'pydantic', 'psycopg', 'rich.table'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ
    )
    assert told.stdout.strip() == "[]"
