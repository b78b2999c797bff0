"""What leaves, to whom, and by whose leave: decided here, without a database.

Rules say whether a payment goes by itself, how many people other than its preparer must approve it, or that it is refused
(`release_rules`). What is approved is a hash over everything that matters, so that nothing can change underneath.
"""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum


class PaymentKind(StrEnum):
    """Why money leaves, or is asked back."""

    REFUND = "refund"  # a patient paid more than was his to pay
    PAYER_REFUND = "payer_refund"  # a payer paid more than was owed
    VENDOR = "vendor"  # invoices of a supplier
    DISBURSEMENT = "disbursement"  # a payer's money on an account that is not the provider's
    REVERSAL = "reversal"  # a payment of ours that should not have gone is asked back: a debit
    PRENOTE = "prenote"  # tries an account out, without money


class PayeeKind(StrEnum):
    PATIENT = "patient"
    PAYER = "payer"
    VENDOR = "vendor"
    PROVIDER = "provider"


OUT = ("SENT", "ACKNOWLEDGED", "SETTLED", "OVERPAID")
"""States of a payment whose money is with the payee, as far as anybody knows."""
UNSENT = ("PROPOSED", "WAITING", "APPROVED", "IN_FILE")
"""States of a payment that may still be stopped."""


class AccountType(StrEnum):
    CHECKING = "checking"
    SAVINGS = "savings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who is paid, where. Not shown in any repr: only the last four digits of the account ever are."""

    name: str = field(repr=False)
    routing_number: str = field(repr=False)
    account_number: str = field(repr=False)
    account_type: AccountType

    @property
    def last4(self) -> str:
        return self.account_number[-4:]

    @property
    def version(self) -> str:
        """Names this state of the bank details: other digits, other version."""
        return hashlib.sha256(self.to_json()).hexdigest()

    def to_json(self) -> bytes:
        return json.dumps([self.name, self.routing_number, self.account_number, str(self.account_type)]).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Payee":
        name, routing, account, kind = json.loads(data)
        return cls(name=name, routing_number=routing, account_number=account, account_type=AccountType(kind))


def content_sha256(payee: Payee, amount_cents: int, kind: str, obligation: str, addenda: str = "") -> bytes:
    """What an approval is bound to: payee, version of the bank details, amount, kind, obligation, addenda."""
    told = json.dumps([payee.name, payee.version, amount_cents, kind, obligation, addenda])
    return hashlib.sha256(told.encode()).digest()


def refund_obligation(clm01: str, number: int) -> str:
    """The name of what is owed: the n-th refund of a claim."""
    return f"refund:{clm01}:{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that decides whether a payment in a file may still go."""

    payment_id: int
    state: str
    amount_cents: int
    entry_cents: int
    hash_holds: bool
    details_stand: bool = True  # the version of the bank details that was decided on is the payee's own still
    payee_held: bool = False  # somebody has stopped everything to this payee or name
    details_wait: bool = False  # a changed account is on hold, or its prenote is out
    approvals: int  # of active approvers, none of them the preparer, on this very content; nobody counts twice
    needed: int  # so many the rules ask for now
    refused: str = ""  # by which rules, if the rules refuse it now
    taken_back: bool = False  # the decision that it rests on was taken back
    kept_after_all: bool = False  # one that it pays anew is with the payee: its return was not accepted
    owed_cents: int  # what the books say that we owe for its obligation now
    patient_due_cents: int = 0
    money_is_in: bool = True  # what it is paid from is in the bank

    def objections(self) -> list[str]:
        """Why it may not go now, in our words; empty: it may. Each is told with the payment's id, nothing of its content."""
        return self.faults() + self.waits()

    def waits(self) -> list[str]:
        """What passes, or is lifted, and the payment goes as it is."""
        tests = (
            (self.money_is_in, "the money that it is paid from is not in the bank any more"),
            (not self.payee_held, "its payee is on hold"),
            (not self.details_wait, "its payee's bank details may not be used yet"),
        )
        return [f"payment {self.payment_id}: {reason}" for holds, reason in tests if not holds]

    def faults(self) -> list[str]:
        """Why it may never go as it is: the objections that do not pass by themselves."""
        tests = (
            (self.state == "IN_FILE", f"its state is {self.state}"),
            (self.hash_holds, "its content is not what was decided on"),
            (self.details_stand, "its payee's bank details were changed"),
            (self.amount_cents == self.entry_cents, "its entry has another amount"),
            (not self.refused, f"the rules refuse it now ({self.refused})"),
            (
                self.approvals >= self.needed,
                f"{self.needed} approvers must stand for this content, {self.approvals} do",
            ),
            (not self.taken_back, "the payer took its decision back"),
            (not self.kept_after_all, "the payment that it makes anew is with the payee after all"),
            (self.owed_cents >= self.amount_cents, "less than this is owed now"),
            (self.patient_due_cents <= 0, "the patient owes on this claim now"),
        )
        return [f"payment {self.payment_id}: {reason}" for holds, reason in tests if not holds]
