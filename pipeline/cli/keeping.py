"""Keeping and deleting at the terminal: months, retention, legal holds."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Org, me, quiet, session
from pipeline.cli.show import line, printed_json, table

Reason = Annotated[str, typer.Option("--reason", help="Why: the matter, the letter. It is stored sealed, for ever.")]
Claim = Annotated[str, typer.Argument(metavar="CLAIM", help="Its CLM01 or your own id for it.")]


@app.command()
def maintain() -> None:
    """Make the next months for history, audit and inbound bytes, as the owner role. Once a month; safe to repeat."""
    from pipeline.services import keeping
    from pipeline.settings import Settings
    from pipeline.store.months import AHEAD

    quiet()
    settings = Settings()
    years = keeping.maintain(settings.owner_url, settings.retention_years)
    line(f"{AHEAD} months are ready ahead; everything is kept for {years} years")


@app.command()
def retention(
    drop_before: Annotated[
        datetime | None,
        typer.Option("--drop-before", metavar="DATE", formats=["%Y-%m-%d"], help="Whole months that ended before it."),
    ] = None,
    really: Annotated[bool, typer.Option("--really", help="Drop them, for good; without it they are shown.")] = False,
    as_json: AsJson = False,
) -> None:
    """List by month what is older than must be kept; with --drop-before and --really drop it. As the owner role.

    A month of which a single row belongs to a claim under legal hold stays whole.
    """
    from pipeline.domain.errors import CallerError
    from pipeline.services import keeping
    from pipeline.settings import Settings

    if really and drop_before is None:
        raise CallerError("say with --drop-before up to which day")
    quiet()
    owner_url = Settings().owner_url
    found = keeping.review(owner_url, None if drop_before is None else drop_before.replace(tzinfo=UTC).date())
    if really:
        keeping.drop(owner_url, me(), found)
    gone = found.free if really else []
    kept_back = [one for one in found.months if one.held_rows]
    if as_json:
        printed_json([{**asdict(one), "dropped": one in gone} for one in found.months])
        raise typer.Exit(int(bool(kept_back)))
    rows = [
        (f"{one.first:%Y-%m}", one.table, one.rows, one.held_rows or None,
         "dropped" if one in gone else "may go" if one in found.free else "held" if one.held_rows else "stays")
        for one in found.months
    ]  # fmt: skip
    table(("month", "table", "rows", "held", ""), rows, right=("rows", "held"))
    line(f"what was written since {found.kept_since:%Y-%m-%d} must be kept; {len(gone)} months dropped")
    raise typer.Exit(int(bool(kept_back)))


@app.command()
def hold(claim: Claim, reason: Reason, org: Org = None) -> None:
    """Put a claim under legal hold: nothing that it left behind is deleted until the hold is released."""
    from pipeline.services import holds

    with session(org) as s:
        placed = holds.hold(s.ctx, s.org_id, s.actor, claim, reason)
    line(f"hold {placed}: nothing of this claim is deleted until `claimrail release-hold`")


@app.command(name="release-hold")
def release_hold(
    claim: Claim,
    reason: Reason,
    number: Annotated[int | None, typer.Option("--hold", metavar="N", help="Which, where there are several.")] = None,
    org: Org = None,
) -> None:
    """End a claim's legal hold. Other holds on it still stand."""
    from pipeline.services import holds

    with session(org) as s:
        standing = holds.release(s.ctx, s.org_id, s.actor, claim, reason, number)
    line(f"released; {len(standing)} other holds still stand" if standing else "released; the claim is under no hold")
