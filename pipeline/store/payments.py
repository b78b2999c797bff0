"""Payments: proposed once an obligation, released by rule, placed in one live entry, followed to the bank and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.domain.ledger import Position, payment_came_back, payment_sent, refund_cancelled
from pipeline.domain.payment import Payee, Standing, content_sha256
from pipeline.domain.release_rules import Answer, ReleaseBook, Ruling
from pipeline.domain.states import Kind
from pipeline.store import exceptions, ledger, refunds, release_facts, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.release_facts import Asked

REFUND = "refund"


# -- proposals ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NewPayment:
    obligation: str
    claim_id: int
    amount_cents: int
    payee: Payee


def propose(tx: Tenant, new: Sequence[NewPayment], business_at: Any) -> list[int]:
    """Stores refunds as PROPOSED; gives their ids in the same order. The obligation must be new."""
    if not new:
        return []
    ids = tx.ids("payment", len(new))
    tx.insert(
        "payment",
        {
            "id": ("bigint", ids),
            "obligation": ("text", [p.obligation for p in new]),
            "kind": ("text", [REFUND] * len(new)),
            "claim_id": ("bigint", [p.claim_id for p in new]),
            "amount_cents": ("bigint", [p.amount_cents for p in new]),
            "payee": (
                "bytea",
                [tx.keys.seal("payment", "payee", i, p.payee.to_json()) for i, p in zip(ids, new, strict=True)],
            ),
            "payee_hmac": ("bytea", [payee_index(tx, p.payee) for p in new]),
            "account_last4": ("text", [p.payee.last4 for p in new]),
            "content_sha256": ("bytea", [content_sha256(p.payee, p.amount_cents, REFUND, p.obligation) for p in new]),
            "state": ("text", ["PROPOSED"] * len(new)),
            "prepared_by": ("text", [tx.actor] * len(new)),
        },
    )
    transitions.born(tx, Kind.PAYMENT, ids, "proposed", business_at=business_at)
    return ids


def go_by_rule(tx: Tenant, ruled: Sequence[tuple[int, int, Ruling]], business_at: Any) -> list[int]:
    """Moves each proposed payment (id, cents, ruling) along what the rules said; gives those that they refused."""
    by_event: dict[str, list[tuple[int, int, Ruling]]] = {}
    for one in ruled:
        by_event.setdefault(_EVENTS[one[2].answer], []).append(one)
    for event, some in sorted(by_event.items()):
        transitions.move(
            tx,
            Kind.PAYMENT,
            [payment for payment, _, _ in some],
            event,
            each={
                "rule": ("text", [ruling.told for _, _, ruling in some]),
                "approvals": ("smallint", [ruling.needed for _, _, ruling in some]),
                "reason": ("text", ["; ".join(ruling.reasons) for _, _, ruling in some]),
            },
            detail=[ruling.told for _, _, ruling in some],
            business_at=business_at,
        )
    told = by_event.get("held_for_approval", []) + by_event.get("refused", [])
    exceptions.open_all(
        tx,
        [Raise("rule_hold", "payment", payment, _held(ruling), money_cents=cents) for payment, cents, ruling in told],
    )
    return [payment for payment, _, _ in by_event.get("refused", [])]


_EVENTS = {
    Answer.RELEASE: "released_by_rule",
    Answer.APPROVE: "held_for_approval",
    Answer.HOLD: "held_for_approval",
    Answer.REFUSE: "refused",
}


def _held(ruling: Ruling) -> str:
    said = f"{'; '.join(ruling.reasons)} ({ruling.told})"
    if ruling.answer is Answer.REFUSE:
        return f"refused by rule: {said}; it is not paid, and what is owed stays with its claim"
    people = "an approver" if ruling.needed == 1 else f"{ruling.needed} approvers"
    return f"{said}: {people} who did not prepare it must say yes, `claimrail payments` lists it"


def payee_index(tx: Tenant, payee: Payee) -> bytes:
    return account_index(tx, payee.routing_number, payee.account_number)


def account_index(tx: Tenant, routing_number: str, account_number: str) -> bytes:
    """By what an account is found without being told in clear."""
    return tx.keys.index("account", f"{routing_number}|{account_number}")


# -- files ----------------------------------------------------------------------------------------------------------
_MONEY_IS_IN = (
    "NOT EXISTS (SELECT 1 FROM remittance_claim rc JOIN remittance r ON r.id = rc.remittance_id"
    " WHERE rc.claim_id = p.claim_id AND r.state = 'POSTED')"
)
"""Of a payment `p`: no remittance on its claim waits for a deposit, be it the first one or another after a takeback."""


@dataclass(frozen=True, slots=True)
class Approved:
    id: int
    claim_id: int | None
    amount_cents: int
    payee: Payee


def approved(tx: Tenant) -> list[Approved]:
    """Payments that may go, oldest first; locked. Those whose claim waits for its money again wait with it."""
    rows = tx.rows(
        f"SELECT id, claim_id, amount_cents, payee FROM payment p WHERE org_id = :org AND state = 'APPROVED'"  # noqa: S608
        f" AND {_MONEY_IS_IN} ORDER BY id FOR UPDATE",
        org=tx.org_id,
    )
    return [Approved(row.id, row.claim_id, row.amount_cents, payee(tx, row)) for row in rows]


def payee(tx: Tenant, row: Any) -> Payee:
    """The opened payee of a payment's row (`id`, `payee`)."""
    return Payee.from_json(tx.keys.open("payment", "payee", row.id, bytes(row.payee)))


