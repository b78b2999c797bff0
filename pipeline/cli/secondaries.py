"""The next payer's claim at the terminal."""

from dataclasses import asdict
from typing import Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import As, AsJson, Org, session
from pipeline.cli.show import line, printed_json


@app.command()
def secondary(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Its CLM01 or your own id for it.")],
    as_: As,
    although_crossed_over: Annotated[
        bool,
        typer.Option(
            "--although-crossed-over", help="Bill the next payer though the one before says he has passed it on."
        ),
    ] = False,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Bill the next payer with what the one before him decided. Said twice it does nothing more."""
    from pipeline.services.secondaries import bill_next

    with session(org, ring=True) as s:
        told = bill_next(s.ctx, s.org_id, as_, claim, although_crossed_over=although_crossed_over)
    if as_json:
        printed_json(asdict(told))
    else:
        done = "goes" if told.changed else "was made before and goes, or went,"
        line(f"claim {told.clm01}, version {told.version}, {done} to payer {told.payer_id}")
