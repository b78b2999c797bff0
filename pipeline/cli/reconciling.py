"""After a restore at the terminal: what the partners have that this database does not know."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Org, session
from pipeline.cli.show import line, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.reconcile import Compared

_SHOWN = 12
_WHAT = {
    "proven": "not sent here, sent there",
    "unknown": "unknown here, sent there",
    "claims_tied": "claims in unknown files, ours",
    "claims_held": "claims held for a person",
    "entries": "entries of unknown files at the bank",
    "silent": "files that nothing names",
    "unnamed": "files of which nothing tells what is in them",
    "unread": "files that could not be read",
}


@app.command()
def reconcile(
    org: Org = None,
    apply: Annotated[bool, typer.Option("--apply", help="Put it into effect; without it, only look.")] = False,
    answered: Annotated[
        bool,
        typer.Option(
            "--answered", help="The partners have had time to answer all they got: what nothing names may leave."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """After a restore or a clone: compare each mailbox with what its partner shows. Exit 1 until all are settled."""
    from pipeline.services import reconcile as service

    with session(org) as s:
        found = service.reconcile(s.ctx, s.org_id, s.actor, apply=apply, answered=answered)
    if as_json:
        printed_json([asdict(one) for one in found])
    else:
        for one in found:
            _show(one)
    raise typer.Exit(int(not all(one.settled for one in found)))


def _show(one: "Compared") -> None:
    rows = [(what, len(told), _few(told)) for name, what in _WHAT.items() if (told := getattr(one, name))]
    rows.append(("claims or payments that nothing names", one.waiting, ""))
    rows += [("highest number seen", number, series) for series, number in one.highest.items()]
    table(("what", "how many", "which"), rows, title=f"{one.mailbox}: {one.looked_at} files read", right=("how many",))
    if one.settled:
        line(f"{one.mailbox}: settled; `claimrail adopt` when every mailbox is")
    elif one.applied:
        line(f"{one.mailbox}: applied; once the partner has had its time: `claimrail reconcile --apply --answered`")
    else:
        line(f"{one.mailbox}: nothing was changed; `claimrail reconcile --apply` puts it into effect")


def _few(told: list[str]) -> str:
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return ", ".join(told[:_SHOWN]) + more
