"""What the books say: accounts, journals and the pure functions that make them.

A debit is positive, a credit negative, all in integer cents; every journal sums to zero. A journal is named by what
it is about (source kind, source id, purpose) and exists once: posting it again changes nothing.

    claim        billed      Dr receivable / Cr revenue                        what we ask for
    claim        prepaid     Dr patient cash / Cr patient prepaid              what the patient paid beforehand
    remittance_claim posted  Dr EFT expected, adjustments, patient due / Cr receivable; prepaid applied to what is due
    remittance_claim unapplied  Dr EFT expected / Cr unapplied cash            money whose claim is not known
    remittance   plb         Dr provider level accounts / Cr EFT expected      PLB: positive lowers the payment
    deposit      matched     Dr bank / Cr EFT expected                         only a bank's record debits bank
    payment      owed        Dr patient prepaid / Cr refund payable
    payment      cancelled   Dr refund payable / Cr patient due, patient prepaid
    payment_entry sent       Dr refund payable / Cr bank
    payment_entry returned, bank_rejected   the contra of sent
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Account(StrEnum):
    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    PATIENT_CASH = "patient_cash"
    PATIENT_PREPAID = "patient_prepaid"
    PATIENT_DUE = "patient_due"
    EFT_EXPECTED = "eft_expected"
    BANK = "bank"
    ADJUSTMENT_CO = "adjustment_co"
    ADJUSTMENT_OA = "adjustment_oa"
    ADJUSTMENT_PI = "adjustment_pi"
    ADJUSTMENT_OTHER = "adjustment_other"  # a group that the 5010 guides do not know, kept apart
    UNAPPLIED_CASH = "unapplied_cash"
    PAYER_CREDIT = "payer_credit"
    REFUND_PAYABLE = "refund_payable"
    INTEREST = "interest"
    RECOUPMENT = "recoupment"
    FORWARD_BALANCE = "forward_balance"
    PROVIDER_ADJUSTMENT = "provider_adjustment"


ADJUSTMENTS = (Account.ADJUSTMENT_CO, Account.ADJUSTMENT_OA, Account.ADJUSTMENT_PI, Account.ADJUSTMENT_OTHER)
_ADJUSTMENT_OF = {"CO": Account.ADJUSTMENT_CO, "OA": Account.ADJUSTMENT_OA, "PI": Account.ADJUSTMENT_PI}
_PATIENT_GROUP = "PR"
_PROVIDER_LEVEL = {
    "L6": Account.INTEREST,
    "51": Account.INTEREST,
    "WO": Account.RECOUPMENT,
    "72": Account.RECOUPMENT,
    "FB": Account.FORWARD_BALANCE,
}


class NewEntry(NamedTuple):
    account: Account
    amount_cents: int  # debit positive
    claim_id: int | None = None
    remittance_id: int | None = None  # of an EFT that is expected
    subaccount: str | None = None  # receivable: the payer's class (SBR09); bank: the account; PLB: its reason


@dataclass(frozen=True, slots=True)
class NewJournal:
    """One fact of money. Raises ValueError where the entries do not sum to zero: that is a bug of the maker."""

    source_kind: str
    source_id: int
    purpose: str
    business_date: date
    entries: tuple[NewEntry, ...]
    inbound_file_id: int | None = None
    segment: int | None = None

    def __post_init__(self) -> None:
        if sum([entry[1] for entry in self.entries]):
            raise ValueError(f"a journal about {self.source_kind} {self.source_id} does not sum to zero")


class Position(NamedTuple):
    """Where a claim stands in the books, as balances (debit positive) of its own accounts."""

    receivable_cents: int = 0
    patient_due_cents: int = 0
    patient_prepaid_cents: int = 0  # a credit balance is negative
    refund_payable_cents: int = 0

    def after(self, entries: Iterable[NewEntry]) -> "Position":
        receivable, due, prepaid, payable = self
        for account, cents, *_ in entries:
            if account is Account.RECEIVABLE:
                receivable += cents
            elif account is Account.PATIENT_DUE:
                due += cents
            elif account is Account.PATIENT_PREPAID:
                prepaid += cents
            elif account is Account.REFUND_PAYABLE:
                payable += cents
        return Position(receivable, due, prepaid, payable)

    @property
    def refundable_cents(self) -> int:
        """What the patient has paid above what is his to pay and nobody has decided to give back yet; never below 0."""
        return max(0, -self.patient_prepaid_cents - max(0, self.patient_due_cents))


@dataclass(frozen=True, slots=True)
class Decision:
    """The money of one CLP: its payment (CLP04) and all adjustments, claim and line level, summed by group."""

    paid_cents: int
    adjusted_cents: Mapping[str, int] = field(default_factory=dict)

    @property
    def charge_cents(self) -> int:
        return self.paid_cents + sum(self.adjusted_cents.values())

    @property
    def patient_cents(self) -> int:
        return self.adjusted_cents.get(_PATIENT_GROUP, 0)


@dataclass(frozen=True, slots=True)
class Posting:
    """Entries of one decision and how much of it found nothing left to pay on the claim."""

    entries: tuple[NewEntry, ...]
    payer_credit_cents: int = 0
    repeated: bool = False
    """The claim was decided already and this decision says so again without taking the first one back."""


def billed(claim_id: int, charge_cents: int, patient_paid_cents: int, business_date: date) -> list[NewJournal]:
    """What we ask of the payer, and what the patient had paid before (AMT*F5), which is his until adjudication."""
    journals = [
        _journal(
            "claim",
            claim_id,
            "billed",
            business_date,
            [
                NewEntry(Account.RECEIVABLE, charge_cents, claim_id),
                NewEntry(Account.REVENUE, -charge_cents, claim_id),
            ],
        )
    ]
    if patient_paid_cents:
        journals.append(
            _journal(
                "claim",
                claim_id,
                "prepaid",
                business_date,
                [
                    NewEntry(Account.PATIENT_CASH, patient_paid_cents, claim_id),
                    NewEntry(Account.PATIENT_PREPAID, -patient_paid_cents, claim_id),
                ],
            )
        )
    return journals


def decided(claim_id: int, position: Position, decision: Decision) -> Posting:
    """Posts a decision against what the claim still owes.

    A payment above the receivable goes to payer credit, never to the patient, and an adjustment finds no more than
    what is left: a payer that decides twice does not make the patient owe twice. Then what the patient paid before
    is applied to what is due from him; the rest of it stays his.
    """
    open_cents = position.receivable_cents
    over = decision.paid_cents > max(open_cents, 0) or decision.charge_cents > open_cents
    applied = min(decision.paid_cents, max(open_cents, 0)) if over else decision.paid_cents
    credit = decision.paid_cents - applied
    adjusted = _clipped(decision.adjusted_cents, max(open_cents, 0) - applied) if over else decision.adjusted_cents
    settled = applied + sum(adjusted.values())
    entries = [
        NewEntry(Account.EFT_EXPECTED, decision.paid_cents, claim_id),
        *(NewEntry(_adjustment_account(group), cents, claim_id) for group, cents in adjusted.items()),
        NewEntry(Account.RECEIVABLE, -settled, claim_id),
        NewEntry(Account.PAYER_CREDIT, -credit, claim_id),
    ]
    entries += _prepaid_applied(claim_id, position.after(entries))
    return Posting(_compact(entries), credit, repeated=over and open_cents <= 0 and decision.charge_cents > 0)


def reversed_from(entries: Iterable[NewEntry]) -> Posting:
    """The contra of what an earlier decision posted: 22 takes it back whole, its prepaid application included."""
    return Posting(tuple(entry._replace(amount_cents=-entry.amount_cents) for entry in entries))


def reversed_alone(claim_id: int, decision: Decision) -> Posting:
    """A reversal whose original we never posted: its own negative amounts, as they stand."""
    entries = [
        NewEntry(Account.EFT_EXPECTED, decision.paid_cents, claim_id),
        *(NewEntry(_adjustment_account(group), cents, claim_id) for group, cents in decision.adjusted_cents.items()),
        NewEntry(Account.RECEIVABLE, -decision.charge_cents, claim_id),
    ]
    return Posting(_compact(entries))


def unapplied(paid_cents: int) -> Posting:
    """Money of a CLP that names no claim of ours: kept whole until somebody says whose it is."""
    return Posting(
        _compact([NewEntry(Account.EFT_EXPECTED, paid_cents), NewEntry(Account.UNAPPLIED_CASH, -paid_cents)])
    )


def provider_level(adjustments: Iterable[tuple[str, int]]) -> tuple[NewEntry, ...]:
    """PLB: (reason, cents), positive lowers the payment."""
    totals: dict[Account, int] = {}
    for reason, cents in adjustments:
        account = _PROVIDER_LEVEL.get(reason, Account.PROVIDER_ADJUSTMENT)
        totals[account] = totals.get(account, 0) + cents
    entries = [NewEntry(account, cents) for account, cents in totals.items()]
    return _compact([*entries, NewEntry(Account.EFT_EXPECTED, -sum(totals.values()))])


def deposited(
    deposit_id: int, amount_cents: int, business_date: date, inbound_file_id: int, remittance_id: int, bank: str
) -> NewJournal:
    """The money of a remittance is in the bank; `bank` names the account."""
    entries = [
        NewEntry(Account.BANK, amount_cents, subaccount=bank),
        NewEntry(Account.EFT_EXPECTED, -amount_cents, remittance_id=remittance_id),
    ]
    return replace(_journal("deposit", deposit_id, "matched", business_date, entries), inbound_file_id=inbound_file_id)


def refund_owed(payment_id: int, claim_id: int, amount_cents: int, business_date: date) -> NewJournal:
    entries = [
        NewEntry(Account.PATIENT_PREPAID, amount_cents, claim_id),
        NewEntry(Account.REFUND_PAYABLE, -amount_cents, claim_id),
    ]
    return _journal("payment", payment_id, "owed", business_date, entries)


def refund_cancelled(
    payment_id: int, claim_id: int, amount_cents: int, patient_due_cents: int, business_date: date
) -> NewJournal:
    """The refund is not owed after all: what the patient owes meanwhile is settled from it, the rest is his again."""
    settled = min(amount_cents, max(0, patient_due_cents))
    entries = [
        NewEntry(Account.REFUND_PAYABLE, amount_cents, claim_id),
        NewEntry(Account.PATIENT_DUE, -settled, claim_id),
        NewEntry(Account.PATIENT_PREPAID, settled - amount_cents, claim_id),
    ]
    return _journal("payment", payment_id, "cancelled", business_date, entries)


def payment_sent(entry_id: int, claim_id: int | None, amount_cents: int, business_date: date) -> NewJournal:
    return _journal("payment_entry", entry_id, "sent", business_date, _paid_out(claim_id, amount_cents))


def payment_came_back(
    entry_id: int, claim_id: int | None, amount_cents: int, business_date: date, purpose: str
) -> NewJournal:
    """The contra of `payment_sent`; `purpose` is 'returned' or 'bank_rejected'."""
    return _journal("payment_entry", entry_id, purpose, business_date, _paid_out(claim_id, -amount_cents))


def _paid_out(claim_id: int | None, amount_cents: int) -> list[NewEntry]:
    return [
        NewEntry(Account.REFUND_PAYABLE, amount_cents, claim_id),
        NewEntry(Account.BANK, -amount_cents, claim_id),
    ]


def _prepaid_applied(claim_id: int, position: Position) -> list[NewEntry]:
    usable = min(-position.patient_prepaid_cents, position.patient_due_cents)
    if usable <= 0:
        return []
    return [
        NewEntry(Account.PATIENT_PREPAID, usable, claim_id),
        NewEntry(Account.PATIENT_DUE, -usable, claim_id),
    ]


def _clipped(adjusted: Mapping[str, int], left_cents: int) -> dict[str, int]:
    """No more than what is left, the payer's own groups before the patient's."""
    taken = {}
    for group in sorted(adjusted, key=lambda name: (name == _PATIENT_GROUP, name)):
        taken[group] = min(max(adjusted[group], 0), left_cents)
        left_cents -= taken[group]
    return taken


def _adjustment_account(group: str) -> Account:
    return Account.PATIENT_DUE if group == _PATIENT_GROUP else _ADJUSTMENT_OF.get(group, Account.ADJUSTMENT_OTHER)


def _compact(entries: Iterable[NewEntry]) -> tuple[NewEntry, ...]:
    """Lines that say nothing are left out."""
    return tuple([entry for entry in entries if entry.amount_cents])


def _journal(
    source_kind: str, source_id: int, purpose: str, business_date: date, entries: Iterable[NewEntry]
) -> NewJournal:
    return NewJournal(source_kind, source_id, purpose, business_date, _compact(entries))