def place(tx: Tenant, file_id: int, traced: Sequence[tuple[int, int, str]]) -> None:
    """Gives each (payment id, cents, trace) its live entry in the file; the database allows one live entry a payment."""
    tx.insert(
        "payment_entry",
        {
            "id": ("bigint", tx.ids("payment_entry", len(traced))),
            "payment_id": ("bigint", [payment for payment, _, _ in traced]),
            "file_id": ("bigint", [file_id] * len(traced)),
            "trace": ("text", [trace for _, _, trace in traced]),
            "amount_cents": ("bigint", [cents for _, cents, _ in traced]),
            "live": ("boolean", [True] * len(traced)),
        },
    )
    moved = transitions.move(tx, Kind.PAYMENT, [payment for payment, _, _ in traced], "placed", file_id=file_id)
    if len(moved) != len(traced):
        raise RuntimeError("a payment moved while it was locked")


# -- the last look before a file leaves -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Rules:
    """By what payments are ruled on again: the book, and the business time."""

    book: ReleaseBook
    now: datetime
    day: date


def recheck(tx: Tenant, file_id: int, rules: Rules) -> list[str]:
    """Why payments of the file may not go after all; empty: every one stands. Locks them, and what their money rests on."""
    # Whoever takes a deposit back has moved its remittance before this reads on, or waits until the file has left.
    tx.rows(
        "SELECT r.id FROM remittance r WHERE r.id IN (SELECT rc.remittance_id FROM remittance_claim rc"
        " JOIN payment p ON p.claim_id = rc.claim_id JOIN payment_entry e ON e.payment_id = p.id"
        " WHERE e.file_id = :file AND e.live) ORDER BY r.id FOR UPDATE",
        file=file_id,
    )
    return [reason for standing, _ in _standings(tx, file_id, rules) for reason in standing.objections()]


