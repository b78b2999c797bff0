"""Status inquiries at the terminal: ask payers what became of claims."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.session import As, AsJson, Org, session
from pipeline.cli.show import dollars, line, moment, printed_json, table

if TYPE_CHECKING:
    from pipeline.store.status_inquiries import Row

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


@status.command()
def show(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Its CLM01 or your own id for it.")],
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Tell every inquiry about a claim and all that its payer said, money and check numbers too. That you asked is noted."""
    from pipeline.services import status_inquiries as service

    with session(org) as s:
        found = service.about(s.ctx, s.org_id, s.actor, claim)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    rows = [(one.trace, one.state, moment(one.asked), one.asked_by, one.file, one.answer) for one in found]
    table(("inquiry", "state", "asked", "by", "file", "answer"), rows)
    for one in found:
        for text in _said(one):
            line(text)


def _said(one: "Row") -> list[str]:
    told = [(claim, said) for claim in (one.said or {}).get("claims", ()) for said in claim["statuses"]]
    return [f"{one.trace}: {_status(claim, said)}" for claim, said in told]


def _status(claim: dict[str, Any], said: dict[str, Any]) -> str:
    """One status as the payer told it; amounts are its own, and in no book of ours."""
    named = {
        "since": said.get("date"),
        "charge": dollars(said.get("charge_cents")),
        "paid": dollars(said.get("paid_cents")),
        "decided": said.get("decided_date"),
        "payment of": said.get("paid_date"),
        "payment number": said.get("payment_number"),
        "payer's number": claim.get("payer_control_number"),
    }
    codes = ":".join(filter(None, (said.get("category"), said.get("code"), said.get("entity"))))
    return ", ".join([codes, *(f"{name} {value}" for name, value in named.items() if value)])
