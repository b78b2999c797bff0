"""The exception queue as people work it: find, look, and what each of them does, with a note of it.

What a person writes is sealed: people write names. Business time decides what is overdue; age is real time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from pipeline.domain import exception_types
from pipeline.domain.errors import Collision
from pipeline.domain.exception_types import ExceptionType
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which exceptions; what is None narrows nothing, and all that is given must hold."""

    state: str | None = "OPEN"  # or RESOLVED
    types: Sequence[str] | None = None
    severities: Sequence[str] | None = None
    roles: Sequence[str] | None = None  # whose work the type is
    owner: str | None = None
    unowned: bool = False
    subject: tuple[str, int] | None = None  # kind and row id
    clm01: str | None = None  # of the claim that it is about, or that its payment or decision is about
    overdue: bool = False
    money_from_cents: int | None = None
    money_to_cents: int | None = None
    older_than_s: float | None = None
    ids: Sequence[int] | None = None

    @property
    def narrows(self) -> bool:
        """False where it would take the whole queue."""
        return self != Wanted(state=self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One exception as it stands in the list. `key` is what it was sorted by."""

    id: int
    type: str
    severity: str
    subject_kind: str
    subject_id: int
    clm01: str | None
    money_cents: int | None
    reason: str
    state: str
    owner: str | None
    due_at: datetime | None
    created_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    overdue: bool
    key: int

    @property
    def kind(self) -> ExceptionType:
        return exception_types.of(self.type)


SORTS = {
    "severity": "CASE x.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END",
    "due": "coalesce(CAST(extract(epoch FROM x.due_at) * 1000000 AS bigint), 9223372036854775807)",
    "money": "-coalesce(abs(x.money_cents), -1)",
    "age": "x.id",
}
"""By what the list may be sorted: the gravest, the soonest due, the most money, the oldest first; then by id."""

_OVERDUE = "(x.state = 'OPEN' AND coalesce(x.due_at < :now, false))"
_ITEM = (
    "SELECT x.id, x.type, x.severity, x.subject_kind, x.subject_id, c.clm01, x.money_cents, x.reason, x.state, x.owner,"
    " x.due_at, x.created_at, x.resolved_at, x.resolution, {overdue} AS overdue, {key} AS key"
    " FROM work_exception x"
    " LEFT JOIN payment p ON x.subject_kind = 'payment' AND p.id = x.subject_id"
    " LEFT JOIN remittance_claim r ON x.subject_kind = 'remittance_claim' AND r.id = x.subject_id"
    " LEFT JOIN claim c ON c.id = CASE WHEN x.subject_kind = 'claim' THEN x.subject_id"
    "   ELSE coalesce(p.claim_id, r.claim_id) END"
    " WHERE x.org_id = :org"
)


def find(tx: Tenant, wanted: Wanted, sort: str, limit: int, after: tuple[int, int] | None) -> list[Item]:
    """At most `limit` of them in the order of `SORTS[sort]`, from behind the (key, id) `after`."""
    narrowed, parameters = _narrowed(wanted)
    if after is not None:
        narrowed.append(f"({SORTS[sort]}, x.id) > (:after_key, :after_id)")
        parameters |= {"after_key": after[0], "after_id": after[1]}
    chosen = _ITEM.format(key=SORTS[sort], overdue=_OVERDUE) + "".join(f" AND {one}" for one in narrowed)
    rows = tx.rows(
        f"{chosen} ORDER BY key, x.id LIMIT :limit",
        org=tx.org_id,
        now=tx.clock.now(),
        limit=limit,
        **parameters,
    )
    return [Item(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def _narrowed(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    """The conditions as SQL of ours, and the values that they take."""
    kind, subject_id = wanted.subject or (None, None)
    by_role = None if wanted.roles is None else exception_types.of_roles(wanted.roles)
    conditions = {
        "x.state = :state": ("state", wanted.state),
        "x.type = ANY(CAST(:types AS text[]))": ("types", _listed(wanted.types)),
        "x.type = ANY(CAST(:by_role AS text[]))": ("by_role", by_role),
        "x.severity = ANY(CAST(:severities AS text[]))": ("severities", _listed(wanted.severities)),
        "x.owner = :owner": ("owner", wanted.owner),
        "x.subject_kind = :kind": ("kind", kind),
        "x.subject_id = :subject": ("subject", subject_id),
        "c.clm01 = :clm01": ("clm01", wanted.clm01),
        "abs(x.money_cents) >= :money_from": ("money_from", wanted.money_from_cents),
        "abs(x.money_cents) <= :money_to": ("money_to", wanted.money_to_cents),
        "x.created_at < now() - make_interval(secs => :older)": ("older", wanted.older_than_s),
        "x.id = ANY(CAST(:ids AS bigint[]))": ("ids", _listed(wanted.ids)),
    }
    given = {sql: told for sql, told in conditions.items() if told[1] is not None}
    flags = [sql for sql, on in ((_OVERDUE, wanted.overdue), ("x.owner IS NULL", wanted.unowned)) if on]
    return [*given, *flags], dict(given.values())


def _listed(values: Sequence[Any] | None) -> list[Any] | None:
    return None if values is None else list(values)


@dataclass(frozen=True, slots=True)
class Queued:
    """How many are open of a type and severity, the money that hangs on them, and how many are overdue."""

    type: str
    severity: str
    count: int
    cents: int
    overdue: int


def queued(tx: Tenant) -> list[Queued]:
    rows = tx.rows(
        "SELECT type, severity, count(*) AS count, CAST(coalesce(sum(money_cents), 0) AS bigint) AS cents,"
        " count(*) FILTER (WHERE due_at < :now) AS overdue FROM work_exception"
        " WHERE org_id = :org AND state = 'OPEN' GROUP BY type, severity ORDER BY type, severity",
        org=tx.org_id,
        now=tx.clock.now(),
    )
    return [Queued(**row._mapping) for row in rows]  # noqa: SLF001


# -- one of them ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody did with an exception, and what was written; `ended`: the flow saw the cause end."""

    exception_id: int
    action: str
    actor: str
    at: datetime
    told: str | None


def findings(tx: Tenant, exception_id: int) -> bytes | None:
    """The findings of an exception as JSON; None where there are none."""
    sealed = tx.value(
        "SELECT findings FROM work_exception WHERE org_id = :org AND id = :id", org=tx.org_id, id=exception_id
    )
    return None if sealed is None else tx.keys.open("work_exception", "findings", exception_id, bytes(sealed))


def notes(tx: Tenant, exception_ids: Sequence[int]) -> list[Note]:
    """All notes of these, the oldest first."""
    rows = tx.rows(
        "SELECT id, exception_id, action, actor, at, told FROM exception_note WHERE org_id = :org"
        " AND exception_id = ANY(CAST(:ids AS bigint[])) ORDER BY id",
        org=tx.org_id,
        ids=list(exception_ids),
    )
    return [_note(tx, row) for row in rows]


def _note(tx: Tenant, row: Any) -> Note:
    told = None if row.told is None else tx.keys.open("exception_note", "told", row.id, bytes(row.told)).decode()
    return Note(exception_id=row.exception_id, action=row.action, actor=row.actor, at=row.at, told=told)


def write_notes(tx: Tenant, action: str, exception_ids: Sequence[int], told: str | None) -> None:
    """One note each in the name of the transaction's actor; what is told is sealed."""
    if not exception_ids:
        return
    ids = tx.ids("exception_note", len(exception_ids))
    sealed = [None if told is None else tx.keys.seal("exception_note", "told", i, told.encode()) for i in ids]
    tx.insert(
        "exception_note",
        {
            "id": ("bigint", ids),
            "exception_id": ("bigint", list(exception_ids)),
            "actor": ("text", [tx.actor] * len(ids)),
            "action": ("text", [action] * len(ids)),
            "told": ("bytea", sealed),
        },
    )


# -- what is done with them -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """An exception that nobody else changes before the transaction ends."""

    id: int
    type: str
    subject_kind: str
    subject_id: int
    state: str
    owner: str | None
    resolution: str | None
    twin_id: int | None
    """An open row of the same type and subject, where this one is resolved."""


def locked(tx: Tenant, exception_ids: Sequence[int]) -> Mapping[int, Locked]:
    """Those that there are, by id."""
    # Locked by a statement of its own: the next one sees what those have committed for whom this one had to wait.
    tx.rows(
        "SELECT id FROM work_exception WHERE org_id = :org AND id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE",
        org=tx.org_id,
        ids=list(exception_ids),
    )
    rows = tx.rows(
        "SELECT x.id, x.type, x.subject_kind, x.subject_id, x.state, x.owner, x.resolution, o.id AS twin_id"
        " FROM work_exception x LEFT JOIN work_exception o ON o.org_id = x.org_id AND o.type = x.type"
        "  AND o.subject_kind = x.subject_kind AND o.subject_id = x.subject_id AND o.state = 'OPEN' AND o.id <> x.id"
        " WHERE x.org_id = :org AND x.id = ANY(CAST(:ids AS bigint[])) ORDER BY x.id",
        org=tx.org_id,
        ids=list(exception_ids),
    )
    return {row.id: Locked(**row._mapping) for row in rows}  # noqa: SLF001


def give(tx: Tenant, exception_ids: Sequence[int], owner: str) -> None:
    """Open ones become this person's."""
    tx.run(
        "UPDATE work_exception SET owner = :owner WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'OPEN'",
        owner=owner,
        ids=list(exception_ids),
    )


def resolve(tx: Tenant, exception_ids: Sequence[int], resolution: str) -> None:
    """OPEN → RESOLVED by a person. `resolution` stands in clear: our words; the person's are in the note."""
    tx.run(
        "UPDATE work_exception SET state = 'RESOLVED', resolution = :resolution, resolved_at = now()"
        " WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'OPEN'",
        resolution=resolution,
        ids=list(exception_ids),
    )


def reopen(tx: Tenant, exception_ids: Sequence[int]) -> None:
    """RESOLVED → OPEN. Raises Collision where the flow has raised the same in this very moment."""
    try:
        tx.run(
            "UPDATE work_exception SET state = 'OPEN', resolution = NULL, resolved_at = NULL"
            " WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'RESOLVED'",
            ids=list(exception_ids),
        )
    except IntegrityError:
        raise Collision("the same exception was raised anew in this moment") from None
