"""The exception queue at the terminal: what waits for a person, and all there is to one."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.claims import event_lines, show_story
from pipeline.cli.filters import filtered
from pipeline.cli.session import AsJson, Everything, Org, session
from pipeline.cli.show import dollars, folded, line, moment, pairs, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.exceptions import Detail
    from pipeline.store.desk import Item, Note, Wanted

_NEWEST = 50
_ALL = 1_000_000

exceptions = typer.Typer(help="What waits for a person: list it, and work it.")
app.add_typer(exceptions, name="exceptions")

ExceptionId = Annotated[int, typer.Argument(metavar="ID", help="As `claimrail exceptions` lists it.")]


@exceptions.callback(invoke_without_command=True)
def bare(context: typer.Context, org: Org = None, as_json: AsJson = False, everything: Everything = False) -> None:
    """What waits for a person. Alone it lists what is open, the oldest first; the commands work it."""
    from pipeline.domain.errors import CallerError
    from pipeline.services import listings

    if context.invoked_subcommand is not None:
        typed = context.get_parameter_source("org")
        if as_json or everything or (typed is not None and typed.name == "COMMANDLINE"):
            raise CallerError(
                f"options stand behind the command: `claimrail exceptions {context.invoked_subcommand} …`"
            )
        return
    with session(org) as s:
        found = listings.open_exceptions(s.ctx, s.org_id, _ALL if everything or as_json else _NEWEST)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    rows = [
        (one.id, moment(one.created_at), one.type, one.clm01 or f"{one.subject_kind} {one.subject_id}",
         dollars(one.money_cents), one.reason)
        for one in found
    ]  # fmt: skip
    table(("id", "since (UTC)", "type", "about", "amount", "reason and cure"), rows, right=("id", "amount"))
    more = "" if everything or len(found) < _NEWEST else "; the oldest are shown, --all shows the rest"
    line(f"{len(found)} open{more}; `claimrail exceptions show ID` tells all of one")


@exceptions.command("list")
@filtered
def list_(
    wanted: "Wanted",
    sort: Annotated[str, typer.Option("--sort", help="severity, due, money or age.")] = "severity",
    limit: Annotated[int, typer.Option("--limit", min=1, max=_ALL, help="So many on a page.")] = _NEWEST,
    after: Annotated[str | None, typer.Option("--after", metavar="MARK", help="Go on from a page's mark.")] = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="What is resolved, instead of what is open.")] = False,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """List some of the queue: what presses most comes first."""
    from pipeline.services import exceptions as service

    wanted = replace(wanted, state="RESOLVED") if resolved else wanted
    with session(org) as s:
        page = service.find(s.ctx, s.org_id, wanted, sort=sort, limit=limit, after=after)
    if as_json:
        printed_json({"exceptions": [as_dict(one) for one in page.items], "after": page.after})
        return
    items(page.items)
    line(f"{len(page.items)} shown" + (f"; go on with --sort {sort} --after {page.after}" if page.after else ""))


def as_dict(item: "Item") -> dict[str, Any]:
    """An exception for JSON, with what its type says of it."""
    told = asdict(item)
    del told["key"]
    return told | {"role": str(item.kind.role), "cure": item.kind.cure}


def items(found: "Sequence[Item]") -> None:
    rows = [
        (one.id, one.severity, one.type, about(one), dollars(one.money_cents), _due(one), one.owner or one.kind.role,
         one.reason)
        for one in found
    ]  # fmt: skip
    columns = ("id", "weight", "type", "about", "amount", "due (UTC)", "whose", "reason and cure")
    table(columns, rows, right=("id", "amount"))


def about(item: "Item") -> str:
    return item.clm01 or f"{item.subject_kind} {item.subject_id}"


def _due(item: "Item") -> str:
    if item.due_at is None:
        return ""
    return f"{item.due_at:%Y-%m-%d %H:%M}" + (" overdue" if item.overdue else "")


# -- one of them ------------------------------------------------------------------------------------------------------
@exceptions.command()
def show(exception_id: ExceptionId, org: Org = None, as_json: AsJson = False) -> None:
    """Tell all of one: what was found, what people wrote, what became of its subject. That you asked is noted."""
    from pipeline.services import exceptions as service

    with session(org) as s:
        told = service.get(s.ctx, s.org_id, s.actor, exception_id)
    if as_json:
        story = None if told.story is None else told.story.as_dict()
        printed_json(asdict(told) | {"item": as_dict(told.item), "story": story})
    else:
        _show(told)


def _show(told: "Detail") -> None:
    item = told.item
    line(f"Exception {item.id}: {item.type}, {item.state}", style="bold")
    told_of = {
        "weight": item.severity,
        "about": about(item) if item.clm01 is None else f"{item.clm01} ({item.subject_kind} {item.subject_id})",
        "amount": dollars(item.money_cents),
        "since": moment(item.created_at),
        "due": _due(item),
        "whose": item.owner or f"nobody's yet ({item.kind.role})",
        "resolved": f"{moment(item.resolved_at)} {item.resolution or ''}" if item.resolved_at else "",
        "what to do": item.kind.cure,
    }
    pairs({name: value for name, value in told_of.items() if value})
    for text in folded(item.reason, ""):
        line(text)
    for finding in told.findings:
        line(f"  {finding.get('code')} at {finding.get('path') or finding.get('at')}: {finding.get('cure')}")
    if told.notes:
        line("\nWhat people did (times are UTC)", style="bold")
    for note in told.notes:
        _show_note(note)
    if told.story is not None:
        line()
        show_story(told.story)
    elif told.events:
        line(f"\nWhat happened to {about(item)} (times are UTC)", style="bold")
        for event in told.events:
            for text, style in event_lines(event):
                line(text, style=style)


def _show_note(note: "Note") -> None:
    line(f"{moment(note.at)}  {note.action} by {note.actor}")
    for text in folded(note.told, " " * 21) if note.told else ():
        line(text)
