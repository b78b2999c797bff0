"""What leaves, to whom, and by whose leave: decided here, without a database.

Rules say whether a payment goes by itself, how many people other than its preparer must approve it, or that it is refused
(`release_rules`). What is approved is a hash over everything that matters, so that nothing can change underneath.
"""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum


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
    approvals: int  # of active approvers, none of them the preparer, on this very content; nobody counts twice
    needed: int  # so many the rules ask for now
    refused: str = ""  # by which rules, if the rules refuse it now
    claim_state: str | None
    owed_cents: int  # refund payable on the claim
    patient_due_cents: int
    money_is_in: bool = True  # every remittance of the claim has its deposit

    def objections(self) -> list[str]:
        """Why it may not go now, in our words; empty: it may. Each is told with the payment's id, nothing of its content."""
        waits = f"payment {self.payment_id}: the money of its claim is not in the bank any more"
        return self.faults() + ([] if self.money_is_in else [waits])

    def faults(self) -> list[str]:
        """Why it may never go as it is: the objections that do not pass by themselves."""
        tests = (
            (self.state == "IN_FILE", f"its state is {self.state}"),
            (self.hash_holds, "its content is not what was decided on"),
            (self.amount_cents == self.entry_cents, "its entry has another amount"),
            (not self.refused, f"the rules refuse it now ({self.refused})"),
            (
                self.approvals >= self.needed,
                f"{self.needed} approvers must stand for this content, {self.approvals} do",
            ),
            (self.claim_state != "REVERSED", "the payer took its decision back"),
            (self.owed_cents >= self.amount_cents, "less than this is owed now"),
            (self.patient_due_cents <= 0, "the patient owes on this claim now"),
        )
        return [f"payment {self.payment_id}: {reason}" for holds, reason in tests if not holds]
