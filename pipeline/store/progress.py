"""How far a tenant's claims are, and whether anything is still to be done: two cheap questions, asked often."""

from dataclasses import dataclass

from pipeline.store.database import Tenant
from pipeline.store.work import FOR_EVER


@dataclass(frozen=True, slots=True)
class Progress:
    """Claims that have come at least so far; each number includes those further on. `held` went to a person."""

    stored: int
    judged: int
    held: int
    sent: int
    acknowledged: int
    at_payer: int
    adjudicated: int
    settled: int


def progress(tx: Tenant) -> Progress:
    row = tx.first(
        """
        WITH latest AS (
            SELECT DISTINCT ON (s.claim_id) s.claim_id, s.state, f.state AS file_state
            FROM submission s JOIN outbound_file f ON f.id = s.file_id WHERE s.state <> 'WITHDRAWN'
            ORDER BY s.claim_id, s.attempt DESC
        )
        SELECT count(*) AS stored,
               count(*) FILTER (WHERE c.state NOT IN ('DRAFT', 'READY')) AS judged,
               count(*) FILTER (WHERE c.state IN ('EDIT_FAILED', 'SET_ASIDE')) AS held,
               count(*) FILTER (WHERE l.file_state IN ('SENT', 'ACCEPTED', 'REJECTED')) AS sent,
               count(*) FILTER (WHERE l.state <> 'IN_FILE') AS acknowledged,
               count(*) FILTER (WHERE l.state IN ('PAYER_ACCEPTED', 'PAYER_REJECTED', 'CLEARINGHOUSE_REJECTED',
                                                  'SET_REJECTED', 'ADJUDICATED')) AS at_payer,
               count(*) FILTER (WHERE l.state = 'ADJUDICATED' OR c.state IN ('REJECTED', 'REPLACED', 'VOIDED')) AS adjudicated,
               count(*) FILTER (WHERE c.state IN ('EDIT_FAILED', 'SET_ASIDE', 'REJECTED', 'REPLACED', 'VOIDED')
                   OR l.state = 'ADJUDICATED'
                   AND NOT EXISTS (SELECT 1 FROM remittance_claim rc JOIN remittance r ON r.id = rc.remittance_id
                                   WHERE rc.claim_id = c.id AND r.state <> 'MATCHED')) AS settled
        FROM claim c LEFT JOIN latest l ON l.claim_id = c.id
        """
    )
    assert row is not None
    return Progress(**row._mapping)  # noqa: SLF001


def busy(tx: Tenant) -> list[str]:
    """What is under way or due now, in words; nothing means that the tenant waits for the outside or for a person."""
    counts = {
        "due work": "SELECT count(*) FROM due_work WHERE org_id = :org AND stage <> ALL(CAST(:for_ever AS text[]))",
        "files to read": "SELECT count(*) FROM inbound_file WHERE state = 'RECEIVED'",
        "files to send": "SELECT count(*) FROM outbound_file"
        " WHERE state IN ('BUNDLED', 'RESERVED', 'STAGING', 'STAGED', 'RENAMING')",
        "drafts asked for": "SELECT count(*) FROM claim WHERE requested",
    }
    given = {"org": tx.org_id, "for_ever": list(FOR_EVER)}
    found = {what: int(tx.value(statement, **given) or 0) for what, statement in counts.items()}
    return [f"{count} {what}" for what, count in found.items() if count]


def delivered(tx: Tenant, mailbox_name: str) -> set[str]:
    """Names of the partner's files that we have taken in."""
    rows = tx.rows(
        "SELECT DISTINCT d.name FROM delivery d JOIN mailbox m ON m.id = d.mailbox_id"
        " WHERE m.name = :name AND d.inbound_file_id IS NOT NULL",
        name=mailbox_name,
    )
    return {row.name for row in rows}
