"""Celery's settings: a message is a doorbell that may be lost or doubled, and nothing else."""

import re
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import kombu
import pytest
from celery.exceptions import QueueNotFound
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from pipeline.settings import BrokerSettings, FlowSettings, Settings
from tasks.app import app
from tasks.config import HARD_LIMIT_S, QUEUES, SOFT_BEFORE_HARD_S, VISIBILITY_TIMEOUT_S, celery_config

ROOT = Path(__file__).resolve().parents[2]


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


def test_a_push_is_never_repeated_behind_our_back():
    """The client's own retries would ring twice without anybody knowing; what is lost the sweep rings again."""
    assert "retry_on_timeout" not in app.conf.broker_transport_options
    assert app.conf.task_publish_retry_policy["max_retries"] <= 3


def test_what_a_dead_worker_held_comes_back_within_seconds_once_it_is_over_time():
    options = app.conf.broker_transport_options
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 10
    assert 0 < options["unacked_restore_limit"] <= 500
    assert options["unacked_mutex_expire"] <= 60


def test_a_worker_that_is_told_to_stop_has_time_and_one_that_was_cut_off_stops_working():
    assert app.conf.worker_soft_shutdown_timeout >= 60
    assert app.conf.worker_enable_soft_shutdown_on_idle
    assert app.conf.worker_cancel_long_running_tasks_on_connection_loss


def test_no_statement_outlasts_its_task():
    longest = Settings.model_fields["statement_timeout_s"].default
    assert Settings.model_fields["lock_timeout_s"].default < longest
    assert longest < min(HARD_LIMIT_S.values()) - SOFT_BEFORE_HARD_S


def test_no_message_goes_by_an_exchange_whose_binding_could_be_lost(tasks):
    """A message by a named exchange is dropped when Redis has lost the binding; a queue's own name needs none."""
    sent = []
    publish = lambda _body, **how: sent.append((how["exchange"], how["routing_key"]))  # noqa: E731
    unused = SimpleNamespace(_reraise_as_library_errors=nullcontext)
    producer = SimpleNamespace(publish=publish, connection=unused)
    for name in tasks:
        app.send_task(name, args=(1, 2), producer=producer)
    assert sent == [("", name.split(".")[0]) for name in tasks]


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


def test_kombu_is_one_that_gives_back_what_it_took():
    """Before 5.7 a message that nobody acknowledged was lost when the connection broke while it was put back."""
    floors = re.findall(r"^(\S+?)[>=]=(\d+)\.(\d+)", (ROOT / "requirements" / "base.in").read_text(), re.MULTILINE)
    floor = {name: (int(major), int(minor)) for name, major, minor in floors}
    assert floor["kombu"] >= (5, 7)
    assert tuple(map(int, kombu.__version__.split(".")[:2])) >= (5, 7)
