"""release: what patients get back is proposed, ruled on, and what may go becomes a file for the bank.

Refunds arise only from claims that are finally decided and all of whose remittances have met their deposits. One
transaction proposes and builds: the file's exact bytes are stored before anybody can send them, and are read again by
the strict check first. Amounts come from the books alone, never from the 835.
"""

from collections.abc import Sequence
from datetime import date, datetime

import structlog

from pipeline.domain.calendar import add_banking_days, day_of
from pipeline.domain.claim import Claim
from pipeline.domain.ledger import NewJournal, Position, refund_owed
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payment import AccountType, Payee, refund_obligation
from pipeline.mapping.payments_to_nacha import Payable, misfit, to_ach, trace_number, written
from pipeline.stages.context import Context
from pipeline.stages.outside import waits
from pipeline.store import (
    claims,
    counters,
    exceptions,
    files,
    ledger,
    outside,
    payments,
    refunds,
    release_facts,
    tenants,
    work,
)
from pipeline.store.crypto import SealBroken
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import NewFile
from pipeline.store.payments import Approved, NewPayment
from pipeline.store.refunds import Refundable
from pipeline.store.release_facts import Asked
from pipeline.store.tenants import Mailbox

log = structlog.get_logger()


def release(ctx: Context, org_id: int, subject_id: int) -> None:
    """Proposes what became refundable and files what is approved; run twice or at once it does nothing more."""
    with ctx.tenant(org_id, "release") as tx:
        # The lock before the row: whoever posts money holds it already when asking for a release.
        ledger.lock(tx)
        # Before anything is read: whoever asks for a release from here on waits for this one and is seen by the next.
        work.done(tx, "release", [subject_id])
        if waits(ctx, tx, "release", subject_id):
            return
        box = _bank(tx)
        _propose(ctx, tx, box)
        outside.tie_payments(tx, ctx.today())
        file_id = _build(ctx, tx, box) if box is not None else None
        if file_id is not None:
            work.put(tx, "upload", [file_id], 0)
    if file_id is not None:
        log.info("payments filed", file_id=file_id)
        ctx.ring("upload", org_id, [file_id])


def _bank(tx: Tenant) -> Mailbox | None:
    """The tenant's bank mailbox; of several, the first."""
    boxes = tenants.mailboxes(tx, "bank")
    return boxes[0] if boxes else None


def _profile(box: Mailbox) -> BankProfile:
    if not isinstance(box.profile, BankProfile):
        raise TypeError("a bank mailbox has a bank's profile")
    return box.profile


# -- proposals ------------------------------------------------------------------------------------------------------
def _propose(ctx: Context, tx: Tenant, box: Mailbox | None) -> None:
    found = refunds.refundable(tx, refunds.unreleased(tx))
    if not found:
        return
    if box is None:
        refunds.reconsider(tx, [one.claim_id for one in found])
        exceptions.open_all(tx, [Raise("no_bank_mailbox", "org", tx.org_id, "refunds wait: add a bank mailbox")])
        return
    exceptions.close(tx, "no_bank_mailbox", "org", [tx.org_id], "there is a bank mailbox now")
    now = ctx.clock.now()
    documents = claims.by_id(tx, [one.claim_id for one in found])
    new: list[NewPayment] = []
    raised: list[Raise] = []
    for one in found:
        try:
            payee = _payee(documents[one.claim_id].document)
            problem = _problem(payee, one, _profile(box), now)
        except SealBroken as error:
            payee, problem = None, str(error)
        if payee is None or problem is not None:
            raised.append(_stuck(one, problem))
        else:
            obligation = refund_obligation(one.clm01, one.refunds + 1)
            new.append(NewPayment(obligation, one.claim_id, one.position.refundable_cents, payee))
    ids = payments.propose(tx, new, now)
    positions = {one.claim_id: one.position for one in found}
    today = ctx.today()
    ledger.post(tx, [_owed(i, p, positions, today) for i, p in zip(ids, new, strict=True)])
    _rule(ctx, tx, ids, new)
    exceptions.open_all(tx, raised)


