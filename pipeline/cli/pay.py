"""Payments that people ask for: invoices, payers' credit, money asked back, what came back anew."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import As, Org, session
from pipeline.cli.show import dollars, line

if TYPE_CHECKING:
    from pipeline.services.paying import Asked

pay = typer.Typer(no_args_is_help=True, help="Vendors' invoices, payers' credit, reversals, and what is paid anew.")
app.add_typer(pay, name="pay")

Amount = Annotated[str | None, typer.Option("--amount", metavar="DOLLARS", help="As 1234.50; none: all of it.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
PaymentId = Annotated[int, typer.Argument(metavar="PAYMENT", help="As `claimrail payments --all` lists it.")]


def _cents(text: str) -> int:
    from pipeline.domain.errors import CallerError
    from pipeline.domain.invoices import cents_of

    cents = cents_of(text)
    if cents is None:
        raise CallerError("an amount is dollars as 1234.50, without signs or commas")
    return cents


# -- invoices -----------------------------------------------------------------------------------------------------------
@pay.command()
def invoice(
    payee: Annotated[int, typer.Argument(metavar="PAYEE", help="The vendor's number with us.")],
    number: Annotated[str, typer.Option("--number", help="As the vendor wrote it.")],
    date: Day,
    due: Day,
    amount: Annotated[str, typer.Option("--amount", metavar="DOLLARS", help="What it asks for, as 1234.50.")],
    as_: As,
    discount: Annotated[str, typer.Option("--discount", metavar="DOLLARS", help="Taken off what is paid.")] = "0",
    org: Org = None,
) -> None:
    """Enter an invoice of a vendor; it is paid when it is due."""
    from pipeline.domain.invoices import Invoice
    from pipeline.services import invoices as service

    told = Invoice(
        number=number,
        invoiced_on=date.date(),
        due_on=due.date(),
        gross_cents=_cents(amount),
        discount_cents=_cents(discount),
    )
    with session(org, ring=True) as s:
        entered = service.enter(s.ctx, s.org_id, as_, payee, told)
    known = "" if entered.new else " already"
    line(f"invoice {entered.invoice_id} is entered{known}: {dollars(told.net_cents)}, due {told.due_on}")


@pay.command()
def invoices(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV: payee, number, date, due, amount, discount.")
    ],
    as_: As,
    org: Org = None,
) -> None:
    """Enter all invoices of a table, or none of them if a row is wrong."""
    from pipeline.domain.errors import CallerError
    from pipeline.services import invoices as service

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CallerError("the table is not UTF-8: save it as CSV UTF-8") from None
    with session(org, ring=True) as s:
        entered = service.enter_table(s.ctx, s.org_id, as_, text)
    new = sum(one.new for one in entered)
    line(f"{new} invoices entered, {len(entered) - new} were there already")


@pay.command()
def withdraw(
    invoice: Annotated[int, typer.Argument(metavar="INVOICE", help="As it was entered.")], as_: As, org: Org = None
) -> None:
    """Take an invoice back that no payment holds: it is not owed after all."""
    from pipeline.services import invoices as service

    with session(org) as s:
        changed = service.withdraw(s.ctx, s.org_id, as_, invoice)
    line(f"invoice {invoice} is withdrawn" + ("" if changed else " already"))


# -- payers, reversals, again -------------------------------------------------------------------------------------------
@pay.command(name="payer-refund")
def payer_refund(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="CLM01, or your own id.")],
    as_: As,
    amount: Amount = None,
    payee: Annotated[
        int | None, typer.Option("--payee", metavar="ID", help="The payer, where several decided.")
    ] = None,
    org: Org = None,
) -> None:
    """Pay a payer's credit on a claim back to it."""
    from pipeline.services import paying

    cents = None if amount is None else _cents(amount)
    with session(org, ring=True) as s:
        asked = paying.payer_refund(s.ctx, s.org_id, as_, claim, cents, payee)
    _tell(asked, "refund to the payer")


@pay.command()
def again(payment: PaymentId, as_: As, org: Org = None) -> None:
    """Pay anew what came back, was refused, denied or reversed, to where its payee is paid now."""
    from pipeline.services import paying

    with session(org, ring=True) as s:
        asked = paying.again(s.ctx, s.org_id, as_, payment)
    _tell(asked, f"payment {payment} anew")


@pay.command()
def reverse(
    payment: PaymentId,
    cause: Annotated[str, typer.Option("--cause", help="duplicate, receiver, amount or date.")],
    as_: As,
    org: Org = None,
) -> None:
    """Ask a payment back within five banking days of its settlement; somebody else approves."""
    from pipeline.services import reversals

    with session(org, ring=True) as s:
        asked = reversals.reverse(s.ctx, s.org_id, as_, payment, cause)
    _tell(asked, f"reversal of payment {payment}")


def _tell(asked: "Asked", what: str) -> None:
    was = "is" if asked.new else "was asked for before: it is"
    line(f"{what} {was} payment {asked.payment_id}, {dollars(asked.amount_cents)}, {asked.state}")


@pay.command()
def advice(payment: PaymentId, as_: As, org: Org = None) -> None:
    """Write the 835 beside a disbursement that has left, to standard output."""
    from pipeline.services import advices

    with session(org) as s:
        data = advices.advice(s.ctx, s.org_id, as_, payment)
    sys.stdout.write(data.decode("latin-1"))
