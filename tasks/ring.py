"""The bell: turns "look again" into a Celery message. A ring that fails is nobody's problem but the sweep's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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


_TOGETHER = {"upload": 1, "acknowledge": 8, "ingest": 8, "match": 8}
"""How many files share a message: each may be large, and several workers may share them, but a message costs as much as a
small file does. An upload keeps its partner's line for itself."""

_gathered: ContextVar[dict[tuple[str, int], list[int]] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """What rings inside rings at the end, once for all: files that one run has found share their messages."""
    rung: dict[tuple[str, int], list[int]] = {}
    before = _gathered.set(rung)
    try:
        yield
    finally:
        _gathered.reset(before)
        for (stage, org_id), subject_ids in rung.items():
            ring(stage, org_id, list(dict.fromkeys(subject_ids)))


def ring(stage: str, org_id: int, subject_ids: list[int]) -> None:
    """Sends the stage's message; a lot gets the rest of its chain at once, as an accelerator. Never raises."""
    waiting = _gathered.get()
    if waiting is not None:
        waiting.setdefault((stage, org_id), []).extend(subject_ids)
        return
    try:
        if stage in LOT_CHAIN:
            names = list(LOT_CHAIN.values())[list(LOT_CHAIN).index(stage) :]
            for lot_id in subject_ids:
                links = [app.signature(name, args=(org_id, [lot_id]), immutable=True) for name in names]
                chain(*links).apply_async(argsrepr="-", kwargsrepr="-")
        else:
            together = _TOGETHER.get(stage, len(subject_ids)) or 1
            for at in range(0, len(subject_ids), together):
                _send(_TASKS[stage], org_id, subject_ids[at : at + together])
    except Exception as error:  # noqa: BLE001 - a broker that is full or read-only raises errors of its own; see above
        log.warning("ring lost", stage=stage, org_id=org_id, error=type(error).__name__)


def _send(name: str, org_id: int, subject_ids: list[int]) -> None:
    app.send_task(name, args=(org_id, subject_ids), ignore_result=True, argsrepr="-", kwargsrepr="-")
