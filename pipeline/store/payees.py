"""Payees and the versions of their bank details: met again by what names them, paid only where people stood up for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.domain.calendar import add_banking_days, day_of
from pipeline.domain.payees import CHANGE_NEEDS, ToldPayee, plain_name
from pipeline.domain.payment import Payee, PayeeKind, PaymentKind
from pipeline.domain.states import Kind
from pipeline.store import exceptions, payments, transitions
from pipeline.store.accounts import index_of
from pipeline.store.arrays import array
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise

NAME_FREE = "NOT EXISTS (SELECT 1 FROM name_hold h WHERE h.org_id = y.org_id AND h.name_hmac = y.name_hmac AND h.lifted_at IS NULL)"
"""Of a payee `y`: nobody has put his name on hold."""
HELD = f"(y.hold IS NOT NULL OR NOT {NAME_FREE})"
"""Of a payee `y`: somebody stops what goes to him, or to his name."""
_WAITS = "(coalesce(d.hold_until > CAST(:now AS timestamptz), false) OR d.prenote IN ('wanted', 'out'))"

MAY_BE_PAID = (
    "(p.details_id IS NULL OR p.kind = 'reversal' OR ("  # noqa: S608 - ours
    # Two look-ups by key: joined, all payees of the tenant would be gone through for each payment.
    "EXISTS (SELECT 1 FROM bank_details d WHERE d.id = p.details_id AND d.state = 'ACTIVE'"
    f" AND (p.kind = 'prenote' OR NOT {_WAITS}))"
    f" AND EXISTS (SELECT 1 FROM payee y WHERE y.id = p.payee_id AND NOT {HELD})))"
)
"""Of a payment `p`, at business time `:now`: nobody holds its payee or name, and its bank details may be used."""


# -- meeting ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Met:
    """A payee and where he is paid by now; `details_id` None: nowhere yet, or no more.

    `differs`: what was told is not that, and waits as a proposed change; `refused`: it was refused, or failed, and
    people have decided on no other since. What they had seen before they decided on the present details is no news.
    """

    payee_id: int
    details_id: int | None
    where: Payee | None
    differs: bool
    version: int = 0  # of `details_id`
    refused: bool = False


def meet(tx: Tenant, told: Sequence[ToldPayee], now: datetime, prenotes: Collection[PayeeKind] = ()) -> list[Met]:
    """Finds or makes each payee, in the order given; `now` is business time.

    The first bank details that are ever told of a payee by a claim count at once, tried out first where its kind is in
    `prenotes`; others become a proposed change.
    """
    if not told:
        return []
    keys = [key_index(tx, one.kind, one.key) for one in told]
    _make(tx, dict(zip(keys, told, strict=True)), now)
    known = _known(tx, keys)
    _make_first(tx, [(known[key], one) for key, one in zip(keys, told, strict=True)], now, prenotes)
    known = _known(tx, keys)
    met = [_met(tx, known[key], one) for key, one in zip(keys, told, strict=True)]
    return _with_versions(tx, met, told)


def _with_versions(tx: Tenant, met: Sequence[Met], told: Sequence[ToldPayee]) -> list[Met]:
    """What was told and is not where the payee is paid: new, or what became of it when it was told before."""
    odd = [place for place, one in enumerate(met) if one.differs]
    said = dict(zip(odd, versions_of(tx, [(met[n].payee_id, told[n].where) for n in odd]), strict=True))
    propose(tx, [(met[n].payee_id, told[n]) for n in odd if said[n] is None])
    return [_judged(one, said.get(n)) for n, one in enumerate(met)]


def _judged(one: Met, said: "Version | None") -> Met:
    if said is None or said.state == "PROPOSED":
        return one
    if one.details_id is not None and said.version < one.version:
        return replace(one, differs=False)
    return replace(one, refused=True)


def key_index(tx: Tenant, kind: PayeeKind, key: str) -> bytes:
    """By what a payee is found among those of his kind."""
    return tx.keys.index(f"payee {kind}", key)


def find(tx: Tenant, kind: PayeeKind, key: str) -> int | None:
    """The payee of this kind with this key, locked."""
    row = tx.first(
        "SELECT id FROM payee WHERE org_id = :org AND kind = :kind AND key_hmac = :key FOR UPDATE",
        org=tx.org_id,
        kind=str(kind),
        key=key_index(tx, kind, key),
    )
    return None if row is None else int(row.id)


def make(tx: Tenant, told: ToldPayee, sec: str | None, now: datetime) -> int | None:
    """A new payee without bank details, locked; None if he is known already."""
    key = key_index(tx, told.kind, told.key)
    if not _make(tx, {key: told}, now):
        return None
    made = find(tx, told.kind, told.key)
    tx.run("UPDATE payee SET sec = :sec WHERE id = :id", sec=sec, id=made)
    return made


def _make(tx: Tenant, told: dict[bytes, ToldPayee], now: datetime) -> int:
    ids = tx.ids("payee", len(told))
    return tx.insert(
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
        "SELECT y.id, y.key_hmac, d.id AS details_id, d.details, d.version,"
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
    return Met(row.id, row.details_id, where, differs=not same, version=row.version)


def opened(tx: Tenant, details_id: int, sealed: Any) -> Payee:
    return Payee.from_json(tx.keys.open("bank_details", "details", details_id, bytes(sealed)))


# -- versions -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Version:
    """A version of a payee's bank details, as far as it may be shown."""

    id: int
    version: int
    state: str


