"""Working the exception queue at the terminal: one, several, or all that some options choose.

What is chosen by options is only shown, until `--yes` says that it is meant.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.exceptions import as_dict, exceptions, items
from pipeline.cli.filters import filtered
from pipeline.cli.session import As, AsJson, Org, Session, session
from pipeline.cli.show import line, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.exceptions import Done
    from pipeline.store.desk import Wanted

Ids = Annotated[list[int] | None, typer.Argument(metavar="ID", help="As `claimrail exceptions` lists them.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it to all that the options choose; else they are only shown.")]

_Act = Callable[[Session, Sequence[int]], "list[Done]"]


@exceptions.command()
@filtered
def assign(
    words: Annotated[list[str], typer.Argument(metavar="[ID…] NAME", help="Whose work they become.")],
    as_: As,
    wanted: "Wanted",
    yes: Yes = False,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Give exceptions to somebody."""
    from pipeline.services import exceptions as service

    ids, owner = _split(words)
    _carry_out(
        lambda s, chosen: service.assign(s.ctx, s.org_id, as_, chosen, owner), ids, wanted, yes, org, as_json=as_json
    )


@exceptions.command()
@filtered
def take(
    as_: As, wanted: "Wanted", ids: Ids = None, yes: Yes = False, org: Org = None, as_json: AsJson = False
) -> None:
    """Make exceptions your own that nobody has."""
    from pipeline.services import exceptions as service

    _carry_out(lambda s, chosen: service.take(s.ctx, s.org_id, as_, chosen), ids, wanted, yes, org, as_json=as_json)


@exceptions.command()
@filtered
def comment(
    words: Annotated[list[str], typer.Argument(metavar="[ID…] TEXT", help="What is to be kept with them, sealed.")],
    as_: As,
    wanted: "Wanted",
    yes: Yes = False,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Write a note with exceptions."""
    from pipeline.services import exceptions as service

    ids, text = _split(words)
    _carry_out(
        lambda s, chosen: service.comment(s.ctx, s.org_id, as_, chosen, text), ids, wanted, yes, org, as_json=as_json
    )


@exceptions.command()
@filtered
def resolve(
    as_: As,
    reason: Annotated[str, typer.Option("--reason", help="Why it is done with; kept sealed with the exception.")],
    wanted: "Wanted",
    ids: Ids = None,
    yes: Yes = False,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Close exceptions by your word. `reopen` undoes it."""
    from pipeline.services import exceptions as service

    _carry_out(
        lambda s, chosen: service.resolve(s.ctx, s.org_id, as_, chosen, reason), ids, wanted, yes, org, as_json=as_json
    )


@exceptions.command()
@filtered
def reopen(
    as_: As, wanted: "Wanted", ids: Ids = None, yes: Yes = False, org: Org = None, as_json: AsJson = False
) -> None:
    """Open exceptions again that were closed; options choose among those that are resolved."""
    from pipeline.services import exceptions as service

    closed = replace(wanted, state="RESOLVED")
    _carry_out(lambda s, chosen: service.reopen(s.ctx, s.org_id, as_, chosen), ids, closed, yes, org, as_json=as_json)


@exceptions.command()
@filtered
def resubmit(
    as_: As, wanted: "Wanted", ids: Ids = None, yes: Yes = False, org: Org = None, as_json: AsJson = False
) -> None:
    """Send again what exceptions are about: claims held or lost with their set, or all that is held of a file."""
    from pipeline.services import exceptions as service

    _carry_out(lambda s, chosen: service.resubmit(s.ctx, s.org_id, as_, chosen), ids, wanted, yes, org, as_json=as_json)


def _split(words: Sequence[str]) -> tuple[list[int], str]:
    """Ids, and the word behind them."""
    from pipeline.domain.errors import CallerError

    *numbers, last = words
    if any(not (one.isascii() and one.isdigit() and len(one) < 19) for one in numbers):
        raise CallerError("first the ids of exceptions, then one word or a text in quotes")
    return [int(one) for one in numbers], last


def _carry_out(
    act: _Act, ids: Sequence[int] | None, wanted: "Wanted", yes: bool, org: str | None, *, as_json: bool
) -> None:
    """Does it, and says of each what happened. Exit 1 if some were refused, 2 if all."""
    from pipeline.domain.errors import CallerError

    if bool(ids) == wanted.narrows:
        raise CallerError("name exceptions by their ids, or choose them by options such as --type, and not both")
    with session(org, ring=True) as s:
        if ids:
            done = act(s, ids)
        elif (given := _chosen(s, wanted, yes=yes, as_json=as_json)) is not None:
            done = act(s, given)
        else:
            return
    _tell(done, as_json=as_json)


def _chosen(s: Session, wanted: "Wanted", *, yes: bool, as_json: bool) -> list[int] | None:
    """The ids that the options choose; without `yes` they are shown, and it is None."""
    from pipeline.services import exceptions as service

    found = service.chosen(s.ctx, s.org_id, wanted)
    if yes:
        return [one.id for one in found]
    if as_json:
        printed_json({"would_be_done_to": [as_dict(one) for one in found]})
    else:
        items(found)
        line(f"nothing was done; with --yes it is done to these {len(found)}")
    return None


def _tell(done: "Sequence[Done]", *, as_json: bool) -> None:
    if as_json:
        printed_json([asdict(one) for one in done])
    else:
        table(("id", "outcome", "what happened"), [(one.id, one.outcome, one.told) for one in done], right=("id",))
        counts = {outcome: sum(one.outcome == outcome for one in done) for outcome in ("done", "unchanged", "refused")}
        line(", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "none was chosen")
    refused = sum(one.outcome == "refused" for one in done)
    raise typer.Exit((2 if refused == len(done) else 1) if refused else 0)
