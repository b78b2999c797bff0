"""Real workers with the product's own Celery settings: told to stop, killed, or losing a child, they lose no work."""

import pytest
import redis
from celery import Celery

from local.spawn import wait_until
from local.system import System

APP = """
import os, signal, time
from pathlib import Path
from celery import Celery
from pipeline.settings import BrokerSettings, FlowSettings
from tasks.config import celery_config

app = Celery("stand_in")
app.conf.update(celery_config(BrokerSettings(), FlowSettings()))
app.conf.beat_schedule = {"tick": {"task": "control.tick", "schedule": 0.3}}

def told(what):
    with Path(os.environ["TOLD"]).open("a") as file:
        file.write(what + "\\n")

@app.task(name="claims.slow")
def slow():
    told("began")
    time.sleep(1.5)
    told("ended")

@app.task(name="claims.dies_once")
def dies_once():
    first = not Path(os.environ["TOLD"]).exists()
    told("again" if dies_once.request.delivery_info["redelivered"] else "first")
    if first:
        os.kill(os.getpid(), signal.SIGKILL)

@app.task(name="control.tick")
def tick():
    told("tick")
"""


class Workers:
    """A system of stand-in tasks, what they told, and what lies in the broker."""

    def __init__(self, system, servers, told):
        self.system, self.told_path = system, told
        self.client = redis.Redis.from_url(servers.redis_client_url)
        self.sender = Celery(broker=servers.redis_url)
        self.sender.conf.broker_transport_options = {"global_keyprefix": "claimrail:"}

    def send(self, task):
        self.sender.send_task(task, queue=task.split(".")[0])

    def told(self):
        return self.told_path.read_text().split() if self.told_path.exists() else []

    def wait_for(self, *words):
        assert wait_until(lambda: self.told() == list(words), 20), self.told()

    def held(self):
        """Messages that wait, and messages that were taken and not yet acknowledged."""
        return self.client.llen("claimrail:claims"), self.client.hlen("claimrail:unacked")


@pytest.fixture
def workers(servers, tmp_path):
    (tmp_path / "stand_in.py").write_text(APP)
    told = tmp_path / "told"
    env = {**servers.environment(), "PYTHONPATH": str(tmp_path), "TOLD": str(told)}
    with System(tmp_path / "var", env, app="stand_in") as system:
        made = Workers(system, servers, told)
        made.client.flushdb()
        yield made
        made.client.flushdb()
        made.client.close()
        made.sender.close()


def test_a_worker_that_is_told_to_stop_ends_what_it_has_in_hand(workers):
    workers.system.start_worker(["claims"], 1)
    workers.send("claims.slow")
    workers.wait_for("began")
    assert workers.system.stop_process("worker") == 0
    assert workers.told() == ["began", "ended"]
    assert workers.held() == (0, 0)


def test_what_a_worker_leaves_when_it_stops_another_takes(workers):
    """One task in hand, one that waits: with a prefetch of one it never left the queue."""
    workers.system.start_worker(["claims"], 1)
    workers.send("claims.slow")
    workers.wait_for("began")
    workers.send("claims.slow")
    workers.system.stop_process("worker")
    workers.system.start_worker(["claims"], 1, name="next")
    workers.wait_for("began", "ended", "began", "ended")


def test_a_task_whose_child_is_killed_is_delivered_again_and_knows_it(workers):
    workers.system.start_worker(["claims"], 1)
    workers.send("claims.dies_once")
    workers.wait_for("first", "again")
    assert wait_until(lambda: workers.held() == (0, 0), 10)


def test_a_worker_that_is_killed_has_acknowledged_nothing(workers):
    workers.system.start_worker(["claims"], 1)
    workers.send("claims.slow")
    workers.wait_for("began")
    workers.system.kill_worker()
    assert workers.held() == (0, 1)  # it comes back when the visibility timeout is over


def test_two_beats_ring_side_by_side(workers):
    workers.system.start_worker(["control"], 1)
    for name in ("beat-1", "beat-2"):
        workers.system.start_beat(name)
    assert wait_until(lambda: len(workers.told()) > 8, 20)
    workers.system.check()