def void_file(tx: Tenant, file_id: int, rules: Rules, business_date: date | None = None) -> None:
    """Takes every payment out of an unsent file: what stands, or only waits for its claim's money, is for a later one.

    What has a fault is voided.

    The file itself is the caller's to void.
    """
    standings = _standings(tx, file_id, rules)
    tx.run("UPDATE payment_entry SET live = false WHERE file_id = :file AND live", file=file_id)
    fallen = [(standing, claim) for standing, claim in standings if standing.faults()]
    keep = [standing.payment_id for standing, _ in standings if not standing.faults()]
    transitions.move(tx, Kind.PAYMENT, keep, "unplaced", file_id=file_id)
    moved = set(transitions.move(tx, Kind.PAYMENT, [s.payment_id for s, _ in fallen], "voided", file_id=file_id))
    voided = [(standing, claim) for standing, claim in fallen if standing.payment_id in moved]
    _cancel(tx, [(s.payment_id, claim, s.amount_cents) for s, claim in voided], business_date or _day_of(tx, file_id))
    refunds.reconsider(tx, [claim for _, claim in voided if claim is not None])
    exceptions.open_all(
        tx,
        [
            Raise(
                "payment_voided",
                "payment",
                standing.payment_id,
                "; ".join(standing.faults()),
                money_cents=standing.amount_cents,
            )
            for standing, _ in voided
        ],
    )


def cancel(tx: Tenant, payment_id: int, business_date: date) -> None:
    """Gives what a payment would have paid back to the claim's books: it was denied or voided."""
    row: Any = tx.first("SELECT claim_id, amount_cents FROM payment WHERE id = :id", id=payment_id)
    _cancel(tx, [(payment_id, row.claim_id, row.amount_cents)], business_date)


def _cancel(tx: Tenant, dropped: Sequence[tuple[int, int | None, int]], business_date: date) -> None:
    positions = ledger.positions(tx, [claim for _, claim, _ in dropped if claim is not None])
    journals = []
    for payment_id, claim, cents in dropped:
        if claim is not None:
            due = positions.get(claim, Position()).patient_due_cents
            journals.append(refund_cancelled(payment_id, claim, cents, due, business_date))
    ledger.post(tx, journals)


def file_sent(tx: Tenant, file_id: int, business_date: date | None = None) -> None:
    """The file has left: its payments are SENT and the bank account is charged. Twice, and nothing more happens."""
    day = business_date or _day_of(tx, file_id)
    entries = live_entries(tx, file_id)
    moved = set(transitions.move(tx, Kind.PAYMENT, [e.payment_id for e in entries], "sent", file_id=file_id))
    ledger.post(tx, [payment_sent(e.id, e.claim_id, e.amount_cents, day) for e in entries if e.payment_id in moved])


def _day_of(tx: Tenant, file_id: int) -> date:
    """The business day on which the file was made."""
    day: date = tx.value(
        "SELECT CAST(coalesce(business_at, created_at) AS date) FROM outbound_file WHERE id = :id", id=file_id
    )
    return day


def _standings(tx: Tenant, file_id: int, rules: Rules) -> list[tuple[Standing, int | None]]:
    rows = tx.rows(
        "SELECT p.id, p.state, p.kind, p.obligation, p.amount_cents, p.claim_id, p.payee, p.payee_hmac,"  # noqa: S608
        " p.content_sha256, p.approvals AS asked,"
        f" e.amount_cents AS entry_cents, c.state AS claim_state, {_MONEY_IS_IN} AS money_is_in,"
        " (SELECT count(DISTINCT a.principal_id) FROM approval a JOIN principal n ON n.id = a.principal_id"
        "   WHERE a.payment_id = p.id AND a.decision = 'approve' AND a.content_sha256 = p.content_sha256 AND n.active"
        "   AND 'approver' = ANY(n.roles) AND n.name <> p.prepared_by) AS approvals"
        " FROM payment_entry e JOIN payment p ON p.id = e.payment_id"
        " LEFT JOIN claim c ON c.id = p.claim_id"
        " WHERE e.file_id = :file AND e.live ORDER BY p.id FOR UPDATE OF p",
        file=file_id,
    )
    positions = ledger.positions(tx, [row.claim_id for row in rows if row.claim_id is not None])
    asked = [Asked(r.kind, r.amount_cents, bytes(r.payee_hmac), r.obligation, r.claim_id, r.id) for r in rows]
    rulings = [rules.book.ruled(one, rules.day) for one in release_facts.facts(tx, asked, rules.now, rules.day)]
    standings = []
    for row, ruling in zip(rows, rulings, strict=True):
        position = positions.get(row.claim_id, Position())
        told = content_sha256(payee(tx, row), row.amount_cents, row.kind, row.obligation)
        standing = Standing(
            payment_id=row.id,
            state=row.state,
            amount_cents=row.amount_cents,
            entry_cents=row.entry_cents,
            hash_holds=told == bytes(row.content_sha256),
            approvals=row.approvals,
            # A hold that a person has looked into and let go is not asked for again; more approvals are.
            needed=max(row.asked, ruling.needed if ruling.answer is Answer.APPROVE else 0),
            refused=ruling.told if ruling.answer is Answer.REFUSE else "",
            claim_state=row.claim_state,
            owed_cents=-position.refund_payable_cents,
            patient_due_cents=position.patient_due_cents,
            money_is_in=row.money_is_in,
        )
        standings.append((standing, row.claim_id))
    return standings


