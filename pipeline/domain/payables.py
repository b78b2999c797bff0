"""Journals of what we owe and pay: one payable a kind of payment, charged when its entry leaves and restored when it comes back.

refund         Dr patient credit, prepaid    / Cr refund payable          when it is proposed
payer_refund   Dr payer credit               / Cr payer refund payable    when it is proposed
vendor         Dr vendor expense             / Cr vendor payable          when the invoice is entered
disbursement   Dr provider share             / Cr provider payable        when the deposit is matched (`deposits.passed_on`)
reversal       Dr reversals / Cr the payable of what it took back         when it can no longer be refused

a payment leaves   Dr the payable / Cr bank;  a reversal leaves   Dr bank / Cr reversals
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.domain.ledger import Account, NewEntry, NewJournal, Position, journal
from pipeline.domain.payment import PaymentKind

PAYABLE: dict[PaymentKind, Account] = {
    PaymentKind.REFUND: Account.REFUND_PAYABLE,
    PaymentKind.PAYER_REFUND: Account.PAYER_REFUND_PAYABLE,
    PaymentKind.VENDOR: Account.VENDOR_PAYABLE,
    PaymentKind.DISBURSEMENT: Account.PROVIDER_PAYABLE,
    PaymentKind.REVERSAL: Account.REVERSALS,
}
"""What a payment of a kind is paid from; a prenote moves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What the journals about a payment's entry need. `bank` names the account; `times` is how often it was so before."""

    entry_id: int
    kind: PaymentKind
    claim_id: int | None
    amount_cents: int
    bank: str
    times: int = 0


def refund_owed(
    payment_id: int, claim_id: int, amount_cents: int, position: Position, business_date: date
) -> NewJournal:
    """What the patient gets back: from his credit, and from what he paid before as far as that is not enough."""
    credit = min(amount_cents, max(0, -position.patient_credit_cents))
    entries = [
        NewEntry(Account.PATIENT_CREDIT, credit, claim_id),
        NewEntry(Account.PATIENT_PREPAID, amount_cents - credit, claim_id),
        NewEntry(Account.REFUND_PAYABLE, -amount_cents, claim_id),
    ]
    return journal("payment", payment_id, "owed", business_date, entries)


def refund_cancelled(
    payment_id: int, claim_id: int, amount_cents: int, patient_due_cents: int, business_date: date
) -> NewJournal:
    """The refund is not owed after all: what the patient owes meanwhile is settled from it, the rest is his again."""
    settled = min(amount_cents, max(0, patient_due_cents))
    entries = [
        NewEntry(Account.REFUND_PAYABLE, amount_cents, claim_id),
        NewEntry(Account.PATIENT_DUE, -settled, claim_id),
        NewEntry(Account.PATIENT_CREDIT, settled - amount_cents, claim_id),
    ]
    return journal("payment", payment_id, "cancelled", business_date, entries)


def payer_refund_owed(payment_id: int, claim_id: int, amount_cents: int, business_date: date) -> NewJournal:
    """Credit of the payer that goes back to it by a payment instead of by its own takeback."""
    return journal("payment", payment_id, "owed", business_date, _payer_refund(claim_id, amount_cents))


def payer_refund_cancelled(payment_id: int, claim_id: int, amount_cents: int, business_date: date) -> NewJournal:
    return journal("payment", payment_id, "cancelled", business_date, _payer_refund(claim_id, -amount_cents))


def _payer_refund(claim_id: int, amount_cents: int) -> list[NewEntry]:
    return [
        NewEntry(Account.PAYER_CREDIT, amount_cents, claim_id),
        NewEntry(Account.PAYER_REFUND_PAYABLE, -amount_cents, claim_id),
    ]


def invoiced(invoice_id: int, amount_cents: int, business_date: date) -> NewJournal:
    """A vendor's invoice is owed."""
    return journal("invoice", invoice_id, "entered", business_date, _expense(amount_cents))


def invoice_withdrawn(invoice_id: int, amount_cents: int, business_date: date) -> NewJournal:
    return journal("invoice", invoice_id, "withdrawn", business_date, _expense(-amount_cents))


def _expense(amount_cents: int) -> list[NewEntry]:
    return [NewEntry(Account.VENDOR_EXPENSE, amount_cents), NewEntry(Account.VENDOR_PAYABLE, -amount_cents)]


def sent(on: Leaving, business_date: date) -> list[NewJournal]:
    """The entry has left; none for a prenote."""
    return _moved(on, "sent", business_date, on.amount_cents)


def came_back(on: Leaving, business_date: date, purpose: str) -> list[NewJournal]:
    """The contra of `sent`; `purpose` is `returned` or `bank_rejected`."""
    return _moved(on, purpose, business_date, -on.amount_cents)


def kept_after_all(on: Leaving, business_date: date, purpose: str) -> list[NewJournal]:
    """A return was not accepted: as `sent`, another time. `purpose` is `return_dishonoured` or `paid_twice`."""
    return _moved(on, purpose, business_date, on.amount_cents)


def reversal_through(payment_id: int, taken_back: Leaving, business_date: date) -> list[NewJournal]:
    """A reversal can no longer be refused: what it took back is owed again as it was."""
    entries = [
        NewEntry(Account.REVERSALS, taken_back.amount_cents),
        _payable(taken_back, -taken_back.amount_cents),
    ]
    return [journal("payment", payment_id, "reversal_through", business_date, entries)]


def _moved(on: Leaving, purpose: str, business_date: date, cents: int) -> list[NewJournal]:
    if on.kind is PaymentKind.PRENOTE:
        return []
    out = -cents if on.kind is PaymentKind.REVERSAL else cents
    entries: Iterable[NewEntry] = (
        _payable(on, out),
        NewEntry(Account.BANK, -out, on.claim_id, subaccount=on.bank),
    )
    named = f"{purpose}-{on.times + 1}" if on.times else purpose
    return [journal("payment_entry", on.entry_id, named, business_date, entries)]


def _payable(on: Leaving, cents: int) -> NewEntry:
    subaccount = on.bank if on.kind is PaymentKind.DISBURSEMENT else None
    return NewEntry(PAYABLE[on.kind], cents, on.claim_id, subaccount=subaccount)
