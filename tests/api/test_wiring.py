"""The door's real wiring against a real database and broker, up and away."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from api.wiring import KEY_PREFIX, TAKE_QUEUE, TAKE_TASK, Wiring, publisher, ring, wire
from local.servers import Servers, embedded
from pipeline.settings import Settings
from pipeline.store import migrate

KEYS = "k1:" + base64.b64encode(bytes(32)).decode()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with embedded(Path(tmp_path_factory.mktemp("api")) / "var") as running:
        yield running


def _wiring(database_url: str, redis_url: str) -> Wiring:
    return wire(Settings(DATABASE_URL=database_url, REDIS_URL=redis_url, keys=KEYS, hook_token="invented", ring=True))


def test_ready_once_the_schema_is_at_the_head(servers: Servers) -> None:
    wiring = _wiring(servers.database_url, servers.redis_url)
    assert wiring.checks["broker"]() is None
    assert wiring.checks["database"]() is None
    assert "claimrail migrate" in (wiring.checks["migrations"]() or "")
    migrate.upgrade(servers.database_owner_url, servers.database_url)
    assert wiring.checks["migrations"]() is None


def test_outages_are_named_without_an_address(tmp_path: Path) -> None:
    away = f"postgresql+psycopg://someone@/nothing?host={tmp_path}"
    wiring = _wiring(away, f"redis+socket://{tmp_path}/none.sock")
    problems = {name: check() for name, check in wiring.checks.items()}
    assert all(problems.values())
    assert not any(str(tmp_path) in str(problem) for problem in problems.values())
    assert wiring.ring(1) is False


def test_the_bell_is_one_message_that_holds_only_the_tenant(servers: Servers) -> None:
    client = redis.Redis.from_url(servers.redis_client_url)
    key = KEY_PREFIX + TAKE_QUEUE
    assert client.llen(key) == 0
    assert ring(publisher(servers.redis_url), 7) is True
    assert client.llen(key) == 1
    message = json.loads(client.lpop(key))
    assert json.loads(base64.b64decode(message["body"]))[0] == [7, [7]]
    assert message["headers"]["argsrepr"] == "-"


def test_the_bell_is_one_that_the_workers_hear() -> None:
    from tasks import claims  # noqa: F401  registers its tasks
    from tasks.app import app

    assert TAKE_TASK in app.tasks
    assert TAKE_QUEUE in {queue.name for queue in app.conf.task_queues}
    assert app.conf.broker_transport_options["global_keyprefix"] == KEY_PREFIX
