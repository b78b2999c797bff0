"""Claims at the terminal: hand them in, follow one."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Everything, Org, session
from pipeline.cli.show import dollars, folded, line, moment, pairs, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.intake import Receipt
    from pipeline.services.story import Event, Story
    from pipeline.services.tracking import Tracking

_BATCH = 500
_ROWS = 40


# -- submit ---------------------------------------------------------------------------------------------------------
@app.command()
def submit(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE…")],
    org: Org = None,
    as_json: AsJson = False,
    everything: Everything = False,
) -> None:
    """Hand in claims: JSON files with one claim, a list, or a claim a line. Exit 1 if any is refused.

    Sending a claim twice does nothing more: its external_id is the key.
    """
    from pipeline.cli.documents import documents
    from pipeline.services import intake

    found = [(place, document) for file in files for place, document in documents(file)]
    receipts: list[tuple[str, Receipt]] = []
    with session(org, ring=True) as s:
        for start in range(0, len(found), _BATCH):
            batch = found[start : start + _BATCH]
            given = intake.submit(s.ctx, s.org_id, [document for _, document in batch], s.actor)
            receipts += zip((place for place, _ in batch), given, strict=True)
    if as_json:
        printed_json([_receipt(place, receipt) for place, receipt in receipts])
    else:
        _show_receipts(receipts, everything=everything)
    raise typer.Exit(int(any(_refused(receipt) for _, receipt in receipts)))


def _refused(receipt: "Receipt") -> bool:
    return str(receipt.outcome) == "refused"


def _receipt(place: str, receipt: "Receipt") -> dict[str, Any]:
    return {
        "from": place,
        "outcome": str(receipt.outcome),
        "external_id": receipt.external_id,
        "clm01": receipt.clm01,
        "problems": [problem.as_dict() for problem in receipt.problems],
    }


def _show_receipts(receipts: list[tuple[str, "Receipt"]], *, everything: bool) -> None:
    shown = receipts if everything else receipts[:_ROWS]
    rows = [(place, r.external_id, r.clm01, r.outcome) for place, r in shown]
    table(("from", "external id", "CLM01", "outcome"), rows)
    if len(shown) < len(receipts):
        line(f"… and {len(receipts) - len(shown)} more (--all shows them)")
    for place, receipt in receipts:
        for problem in receipt.problems:
            line(f"{place}: {problem.path or 'claim'}: {problem.code} {problem.message}; {problem.cure}")
    counts: dict[str, int] = {}
    for _, receipt in receipts:
        counts[str(receipt.outcome)] = counts.get(str(receipt.outcome), 0) + 1
    line(", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no claim in these files")


# -- resubmit -------------------------------------------------------------------------------------------------------
@app.command()
def resubmit(
    claims: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM…]", help="CLM01, or your own id.")] = None,
    file: Annotated[str | None, typer.Option("--file", metavar="FILE", help="All that is held of it: O12.")] = None,
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Send again what was held or rejected with its set or file, once the cause is mended. Exit 1 if any is left."""
    from pipeline.domain.errors import CallerError
    from pipeline.services import resubmission as service

    if (file is None) == (not claims):
        raise CallerError("name claims, or a file with --file, and not both")
    with session(org, ring=True) as s:
        if file is not None:
            told = service.resubmit_file(s.ctx, s.org_id, s.actor, file)
        else:
            told = service.resubmit_claims(s.ctx, s.org_id, s.actor, claims or [])
    if as_json:
        printed_json(asdict(told))
    else:
        line(f"{len(told.sent_again)} claims go again, with new numbers")
        if told.left:
            line(f"left, for the partner may have them after all (name one to send it): {', '.join(told.left)}")
        if told.paused_mailbox:
            line(f"they wait: no new files are made until `claimrail mailbox resume {told.paused_mailbox}`")
    raise typer.Exit(int(bool(told.left)))


# -- show -----------------------------------------------------------------------------------------------------------
@app.command()
def show(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="Its CLM01 or your own id for it.")],
    org: Org = None,
    as_json: AsJson = False,
) -> None:
    """Tell a claim's whole story: every event with time, actor, file and number; its money. That you asked is noted."""
    from pipeline.services.story import story

    with session(org) as s:
        told = story(s.ctx, s.org_id, s.actor, claim)
    if as_json:
        printed_json(told.as_dict())
    else:
        show_story(told)


