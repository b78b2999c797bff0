"""Files for the bank: what is approved and may go now, one file for each bank and class, RESERVED with its exact bytes."""

from collections.abc import Sequence
from datetime import datetime

from edi.nacha.outward import trace_number
from pipeline.domain.calendar import add_banking_days, day_of
from pipeline.domain.mailbox import BankProfile
from pipeline.mapping.payments_to_nacha import Payable, in_order, to_ach, written
from pipeline.stages import ruling
from pipeline.stages.context import Context
from pipeline.store import counters, exceptions, files, payment_entries, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import NewFile
from pipeline.store.payment_entries import Approved, Traced
from pipeline.store.tenants import Mailbox


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


# -- the files ------------------------------------------------------------------------------------------------------
def build(ctx: Context, tx: Tenant, boxes: Sequence[Mailbox]) -> list[int]:
    """Places all that may go now in files; gives their ids, none where there is nothing or it may not go."""
    if not boxes:
        return []
    by_file: dict[tuple[int, str], list[Approved]] = {}
    for payment in payment_entries.approved(tx, ctx.clock.now()):
        by_file.setdefault((payment.mailbox_id or boxes[0].id, payment.sec), []).append(payment)
    of_id = {box.id: box for box in boxes}
    made = [_build(ctx, tx, of_id[box_id], ready) for (box_id, _), ready in sorted(by_file.items()) if box_id in of_id]
    return [file_id for file_id in made if file_id is not None]


def _build(ctx: Context, tx: Tenant, box: Mailbox, ready: Sequence[Approved]) -> int | None:
    if box.bundling_pause is not None:
        return None
    profile = ruling.profile(box)
    now = ctx.clock.now()
    created = now.replace(second=0, microsecond=0)
    exchange = pair(profile)
    modifier = counters.take_modifier(tx, exchange, int(created.timestamp()) // 60)
    if modifier is None:
        # The bank tells files apart by origin, minute and modifier, and this minute has no more of them.
        work.put(tx, "release", [tx.org_id], ctx.limits.lease_s)
        return None
    payables = in_order(_payable(profile, payment, now) for payment in ready)
    first = counters.take(tx, trace_series(profile), len(payables))
    traces = [trace_number(profile.odfi, first + n) for n in range(len(payables))]
    data, problem = written(to_ach(profile, payables, traces, created=created, modifier=modifier))
    if problem is not None:
        reason = f"the file for the bank may not go: {problem}"
        exceptions.open_all(tx, [Raise("ach_refused", "mailbox", box.id, reason)])
        return None
    exceptions.close(tx, "ach_refused", "mailbox", [box.id], "a file for the bank passes the check now")
    return _store(tx, box, exchange, created, data, list(zip(payables, traces, strict=True)))


def _payable(profile: BankProfile, payment: Approved, now: datetime) -> Payable:
    return Payable(
        payment_id=payment.id,
        number=payment.reverses_id or payment.id,
        kind=payment.kind,
        amount_cents=payment.amount_cents,
        payee=payment.payee,
        effective_date=add_banking_days(day_of(now), profile.settlement_days),
        sec=payment.sec,
        addenda=payment.addenda,
        descriptive=payment.reversed_date,
    )


def _store(
    tx: Tenant, box: Mailbox, exchange: str, created: datetime, data: bytes, traced: Sequence[tuple[Payable, str]]
) -> int:
    number = counters.take(tx, file_series(exchange))
    origin = exchange.partition("|")[0]
    name = f"ACH_{origin}_{created:%Y%m%d}_{number}.ach"
    new = NewFile("ACH", box.mode, exchange, number, name, len(traced))
    [file_id] = files.add(tx, box.id, None, [new], created)
    files.store_bytes(tx, file_id, data, sum(payable.amount_cents for payable, _ in traced))
    lines = [Traced(p.payment_id, p.amount_cents, trace, p.effective_date) for p, trace in traced]
    payment_entries.place(tx, file_id, lines)
    return file_id
