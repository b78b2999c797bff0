"""The books at the terminal: balances, an account, the proof of a remittance; matching and writing off by hand."""

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import As, AsJson, Org, session
from pipeline.cli.show import dollars, line, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.proof import Compared, Proof
    from pipeline.store.statements import Line

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY")]
Why = Annotated[str, typer.Option("--reason", help="Why; kept sealed beside it.")]
Decision = Annotated[int, typer.Argument(metavar="ID", help="Of the decision, as `claimrail exceptions` tells it.")]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


@app.command()
def ledger(
    account: Annotated[str | None, typer.Argument(help="As eft_expected; none: all balances.")] = None,
    claim: Annotated[str | None, typer.Option("--claim", metavar="CLM01", help="Of this claim only.")] = None,
    since: Day = None,
    until: Day = None,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Show the trial balance at the end of a day, or an account line by line with file, set and segment."""
    from pipeline.services import books
    from pipeline.store.statements import Wanted

    with session(org) as s:
        if account is None:
            _balances(books.trial_balance(s.ctx, s.org_id, _day(until)), as_json=as_json)
            return
        wanted = Wanted(account=account, claim=claim, since=_day(since), until=_day(until))
        found = books.statement(s.ctx, s.org_id, wanted)
    if as_json:
        printed_json({**asdict(found), "closing_cents": found.closing_cents})
        return
    rows = [
        (one.business_date, _source(one), one.claim or "", one.subaccount or "", dollars(one.amount_cents))
        for one in found.lines
    ]
    table(("day", "from", "claim", "of", "amount"), rows, right=("amount",))
    line(f"before {dollars(found.opening_cents)}, after {dollars(found.closing_cents)}")
    if not found.whole:
        line("… and more: narrow it with --since, --until or --claim")


def _balances(balances: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        printed_json(balances)
        return
    rows = [
        (account.replace("_", " "), dollars(max(cents, 0) or None), dollars(max(-cents, 0) or None))
        for account, cents in balances.items()
    ]
    table(("account", "debit", "credit"), rows, right=("debit", "credit"))
    line(f"sum {dollars(sum(balances.values()))}")


def _source(one: "Line") -> str:
    place = [
        f"file I{one.inbound_file_id}" if one.inbound_file_id else "",
        f"set {one.set_number}" if one.set_number else "",
        f"segment {one.segment}" if one.segment else "",
    ]
    return ", ".join(filter(None, (f"{one.source_kind} {one.source_id} {one.purpose}".replace("_", " "), *place)))


# -- proof --------------------------------------------------------------------------------------------------------------
@app.command()
def proof(
    remittance: Annotated[str, typer.Argument(metavar="REMITTANCE", help="Its number (R12) or trace number.")],
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Show the sums of an 835 or 820, its journals and its deposit side by side. Exit 1 where they do not agree."""
    from pipeline.services.proof import proofs

    with session(org) as s:
        found = proofs(s.ctx, s.org_id, s.actor, remittance)
    if as_json:
        printed_json([{**asdict(one), "agrees": one.agrees} for one in found])
    else:
        for one in found:
            _show_proof(one)
    raise typer.Exit(int(not all(one.agrees for one in found)))


def _show_proof(one: "Proof") -> None:
    row = one.remittance
    line(
        f"Remittance R{row.id}, {row.payer_name or 'payer unnamed'}, trace {row.trace_number}: {row.state},"
        f" set {row.position} of file I{row.inbound_file_id}",
        style="bold",
    )
    rows = [(c.what, _value(c, c.left), _value(c, c.right), "yes" if c.agrees else "NO", c.note) for c in one.compared]
    table(("what", "one side", "the other", "agree", "compared"), rows, right=("one side", "the other"))
    if one.booked.by_account:
        line(f"In the books, {one.booked.journals} journals", style="bold")
        _balances(one.booked.by_account, as_json=False)
    for deposit in one.deposits:
        line(
            f"Deposit {deposit.id} of {deposit.effective_date}: {dollars(deposit.amount_cents)},"
            f" trace {deposit.trace_number or 'none'}, file I{deposit.inbound_file_id}"
        )
    wrong = [c.what for c in one.compared if not c.agrees]
    line(f"DOES NOT AGREE: {', '.join(wrong)}" if wrong else "All of it agrees", style="bold")


def _value(compared: "Compared", value: int | None) -> str:
    if value is None:
        return ""
    return str(value) if compared.what.startswith(("claims", "items", "the set")) else dollars(value)


# -- by hand ------------------------------------------------------------------------------------------------------------
@app.command()
def match(
    decision: Decision,
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="CLM01, or your own id.")],
    reason: Why,
    as_: As,
    org: Org = None,
) -> None:
    """Tie a payer's decision that found no claim to the claim it is about; its money follows."""
    from pipeline.services import matching

    with session(org, ring=True) as s:
        told = matching.match(s.ctx, s.org_id, as_, decision, claim, reason)
    line(f"decision {decision} is claim {told.clm01}'s" + ("" if told.changed else " already"))


@app.command()
def unmatch(decision: Decision, reason: Why, as_: As, org: Org = None) -> None:
    """Take a payer's decision away from a claim; its money waits until somebody says whose it is."""
    from pipeline.services import matching

    with session(org, ring=True) as s:
        told = matching.unmatch(s.ctx, s.org_id, as_, decision, reason)
    line(f"decision {decision} is no claim's" + (f" any more; it was {told.clm01}'s" if told.changed else ""))


@app.command(name="write-off")
def write_off(
    as_: As,
    claim: Annotated[str | None, typer.Argument(metavar="[CLAIM]", help="CLM01, or your own id.")] = None,
    reason: Why = "",
    cents: Annotated[int | None, typer.Option("--cents", help="So much of it; none: all that was refused.")] = None,
    undo: Annotated[int | None, typer.Option("--undo", metavar="ID", help="Take this write-off back.")] = None,
    org: Org = None,
) -> None:
    """Give up what payers refused of a claim, or take that back."""
    from pipeline.domain.errors import CallerError
    from pipeline.services import write_offs

    if (claim is None) == (undo is None):
        raise CallerError("name a claim, or a write-off with --undo, and not both")
    with session(org) as s:
        if undo is not None:
            changed = write_offs.undo(s.ctx, s.org_id, as_, undo, reason)
            line(f"write-off {undo} is taken back" if changed else f"write-off {undo} was taken back before")
        elif claim is not None:
            told = write_offs.write_off(s.ctx, s.org_id, as_, claim, reason, cents)
            line(
                f"write-off {told.write_off_id}: {dollars(told.amount_cents)} of claim {told.clm01},"
                f" {dollars(told.left_cents)} of it still refused"
            )
