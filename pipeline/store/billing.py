"""Claims that go out are billed: a first version whole, a further one with what it asks for beyond those before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.ledger import (
    POSITION_ACCOUNTS,
    Account,
    NewEntry,
    NewJournal,
    Position,
    billed,
    write_off_undone,
)
from pipeline.domain.rebilling import CHANGES, Asked, Version, rebilled, unbilled
from pipeline.store import ledger, matching_by_hand, secondaries
from pipeline.store import versions as chain
from pipeline.store.arrays import array
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A claim version in a file. `first_id` None: it is the first; `made_from_id`: it asks another payer for the rest."""

    claim_id: int
    first_id: int | None
    made_from_id: int | None
    frequency: str
    charge_cents: int
    patient_paid_cents: int
    filing_code: str | None
    attempt: int


def post(tx: Tenant, bills: Sequence[Bill], business_date: date) -> None:
    """Puts claims into the books; those that are there already stay as they are.

    A claim for a later payer bills nothing, nor does what replaces it: it asks for what the books hold as owed already.
    """
    journals = [
        journal
        for one in bills
        if one.first_id is None
        for journal in billed(one.claim_id, one.charge_cents, one.patient_paid_cents, business_date, one.filing_code)
    ]
    further = [
        Version(
            claim_id=one.claim_id,
            books_id=one.first_id,
            frequency=one.frequency,
            asks=Asked(one.charge_cents, one.patient_paid_cents),
            payer_class=one.filing_code,
            attempt=one.attempt,
        )
        for one in bills
        if one.first_id is not None and one.made_from_id is None
    ]
    ledger.post(tx, journals)
    later = secondaries.replacing_at_later_payers(tx, [one.claim_id for one in further]) if further else set()
    _post_further(tx, [one for one in further if one.claim_id not in later], business_date)


def _post_further(tx: Tenant, versions: Sequence[Version], business_date: date) -> None:
    """One version of a claim after the other, each upon what the one before it has left."""
    left = list(versions)
    while left:
        now = list({version.books_id: version for version in reversed(left)}.values())
        left = [version for version in left if version not in now]
        _post_each(tx, now, business_date)


def _post_each(tx: Tenant, versions: Sequence[Version], business_date: date) -> None:
    versions = _new(tx, versions)
    books = sorted(version.books_id for version in versions)
    lock(tx, books)
    given_up = matching_by_hand.standing(tx, books) if books else []
    # What a person had given up is asked for anew with all the rest.
    ledger.post(tx, [write_off_undone(one.id, one.claim_id, one.amount_cents, business_date) for one in given_up])
    for one in given_up:
        matching_by_hand.undo(tx, one.id)
    balances = ledger.claim_balances(tx, books) if books else {}
    journals: list[NewJournal] = []
    for version in versions:
        of_claim = balances.get(version.books_id, {})
        so_far = Asked(-of_claim.get(Account.REVENUE, 0), of_claim.get(Account.PATIENT_CASH, 0))
        position = Position(*(of_claim.get(account, 0) for account in POSITION_ACCOUNTS))
        journals += rebilled(version, so_far, position, business_date)
    ledger.post(tx, journals)
    chain.asked_anew(tx, [version.claim_id for version in versions])


def _new(tx: Tenant, versions: Sequence[Version]) -> list[Version]:
    """Without those of which this very try is billed already."""
    rows = tx.rows(
        "SELECT j.source_id, j.purpose FROM journal j WHERE j.org_id = :org AND j.source_kind = 'claim'"
        " AND j.source_id = ANY(CAST(:ids AS bigint[]))",
        org=tx.org_id,
        ids=array("bigint", [version.claim_id for version in versions]),
    )
    there = {(row.source_id, row.purpose) for row in rows}
    return [
        version
        for version in versions
        if not there & {(version.claim_id, version.purpose(what)) for what in ("billed", "prepaid")}
    ]


VERSIONS = "SELECT v.id FROM claim b JOIN claim v ON v.clm01 = b.clm01 WHERE b.id = {0}"
"""All versions of a claim, by the id of one of them."""


def versions(tx: Tenant, claim_ids: Sequence[int]) -> list[int]:
    """All versions of these claims, in id order."""
    rows = tx.rows(
        f"SELECT DISTINCT v.id FROM unnest(CAST(:ids AS bigint[])) AS g(id),"  # noqa: S608 - ours
        f" LATERAL ({VERSIONS.format('g.id')}) AS v ORDER BY v.id",
        ids=array("bigint", claim_ids),
    )
    return [row.id for row in rows]


def lock(tx: Tenant, books: Sequence[int]) -> None:
    """Locks the first versions, which stand for the books of all: whoever reads their balances is alone with them."""
    if books:
        tx.rows(
            "SELECT id FROM claim WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE",
            ids=sorted(set(books)),
        )


def turned_away(tx: Tenant, claim_ids: Sequence[int], business_date: date) -> None:
    """Takes replacements and voids that were rejected out of the books again: what stood before them stands."""
    if not claim_ids:
        return
    rows = tx.rows(
        "SELECT c.id, c.first_id, (SELECT count(*) FROM journal j WHERE j.org_id = c.org_id AND j.source_kind = 'claim'"
        "   AND j.source_id = c.id AND j.purpose LIKE 'unbilled %') AS times FROM claim c"
        " WHERE c.id = ANY(CAST(:ids AS bigint[])) AND c.first_id IS NOT NULL AND c.made_from_id IS NULL"
        " AND c.frequency = ANY(CAST(:changes AS text[])) ORDER BY c.id",
        ids=array("bigint", claim_ids),
        changes=sorted(CHANGES),
    )
    lock(tx, [row.first_id for row in rows])
    put = _put_by(tx, [row.id for row in rows])
    ledger.post(tx, [unbilled(row.id, row.times + 1, put[row.id], business_date) for row in rows if put.get(row.id)])


def _put_by(tx: Tenant, claim_ids: Sequence[int]) -> dict[int, list[NewEntry]]:
    """What the journals of these versions have put into the books, all together."""
    rows = tx.rows(
        "SELECT j.source_id, e.account, e.claim_id, e.subaccount, CAST(sum(e.amount_cents) AS bigint) AS cents"
        " FROM journal j JOIN entry e ON e.journal_id = j.id WHERE j.org_id = :org AND j.source_kind = 'claim'"
        " AND j.source_id = ANY(CAST(:ids AS bigint[])) GROUP BY j.source_id, e.account, e.claim_id, e.subaccount"
        " HAVING sum(e.amount_cents) <> 0 ORDER BY j.source_id, e.account",
        org=tx.org_id,
        ids=array("bigint", claim_ids),
    )
    put: dict[int, list[NewEntry]] = {}
    for row in rows:
        put.setdefault(row.source_id, []).append(
            NewEntry(Account(row.account), row.cents, row.claim_id, subaccount=row.subaccount)
        )
    return put
