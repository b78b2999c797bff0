"""Rules of release at the terminal: what they are, and what other ones would have said."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Org, session
from pipeline.cli.show import line, printed_json, table

rules = typer.Typer(no_args_is_help=True, help="The rules that say which payments may leave.")
app.add_typer(rules, name="rules")


@rules.command(name="list")
def listed(org: Org = None, as_json: AsJson = False) -> None:
    """List the rules in force, each with its version."""
    with session(org) as s:
        rows = s.ctx.releases.rows
    told = [
        {
            "rule": f"{row.name}/{row.version}",
            "kind": row.kind,
            "when": row.when.text,
            "answer": row.answer.name.lower(),
            "approvals": row.approvals,
            "reason": row.reason,
        }
        for row in rows
    ]
    if as_json:
        printed_json(told)
        return
    table(
        ("rule", "kind", "when", "answer", "reason"),
        [(t["rule"], t["kind"], t["when"], t["answer"], t["reason"]) for t in told],
    )


@rules.command(name="reviewed")
def reviewed(
    as_: Annotated[str, typer.Option("--as", metavar="NAME", help="Who has read them: an approver.")], org: Org = None
) -> None:
    """Write down that you have read the rules in force: the ACH rules ask for a review every year."""
    from pipeline.services import rules_review

    with session(org) as s:
        done = rules_review.reviewed(s.ctx, s.org_id, as_)
    line(f"reviewed by {done.by} on {done.day}: {done.told}")


@rules.command(name="reviews")
def reviews(org: Org = None, as_json: AsJson = False) -> None:
    """List who has reviewed the rules, when, and what they had answered until then."""
    from pipeline.services import rules_review

    with session(org) as s:
        found = rules_review.reviews(s.ctx, s.org_id)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    table(("day", "by", "what was looked at"), [(one.day, one.by, one.told) for one in found])


@rules.command(name="test")
def tried_on_past(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--rules",
            exists=True,
            file_okay=False,
            metavar="FOLDER",
            help="With another release.csv; none: those in force.",
        ),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Only rulings from then on.")
    ] = None,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Run rules over past payments and show where they would answer otherwise. Nothing changes. Exit 1 if any would."""
    from pipeline.services.rules import try_on_past

    with session(org) as s:
        tried = try_on_past(s.ctx, s.org_id, folder, None if since is None else since.date())
    if as_json:
        printed_json(asdict(tried))
    else:
        rows = [
            (one.payment_id, one.business_date, f"{one.was} ({one.was_by})", f"{one.would_be} ({one.would_be_by})")
            for one in tried.changed
        ]
        if rows:
            table(("payment", "day", "was", "would be"), rows, right=("payment",))
        counts = ", ".join(f"{count} {answer}" for answer, count in tried.answers.items()) or "none"
        line(
            f"{tried.rulings} past rulings; these rules say: {counts}; {len(tried.changed)} of them otherwise than it was"
        )
    raise typer.Exit(int(bool(tried.changed)))
