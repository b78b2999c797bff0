"""Everything the record holds about one claim, under all its versions: the rows that `services.story` tells."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.store.database import Tenant
from pipeline.store.remittances import segment_name


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the claim; `document` is the claim's JSON, opened."""

    id: int
    clm01: str
    version: int
    frequency: str
    state: str
    payer_id: str
    charge_cents: int
    patient_paid_cents: int
    service_from: date | None
    next_step: str | None
    made_from_id: int | None
    document: bytes


@dataclass(frozen=True, slots=True)
class Related:
    """Ids of all that has to do with the claim, by kind."""

    claims: list[int]
    submissions: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    remittances: list[int] = field(default_factory=list)
    remittance_claims: list[int] = field(default_factory=list)
    deposits: list[int] = field(default_factory=list)
    payments: list[int] = field(default_factory=list)
    inquiries: list[int] = field(default_factory=list)

    def pairs(self, **kinds: list[int]) -> dict[str, list[Any]]:
        """Parameters :kinds and :ids for an unnest of (kind, id)."""
        flat = [(kind, one) for kind, ids in kinds.items() for one in ids]
        return {"kinds": [kind for kind, _ in flat], "ids": [one for _, one in flat]}


def versions(tx: Tenant, key: str) -> list[Version]:
    """The claim's versions, oldest first, by CLM01 or by the tenant's own id; empty when there is no such claim."""
    rows = tx.rows(
        "SELECT id, clm01, version, frequency, state, payer_id, charge_cents, patient_paid_cents, service_from, next_step,"
        " made_from_id, document"
        " FROM claim WHERE org_id = :org AND (clm01 = :key OR external_hmac = :external) ORDER BY version, id",
        org=tx.org_id,
        key=key,
        external=tx.keys.index("external", key),
    )
    return [_version(tx, row) for row in rows]


def _version(tx: Tenant, row: Any) -> Version:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Version(**{**values, "document": tx.keys.open("claim", "document", row.id, bytes(row.document))})


def related(tx: Tenant, claim_ids: list[int]) -> Related:
    """What hangs on these claim versions."""
    row = tx.first(
        "WITH c AS (SELECT unnest(CAST(:ids AS bigint[])) AS id),"
        " s AS (SELECT id, file_id FROM submission WHERE claim_id IN (SELECT id FROM c)),"
        " rc AS (SELECT id, remittance_id FROM remittance_claim WHERE claim_id IN (SELECT id FROM c)),"
        " p AS (SELECT id FROM payment WHERE claim_id IN (SELECT id FROM c)),"
        " f AS (SELECT file_id FROM s UNION SELECT file_id FROM payment_entry WHERE payment_id IN (SELECT id FROM p))"
        " SELECT ARRAY(SELECT id FROM s ORDER BY id) AS submissions,"
        " ARRAY(SELECT file_id FROM f ORDER BY file_id) AS files,"
        " ARRAY(SELECT DISTINCT remittance_id FROM rc ORDER BY remittance_id) AS remittances,"
        " ARRAY(SELECT id FROM rc ORDER BY id) AS remittance_claims,"
        " ARRAY(SELECT id FROM deposit WHERE remittance_id IN (SELECT remittance_id FROM rc) ORDER BY id) AS deposits,"
        " ARRAY(SELECT id FROM p ORDER BY id) AS payments,"
        " ARRAY(SELECT id FROM inquiry WHERE claim_id IN (SELECT id FROM c) ORDER BY id) AS inquiries",
        ids=claim_ids,
    )
    assert row is not None
    return Related(claim_ids, **row._mapping)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Step:
    """One history row with the files it names. `numbers` are control numbers: the interchange's, then the set's."""

    id: int
    kind: str
    subject_id: int
    event: str
    state: str
    actor: str
    detail: str | None
    at: datetime
    business_at: datetime | None
    sent_file: str | None
    sent_kind: str | None
    control_number: int | None
    received_file: str | None
    received_kind: str | None
    within: str | None  # the zip that the received file came in
    trace_number: str | None  # TRN02, of remittances and deposits
    amount_cents: int | None  # of the same


def steps(tx: Tenant, about: Related) -> list[Step]:
    """The history of all of it, in the order in which it was written."""
    subjects = about.pairs(
        claim=about.claims,
        submission=about.submissions,
        file=about.files,
        remittance=about.remittances,
        deposit=about.deposits,
        payment=about.payments,
        inquiry=about.inquiries,
    )
    return _steps(tx, subjects)


