"""The last look at payments before their file leaves, and what becomes of those of a file that may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.domain.payment import Standing
from pipeline.domain.release_rules import Answer, ReleaseBook
from pipeline.domain.states import Kind
from pipeline.store import chains, exceptions, obligations, payees, payments, release_facts, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise


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
        "SELECT r.id FROM remittance r WHERE r.id IN (SELECT rc.remittance_id FROM payment_entry e"
        " JOIN payment p ON p.id = e.payment_id JOIN claim b ON b.id = p.claim_id JOIN claim v ON v.clm01 = b.clm01"
        " JOIN remittance_claim rc ON rc.claim_id = v.id"
        " WHERE e.file_id = :file AND e.live) ORDER BY r.id FOR UPDATE",
        file=file_id,
    )
    # Whoever changes where a payee is paid locks him first.
    payees.lock_of_file(tx, file_id)
    return [reason for standing in _standings(tx, file_id, rules) for reason in standing.objections()]


def void_file(tx: Tenant, file_id: int, rules: Rules, business_date: date | None = None) -> None:
    """Takes every payment out of an unsent file: what stands, or only waits for something, is for a later one.

    What has a fault is voided. The file itself is the caller's to void.
    """
    standings = _standings(tx, file_id, rules)
    tx.run("UPDATE payment_entry SET live = false WHERE file_id = :file AND live", file=file_id)
    fallen = [standing for standing in standings if standing.faults()]
    keep = [standing.payment_id for standing in standings if not standing.faults()]
    transitions.move(tx, Kind.PAYMENT, keep, "unplaced", file_id=file_id)
    moved = set(transitions.move(tx, Kind.PAYMENT, [s.payment_id for s in fallen], "voided", file_id=file_id))
    payments.voided(tx, sorted(moved), business_date or rules.day)
    exceptions.open_all(tx, [_voided(standing) for standing in fallen if standing.payment_id in moved])


def _voided(standing: Standing) -> Raise:
    reason = "; ".join(standing.faults())
    return Raise("payment_voided", "payment", standing.payment_id, reason, money_cents=standing.amount_cents)


def _standings(tx: Tenant, file_id: int, rules: Rules) -> list[Standing]:
    rows = tx.rows(
        f"SELECT {payments.CONTENT}, p.state, p.claim_id, p.payee_hmac, p.payee_id, p.details_id, p.approvals AS asked,"  # noqa: S608
        " e.amount_cents AS entry_cents,"
        " (SELECT count(DISTINCT a.principal_id) FROM approval a JOIN principal n ON n.id = a.principal_id"
        "   WHERE a.payment_id = p.id AND a.decision = 'approve' AND a.content_sha256 = p.content_sha256 AND n.active"
        "   AND 'approver' = ANY(n.roles) AND n.name <> p.prepared_by) AS approvals,"
        f" {chains.EARLIER_IS_OUT} AS kept"
        " FROM payment_entry e JOIN payment p ON p.id = e.payment_id"
        " WHERE e.file_id = :file AND e.live ORDER BY p.id FOR UPDATE OF p",
        file=file_id,
    )
    ids: Sequence[int] = [row.id for row in rows]
    books = obligations.owing(tx, ids)
    details = payees.standing(tx, ids, rules.now)
    asked = [release_facts.asked_of(row) for row in rows]
    rulings = [rules.book.ruled(one, rules.day) for one in release_facts.facts(tx, asked, rules.now, rules.day)]
    standings = []
    for row, ruling in zip(rows, rulings, strict=True):
        owing, of_payee = books[row.id], details[row.id]
        standing = Standing(
            payment_id=row.id,
            state=row.state,
            amount_cents=row.amount_cents,
            entry_cents=row.entry_cents,
            hash_holds=payments.hash_holds(tx, row),
            details_stand=of_payee.current,
            payee_held=of_payee.held,
            details_wait=of_payee.waits,
            approvals=row.approvals,
            # A hold that a person has looked into and let go is not asked for again; more approvals are.
            needed=max(row.asked, ruling.needed if ruling.answer is Answer.APPROVE else 0),
            refused=ruling.told if ruling.answer is Answer.REFUSE else "",
            taken_back=owing.taken_back,
            kept_after_all=row.kept,
            owed_cents=owing.owed_cents,
            patient_due_cents=owing.patient_due_cents,
            money_is_in=owing.money_is_in,
        )
        standings.append(standing)
    return standings
