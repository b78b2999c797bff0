"""The way out: from readiness to bytes that wait to leave."""

from pipeline.services import intake
from tasks.app import app
from tasks.config import HARD_LIMIT_S, SOFT_BEFORE_HARD_S
from tasks.product import IdsOnly, product, run

_LIMITS = {
    "base": IdsOnly,
    "time_limit": HARD_LIMIT_S["claims"],
    "soft_time_limit": HARD_LIMIT_S["claims"] - SOFT_BEFORE_HARD_S,
}


@app.task(name="claims.ready", **_LIMITS)  # type: ignore[untyped-decorator]
def ready(org_id: int, claim_ids: list[int] | None = None) -> None:
    """The claim-ready event. With ids: drafts that their producer stored before. Without: only "look again"."""
    intake.confirm(product().context, org_id, claim_ids or [], "event:claims.ready")


@app.task(name="claims.take", **_LIMITS)  # type: ignore[untyped-decorator]
def take(org_id: int, subject_ids: list[int]) -> None:
    run("take", org_id, subject_ids)


@app.task(name="claims.validate", **_LIMITS)  # type: ignore[untyped-decorator]
def validate(org_id: int, lot_ids: list[int]) -> None:
    run("validate", org_id, lot_ids)


@app.task(name="claims.bundle", **_LIMITS)  # type: ignore[untyped-decorator]
def bundle(org_id: int, lot_ids: list[int]) -> None:
    run("bundle", org_id, lot_ids)


@app.task(name="claims.render", **_LIMITS)  # type: ignore[untyped-decorator]
def render(org_id: int, lot_ids: list[int]) -> None:
    run("render", org_id, lot_ids)


@app.task(name="claims.acknowledge", **_LIMITS)  # type: ignore[untyped-decorator]
def acknowledge(org_id: int, inbound_file_ids: list[int]) -> None:
    run("acknowledge", org_id, inbound_file_ids)


@app.task(name="claims.ask", **_LIMITS)  # type: ignore[untyped-decorator]
def ask(org_id: int, subject_ids: list[int]) -> None:
    run("ask", org_id, subject_ids)
