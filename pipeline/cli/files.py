"""Files at the terminal: list them, take one out byte for byte."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Everything, Org, session
from pipeline.cli.show import dollars, line, moment, printed_json, table

if TYPE_CHECKING:
    from pipeline.store.listings import FileRow

_NEWEST = 50
_ALL = 1_000_000


@app.command()
def files(org: Org = None, as_json: AsJson = False, everything: Everything = False) -> None:
    """List the files that went out and came in, the newest last."""
    from pipeline.services import listings

    with session(org) as s:
        found = listings.files(s.ctx, s.org_id, _ALL if everything or as_json else _NEWEST)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    rows = [
        (one.ref, moment(one.at), one.kind, f"{one.name} (in {one.within})" if one.within else one.name,
         one.control_number, one.state, _status(one), one.claims or None, dollars(one.amount_cents), one.note)
        for one in found
    ]  # fmt: skip
    columns = ("file", "at (UTC)", "kind", "name", "number", "state", "status", "claims", "amount", "note")
    table(columns, rows, right=("number", "claims", "amount"))
    more = "" if everything or len(found) < _NEWEST else "; the newest are shown, --all shows the rest"
    line(f"{len(found)} files{more}; `claimrail export FILE --to PATH` takes one out")


def _status(one: "FileRow") -> str | None:
    """A batch's word, with the hours it has been awaiting or the claims that it lost."""
    hours = f" {one.waiting_h} h" if one.waiting_h is not None else ""
    lost = f", {one.rejected} rejected" if one.rejected and one.status != "REJECTED" else ""
    return f"{one.status}{hours}{lost}" if one.status else None


@app.command()
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="As `claimrail files` lists it: O12, I7.")],
    to: Annotated[Path, typer.Option("--to", metavar="PATH", help="A new file, or a folder.")],
    org: Org = None,
) -> None:
    """Take out the exact bytes of a file. That you did is written down."""
    from pipeline.domain.errors import CallerError
    from pipeline.services import listings

    with session(org) as s:
        found = listings.export(s.ctx, s.org_id, s.actor, file)
    # The name came from outside: only its last part is used.
    path = to / Path(found.name).name if to.is_dir() else to
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CallerError(f"{path} exists already, and is left alone") from None
    except OSError as error:
        raise CallerError(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as target:
        target.write(found.data)
    line(f"{path}: {len(found.data)} bytes, sha256 {found.sha256}")
