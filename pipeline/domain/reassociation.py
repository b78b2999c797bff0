"""Which deposit pays which remittance, which debit takes which deposit back, and what is only told for the second time.

Decisions over rows that are handed in; nothing here reads or writes. The trace (TRN02 with TRN03) and the amount together
are the key of reassociation. Amount and date stand in for it only where nothing contradicts and nothing else would fit.

Sources: the healthcare EFT standard (CCD+ with the TRN of the 835), and CORE rule 370: both halves within three business
days of each other, late or missing when more than four have passed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.domain.calendar import add_banking_days
from pipeline.domain.deposits import Told

LATE_AFTER_DAYS = 4
"""Banking days after which the other half of a payment is late (CORE 370)."""
DATE_WINDOW_DAYS = 3
"""Banking days by which the effective date of an EFT and BPR16 may differ (CORE 370)."""
SAME_MONEY_DAYS = 2
"""Banking days within which two sources tell of one deposit: addenda are due on the second morning after settlement."""
REVERSAL_DAYS = 5
"""Banking days after settlement within which a reversal reaches the receiver's bank (NACHA rules, 2.9)."""

BY_TRACE, BY_AMOUNT_AND_DATE, BY_HAND = "trace", "amount_date", "hand"

_NAME_LENGTH = 16  # of the company name in an ACH batch header


def due(day: date | None, today: date) -> date:
    """The last day on which the other half is not late: four banking days after `day`, or after today."""
    return add_banking_days(day or today, LATE_AFTER_DAYS)


def near(one: date | None, other: date | None, banking_days: int) -> bool:
    """Whether the days lie no more than so many banking days apart; two of which one is unknown do not."""
    if one is None or other is None:
        return False
    early, late = sorted((one, other))
    return late <= add_banking_days(early, banking_days)


# -- the trace ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A deposit that waits and a posted remittance of the same trace and payer. `paid`: another deposit met it before.

    `touched`: one of the two came just now; what was said of the others need not be said again.
    """

    deposit_id: int
    remittance_id: int
    deposit_cents: int
    remittance_cents: int
    paid: bool = False
    touched: bool = True

    @property
    def fits(self) -> bool:
        """The key is whole, and nobody paid it yet."""
        return self.deposit_cents == self.remittance_cents and not self.paid


def by_trace(pairs: Iterable[Pair]) -> list[Pair]:
    """Those that are to be matched: each deposit pays one remittance, each is paid by one, the oldest first.

    How many pairs a key gives does not depend on the order in which its deposits and remittances came.
    """
    deposits: set[int] = set()
    remittances: set[int] = set()
    chosen = []
    for pair in sorted(pairs, key=lambda one: (one.deposit_id, one.remittance_id)):
        if pair.fits and pair.deposit_id not in deposits and pair.remittance_id not in remittances:
            deposits.add(pair.deposit_id)
            remittances.add(pair.remittance_id)
            chosen.append(pair)
    return chosen


@dataclass(frozen=True, slots=True)
class Misfit:
    """A deposit whose trace is known and that still pays nothing: the exception type that says why."""

    deposit_id: int
    type: str
    amount_cents: int


def misfits(pairs: Iterable[Pair], chosen: Sequence[Pair]) -> list[Misfit]:
    """Deposits of another amount than their remittance, or that pay for the second time; the touched ones."""
    settled = {pair.deposit_id for pair in chosen}
    paid = {pair.remittance_id for pair in chosen}
    found: dict[int, Misfit] = {}
    for pair in pairs:
        if pair.deposit_id in settled or not pair.touched:
            continue
        if pair.deposit_cents != pair.remittance_cents:
            found[pair.deposit_id] = Misfit(pair.deposit_id, "deposit_amount_differs", pair.deposit_cents)
        elif pair.paid or pair.remittance_id in paid:
            found[pair.deposit_id] = Misfit(pair.deposit_id, "duplicate_deposit", pair.deposit_cents)
    return list(found.values())


# -- amount and date ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A deposit and a remittance of equal amount that both wait.

    `ready` is False where one of them has a better counterpart to wait for: a trace of its own that may still be
    answered, or another source that may have told of the same money. Such a pair is never chosen, yet it counts as one
    that would fit.
    """

    deposit_id: int
    remittance_id: int
    effective_date: date | None
    payment_date: date | None  # BPR16
    deposit_payer_id: str | None
    sender: str | None
    remittance_payer_id: str
    payer_name: str | None
    ready: bool

    @property
    def fits(self) -> bool:
        same = same_payer(self.deposit_payer_id, self.sender, self.remittance_payer_id, self.payer_name)
        return same is not False and near(self.effective_date, self.payment_date, DATE_WINDOW_DAYS)


