"""Deposits: what a bank's files tell of money is recorded once, and meets the remittances that explain it.

The same money may be told by the ACH file and by the BAI2 report, and either half of a payment may come first: both wait,
and each file that comes makes both sides be looked at again. What belongs together is decided in
`pipeline/domain/reassociation.py`; only a matched deposit debits bank.
"""

from collections.abc import Sequence

from edi import bai2
from edi.findings import Finding, Place, Severity
from pipeline.domain import deposits as journals
from pipeline.domain import reassociation
from pipeline.domain.deposits import Told
from pipeline.domain.reassociation import BY_AMOUNT_AND_DATE, BY_TRACE, Misfit, Reversal
from pipeline.domain.states import Kind
from pipeline.mapping.deposits_from_bank import from_bai2, own_lines
from pipeline.stages import passing_on, quarantine
from pipeline.stages.context import Context
from pipeline.store import bank_lines, deposits, exceptions, ledger, refunds, transitions, work
from pipeline.store import reassociation as waiting
from pipeline.store.database import Tenant
from pipeline.store.deposits import Deposit
from pipeline.store.exceptions import Raise
from pipeline.store.inbound import InboundFile

OF_DEPOSIT = (
    "era_late",
    "unmatched_deposit",
    "deposit_amount_differs",
    "duplicate_deposit",
)
OF_REMITTANCE = ("eft_late",)
"""What is closed when both halves have met."""

_WHY = {
    "deposit_amount_differs": "a deposit bears a remittance's trace and another amount",
    "duplicate_deposit": "the remittance of this trace was paid by another deposit already",
}


# -- recording ----------------------------------------------------------------------------------------------------------
def apply_report(ctx: Context, org_id: int, file: InboundFile) -> None:
    """Takes in one BAI2 report, whole or not at all; run twice or at once it takes in nothing more."""
    document = bai2.read(file.content)
    errors = quarantine.errors(document.findings)
    if document.file is not None:
        errors += bai2.unusable(document.file)
    with ctx.tenant(org_id, "deposits") as tx:
        work.done(tx, "ingest", [file.id])
        if errors or document.file is None or not document.complete:
            quarantine.set_aside(tx, file.id, errors or [_incomplete(document.lines)])
            return
        ledger.lock(tx)
        if not transitions.move(tx, Kind.INBOUND, [file.id], "applied"):
            return
        received = record(ctx, tx, file, from_bai2(document.file))
        bank_lines.record(tx, file.mailbox_id, file.id, own_lines(document.file, ctx.today()))
        if received:
            work.put(tx, "match", [file.id], ctx.limits.lease_s)
    if received:
        ctx.ring("match", org_id, [file.id])


def record(ctx: Context, tx: Tenant, file: InboundFile, told: Sequence[Told]) -> int:
    """Movements that are new become WAITING deposits; the others are noted on those that they are. Gives how many came.

    Hold `ledger.lock`: what is new depends on what others record.
    """
    if not told:
        return 0
    again = reassociation.told_again(told, deposits.alike(tx, told))
    new = [one for one in told if one.position not in again]
    today = ctx.today()
    due = [reassociation.due(one.effective_date, today) if one.amount_cents > 0 else None for one in new]
    deposits.add(tx, file.id, file.mailbox_id, new, due)
    known = deposits.note_again(tx, file.id, [(again[one.position], one) for one in told if one.position in again])
    exceptions.close(tx, "unmatched_deposit", "deposit", known, "another file of the bank's told its trace")
    return len(told)


def _incomplete(lines: int) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="BAI2-INCOMPLETE",
        message="the report ends before its file trailer",
        cure="Ask the bank for the whole report; nothing of this one was applied.",
        place=Place(line=lines),
    )


# -- meeting ------------------------------------------------------------------------------------------------------------
def reassociate(ctx: Context, tx: Tenant, inbound_file_id: int) -> int:
    """Brings together all that waits, this file's and what came before; gives how many remittances met their deposit.

    First what was taken back, so that nothing is matched with it; then by trace, then by amount and date. Hold
    `ledger.lock`, so that whoever brings the other half sees this one.
    """
    waiting.await_deposits(tx, ctx.today())
    _take_back(ctx, tx, inbound_file_id)
    met = _by_trace(ctx, tx, inbound_file_id) + _by_amount_and_date(ctx, tx)
    _tell_what_waits(tx, inbound_file_id)
    return met


def _by_trace(ctx: Context, tx: Tenant, inbound_file_id: int) -> int:
    found = waiting.same_trace(tx, inbound_file_id)
    parted = deposits.parted(tx, [pair.deposit_id for pair in found if pair.fits])
    pairs = [pair for pair in found if (pair.deposit_id, pair.remittance_id) not in parted]
    chosen = reassociation.by_trace(pairs)
    exceptions.open_all(tx, [_misfit(one) for one in reassociation.misfits(pairs, chosen)])
    return marry(ctx, tx, [(pair.deposit_id, pair.remittance_id) for pair in chosen], BY_TRACE)


