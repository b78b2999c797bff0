"""The versions of a claim: what went before one, and what becomes of those that another one takes the place of."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.domain.chain import Earlier
from pipeline.domain.next_step import NextStep
from pipeline.domain.states import Kind
from pipeline.store import exceptions, secondaries, transitions
from pipeline.store.arrays import array
from pipeline.store.database import Tenant

_OF_A_VERSION = (
    "edit_failed",
    "set_rejected",
    "tries_exhausted",
    "claim_rejected",
    "claim_not_found",
    "status_window_over",
    "information_requested",
    "finalised_without_835",
    "denied",
)
"""Exceptions that ask for something to be done with one version; what is about money stays."""

_FIRST_V, _FIRST_N = (f"NOT {secondaries.ASKS_LATER.format(alias)}" for alias in "vn")
"""Versions that ask the claim's first payer: what later ones are asked is another matter."""


def earlier(tx: Tenant, claim_ids: Sequence[int]) -> dict[int, list[Earlier]]:
    """Of each of these versions those before it that ask the same payer, oldest first; one that is the first is absent."""
    rows = tx.rows(
        "SELECT n.id, v.version, v.frequency, v.state,"  # noqa: S608 - ours
        " ARRAY(SELECT s.state FROM submission s WHERE s.claim_id = v.id AND s.state <> 'WITHDRAWN' ORDER BY s.attempt)"
        "   AS tries,"
        " ARRAY(SELECT s.payer_control_number FROM submission s WHERE s.claim_id = v.id"
        "   AND s.payer_control_number IS NOT NULL AND s.state NOT LIKE '%REJECTED' ORDER BY s.attempt) AS by_status,"
        " ARRAY(SELECT rc.payer_control_number FROM remittance_claim rc WHERE rc.claim_id = v.id"
        "   AND rc.payer_control_number IS NOT NULL ORDER BY rc.id) AS by_remittance"
        f" FROM claim n JOIN claim v ON v.clm01 = n.clm01 AND v.version < n.version AND {_FIRST_V}"
        f" WHERE n.id = ANY(CAST(:ids AS bigint[])) AND {_FIRST_N} ORDER BY n.id, v.version",
        ids=array("bigint", claim_ids),
    )
    found: dict[int, list[Earlier]] = {}
    for row in rows:
        one = Earlier(
            version=row.version,
            frequency=row.frequency,
            state=row.state,
            tries=row.tries,
            by_status=row.by_status,
            by_remittance=row.by_remittance,
        )
        found.setdefault(row.id, []).append(one)
    return found


def replaced(tx: Tenant, newer_ids: Sequence[int], business_at: datetime) -> list[int]:
    """Versions that these take the place of stand no longer: the payer has the newer one. A void replaces nothing.

    Gives those that stood until now.
    """
    rows = tx.rows(
        "SELECT v.id, max(n.version) AS by_version FROM claim n JOIN claim v ON v.clm01 = n.clm01"  # noqa: S608 - ours
        f" AND v.version < n.version AND {_FIRST_V}"
        f" WHERE n.id = ANY(CAST(:ids AS bigint[])) AND {_FIRST_N} AND n.frequency <> '8'"
        " GROUP BY v.id ORDER BY v.id",
        ids=array("bigint", newer_ids),
    )
    why = {row.id: f"replaced by version {row.by_version}" for row in rows}
    return _stand_no_more(tx, "replaced", why, business_at)


def voids(tx: Tenant, claim_ids: Sequence[int]) -> dict[int, int]:
    """Voids that are on their way, or are these claims themselves, with the first version of each."""
    rows = tx.rows(
        "SELECT DISTINCT v.id, coalesce(v.first_id, v.id) AS books_id FROM claim c JOIN claim v ON v.clm01 = c.clm01"  # noqa: S608 - ours
        " WHERE c.id = ANY(CAST(:ids AS bigint[])) AND v.frequency = '8' AND v.state = 'SUBMITTED'"
        f" AND {_FIRST_V}"
        " AND NOT EXISTS (SELECT 1 FROM claim l WHERE l.clm01 = v.clm01 AND l.version > v.version"
        "   AND l.state NOT IN ('DRAFT', 'READY', 'EDIT_FAILED', 'SET_ASIDE')) ORDER BY v.id",
        ids=array("bigint", claim_ids),
    )
    return {row.id: row.books_id for row in rows}


