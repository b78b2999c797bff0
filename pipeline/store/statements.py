"""The books read: balances at a day, an account line by line, and all that one remittance has put into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with what it came from: file I7, set 2, segment 14."""

    business_date: date
    journal_id: int
    source_kind: str
    source_id: int
    purpose: str
    inbound_file_id: int | None
    set_number: int | None
    segment: int | None
    claim: str | None  # CLM01
    remittance_id: int | None
    subaccount: str | None
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines of an account; None: all."""

    account: str
    claim: str | None = None  # CLM01
    remittance_id: int | None = None
    subaccount: str | None = None
    since: date | None = None
    until: date | None = None


_CHOSEN = (
    " FROM entry e JOIN journal j ON j.id = e.journal_id LEFT JOIN claim c ON c.id = e.claim_id"
    " WHERE e.org_id = :org AND e.account = :account"
    " AND (CAST(:claim AS text) IS NULL OR c.clm01 = :claim)"
    " AND (CAST(:remittance AS bigint) IS NULL OR e.remittance_id = :remittance)"
    " AND (CAST(:subaccount AS text) IS NULL OR e.subaccount = :subaccount)"
)


def _parameters(tx: Tenant, wanted: Wanted) -> dict[str, Any]:
    return {
        "org": tx.org_id,
        "account": wanted.account,
        "claim": wanted.claim,
        "remittance": wanted.remittance_id,
        "subaccount": wanted.subaccount,
        "since": wanted.since,
    }


def opening(tx: Tenant, wanted: Wanted) -> int:
    """The balance before the first day that is wanted."""
    if wanted.since is None:
        return 0
    return int(
        tx.value(
            f"SELECT coalesce(sum(e.amount_cents), 0) {_CHOSEN} AND j.business_date < :since",
            **_parameters(tx, wanted),
        )
    )


def lines(tx: Tenant, wanted: Wanted, limit: int) -> list[Line]:
    """The account's entries in the order of their business days and journals, at most `limit`."""
    rows = tx.rows(
        "SELECT j.business_date, e.journal_id, j.source_kind, j.source_id, j.purpose, j.inbound_file_id, j.set_number,"
        f" j.segment, c.clm01 AS claim, e.remittance_id, e.subaccount, e.amount_cents {_CHOSEN}"
        " AND (CAST(:since AS date) IS NULL OR j.business_date >= :since)"
        " AND (CAST(:until AS date) IS NULL OR j.business_date <= :until)"
        " ORDER BY j.business_date, e.journal_id, e.line LIMIT :limit",
        until=wanted.until,
        limit=limit,
        **_parameters(tx, wanted),
    )
    return [Line(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


# -- one remittance ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RemittanceRow:
    """What was kept of an 835 or 820 set when it came in; sums are None in rows of before they were kept."""

    id: int
    inbound_file_id: int
    position: int
    payer_name: str | None
    trace_number: str
    state: str
    amount_cents: int
    payment_date: date | None
    claims: int | None
    lines: int | None
    charged_cents: int | None
    claims_paid_cents: int | None
    adjusted_cents: int | None
    provider_cents: int | None


_REMITTANCE = ", ".join(RemittanceRow.__slots__)


def remittances(tx: Tenant, key: str) -> list[RemittanceRow]:
    """Those of this trace number (TRN02), or the one of this number (R12), the oldest first."""
    number = int(key[1:]) if key[:1] in {"R", "r"} and key[1:].isascii() and key[1:].isdigit() else None
    rows = tx.rows(
        f"SELECT {_REMITTANCE} FROM remittance WHERE org_id = :org AND (id = :id OR trace_number = :key)"  # noqa: S608 - ours
        " ORDER BY id",
        org=tx.org_id,
        id=number if number is not None and number < 2**62 else None,
        key=key,
    )
    return [RemittanceRow(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class Booked:
    """What the journals of one remittance put on an account."""

    journals: int
    by_account: dict[str, int]


def booked(tx: Tenant, remittance_id: int) -> Booked:
    """All journals whose source is the remittance, one of its decisions, or a person's act on one of these."""
    rows = tx.rows(
        "WITH decided AS (SELECT id FROM remittance_claim WHERE remittance_id = :id), sources AS ("
        " SELECT 'remittance_claim' AS kind, id FROM decided UNION ALL SELECT 'remittance', CAST(:id AS bigint)"
        " UNION ALL SELECT 'match_action', a.id FROM match_action a JOIN decided d ON d.id = a.remittance_claim_id)"
        " SELECT e.account, CAST(sum(e.amount_cents) AS bigint) AS cents, array_agg(DISTINCT j.id) AS journals"
        " FROM sources s JOIN journal j ON j.org_id = :org AND j.source_kind = s.kind AND j.source_id = s.id"
        " JOIN entry e ON e.journal_id = j.id GROUP BY e.account ORDER BY e.account",
        org=tx.org_id,
        id=remittance_id,
    )
    journals = {one for row in rows for one in row.journals}
    return Booked(len(journals), {row.account: row.cents for row in rows})


@dataclass(frozen=True, slots=True)
class DecidedSums:
    claims: int
    tied: int
    charged_cents: int
    paid_cents: int


def decided(tx: Tenant, remittance_id: int) -> DecidedSums:
    """The recorded decisions of a remittance, summed."""
    row = tx.first(
        "SELECT count(*) AS claims, count(claim_id) AS tied,"
        " CAST(coalesce(sum(charge_cents), 0) AS bigint) AS charged_cents,"
        " CAST(coalesce(sum(paid_cents), 0) AS bigint) AS paid_cents FROM remittance_claim WHERE remittance_id = :id",
        id=remittance_id,
    )
    assert row is not None
    return DecidedSums(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class DepositRow:
    id: int
    inbound_file_id: int
    amount_cents: int
    effective_date: date | None
    trace_number: str | None
    banked_cents: int
    """What its journals put on the bank account."""


def deposits(tx: Tenant, remittance_id: int) -> Sequence[DepositRow]:
    """The deposit that pays a remittance: none, or one."""
    rows = tx.rows(
        "SELECT d.id, d.inbound_file_id, d.amount_cents, d.effective_date, d.trace_number,"
        " CAST(coalesce((SELECT sum(e.amount_cents) FROM journal j JOIN entry e ON e.journal_id = j.id"
        "   WHERE j.org_id = d.org_id AND j.source_kind = 'deposit' AND j.source_id = d.id AND e.account = 'bank'), 0)"
        "   AS bigint) AS banked_cents"
        " FROM deposit d WHERE d.org_id = :org AND d.remittance_id = :id ORDER BY d.id",
        org=tx.org_id,
        id=remittance_id,
    )
    return [DepositRow(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it
