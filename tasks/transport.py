"""The edges: what goes to a partner and what is fetched from one."""

from pipeline.stages import upload as stage
from tasks.app import app
from tasks.config import HARD_LIMIT_S, SOFT_BEFORE_HARD_S
from tasks.product import IdsOnly, delivered_again, product, run

_LIMITS = {
    "base": IdsOnly,
    "time_limit": HARD_LIMIT_S["transport"],
    "soft_time_limit": HARD_LIMIT_S["transport"] - SOFT_BEFORE_HARD_S,
}


@app.task(name="transport.upload_lot", **_LIMITS)  # type: ignore[untyped-decorator]
def upload_lot(org_id: int, lot_ids: list[int]) -> None:
    """The last link of a lot's chain. After a death the sweep takes each file by itself, and counts."""
    if delivered_again():
        return
    for lot_id in lot_ids:
        stage.upload_lot(product().context, org_id, lot_id)


@app.task(name="transport.upload", **_LIMITS)  # type: ignore[untyped-decorator]
def upload(org_id: int, file_ids: list[int]) -> None:
    run("upload", org_id, file_ids)


@app.task(name="transport.poll", **_LIMITS)  # type: ignore[untyped-decorator]
def poll(org_id: int, mailbox_ids: list[int]) -> None:
    run("poll", org_id, mailbox_ids)
