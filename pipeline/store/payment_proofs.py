"""Every payment beside its entries, their files and the books: sums that must be the same, and the payments that do not fit."""

from dataclasses import dataclass

from pipeline.domain.ledger import Account
from pipeline.domain.payment import OUT
from pipeline.store.database import Tenant

_LEFT = (*OUT, "RETURNED", "REVERSED")
_OUT_SQL, _LEFT_SQL = (", ".join(f"'{state}'" for state in states) for states in ((*OUT, "REVERSED"), _LEFT))
_EACH = f"""
    WITH entries AS MATERIALIZED (
        SELECT e.payment_id, count(*) FILTER (WHERE e.live) AS live, count(*) FILTER (WHERE NOT e.live AND f.state IN
                 ('ACCEPTED', 'REJECTED')) AS refused,
               max(e.amount_cents) FILTER (WHERE e.live OR f.state IN ('ACCEPTED', 'REJECTED')) AS cents,
               max(f.state) FILTER (WHERE e.live) AS file_state
        FROM payment_entry e JOIN outbound_file f ON f.id = e.file_id WHERE e.org_id = :org GROUP BY e.payment_id
    ), booked AS MATERIALIZED (
        SELECT pe.payment_id, CAST(-sum(n.amount_cents) AS bigint) AS cents FROM payment_entry pe
        JOIN journal j ON j.org_id = :org AND j.source_kind = 'payment_entry' AND j.source_id = pe.id
        JOIN entry n ON n.journal_id = j.id AND n.account = '{Account.BANK}' WHERE pe.org_id = :org GROUP BY pe.payment_id
    ), approved AS MATERIALIZED (
        SELECT DISTINCT subject_id FROM history WHERE org_id = :org AND subject_kind = 'payment'
        AND event IN ('released_by_rule', 'approved')
    ), each_ AS MATERIALIZED (
        SELECT p.id, p.kind, p.state, p.amount_cents AS cents,
               a.subject_id IS NOT NULL AND p.state NOT IN ('VOIDED', 'DENIED') AS approved,
               coalesce(e.live, 0) AS live, coalesce(e.refused, 0) AS refused, e.cents AS entry_cents, e.file_state,
               coalesce(b.cents, 0) * CASE p.kind WHEN 'reversal' THEN -1 ELSE 1 END AS booked_cents
        FROM payment p LEFT JOIN entries e ON e.payment_id = p.id LEFT JOIN booked b ON b.payment_id = p.id
        LEFT JOIN approved a ON a.subject_id = p.id WHERE p.org_id = :org
    )
"""  # noqa: S608 - ours
_GAP = f"""CASE
    WHEN state IN ('PROPOSED', 'WAITING', 'DENIED', 'VOIDED', 'APPROVED') AND live > 0
        THEN 'stands in a file and is ' || state
    WHEN state IN ('APPROVED', 'IN_FILE', 'BANK_REJECTED', {_LEFT_SQL}) AND NOT approved THEN 'nobody and no rule let it go'
    WHEN state IN ('IN_FILE', {_LEFT_SQL}) AND live <> 1 THEN 'is ' || state || ' and stands in no file'
    WHEN state = 'BANK_REJECTED' AND (live > 0 OR refused = 0) THEN 'is refused, and no file or batch of it was'
    WHEN (live > 0 OR state = 'BANK_REJECTED') AND entry_cents <> cents THEN 'its entry has another amount'
    WHEN state = 'IN_FILE' AND file_state IN ('SENT', 'ACCEPTED', 'REJECTED', 'VOIDED')
        THEN 'has not left, and its file is ' || file_state
    WHEN state = 'SENT' AND file_state <> 'SENT' THEN 'has no answer, and its file is ' || file_state
    -- Its return, and what became of that, may come before the answer to its file.
    WHEN state IN ('ACKNOWLEDGED', 'SETTLED', 'OVERPAID', 'REVERSED') AND file_state NOT IN ('SENT', 'ACCEPTED')
        THEN 'is ' || state || ', and its file is ' || file_state
    WHEN state IN ('SENT', {_OUT_SQL}) AND booked_cents <> cents THEN 'is with its payee, and the books do not say so'
    WHEN state NOT IN ('SENT', {_OUT_SQL}) AND booked_cents <> 0 THEN 'is not with its payee, and the books say so'
END"""


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts and cents of payments, of all kinds, prenotes with no cents. By their states, but where another source is named."""

    approved: int  # by history
    approved_cents: int
    filed: int  # by entries
    filed_cents: int
    waiting: int
    waiting_cents: int
    sent: int  # by the states of files
    sent_cents: int
    answered: int
    answered_cents: int
    refused: int
    refused_cents: int
    unanswered: int
    unanswered_cents: int
    kept: int
    kept_cents: int
    returned: int
    returned_cents: int
    booked_cents: int  # by the books: what has left the bank account and is not back


def _sum(name: str, where: str, cents: str = "cents") -> str:
    return (
        f"count(*) FILTER (WHERE {where}) AS {name},"
        f" CAST(coalesce(sum({cents}) FILTER (WHERE {where}), 0) AS bigint) AS {name}_cents"
    )


_BEYOND = "state IN ('ACKNOWLEDGED', 'SETTLED', 'OVERPAID', 'REVERSED', 'RETURNED')"
_SUMS = ", ".join(
    (
        _sum("approved", "approved"),
        _sum("filed", "live > 0 OR (refused > 0 AND state = 'BANK_REJECTED')", "entry_cents"),
        _sum("waiting", "state = 'APPROVED'"),
        _sum(
            "sent",
            "(live > 0 AND file_state IN ('SENT', 'ACCEPTED', 'REJECTED')) OR (refused > 0 AND state = 'BANK_REJECTED')",
            "entry_cents",
        ),
        _sum("answered", _BEYOND),
        _sum("refused", "state = 'BANK_REJECTED'"),
        _sum("unanswered", "state = 'SENT'"),
        _sum("kept", "state IN ('ACKNOWLEDGED', 'SETTLED', 'OVERPAID', 'REVERSED')"),
        _sum("returned", "state = 'RETURNED'"),
    )
)


def sums(tx: Tenant) -> Sums:
    row = tx.first(
        f"{_EACH} SELECT {_SUMS}, CAST(coalesce(sum(booked_cents), 0) AS bigint) AS booked_cents FROM each_",  # noqa: S608 - ours
        org=tx.org_id,
    )
    assert row is not None
    return Sums(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class Gap:
    """A payment that does not fit, and why."""

    payment_id: int
    amount_cents: int
    why: str


def gaps(tx: Tenant, limit: int) -> list[Gap]:
    rows = tx.rows(
        f"{_EACH} SELECT id AS payment_id, cents AS amount_cents, why FROM (SELECT id, cents, {_GAP} AS why FROM each_) told"  # noqa: S608
        " WHERE why IS NOT NULL ORDER BY id LIMIT :limit",
        org=tx.org_id,
        limit=limit,
    )
    return [Gap(**row._mapping) for row in rows]  # noqa: SLF001
