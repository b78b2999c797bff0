"""Decisions after which the next payer is to be billed, and the claim versions that were made from decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.store.arrays import array
from pipeline.store.database import Tenant
from pipeline.store.files import HERE

STAGE = "coordinate"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a decision stands: the file that it came in, its set's position there, and the CLP's segment in the set."""

    decision_id: int
    inbound_file_id: int
    position: int
    segment: int


def waiting(tx: Tenant, decision_id: int, limit: int = 500) -> list[Source]:
    """What waits of the set that this decision stands in, itself among it, in its order; nothing once that is done."""
    rows = tx.rows(
        "SELECT rc.id AS decision_id, r.inbound_file_id, r.position, rc.segment FROM remittance_claim d"
        " JOIN remittance r ON r.id = d.remittance_id JOIN remittance_claim rc ON rc.remittance_id = r.id"
        " JOIN due_work w ON w.stage = :stage AND w.subject_id = rc.id AND w.org_id = :org"
        " WHERE d.org_id = :org AND d.id = :id ORDER BY rc.id <> :id, rc.segment LIMIT :limit",
        stage=STAGE,
        org=tx.org_id,
        id=decision_id,
        limit=limit,
    )
    return [Source(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def source(tx: Tenant, decision_id: int) -> Source:
    row = tx.first(
        "SELECT rc.id AS decision_id, r.inbound_file_id, r.position, rc.segment FROM remittance_claim rc"
        " JOIN remittance r ON r.id = rc.remittance_id WHERE rc.org_id = :org AND rc.id = :id",
        org=tx.org_id,
        id=decision_id,
    )
    assert row is not None
    return Source(**row._mapping)  # noqa: SLF001


def take(tx: Tenant, decision_ids: Sequence[int]) -> list[int]:
    """Those that still wait, for this transaction alone, in id order."""
    rows = tx.rows(
        "SELECT subject_id FROM due_work WHERE stage = :stage AND org_id = :org"
        " AND subject_id = ANY(CAST(:ids AS bigint[])) ORDER BY subject_id FOR UPDATE SKIP LOCKED",
        stage=STAGE,
        org=tx.org_id,
        ids=list(decision_ids),
    )
    return [row.subject_id for row in rows]


@dataclass(frozen=True, slots=True)
class Made:
    """A claim version for a later payer; `left`: a file with it has left, or is leaving."""

    id: int
    clm01: str
    version: int
    state: str
    payer_id: str
    made_from_id: int
    left: bool

    @property
    def stands(self) -> bool:
        """False where its ground was taken away before it had left."""
        return self.left or self.state != "HELD"


_MADE = (
    "SELECT m.id, m.clm01, m.version, m.state, m.payer_id, m.made_from_id,"  # noqa: S608 - ours
    " EXISTS (SELECT 1 FROM submission s JOIN outbound_file f ON f.id = s.file_id"
    f"  WHERE s.claim_id = m.id AND s.state <> 'WITHDRAWN' AND (NOT {HERE.format('f')} OR f.lease_until > now())) AS left FROM "
)


def stop_files(tx: Tenant, claim_ids: Sequence[int]) -> None:
    """Locks the files that have not left of what was made from decisions on these versions: none goes meanwhile."""
    tx.rows(
        "SELECT f.id FROM remittance_claim d JOIN claim m ON m.made_from_id = d.id"  # noqa: S608 - ours
        " JOIN submission s ON s.claim_id = m.id JOIN outbound_file f ON f.id = s.file_id"
        f" WHERE d.org_id = :org AND d.claim_id = ANY(CAST(:ids AS bigint[])) AND {HERE.format('f')}"
        " ORDER BY f.id FOR UPDATE OF f",
        org=tx.org_id,
        ids=array("bigint", claim_ids),
    )


def made_from(tx: Tenant, claim_ids: Sequence[int]) -> list[Made]:
    """What was made from decisions on these claim versions, oldest first; locked."""
    rows = tx.rows(
        f"{_MADE} remittance_claim d JOIN claim m ON m.made_from_id = d.id"
        " WHERE d.org_id = :org AND d.claim_id = ANY(CAST(:ids AS bigint[])) ORDER BY m.id FOR UPDATE OF m",
        org=tx.org_id,
        ids=array("bigint", claim_ids),
    )
    return [Made(**row._mapping) for row in rows]  # noqa: SLF001


def made_of(tx: Tenant, clm01s: Sequence[str]) -> dict[str, list[Made]]:
    """What was made of these claims for any later payer, by CLM01, oldest first; locked."""
    rows = tx.rows(
        f"{_MADE} claim m WHERE m.clm01 = ANY(CAST(:numbers AS text[])) AND m.made_from_id IS NOT NULL"
        " ORDER BY m.id FOR UPDATE OF m",
        numbers=array("text", clm01s),
    )
    found: dict[str, list[Made]] = {}
    for row in rows:
        found.setdefault(row.clm01, []).append(Made(**row._mapping))  # noqa: SLF001
    return found


ASKS_LATER = (
    "({0}.made_from_id IS NOT NULL OR ({0}.first_id IS NOT NULL"
    " AND {0}.payer_id <> (SELECT f.payer_id FROM claim f WHERE f.id = {0}.first_id)"
    " AND EXISTS (SELECT 1 FROM claim m WHERE m.clm01 = {0}.clm01 AND m.made_from_id IS NOT NULL"
    "  AND m.payer_id = {0}.payer_id)))"
)
"""Whether the claim under the given alias asks a payer after the first: made from an earlier one's decision, or in its place."""


def replacing_at_later_payers(tx: Tenant, claim_ids: Sequence[int]) -> set[int]:
    """Those of these further versions that go to a payer after the first."""
    rows = tx.rows(
        f"SELECT v.id FROM claim v WHERE v.id = ANY(CAST(:ids AS bigint[])) AND {ASKS_LATER.format('v')}",  # noqa: S608 - ours
        ids=array("bigint", claim_ids),
    )
    return {row.id for row in rows}


@dataclass(frozen=True, slots=True)
class Chain:
    """What the versions of a claim have in common: the latest one's number, and what the books go by."""

    version: int
    first_id: int
    form: str


def chains(tx: Tenant, clm01s: Sequence[str]) -> Mapping[str, Chain]:
    """By CLM01."""
    rows = tx.rows(
        "SELECT clm01, max(version) AS version, min(coalesce(first_id, id)) AS first_id, max(form) AS form FROM claim"
        " WHERE clm01 = ANY(CAST(:numbers AS text[])) GROUP BY clm01",
        numbers=array("text", clm01s),
    )
    return {row.clm01: Chain(row.version, row.first_id, row.form) for row in rows}