def _by_amount_and_date(ctx: Context, tx: Tenant) -> int:
    found = waiting.same_amount(tx, ctx.today())
    parted = deposits.parted(tx, [pair.deposit_id for pair in found])
    pairs = [pair for pair in found if (pair.deposit_id, pair.remittance_id) not in parted]
    chosen = reassociation.by_amount_and_date(pairs)
    return marry(ctx, tx, [(pair.deposit_id, pair.remittance_id) for pair in chosen], BY_AMOUNT_AND_DATE)


def marry(ctx: Context, tx: Tenant, pairs: Sequence[tuple[int, int]], by: str) -> int:
    """Moves (deposit, remittance) pairs, posts their money to bank, and closes what was raised about either half."""
    if not pairs:
        return 0
    moved = deposits.match(tx, pairs, by, ctx.clock.now())
    ids = [deposit for deposit, _ in moved]
    rows, times, today = deposits.by_id(tx, ids), deposits.times(tx, ids, "matched"), ctx.today()
    ledger.post(tx, [journals.matched(rows[d].booking(today, times.get(d, 0)), remittance) for d, remittance in moved])
    passing_on.owe(ctx, tx, ids)
    exceptions.close(tx, OF_DEPOSIT, "deposit", ids, f"matched with its remittance by {by.replace('_', ' and ')}")
    exceptions.close(
        tx,
        OF_REMITTANCE,
        "remittance",
        [r for _, r in moved],
        f"matched with its deposit by {by.replace('_', ' and ')}",
    )
    return len(moved)


def _misfit(one: Misfit) -> Raise:
    return Raise(one.type, "deposit", one.deposit_id, _WHY[one.type], money_cents=one.amount_cents)


def _tell_what_waits(tx: Tenant, inbound_file_id: int) -> None:
    """Movements of this file that nothing explains by itself."""
    raised = []
    for one in waiting.still_waiting(tx, inbound_file_id):
        if one.amount_cents < 0:
            reason = "the account was debited, and no deposit that we know is named"
            raised.append(Raise("deposit_taken_back", "deposit", one.id, reason, money_cents=one.amount_cents))
        elif not one.has_trace:
            reason = "no whole TRN was told with it, and no single remittance of its amount and date waits"
            raised.append(Raise("unmatched_deposit", "deposit", one.id, reason, money_cents=one.amount_cents))
    exceptions.open_all(tx, raised)


# -- taken back ---------------------------------------------------------------------------------------------------------
def _take_back(ctx: Context, tx: Tenant, inbound_file_id: int) -> None:
    """Debits end the deposits that they name; a remittance that was paid by one waits for its money again."""
    chosen = reassociation.taken_back(waiting.reversals(tx, inbound_file_id))
    if not chosen:
        return
    rows = deposits.by_id(tx, [i for one in chosen for i in (one.debit_id, one.deposit_id)])
    reopened = {r: one.deposit_id for one in chosen if (r := rows[one.deposit_id].remittance_id) is not None}
    now, today = ctx.clock.now(), ctx.today()
    gone = refunds.left_on(tx, list(reopened))
    deposits.take_back(tx, [(one.debit_id, one.deposit_id) for one in chosen], now)
    due = reassociation.due(None, today)
    deposits.remittance_waits(tx, "deposit_taken_back", reopened, due, now)
    ledger.post(
        tx,
        [
            journals.taken_back(rows[one.debit_id].booking(today), remittance_id)
            for one in chosen
            if (remittance_id := rows[one.deposit_id].remittance_id) is not None
        ],
    )
    passing_on.owe_no_more(ctx, tx, [one.deposit_id for one in chosen])
    ended = [i for one in chosen for i in (one.debit_id, one.deposit_id)]
    exceptions.close(tx, (*OF_DEPOSIT, "deposit_taken_back"), "deposit", ended, "the payer took the deposit back")
    exceptions.open_all(tx, [_taken_back(one, rows[one.deposit_id], gone) for one in chosen])


def _taken_back(one: Reversal, deposit: Deposit, gone: dict[int, tuple[int, int]]) -> Raise:
    reason = f"deposit {one.deposit_id} was taken back"
    if deposit.remittance_id is not None:
        reason += f"; remittance {deposit.remittance_id} waits for its money again"
        payments, cents = gone.get(deposit.remittance_id, (0, 0))
        if payments:
            reason += f", and {payments} refunds of {cents} cents on its claims have left already"
    reason += ": ask the payer why, and whether it pays anew"
    return Raise("deposit_taken_back", "deposit", one.debit_id, reason, money_cents=-deposit.amount_cents)
