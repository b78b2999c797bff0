"""Files for the bank: what is approved and due, one file for each bank and class, RESERVED with its exact bytes.

A payment is due when the first cut-off after its approval has passed; without cut-offs, at once. What was missed while
nothing ran goes with the next run, in one file: for the bank a cut-off that has passed is no cut-off any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from edi.nacha.outward import trace_number
from edi.nacha.reading import check
from pipeline.domain.ach_calendar import BankHours
from pipeline.domain.ach_calendar import hours as bank_hours
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payment import PaymentKind
from pipeline.mapping.payments_to_nacha import Payable, in_files, in_order, to_ach, trace_places, written
from pipeline.stages import ruling
from pipeline.stages.context import Context
from pipeline.store import counters, cutoffs, exceptions, files, payment_entries, work
from pipeline.store.cutoffs import Passed
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
    """Places all that is due and may go in files; gives their ids, none where there is nothing or it may not go."""
    if not boxes:
        return []
    now = ctx.clock.now()
    hours = {box.id: hours_of(ctx, box) for box in boxes}
    passed = _passed(hours, boxes[0].id, now)
    by_file: dict[tuple[int, str], list[Approved]] = {}
    for payment in payment_entries.approved(tx, now, passed):
        by_file.setdefault((payment.mailbox_id or boxes[0].id, payment.sec), []).append(payment)
    made: list[int] = []
    for box in boxes:
        of_class = [ready for (box_id, _), ready in sorted(by_file.items()) if box_id == box.id]
        if of_class and box.bundling_pause is None:
            made += _Filing(ctx, tx, box, hours[box.id], now).file(of_class)
    if passed.at:
        cutoffs.put_off(tx, passed, now)
        _again_at_the_next(tx, hours, passed, now)
    return made


def ring_at_cutoff(ctx: Context, tx: Tenant) -> None:
    """Has a release look when by business time a cut-off has passed and something approved has not gone with it."""
    boxes = ruling.banks(tx)
    open_ = {box.id: hours_of(ctx, box) for box in boxes if box.bundling_pause is None}
    if not boxes:
        return
    passed = _passed(open_, boxes[0].id, ctx.clock.now())
    if passed.at and cutoffs.missed(tx, passed):
        work.put(tx, "release", [tx.org_id], 0)


def hours_of(ctx: Context, box: Mailbox) -> BankHours:
    return bank_hours(box.bank, ctx.windows)


def _passed(hours: Mapping[int, BankHours], first: int, now: datetime) -> Passed:
    return Passed(first, {box_id: at for box_id, one in hours.items() if (at := one.passed(now)) is not None})


def _again_at_the_next(tx: Tenant, hours: Mapping[int, BankHours], passed: Passed, now: datetime) -> None:
    """Leases and rings go by the database's clock: it is told how long from now, and the watch looks at business time."""
    wanted = [
        at for box_id in cutoffs.waiting(tx, passed.first) if box_id in hours and (at := hours[box_id].coming(now))
    ]
    if wanted:
        work.put(tx, "release", [tx.org_id], (min(wanted) - now).total_seconds())


@dataclass(frozen=True, slots=True)
class _Filing:
    """What is due at one bank becomes files."""

    ctx: Context
    tx: Tenant
    box: Mailbox
    hours: BankHours
    now: datetime

    @property
    def profile(self) -> BankProfile:
        return self.box.bank

    def file(self, of_class: Iterable[Sequence[Approved]]) -> list[int]:
        """A file for each class, or as many as it takes; a person is told while any of them does not pass the check."""
        made: list[int] = []
        problems: list[str] = []
        for ready in of_class:
            payables = in_order(self._payable(payment) for payment in ready)
            for part in in_files(self.profile, payables):
                file_id, problem = self._build(part)
                made += [] if file_id is None else [file_id]
                problems += [] if problem is None else [problem]
        if problems:
            reason = f"the file for the bank may not go: {problems[0]}"
            exceptions.open_all(self.tx, [Raise("ach_refused", "mailbox", self.box.id, reason)])
        elif made:
            exceptions.close(
                self.tx, "ach_refused", "mailbox", [self.box.id], "a file for the bank passes the check now"
            )
        return made

    def _payable(self, payment: Approved) -> Payable:
        return Payable(
            payment_id=payment.id,
            number=payment.reverses_id or payment.id,
            kind=payment.kind,
            amount_cents=payment.amount_cents,
            payee=payment.payee,
            effective_date=self.hours.effective_date(
                self.now,
                payment.amount_cents,
                payment.sec,
                debit=payment.kind is PaymentKind.REVERSAL,
                same_day=payment.same_day,
            ),
            sec=payment.sec,
            addenda=payment.addenda,
            descriptive=payment.reversed_date,
        )

    def _build(self, payables: Sequence[Payable]) -> tuple[int | None, str | None]:
        """The file's id, or what is wrong with it; neither where this minute has no more files to give."""
        profile, tx = self.profile, self.tx
        created = self.now.replace(second=0, microsecond=0)
        modifier = counters.take_modifier(tx, pair(profile), int(created.timestamp()) // 60)
        if modifier is None:
            # The bank tells files apart by origin, minute and modifier, and this minute has no more of them.
            work.put(tx, "release", [tx.org_id], self.ctx.limits.lease_s)
            return None, None
        places, taken = trace_places(profile, payables)
        first = counters.take(tx, trace_series(profile), taken)
        traces = [trace_number(profile.odfi, first + place) for place in places]
        data, problem = written(to_ach(profile, payables, traces, created=created, modifier=modifier))
        if problem is not None:
            return None, problem
        return self._store(created, data, list(zip(payables, traces, strict=True))), None

    def _store(self, created: datetime, data: bytes, traced: Sequence[tuple[Payable, str]]) -> int:
        tx, profile = self.tx, self.profile
        if (twin := files.twin(tx, self.box.id, "ACH", data)) is not None:
            # Minute, modifier and traces are in the bytes: only a counter that fell could bring this about.
            raise RuntimeError(f"the file for the bank has the very bytes of file {twin}")
        number = counters.take(tx, file_series(pair(profile)))
        name = f"ACH_{profile.origin}_{created:%Y%m%d}_{number}.ach"
        new = NewFile("ACH", self.box.mode, pair(profile), number, name, len(traced))
        [file_id] = files.add(tx, self.box.id, None, [new], created)
        files.store_bytes(tx, file_id, data, sum(payable.amount_cents for payable, _ in traced))
        lines = [Traced(p.payment_id, p.amount_cents, trace, p.effective_date) for p, trace in traced]
        payment_entries.place(tx, file_id, lines)
        return file_id


# -- the last look ----------------------------------------------------------------------------------------------------
def objections(ctx: Context, tx: Tenant, box: Mailbox, file_id: int, data: bytes) -> list[str]:
    """Why a file may not leave as it was made: its days have gone by, or its stored bytes do not pass the check."""
    hours, now = hours_of(ctx, box), ctx.clock.now()
    late = [
        f"entries that bear {day.effective_date} would settle later if they left now"
        for day in cutoffs.days_of(tx, file_id)
        if day.effective_date < hours.earliest(now, day.most_cents, day.sec)
    ]
    return late + [f"{finding.code} at {finding.place}: {finding.message}" for finding in check(data)[:1]]
