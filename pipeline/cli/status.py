"""Status inquiries at the terminal: ask payers what became of claims."""

from dataclasses import asdict
from typing import Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import As, AsJson, Org, session
from pipeline.cli.show import line, printed_json

status = typer.Typer(no_args_is_help=True, help="Ask payers what became of claims (276), and see what they said.")
app.add_typer(status, name="status")


@status.command()
def ask(
    claims: Annotated[list[str], typer.Argument(metavar="CLAIM…", help="CLM01, or your own id.")],
    as_: As,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Ask now, whatever the payers' rules say. The answer comes as a file and stands in `claimrail show CLAIM`."""
    from pipeline.services import status_inquiries as service

    with session(org, ring=True) as s:
        asked = service.ask(s.ctx, s.org_id, as_, claims)
    if as_json:
        printed_json([asdict(one) for one in asked])
    else:
        line(f"asked about {len(asked)} claims: {', '.join(one.clm01 for one in asked)}")
