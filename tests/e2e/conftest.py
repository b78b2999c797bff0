"""The application was imported with another test's environment: here it publishes to the run's own broker."""

import pytest

from tasks.app import app


@pytest.fixture(scope="module", autouse=True)
def _broker(servers):
    before = app.conf.broker_url
    app.conf.broker_url = servers.redis_url
    app._after_fork()
    yield
    app.conf.broker_url = before
    app._after_fork()
