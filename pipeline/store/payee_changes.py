"""What people decide about payees: who stands up for a version of bank details, what is on hold and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain.payment import Payee, PayeeKind
from pipeline.domain.states import Kind
from pipeline.store import audit, exceptions, payees, payments, refunds, transitions
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise

_OF_CLAIMS = ("refund_details_changed", "refund_details_unusable")
"""Exceptions of claims whose refund waits for bank details."""
_BY_PEOPLE = "payer_refund"
"""The kind of payment that nothing but a person proposes."""


# -- versions -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A version that is decided on, its payee locked.

    `changes`: the payee was paid elsewhere before; `held`: he, or his name, is on hold.
    """

    id: int
    payee_id: int
    kind: PayeeKind
    version: int
    state: str
    source: str
    proposed_by: str
    needed: int
    changes: bool
    held: bool


def for_decision(tx: Tenant, details_id: int) -> Deciding | None:
    """The version as it is once nobody else decides about its payee. Hold the tenant's money lock."""
    payee_id = tx.value(
        "SELECT payee_id FROM bank_details WHERE org_id = :org AND id = :id", org=tx.org_id, id=details_id
    )
    if payee_id is None:
        return None
    payees.lock_with_money(tx, [payee_id], _waiting_claims(tx))
    row: Any = tx.first(
        "SELECT d.id, d.payee_id, y.kind, d.version, d.state, d.source, d.proposed_by, d.needed,"  # noqa: S608 - ours
        " EXISTS (SELECT 1 FROM bank_details v WHERE v.payee_id = d.payee_id AND v.confirmed_at IS NOT NULL) AS changes,"
        f" {payees.HELD} AS held"
        " FROM bank_details d JOIN payee y ON y.id = d.payee_id WHERE d.id = :id",
        id=details_id,
    )
    return Deciding(**{**row._mapping, "kind": PayeeKind(row.kind)})  # noqa: SLF001 - SQLAlchemy's public name for it


def stand_up(tx: Tenant, details_id: int, principal_id: int) -> bool:
    """Notes that this person stands up for the version; False if he has before: nobody counts twice."""
    return bool(
        tx.run(
            "INSERT INTO details_consent (org_id, details_id, principal_id) VALUES (:org, :details, :who)"
            " ON CONFLICT DO NOTHING",
            org=tx.org_id,
            details=details_id,
            who=principal_id,
        )
    )


def standing_up(tx: Tenant, details_id: int) -> list[list[str]]:
    """The roles of each active person who stands up for the version."""
    rows = tx.rows(
        "SELECT n.roles FROM details_consent c JOIN principal n ON n.id = c.principal_id AND n.active"
        " WHERE c.details_id = :id ORDER BY c.id",
        id=details_id,
    )
    return [list(row.roles) for row in rows]


def endorsed(tx: Tenant, details_id: int, now: datetime) -> None:
    """One of those who must stand up has: noted in the history, nothing moves."""
    transitions.move(tx, Kind.DETAILS, [details_id], "endorsed", business_at=now)


def activate(tx: Tenant, one: Deciding, now: datetime, hold_until: datetime | None, *, prenote: bool) -> None:
    """PROPOSED → ACTIVE, in place of the version that was paid to and of what was proposed before it.

    What has not left for the old one is voided, and what is owed is proposed anew to the new one. Hold the money lock.
    """
    rows = tx.rows(
        "SELECT id FROM bank_details WHERE payee_id = :payee AND (state = 'ACTIVE' OR state = 'PROPOSED' AND version < :version)",
        payee=one.payee_id,
        version=one.version,
    )
    old = transitions.move(tx, Kind.DETAILS, [row.id for row in rows], "replaced", business_at=now)
    transitions.move(
        tx,
        Kind.DETAILS,
        [one.id],
        "confirmed",
        assign="confirmed_at = :now, hold_until = CAST(:hold AS timestamptz), prenote = :prenote",
        business_at=now,
        now=now,
        hold=hold_until,
        prenote="wanted" if prenote else "none",
    )
    _take_name(tx, one)
    reason = "its payee's bank details were changed"
    _tell_voided(tx, payees.void_unsent(tx, old, reason), reason)
    exceptions.close(tx, "payee_details_failed", "payee", [one.payee_id], f"bank details {one.id} were confirmed")
    decided(tx, one, "confirmed")


