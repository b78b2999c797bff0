"""What the books say: accounts, journals and the pure functions that make them.

A debit is positive, a credit negative, all in integer cents; every journal sums to zero. A journal is named by what
it is about (source kind, source id, purpose) and exists once: posting it again changes nothing.

    claim        billed      Dr receivable / Cr revenue                        what we ask for
    claim        prepaid     Dr patient cash / Cr patient prepaid              what the patient paid beforehand
    remittance_claim posted, unapplied; remittance plb                         a payer's decision: see `posting`
    match_action posted, undone                                                a person tied it to a claim, or untied it
    deposit      matched     Dr bank / Cr EFT expected                         only a bank's record debits bank
    deposit      passed_on   Dr provider share / Cr provider payable           where the bank account is not the provider's
    write_off    posted, undone  Dr write-off / Cr denied receivable           a person's, never by itself
    payment      owed        Dr what it is for / Cr the payable of its kind: see `payables`
    payment      cancelled   the payable back to where it came from
    payment_entry sent, returned, …   Dr the payable / Cr bank, and the contra
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Account(StrEnum):
    """The chart. Sub-accounts stand in an entry's own columns: claim, remittance, payer's class, bank account, reason."""

    RECEIVABLE = "receivable"  # what a payer has not decided yet, by claim and payer's class (SBR09)
    RECEIVABLE_DENIED = "receivable_denied"  # what payers refused and nobody has written off
    REVENUE = "revenue"
    PATIENT_CASH = "patient_cash"
    PATIENT_PREPAID = "patient_prepaid"  # paid before any payer decided; a credit
    PATIENT_DUE = "patient_due"  # what payers say is the patient's to pay
    PATIENT_CREDIT = "patient_credit"  # prepaid beyond what was due: his to get back
    EFT_EXPECTED = "eft_expected"  # told by an 835 and not yet seen by the bank, by remittance
    BANK = "bank"
    ADJUSTMENT_CO = "adjustment_co"
    ADJUSTMENT_OA = "adjustment_oa"
    ADJUSTMENT_PI = "adjustment_pi"
    ADJUSTMENT_OTHER = "adjustment_other"  # a group that the 5010 guides do not know, kept apart
    WRITE_OFF = "write_off"
    UNAPPLIED_CASH = "unapplied_cash"
    PAYER_CREDIT = "payer_credit"
    REFUND_PAYABLE = "refund_payable"
    PAYER_REFUND_PAYABLE = "payer_refund_payable"  # credit of a payer that we have decided to pay back
    VENDOR_EXPENSE = "vendor_expense"
    VENDOR_PAYABLE = "vendor_payable"
    REVERSALS = "reversals"  # asked back from payees; ours only when the time for refusing it has passed
    PROVIDER_SHARE = "provider_share"  # of the money in the bank, what is not ours
    PROVIDER_PAYABLE = "provider_payable"  # and whom we owe it to: the billing providers
    INTEREST = "interest"
    RECOUPMENT = "recoupment"
    FORWARD_BALANCE = "forward_balance"
    PROVIDER_ADJUSTMENT = "provider_adjustment"


ADJUSTMENTS = (Account.ADJUSTMENT_CO, Account.ADJUSTMENT_OA, Account.ADJUSTMENT_PI, Account.ADJUSTMENT_OTHER)
OWED_ON_CLAIM = (Account.RECEIVABLE, Account.RECEIVABLE_DENIED, Account.PATIENT_DUE)
"""What is still owed on a claim, by whomever: billed less what was paid, adjusted and written off."""


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
    set_number: int | None = None  # the set's position in that file
    segment: int | None = None  # within the set, ST = 1

    def __post_init__(self) -> None:
        if sum([entry[1] for entry in self.entries]):
            raise ValueError(f"a journal about {self.source_kind} {self.source_id} does not sum to zero")


class Position(NamedTuple):
    """Where a claim stands in the books, as balances (debit positive) of its own accounts."""

    receivable_cents: int = 0
    denied_cents: int = 0
    patient_due_cents: int = 0
    patient_prepaid_cents: int = 0  # a credit balance is negative
    patient_credit_cents: int = 0  # likewise; positive: given back, and the decision behind it was taken back
    refund_payable_cents: int = 0
    payer_credit_cents: int = 0
    payer_refund_payable_cents: int = 0

    def after(self, entries: Iterable[NewEntry]) -> "Position":
        moved = list(self)
        for entry in entries:
            at = _POSITION.get(entry.account)
            if at is not None:
                moved[at] += entry.amount_cents
        return Position(*moved)

    @property
    def refundable_cents(self) -> int:
        """What the patient has paid above what is his to pay and nobody has decided to give back yet; never below 0.

        Nothing where he has been given back more than was decided: what he has twice is settled first.
        """
        if self.refund_payable_cents > 0:
            return 0
        return max(0, -self.patient_prepaid_cents - self.patient_credit_cents - max(0, self.patient_due_cents))


PATIENT_ACCOUNTS = frozenset({Account.PATIENT_DUE, Account.PATIENT_PREPAID, Account.PATIENT_CREDIT})
"""In what a decision posts they sum to the patient's share of it, whatever he has paid beforehand."""

POSITION_ACCOUNTS = (
    Account.RECEIVABLE,
    Account.RECEIVABLE_DENIED,
    Account.PATIENT_DUE,
    Account.PATIENT_PREPAID,
    Account.PATIENT_CREDIT,
    Account.REFUND_PAYABLE,
    Account.PAYER_CREDIT,
    Account.PAYER_REFUND_PAYABLE,
)
"""The accounts of a Position, in the order of its fields."""
_POSITION = {account: at for at, account in enumerate(POSITION_ACCOUNTS)}


def billed(
    claim_id: int, charge_cents: int, patient_paid_cents: int, business_date: date, payer_class: str | None = None
) -> list[NewJournal]:
    """What we ask of the payer, and what the patient had paid before (AMT*F5), which is his until adjudication."""
    journals = [
        journal(
            "claim",
            claim_id,
            "billed",
            business_date,
            [
                NewEntry(Account.RECEIVABLE, charge_cents, claim_id, subaccount=payer_class),
                NewEntry(Account.REVENUE, -charge_cents, claim_id),
            ],
        )
    ]
    if patient_paid_cents:
        journals.append(
            journal(
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


def written_off(write_off_id: int, claim_id: int, amount_cents: int, business_date: date) -> NewJournal:
    """A person gives up what a payer refused."""
    return journal("write_off", write_off_id, "posted", business_date, _given_up(claim_id, amount_cents))


def write_off_undone(write_off_id: int, claim_id: int, amount_cents: int, business_date: date) -> NewJournal:
    return journal("write_off", write_off_id, "undone", business_date, _given_up(claim_id, -amount_cents))


def _given_up(claim_id: int, amount_cents: int) -> list[NewEntry]:
    return [
        NewEntry(Account.WRITE_OFF, amount_cents, claim_id),
        NewEntry(Account.RECEIVABLE_DENIED, -amount_cents, claim_id),
    ]


def compact(entries: Iterable[NewEntry]) -> tuple[NewEntry, ...]:
    """Lines that say nothing are left out."""
    return tuple([entry for entry in entries if entry.amount_cents])


def journal(
    source_kind: str, source_id: int, purpose: str, business_date: date, entries: Iterable[NewEntry]
) -> NewJournal:
    return NewJournal(source_kind, source_id, purpose, business_date, compact(entries))
