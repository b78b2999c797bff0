"""Payees and the versions of their bank details: met again by what names them, paid only where people stood up for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain.calendar import add_banking_days
from pipeline.domain.payees import CHANGE_NEEDS, ToldPayee, plain_name
from pipeline.domain.payment import Payee, PaymentKind
from pipeline.domain.states import Kind
from pipeline.store import audit, transitions
from pipeline.store.arrays import array
from pipeline.store.database import Tenant

_NAME_FREE = "NOT EXISTS (SELECT 1 FROM name_hold h WHERE h.org_id = y.org_id AND h.name_hmac = y.name_hmac AND h.lifted_at IS NULL)"
_WAITS = "(coalesce(d.hold_until > CAST(:now AS timestamptz), false) OR d.prenote IN ('wanted', 'out'))"

MAY_BE_PAID = (
    "(p.details_id IS NULL OR p.kind = 'reversal' OR EXISTS (SELECT 1 FROM bank_details d JOIN payee y ON y.id = d.payee_id"  # noqa: S608 - ours
    f" WHERE d.id = p.details_id AND d.state = 'ACTIVE' AND (p.kind = 'prenote' OR NOT {_WAITS})"
    f" AND y.hold IS NULL AND {_NAME_FREE}))"
)
"""Of a payment `p`, at business time `:now`: nobody holds its payee or name, and its bank details may be used."""


def account_index(tx: Tenant, routing_number: str, account_number: str) -> bytes:
    """By what an account is found without being told in clear."""
    return tx.keys.index("account", f"{routing_number}|{account_number}")


def index_of(tx: Tenant, where: Payee) -> bytes:
    return account_index(tx, where.routing_number, where.account_number)


# -- meeting ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Met:
    """A payee and where he is paid by now; `details_id` None: nowhere yet, or no more.

    `differs`: what was told is not that; it waits as a proposed change, or was refused or replaced before.
    """

    payee_id: int
    details_id: int | None
    where: Payee | None
    differs: bool


def meet(tx: Tenant, told: Sequence[ToldPayee], now: datetime) -> list[Met]:
    """Finds or makes each payee, in the order given; `now` is business time.

    The first bank details that are ever told of a payee by a claim count at once; others become a proposed change.
    """
    if not told:
        return []
    keys = [tx.keys.index(f"payee {one.kind}", one.key) for one in told]
    _make(tx, dict(zip(keys, told, strict=True)), now)
    known = _known(tx, keys)
    _make_first(tx, [(known[key], one) for key, one in zip(keys, told, strict=True)], now)
    known = _known(tx, keys)
    met = [_met(tx, known[key], one) for key, one in zip(keys, told, strict=True)]
    propose(tx, [(m.payee_id, one) for m, one in zip(met, told, strict=True) if m.differs])
    return met


def _make(tx: Tenant, told: dict[bytes, ToldPayee], now: datetime) -> None:
    ids = tx.ids("payee", len(told))
    tx.insert(
        "payee",
        {
            "id": ("bigint", ids),
            "kind": ("text", [str(one.kind) for one in told.values()]),
            "key_hmac": ("bytea", list(told)),
            "name": (
                "bytea",
                [
                    tx.keys.seal("payee", "name", i, one.where.name.encode())
                    for i, one in zip(ids, told.values(), strict=True)
                ],
            ),
            "name_hmac": ("bytea", [name_index(tx, one.where.name) for one in told.values()]),
            "business_at": ("timestamptz", [now] * len(told)),
        },
        conflict="ON CONFLICT DO NOTHING",
    )


def name_index(tx: Tenant, name: str) -> bytes:
    """By what a name is found without being told in clear."""
    return tx.keys.index("name", plain_name(name))


def _known(tx: Tenant, keys: Sequence[bytes]) -> dict[bytes, Any]:
    """Each payee by its key, locked, with the version that is paid to and the last version's number."""
    tx.rows(
        "SELECT id FROM payee WHERE org_id = :org AND key_hmac = ANY(CAST(:keys AS bytea[])) ORDER BY id FOR UPDATE",
        org=tx.org_id,
        keys=array("bytea", list(keys)),
    )
    rows = tx.rows(
        "SELECT y.id, y.key_hmac, d.id AS details_id, d.details,"
        " coalesce((SELECT max(version) FROM bank_details v WHERE v.payee_id = y.id), 0) AS versions"
        " FROM payee y LEFT JOIN bank_details d ON d.payee_id = y.id AND d.state = 'ACTIVE'"
        " WHERE y.org_id = :org AND y.key_hmac = ANY(CAST(:keys AS bytea[]))",
        org=tx.org_id,
        keys=array("bytea", list(keys)),
    )
    return {bytes(row.key_hmac): row for row in rows}


