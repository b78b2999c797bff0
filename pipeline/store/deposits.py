"""Deposits: money that the bank saw arrive or leave, recorded once and moved along its arrows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.deposits import Booking, Told
from pipeline.domain.reassociation import Recorded
from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.arrays import array
from pipeline.store.database import Tenant


def add(
    tx: Tenant, inbound_file_id: int, mailbox_id: int, new: Sequence[Told], remittance_due: Sequence[date | None]
) -> list[int]:
    """Records the movements of a file as WAITING; gives their ids in the same order."""
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
            "source": ("text", [d.source for d in new]),
            "sender": ("text", [d.sender for d in new]),
            "bank_reference": ("text", [d.reference for d in new]),
            "trace_number": ("text", [d.trace_number for d in new]),
            "trace_payer_id": ("text", [d.payer_id for d in new]),
            "amount_cents": ("bigint", [d.amount_cents for d in new]),
            "effective_date": ("date", [d.effective_date for d in new]),
            "remittance_due": ("date", list(remittance_due)),
            "state": ("text", ["WAITING"] * len(new)),
        },
    )
    transitions.born(tx, Kind.DEPOSIT, ids, "received", inbound_file_id=inbound_file_id)
    return ids


_CALENDAR_DAYS = 10
"""More than the banking days within which a deposit is told again span, holidays between them."""


def alike(tx: Tenant, told: Sequence[Told]) -> list[Recorded]:
    """Deposits of these amounts from about these days, or of an unknown one, with all that told of them; oldest first."""
    days = [one.effective_date for one in told]
    known = [day for day in days if day is not None]
    rows = tx.rows(
        "SELECT d.id, d.source, d.bank_reference, d.amount_cents, d.effective_date,"
        " coalesce(d.trace_number, r.trace_number) AS trace_number,"
        " CASE WHEN d.trace_number IS NULL AND r.id IS NOT NULL THEN r.trace_payer_id ELSE d.trace_payer_id END"
        "   AS payer_id,"
        " ARRAY(SELECT h.detail FROM history h WHERE h.subject_kind = 'deposit' AND h.subject_id = d.id"
        "   AND h.event = 'told_again' AND h.detail IS NOT NULL ORDER BY h.id) AS again"
        " FROM deposit d LEFT JOIN remittance r ON r.id = d.remittance_id"
        " WHERE d.org_id = :org AND d.amount_cents = ANY(CAST(:amounts AS bigint[]))"
        " AND (:any_day OR d.effective_date IS NULL OR d.effective_date BETWEEN CAST(:first AS date) - :days"
        "  AND CAST(:last AS date) + :days) ORDER BY d.id",
        org=tx.org_id,
        amounts=sorted({one.amount_cents for one in told}),
        any_day=len(known) < len(days),
        first=min(known, default=None),
        last=max(known, default=None),
        days=_CALENDAR_DAYS,
    )
    return [
        Recorded(
            deposit_id=row.id,
            trace_number=row.trace_number,
            payer_id=row.payer_id,
            amount_cents=row.amount_cents,
            effective_date=row.effective_date,
            tellings=((row.source, row.bank_reference), *map(_telling, row.again)),
        )
        for row in rows
    ]


def _telling(detail: str) -> tuple[str, str | None]:
    source, _, reference = detail.partition(" ")
    return source, reference or None


def note_again(tx: Tenant, inbound_file_id: int, told: Sequence[tuple[int, Told]]) -> list[int]:
    """Writes down that these deposits were told again; gives those that took over a trace which only this one tells."""
    ids = [deposit_id for deposit_id, _ in told]
    transitions.move(
        tx,
        Kind.DEPOSIT,
        ids,
        "told_again",
        inbound_file_id=inbound_file_id,
        detail=[f"{one.source} {one.reference or ''}".strip() for _, one in told],
    )
    rows = tx.rows(
        "UPDATE deposit d SET trace_number = g.trace, trace_payer_id = g.payer"
        " FROM unnest(CAST(:ids AS bigint[]), CAST(:traces AS text[]), CAST(:payers AS text[])) AS g(id, trace, payer)"
        " WHERE d.id = g.id AND d.trace_number IS NULL AND d.state = 'WAITING' AND g.trace IS NOT NULL"
        " RETURNING d.id",
        ids=array("bigint", ids),
        traces=array("text", [one.trace_number for _, one in told]),
        payers=array("text", [one.payer_id for _, one in told]),
    )
    return [row.id for row in rows]


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit as it stands. `matched_by` and `remittance_id` are None unless it is MATCHED."""

    id: int
    state: str
    amount_cents: int
    mailbox_id: int
    inbound_file_id: int
    remittance_id: int | None
    matched_by: str | None
    trace_number: str | None
    takes_back_id: int | None

    def booking(self, today: date, times: int = 0) -> Booking:
        return Booking(
            deposit_id=self.id,
            amount_cents=self.amount_cents,
            business_date=today,
            bank=str(self.mailbox_id),
            inbound_file_id=self.inbound_file_id,
            times=times,
        )


_DEPOSIT = (
    "SELECT id, state, amount_cents, mailbox_id, inbound_file_id, remittance_id, matched_by, trace_number, takes_back_id"
    " FROM deposit WHERE org_id = :org"
)


