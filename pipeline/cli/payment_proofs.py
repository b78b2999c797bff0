"""The proof of all payments at the terminal."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from pipeline.cli.session import session
from pipeline.cli.show import dollars, line, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.payment_proof import PaymentProof


def proof(org: str | None, *, as_json: bool) -> None:
    """Shows it; exit 1 where a sum or a payment does not fit."""
    from pipeline.services.payment_proof import prove

    with session(org) as s:
        found = prove(s.ctx, s.org_id, s.actor)
    if as_json:
        printed_json({**asdict(found), "agrees": found.agrees})
    else:
        _show(found)
    raise typer.Exit(int(not found.agrees))


def _show(found: "PaymentProof") -> None:
    line("Payments", style="bold")
    rows = [
        (one.what, _told(one.what, one.left), _told(one.what, one.right), "yes" if one.agrees else "NO", one.note)
        for one in found.compared
    ]
    table(("what", "one side", "the other", "agree", "compared"), rows, right=("one side", "the other"))
    for gap in found.gaps:
        line(f"DOES NOT FIT: payment {gap.payment_id} of {dollars(gap.amount_cents)}: {gap.why}", style="bold")
    line("All of it agrees" if found.agrees else "It does not agree", style="bold")


def _told(what: str, value: int | None) -> str:
    return dollars(value) if what.startswith("cents") else str(value)
