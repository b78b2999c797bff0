"""Clock, journal, configuration, faults and derived numbers."""

import json
import time
from datetime import UTC, datetime

import pytest

from sandbox import names
from sandbox.clock import BusinessClock
from sandbox.config import Delays, SandboxConfig
from sandbox.faults import Faults
from sandbox.identifiers import clearinghouse_claim_id, payer_control_number, payer_tax_id
from sandbox.journal import Journal, read_journal


def test_business_time_is_real_time_plus_the_offset_of_the_moment(tmp_path):
    file = tmp_path / "clock"
    clock = BusinessClock(file)
    assert abs(clock.now_s() - time.time()) < 1
    file.write_text("86400\n")
    assert abs(clock.now_s() - time.time() - 86400) < 1
    file.write_text("")
    assert clock.offset_s() == 0
    assert BusinessClock(None).offset_s() == 0


def test_the_journal_keeps_batches_in_order_and_leaves_out_a_torn_line(tmp_path):
    path = tmp_path / "deep" / "journal.jsonl"
    journal = Journal(path, BusinessClock(None))
    assert read_journal(path) == []
    journal.append({"kind": "file", "file_id": "1"}, {"kind": "claim", "clm01": "A"})
    journal.append()
    journal.append({"kind": "claim", "clm01": "B"})
    with path.open("a") as file:
        file.write('{"kind": "cla')
    assert [line["clm01"] for line in read_journal(path, "claim")] == ["A", "B"]
    assert len(read_journal(path)) == 3
    assert journal.files_seen() == {"1"}
    assert datetime.fromisoformat(read_journal(path)[0]["at"]).tzinfo is not None


def test_a_misspelt_key_is_refused(tmp_path):
    for wrong in ({"rooot": "x"}, {"root": "x", "pol_s": 1}, {"root": "x", "delays": {"ack": 1}}):
        with pytest.raises((TypeError, KeyError)):
            SandboxConfig.from_dict(wrong)


def test_configuration_is_read_from_json_and_hides_passwords(tmp_path):
    path = tmp_path / "sandbox.json"
    given = {
        "root": str(tmp_path / "root"),
        "users": {"oa": "hidden-word"},
        "delays": {"remit_s": 5},
        "clock_file": str(tmp_path / "clock"),
    }
    path.write_text(json.dumps(given))
    config = SandboxConfig.load(path)
    assert config.delays == Delays(remit_s=5)
    assert config.journal == tmp_path / "root" / "journal.jsonl"
    assert "hidden-word" not in repr(config)
    assert config.host == "127.0.0.1"
    assert Delays.none().remit_s == 0


def test_faults_follow_the_file(tmp_path):
    path = tmp_path / "control.json"
    faults = Faults(path)
    assert faults.cut_after_bytes() is None
    assert not faults.cuts("cut_replies", "rename")
    path.write_text(json.dumps({"cut_upload_after_bytes": 10, "cut_times": 2, "refuse_login": ["oa"], "mute": ["999"]}))
    assert faults.cut_after_bytes() == 10
    faults.count_cut()
    faults.count_cut()
    assert faults.cut_after_bytes() is None
    assert faults.refuses_login("oa")
    assert not faults.refuses_login("bank")
    assert faults.mutes("999")
    assert not faults.holds("999")
    path.write_text("{broken")
    assert not faults.refuses_login("oa")
    path.write_text(
        json.dumps({"cut_replies": {"rename": 1}, "refuse": ["open"], "no_space": True, "sweep_at_once": True})
    )
    assert [faults.cuts("cut_replies", "rename") for _ in range(2)] == [True, False]
    assert not faults.cuts("cut_requests", "rename")
    assert faults.refuses("open")
    assert not faults.refuses("write")
    assert not faults.other_host_key()
    assert faults.hang_up() is None
    assert faults.no_space()
    assert faults.sweeps_at_once()
    path.write_text(json.dumps({"hold": ["835"], "other_host_key": True, "hang_up": 3}))
    assert faults.holds("835")
    assert faults.other_host_key()
    assert faults.hang_up() == 3
    path.unlink()
    assert not faults.no_space()


def test_derived_numbers_are_constant_and_have_their_widths():
    assert clearinghouse_claim_id("CLAIM1", "1") == clearinghouse_claim_id("CLAIM1", "1")
    assert clearinghouse_claim_id("CLAIM1", "1") != clearinghouse_claim_id("CLAIM1", "7")
    assert len(clearinghouse_claim_id("X", "1")) == 10
    assert len(payer_control_number("12345", "X", "1")) == 13
    assert len(payer_tax_id("12345")) == 9


def test_names_are_those_that_clients_know():
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert names.acknowledgment("1088623388", "OATEST_837P_000000001") == "1088623388_OATEST_837P_000000001_999.999"
    assert names.claim_acknowledgment("1088623388", now) == "oa_1088623388_HCFA_277ca_20261121.txt"
    assert names.payer_status("1088623388", now) == "1088623388_EDI_STATUS_HCFA_20261121.277"
    assert names.remittance_zip("1088623389", now) == "1088623389_ERA_STATUS_5010_20261121.zip"
    assert names.remittance_members("1088623389", now) == (
        "1088623389_ERA_835_5010_20261121.835",
        "1088623389_ERA_STATUS_5010_20261121.txt",
    )