def by_id(tx: Tenant, ids: Sequence[int]) -> dict[int, Deposit]:
    """These deposits; hold `ledger.lock` where they are to move."""
    rows = tx.rows(f"{_DEPOSIT} AND id = ANY(CAST(:ids AS bigint[]))", org=tx.org_id, ids=list(ids))
    return {row.id: Deposit(**row._mapping) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name for it


def times(tx: Tenant, deposit_ids: Sequence[int], purpose: str) -> dict[int, int]:
    """How often each of these was booked for this purpose, whatever the round."""
    rows = tx.rows(
        "SELECT source_id, count(*) AS times FROM journal WHERE org_id = :org AND source_kind = 'deposit'"
        " AND source_id = ANY(CAST(:ids AS bigint[])) AND split_part(purpose, '-', 1) = :purpose GROUP BY source_id",
        org=tx.org_id,
        ids=list(deposit_ids),
        purpose=purpose,
    )
    return {row.source_id: row.times for row in rows}


def passed_on(tx: Tenant, deposit_ids: Sequence[int]) -> dict[int, int]:
    """Cents that we owe providers because of each of these deposits; one that we owe nothing for is absent."""
    rows = tx.rows(
        "SELECT j.source_id, CAST(-sum(e.amount_cents) AS bigint) AS cents FROM journal j JOIN entry e ON e.journal_id = j.id"
        " WHERE j.org_id = :org AND j.source_kind = 'deposit' AND j.source_id = ANY(CAST(:ids AS bigint[]))"
        " AND e.account = 'provider_payable' GROUP BY j.source_id HAVING sum(e.amount_cents) <> 0",
        org=tx.org_id,
        ids=list(deposit_ids),
    )
    return {row.source_id: row.cents for row in rows}


def match(tx: Tenant, pairs: Sequence[tuple[int, int]], by: str, business_at: Any) -> list[tuple[int, int]]:
    """Moves both sides of each (deposit, remittance) to MATCHED; gives the pairs that moved. Hold `ledger.lock`."""
    remittance_ids = [remittance for _, remittance in pairs]
    free = set(
        transitions.move(tx, Kind.REMITTANCE, remittance_ids, "deposit_matched", detail=by, business_at=business_at)
    )
    moving = [pair for pair in pairs if pair[1] in free]
    moved = transitions.move(
        tx,
        Kind.DEPOSIT,
        [deposit for deposit, _ in moving],
        "matched",
        assign="matched_by = :by",
        each={"remittance_id": ("bigint", [remittance for _, remittance in moving])},
        detail=[f"{by}, remittance {remittance}" for _, remittance in moving],
        business_at=business_at,
        by=by,
    )
    if len(moved) != len(moving):
        raise RuntimeError("a deposit moved while the ledger was locked")
    return moving


def part(tx: Tenant, deposit_id: int, remittance_id: int, due: date, business_at: Any) -> None:
    """MATCHED → WAITING and POSTED: each waits for another counterpart again. Hold `ledger.lock`."""
    transitions.move(
        tx,
        Kind.DEPOSIT,
        [deposit_id],
        "unmatched",
        assign="remittance_id = NULL, matched_by = NULL, remittance_due = :due",
        detail=f"remittance {remittance_id}",
        business_at=business_at,
        due=due,
    )
    remittance_waits(tx, "unmatched", {remittance_id: deposit_id}, due, business_at)


def remittance_waits(tx: Tenant, event: str, deposits: Mapping[int, int], due: date, business_at: Any) -> None:
    """MATCHED → POSTED by `event`, for each remittance with the deposit that it has no more; releases look at it anew."""
    transitions.move(
        tx,
        Kind.REMITTANCE,
        list(deposits),
        event,
        assign="deposit_due = :due, released_at = NULL",
        detail=[f"deposit {deposit}" for deposit in deposits.values()],
        business_at=business_at,
        due=due,
    )


def parted(tx: Tenant, deposit_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(deposit, remittance) that a person has taken apart: they do not come together again by themselves."""
    rows = tx.rows(
        "SELECT subject_id, detail FROM history WHERE subject_kind = 'deposit' AND event = 'unmatched'"
        " AND subject_id = ANY(CAST(:ids AS bigint[]))",
        ids=list(deposit_ids),
    )
    return {(row.subject_id, int(row.detail.rpartition(" ")[2])) for row in rows}


def last_event(tx: Tenant, deposit_id: int) -> str | None:
    """The last thing that moved the deposit."""
    event: str | None = tx.value(
        "SELECT event FROM history WHERE subject_kind = 'deposit' AND subject_id = :id AND event <> 'told_again'"
        " ORDER BY id DESC LIMIT 1",
        id=deposit_id,
    )
    return event


def take_back(tx: Tenant, pairs: Sequence[tuple[int, int]], business_at: Any) -> None:
    """Ends each (debit, deposit): TAKING_BACK and TAKEN_BACK. Hold `ledger.lock`."""
    deposits = [deposit for _, deposit in pairs]
    transitions.move(
        tx,
        Kind.DEPOSIT,
        [debit for debit, _ in pairs],
        "takes_back",
        each={"takes_back_id": ("bigint", deposits)},
        detail=[f"deposit {deposit}" for deposit in deposits],
        business_at=business_at,
    )
    transitions.move(
        tx,
        Kind.DEPOSIT,
        deposits,
        "taken_back",
        # The remittance may be paid by another deposit now, and a remittance has one.
        assign="remittance_id = NULL, matched_by = NULL",
        detail=[f"deposit {debit}" for debit, _ in pairs],
        business_at=business_at,
    )
