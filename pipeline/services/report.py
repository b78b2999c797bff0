"""The totals that a billing manager asks for: claims by outcome, money, files, exceptions, payments, proof."""

from dataclasses import asdict, dataclass
from typing import Any

from pipeline.domain.payment import OUT
from pipeline.stages.context import Context
from pipeline.store import ledger, reports
from pipeline.store.ledger import Proof
from pipeline.store.reports import ClaimMoney, Counted, RemittanceMoney

_OUTCOME = {
    "PAID": "paid",
    "PARTLY_PAID": "partly_paid",
    "DENIED": "denied",
    "REJECTED": "rejected",
    "EDIT_FAILED": "edit_failed",
    "SET_ASIDE": "edit_failed",
    "HELD": "held",
    "VOIDED": "voided",
}
"""Every other state is open: on its way, or taken back by the payer and not yet decided anew. What is REPLACED does not stand."""
_LEFT = (*OUT, "RETURNED", "REVERSED")
_UNDER_WAY = ("PROPOSED", "APPROVED", "IN_FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Each claim once, by the version that stands: the latest, but for replacements and voids that were rejected."""

    claims: int
    paid: int = 0
    partly_paid: int = 0
    denied: int = 0
    rejected: int = 0
    edit_failed: int = 0  # also those set aside
    held: int = 0  # their file was rejected; a person sends them again
    voided: int = 0  # withdrawn by a void, and what was paid is taken back
    open: int = 0
    replaced_versions: int = 0  # no claims: another version of each is counted above


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """Released: it left and the bank did not refuse the file; those that came back afterwards are among them."""

    released: int
    released_cents: int
    returned: int
    returned_cents: int
    waiting: int  # for a person
    waiting_cents: int
    under_way: int  # approved, not sent yet
    under_way_cents: int
    provisional: int  # the bank took them, and they may ordinarily come back still
    provisional_cents: int
    settled: int  # the time for coming back is over
    settled_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """One tenant's totals at one moment; amounts in cents."""

    outcomes: Outcomes
    money: ClaimMoney
    remitted: RemittanceMoney
    sent_by_kind: dict[str, int]
    received_by_kind: dict[str, int]
    exceptions_by_type: dict[str, Counted]
    payments: Payments
    proof: Proof

    @property
    def files_sent(self) -> int:
        return sum(self.sent_by_kind.values())

    @property
    def files_received(self) -> int:
        return sum(self.received_by_kind.values())

    @property
    def exceptions(self) -> int:
        return sum(of_type.count for of_type in self.exceptions_by_type.values())

    @property
    def unmatched_cents(self) -> int:
        """Money told or seen that has not met its claim or its counterpart at the bank."""
        told = self.remitted
        return told.unposted_cents + told.awaiting_deposit_cents + told.deposits_waiting_cents + told.unapplied_cents

    @property
    def ledger_balanced(self) -> bool:
        """Every journal and all accounts sum to zero, and what payers owe is what they told less what came."""
        return self.proof.balanced and self.remitted.posted_cents == self.remitted.remittance_cents

    def as_dict(self) -> dict[str, Any]:
        """Flat, for one JSON line; names are stable. The details by kind and type stand under their own names."""
        return {
            **asdict(self.outcomes),
            "files_sent": self.files_sent,
            "files_received": self.files_received,
            "exceptions": self.exceptions,
            **asdict(self.money),
            **asdict(self.remitted),
            "unmatched_cents": self.unmatched_cents,
            "payments_released": self.payments.released,
            "payments_waiting": self.payments.waiting,
            "payments_returned": self.payments.returned,
            "payments_cents": self.payments.released_cents,
            "payments_waiting_cents": self.payments.waiting_cents,
            "payments_provisional": self.payments.provisional,
            "payments_provisional_cents": self.payments.provisional_cents,
            "payments_settled": self.payments.settled,
            "payments_settled_cents": self.payments.settled_cents,
            "ledger_balanced": self.ledger_balanced,
            "sent_by_kind": self.sent_by_kind,
            "received_by_kind": self.received_by_kind,
            "exceptions_by_type": {name: asdict(counted) for name, counted in self.exceptions_by_type.items()},
            "accounts": self.proof.accounts,
        }


def totals(ctx: Context, org_id: int) -> Totals:
    """The tenant's totals, all of the same moment."""
    # One snapshot for all statements, else a posting between two of them would look like an imbalance.
    with ctx.database.tenant(org_id, "system:report", snapshot=True) as tx:
        return Totals(
            outcomes=_outcomes(reports.claim_states(tx), reports.replaced_versions(tx)),
            money=reports.claim_money(tx),
            remitted=reports.remittance_money(tx),
            sent_by_kind=reports.files_sent(tx),
            received_by_kind=reports.files_received(tx),
            exceptions_by_type=reports.open_exceptions(tx),
            payments=_payments(reports.payment_states(tx)),
            proof=ledger.proof(tx),
        )


def _outcomes(by_state: dict[str, int], replaced_versions: int) -> Outcomes:
    counts: dict[str, int] = {}
    for state, count in by_state.items():
        outcome = _OUTCOME.get(state, "open")
        counts[outcome] = counts.get(outcome, 0) + count
    return Outcomes(claims=sum(by_state.values()), replaced_versions=replaced_versions, **counts)


def _payments(by_state: dict[str, Counted]) -> Payments:
    def of(*states: str) -> Counted:
        found = [by_state[state] for state in states if state in by_state]
        return Counted(sum(one.count for one in found), sum(one.cents for one in found))

    released, returned, waiting, under_way = of(*_LEFT), of("RETURNED"), of("WAITING"), of(*_UNDER_WAY)
    provisional, settled = of("ACKNOWLEDGED"), of("SETTLED")
    return Payments(
        released=released.count,
        released_cents=released.cents,
        returned=returned.count,
        returned_cents=returned.cents,
        waiting=waiting.count,
        waiting_cents=waiting.cents,
        under_way=under_way.count,
        under_way_cents=under_way.cents,
        provisional=provisional.count,
        provisional_cents=provisional.cents,
        settled=settled.count,
        settled_cents=settled.cents,
    )
