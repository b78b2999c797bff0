"""What passes with time for payments: files that the bank does not answer, credits that count as paid, sums that tie out.

Nothing confirms an ACH credit. It is paid when the days are over in which the receiving bank returns what it does not take.
"""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from pipeline.domain import tying_out as rules
from pipeline.domain.mailbox import BankProfile
from pipeline.stages.context import Context
from pipeline.stages.overdue import Overdue, tell
from pipeline.store import bank_lines, chains, exceptions, ledger, payment_watching, reversals, tenants, watching
from pipeline.store.bank_lines import OpenFile, OpenLine
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.payment_watching import SilentFile

log = structlog.get_logger()


def look(ctx: Context, org_id: int) -> None:
    """Looks once at all payments of the tenant; run twice or at once it does nothing more."""
    with ctx.tenant(org_id, "watch") as tx:
        profiles = tenants.banks(tx)
        if not profiles:
            return
        if payment_watching.reversals_pass(tx, ctx.today()):
            ledger.lock(tx)
        _settle(ctx, tx, profiles)
        _silent(ctx, tx, profiles)
        tie_out(ctx, tx, profiles)


# -- paid -------------------------------------------------------------------------------------------------------------
def _settle(ctx: Context, tx: Tenant, profiles: Mapping[int, BankProfile]) -> None:
    payment_watching.until_when(tx, {box_id: profile.return_days for box_id, profile in profiles.items()})
    settled, reversed_ = payment_watching.settle(tx, ctx.today(), ctx.clock.now())
    reversals.reversal_settled(tx, reversed_, ctx.today())
    _paid_once(tx)
    if settled:
        log.info("payments settled", payments=len(settled))


def _paid_once(tx: Tenant) -> None:
    """What was paid twice is told no more once one of the two is back."""
    told = watching.standing(tx, "paid_twice", "payment")
    once = [payment_id for payment_id in told if _NAMES_RIVAL in told[payment_id] and chains.out(tx, payment_id) <= 1]
    exceptions.close(tx, "paid_twice", "payment", once, "one of the two is back")


_NAMES_RIVAL = "has paid the same anew"
"""In the reason where another payment of the chain is the second; else a person closes it."""


# -- no answer --------------------------------------------------------------------------------------------------------
def _silent(ctx: Context, tx: Tenant, profiles: Mapping[int, BankProfile]) -> None:
    hours = {box_id: profile.answer_within_h for box_id, profile in profiles.items()}
    found = payment_watching.silent_files(tx, hours, ctx.clock.now())
    tell(tx, "bank_silent", "file", [_unanswered(one) for one in found], "the bank answered")


def _unanswered(one: SilentFile) -> Overdue:
    reason = (
        f"file O{one.file_id} left on {one.sent:%Y-%m-%d %H:%M} UTC and the bank has not answered it: ask whether it has"
        f" {one.name}; it is never sent again by itself"
    )
    return Overdue(Raise("bank_silent", "file", one.file_id, reason, money_cents=one.amount_cents), one.since)


# -- tying out --------------------------------------------------------------------------------------------------------
_RETURNS_BEFORE_DAYS = 3
"""A bank may book returns before it lays out the file that names them."""
_LOOKED_FOR_DAYS = 40
"""A line that has met nothing for so long does not any more; a person has been told of it."""


def tie_out(ctx: Context, tx: Tenant, profiles: Mapping[int, BankProfile]) -> None:
    """Ties lines of statements to what they are about, and tells what is missing on either side for too long."""
    _meet(ctx, tx, list(profiles))
    watched = [box_id for box_id, profile in profiles.items() if profile.ties_out]
    today = ctx.today()
    untold = bank_lines.open_files(tx, watched, today) if watched else []
    late = [one for one in untold if rules.overdue(one.last_day, today)]
    tell(tx, "file_not_settled", "file", [_not_settled(one) for one in late], "the bank told of it")
    stray = [one for one in bank_lines.open_lines(tx) if one.mailbox_id in watched and rules.overdue(one.day, today)]
    tell(tx, "bank_line_unknown", "bank_line", [_unknown(one) for one in stray], "what it is about is known")


def _meet(ctx: Context, tx: Tenant, mailbox_ids: list[int]) -> None:
    since = ctx.today() - timedelta(days=_LOOKED_FOR_DAYS)
    lines = [one for one in bank_lines.open_lines(tx) if one.day >= since]
    if not lines:
        return
    files = bank_lines.open_files(tx, mailbox_ids, max(one.day for one in lines))
    any_back = any(one.kind == "returns" for one in lines)
    returns = bank_lines.open_returns(tx, mailbox_ids, since) if any_back else {}
    settled: dict[int, int] = {}
    paid_back: dict[int, int] = {}
    for box_id in mailbox_ids:
        of_box = [one for one in lines if one.mailbox_id == box_id]
        due = [day for one in files if one.mailbox_id == box_id for day in _days(one)]
        settled |= rules.meet([one.line for one in of_box if one.kind == "settlement"], due)
        back = [one.line for one in of_box if one.kind == "returns"]
        paid_back |= rules.meet(back, returns.get(box_id, []), _RETURNS_BEFORE_DAYS)
    bank_lines.tie(tx, settled, paid_back)


def _days(one: OpenFile) -> list[rules.Expected]:
    """What is missing day by day, and all of it together, as some banks tell it."""
    whole = sum(day.cents for day in one.expected)
    last = one.expected[-1]
    together = rules.Expected(file_id=one.file_id, cents=whole, day=last.day, names=last.names)
    return [*one.expected, *([together] if len(one.expected) > 1 and whole else [])]


def _not_settled(one: OpenFile) -> Overdue:
    missing = ", ".join(f"{day.cents} cents on {day.day}" for day in one.expected)
    reason = (
        f"the bank's reports do not tell that {one.name} (O{one.file_id}) was settled: {missing} are missing; ask the bank"
        " what it charged for this file"
    )
    cents = abs(sum(day.cents for day in one.expected))
    return Overdue(Raise("file_not_settled", "file", one.file_id, reason, money_cents=cents), one.since)


def _unknown(one: OpenLine) -> Overdue:
    about = "a settlement" if one.kind == "settlement" else "returns"
    reason = (
        f"the bank's report of {one.day} books {about} of {one.amount_cents} cents, and no file of ours, or of returns, comes"
        " to that: ask the bank what it is about"
    )
    told = Raise("bank_line_unknown", "bank_line", one.id, reason, money_cents=abs(one.amount_cents))
    return Overdue(told, one.since)
