"""Where the claim of a decision is looked for that bears no number we know; and the decisions that found none.

Only claims that have left are candidates: of others no payer can have decided. Each way is an index (`ix_claim_member`,
`ix_claim_service`, that of CLM01), so that the number of claims at rest does not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.domain.claim_scoring import OurClaim
from pipeline.domain.remittance import PREMIUMS, REMITTED
from pipeline.store.arrays import array
from pipeline.store.database import Tenant
from pipeline.store.files import NOT_LEFT
from pipeline.store.remittances import segment_name

MOST = 25
"""So many claims at most of one member, the nearest days first, or of one day and charge, the newest first.

A claim that is left out because of that cannot make another seem the only one: of one day and charge alone none reaches
the threshold, and nobody has as many claims of one day.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look for: claim numbers (CLM01), blind indexes of member ids, the first day of service and the charge."""

    decision_id: int
    numbers: frozenset[str]
    member_indexes: frozenset[bytes] = field(repr=False)
    service_from: date | None
    charge_cents: int


_LEFT = (
    "EXISTS (SELECT 1 FROM submission s JOIN outbound_file f ON f.id = s.file_id"
    " WHERE s.claim_id = c.id AND s.state <> 'WITHDRAWN' AND f.state <> ALL(CAST(:not_left AS text[])))"
)
_CLAIM = "id AS claim_id, {0}.clm01, {0}.version, {0}.state, {0}.charge_cents, {0}.service_from, {0}.member_hmac"
CANDIDATES = (
    # Every branch brings what is asked for: one more look at `claim` by id would be planned as a scan of all of it.
    f"SELECT g.id AS decision_id, c.{_CLAIM.format('c')} FROM unnest(CAST(:number_ids AS bigint[]),"  # noqa: S608 - ours
    "  CAST(:numbers AS text[])) AS g(id, number)"
    f" JOIN claim c ON c.clm01 = g.number WHERE c.org_id = :org AND {_LEFT}"
    " UNION"
    f" SELECT g.id, n.{_CLAIM.format('n')} FROM unnest(CAST(:member_ids AS bigint[]), CAST(:members AS bytea[]),"
    "  CAST(:member_days AS date[])) AS g(id, member, day) CROSS JOIN LATERAL ("
    f"  SELECT c.* FROM claim c WHERE c.org_id = :org AND c.member_hmac = g.member AND {_LEFT}"
    "   ORDER BY abs(c.service_from - g.day), c.id DESC LIMIT :most) n"
    " UNION"
    f" SELECT g.id, n.{_CLAIM.format('n')} FROM unnest(CAST(:day_ids AS bigint[]), CAST(:days AS date[]),"
    "  CAST(:charges AS bigint[])) AS g(id, day, charge) CROSS JOIN LATERAL ("
    "  SELECT c.* FROM claim c WHERE c.org_id = :org AND c.service_from = g.day AND c.charge_cents = g.charge"
    f"   AND {_LEFT} ORDER BY c.id DESC LIMIT :most) n"
    " ORDER BY decision_id, claim_id"
)


def parameters(tx: Tenant, wanted: Sequence[Wanted]) -> dict[str, Any]:
    """What `CANDIDATES` asks for."""
    numbers = [(one.decision_id, number) for one in wanted for number in sorted(one.numbers)]
    members = [(one, member) for one in wanted for member in sorted(one.member_indexes)]
    days = [one for one in wanted if one.service_from is not None]
    return {
        "org": tx.org_id,
        "most": MOST,
        "not_left": list(NOT_LEFT),
        "number_ids": array("bigint", [decision_id for decision_id, _ in numbers]),
        "numbers": array("text", [number for _, number in numbers]),
        "member_ids": array("bigint", [one.decision_id for one, _ in members]),
        "members": [member for _, member in members],
        "member_days": [one.service_from for one, _ in members],
        "day_ids": array("bigint", [one.decision_id for one in days]),
        "days": [one.service_from for one in days],
        "charges": array("bigint", [one.charge_cents for one in days]),
    }


def candidates(tx: Tenant, wanted: Sequence[Wanted]) -> dict[int, list[OurClaim]]:
    """Claims that each decision may be about, by its id, in the order of claim ids; still sealed."""
    found: dict[int, list[OurClaim]] = {}
    for row in tx.rows(CANDIDATES, **parameters(tx, wanted)) if wanted else ():
        claim = OurClaim(
            claim_id=row.claim_id,
            clm01=row.clm01,
            version=row.version,
            state=row.state,
            charge_cents=row.charge_cents,
            service_from=row.service_from,
            member_index=None if row.member_hmac is None else bytes(row.member_hmac),
        )
        found.setdefault(row.decision_id, []).append(claim)
    return found


def payer_names(tx: Tenant, decision_ids: Iterable[int]) -> dict[int, str | None]:
    """The payer of each decision, as its remittance names it."""
    rows = tx.rows(
        "SELECT c.id, r.payer_name FROM remittance_claim c JOIN remittance r ON r.id = c.remittance_id"
        " WHERE c.id = ANY(CAST(:ids AS bigint[]))",
        ids=list(decision_ids),
    )
    return {row.id: row.payer_name for row in rows}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A posted decision, or item of an 820, that names no claim of ours; its money is in unapplied cash.

    Premiums of an 820 lie there too, and look for no claim: they are not among these.
    """

    id: int
    clp01: str
    payer_control_number: str | None
    status: str
    verdict: str
    charge_cents: int
    paid_cents: int
    service_from: date | None
    segment: int
    payer_name: str | None
    trace_number: str
    payment_date: date | None
    file_ref: str  # as `files` and `export` name it
    received_file: str

    @property
    def is_item(self) -> bool:
        """Whether it is an item of an 820."""
        return self.status == REMITTED

    @property
    def segment_name(self) -> str:
        return segment_name(self.status)


_UNMATCHED = (
    "SELECT c.id, c.clp01, c.payer_control_number, c.status, c.verdict, c.charge_cents, c.paid_cents, c.service_from,"
    " c.segment, r.payer_name, r.trace_number, r.payment_date, 'I' || i.id AS file_ref, i.name AS received_file"
    " FROM remittance_claim c JOIN remittance r ON r.id = c.remittance_id JOIN inbound_file i ON i.id = r.inbound_file_id"
    " WHERE c.org_id = :org AND c.claim_id IS NULL AND c.status <> :premiums AND r.state IN ('POSTED', 'MATCHED')"
)


def unmatched(tx: Tenant, limit: int) -> list[Unmatched]:
    """The oldest first, at most `limit`."""
    rows = tx.rows(f"{_UNMATCHED} ORDER BY c.id LIMIT :limit", org=tx.org_id, premiums=PREMIUMS, limit=limit)
    return [Unmatched(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def one_unmatched(tx: Tenant, decision_id: int) -> Unmatched | None:
    """None where there is no such decision, or it has its claim."""
    row = tx.first(f"{_UNMATCHED} AND c.id = :id", org=tx.org_id, premiums=PREMIUMS, id=decision_id)
    return None if row is None else Unmatched(**row._mapping)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class UnmatchedTotal:
    decisions: int
    paid_cents: int


def unmatched_total(tx: Tenant) -> UnmatchedTotal:
    """All of them together, however many are listed."""
    row = tx.first(
        f"SELECT count(*) AS decisions, coalesce(sum(paid_cents), 0) AS cents FROM ({_UNMATCHED}) u",  # noqa: S608
        org=tx.org_id,
        premiums=PREMIUMS,
    )
    assert row is not None
    return UnmatchedTotal(row.decisions, int(row.cents))
