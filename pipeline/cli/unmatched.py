"""Unmatched money at the terminal: decisions and items that found no claim, and the claims that may be theirs."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Org, session
from pipeline.cli.show import dollars, folded, line, pairs, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.suggestions import Compared, Listing, Suggestion
    from pipeline.store.matching import Unmatched

unmatched = typer.Typer(
    invoke_without_command=True, help="Payers' decisions, and items of 820s, that found no claim of ours."
)
app.add_typer(unmatched, name="unmatched")

DecisionId = Annotated[int, typer.Argument(metavar="ID", help="As `claimrail unmatched` lists it.")]


@unmatched.callback()
def list_(
    ctx: typer.Context,
    org: Org = None,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most, the oldest first.")] = 100,
) -> None:
    """List what waits, with its money and the claim that fits best. That you looked is noted."""
    if ctx.invoked_subcommand is not None:
        return
    from pipeline.services import suggestions as service

    with session(org) as s:
        told = service.unmatched(s.ctx, s.org_id, s.actor, limit)
    if as_json:
        printed_json(told.as_dict())
    else:
        _show_list(told)


def _show_list(told: "Listing") -> None:
    rows = [
        (one.decision.id, one.decision.payer_name, one.decision.clp01, one.decision.service_from,
         dollars(one.decision.charge_cents), dollars(one.decision.paid_cents), one.decision.verdict.replace("_", " "),
         one.best and one.best.clm01, one.best and one.best.points)
        for one in told.waiting
    ]  # fmt: skip
    columns = ("id", "payer", "number", "service", "charge", "paid", "decision", "fits best", "points")
    table(columns, rows, right=("id", "charge", "paid", "points"))
    if len(told.waiting) < told.decisions:
        line(f"… and {told.decisions - len(told.waiting)} more (--limit shows more)")
    line(f"{told.decisions} unmatched, {dollars(told.paid_cents)} in all; `claimrail unmatched show ID` compares one")


@unmatched.command("show")
def show(decision: DecisionId, org: Org = None, as_json: AsJson = False) -> None:
    """Compare one decision with the five claims that fit best. Whose claims you were shown is noted."""
    from pipeline.services import suggestions as service

    with session(org) as s:
        told = service.suggestions(s.ctx, s.org_id, s.actor, decision)
    if as_json:
        printed_json(told.as_dict())
    else:
        _show_compared(told)


def _show_compared(told: "Compared") -> None:
    one = told.decision
    line(f"Decision {one.id}: {one.verdict.replace('_', ' ')}, {dollars(one.paid_cents)}", style="bold")
    pairs(
        {
            "patient": told.patient,
            "payer": one.payer_name,
            "its number (CLP07)": one.payer_control_number,
            "claim number (CLP01)": None if one.is_item else one.clp01,
            "item of an 820 (RMR02)": one.clp01 if one.is_item else None,
            "status (CLP02)": None if one.is_item else one.status,
            "service": one.service_from,
            "charge": dollars(one.charge_cents),
            "procedures": " ".join(told.procedures),
            "passed on to": told.crossed_over_to,
            "where": _where(one),
        }
    )
    line(f"\nNot tied to a claim: {told.why}")
    for rank, suggestion in enumerate(told.suggestions, start=1):
        _show_suggestion(rank, suggestion)


def _where(one: "Unmatched") -> str:
    return f"{one.file_ref} {one.received_file}, segment {one.segment} {one.segment_name}; trace {one.trace_number} of {one.payment_date}"


def _show_suggestion(rank: int, one: "Suggestion") -> None:
    version = f" version {one.version}" if one.version > 1 else ""
    line(f"\n{rank}. {one.clm01}{version}: {one.points} points, {one.state}", style="bold")
    line(f"   {one.patient or 'cannot be opened'}, {one.service_from}, {dollars(one.charge_cents)}")
    for text in folded("; ".join(one.evidence), "   "):
        line(text)
