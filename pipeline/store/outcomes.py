"""What went out and came in, counted for comparison with the outside's own books."""

from collections import Counter
from typing import Any

from pipeline.store.database import Tenant


def arrived_claims(tx: Tenant) -> Counter[Any]:
    """(CLM01, frequency) of every claim version in a file that left, but for the sets that were rejected.

    Each version counts once, however often it was sent.
    """
    return _submitted("DISTINCT c.id,", "s.state NOT IN ('WITHDRAWN', 'SET_REJECTED')", tx)


def lost_claims(tx: Tenant) -> Counter[Any]:
    """(CLM01, frequency) of every submission in a set that was rejected."""
    return _submitted("", "s.state = 'SET_REJECTED'", tx)


def _submitted(distinct: str, where: str, tx: Tenant) -> Counter[Any]:
    rows = tx.rows(
        f"SELECT {distinct} c.clm01, c.frequency FROM submission s JOIN claim c ON c.id = s.claim_id"  # noqa: S608 - ours
        " JOIN outbound_file f ON f.id = s.file_id"
        f" WHERE {where} AND f.state IN ('SENT', 'ACCEPTED', 'REJECTED')"
    )
    return Counter((row.clm01, row.frequency) for row in rows)


def sent_payments(tx: Tenant) -> Counter[Any]:
    """(trace, cents) of every entry in a file that the bank took, but for batches that it refused."""
    return Counter(
        (row.trace, row.amount_cents)
        for row in tx.rows(
            "SELECT e.trace, e.amount_cents FROM payment_entry e JOIN outbound_file f ON f.id = e.file_id"
            " WHERE f.kind = 'ACH' AND f.state IN ('SENT', 'ACCEPTED') AND e.live"
        )
    )


def remittances(tx: Tenant) -> Counter[Any]:
    """(trace, cents) of every remittance that was posted."""
    return Counter(
        (row.trace_number, row.amount_cents)
        for row in tx.rows("SELECT trace_number, amount_cents FROM remittance WHERE state IN ('POSTED', 'MATCHED')")
    )


def unpostable_remittances(tx: Tenant) -> Counter[Any]:
    """(trace, cents, why) of every remittance that was recorded and must not post: duplicate, unbalanced, conflict."""
    return Counter(
        (row.trace_number, row.amount_cents, row.why)
        for row in tx.rows(
            "SELECT trace_number, amount_cents, lower(state) AS why FROM remittance"
            " WHERE state IN ('DUPLICATE', 'UNBALANCED', 'CONFLICT')"
        )
    )


def deposits(tx: Tenant) -> Counter[Any]:
    """(TRN02, cents) of every deposit the bank reported."""
    return Counter(
        (row.trace_number, row.amount_cents) for row in tx.rows("SELECT trace_number, amount_cents FROM deposit")
    )
