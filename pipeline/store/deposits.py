"""Deposits: money that the bank saw arrive, waiting for the remittance that explains it, and the other way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class NewDeposit:
    """One entry on our account; `amount_cents` is negative where money was taken back."""

    position: int
    trace_number: str | None
    trace_payer_id: str | None
    amount_cents: int
    effective_date: date | None


def add(tx: Tenant, inbound_file_id: int, mailbox_id: int, new: Sequence[NewDeposit]) -> list[int]:
    """Records the deposits of a file as WAITING; gives their ids in the same order."""
    if not new:
        return []
    ids = tx.ids("deposit", len(new))
    tx.insert(
        "deposit",
        {
            "id": ("bigint", ids),
            "inbound_file_id": ("bigint", [inbound_file_id] * len(new)),
            "mailbox_id": ("bigint", [mailbox_id] * len(new)),
            "position": ("int", [d.position for d in new]),
            "trace_number": ("text", [d.trace_number for d in new]),
            "trace_payer_id": ("text", [d.trace_payer_id for d in new]),
            "amount_cents": ("bigint", [d.amount_cents for d in new]),
            "effective_date": ("date", [d.effective_date for d in new]),
            "state": ("text", ["WAITING"] * len(new)),
        },
    )
    transitions.born(tx, Kind.DEPOSIT, ids, "received", inbound_file_id=inbound_file_id)
    return ids


@dataclass(frozen=True, slots=True)
class Pair:
    """A deposit and the remittance whose trace it carries."""

    deposit_id: int
    deposit_file_id: int
    mailbox_id: int
    deposit_cents: int
    remittance_id: int
    remittance_cents: int
    remittance_state: str

    @property
    def fits(self) -> bool:
        """The key of reassociation is whole: trace, payer (both by the query) and amount, and nobody paid it yet."""
        return self.deposit_cents == self.remittance_cents and self.remittance_state == "POSTED"


def same_trace(tx: Tenant, inbound_file_id: int) -> list[Pair]:
    """WAITING deposits with remittances of the same TRN02 and TRN03, where either side came in this file."""
    rows = tx.rows(
        "SELECT d.id AS deposit_id, d.inbound_file_id AS deposit_file_id, d.mailbox_id, d.amount_cents AS deposit_cents,"
        " r.id AS remittance_id, r.amount_cents AS remittance_cents, r.state AS remittance_state"
        " FROM deposit d JOIN remittance r ON r.org_id = d.org_id AND r.trace_number = d.trace_number"
        " AND r.trace_payer_id = d.trace_payer_id"
        " WHERE d.org_id = :org AND d.state = 'WAITING' AND r.state IN ('POSTED', 'MATCHED')"
        " AND (d.inbound_file_id = :file OR r.inbound_file_id = :file) ORDER BY d.id, r.id",
        org=tx.org_id,
        file=inbound_file_id,
    )
    return [Pair(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def match(tx: Tenant, pairs: Sequence[Pair]) -> list[Pair]:
    """Moves both sides of each pair to MATCHED; gives the pairs that moved. Hold `ledger.lock` meanwhile."""
    free = set(transitions.move(tx, Kind.REMITTANCE, [p.remittance_id for p in pairs], "deposit_matched"))
    moving = [p for p in pairs if p.remittance_id in free]
    moved = set(
        transitions.move(
            tx,
            Kind.DEPOSIT,
            [p.deposit_id for p in moving],
            "matched",
            each={"remittance_id": ("bigint", [p.remittance_id for p in moving])},
        )
    )
    if len(moved) != len(moving):
        raise RuntimeError("a deposit moved while the ledger was locked")
    return moving
