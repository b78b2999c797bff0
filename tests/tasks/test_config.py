"""Celery's settings: a message is a doorbell that may be lost or doubled, and nothing else."""

import pytest
from celery.exceptions import QueueNotFound
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from pipeline.settings import BrokerSettings, FlowSettings
from tasks.app import app
from tasks.config import HARD_LIMIT_S, QUEUES, VISIBILITY_TIMEOUT_S, celery_config


@pytest.fixture
def tasks():
    """Every task of ours by name, as a worker has them."""
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


@pytest.fixture
def config():
    return celery_config(BrokerSettings(_env_file=None, REDIS_URL="redis://h:1/0"), FlowSettings(_env_file=None))


def test_the_application_has_this_configuration(config):
    differing = [
        k for k, v in config.items() if k not in {"broker_url", "task_queues", "beat_schedule"} and app.conf[k] != v
    ]
    assert differing == []


def test_json_and_nothing_else():
    assert app.conf.accept_content == ["json"]
    assert (app.conf.task_serializer, app.conf.event_serializer) == ("json", "json")
    content_type, encoding, payload = dumps({"a": 1}, serializer="pickle")
    with pytest.raises(ContentDisallowed):
        loads(payload, content_type, encoding, accept={"application/json"})


def test_nothing_is_believed_because_of_a_message():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None


def test_nothing_is_said_of_arguments():
    assert not app.conf.worker_send_task_events
    assert not app.conf.task_send_sent_event
    assert not app.conf.task_track_started
    assert not app.conf.task_remote_tracebacks


def test_limits_lie_well_below_the_visibility_timeout(tasks):
    assert (
        app.conf.broker_transport_options["visibility_timeout"] == VISIBILITY_TIMEOUT_S == app.conf.visibility_timeout
    )
    for task in tasks.values():
        assert 0 < task.soft_time_limit < task.time_limit <= VISIBILITY_TIMEOUT_S / 2, task.name
        assert task.time_limit == HARD_LIMIT_S[task.name.split(".")[0]]


def test_a_dead_broker_cannot_hang_anybody():
    options = app.conf.broker_transport_options
    assert 0 < options["socket_connect_timeout"] <= 5
    assert 0 < options["socket_timeout"] <= 30
    assert options["health_check_interval"] < options["socket_timeout"]
    assert app.conf.broker_connection_max_retries is None  # a worker outlives any outage


def test_every_task_has_a_queue_that_is_consumed(tasks):
    for name in tasks:
        assert app.amqp.router.route({}, name)["queue"].name in QUEUES
    assert {name.split(".")[0] for name in tasks} == set(QUEUES)


def test_a_misspelt_queue_is_refused_not_made():
    assert app.conf.task_create_missing_queues is False
    with pytest.raises(QueueNotFound):
        app.amqp.router.route({"queue": "typo"}, "claims.take")


def test_every_task_keeps_its_arguments_to_itself(tasks):
    from tasks.product import IdsOnly

    assert all(isinstance(task, IdsOnly) for task in tasks.values())


def test_beat_rings_only_what_exists(tasks, config):
    assert {entry["task"] for entry in config["beat_schedule"].values()} <= set(tasks)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h:1/0", "redis://h:1/0"),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock"),
        (None, "redis://127.0.0.1:6379/0"),
    ],
)
def test_the_broker_s_url_as_celery_spells_it(monkeypatch, url, expected):
    monkeypatch.delenv("REDIS_URL", raising=False)
    given = {} if url is None else {"REDIS_URL": url}
    assert BrokerSettings(_env_file=None, **given).celery_url == expected
