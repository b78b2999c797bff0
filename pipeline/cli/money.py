"""Payments at the terminal: what waits, yes or no; and the report."""

from typing import Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Org, session
from pipeline.cli.show import dollars, line, pairs, printed_json, table

As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who decides: an approver who did not prepare it.")]
PaymentId = Annotated[int, typer.Argument(metavar="ID", help="As `claimrail payments` lists it.")]


@app.command()
def payments(
    everything: Annotated[bool, typer.Option("--all", help="In whatever state.")] = False,
    states: Annotated[
        list[str] | None, typer.Option("--state", metavar="STATE", help="In this state, or these: SENT, RETURNED …")
    ] = None,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """List the payments of every kind that wait for an approver, or those in other states."""
    from dataclasses import asdict

    from pipeline.services import payments as service

    wanted = None if everything else [one.upper() for one in states or ["WAITING"]]
    with session(org) as s:
        waiting = service.listed(s.ctx, s.org_id, wanted)
        provisional = service.provisional(s.ctx, s.org_id)
    if as_json:
        printed_json([asdict(one) for one in waiting])
        return
    rows = [
        (
            one.id,
            one.kind,
            one.obligation,
            dollars(one.amount_cents),
            one.payee_id,
            f"…{one.account_last4}",
            one.prepared_by,
            one.state,
            f"{one.given} of {one.needed}",
            one.reason or "",
        )
        for one in waiting
    ]
    columns = ("id", "kind", "for", "amount", "payee", "account", "prepared by", "state", "yes", "why")
    table(columns, rows, right=("id", "amount", "payee"))
    total = sum(one.amount_cents for one in waiting)
    which = "waiting" if wanted == ["WAITING"] else "payments"
    line(f"{len(waiting)} {which}, {dollars(total)} in all; `claimrail approve ID --as NAME` releases one that waits")
    for one in provisional:
        line(f"{one.count} of {dollars(one.cents)} in all are paid provisionally, until {one.until}")


@app.command()
def approve(payment: PaymentId, as_: As, org: Org = None) -> None:
    """Release a payment that waits."""
    from pipeline.services import payments as service

    with session(org, ring=True) as s:
        left = service.approve(s.ctx, s.org_id, payment, as_)
    more = f"{left} more must say yes" if left else "it leaves with the next file to the bank"
    line(f"payment {payment} approved by {as_}; {more}")


@app.command()
def deny(
    payment: PaymentId,
    as_: As,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the payment.")],
    org: Org = None,
) -> None:
    """Refuse a payment that waits; what is owed stays owed in the books."""
    from pipeline.services import payments as service

    with session(org, ring=True) as s:
        service.deny(s.ctx, s.org_id, payment, as_, reason)
    line(f"payment {payment} denied by {as_}")


@app.command()
def report(org: Org = None, as_json: AsJson = False) -> None:
    """Claims by outcome, money, files, exceptions, payments, and whether the books balance. Exit 1 if they do not."""
    from pipeline.services.report import totals

    with session(org) as s:
        told = totals(s.ctx, s.org_id)
    if as_json:
        printed_json(told.as_dict())
    else:
        _show_report(told.as_dict())
    raise typer.Exit(int(not told.ledger_balanced))


def _show_report(told: dict[str, Any]) -> None:
    line("Claims", style="bold")
    pairs({name.replace("_", " "): told[name] for name in _OUTCOMES})
    line("\nMoney", style="bold")
    pairs({label: f"{dollars(told[name]):>14}" for name, label in _MONEY.items()})
    line("\nFiles", style="bold")
    for direction in ("sent", "received"):
        kinds = ", ".join(f"{count} {kind}" for kind, count in told[f"{direction}_by_kind"].items())
        line(f"{direction}: {told[f'files_{direction}']}" + (f" ({kinds})" if kinds else ""))
    line("\nOpen exceptions", style="bold")
    rows = [
        (name.replace("_", " "), one["count"], dollars(one["cents"]))
        for name, one in told["exceptions_by_type"].items()
    ]
    table(("type", "open", "amount"), rows, right=("open", "amount"))
    line("Payments", style="bold")
    line(
        f"{told['payments_released']} released ({dollars(told['payments_cents'])}), {told['payments_returned']} of them"
        f" returned; {told['payments_waiting']} waiting ({dollars(told['payments_waiting_cents'])})"
    )
    line(
        f"{told['payments_provisional']} provisional ({dollars(told['payments_provisional_cents'])}), which may come back"
        f" still; {told['payments_settled']} settled ({dollars(told['payments_settled_cents'])})"
    )
    line(f"\nThe books {'balance' if told['ledger_balanced'] else 'DO NOT BALANCE'}", style="bold")


_OUTCOMES = (
    *("claims", "paid", "partly_paid", "denied", "rejected", "edit_failed", "held", "voided", "open"),
    "replaced_versions",
)
_MONEY = {
    "billed_cents": "billed",
    "paid_cents": "paid by payers",
    "adjusted_cents": "adjusted",
    "patient_cents": "patient's share",
    "open_cents": "not decided",
    "denied_cents": "refused by payers",
    "written_off_cents": "written off",
    "credit_cents": "paid too much",
    "remittance_cents": "remittances",
    "unmatched_cents": "unmatched",
}
