"""Deposits at the terminal: what waits on both sides, and what a person knows better."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import As, AsJson, Org, session
from pipeline.cli.show import dollars, line, moment, pairs, printed_json, table

deposits = typer.Typer(no_args_is_help=True, help="Money that the bank saw, and the remittances that explain it.")
app.add_typer(deposits, name="deposits")

DepositId = Annotated[int, typer.Argument(metavar="DEPOSIT", help="As `claimrail deposits list` names it.")]
RemittanceId = Annotated[int, typer.Argument(metavar="REMITTANCE", help="As `claimrail deposits list` names it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept sealed with the deposit.")]


@deposits.command(name="list")
def waiting(org: Org = None, as_json: AsJson = False) -> None:
    """List deposits without their remittance (835, 820), and remittances without their deposit."""
    from pipeline.services import deposits as service

    with session(org) as s:
        found = service.lists(s.ctx, s.org_id)
    if as_json:
        printed_json(
            {"deposits": [asdict(d) for d in found.deposits], "remittances": [asdict(r) for r in found.remittances]}
        )
        return
    table(
        ("deposit", "amount", "date", "from", "trace", "told by", "remittance due", "remittances of this amount"),
        [
            (d.id, dollars(d.amount_cents), d.effective_date, d.sender, d.trace_number, d.source, d.remittance_due,
             _ids(d.alike))
            for d in found.deposits
        ],
        title="Deposits without their remittance",
        right=("deposit", "amount"),
    )  # fmt: skip
    table(
        ("remittance", "amount", "date", "payer", "trace", "deposit due", "deposits of this amount"),
        [
            (r.id, dollars(r.amount_cents), r.payment_date, r.payer_name, r.trace_number, r.deposit_due, _ids(r.alike))
            for r in found.remittances
        ],
        title="Remittances without their deposit",
        right=("remittance", "amount"),
    )
    line(
        f"{len(found.deposits)} deposits ({dollars(sum(d.amount_cents for d in found.deposits))}),"
        f" {len(found.remittances)} remittances ({dollars(sum(r.amount_cents for r in found.remittances))})"
    )


def _ids(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids))


@deposits.command()
def show(deposit: DepositId, org: Org = None, as_json: AsJson = False) -> None:
    """Show a deposit and what people did with it, and why. That you looked is written down."""
    from pipeline.services import deposits as service

    with session(org) as s:
        found = service.show(s.ctx, s.org_id, s.actor, deposit)
    if as_json:
        printed_json(asdict(found))
        return
    pairs({
        "deposit": found.deposit.id,
        "state": found.deposit.state,
        "amount": dollars(found.deposit.amount_cents),
        "trace": found.deposit.trace_number,
        "remittance": found.deposit.remittance_id,
        "matched by": found.deposit.matched_by,
        "takes back deposit": found.deposit.takes_back_id,
    })  # fmt: skip
    for one in found.reasons:
        line(f"{moment(one.at)} {one.actor} {one.action.rpartition('.')[2]}: {one.reason}")


@deposits.command()
def match(deposit: DepositId, remittance: RemittanceId, reason: Reason, as_: As, org: Org = None) -> None:
    """Say that this deposit pays this remittance; only of equal amounts."""
    from pipeline.services import deposits as service

    with session(org, ring=True) as s:
        service.match(s.ctx, s.org_id, as_, deposit, remittance, reason)
    line(f"deposit {deposit} pays remittance {remittance}")


@deposits.command()
def unmatch(deposit: DepositId, reason: Reason, as_: As, org: Org = None) -> None:
    """Take a deposit and its remittance apart; both wait again."""
    from pipeline.services import deposits as service

    with session(org, ring=True) as s:
        service.unmatch(s.ctx, s.org_id, as_, deposit, reason)
    line(f"deposit {deposit} and its remittance wait again; they do not meet by themselves any more")


@deposits.command()
def settle(deposit: DepositId, reason: Reason, as_: As, org: Org = None) -> None:
    """Say of a deposit that no remittance will explain it: it is in the bank, and unapplied."""
    from pipeline.services import deposits as service

    with session(org, ring=True) as s:
        service.settle(s.ctx, s.org_id, as_, deposit, reason)
    line(f"deposit {deposit} is settled: its money is unapplied cash")


@deposits.command()
def reopen(deposit: DepositId, reason: Reason, as_: As, org: Org = None) -> None:
    """Let a settled deposit wait for its remittance again."""
    from pipeline.services import deposits as service

    with session(org, ring=True) as s:
        service.reopen(s.ctx, s.org_id, as_, deposit, reason)
    line(f"deposit {deposit} waits again")
