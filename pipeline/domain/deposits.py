"""A deposit as a bank tells it, and the journals that follow from what becomes of it.

A deposit debits bank when it is matched or settled, never before. It may go round (matched, unmatched, matched again), so
the purpose of a journal bears the number of the round from the second on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.ledger import Account, NewEntry, NewJournal

ACH, BAI2 = "ach", "bai2"
"""Where a deposit is told: the bank's ACH file (CCD+, CTX), or its BAI2 report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One movement that a bank's file tells; `amount_cents` is negative where money was taken back.

    `trace_number` is TRN02, None where no whole TRN was told. `payer_id` is TRN03; without TRN it is the ACH company's id,
    which most payers make of the same number. `sender` is a company's name, never a person's. `reference` is the ACH
    entry's trace or the bank's own number. `position` counts the movements of the file from 1.
    """

    position: int
    source: str
    trace_number: str | None
    payer_id: str | None
    amount_cents: int
    effective_date: date | None
    sender: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What every journal about a deposit needs. `bank` names the account; `times` is how often it was so before."""

    deposit_id: int
    amount_cents: int
    business_date: date
    bank: str
    inbound_file_id: int | None = None
    times: int = 0


def matched(on: Booking, remittance_id: int) -> NewJournal:
    """The remittance's money is in the bank: Dr bank / Cr EFT expected."""
    return _journal(on, "matched", _bank_against(on, Account.EFT_EXPECTED, on.amount_cents, remittance_id))


def unmatched(on: Booking, remittance_id: int) -> NewJournal:
    """It is not that remittance's money after all: the contra of `matched`."""
    return _journal(on, "unmatched", _bank_against(on, Account.EFT_EXPECTED, -on.amount_cents, remittance_id))


def taken_back(on: Booking, remittance_id: int) -> NewJournal:
    """A debit took a matched deposit back: Dr EFT expected / Cr bank. `on` is the debit, its cents are negative."""
    return _journal(on, "takes_back", _bank_against(on, Account.EFT_EXPECTED, on.amount_cents, remittance_id))


def settled(on: Booking) -> NewJournal:
    """Money that no remittance explains, said by a person: Dr bank / Cr unapplied cash."""
    return _journal(on, "settled", _bank_against(on, Account.UNAPPLIED_CASH, on.amount_cents))


def reopened(on: Booking) -> NewJournal:
    """The contra of `settled`."""
    return _journal(on, "reopened", _bank_against(on, Account.UNAPPLIED_CASH, -on.amount_cents))


def passed_on(on: Booking) -> NewJournal:
    """The bank account is not the providers': what came in is owed to them. Dr provider share / Cr provider payable."""
    return _journal(on, "passed_on", _share(on.amount_cents, on.bank))


def not_passed_on(on: Booking, owed_cents: int) -> NewJournal:
    """The contra of `passed_on`: the deposit is not that remittance's any more."""
    return _journal(on, "not_passed_on", _share(-owed_cents, on.bank))


def _share(cents: int, bank: str) -> Sequence[NewEntry]:
    return (
        NewEntry(Account.PROVIDER_SHARE, cents, subaccount=bank),
        NewEntry(Account.PROVIDER_PAYABLE, -cents, subaccount=bank),
    )


def _bank_against(
    on: Booking, account: Account, bank_cents: int, remittance_id: int | None = None
) -> Sequence[NewEntry]:
    return (
        NewEntry(Account.BANK, bank_cents, subaccount=on.bank),
        NewEntry(account, -bank_cents, remittance_id=remittance_id),
    )


def _journal(on: Booking, purpose: str, entries: Sequence[NewEntry]) -> NewJournal:
    return NewJournal(
        "deposit", on.deposit_id, _round(purpose, on), on.business_date, tuple(entries), on.inbound_file_id
    )


def _round(purpose: str, on: Booking) -> str:
    return f"{purpose}-{on.times + 1}" if on.times else purpose