def _take_name(tx: Tenant, one: Deciding) -> None:
    """The payee is called as the holder of his account: holds on that name stop him."""
    row: Any = tx.first("SELECT id, details FROM bank_details WHERE id = :id", id=one.id)
    name = payees.opened(tx, row.id, row.details).name
    tx.run(
        "UPDATE payee SET name = :name, name_hmac = :index WHERE id = :id",
        name=tx.keys.seal("payee", "name", one.payee_id, name.encode()),
        index=payees.name_index(tx, name),
        id=one.payee_id,
    )


def _tell_voided(tx: Tenant, payment_ids: Sequence[int], reason: str) -> None:
    """Those that nothing proposes anew by itself."""
    rows = tx.rows(
        "SELECT id, amount_cents FROM payment WHERE id = ANY(CAST(:ids AS bigint[])) AND kind = :kind ORDER BY id",
        ids=list(payment_ids),
        kind=_BY_PEOPLE,
    )
    told = f"{reason}: propose it anew"
    exceptions.open_all(
        tx, [Raise("payment_voided", "payment", row.id, told, money_cents=row.amount_cents) for row in rows]
    )


def refuse(tx: Tenant, one: Deciding, now: datetime) -> None:
    """PROPOSED → REFUSED."""
    transitions.move(tx, Kind.DETAILS, [one.id], "refused", business_at=now)
    decided(tx, one, "refused")


def wait_for_people(tx: Tenant, payee_id: int, details_id: int) -> None:
    """Tells those who decide that a version waits for them."""
    reason = (
        f"other bank details were proposed for payee {payee_id}: compare them with the payee by a way that you know,"
        f" then `claimrail payees confirm {details_id}` or `claimrail payees refuse {details_id}`"
    )
    exceptions.open_all(tx, [Raise("payee_details_proposed", "payee", payee_id, reason)])


def decided(tx: Tenant, one: Deciding, how: str) -> None:
    """Closes what waited for the decision, and lets the next release look at the refunds that did."""
    told = f"bank details {one.id} were {how}"
    if not tx.value("SELECT count(*) FROM bank_details WHERE payee_id = :id AND state = 'PROPOSED'", id=one.payee_id):
        exceptions.close(tx, "payee_details_proposed", "payee", [one.payee_id], told)
    of_payee = tx.rows("SELECT id FROM payment WHERE payee_id = :id", id=one.payee_id)
    exceptions.close(tx, "noc", "payment", [row.id for row in of_payee], told, beginning=[noc_begins(one.id)])
    refunds.reconsider(tx, _waiting_claims(tx))


def _waiting_claims(tx: Tenant) -> list[int]:
    """Claims whose refund waits for bank details; whose, only the next release finds out."""
    rows = tx.rows(
        "SELECT subject_id FROM work_exception WHERE org_id = :org AND state = 'OPEN' AND subject_kind = 'claim'"
        " AND type = ANY(CAST(:types AS text[])) ORDER BY subject_id",
        org=tx.org_id,
        types=list(_OF_CLAIMS),
    )
    return [row.subject_id for row in rows]


def noc_begins(details_id: int) -> str:
    """How the exception begins that names a version which a notification of change proposed."""
    return f"bank details {details_id} were proposed"


# -- holds --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Held:
    """A payee, locked. `hold` None: nobody stops what goes to him."""

    name: str
    kind: PayeeKind
    sec: str | None
    hold: str | None


def payee(tx: Tenant, payee_id: int) -> Held | None:
    payees.lock(tx, [payee_id])
    row: Any = tx.first(
        "SELECT id, name, kind, sec, hold FROM payee WHERE org_id = :org AND id = :id", org=tx.org_id, id=payee_id
    )
    if row is None:
        return None
    name = tx.keys.open("payee", "name", row.id, bytes(row.name)).decode()
    return Held(name, PayeeKind(row.kind), row.sec, row.hold)