def _rule(ctx: Context, tx: Tenant, ids: Sequence[int], new: Sequence[NewPayment]) -> None:
    """Asks the rules about each, all of them there already so that they see one another; keeps what they said."""
    now, today = ctx.clock.now(), ctx.today()
    asked = [
        Asked(payments.REFUND, p.amount_cents, payments.payee_index(tx, p.payee), p.obligation, p.claim_id, i)
        for i, p in zip(ids, new, strict=True)
    ]
    told = release_facts.facts(tx, asked, now, today)
    rulings = [ctx.releases.ruled(one, today) for one in told]
    release_facts.record(tx, list(zip(ids, told, rulings, strict=True)), today)
    of_each = [(i, p.amount_cents, ruling) for i, p, ruling in zip(ids, new, rulings, strict=True)]
    for payment_id in payments.go_by_rule(tx, of_each, now):
        payments.cancel(tx, payment_id, today)


def _owed(payment_id: int, new: NewPayment, positions: dict[int, Position], today: date) -> NewJournal:
    return refund_owed(payment_id, new.claim_id, new.amount_cents, positions[new.claim_id], today)


def _payee(document: bytes) -> Payee | None:
    """Where the claim says that money goes back to; None where it does not, or names no known kind of account."""
    told = Claim.model_validate_json(document).refund_to
    if told is None or told.account_type not in set(AccountType):
        return None
    return Payee(
        name=told.name,
        routing_number=told.routing_number,
        account_number=told.account_number,
        account_type=AccountType(told.account_type),
    )


def _problem(payee: Payee | None, one: Refundable, profile: BankProfile, now: datetime) -> str | None:
    if payee is None:
        return None
    return misfit(profile, Payable(one.claim_id, one.position.refundable_cents, payee), now)


def _stuck(one: Refundable, problem: str | None) -> Raise:
    money = one.position.refundable_cents
    if problem is None:
        reason = "the patient has money back to get and the claim names no usable bank details"
        return Raise("refund_details_missing", "claim", one.claim_id, reason, money_cents=money)
    return Raise("refund_details_unusable", "claim", one.claim_id, problem, money_cents=money)


# -- numbers ----------------------------------------------------------------------------------------------------------
def pair(profile: BankProfile) -> str:
    """Origin and destination: whom the bank and we are to each other."""
    return f"{profile.origin}|{profile.destination}"


def trace_series(profile: BankProfile) -> str:
    """The name of the row that this ODFI's traces are counted in."""
    return f"trace|{profile.odfi}"


def file_series(exchange: str) -> str:
    """The name of the row that files of a pair are counted in."""
    return f"ach|{exchange}"


# -- the file -------------------------------------------------------------------------------------------------------
def _build(ctx: Context, tx: Tenant, box: Mailbox) -> int | None:
    """A file with all APPROVED payments, RESERVED with its bytes; None when there is nothing or it may not go."""
    ready = payments.approved(tx)
    if not ready or box.bundling_pause is not None:
        return None
    profile = _profile(box)
    now = ctx.clock.now()
    created = now.replace(second=0, microsecond=0)
    exchange = pair(profile)
    modifier = counters.take_modifier(tx, exchange, int(created.timestamp()) // 60)
    if modifier is None:
        # The bank tells files apart by origin, minute and modifier, and this minute has no more of them.
        work.put(tx, "release", [tx.org_id], ctx.limits.lease_s)
        return None
    first = counters.take(tx, trace_series(profile), len(ready))
    traces = [trace_number(profile.odfi, first + n) for n in range(len(ready))]
    effective = add_banking_days(day_of(now), profile.settlement_days)
    payables = [Payable(p.id, p.amount_cents, p.payee) for p in ready]
    data, problem = written(
        to_ach(profile, payables, traces, created=created, modifier=modifier, effective_date=effective)
    )
    if problem is not None:
        reason = f"the file for the bank may not go: {problem}"
        exceptions.open_all(tx, [Raise("ach_refused", "mailbox", box.id, reason)])
        return None
    exceptions.close(tx, "ach_refused", "mailbox", [box.id], "a file for the bank passes the check now")
    return _store(tx, box, exchange, created, data, ready, traces)


def _store(
    tx: Tenant,
    box: Mailbox,
    exchange: str,
    created: datetime,
    data: bytes,
    ready: Sequence[Approved],
    traces: Sequence[str],
) -> int:
    number = counters.take(tx, file_series(exchange))
    origin = exchange.partition("|")[0]
    name = f"ACH_{origin}_{created:%Y%m%d}_{number}.ach"
    new = NewFile("ACH", box.mode, exchange, number, name, len(ready))
    [file_id] = files.add(tx, box.id, None, [new], created)
    files.store_bytes(tx, file_id, data, sum(p.amount_cents for p in ready))
    payments.place(tx, file_id, [(p.id, p.amount_cents, trace) for p, trace in zip(ready, traces, strict=True)])
    return file_id
