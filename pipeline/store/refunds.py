"""What patients get back: claims that are finally decided, whose money has come, and that the patient paid into."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.ledger import Position
from pipeline.domain.payment import OUT
from pipeline.store import ledger
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Refundable:
    """A finally decided claim, all of whose money has come, where the patient had paid beforehand."""

    claim_id: int
    """The latest version that was decided."""
    books_id: int
    clm01: str
    position: Position
    refunds: int
    """How many refunds were proposed on it so far, under any of its versions."""


def unreleased(tx: Tenant) -> list[int]:
    """Matched remittances whose claims were not yet looked through for refunds; locked."""
    rows = tx.rows(
        "SELECT id FROM remittance WHERE org_id = :org AND state = 'MATCHED' AND released_at IS NULL"
        " ORDER BY id FOR UPDATE",
        org=tx.org_id,
    )
    return [row.id for row in rows]


def refundable(tx: Tenant, remittance_ids: Sequence[int]) -> list[Refundable]:
    """Of the claims that these remittances decided, those with money of the patient left; notes the look."""
    # Locked by a statement of its own: the next one then sees what a posting that was under way has committed.
    locked = tx.rows(
        "SELECT c.id FROM claim c WHERE c.org_id = :org AND c.patient_paid_cents > 0"
        " AND c.id IN (SELECT rc.claim_id FROM remittance_claim rc"
        "   WHERE rc.remittance_id = ANY(CAST(:ids AS bigint[]))) ORDER BY c.id FOR UPDATE",
        org=tx.org_id,
        ids=list(remittance_ids),
    )
    # By key from each claim to its versions and on: asked row by row it would go through all of the tenant's payments.
    rows = tx.rows(
        "WITH asked AS MATERIALIZED (SELECT c.id, coalesce(c.first_id, c.id) AS books_id, c.clm01 FROM claim c"
        "  WHERE c.id = ANY(CAST(:ids AS bigint[])) AND c.state IN ('PAID', 'PARTLY_PAID', 'DENIED')),"
        " version AS MATERIALIZED (SELECT a.id AS asked_id, v.id FROM asked a JOIN claim v ON v.clm01 = a.clm01),"
        " refund AS MATERIALIZED (SELECT v.asked_id, count(*) AS times FROM version v JOIN payment p ON p.claim_id = v.id"
        "  WHERE p.kind = 'refund' GROUP BY v.asked_id),"
        " waiting AS MATERIALIZED (SELECT DISTINCT v.asked_id FROM version v JOIN remittance_claim rc ON rc.claim_id = v.id"
        "  JOIN remittance r ON r.id = rc.remittance_id WHERE r.state <> 'MATCHED')"
        " SELECT a.id, a.books_id, a.clm01, coalesce(refund.times, 0) AS refunds FROM asked a"
        " LEFT JOIN refund ON refund.asked_id = a.id LEFT JOIN waiting ON waiting.asked_id = a.id"
        " WHERE waiting.asked_id IS NULL ORDER BY a.id",
        ids=[row.id for row in locked],
    )
    tx.run("UPDATE remittance SET released_at = now() WHERE id = ANY(CAST(:ids AS bigint[]))", ids=list(remittance_ids))
    latest = {row.books_id: row for row in rows}
    positions = ledger.positions(tx, list(latest))
    found = [
        Refundable(row.id, row.books_id, row.clm01, positions.get(row.books_id, Position()), row.refunds)
        for row in latest.values()
    ]
    return [one for one in found if one.position.refundable_cents > 0]


def reconsider(tx: Tenant, claim_ids: Sequence[int]) -> None:
    """Lets the next release look at these claims again."""
    tx.run(
        "UPDATE remittance SET released_at = NULL WHERE id IN"
        " (SELECT rc.remittance_id FROM claim b JOIN claim v ON v.clm01 = b.clm01"
        "   JOIN remittance_claim rc ON rc.claim_id = v.id WHERE b.id = ANY(CAST(:ids AS bigint[])))",
        ids=list(claim_ids),
    )


def refunded(tx: Tenant, claim_ids: Sequence[int]) -> set[int]:
    """Claims of these (first versions) on which a refund is on its way or has gone."""
    rows = tx.rows(
        "SELECT DISTINCT claim_id FROM payment WHERE org_id = :org AND claim_id = ANY(CAST(:ids AS bigint[]))"
        " AND kind = 'refund' AND state = ANY(CAST(:states AS text[]))",
        states=["APPROVED", "WAITING", "IN_FILE", *OUT],
        org=tx.org_id,
        ids=list(claim_ids),
    )
    return {row.claim_id for row in rows}


def left_on(tx: Tenant, remittance_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many refunds, and of how many cents, have left on the claims of each of these remittances; none, no row."""
    rows = tx.rows(
        "SELECT remittance_id, count(*) AS payments, CAST(sum(amount_cents) AS bigint) AS cents FROM"
        " (SELECT DISTINCT rc.remittance_id, p.id, p.amount_cents FROM remittance_claim rc"
        "  JOIN claim v ON v.id = rc.claim_id JOIN payment p ON p.claim_id = CASE WHEN v.first_id IS NULL THEN v.id ELSE v.first_id END"
        "   AND p.kind = 'refund' AND p.state = ANY(CAST(:states AS text[]))"
        "  WHERE rc.remittance_id = ANY(CAST(:ids AS bigint[]))) AS gone GROUP BY remittance_id",
        ids=list(remittance_ids),
        states=list(OUT),
    )
    return {row.remittance_id: (row.payments, row.cents) for row in rows}