def _met(tx: Tenant, row: Any, one: ToldPayee) -> Met:
    if row.details_id is None:
        return Met(row.id, None, None, differs=True)
    where = opened(tx, row.details_id, row.details)
    same = (where.routing_number, where.account_number, where.account_type) == (
        one.where.routing_number,
        one.where.account_number,
        one.where.account_type,
    )
    return Met(row.id, row.details_id, where, differs=not same)


def opened(tx: Tenant, details_id: int, sealed: Any) -> Payee:
    return Payee.from_json(tx.keys.open("bank_details", "details", details_id, bytes(sealed)))


# -- versions -----------------------------------------------------------------------------------------------------------
def _make_first(tx: Tenant, told: Sequence[tuple[Any, ToldPayee]], now: datetime) -> None:
    """Version 1 of those that have none: nothing is changed by it."""
    first = {row.id: one for row, one in told if not row.versions}
    ids = _insert(tx, [(payee_id, 1, one) for payee_id, one in first.items()], "ACTIVE", needed=0)
    if ids:
        tx.run("UPDATE bank_details SET confirmed_at = :now WHERE id = ANY(CAST(:ids AS bigint[]))", now=now, ids=ids)
        transitions.born(tx, Kind.DETAILS, ids, "first", business_at=now)


def propose(tx: Tenant, told: Sequence[tuple[int, ToldPayee]], needed: int = CHANGE_NEEDS) -> dict[int, int]:
    """New versions as PROPOSED by (payee id, what was told); one that any version says already is not made again.

    Gives the ids of the versions made, by payee.
    """
    if not told:
        return {}
    wanted = dict(told)
    rows = tx.rows(
        "SELECT payee_id, max(version) AS versions, array_agg(account_hmac) AS accounts,"
        " array_agg(state) AS states FROM bank_details WHERE payee_id = ANY(CAST(:ids AS bigint[])) GROUP BY payee_id",
        ids=list(wanted),
    )
    known = {row.payee_id: row for row in rows}
    new = []
    for payee_id, one in wanted.items():
        row = known.get(payee_id)
        said = [] if row is None else [bytes(hmac) for hmac in row.accounts]
        if index_of(tx, one.where) not in said or one.source == "person":
            new.append((payee_id, 1 if row is None else row.versions + 1, one))
    ids = _insert(tx, new, "PROPOSED", needed=needed)
    transitions.born(tx, Kind.DETAILS, ids, "proposed")
    return {payee_id: i for i, (payee_id, _, _) in zip(ids, new, strict=True)}


def _insert(tx: Tenant, new: Sequence[tuple[int, int, ToldPayee]], state: str, *, needed: int) -> list[int]:
    if not new:
        return []
    ids = tx.ids("bank_details", len(new))
    told = [one for _, _, one in new]
    tx.insert(
        "bank_details",
        {
            "id": ("bigint", ids),
            "payee_id": ("bigint", [payee_id for payee_id, _, _ in new]),
            "version": ("smallint", [version for _, version, _ in new]),
            "details": (
                "bytea",
                [
                    tx.keys.seal("bank_details", "details", i, one.where.to_json())
                    for i, one in zip(ids, told, strict=True)
                ],
            ),
            "account_hmac": ("bytea", [index_of(tx, one.where) for one in told]),
            "account_last4": ("text", [one.where.last4 for one in told]),
            "state": ("text", [state] * len(new)),
            "source": ("text", [one.source for one in told]),
            "source_id": ("bigint", [one.source_id for one in told]),
            "proposed_by": ("text", [tx.actor] * len(new)),
            "needed": ("smallint", [needed] * len(new)),
        },
    )
    return ids