def steps_of(tx: Tenant, kind: str, row_id: int) -> list[Step]:
    """The history of one row. A decision has none of its own: its remittance's is told."""
    if kind == "remittance_claim":
        within = tx.value("SELECT remittance_id FROM remittance_claim WHERE id = :id", id=row_id)
        return _steps(tx, {"kinds": ["remittance"], "ids": [within]})
    return _steps(tx, {"kinds": [kind], "ids": [row_id]})


def _steps(tx: Tenant, subjects: dict[str, list[Any]]) -> list[Step]:
    rows = tx.rows(
        "SELECT h.id, h.subject_kind AS kind, h.subject_id, h.event, h.state, h.actor, h.detail, h.at, h.business_at,"
        " f.name AS sent_file, f.kind AS sent_kind, f.control_number,"
        " i.name AS received_file, i.kind AS received_kind, z.name AS within,"
        " coalesce(r.trace_number, d.trace_number) AS trace_number,"
        " coalesce(r.amount_cents, d.amount_cents) AS amount_cents"
        " FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS bigint[])) AS g(kind, id)"
        " JOIN history h ON h.subject_kind = g.kind AND h.subject_id = g.id"
        " LEFT JOIN outbound_file f ON f.id = CASE WHEN h.subject_kind = 'file' THEN h.subject_id ELSE h.file_id END"
        " LEFT JOIN inbound_file i ON i.id = h.inbound_file_id LEFT JOIN inbound_file z ON z.id = i.parent_id"
        " LEFT JOIN remittance r ON h.subject_kind = 'remittance' AND r.id = h.subject_id"
        " LEFT JOIN deposit d ON h.subject_kind = 'deposit' AND d.id = h.subject_id"
        " ORDER BY h.id",
        **subjects,
    )
    return [Step(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Try:
    """One submission: where in which file the claim went out, and what its answers said of it."""

    id: int
    claim_id: int
    attempt: int
    state: str
    file_name: str
    control_number: int  # of the interchange
    set_control: str
    set_answer: str | None  # IK501
    clearinghouse_id: str | None
    payer_control_number: str | None
    status_codes: str | None


def tries(tx: Tenant, about: Related) -> list[Try]:
    rows = tx.rows(
        "SELECT s.id, s.claim_id, s.attempt, s.state, f.name AS file_name, f.control_number, t.control_number AS set_control,"
        " t.acknowledgment AS set_answer, s.clearinghouse_id, s.payer_control_number, s.status_codes"
        " FROM submission s JOIN transaction_set t ON t.id = s.set_id JOIN outbound_file f ON f.id = s.file_id"
        " WHERE s.id = ANY(CAST(:ids AS bigint[])) ORDER BY s.id",
        ids=about.submissions,
    )
    return [Try(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Decided:
    """One CLP about the claim. `explained` holds adjustments, remarks and lines as they were recorded."""

    id: int
    at: datetime
    segment: int
    number: str  # CLP01, or RMR02 of an item of an 820
    status: str
    verdict: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    payer_control_number: str | None
    payer_name: str | None
    trace_number: str
    payment_date: date | None
    received_file: str
    within: str | None
    explained: dict[str, Any]


def decided(tx: Tenant, about: Related) -> list[Decided]:
    rows = tx.rows(
        "SELECT rc.id, r.received_at AS at, rc.segment, rc.clp01 AS number, rc.status, rc.verdict, rc.charge_cents, rc.paid_cents,"
        " rc.patient_cents, rc.payer_control_number, r.payer_name, r.trace_number, r.payment_date,"
        " i.name AS received_file, z.name AS within, rc.adjustments AS explained"
        " FROM remittance_claim rc JOIN remittance r ON r.id = rc.remittance_id"
        " JOIN inbound_file i ON i.id = r.inbound_file_id LEFT JOIN inbound_file z ON z.id = i.parent_id"
        " WHERE rc.id = ANY(CAST(:ids AS bigint[])) ORDER BY rc.id",
        ids=about.remittance_claims,
    )
    return list(_opened(tx, rows))


def _opened(tx: Tenant, rows: Sequence[Any]) -> Iterator[Decided]:
    for row in rows:
        told = json.loads(tx.keys.open("remittance_claim", "adjustments", row.id, bytes(row.explained)))
        yield Decided(**{**row._mapping, "explained": told})  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Booked:
    """One journal with those of its entries that are about the claim: account and cents, debit positive."""

    id: int
    at: datetime
    business_date: date
    source_kind: str
    purpose: str
    segment: int | None
    segment_name: str  # of a decision's or an item's; PLB or ADX of what a remittance does beside them
    received_file: str | None
    entries: list[tuple[str, int]]


def booked(tx: Tenant, about: Related) -> list[Booked]:
    rows = tx.rows(
        "SELECT j.id, j.posted_at AS at, j.business_date, j.source_kind, j.purpose, j.segment, i.name AS received_file,"
        " rc.status,"
        " array_agg(e.account ORDER BY e.line) AS accounts, array_agg(e.amount_cents ORDER BY e.line) AS cents"
        " FROM entry e JOIN journal j ON j.id = e.journal_id LEFT JOIN inbound_file i ON i.id = j.inbound_file_id"
        " LEFT JOIN match_action a ON j.source_kind = 'match_action' AND a.id = j.source_id"
        " LEFT JOIN remittance_claim rc ON j.source_kind IN ('match_action', 'remittance_claim')"
        "   AND rc.id = CASE WHEN a.id IS NULL THEN j.source_id ELSE a.remittance_claim_id END"
        " WHERE e.claim_id = ANY(CAST(:ids AS bigint[]))"
        " GROUP BY j.id, i.name, rc.status ORDER BY j.id",
        ids=about.claims,
    )
    return [
        Booked(
            row.id,
            row.at,
            row.business_date,
            row.source_kind,
            row.purpose,
            row.segment,
            row.purpose.partition(" ")[0].upper() if row.status is None else segment_name(row.status),
            row.received_file,
            list(zip(row.accounts, row.cents, strict=True)),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who said yes or no to a payment."""

    payment_id: int
    name: str
    decision: str
    at: datetime


def approvals(tx: Tenant, about: Related) -> list[Decision]:
    rows = tx.rows(
        "SELECT a.payment_id, p.name, a.decision, a.decided_at AS at FROM approval a"
        " JOIN principal p ON p.id = a.principal_id WHERE a.payment_id = ANY(CAST(:ids AS bigint[])) ORDER BY a.id",
        ids=about.payments,
    )
    return [Decision(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment on the claim; of the payee nothing but the last four digits. `traces` are its NACHA entries'."""

    id: int
    kind: str
    state: str
    amount_cents: int
    account_last4: str
    rule: str | None
    prepared_by: str
    reason: str | None
    provisional_until: date | None
    traces: list[str]


def paid(tx: Tenant, about: Related) -> list[Paid]:
    rows = tx.rows(
        "SELECT p.id, p.kind, p.state, p.amount_cents, p.account_last4, p.rule, p.prepared_by, p.reason,"
        " p.provisional_until,"
        " ARRAY(SELECT trace FROM payment_entry e WHERE e.payment_id = p.id ORDER BY e.id) AS traces"
        " FROM payment p WHERE p.id = ANY(CAST(:ids AS bigint[])) ORDER BY p.id",
        ids=about.payments,
    )
    return [Paid(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception about the claim or something of it, with its findings."""

    id: int
    type: str
    severity: str
    subject_kind: str
    subject_id: int
    money_cents: int | None
    reason: str
    state: str
    resolution: str | None
    created_at: datetime
    resolved_at: datetime | None
    findings: list[dict[str, Any]]


def raised(tx: Tenant, about: Related) -> list[Raised]:
    subjects = about.pairs(
        claim=about.claims,
        file=about.files,
        remittance=about.remittances,
        remittance_claim=about.remittance_claims,
        deposit=about.deposits,
        payment=about.payments,
    )
    rows = tx.rows(
        "SELECT x.id, x.type, x.severity, x.subject_kind, x.subject_id, x.money_cents, x.reason, x.state, x.resolution,"
        " x.created_at, x.resolved_at, x.findings"
        " FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS bigint[])) AS g(kind, id)"
        " JOIN work_exception x ON x.subject_kind = g.kind AND x.subject_id = g.id WHERE x.org_id = :org ORDER BY x.id",
        org=tx.org_id,
        **subjects,
    )
    return [Raised(**{**row._mapping, "findings": _findings(tx, row)}) for row in rows]  # noqa: SLF001


def _findings(tx: Tenant, row: Any) -> list[dict[str, Any]]:
    if row.findings is None:
        return []
    told: list[dict[str, Any]] = json.loads(tx.keys.open("work_exception", "findings", row.id, bytes(row.findings)))
    return told
