"""The bell: turns "look again" into a Celery message. A ring that fails is nobody's problem but the sweep's."""

import structlog
from celery import chain
from kombu.exceptions import KombuError, OperationalError

from tasks.app import app

log = structlog.get_logger()

LOT_CHAIN = ("claims.validate", "claims.bundle", "claims.render", "transport.upload_lot")

_TASKS = {
    "take": "claims.take",
    "bundle": "claims.bundle",
    "render": "claims.render",
    "upload": "transport.upload",
    "poll": "transport.poll",
    "acknowledge": "claims.acknowledge",
    "ingest": "money.ingest",
    "match": "money.match",
    "release": "money.release",
}


def ring(stage: str, org_id: int, subject_ids: list[int]) -> None:
    """Sends the stage's message; a lot that is to be validated gets its whole chain at once, as an accelerator."""
    try:
        if stage == "validate":
            for lot_id in subject_ids:
                links = [app.signature(name, args=(org_id, [lot_id]), immutable=True) for name in LOT_CHAIN]
                chain(*links).apply_async(argsrepr="-", kwargsrepr="-")
        elif stage in {"upload", "acknowledge", "ingest", "match"}:
            # One message a file: each may take long, and several workers may share them.
            for subject_id in subject_ids:
                _send(_TASKS[stage], org_id, [subject_id])
        else:
            _send(_TASKS[stage], org_id, subject_ids)
    except (OperationalError, KombuError, OSError) as error:
        log.warning("ring lost", stage=stage, org=org_id, error=type(error).__name__)


def _send(name: str, org_id: int, subject_ids: list[int]) -> None:
    app.send_task(name, args=(org_id, subject_ids), ignore_result=True, argsrepr="-", kwargsrepr="-")
