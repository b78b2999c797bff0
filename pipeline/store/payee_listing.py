"""Payees as people see them: of an account the last four digits, of names what the tenant itself has given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.domain.payment import PayeeKind
from pipeline.store import payees, reasons
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A payee in a line. `state` is that of the bank details that are paid to, or else of the newest; `proposed` wait."""

    id: int
    kind: str
    name: str
    sec: str | None
    account_last4: str | None
    state: str | None
    proposed: int
    hold: str | None


_LISTED = (
    "SELECT y.id, y.kind, y.name, y.sec, d.account_last4, d.state, (SELECT count(*) FROM bank_details v"  # noqa: S608 - ours
    "   WHERE v.payee_id = y.id AND v.state = 'PROPOSED') AS proposed,"
    f" coalesce(y.hold, CASE WHEN {payees.NAME_FREE} THEN NULL ELSE 'name' END) AS hold FROM payee y"
    " LEFT JOIN LATERAL (SELECT account_last4, state FROM bank_details b WHERE b.payee_id = y.id"
    "   ORDER BY b.state = 'ACTIVE' DESC, b.version DESC LIMIT 1) AS d ON true WHERE y.org_id = :org"
)


def listed(tx: Tenant, kind: PayeeKind | None, most: int) -> list[Listed]:
    """The newest first; `kind` None: every one."""
    rows = tx.rows(
        f"{_LISTED} AND (CAST(:kind AS text) IS NULL OR y.kind = :kind) ORDER BY y.id DESC LIMIT :most",
        org=tx.org_id,
        kind=None if kind is None else str(kind),
        most=most,
    )
    return [_listed(tx, row) for row in rows]


def _listed(tx: Tenant, row: Any) -> Listed:
    name = tx.keys.open("payee", "name", row.id, bytes(row.name)).decode()
    return Listed(**{**row._mapping, "name": name})  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """A version of the bank details; `stood_up` are the people who stand up for it."""

    id: int
    version: int
    state: str
    account_last4: str
    account_type: str
    source: str
    proposed_by: str
    created_at: datetime
    needed: int
    stood_up: tuple[str, ...]
    confirmed_at: datetime | None
    hold_until: datetime | None
    prenote: str
    prenote_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPayment:
    id: int
    kind: str
    obligation: str
    amount_cents: int
    state: str
    details_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was done to the payee or to a version: of the history, or a person's with his reason."""

    at: datetime
    actor: str
    what: str
    details_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All there is to a payee; `hold_note` is why he is on hold, in people's words."""

    payee: Listed
    held_by: str | None
    hold_note: str
    versions: Sequence[ShownVersion]
    payments: Sequence[ShownPayment]
    acts: Sequence[Act]


def shown(tx: Tenant, payee_id: int) -> Shown | None:
    row: Any = tx.first(f"{_LISTED} AND y.id = :id", org=tx.org_id, id=payee_id)
    if row is None:
        return None
    held: Any = tx.first("SELECT held_by, hold_note FROM payee WHERE id = :id", id=payee_id)
    note = held.hold_note and tx.keys.open("payee", "hold_note", payee_id, bytes(held.hold_note)).decode()
    return Shown(
        _listed(tx, row),
        held.held_by,
        note or "",
        _versions(tx, payee_id),
        _payments(tx, payee_id),
        _acts(tx, payee_id),
    )


def _versions(tx: Tenant, payee_id: int) -> list[ShownVersion]:
    rows = tx.rows(
        "SELECT d.id, d.version, d.state, d.details, d.account_last4, d.source, d.proposed_by, d.created_at, d.needed,"
        " ARRAY(SELECT n.name FROM details_consent c JOIN principal n ON n.id = c.principal_id WHERE c.details_id = d.id"
        "   ORDER BY c.id) AS stood_up, d.confirmed_at, d.hold_until, d.prenote, d.prenote_until"
        " FROM bank_details d WHERE d.payee_id = :id ORDER BY d.version",
        id=payee_id,
    )
    return [_version(tx, row) for row in rows]


def _version(tx: Tenant, row: Any) -> ShownVersion:
    told = dict(row._mapping)  # noqa: SLF001
    account_type = payees.opened(tx, row.id, told.pop("details")).account_type
    return ShownVersion(**{**told, "stood_up": tuple(row.stood_up), "account_type": str(account_type)})


def _payments(tx: Tenant, payee_id: int) -> list[ShownPayment]:
    rows = tx.rows(
        "SELECT id, kind, obligation, amount_cents, state, details_id FROM payment WHERE payee_id = :id ORDER BY id",
        id=payee_id,
    )
    return [ShownPayment(**row._mapping) for row in rows]  # noqa: SLF001


_LOOKING = ("payee.show", "payee.list")


def _acts(tx: Tenant, payee_id: int) -> list[Act]:
    """Histories of the versions and what people did, oldest first; who only looked is left out."""
    rows = tx.rows(
        "WITH mine AS (SELECT id FROM bank_details WHERE payee_id = :id)"
        " SELECT h.at, h.actor, h.event AS what, h.subject_kind AS kind, h.subject_id, h.detail, 0 AS rank, h.id"
        " FROM history h JOIN mine m ON m.id = h.subject_id WHERE h.org_id = :org AND h.subject_kind = 'bank_details'"
        " UNION ALL SELECT a.at, a.actor, a.action, a.subject_kind, a.subject_id, a.detail, 1, a.id FROM audit a"
        " WHERE a.org_id = :org AND a.action <> ALL(CAST(:looking AS text[])) AND (a.subject_kind = 'payee' AND"
        "   a.subject_id = :id OR a.subject_kind = 'bank_details' AND a.subject_id IN (SELECT id FROM mine))"
        " ORDER BY at, rank, id",
        id=payee_id,
        org=tx.org_id,
        looking=list(_LOOKING),
    )
    return [
        Act(
            at=row.at,
            actor=row.actor,
            what=row.what,
            details_id=row.subject_id if row.kind == "bank_details" else None,
            reason=reasons.opened(tx, row.kind, row.subject_id, row.detail),
        )
        for row in rows
    ]
