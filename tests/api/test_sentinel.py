"""Redis with Sentinel, for real: the door, the workers' configuration and the doctor find the master, also a new one."""

import subprocess
import time

import pytest
import redis
from celery import Celery

from api.wiring import publisher, queue_depths, ring
from local.system import free_port
from local.valkey import _program
from pipeline.services.doctor import Result, Surroundings, _broker
from pipeline.settings import BrokerSettings, FlowSettings
from tasks.config import celery_config

MASTER = "claims"


def until(condition, timeout_s=20):
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        try:
            if condition():
                return
        except redis.RedisError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@pytest.fixture
def watched(tmp_path):
    """A master with a replica and one Sentinel; gives the Sentinel's port."""
    first, second, sentinel = free_port(), free_port(), free_port()
    plain = [str(_program()), "--bind", "127.0.0.1", "--save", "", "--maxmemory-policy", "noeviction"]
    configuration = tmp_path / "sentinel.conf"
    configuration.write_text(
        f"port {sentinel}\nbind 127.0.0.1\nsentinel monitor {MASTER} 127.0.0.1 {first} 1\n"
        f"sentinel down-after-milliseconds {MASTER} 1000\nsentinel failover-timeout {MASTER} 3000\n"
    )
    commands = [
        [*plain, "--port", str(first)],
        [*plain, "--port", str(second), "--replicaof", "127.0.0.1", str(first)],
        [str(_program()), str(configuration), "--sentinel"],
    ]
    running = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) for command in commands]
    try:
        client = redis.Redis(port=sentinel)
        until(lambda: client.sentinel_slaves(MASTER))
        yield sentinel
        client.close()
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


@pytest.mark.timeout(120)
def test_the_master_is_found_and_after_a_failover_the_new_one(watched):
    # The first Sentinel is away: the second one is asked.
    url = f"sentinel://127.0.0.1:{free_port()};sentinel://127.0.0.1:{watched}"
    broker = BrokerSettings(_env_file=None, REDIS_URL=url, REDIS_SENTINEL_MASTER=MASTER)
    door = publisher(broker.celery_url, broker.transport_options)
    around = Surroundings("test", url, sentinel_master=MASTER)
    sentinel = redis.Redis(port=watched)

    assert ring(door, 7)
    assert queue_depths(door)["queue_messages"]["claims",] == 1
    assert _broker(around).result is Result.OK

    worker = Celery("w", set_as_current=False)
    worker.conf.update(celery_config(broker, FlowSettings(_env_file=None)))
    with worker.connection_for_read() as connection:
        assert connection.default_channel.basic_get("claims") is not None

    before = sentinel.sentinel_get_master_addr_by_name(MASTER)
    until(lambda: sentinel.execute_command("SENTINEL", "FAILOVER", MASTER))
    until(lambda: sentinel.sentinel_get_master_addr_by_name(MASTER) != before)
    until(lambda: ring(door, 8))
    assert queue_depths(door)["broker_up"] == {(): 1}
    assert _broker(around).result is Result.OK
    sentinel.close()


def test_without_the_masters_name_nothing_starts():
    with pytest.raises(ValueError, match="REDIS_SENTINEL_MASTER"):
        BrokerSettings(_env_file=None, REDIS_URL="sentinel://127.0.0.1:26379")


def test_a_password_of_the_sentinels_reaches_them_and_no_other_redis():
    told = {"REDIS_SENTINEL_MASTER": MASTER, "REDIS_SENTINEL_PASSWORD": "hush-hush"}
    watched = BrokerSettings(_env_file=None, REDIS_URL="sentinel://:other@127.0.0.1:26379", **told)
    assert watched.transport_options == {"master_name": MASTER, "sentinel_kwargs": {"password": "hush-hush"}}
    assert BrokerSettings(_env_file=None, REDIS_URL="redis://h/0", **told).transport_options == {}
    assert "hush-hush" not in repr(watched)
