"""What the HTTP door is wired to: three checks, a bell and a measurement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from api.metrics import Scrape
from pipeline.bootstrap import Product, build
from pipeline.domain.errors import TryLater
from pipeline.services.metrics import Measured, measure
from pipeline.settings import BrokerSettings, Settings
from pipeline.store import migrate

# The door publishes by name, as any other producer does; a test holds these against the application that consumes.
TAKE_TASK = "claims.take"
TAKE_QUEUE = "claims"
KEY_PREFIX = "claimrail:"
QUEUES = ("claims", "transport", "money", "control")
BROKER_TIMEOUT_S = 3.0

log = structlog.get_logger()

Check = Callable[[], str | None]
"""None when all is well, else what is wrong and its cure; never an address or a password."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """`ring(org_id)` says whether the bell was heard; `hook_token` None keeps the hook closed; `scrape` gives metrics."""

    checks: Mapping[str, Check]
    ring: Callable[[int], bool]
    hook_token: str | None
    scrape: Callable[[], bytes]


def wire(settings: Settings | None = None) -> Wiring:
    """The door of the product that `settings` (default: the environment) describe."""
    settings = settings or Settings()
    product = build(settings)
    broker = publisher(BrokerSettings(REDIS_URL=settings.redis_url).celery_url)
    token = settings.hook_token.get_secret_value() if settings.hook_token else None
    checks: dict[str, Check] = {
        "database": lambda: database_problem(product),
        "migrations": lambda: migration_problem(product),
        "broker": lambda: broker_problem(broker),
    }
    scrape = Scrape((lambda: measure(product.context), lambda: queue_depths(broker)), settings.metrics_max_age_s)
    return Wiring(checks, lambda org_id: settings.ring and ring(broker, org_id), token, scrape)


def publisher(url: str) -> Celery:
    """A Celery application that only publishes: the door knows a task by name, and no task's code."""
    app = Celery("claimrail-api", broker=url, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_serializer="json",
        task_publish_retry=False,
        broker_connection_timeout=BROKER_TIMEOUT_S,
        broker_transport_options={
            "global_keyprefix": KEY_PREFIX,
            "socket_timeout": BROKER_TIMEOUT_S,
            "socket_connect_timeout": BROKER_TIMEOUT_S,
            # A caller waits for the answer, and the sweep stands behind a bell that is not heard: try twice, at once.
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0.1,
        },
    )
    return app


def ring(broker: Celery, org_id: int) -> bool:
    """Publish "look again" for one tenant; False when the broker can't be reached, which costs latency and nothing else."""
    try:
        # The subject of taking claims up is the tenant itself.
        broker.send_task(
            TAKE_TASK, [org_id, [org_id]], queue=TAKE_QUEUE, argsrepr="-", kwargsrepr="-", ignore_result=True
        )
    except (OperationalError, OSError) as error:
        log.warning("bell.not_heard", org_id=org_id, error=type(error).__name__)
        return False
    return True


def database_problem(product: Product) -> str | None:
    try:
        product.database.ping()
    except TryLater:
        return "does not answer; is DATABASE_URL right and the server up?"
    return None


def migration_problem(product: Product) -> str | None:
    try:
        with product.database.narrow() as queries:
            found = migrate.current(queries.cx)
    except TryLater:
        return "unknown while the database does not answer"
    return None if found == migrate.head() else "the schema is not at this release's head; run claimrail migrate"


def broker_problem(broker: Celery) -> str | None:
    try:
        with broker.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_TIMEOUT_S)
    except (OperationalError, OSError):
        return "does not answer; is REDIS_URL right and the server up?"
    return None


def queue_depths(broker: Celery) -> Measured:
    """How long each queue is; an outage is a number too."""
    try:
        with broker.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_TIMEOUT_S)
            # The channel's client knows prefix, socket and Sentinel as kombu was told of them.
            client = connection.default_channel.client
            return {
                "broker_up": {(): 1.0},
                "queue_messages": {(queue,): float(client.llen(queue)) for queue in QUEUES},
                "broker_unacknowledged": {(): float(client.hlen("unacked"))},
            }
    except (OperationalError, RedisError, OSError):
        return {"broker_up": {(): 0.0}}
