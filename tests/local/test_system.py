"""The supervisor on real processes: a Celery worker on the embedded broker, beat, Flower, and things that die."""

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from celery import Celery

from local.servers import Servers
from local.spawn import LocalError, ProcessError, alive, wait_until
from local.system import System, free_port

APP = """
import os
from pathlib import Path
from celery import Celery
app = Celery("stand_in", broker=os.environ["REDIS_URL"])
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)
app.conf.beat_schedule = {"tick": {"task": "tick", "schedule": 0.2, "options": {"queue": "control"}}}
@app.task(name="touch")
def touch(path): Path(path).write_text(str(os.getpid()))
@app.task(name="tick")
def tick(): Path(os.environ["TICKED"]).touch()
"""


@pytest.fixture
def system(servers: Servers, tmp_path: Path) -> Iterator[System]:
    (tmp_path / "stand_in.py").write_text(APP)
    env = {**servers.environment(), "PYTHONPATH": str(tmp_path), "TICKED": str(tmp_path / "ticked")}
    with System(tmp_path / "var", env, app="stand_in") as running:
        yield running


def test_a_worker_works_and_is_killed_with_its_pool_and_starts_again(
    system: System, servers: Servers, tmp_path: Path
) -> None:
    sender = Celery(broker=servers.redis_url)
    system.start_worker(["claims"], 1)
    sender.send_task("touch", [str(tmp_path / "a")], queue="claims")
    assert wait_until((tmp_path / "a").exists, 10.0)
    pool = int((tmp_path / "a").read_text())
    assert system.cpu_seconds("worker") > 0.1
    spent = system.cpu_seconds("worker")
    system.kill_worker()
    assert wait_until(lambda: not alive(pool), 5.0)
    assert system.cpu_seconds("worker") >= spent
    with pytest.raises(ProcessError, match="worker ended with exit code -9"):
        system.check()
    system.start_worker(["claims"], 1)
    system.check()
    sender.send_task("touch", [str(tmp_path / "b")], queue="claims")
    assert wait_until((tmp_path / "b").exists, 10.0)
    assert system.stop_process("worker") == 0
    sender.close()


def test_beat_and_flower(system: System, tmp_path: Path) -> None:
    port = free_port()
    system.start_worker(["control"], 1)
    system.start_beat()
    system.start_flower(port)
    assert wait_until((tmp_path / "ticked").exists, 10.0)
    with urlopen(f"http://127.0.0.1:{port}/healthcheck", timeout=5) as answer:
        assert answer.status == 200
    assert system.groups() == ["beat", "flower", "worker"]


def test_flower_beyond_loopback_wants_a_login(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAIMRAIL_FLOWER_AUTH", raising=False)
    with pytest.raises(LocalError, match="CLAIMRAIL_FLOWER_AUTH"):
        system.start_flower(free_port(), "0.0.0.0")
    assert "flower" not in system.processes


def test_a_process_that_ends_is_told_with_its_log(system: System) -> None:
    system.start("short", [sys.executable, "-c", "print('said this'); raise SystemExit(3)"])
    with pytest.raises(ProcessError, match=r"exit code 3(.|\n)*said this"):
        system.wait_for_output("short", "never")


def test_a_silent_process_is_told_after_the_time_limit(system: System) -> None:
    system.start("mute", [sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(ProcessError, match="mute is not ready"):
        system.wait_for_output("mute", "never", timeout_s=0.2)


def test_a_running_name_is_taken(system: System) -> None:
    system.start("one", [sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(LocalError, match="already runs"):
        system.start("one", ["/bin/true"])


def test_ready_output_is_read_from_this_run_only(system: System) -> None:
    for number in (1, 2):
        system.start("teller", [sys.executable, "-c", f"print('run {number}')"])
        assert system.wait_for_output("teller", r"run \d").group(0) == f"run {number}"
        system.processes["teller"].popen.wait()


def test_stop_ends_all_and_may_be_repeated(system: System) -> None:
    for name in ("a", "b"):
        system.start(name, [sys.executable, "-c", "import time; time.sleep(60)"])
    system.stop()
    system.stop()
    assert not any(process.running for process in system.processes.values())


def test_servers_are_measured_under_their_own_group(system: System, servers: Servers) -> None:
    system.watch("postgres", servers.postgres_pid)
    system.watch("absent", None)
    assert system.cpu_seconds("postgres") > 0
    assert system.groups() == ["postgres"]
