"""The bell: turns "look again" into a Celery message. A ring that fails is nobody's problem but the sweep's."""

import structlog
from celery import chain

from tasks.app import app

log = structlog.get_logger()

LOT_CHAIN = {
    "validate": "claims.validate",
    "bundle": "claims.bundle",
    "render": "claims.render",
    "upload_lot": "transport.upload_lot",
}
"""A lot's way out, stage and task. It sets out wherever the lot stands: a chain that broke goes on from there."""

_TASKS = {
    "take": "claims.take",
    "upload": "transport.upload",
    "poll": "transport.poll",
    "acknowledge": "claims.acknowledge",
    "ask": "claims.ask",
    "ingest": "money.ingest",
    "match": "money.match",
    "coordinate": "money.coordinate",
    "release": "money.release",
    "watch": "control.watch",
}


def ring(stage: str, org_id: int, subject_ids: list[int]) -> None:
    """Sends the stage's message; a lot gets the rest of its chain at once, as an accelerator. Never raises."""
    try:
        if stage in LOT_CHAIN:
            names = list(LOT_CHAIN.values())[list(LOT_CHAIN).index(stage) :]
            for lot_id in subject_ids:
                links = [app.signature(name, args=(org_id, [lot_id]), immutable=True) for name in names]
                chain(*links).apply_async(argsrepr="-", kwargsrepr="-")
        elif stage in {"upload", "acknowledge", "ingest", "match"}:
            # One message a file: each may take long, and several workers may share them.
            for subject_id in subject_ids:
                _send(_TASKS[stage], org_id, [subject_id])
        else:
            _send(_TASKS[stage], org_id, subject_ids)
    except Exception as error:  # noqa: BLE001 - a broker that is full or read-only raises errors of its own; see above
        log.warning("ring lost", stage=stage, org_id=org_id, error=type(error).__name__)


def _send(name: str, org_id: int, subject_ids: list[int]) -> None:
    app.send_task(name, args=(org_id, subject_ids), ignore_result=True, argsrepr="-", kwargsrepr="-")
