"""Children: who they run as, when they die, and what their CPU time is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local import spawn as room
from local.spawn import Account, ServerError, alive, cpu_seconds, end, server_account, spawn, tail, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_child_dies_with_its_parent(python) -> None:
    parent = python("""
        import sys, time
        from local.spawn import spawn
        print(spawn([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
        time.sleep(60)
    """)
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    assert wait_until(lambda: not alive(child), 5.0)


def test_end_asks_before_it_kills() -> None:
    polite = spawn(SLEEP)
    assert end(polite, [(signal.SIGTERM, 5.0)]) == -signal.SIGTERM
    deaf = spawn(["/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"])
    time.sleep(0.1)
    assert end(deaf, [(signal.SIGTERM, 0.1)]) == -signal.SIGKILL


def test_end_takes_the_whole_session() -> None:
    shell = spawn(["/bin/sh", "-c", "sleep 60 & echo $!; wait"], output=subprocess.PIPE)
    grandchild = int(shell.stdout.readline())
    end(shell, [(signal.SIGTERM, 5.0)])
    assert wait_until(lambda: not alive(grandchild), 5.0)
    shell.stdout.close()


def test_a_program_that_is_not_there_is_told_with_a_cure() -> None:
    with pytest.raises(ServerError, match="Cure"):
        spawn(["/nowhere/at-all"])


def test_a_reused_pid_is_not_taken_for_the_server() -> None:
    assert alive(os.getpid())
    assert not alive(os.getpid(), "postgres: surely not this")
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    assert not alive(ended.pid)


def test_cpu_seconds_count_reaped_children(tmp_path: Path) -> None:
    burn = "import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', 'sum(range(6_000_000))'])\nprint(1, flush=True)\ntime.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", burn], stdout=subprocess.PIPE)
    process.stdout.readline()
    assert cpu_seconds(process.pid) > 0.02
    process.kill()
    process.communicate()
    assert cpu_seconds(process.pid) == 0.0


def test_tail_of_no_log_is_empty(tmp_path: Path) -> None:
    assert tail(tmp_path / "none.log") == ""
    (tmp_path / "some.log").write_text("a\nb\nc\n")
    assert tail(tmp_path / "some.log", 2) == "\n    b\n    c"


def test_a_normal_user_runs_servers_as_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "getegid", lambda: 1001)
    assert server_account(tmp_path, [tmp_path]) == Account(1000, 1001)


def test_root_without_a_fit_account_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(room, "SERVER_ACCOUNTS", ("no-such-account",))
    with pytest.raises(ServerError, match="normal user"):
        server_account(tmp_path / "absent", [])


def test_a_closed_parent_folder_costs_one_capability(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(room, "_search_capability", lambda: room.CAP_DAC_READ_SEARCH)
    closed, opened = tmp_path / "closed", Path("/usr/bin/env")
    closed.mkdir(mode=0o700)
    assert server_account(closed / "data", [closed / "data"]).capability == room.CAP_DAC_READ_SEARCH
    assert server_account(closed / "data", [opened]).capability is None