def versions_of(tx: Tenant, wanted: Sequence[tuple[int, Payee]]) -> list[Version | None]:
    """Of each (payee id, bank details): the newest version that says exactly this account, None where none ever did."""
    if not wanted:
        return []
    rows = tx.rows(
        "SELECT DISTINCT d.id, d.payee_id, d.version, d.state, d.details FROM unnest(CAST(:ids AS bigint[]),"
        " CAST(:accounts AS bytea[])) AS g(payee_id, account) JOIN bank_details d ON d.payee_id = g.payee_id"
        " AND d.account_hmac = g.account ORDER BY d.version",
        ids=array("bigint", [payee_id for payee_id, _ in wanted]),
        accounts=array("bytea", [index_of(tx, where) for _, where in wanted]),
    )
    found = {
        (row.payee_id, *_account(opened(tx, row.id, row.details))): Version(row.id, row.version, row.state)
        for row in rows
    }
    return [found.get((payee_id, *_account(where))) for payee_id, where in wanted]


def _account(where: Payee) -> tuple[str, str, str]:
    return where.routing_number, where.account_number, where.account_type


def _make_first(
    tx: Tenant, told: Sequence[tuple[Any, ToldPayee]], now: datetime, prenotes: Collection[PayeeKind]
) -> None:
    """Version 1 of those that have none: nothing is changed by it."""
    first = {row.id: one for row, one in told if not row.versions}
    ids = _insert(tx, [(payee_id, 1, one) for payee_id, one in first.items()], "ACTIVE", needed=0)
    if ids:
        wanted = [i for i, one in zip(ids, first.values(), strict=True) if one.kind in prenotes]
        tx.run(
            "UPDATE bank_details SET confirmed_at = :now,"
            " prenote = CASE WHEN id = ANY(CAST(:wanted AS bigint[])) THEN 'wanted' ELSE 'none' END"
            " WHERE id = ANY(CAST(:ids AS bigint[]))",
            now=now,
            ids=ids,
            wanted=wanted,
        )
        transitions.born(tx, Kind.DETAILS, ids, "first", business_at=now)


