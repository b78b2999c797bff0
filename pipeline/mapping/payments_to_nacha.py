"""Approved payments as ACH files: a batch for each kind and day, an entry a payment, an offset a batch where the bank wants it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from edi.errors import NotRepresentable
from edi.nacha import codes
from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda
from edi.nacha.outward import OffsetAccount, balanced, service_class, trace_number
from edi.nacha.reading import check
from edi.nacha.remittance import in_addenda
from edi.nacha.writing import write
from pipeline.domain.mailbox import BankProfile
from pipeline.domain.payment import AccountType, Payee, PaymentKind
from pipeline.domain.wire_text import wire_text

_CREDIT_OF = {AccountType.CHECKING: 22, AccountType.SAVINGS: 32}
_DESCRIPTIONS = {
    PaymentKind.REFUND: "REFUND",
    PaymentKind.PAYER_REFUND: "PAYER RFND",
    PaymentKind.VENDOR: "VENDOR PMT",
    PaymentKind.DISBURSEMENT: "CLAIM FUND",
    PaymentKind.REVERSAL: "REVERSAL",
    PaymentKind.PRENOTE: "PRENOTE",
}
"""Entry descriptions, columns 54-63 of the batch header: what the receiver reads on his statement."""
_ONE_ADDENDA = 1
ENTRIES_PER_FILE = 10_000
"""No file of ours has more; banks take more, and people have to look through one."""
_LINES_PER_FILE = 100_000  # entries and their addenda: a batch counts them in six columns
_ADDENDA_TEXT = 80
_MOST_CENTS = 10**12 - 1  # twelve columns of a total
_MOST_OFFSET_CENTS = 10**10 - 1  # ten of an entry's amount: an offset is as great as its batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """A payment as its entry needs it. `number` is what the receiver may quote: of a reversal, the payment's that it takes back."""

    payment_id: int
    number: int
    kind: PaymentKind
    amount_cents: int
    payee: Payee
    effective_date: date
    sec: str = "PPD"
    addenda: str = ""
    descriptive: date | None = None  # of a reversal: when what it takes back settled; None: the day of the file

    @property
    def batch(self) -> tuple[str, date, date]:
        """Payments of one file that are equal in this stand in one batch."""
        return _DESCRIPTIONS[self.kind], self.effective_date, self.descriptive or date.min

    @property
    def lines(self) -> int:
        """Records of its entry and addenda, at the most."""
        return 1 + -(-len(self.addenda) // _ADDENDA_TEXT)


def individual_id(number: int) -> str:
    """Entry columns 40-54: our payment, nothing of the payee."""
    return f"P{number}"


def in_order(payables: Iterable[Payable]) -> list[Payable]:
    """As they stand in the file: traces are given in this order."""
    return sorted(payables, key=lambda one: (one.effective_date, one.batch, one.payment_id))


def in_files(profile: BankProfile, payables: Iterable[Payable]) -> list[list[Payable]]:
    """The same in the same order, in so many files that none has too many lines or totals that do not fit their columns."""
    most = _MOST_CENTS if profile.offset is None else _MOST_OFFSET_CENTS
    parts: list[list[Payable]] = []
    lines = cents = 0
    for one in payables:
        lines, cents = lines + one.lines, cents + one.amount_cents
        if not parts or len(parts[-1]) == ENTRIES_PER_FILE or lines > _LINES_PER_FILE or cents > most:
            parts.append([])
            lines, cents = one.lines, one.amount_cents
        parts[-1].append(one)
    return parts


def trace_places(profile: BankProfile, payables: Sequence[Payable]) -> tuple[list[int], int]:
    """Which of the numbers that a file takes each payment gets, from 0, and how many it takes: offsets need theirs."""
    places: list[int] = []
    taken = 0
    for _, some in groupby(payables, key=lambda one: one.batch):
        batch = list(some)
        places += range(taken, taken + len(batch))
        taken += len(batch) + _is_offset(profile, batch)
    return places, taken


def _is_offset(profile: BankProfile, batch: Iterable[Payable]) -> bool:
    """A batch has one side, so it gets one offset; prenotes move no money and get none."""
    return profile.offset is not None and any(one.amount_cents for one in batch)


def to_ach(
    profile: BankProfile, payables: Sequence[Payable], traces: Sequence[str], *, created: datetime, modifier: str
) -> AchFile:
    """One file of payments of one class, in the order of `in_order`; traces must ascend as `trace_places` says.

    Names are written as on claims: upper-case, accents off. Raises ValueError for one that would lose a character, and
    for addenda that do not fit their class.
    """
    traced = list(zip(payables, traces, strict=True))
    batches = [
        _batch(profile, number, list(some), created)
        for number, (_, some) in enumerate(groupby(traced, key=lambda one: one[0].batch), start=1)
    ]
    return AchFile(
        origin=profile.origin,
        origin_name=profile.origin_name,
        destination=profile.destination,
        destination_name=profile.destination_name,
        created=created.replace(tzinfo=None),
        modifier=modifier,
        batches=batches,
    )


def _batch(profile: BankProfile, number: int, traced: Sequence[tuple[Payable, str]], created: datetime) -> AchBatch:
    first = traced[0][0]
    entries = [_entry(payable, trace) for payable, trace in traced]
    batch = AchBatch(
        service_class=service_class(entries),
        company_name=profile.company_name,
        company_id=profile.company_id,
        sec=first.sec,
        description=first.batch[0],
        descriptive_date=f"{first.descriptive or created:%y%m%d}",
        effective_date=first.effective_date,
        odfi=profile.odfi,
        number=number,
        entries=entries,
    )
    if profile.offset is None or not _is_offset(profile, (payable for payable, _ in traced)):
        return batch
    ours = profile.offset
    return balanced(
        batch,
        OffsetAccount(
            routing_number=ours.routing_number,
            account=ours.account_number.get_secret_value(),
            name=ours.name,
            savings=ours.savings,
        ),
    )


def _entry(payable: Payable, trace: str) -> AchEntry:
    payee = payable.payee
    return AchEntry(
        transaction_code=_transaction_code(payable),
        rdfi=payee.routing_number,
        account=payee.account_number,
        amount_cents=payable.amount_cents,
        individual_id=individual_id(payable.number),
        name=wire_text(payee.name),
        trace=trace,
        addenda=_addenda(payable),
    )


def _transaction_code(payable: Payable) -> int:
    credit = _CREDIT_OF[payable.payee.account_type]
    if payable.kind is PaymentKind.REVERSAL:
        return codes.reversed_code(credit)
    return codes.prenote_code(credit) if payable.kind is PaymentKind.PRENOTE else credit


def _addenda(payable: Payable) -> list[Addenda]:
    if not payable.addenda:
        return []
    return [*(in_addenda(payable.addenda) if payable.sec == "CTX" else in_addenda(payable.addenda, _ONE_ADDENDA))]


def written(file: AchFile) -> tuple[bytes, str | None]:
    """The bytes, read again by the strict check, and why they may not go (None: they may)."""
    try:
        data = write(file)
    except NotRepresentable as refusal:
        return b"", str(refusal)
    findings = check(data)
    return data, f"{findings[0].code} at {findings[0].place}: {findings[0].message}" if findings else None


def misfit(
    profile: BankProfile,
    kind: PaymentKind,
    amount_cents: int,
    payee: Payee,
    created: datetime,
    sec: str = "PPD",
    addenda: str = "",
) -> str | None:
    """Why such a payment cannot stand in a file of this bank; None where it can. Nothing is cut to fit."""
    one = Payable(
        payment_id=1, number=1, kind=kind, amount_cents=amount_cents, payee=payee, effective_date=created.date(),
        sec=sec, addenda=addenda,
    )  # fmt: skip
    try:
        file = to_ach(profile, [one], [trace_number(profile.odfi, 1)], created=created, modifier="A")
    except ValueError as error:
        return f"the payee's name, account or addenda: {error}"
    return written(file)[1]


def misfits(
    profile: BankProfile, kind: PaymentKind, asked: Sequence[tuple[int, Payee]], created: datetime
) -> list[str | None]:
    """As `misfit` for many PPD payments (cents, payee): one file for all of them, and each by itself where that fails."""
    some = [
        Payable(payment_id=n, number=n, kind=kind, amount_cents=cents, payee=payee, effective_date=created.date())
        for n, (cents, payee) in enumerate(asked, 1)
    ]
    if all(_fit(profile, part, created) for part in in_files(profile, some)):
        return [None] * len(asked)
    return [misfit(profile, kind, cents, payee, created) for cents, payee in asked]


def _fit(profile: BankProfile, some: Sequence[Payable], created: datetime) -> bool:
    traces = [trace_number(profile.odfi, 1 + place) for place in trace_places(profile, some)[0]]
    try:
        file = to_ach(profile, some, traces, created=created, modifier="A")
    except ValueError:
        return False
    return written(file)[1] is None
