"""Payees at the terminal: who is paid, where, who stands up for it, and what is on hold."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import As, AsJson, Org, session
from pipeline.cli.show import dollars, line, moment, pairs, printed_json, table

if TYPE_CHECKING:
    from pipeline.domain.bank_accounts import AccountForm
    from pipeline.store.payee_listing import Act, Shown, ShownPayment, ShownVersion

payees = typer.Typer(no_args_is_help=True, help="Who is paid and where: two people stand up for every change.")
app.add_typer(payees, name="payees")

PayeeId = Annotated[int, typer.Argument(metavar="PAYEE", help="As `claimrail payees list` names it.")]
DetailsId = Annotated[int, typer.Argument(metavar="DETAILS", help="As `claimrail payees show PAYEE` names them.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A name as it is paid to; - reads it from standard input.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept sealed.")]
Details = Annotated[
    str,
    typer.Option(
        "--details",
        metavar="FILE",
        help="JSON with routing_number, account_number, account_type (checking or savings) and, where it is another,"
        " name; - reads it from standard input. Never on the command line: shells keep that.",
    ),
]


# -- looking ------------------------------------------------------------------------------------------------------------
@payees.command(name="list")
def list_(
    kind: Annotated[str | None, typer.Option("--kind", help="patient, payer, vendor or provider.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most, the newest first.")] = 100,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """List payees, the newest first. That you looked is noted."""
    from pipeline.services import payees as service

    with session(org) as s:
        found = service.listed(s.ctx, s.org_id, s.actor, kind, limit)
    if as_json:
        printed_json([asdict(one) for one in found])
        return
    columns = ("payee", "kind", "name", "account", "bank details", "proposed", "on hold")
    rows = [
        (one.id, one.kind, one.name, _account(one.account_last4), one.state, one.proposed or "", one.hold)
        for one in found
    ]
    table(columns, rows, right=("payee", "proposed"))
    line(f"{len(found)} shown; `claimrail payees show PAYEE` tells all of one")


@payees.command()
def show(payee: PayeeId, org: Org = None, as_json: AsJson = False) -> None:
    """Show a payee: versions of his bank details and who stood up for them, holds, payments, acts. That you looked is noted."""
    from pipeline.services import payees as service

    with session(org) as s:
        found = service.show(s.ctx, s.org_id, s.actor, payee)
    if as_json:
        printed_json(asdict(found))
    else:
        _show(found)


def _show(found: "Shown") -> None:
    payee = found.payee
    pairs({
        "payee": payee.id,
        "kind": payee.kind,
        "name": payee.name,
        "class": payee.sec,
        "on hold": payee.hold,
        "held by": found.held_by,
        "why": found.hold_note,
    })  # fmt: skip
    _show_versions(found.versions)
    _show_payments(found.payments)
    for act in found.acts:
        line(_told(act))


def _show_versions(versions: Sequence["ShownVersion"]) -> None:
    columns = ("details", "version", "state", "account", "type", "told by", "stood up", "of", "in force", "hold until",
               "prenote")  # fmt: skip
    rows = [
        (v.id, v.version, v.state, _account(v.account_last4), v.account_type, f"{v.source}, {v.proposed_by}",
         ", ".join(v.stood_up), v.needed, moment(v.confirmed_at), moment(v.hold_until),
         f"{v.prenote} {v.prenote_until or ''}".strip())
        for v in versions
    ]  # fmt: skip
    table(columns, rows, title="Bank details (times in UTC)", right=("details", "version", "of"))


def _show_payments(payments: Sequence["ShownPayment"]) -> None:
    columns = ("payment", "kind", "for", "amount", "state", "details")
    rows = [(p.id, p.kind, p.obligation, dollars(p.amount_cents), p.state, p.details_id) for p in payments]
    table(columns, rows, title="Payments", right=("payment", "amount", "details"))


def _told(act: "Act") -> str:
    about = "" if act.details_id is None else f" details {act.details_id}"
    return f"{moment(act.at)} {act.actor} {act.what}{about}{': ' if act.reason else ''}{act.reason}"


def _account(last4: str | None) -> str:
    return "" if last4 is None else f"…{last4}"


# -- bank details -------------------------------------------------------------------------------------------------------
@payees.command()
def add(
    kind: Annotated[str, typer.Option("--kind", help="vendor, payer or provider.")],
    name: Annotated[str, typer.Option("--name", help="As it is paid to.")],
    key: Annotated[str, typer.Option("--key", help="What names it: payer id, NPI, tax id, your own vendor number.")],
    details: Details,
    as_: As,
    sec: Annotated[str | None, typer.Option("--sec", help="How a vendor is paid: CCD (default) or CTX.")] = None,
    org: Org = None,
) -> None:
    """Add a payee; nothing is paid to it before a second person stands up for its bank details."""
    from pipeline.services import payees as service

    form = _form(details)
    with session(org, ring=True) as s:
        new = service.NewPayee(kind=kind, name=name, key=key, sec=sec, details=form)
        made = service.add(s.ctx, s.org_id, as_, new)
    line(f"payee {made.payee_id}, bank details {made.details_id}: {_left(made.left, made.details_id)}")


@payees.command()
def change(payee: PayeeId, details: Details, as_: As, org: Org = None) -> None:
    """Propose other bank details for a payee."""
    from pipeline.services import payees as service

    form = _form(details)
    with session(org, ring=True) as s:
        made = service.change(s.ctx, s.org_id, as_, payee, form)
    line(f"bank details {made.details_id} of payee {payee}: {_left(made.left, made.details_id)}")


@payees.command()
def confirm(details: DetailsId, as_: As, org: Org = None) -> None:
    """Stand up for proposed bank details, after comparing them with the payee by a way that you know."""
    from pipeline.services import payees as service

    with session(org, ring=True) as s:
        left = service.confirm(s.ctx, s.org_id, as_, details)
    line(f"{as_} stands up for bank details {details}: {_left(left, details)}")


@payees.command()
def refuse(details: DetailsId, reason: Reason, as_: As, org: Org = None) -> None:
    """Refuse proposed bank details; one person is enough."""
    from pipeline.services import payees as service

    with session(org, ring=True) as s:
        service.refuse(s.ctx, s.org_id, as_, details, reason)
    line(f"bank details {details} are refused: nothing is paid there")


def _left(left: int, details_id: int) -> str:
    if not left:
        return "they are in force"
    people = "one more person" if left == 1 else f"{left} more people"
    return f"{people} must stand up for them (`claimrail payees confirm {details_id} --as NAME`)"


# -- holds --------------------------------------------------------------------------------------------------------------
@payees.command()
def hold(payee: PayeeId, reason: Reason, as_: As, org: Org = None) -> None:
    """Let nothing more leave for a payee."""
    from pipeline.services import payees as service

    with session(org, ring=True) as s:
        service.hold(s.ctx, s.org_id, as_, payee, reason)
    line(f"payee {payee} is on hold: nothing leaves for it until `claimrail payees lift {payee}`")


@payees.command()
def lift(
    payee: PayeeId,
    as_: As,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept sealed.")] = "",
    org: Org = None,
) -> None:
    """Let what waits for a payee go again."""
    from pipeline.services import payees as service

    with session(org, ring=True) as s:
        service.lift(s.ctx, s.org_id, as_, payee, reason)
    line(f"payee {payee} is on hold no more")


@payees.command("hold-name")
def hold_name(name: Name, reason: Reason, as_: As, org: Org = None) -> None:
    """Let nothing more leave for anybody of this name, known or not yet."""
    from pipeline.services import payees as service

    with session(org, ring=True) as s:
        stopped = service.hold_name(s.ctx, s.org_id, as_, _name(name), reason)
    line(f"the name is on hold; payees of this name now: {stopped}")


@payees.command("lift-name")
def lift_name(name: Name, as_: As, org: Org = None) -> None:
    """Let what waits for those of this name go again."""
    from pipeline.services import payees as service

    with session(org, ring=True) as s:
        freed = service.lift_name(s.ctx, s.org_id, as_, _name(name))
    line(f"the name is on hold no more; payees of this name: {freed}")


# -- what is read -------------------------------------------------------------------------------------------------------
def _name(given: str) -> str:
    return sys.stdin.readline().strip() if given == "-" else given


def _form(path: str) -> "AccountForm":
    """Raises CallerError with the field, never with a value of it."""
    from pydantic import ValidationError

    from pipeline.domain.bank_accounts import AccountForm
    from pipeline.domain.errors import CallerError

    try:
        return AccountForm.model_validate_json(sys.stdin.read() if path == "-" else Path(path).read_bytes())
    except OSError as error:
        raise CallerError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors())
        raise CallerError(f"the bank details are not as they should be: {wrong}") from None
