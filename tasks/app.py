"""The Celery application: `celery -A tasks.app worker`."""

from celery import Celery
from celery.signals import after_setup_logger
from kombu.transport.redis import Transport
from redis.exceptions import OutOfMemoryError, ReadOnlyError

from pipeline.settings import BrokerSettings, FlowSettings
from tasks.config import celery_config
from tasks.logs import configure

# A broker that is full, or was made a replica, refuses writes. A worker that notices while it takes a message is to connect
# anew and go on, as after a cut; kombu counts these among the errors that end it.
Transport.connection_errors = (*Transport.connection_errors, OutOfMemoryError, ReadOnlyError)

app = Celery("claimrail", include=["tasks.claims", "tasks.transport", "tasks.money", "tasks.control"])
app.conf.update(celery_config(BrokerSettings(), FlowSettings()))


@after_setup_logger.connect  # type: ignore[untyped-decorator]
def _logs(**_: object) -> None:
    """Only workers and beat log this way: a command line that rings keeps its own."""
    configure()
