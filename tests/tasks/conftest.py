"""The real application on the run's own broker, and what lies in its queues."""

import base64
import json
import os

import pytest
import redis

from tasks import product as task_product
from tasks.app import app
from tasks.config import QUEUES

PREFIX = "claimrail:"


class Broker:
    """Celery's application pointed at one broker, and that broker's lists."""

    def __init__(self, client_url):
        self.client = redis.Redis.from_url(client_url)

    @staticmethod
    def point(url):
        """Lets the application publish to `url`; what it held open to another is given up."""
        app.conf.broker_url = url
        app._after_fork()

    def messages(self):
        """(queue, message) of everything published, oldest first, and takes it away; the body is unpacked."""
        found = []
        for queue in QUEUES:
            while raw := self.client.rpop(PREFIX + queue):
                message = json.loads(raw)
                message["body"] = json.loads(base64.b64decode(message["body"]))
                found.append((queue, message))
        return found


@pytest.fixture
def broker(servers):
    before = app.conf.broker_url
    app.loader.import_default_modules()
    running = Broker(servers.redis_client_url)
    running.client.flushdb()
    running.point(servers.redis_url)
    yield running
    running.client.flushdb()
    running.client.close()
    running.point(before)


@pytest.fixture
def worker(product, monkeypatch):
    """This process as a worker that has built its product: partners in memory."""
    monkeypatch.setattr(task_product, "_built", (os.getpid(), product))
    return product