def hold(tx: Tenant, payee_id: int, word: str, note: str) -> None:
    """Nothing more leaves for the payee; `note` is sealed."""
    tx.run(
        "UPDATE payee SET hold = :word, held_by = :actor, hold_note = :note WHERE id = :id",
        word=word,
        actor=tx.actor,
        note=tx.keys.seal("payee", "hold_note", payee_id, note.encode()),
        id=payee_id,
    )


def lift(tx: Tenant, payee_id: int) -> None:
    tx.run("UPDATE payee SET hold = NULL, held_by = NULL, hold_note = NULL WHERE id = :id", id=payee_id)


def named(tx: Tenant, name: str) -> list[int]:
    """The payees of this name, locked."""
    rows = tx.rows(
        "SELECT id FROM payee WHERE org_id = :org AND name_hmac = :name ORDER BY id FOR UPDATE",
        org=tx.org_id,
        name=payees.name_index(tx, name),
    )
    return [row.id for row in rows]


def hold_all(tx: Tenant, payee_ids: Sequence[int], why: str) -> list[int]:
    """Nothing more is paid to these payees, until a person lifts the hold; gives those that had none."""
    rows = tx.rows(
        "UPDATE payee SET hold = :why, held_by = :actor WHERE hold IS NULL AND id IN"
        " (SELECT id FROM payee WHERE org_id = :org AND id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE)"
        " RETURNING id",
        org=tx.org_id,
        ids=list(payee_ids),
        why=why,
        actor=tx.actor,
    )
    audit.note_all(tx, "payee.hold", "payee", sorted(row.id for row in rows))
    return sorted(row.id for row in rows)


def hold_name(tx: Tenant, name: str, reason: str) -> int | None:
    """Nothing more leaves for anybody of this name; gives the hold's id, None where it is held already."""
    [hold_id] = tx.ids("name_hold", 1)
    made = tx.run(
        "INSERT INTO name_hold (id, org_id, name_hmac, name, reason, placed_by)"
        " VALUES (:id, :org, :index, :name, :reason, :actor) ON CONFLICT DO NOTHING",
        id=hold_id,
        org=tx.org_id,
        index=payees.name_index(tx, name),
        name=tx.keys.seal("name_hold", "name", hold_id, name.encode()),
        reason=tx.keys.seal("name_hold", "reason", hold_id, reason.encode()),
        actor=tx.actor,
    )
    return hold_id if made else None


def lift_name(tx: Tenant, name: str) -> int | None:
    """Ends the hold on the name; gives its id, None where there is none."""
    row = tx.first(
        "UPDATE name_hold SET lifted_by = :actor, lifted_at = now() WHERE org_id = :org AND name_hmac = :index"
        " AND lifted_at IS NULL RETURNING id",
        actor=tx.actor,
        org=tx.org_id,
        index=payees.name_index(tx, name),
    )
    return None if row is None else int(row.id)


# -- notifications of change ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Paid:
    """Whom a payment was for: where it went, and whether he is paid there still."""

    where: Payee
    payee_id: int | None
    kind: PayeeKind | None
    current: bool


def paid(tx: Tenant, payment_id: int) -> Paid:
    """The payment's payee, locked."""
    payee_id = tx.value("SELECT payee_id FROM payment WHERE id = :id", id=payment_id)
    payees.lock(tx, [] if payee_id is None else [payee_id])
    row: Any = tx.first(
        "SELECT p.id, p.payee, p.payee_id, y.kind, coalesce(d.state = 'ACTIVE', false) AS current FROM payment p"
        " LEFT JOIN payee y ON y.id = p.payee_id LEFT JOIN bank_details d ON d.id = p.details_id WHERE p.id = :id",
        id=payment_id,
    )
    where = payments.payee(tx, row)
    return Paid(where, row.payee_id, None if row.kind is None else PayeeKind(row.kind), row.current)