# -- what stands when a file leaves -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DetailsStanding:
    """Of a payment: its version is the payee's own; somebody holds the payee; the version may not be used yet."""

    current: bool
    held: bool
    waits: bool


def standing(tx: Tenant, payment_ids: Sequence[int], now: datetime) -> dict[int, DetailsStanding]:
    """How the payees of payments stand; a reversal goes to where its payment went, whatever became of that."""
    rows = tx.rows(
        "SELECT p.id, p.kind, d.id AS details_id, d.state = 'ACTIVE' AS current,"  # noqa: S608 - ours
        f" y.hold IS NOT NULL OR NOT {_NAME_FREE} AS held, {_WAITS} AS waits"
        " FROM payment p LEFT JOIN bank_details d ON d.id = p.details_id LEFT JOIN payee y ON y.id = p.payee_id"
        " WHERE p.id = ANY(CAST(:ids AS bigint[]))",
        ids=list(payment_ids),
        now=now,
    )
    return {row.id: _standing(row) for row in rows}


def _standing(row: Any) -> DetailsStanding:
    if row.details_id is None or row.kind == PaymentKind.REVERSAL:
        return DetailsStanding(current=True, held=False, waits=False)
    return DetailsStanding(row.current, row.held, row.waits and row.kind != PaymentKind.PRENOTE)


def lock_of_file(tx: Tenant, file_id: int) -> None:
    """Locks the payees of a file's payments: whoever changes where one is paid has done so, or waits."""
    tx.rows(
        "SELECT y.id FROM payee y WHERE y.id IN (SELECT p.payee_id FROM payment p JOIN payment_entry e"
        " ON e.payment_id = p.id WHERE e.file_id = :file AND e.live) ORDER BY y.id FOR UPDATE",
        file=file_id,
    )


# -- what came back -----------------------------------------------------------------------------------------------------
def fail(tx: Tenant, details_ids: Sequence[int], reason: str) -> list[int]:
    """Nothing more is paid to these versions: something came back because of them. Gives those that moved."""
    tx.rows(
        "SELECT y.id FROM payee y WHERE y.id IN (SELECT payee_id FROM bank_details WHERE id = ANY(CAST(:ids AS bigint[])))"
        " ORDER BY y.id FOR UPDATE",
        ids=list(details_ids),
    )
    return transitions.move(
        tx,
        Kind.DETAILS,
        details_ids,
        "failed",
        assign="prenote = CASE WHEN prenote = 'out' THEN 'failed' ELSE prenote END",
        detail=reason,
    )


def hold(tx: Tenant, payee_ids: Sequence[int], why: str) -> list[int]:
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


# -- prenotes -----------------------------------------------------------------------------------------------------------
_PRENOTE_DAYS = 3
"""So many banking days after a prenote settles may money follow, if nothing came back (the rules' section on prenotes)."""


def prenotes_sent(tx: Tenant, payment_ids: Sequence[int]) -> None:
    """The prenotes among payments that have just left are out: until when something may come back is noted."""
    rows = tx.rows(
        "SELECT DISTINCT p.details_id, e.effective_date FROM payment p JOIN payment_entry e ON e.payment_id = p.id AND e.live"
        " WHERE p.id = ANY(CAST(:ids AS bigint[])) AND p.kind = 'prenote' ORDER BY p.details_id",
        ids=list(payment_ids),
    )
    transitions.move(
        tx,
        Kind.DETAILS,
        [row.details_id for row in rows],
        "prenote_sent",
        assign="prenote = 'out'",
        each={
            "prenote_until": (
                "date",
                [add_banking_days(row.effective_date, _PRENOTE_DAYS).isoformat() for row in rows],
            )
        },
    )