def by_amount_and_date(pairs: Iterable[Near]) -> list[Near]:
    """Pairs whose sides fit each other and nothing else at all."""
    fitting = [pair for pair in pairs if pair.fits]
    of_deposit = Counter(pair.deposit_id for pair in fitting)
    of_remittance = Counter(pair.remittance_id for pair in fitting)
    return [
        pair
        for pair in fitting
        if pair.ready and of_deposit[pair.deposit_id] == 1 and of_remittance[pair.remittance_id] == 1
    ]


def same_payer(sender_id: str | None, sender: str | None, payer_id: str | None, payer_name: str | None) -> bool | None:
    """Whether the sender is the payer by its id or name; None where neither tells. Batch headers cut names at 16."""
    if sender_id and sender_id == payer_id:
        return True
    ours, theirs = _squeezed(sender), _squeezed(payer_name)
    if ours and theirs:
        return ours.startswith(theirs) or theirs.startswith(ours)
    # An id of 1 and a tax number tells another payer; a bank's own (9 …) tells nothing.
    return False if sender_id and payer_id and sender_id.startswith("1") else None


def _squeezed(name: str | None) -> str:
    return "".join(mark for mark in (name or "")[:_NAME_LENGTH].upper() if mark.isalnum())


# -- money that is taken back -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """A debit that waits and an earlier deposit of the same amount that it may take back."""

    debit_id: int
    deposit_id: int
    deposit_waits: bool
    same_trace: bool
    same_reference: bool
    debit_payer_id: str | None
    debit_sender: str | None
    deposit_payer_id: str | None
    deposit_sender: str | None
    debit_day: date | None
    deposit_day: date | None

    @property
    def rank(self) -> int | None:
        """How well the debit names the deposit: 0 by its trace, 1 by the bank's number, 2 by the company; None not at all."""
        if self.debit_day is not None and self.deposit_day is not None and self.debit_day < self.deposit_day:
            return None
        if self.same_trace or self.same_reference:
            return 0 if self.same_trace else 1
        same = same_payer(self.debit_payer_id, self.debit_sender, self.deposit_payer_id, self.deposit_sender)
        return 2 if same and near(self.deposit_day, self.debit_day, REVERSAL_DAYS) else None


def taken_back(candidates: Iterable[Reversal]) -> list[Reversal]:
    """For each debit the deposit that it takes back, each deposit once.

    Of several that it names by trace or number, one that still waits comes first (the payer took its duplicate back), then
    the latest. The company alone names a deposit only if no other of this amount fits.
    """
    ranked: dict[int, list[tuple[int, Reversal]]] = {}
    for one in candidates:
        if (rank := one.rank) is not None:
            ranked.setdefault(one.debit_id, []).append((rank, one))
    gone: set[int] = set()
    chosen = []
    for _, named in sorted(ranked.items()):
        free = [(rank, one) for rank, one in named if one.deposit_id not in gone]
        best = min((rank for rank, _ in free), default=None)
        fitting = [one for rank, one in free if rank == best]
        if not fitting or (best == 2 and len(fitting) > 1):
            continue
        one = max(fitting, key=lambda found: (found.deposit_waits, found.deposit_id))
        gone.add(one.deposit_id)
        chosen.append(one)
    return chosen


# -- told again ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A deposit that is held already. `trace_number` and `payer_id` are its own, or its remittance's where it has none.

    `tellings` are all that told of it so far: source and reference.
    """

    deposit_id: int
    trace_number: str | None
    payer_id: str | None
    amount_cents: int
    effective_date: date | None
    tellings: Sequence[tuple[str, str | None]] = field(default_factory=tuple)

    def is_told_by(self, new: Told) -> bool:
        """Whether `new` is this money: a number of the bank's that told of it before, or its trace by another source."""
        if self.amount_cents != new.amount_cents:
            return False
        days = self.effective_date, new.effective_date
        if new.reference and any(new.reference == reference for _, reference in self.tellings):
            return None in days or near(*days, SAME_MONEY_DAYS)
        if any(new.source == source for source, _ in self.tellings):
            return False  # one source tells of a payment once: its second line is a second payment
        key = new.trace_number, new.payer_id
        return (
            new.trace_number is not None and key == (self.trace_number, self.payer_id) and near(*days, SAME_MONEY_DAYS)
        )


def told_again(new: Sequence[Told], held: Sequence[Recorded]) -> Mapping[int, int]:
    """Position of what is told again → the deposit that it is; each deposit is told once by a file."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for one in new:
        same = next((h for h in held if h.deposit_id not in taken and h.is_told_by(one)), None)
        if same is not None:
            taken.add(same.deposit_id)
            found[one.position] = same.deposit_id
    return found
