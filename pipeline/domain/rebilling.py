"""What a further version of a claim does to the books, in which a claim is one, whatever its version.

    claim  billed   Dr receivable / Cr revenue              what the version asks for above what was asked for so far
                    Dr receivable / Cr denied receivable    what the payer had refused is asked for anew
    claim  prepaid  Dr patient cash / Cr patient prepaid    what the patient is said to have paid above what was told so far
    claim  unbilled the contra of both                      the version was turned away: the one before it stands

A void asks for nothing: the receivable is below zero until the payer takes his payment back. What was decided on the
versions before stays posted until the payer reverses it, and so, once he has, the books stand as if the last version
alone had been sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.domain.ledger import Account, NewEntry, NewJournal, Position, compact, journal

REPLACEMENT, VOID = "7", "8"
CHANGES = frozenset({REPLACEMENT, VOID})
"""CLM05-3 of what changes a claim that the payer has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a claim is booked with, in cents: what it asks of its payer, and what its patient has paid beforehand."""

    charge_cents: int
    patient_paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A claim version that goes out. `books_id` is the first version's id, `attempt` counts its own tries from 1."""

    claim_id: int
    books_id: int
    frequency: str
    asks: Asked
    payer_class: str | None = None
    attempt: int = 1

    def wanted(self, so_far: Asked) -> Asked:
        """What the claim asks for with this version; a void leaves alone what the patient has paid."""
        return Asked(0, so_far.patient_paid_cents) if self.frequency == VOID else self.asks

    def purpose(self, what: str) -> str:
        """A further try bills again what was taken out of the books when the one before was turned away."""
        return what if self.attempt == 1 else f"{what} {self.attempt}"


def rebilled(version: Version, so_far: Asked, position: Position, business_date: date) -> list[NewJournal]:
    """The journals of a further version; none where nothing changes."""
    wanted, books = version.wanted(so_far), version.books_id
    more, paid = wanted.charge_cents - so_far.charge_cents, wanted.patient_paid_cents - so_far.patient_paid_cents
    anew = max(position.denied_cents, 0)
    asked = [
        NewEntry(Account.RECEIVABLE, more + anew, books, subaccount=version.payer_class),
        NewEntry(Account.RECEIVABLE_DENIED, -anew, books, subaccount=version.payer_class),
        NewEntry(Account.REVENUE, -more, books),
    ]
    prepaid = [NewEntry(Account.PATIENT_CASH, paid, books), NewEntry(Account.PATIENT_PREPAID, -paid, books)]
    told = (("billed", asked), ("prepaid", prepaid))
    return [
        journal("claim", version.claim_id, version.purpose(purpose), business_date, entries)
        for purpose, entries in told
        if compact(entries)
    ]


def unbilled(claim_id: int, times: int, entries: Iterable[NewEntry], business_date: date) -> NewJournal:
    """Takes out of the books what a version, turned away for the `times`th time, had put there."""
    contra = [entry._replace(amount_cents=-entry.amount_cents) for entry in entries]
    return journal("claim", claim_id, f"unbilled {times}", business_date, contra)


def evened(books_id: int, position: Position, payer_class: str | None = None) -> list[NewEntry]:
    """Entries where more is taken back of a refusal than is still refused: the rest was asked for anew, or given up."""
    over = min(position.denied_cents, 0)
    if not over:
        return []
    return [
        NewEntry(Account.RECEIVABLE, over, books_id, subaccount=payer_class),
        NewEntry(Account.RECEIVABLE_DENIED, -over, books_id, subaccount=payer_class),
    ]
