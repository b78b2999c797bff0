"""What payers have paid too much and nobody has given back: by claim, since when."""

from dataclasses import dataclass
from datetime import date

from pipeline.store import exceptions
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Credit:
    """`claim_id` is the first version's. `since`: the business day on which the payer last began to have credit on the claim; 0 cents: it has none any more."""

    claim_id: int
    cents: int
    since: date | None


# A refund that was decided on and has not left gives nothing back yet. Claims are found by what was told of them, or the
# whole ledger would be gone through at each look.
_CREDITS = """
    WITH told AS MATERIALIZED (
        SELECT DISTINCT coalesce(v.first_id, v.id) AS claim_id FROM work_exception x
        JOIN remittance_claim rc ON rc.id = x.subject_id JOIN claim v ON v.id = rc.claim_id
        WHERE x.org_id = :org AND x.type = 'payer_credit' AND x.subject_kind = 'remittance_claim'
    ), moved AS (
        SELECT e.claim_id, j.id, j.business_date, sum(e.amount_cents) AS cents FROM told JOIN entry e USING (claim_id)
        JOIN journal j ON j.id = e.journal_id WHERE e.account IN ('payer_credit', 'payer_refund_payable')
        GROUP BY e.claim_id, j.id, j.business_date
    ), running AS (
        SELECT claim_id, id, business_date, cents, sum(cents) OVER (PARTITION BY claim_id ORDER BY id) AS balance FROM moved
    )
    SELECT claim_id, CAST(-sum(cents) AS bigint) AS cents,
           max(business_date) FILTER (WHERE balance < 0 AND balance - cents >= 0) AS since
    FROM running GROUP BY claim_id ORDER BY claim_id
"""


def standing(tx: Tenant) -> list[Credit]:
    """Every claim on which a payer was ever told to have credit, and what is left of it."""
    return [Credit(row.claim_id, row.cents, row.since) for row in tx.rows(_CREDITS, org=tx.org_id)]


def settled(tx: Tenant, claim_ids: list[int], resolution: str) -> None:
    """What was told of payers' credit on these claims is done with."""
    rows = tx.rows(
        "SELECT rc.id FROM remittance_claim rc JOIN work_exception x ON x.subject_id = rc.id AND x.state = 'OPEN'"
        " AND x.type = 'payer_credit' AND x.subject_kind = 'remittance_claim' AND x.org_id = :org"
        " WHERE rc.claim_id IN (SELECT v.id FROM claim b JOIN claim v ON v.clm01 = b.clm01"
        "   WHERE b.id = ANY(CAST(:ids AS bigint[]))) ORDER BY rc.id",
        org=tx.org_id,
        ids=claim_ids,
    )
    exceptions.close(tx, "payer_credit", "remittance_claim", [row.id for row in rows], resolution)
