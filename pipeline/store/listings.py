"""What people list: open exceptions, files, overdue work. Only what stands in clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.store.database import Queries, Tenant


@dataclass(frozen=True, slots=True)
class OpenException:
    id: int
    type: str
    severity: str
    subject_kind: str
    subject_id: int
    clm01: str | None  # of the claim that it is about, or that its payment or decision is about
    money_cents: int | None
    reason: str
    created_at: datetime


def open_exceptions(tx: Tenant, limit: int) -> list[OpenException]:
    """The oldest first, at most `limit`."""
    rows = tx.rows(
        "SELECT x.id, x.type, x.severity, x.subject_kind, x.subject_id, c.clm01, x.money_cents, x.reason, x.created_at"
        " FROM work_exception x"
        " LEFT JOIN payment p ON x.subject_kind = 'payment' AND p.id = x.subject_id"
        " LEFT JOIN remittance_claim r ON x.subject_kind = 'remittance_claim' AND r.id = x.subject_id"
        " LEFT JOIN claim c ON c.id = CASE WHEN x.subject_kind = 'claim' THEN x.subject_id"
        "   ELSE coalesce(p.claim_id, r.claim_id) END"
        " WHERE x.org_id = :org AND x.state = 'OPEN' ORDER BY x.id LIMIT :limit",
        org=tx.org_id,
        limit=limit,
    )
    return [OpenException(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of either direction. `ref` names it for `export`: O and I for out and in, and the row's id."""

    ref: str
    mailbox: str
    kind: str
    name: str
    within: str | None  # the zip that it came in
    control_number: int | None
    state: str
    claims: int | None
    amount_cents: int | None
    size: int | None
    sha256: str | None  # hexadecimal
    at: datetime  # sent, or made while it is not sent; received
    note: str | None  # why it waits or was set aside
    status: str | None = None  # of 837 files: what people call the batch
    waiting_h: int | None = None  # of those that are AWAITING: business hours since they were to leave
    rejected: int | None = None  # of 837 files: claims of it that were rejected


def files(tx: Tenant, limit: int) -> list[FileRow]:
    """Files of both directions, the newest `limit` of them, oldest first."""
    rows = tx.rows(
        "SELECT * FROM ("
        " SELECT 'O' || f.id AS ref, m.name AS mailbox, f.kind, f.name, NULL AS within, f.control_number, f.state,"
        "  f.claims, f.amount_cents, f.size, encode(f.sha256, 'hex') AS sha256, coalesce(f.sent_at, f.created_at) AS at,"
        "  f.last_error AS note FROM outbound_file f JOIN mailbox m ON m.id = f.mailbox_id WHERE f.org_id = :org"
        " UNION ALL"
        " SELECT 'I' || i.id, m.name, i.kind, i.name, z.name, NULL, i.state, NULL, NULL, i.size,"
        "  encode(i.sha256, 'hex'), i.received_at, i.reason FROM inbound_file i JOIN mailbox m ON m.id = i.mailbox_id"
        "  LEFT JOIN inbound_file z ON z.id = i.parent_id WHERE i.org_id = :org"
        " ORDER BY at DESC, ref DESC LIMIT :limit) newest ORDER BY at, ref",
        org=tx.org_id,
        limit=limit,
    )
    return [FileRow(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Batch:
    """An 837 file as what people call a batch: its claims counted by the state of their submission in it."""

    file_id: int
    state: str
    due: datetime | None
    """Business time when it was to leave."""
    answered: bool
    submissions: dict[str, int]


def batches(tx: Tenant, file_ids: Sequence[int]) -> list[Batch]:
    """Those of these files that are 837 files."""
    rows = tx.rows(
        "SELECT f.id AS file_id, f.state, f.business_at AS due, f.answered_at IS NOT NULL AS answered, s.state AS rung,"
        " count(s.id) AS n FROM outbound_file f LEFT JOIN submission s ON s.file_id = f.id"
        " WHERE f.id = ANY(CAST(:ids AS bigint[])) AND f.kind IN ('837P', '837I') GROUP BY f.id, s.state ORDER BY f.id",
        ids=list(file_ids),
    )
    found: dict[int, Batch] = {}
    for row in rows:
        batch = found.setdefault(row.file_id, Batch(row.file_id, row.state, row.due, row.answered, {}))
        if row.rung is not None:
            batch.submissions[row.rung] = row.n
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Overdue:
    stage: str
    rows: int
    oldest_s: float
    """Seconds since the oldest of them was due, by the database's clock."""


def overdue(tx: Queries, older_than_s: float) -> list[Overdue]:
    """Due work of all tenants that nobody has done for so long, by stage."""
    rows = tx.rows(
        "SELECT stage, count(*) AS rows_, extract(epoch FROM now() - min(due_at)) AS oldest_s FROM due_work"
        " WHERE due_at < now() - make_interval(secs => :age) GROUP BY stage ORDER BY stage",
        age=older_than_s,
    )
    return [Overdue(row.stage, row.rows_, float(row.oldest_s)) for row in rows]
