"""The way back: remittances, deposits, payments."""

from tasks.app import app
from tasks.config import HARD_LIMIT_S, SOFT_BEFORE_HARD_S
from tasks.product import IdsOnly, run

_LIMITS = {
    "base": IdsOnly,
    "time_limit": HARD_LIMIT_S["money"],
    "soft_time_limit": HARD_LIMIT_S["money"] - SOFT_BEFORE_HARD_S,
}


@app.task(name="money.ingest", **_LIMITS)  # type: ignore[untyped-decorator]
def ingest(org_id: int, inbound_file_ids: list[int]) -> None:
    run("ingest", org_id, inbound_file_ids)


@app.task(name="money.match", **_LIMITS)  # type: ignore[untyped-decorator]
def match(org_id: int, inbound_file_ids: list[int]) -> None:
    run("match", org_id, inbound_file_ids)


@app.task(name="money.coordinate", **_LIMITS)  # type: ignore[untyped-decorator]
def coordinate(org_id: int, decision_ids: list[int]) -> None:
    run("coordinate", org_id, decision_ids)


@app.task(name="money.release", **_LIMITS)  # type: ignore[untyped-decorator]
def release(org_id: int, subject_ids: list[int]) -> None:
    run("release", org_id, subject_ids)