def propose(tx: Tenant, told: Sequence[tuple[int, ToldPayee]], needed: int = CHANGE_NEEDS) -> dict[int, int]:
    """New versions as PROPOSED by (payee id, what was told), one a payee; gives their ids by payee. Lock the payees first."""
    wanted = dict(told)
    if not wanted:
        return {}
    rows = tx.rows(
        "SELECT payee_id, max(version) AS versions FROM bank_details WHERE payee_id = ANY(CAST(:ids AS bigint[]))"
        " GROUP BY payee_id",
        ids=list(wanted),
    )
    last = {row.payee_id: row.versions for row in rows}
    new = [(payee_id, last.get(payee_id, 0) + 1, one) for payee_id, one in wanted.items()]
    ids = _insert(tx, new, "PROPOSED", needed=needed)
    transitions.born(tx, Kind.DETAILS, ids, "proposed", business_at=tx.clock.now())
    return dict(zip(wanted, ids, strict=True))


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
        f" {HELD} AS held, {_WAITS} AS waits"
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


# -- no more paid to ----------------------------------------------------------------------------------------------------
def lock(tx: Tenant, payee_ids: Sequence[int]) -> None:
    """Locks payees: a file that would pay them has left, or sees what is done to them now."""
    tx.rows("SELECT id FROM payee WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE", ids=list(payee_ids))


def lock_with_money(tx: Tenant, payee_ids: Sequence[int], claim_ids: Sequence[int] = ()) -> None:
    """Locks payees and, before them, what the money of their unsent payments and of these claims rests on.

    That is the order in which a file's last look locks. Hold the tenant's money lock.
    """
    tx.rows(
        "SELECT r.id FROM remittance r WHERE r.id IN (SELECT rc.remittance_id FROM remittance_claim rc JOIN"
        "  ((SELECT unnest(CAST(:claims AS bigint[])) AS id UNION SELECT p.claim_id FROM payment p WHERE p.payee_id ="
        "    ANY(CAST(:payees AS bigint[])) AND p.state IN ('PROPOSED', 'WAITING', 'APPROVED')) AS c JOIN claim b ON b.id = c.id"
        "  JOIN claim v ON v.clm01 = b.clm01) ON v.id = rc.claim_id)"
        " ORDER BY r.id FOR UPDATE",
        claims=list(claim_ids),
        payees=list(payee_ids),
    )
    lock(tx, payee_ids)


def fail(tx: Tenant, details_ids: Sequence[int], reason: str) -> list[int]:
    """ACTIVE → FAILED: a payment or prenote came back because of the account; gives the ids that moved.

    What has not left is voided, a person is told to get others. `reason` is shown: codes and our words only. Hold the
    tenant's money lock.
    """
    rows = tx.rows(
        "SELECT id, payee_id FROM bank_details WHERE org_id = :org AND id = ANY(CAST(:ids AS bigint[])) ORDER BY id",
        org=tx.org_id,
        ids=list(details_ids),
    )
    lock_with_money(tx, [row.payee_id for row in rows])
    failed = "prenote = CASE WHEN t.prenote IN ('wanted', 'out') THEN 'failed' ELSE t.prenote END"
    moved = transitions.move(
        tx, Kind.DETAILS, [row.id for row in rows], "failed", assign=failed, detail=reason, business_at=tx.clock.now()
    )
    void_unsent(tx, moved, "its payee's bank details failed")
    told = f"{reason}: nothing is paid to these bank details any more; ask the payee for others, then `claimrail payees change`"
    exceptions.open_all(
        tx, [Raise("payee_details_failed", "payee", row.payee_id, told) for row in rows if row.id in set(moved)]
    )
    return moved


def void_unsent(tx: Tenant, details_ids: Sequence[int], reason: str) -> list[int]:
    """Stops what has not left for these bank details and is in no file: it is proposed anew. Gives those that were.

    What is in a file falls when that is looked at last; a reversal goes where its payment went.
    """
    rows = tx.rows(
        "SELECT p.id FROM bank_details d JOIN payment p ON p.payee_id = d.payee_id AND p.details_id = d.id"
        " WHERE d.id = ANY(CAST(:ids AS bigint[])) AND p.state IN ('PROPOSED', 'WAITING', 'APPROVED')"
        " AND p.kind <> 'reversal' ORDER BY p.id",
        ids=list(details_ids),
    )
    return payments.void(tx, [row.id for row in rows], reason, day_of(tx.clock.now()))


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
