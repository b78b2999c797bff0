"""The terminal: what people type, what they see, how it ends. Errors are one line with a cure, never a traceback."""

import json
from pathlib import Path

import pytest
from command_line import parsed

from pipeline.cli import show
from pipeline.stages.release import release


# -- without a database ---------------------------------------------------------------------------------------------
def test_help_names_every_command(bare):
    result = bare("--help")
    assert result.exit_code == 0
    for command in ("submit", "show", "inspect", "doctor", "drain", "approve", "deny", "mailbox", "report", "export"):
        assert command in result.stdout


def test_missing_settings_are_named_with_how_to_set_them(bare):
    result = bare("report")
    assert result.exit_code == 2
    for name in ("DATABASE_URL", "REDIS_URL", "CLAIMRAIL_KEYS"):
        assert f"{name} is not set; it looks like" in result.stderr
    assert "Traceback" not in result.output


def test_the_doctor_names_missing_settings_too(bare):
    result = bare("doctor", "--json")
    assert result.exit_code == 1
    assert [check["result"] for check in parsed(result)] == ["fail"] * 3
    assert "CLAIMRAIL_KEYS" in result.stdout


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CLAIMRAIL_KEYS", "k1:short", "CLAIMRAIL_KEYS"),
        ("OFFICEALLY_FTP_PORT", "many", "OFFICEALLY_FTP_PORT"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(bare, monkeypatch, settings, name, value, told):
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("REDIS_URL", settings.redis_url.get_secret_value())
    monkeypatch.setenv("CLAIMRAIL_KEYS", settings.keys.get_secret_value())
    monkeypatch.setenv(name, value)
    result = bare("report")
    assert result.exit_code == 2
    assert told in result.stderr
    assert value not in result.stderr
    assert "Traceback" not in result.output


def test_the_doctor_names_a_wrong_cell_of_the_payers_rules(bare, surroundings, monkeypatch, tmp_path):
    table = (Path(__file__).parents[3] / "pipeline" / "rules" / "payers.csv").read_text()
    (tmp_path / "payers.csv").write_text(table.replace("medicare", "furlongs", 1))
    monkeypatch.setenv("CLAIMRAIL_RULES_FOLDER", str(tmp_path))
    result = bare("doctor", "--json")
    assert result.exit_code == 1
    [check] = parsed(result)
    assert check["result"] == "fail"
    assert "payers.csv, row 2, mileage" in check["what"]
    assert "give medicare, whole, tenths" in check["what"]
    assert "row 2, mileage" in bare("report").stderr


def test_a_database_that_is_not_there_is_an_outage_with_a_cure(bare, monkeypatch, settings):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("REDIS_URL", settings.redis_url.get_secret_value())
    monkeypatch.setenv("CLAIMRAIL_KEYS", settings.keys.get_secret_value())
    result = bare("report")
    assert result.exit_code == 2
    assert "claimrail doctor" in result.stderr


def test_the_bell_of_the_entry_point_is_rung(bare, surroundings, monkeypatch, org, claim_file):
    rung = []
    monkeypatch.setattr("pipeline.cli.ring_factory", lambda: lambda *told: rung.append(told))
    assert bare("submit", claim_file()).exit_code == 0
    assert rung == [("take", org, [org])]
    monkeypatch.setenv("CLAIMRAIL_RING", "false")
    assert bare("submit", claim_file(external_id="second")).exit_code == 0
    assert len(rung) == 1


def test_an_empty_database_asks_for_its_schema(bare, surroundings, settings):
    from pipeline.store import migrate

    migrate.downgrade(settings.owner_url, settings.database_url.get_secret_value(), "base")
    result = bare("report")
    assert result.exit_code == 2
    assert "claimrail migrate" in result.stderr
    assert bare("migrate").exit_code == 0
    assert "claimrail init" in bare("report").stderr


# -- claims ---------------------------------------------------------------------------------------------------------
def test_submit_takes_one_a_list_and_lines(run, claim_file, claim_document):
    one = claim_file("one.json", external_id="a")
    listed = claim_file(
        "list.json", b"[" + claim_document(external_id="b") + b",\n" + claim_document(external_id="c") + b"]"
    )
    lines = claim_file(
        "lines.jsonl", claim_document(external_id="d") + b"\n\n" + claim_document(external_id="e") + b"\n"
    )
    result = run("submit", one, listed, lines, "--json")
    assert result.exit_code == 0
    told = parsed(result)
    assert [receipt["external_id"] for receipt in told] == ["a", "b", "c", "d", "e"]
    assert {receipt["outcome"] for receipt in told} == {"stored"}
    assert told[1]["from"] == "list.json[0]"
    assert told[4]["from"] == "lines.jsonl:3"
    again = run("submit", one)
    assert again.exit_code == 0
    assert "1 replayed" in again.stdout


def test_submit_refuses_with_place_code_and_cure_and_keeps_the_good_ones(run, claim_file, claim_document):
    broken = claim_file("broken.json", b'{"external_id": ')
    lines = claim_file("lines.jsonl", claim_document(external_id="good") + b'\n{"external_id": 5}\n')
    result = run("submit", broken, lines)
    assert result.exit_code == 1
    assert "SHAPE-JSON" in result.stdout
    assert "lines.jsonl:2: external_id: SHAPE-TYPE" in result.stdout
    assert "1 stored" in result.stdout
    assert "2 refused" in result.stdout
    assert run("show", "good").exit_code == 0


def test_submit_hands_over_each_item_as_it_is_spelt(run, claim_file):
    twice = claim_file("twice.json", b'[{"external_id": "a", "external_id": "b"}]')
    assert "SHAPE" in run("submit", twice).stdout
    assert run("submit", claim_file("bytes.json", b"\xff\xfe")).exit_code == 1
    assert run("submit", claim_file("deep.json", b"[" * 100_000)).exit_code == 1
    assert run("submit", claim_file("empty.json", b"")).exit_code == 1


def test_show_by_either_name_with_markup_left_alone(run, claim_file):
    run("submit", claim_file(external_id="x[bold]y"))
    result = run("show", "x[bold]y")
    assert result.exit_code == 0
    assert "x[bold]y" in result.stdout
    assert "claim v1: readied → READY" in result.stdout
    told = parsed(run("show", "x[bold]y", "--json"))
    assert run("show", told["clm01"]).exit_code == 0
    unknown = run("show", "C9999999999999")
    assert unknown.exit_code == 2
    assert "no claim" in unknown.stderr


def test_a_long_reason_is_folded_at_the_window_and_whole_in_a_pipe():
    reason = "the 999 rejects set 0004 for this claim: " + "segment 179 SV1 in loop 2400, " * 6 + "and so on"
    lines = show.folded(reason, " " * 21, 80)
    assert all(len(one) <= 80 and one.startswith(" " * 21) for one in lines)
    assert " ".join(one.strip() for one in lines) == reason
    assert show.folded(reason, "  ") == ["  " + reason]


def test_drain_does_all_that_is_due(run, claim_file, outside, money):
    run("submit", claim_file())
    result = run("drain")
    assert result.exit_code == 0
    assert "nothing is due now" in result.stdout
    assert [file.name for file in outside["oa"].list("inbound")] == ["OATEST_837P_000000001.txt"]
    assert "OATEST_837P_000000001.txt" in run("files").stdout


# -- files, exceptions, report --------------------------------------------------------------------------------------
def test_export_gives_the_exact_bytes_once_and_is_noted(run, claim_file, outside, money, tmp_path):
    run("submit", claim_file())
    run("drain")
    [ref] = [row["ref"] for row in parsed(run("files", "--json")) if row["kind"] == "837P"]
    result = run("export", ref, "--to", str(tmp_path))
    assert result.exit_code == 0
    path = tmp_path / "OATEST_837P_000000001.txt"
    assert path.read_bytes() == outside["oa"].read("inbound", path.name)
    assert path.stat().st_mode & 0o077 == 0
    assert money.column("SELECT action FROM audit") == ["file.export"]
    again = run("export", ref, "--to", str(tmp_path))
    assert again.exit_code == 2
    assert "left alone" in again.stderr
    for wrong in ("O999", "X1", "", "O1; DROP"):
        assert run("export", wrong, "--to", str(tmp_path / "n")).exit_code == 2


def test_files_and_show_tell_how_long_a_batch_waits_and_by_when_an_answer_is_due(run, claim_file, product, org):
    run("submit", claim_file())
    run("drain")
    product.context.clock.advance(75 * 3600)
    assert "AWAITING 75 h" in run("files").stdout
    [told] = [row for row in parsed(run("files", "--json")) if row["kind"] == "837P"]
    assert (told["status"], told["waiting_h"], told["rejected"]) == ("AWAITING", 75, 0)
    clm01 = next(iter(parsed(run("submit", claim_file(), "--json"))))["clm01"]
    shown = run("show", clm01).stdout
    assert "window           a payer's answer by " in shown
    assert "OA claim id" not in shown
    with product.context.tenant(org, "test") as tx:
        tx.run("UPDATE submission SET clearinghouse_id = '4711', payer_control_number = 'ICN9'")
        tx.run("UPDATE claim SET next_step = 'status_inquiry'")
    shown = run("show", clm01).stdout
    for line in ("OA claim id      4711", "payer's number   ICN9", "next step        status inquiry"):
        assert line in shown
    assert parsed(run("show", clm01, "--json"))["tracking"]["awaits"] == "status"


def test_exceptions_lists_reason_and_claim(run, claim_file):
    run("submit", claim_file(diagnoses=[]))
    run("drain")
    [one] = parsed(run("exceptions", "--json"))
    assert one["type"] == "edit_failed"
    assert one["clm01"] in run("exceptions").stdout


def test_report_as_table_and_json(run, claim_file):
    run("submit", claim_file())
    told = parsed(run("report", "--json"))
    assert (told["claims"], told["open"], told["ledger_balanced"]) == (1, 1, True)
    result = run("report")
    assert result.exit_code == 0
    assert "The books balance" in result.stdout


# -- payments -------------------------------------------------------------------------------------------------------
@pytest.fixture
def waiting(money, decide, claim_document):
    """One payment that waits for an approver; its id."""
    with money.tx() as tx:
        tx.run("UPDATE tenant SET approval_limit_cents = 1000")
    [claim] = money.claims(1, claim_document)
    money.remit(decide(claim, 14_500))
    money.deposit(14_500)
    release(money.ctx, money.org, money.org)
    return money.column("SELECT id FROM payment")[0]


def test_approve_by_an_approver_once(run, money, waiting):
    assert "30.00" in run("payments").stdout
    [one] = parsed(run("payments", "--json"))
    assert one["id"] == waiting
    refused = run("approve", str(waiting), "--as", "ana")
    assert refused.exit_code == 2
    assert "payments.approve" in refused.stderr
    assert run("approve", str(waiting), "--as", "ben").exit_code == 0
    assert money.states("payment") == ["APPROVED"]
    assert run("approve", str(waiting), "--as", "cleo").exit_code == 2
    assert run("approve", "999", "--as", "ben").exit_code == 2
    assert run("approve", str(waiting)).exit_code == 2


def test_deny_needs_a_reason(run, money, waiting):
    assert run("deny", str(waiting), "--as", "ben").exit_code == 2
    assert run("deny", str(waiting), "--as", "ben", "--reason", "wrong account").exit_code == 0
    assert money.states("payment") == ["DENIED"]


# -- tenants and mailboxes ------------------------------------------------------------------------------------------
def test_of_several_tenants_one_must_be_named(cli, product, org):
    from pipeline.services import setup

    setup.create_tenant(product.context, "other", "Other")
    result = cli("report")
    assert result.exit_code == 2
    assert "county-ems, other" in result.stderr
    assert cli("report", "--org", "other").exit_code == 0
    assert cli("report", "--org", "nobody").exit_code == 2


def test_without_a_tenant_init_is_the_cure(cli):
    result = cli("report")
    assert result.exit_code == 2
    assert "claimrail init" in result.stderr


def test_mailboxes_are_listed_without_secrets_and_changed(run, money):
    listed = run("mailbox", "list")
    assert "clearinghouse" in listed.stdout
    assert "invented" not in run("mailbox", "list", "--json").stdout.replace("INVENTED", "")
    changed = run("mailbox", "set", "bank", "--host", "sftp.example.test", "--set", "settlement_days=2", "--disable")
    assert changed.exit_code == 0
    assert "host, settlement_days, enabled" in changed.stdout
    secret = run("mailbox", "set", "bank", "--password", stdin="new secret\n")
    assert "password" in secret.stdout
    assert "new secret" not in secret.output
    for wrong in (("--set", "origin=1"), ("--set", "nothing=1"), ("--set", "x")):
        assert run("mailbox", "set", "bank", *wrong).exit_code == 2
    assert run("mailbox", "set", "nobody", "--host", "h").exit_code == 2
    assert money.column("SELECT action FROM audit") == ["mailbox.set"] * 2


def test_mailbox_check_lifts_a_pause_and_resume_too(run, money):
    def pause():
        from pipeline.store import tenants

        with money.tx() as tx:
            tenants.pause_mailbox(tx, tenants.mailboxes(tx, "bank")[0].id, "login_refused", 999)

    pause()
    assert "paused: login_refused" in run("mailbox", "list").stdout
    assert run("mailbox", "check", "bank").exit_code == 0
    assert "paused" not in run("mailbox", "list").stdout
    pause()
    assert run("mailbox", "resume", "bank").exit_code == 0
    assert "paused" not in run("mailbox", "list").stdout


def test_held_claims_are_listed_reported_and_sent_again(run, money, claim_document):
    from pipeline.domain.states import Kind
    from pipeline.store import exceptions, tenants, transitions

    [one] = money.claims(1, claim_document)
    with money.tx() as tx:
        file_id = tx.value("SELECT id FROM outbound_file")
        tx.run("UPDATE submission SET state = 'SET_REJECTED'")
        transitions.move(tx, Kind.CLAIM, [one.id], "held")
        tenants.pause_bundling(tx, tenants.mailboxes(tx, "clearinghouse")[0].id, "file 1 was rejected")
        exceptions.open_all(tx, [exceptions.Raise("file_rejected", "file", file_id, "invented")])
    assert "no new files: file 1 was rejected" in run("mailbox", "list").stdout
    assert "file_rejected" in run("exceptions").stdout
    assert parsed(run("report", "--json"))["held"] == 1
    for wrong in ((), ("--file", "I1"), ("--file", "O99"), ("NOSUCH",), (one.clm01, "--file", f"O{file_id}")):
        assert run("resubmit", *wrong).exit_code == 2
    told = run("resubmit", "--file", f"O{file_id}")
    assert told.exit_code == 0
    assert "1 claims go again" in told.stdout
    assert "mailbox resume clearinghouse" in told.stdout
    assert run("mailbox", "resume", "clearinghouse").exit_code == 0
    assert "no new files" not in run("mailbox", "list").stdout
    assert run("resubmit", one.clm01).exit_code == 2  # it goes already
    assert money.exceptions() == []


def test_mailbox_check_says_what_is_wrong(run, money):
    run("mailbox", "set", "bank", "--set", "pickup_folder=elsewhere")
    result = run("mailbox", "check", "bank")
    assert result.exit_code == 1
    assert "no folder 'elsewhere'" in result.stdout


# -- init -----------------------------------------------------------------------------------------------------------
def test_init_adds_what_is_missing_and_keeps_what_is_there(cli, tmp_path, claim_document):
    provider = tmp_path / "provider.json"
    provider.write_text(
        json.dumps(
            {
                "npi": "1999000001", "name": "Invented", "tax_id": "999999999", "taxonomy": "341600000X",
                "address": {"line1": "1 Road", "city": "Town", "state": "OH", "zip": "430041234"},
            }
        )
    )  # fmt: skip
    first = cli("init", "--provider", str(provider), "--person", "ben:approver,biller")
    assert first.exit_code == 0
    assert "tenant main: made" in first.stdout
    assert "billing providers: 1 added" in first.stdout
    assert "OFFICEALLY_FTP_HOST" in first.stdout
    second = cli("init", "--provider", str(provider), "--person", "ben:approver")
    assert "tenant main: there already" in second.stdout
    assert "billing providers: 0 added, 1 there already" in second.stdout
    assert "people: 0 added, 1 there already" in second.stdout
    provider.write_text('{"npi": 5}')
    assert cli("init", "--provider", str(provider)).exit_code == 2
    assert cli("init", "--person", "ben:emperor").exit_code == 2


def test_adopt_takes_the_database_once_every_mailbox_is_settled(run, monkeypatch, settings):
    """Looking settles nothing, applying alone neither: that the partners have answered all is a person's word."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("DATABASE_OWNER_URL", settings.owner_url)
    monkeypatch.setenv("REDIS_URL", settings.redis_url.get_secret_value())
    monkeypatch.setenv("CLAIMRAIL_KEYS", settings.keys.get_secret_value())
    looked = run("reconcile")
    assert looked.exit_code == 1
    assert "clearinghouse: nothing was changed" in looked.stdout
    assert run("reconcile", "--apply").exit_code == 1
    refused = run("adopt")
    assert refused.exit_code == 2
    assert "county-ems/bank, county-ems/clearinghouse" in refused.stderr
    told = run("reconcile", "--apply", "--answered", "--json")
    assert told.exit_code == 0
    assert [(one["mailbox"], one["settled"]) for one in parsed(told)] == [
        ("clearinghouse", True),
        ("bank", True),
    ]
    assert run("adopt").exit_code == 0
