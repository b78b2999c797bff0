"""The floor: chains of eight tasks that do nothing, on the broker and with the settings that the product uses."""

from celery import Celery, chain
from kombu.entity import Queue

from pipeline.settings import BrokerSettings, FlowSettings
from tasks.config import celery_config

LINKS = 8
QUEUE = "empty"

app = Celery("claimrail-empty")
app.conf.update(
    celery_config(BrokerSettings(), FlowSettings())
    | {"task_queues": [Queue(QUEUE)], "task_default_queue": QUEUE, "task_routes": {}, "beat_schedule": {}}
)


@app.task(name="empty.nothing")
def nothing() -> None:
    """Does nothing."""


def send(chains: int) -> None:
    for _ in range(chains):
        chain(*(nothing.si() for _ in range(LINKS))).apply_async()
