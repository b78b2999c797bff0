"""The real thing: two processes, one port, clean ends and no orphans."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.journal import read_journal
from transport.errors import ConnectionLost
from transport.sftp import SftpConfig, SftpMailbox


def wait_for(condition, patience_s: float = 15.0) -> None:
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def start(tmp_path):
    started = []

    def run(**settings):
        file = tmp_path / "sandbox.json"
        file.write_text(json.dumps({"root": str(tmp_path / "root"), "poll_s": 0.05} | settings))
        process = subprocess.Popen([sys.executable, "-m", "sandbox", "--config", str(file)], stdout=subprocess.PIPE)
        started.append(process)
        return process, json.loads(process.stdout.readline())

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def login(told: dict, user: str = "oa") -> SftpConfig:
    return SftpConfig(
        host="127.0.0.1",
        port=told["port"],
        username=user,
        password=f"{user}-sandbox-password",
        host_key=told["host_key"],
    )


def test_it_serves_answers_and_ends_on_sigterm(start, tmp_path):
    process, told = start()
    assert told["pid"] == process.pid
    for user in ("oa", "bank"):
        with SftpMailbox(login(told, user)) as box:
            assert box.list("outbound") == []
    with SftpMailbox(login(told)) as box:
        box.write("staging", "tmp", b"no X12 at all")
        box.rename("staging", "tmp", "inbound", "note.txt")
        wait_for(lambda: box.list("inbound") == [])
    (worker,) = children_of(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not Path(f"/proc/{worker}").exists()


def test_a_cut_upload_leaves_nothing_in_inbound_and_the_next_try_is_answered(start, tmp_path, x12):
    _, told = start(delays={"payer_status_s": 0, "remit_s": 0}, judge_fraction=0)
    patients = [x12.subscriber(f"W{n}1", [x12.claim(f"CLAIM{n}A{m}", [100]) for m in range(100)]) for n in range(4)]
    data = x12.interchange([patients])
    (tmp_path / "root" / "control.json").write_text(json.dumps({"cut_upload_after_bytes": 40_000}))
    with SftpMailbox(login(told)) as box, pytest.raises(ConnectionLost):
        box.write("staging", "tmp-1", data)
    with SftpMailbox(login(told)) as box:
        assert box.list("inbound") == []
        box.delete("staging", "tmp-1")
        box.write("staging", "tmp-2", data)
        box.rename("staging", "tmp-2", "inbound", "837P_000000101.txt")
        wait_for(lambda: len(box.list("outbound")) == 4)
        with SftpMailbox(login(told, "bank")) as bank:
            wait_for(lambda: len(bank.list("outbound")) == 1)
    journal = read_journal(tmp_path / "root" / "journal.jsonl")
    assert len([line for line in journal if line["kind"] == "claim"]) == 400
    assert len([line for line in journal if line["kind"] == "cut"]) == 1


def test_a_killed_parent_leaves_no_worker_and_a_restart_keeps_key_and_port(start):
    process, told = start()
    wait_for(lambda: children_of(process.pid))
    (worker,) = children_of(process.pid)
    wait_for(lambda: b"answering-for" in Path(f"/proc/{worker}/cmdline").read_bytes())
    time.sleep(0.2)
    process.kill()
    process.wait()
    wait_for(lambda: not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text())
    _, again = start()
    assert (again["port"], again["host_key"]) == (told["port"], told["host_key"])


def test_it_says_so_when_the_answering_process_fails(start):
    process, _ = start()
    wait_for(lambda: children_of(process.pid))
    os.kill(children_of(process.pid)[0], signal.SIGKILL)
    assert process.wait(20) == 1


def test_it_hangs_up_once_for_each_asking_and_lets_in_whoever_comes_again(start, tmp_path):
    _, told = start()
    control = tmp_path / "root" / "control.json"
    for asked in (1, 2):
        mailbox = SftpMailbox(login(told))
        assert mailbox.list("outbound") == []
        control.write_text(json.dumps({"hang_up": asked}))
        wait_for(lambda mailbox=mailbox: not mailbox.healthy(0))
        mailbox.close()