# -- what the bank says ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Entry:
    """A payment's live line in a file."""

    id: int
    payment_id: int
    file_id: int
    claim_id: int | None
    trace: str
    amount_cents: int


_ENTRY = (
    "SELECT e.id, e.payment_id, e.file_id, p.claim_id, e.trace, e.amount_cents FROM payment_entry e"
    " JOIN payment p ON p.id = e.payment_id WHERE e.org_id = :org AND e.live"
)


def live_entries(tx: Tenant, file_id: int) -> list[Entry]:
    rows = tx.rows(f"{_ENTRY} AND e.file_id = :file ORDER BY e.id", org=tx.org_id, file=file_id)
    return [Entry(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def files_answering_to(tx: Tenant, mailbox_id: int, created: str) -> list[int]:
    """ACH files of this mailbox with bytes, made in the minute `created` (YYMMDDHHMM, UTC, as in their header)."""
    rows = tx.rows(
        "SELECT id FROM outbound_file WHERE org_id = :org AND mailbox_id = :box AND kind = 'ACH'"
        " AND content IS NOT NULL AND to_char(business_at AT TIME ZONE 'UTC', 'YYMMDDHH24MI') = :created ORDER BY id",
        org=tx.org_id,
        box=mailbox_id,
        created=created,
    )
    return [row.id for row in rows]


def by_trace(tx: Tenant, traces: Iterable[str]) -> dict[str, Entry]:
    rows = tx.rows(f"{_ENTRY} AND e.trace = ANY(CAST(:traces AS text[]))", org=tx.org_id, traces=list(traces))
    return {row.trace: Entry(**row._mapping) for row in rows}  # noqa: SLF001


def came_back(
    tx: Tenant,
    entries: Sequence[Entry],
    event: str,
    business_date: date,
    *,
    inbound_file_id: int,
    detail: str | Sequence[str | None] | None,
) -> list[Entry]:
    """Entries that the bank returned (`returned`) or refused (`bank_rejected`): contra journals; gives those that moved.

    What is owed is owed again. A refused entry is no longer live, so that the payment may be placed once more.
    """
    moved = set(
        transitions.move(
            tx, Kind.PAYMENT, [e.payment_id for e in entries], event, inbound_file_id=inbound_file_id, detail=detail
        )
    )
    back = [entry for entry in entries if entry.payment_id in moved]
    ledger.post(tx, [payment_came_back(e.id, e.claim_id, e.amount_cents, business_date, event) for e in back])
    if event == "bank_rejected":
        tx.run("UPDATE payment_entry SET live = false WHERE id = ANY(CAST(:ids AS bigint[]))", ids=[e.id for e in back])
    return back
