"""The scrape: one measurement for many, the broker's queues beside the record, and an outage told as a number."""

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.metrics import Scrape, text
from api.wiring import QUEUES, publisher, queue_depths, ring, wire
from pipeline.services import intake


def scraped(client):
    """Every number of a scrape by name and labels."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


@pytest.fixture
def quiet(servers):
    """The run's broker with nothing in its queues."""
    import redis

    client = redis.Redis.from_url(servers.redis_client_url)
    client.flushdb()
    yield servers
    client.flushdb()


def test_a_scrape_of_a_system_with_work(product, settings, org, quiet, claim_document):
    intake.submit(product.context, org, [claim_document(external_id=f"c{n}") for n in range(3)], "test")
    broker = publisher(quiet.redis_url)
    assert ring(broker, org)
    assert ring(broker, org)
    client = TestClient(create_app(wire(settings)))
    told = scraped(client)
    assert told["claimrail_database_up",] == told["claimrail_broker_up",] == 1
    assert told["claimrail_queue_messages", "claims"] == 2
    assert told["claimrail_queue_messages", "money"] == told["claimrail_broker_unacknowledged",] == 0
    assert told["claimrail_claims", "READY"] == 3
    assert told["claimrail_work_due", "take"] == 1
    assert 0 < told["claimrail_metrics_seconds",] < 60


def test_it_is_measured_once_however_many_ask_until_it_is_old():
    times = iter(range(1, 10))
    source = lambda: {"database_up": {(): float(next(times))}}  # noqa: E731
    young = Scrape([source], max_age_s=60)
    assert young() == young()
    assert b"claimrail_database_up 1.0" in young()
    old = Scrape([source], max_age_s=0)
    assert old() != old()


def test_an_outage_of_everything_is_still_an_answer(settings, tmp_path):
    away = settings.model_copy(
        update={
            "database_url": type(settings.database_url)(f"postgresql+psycopg://someone@/nothing?host={tmp_path}"),
            "redis_url": type(settings.redis_url)(f"redis+socket://{tmp_path}/none.sock"),
        }
    )
    told = scraped(TestClient(create_app(wire(away))))
    assert told.pop(("claimrail_metrics_seconds",)) >= 0
    assert told == {("claimrail_database_up",): 0, ("claimrail_broker_up",): 0}


def test_messages_in_workers_hands_are_told_apart(quiet):
    broker = publisher(quiet.redis_url)
    ring(broker, 1)
    with broker.connection_for_read() as connection:
        message = connection.default_channel.basic_get("claims")
        assert message is not None
        assert queue_depths(broker)["broker_unacknowledged"] == {(): 1}
        assert queue_depths(broker)["queue_messages"]["claims",] == 0


def test_the_queues_are_those_that_workers_listen_to():
    from tasks.config import QUEUES as heard

    assert heard == QUEUES


def test_a_number_that_nobody_explained_is_a_bug():
    with pytest.raises(KeyError):
        text({"surprise": {(): 1.0}})