def unpaid(tx: Tenant, books_ids: Sequence[int]) -> set[int]:
    """Claims of these (first versions) on which the payer has paid nothing, or has taken all of it back."""
    rows = tx.rows(
        "SELECT g.id FROM unnest(CAST(:ids AS bigint[])) AS g(id) WHERE 0 >= (SELECT coalesce(sum(rc.paid_cents), 0)"  # noqa: S608 - ours
        " FROM claim b JOIN claim v ON v.clm01 = b.clm01 JOIN remittance_claim rc ON rc.claim_id = v.id"
        f" WHERE b.id = g.id AND rc.verdict <> 'forwarded' AND {_FIRST_V})",
        ids=array("bigint", books_ids),
    )
    return {row.id for row in rows}


def voided(tx: Tenant, void_ids: Sequence[int], business_at: datetime) -> list[int]:
    """The voids are done: the versions before them are withdrawn, and there is nothing more to come. Gives all of these."""
    rows = tx.rows(
        "SELECT v.id, max(n.version) AS by_version FROM claim n JOIN claim v ON v.clm01 = n.clm01"  # noqa: S608 - ours
        f" AND v.version <= n.version AND {_FIRST_V} WHERE n.id = ANY(CAST(:ids AS bigint[]))"
        " GROUP BY v.id ORDER BY v.id",
        ids=array("bigint", void_ids),
    )
    return _stand_no_more(tx, "voided", {row.id: f"voided by version {row.by_version}" for row in rows}, business_at)


def rejected_before(tx: Tenant, newer_ids: Sequence[int], business_at: datetime) -> None:
    """What was rejected is given up as soon as another version is stored: nobody sends it again."""
    rows = tx.rows(
        "SELECT v.id, n.version AS by_version FROM claim n JOIN claim v ON v.clm01 = n.clm01 AND v.version < n.version"
        " WHERE n.id = ANY(CAST(:ids AS bigint[])) AND v.state = 'REJECTED' ORDER BY v.id",
        ids=array("bigint", newer_ids),
    )
    _stand_no_more(tx, "replaced", {row.id: f"replaced by version {row.by_version}" for row in rows}, business_at)


def _stand_no_more(tx: Tenant, event: str, why: dict[int, str], business_at: datetime) -> list[int]:
    ids = list(why)
    moved = transitions.move(
        tx,
        Kind.CLAIM,
        ids,
        event,
        assign="next_step = NULL, lot_id = NULL",
        detail=list(why.values()),
        business_at=business_at,
    )
    by_reason: dict[str, list[int]] = {}
    for claim_id in moved:
        by_reason.setdefault(why[claim_id], []).append(claim_id)
    for reason, of_reason in by_reason.items():
        exceptions.close(tx, _OF_A_VERSION, "claim", of_reason, f"the claim was {reason}")
    return moved


def asked_anew(tx: Tenant, newer_ids: Sequence[int]) -> None:
    """What earlier versions had open waits for the payer, since these ask him anew."""
    rows = tx.rows(
        "SELECT DISTINCT v.id FROM claim n JOIN claim v ON v.clm01 = n.clm01 AND v.version < n.version"  # noqa: S608 - ours
        f" AND {_FIRST_V} WHERE n.id = ANY(CAST(:ids AS bigint[])) AND {_FIRST_N} ORDER BY v.id",
        ids=array("bigint", newer_ids),
    )
    ids = [row.id for row in rows]
    tx.run(
        "UPDATE claim SET next_step = :step WHERE id = ANY(CAST(:ids AS bigint[])) AND next_step IS NOT NULL",
        ids=ids,
        step=str(NextStep.AWAIT_DECISION),
    )
    exceptions.close(tx, "denied", "claim", ids, "what was refused is asked for anew by a further version")