def show_story(told: "Story") -> None:
    latest = told.versions[-1]
    line(f"Claim {told.clm01}: {told.state}", style="bold")
    pairs(
        {
            "external id": told.external_id,
            "patient": told.patient,
            "payer": told.payer,
            **({"type of bill": told.bill_type} if told.bill_type else {}),
            "service": latest.service_from,
            "charge": dollars(latest.charge_cents),
            "paid by patient": dollars(latest.patient_paid_cents),
            **_tracked(told.tracking),
        }
    )
    for version in told.versions if len(told.versions) > 1 else ():
        made = ", made from the decision before it" if version.made_for_the_next else ""
        line(
            f"version {version.version} (frequency {version.frequency}) to {version.payer}, {version.responsibility}{made}:"
            f" {version.state}, {dollars(version.charge_cents)}"
        )
    for held in told.holds:
        line(f"under legal hold {held.id} since {moment(held.at)} by {held.actor}: {held.reason}", style="yellow")
    line("\nWhat happened (times are UTC)", style="bold")
    for event in told.events:
        for text, style in event_lines(event):
            line(text, style=style)
    line("\nIn the books", style="bold")
    money = told.money
    credit = f" + paid too much {dollars(money.credit_cents)}" if money.credit_cents else ""
    line(
        f"billed {dollars(money.billed_cents)}{credit} = paid by payers {dollars(money.paid_cents)}"
        f" + adjusted {dollars(money.adjusted_cents)} + patient's share {dollars(money.patient_cents)}"
        f" + open {dollars(money.open_cents)} + refused {dollars(money.denied_cents)}"
        f" + written off {dollars(money.written_off_cents)}"
    )
    rows = [(account.replace("_", " "), dollars(max(cents, 0) or None), dollars(max(-cents, 0) or None))
            for account, cents in told.balances.items()]  # fmt: skip
    table(("account", "debit", "credit"), rows, right=("debit", "credit"))


def _tracked(tracking: "Tracking") -> dict[str, str]:
    """What to name when asking about the claim, and until when an answer should have come; what is not known is left out."""
    awaited = {"status": "a payer's answer", "decision": "the payer's decision"}.get(tracking.awaits or "")
    told = {
        "OA claim id": tracking.clearinghouse_id,
        "payer's number": tracking.payer_control_number,
        "window": f"{awaited} by {moment(tracking.window_ends)} UTC" if awaited else None,
        "next step": (tracking.next_step or "").replace("_", " ") or None,
    }
    return {name: value for name, value in told.items() if value}


def event_lines(event: "Event") -> Iterator[tuple[str, str | None]]:
    state = f" → {event.state}" if event.state else ""
    actor = f"  by {event.actor}" if event.actor else ""
    yield f"{moment(event.at)}  {event.subject}: {event.what}{state}{actor}", _style(event)
    indent = " " * 21
    business = event.business_at
    if business is not None and event.subject != "ledger" and abs((business - event.at).total_seconds()) > 60:
        yield f"{indent}business time {moment(business)}", "dim"
    place = " · ".join(part for part in (event.file, event.control_number) if part)
    if event.amount_cents is not None and event.subject != "decision":
        place += f" · {dollars(event.amount_cents)}" if place else dollars(event.amount_cents)
    if place:
        yield f"{indent}{place}", "dim"
    if event.detail:
        yield from ((part, None) for part in folded(event.detail, indent))
    for account, cents in event.entries:
        side = "Dr" if cents > 0 else "Cr"
        yield f"{indent}{side} {account.replace('_', ' '):20} {dollars(abs(cents)):>12}", None
    for finding in event.findings:
        where, what = finding.get("path") or finding.get("at"), finding.get("cure") or finding.get("message")
        yield f"{indent}{finding.get('code')} at {where}: {what}", None


def _style(event: "Event") -> str | None:
    if event.subject == "exception":
        return "yellow"
    return {"decision": "bold", "ledger": "cyan"}.get(event.subject)
