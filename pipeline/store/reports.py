"""Totals over a tenant's rows in a few set-based statements, and the proof that every history leads to its state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.domain.ledger import ADJUSTMENTS, Account
from pipeline.domain.states import NEW, TABLES, Kind, fold
from pipeline.store.database import Tenant
from pipeline.store.transitions import TABLE


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows of a state or type, and their cents."""

    count: int
    cents: int


def claim_states(tx: Tenant) -> dict[str, int]:
    """Claims by state, each claim once by the version that stands: the latest that was not REPLACED.

    A replacement or void that was rejected does not stand while another version does.
    """
    rows = tx.rows(
        "SELECT state, count(*) AS rows_ FROM (SELECT DISTINCT ON (clm01) state FROM claim WHERE org_id = :org"
        " ORDER BY clm01, state = 'REPLACED', state = 'REJECTED' AND frequency IN ('7', '8'), version DESC) standing"
        " GROUP BY state",
        org=tx.org_id,
    )
    return {row.state: row.rows_ for row in rows}


def replaced_versions(tx: Tenant) -> int:
    """Versions whose place another one has taken; `claim_states` counts that one instead."""
    return int(tx.value("SELECT count(*) FROM claim WHERE org_id = :org AND state = 'REPLACED'", org=tx.org_id) or 0)


def files_sent(tx: Tenant) -> dict[str, int]:
    """Files that left, by kind (837P, 837I, ACH)."""
    rows = tx.rows(
        "SELECT kind, count(*) AS rows_ FROM outbound_file WHERE org_id = :org"
        " AND state IN ('SENT', 'ACCEPTED', 'REJECTED') GROUP BY kind ORDER BY kind",
        org=tx.org_id,
    )
    return {row.kind: row.rows_ for row in rows}


def files_received(tx: Tenant) -> dict[str, int]:
    """Files as partners put them out, by kind; the members of a zip are its content, not files received."""
    rows = tx.rows(
        "SELECT kind, count(*) AS rows_ FROM inbound_file WHERE org_id = :org AND parent_id IS NULL"
        " GROUP BY kind ORDER BY kind",
        org=tx.org_id,
    )
    return {row.kind: row.rows_ for row in rows}


@dataclass(frozen=True, slots=True)
class FileState:
    """Files of one direction (out, in), kind and state."""

    direction: str
    kind: str
    state: str
    count: int


def file_states(tx: Tenant) -> list[FileState]:
    """Files of both directions; the members of a zip are counted as well as the zip."""
    rows = tx.rows(
        "SELECT 'out' AS direction, kind, state, count(*) AS count FROM outbound_file WHERE org_id = :org GROUP BY 2, 3"
        " UNION ALL SELECT 'in', kind, state, count(*) FROM inbound_file WHERE org_id = :org GROUP BY 2, 3",
        org=tx.org_id,
    )
    return [FileState(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def open_exceptions(tx: Tenant) -> dict[str, Counted]:
    """Open exceptions by type, with the money that hangs on them; the most frequent first."""
    rows = tx.rows(
        "SELECT type, count(*) AS rows_, CAST(coalesce(sum(money_cents), 0) AS bigint) AS cents FROM work_exception"
        " WHERE org_id = :org AND state = 'OPEN' GROUP BY type ORDER BY count(*) DESC, type",
        org=tx.org_id,
    )
    return {row.type: Counted(row.rows_, row.cents) for row in rows}


def payment_states(tx: Tenant) -> dict[str, Counted]:
    """Payments of money, by state: prenotes have none."""
    return money_states(tx, "payment", "AND kind <> 'prenote'")


def money_states(tx: Tenant, table: Literal["payment", "remittance", "deposit"], where: str = "") -> dict[str, Counted]:
    """Rows that bear an amount, by state."""
    rows = tx.rows(
        f"SELECT state, count(*) AS rows_, CAST(sum(amount_cents) AS bigint) AS cents FROM {table}"  # noqa: S608 - ours
        f" WHERE org_id = :org {where} GROUP BY state",
        org=tx.org_id,
    )
    return {row.state: Counted(row.rows_, row.cents) for row in rows}


@dataclass(frozen=True, slots=True)
class ClaimMoney:
    """The claims' money in the ledger, cents: billed + credit = paid + adjusted + patient + open + denied + written off."""

    billed_cents: int
    paid_cents: int  # by payers, reversals taken off
    adjusted_cents: int  # groups CO, OA, PI and unknown ones
    patient_cents: int  # what payers said is the patient's (PR)
    open_cents: int  # not decided by payers yet
    denied_cents: int  # refused by payers, and nobody has given it up
    written_off_cents: int
    credit_cents: int  # paid by payers above what the claims owed


def claim_money(tx: Tenant) -> ClaimMoney:
    """From entries that bear a claim: bills, and what remittances decided about them."""
    row = tx.first(
        "SELECT CAST(-coalesce(sum(amount_cents) FILTER (WHERE account = :revenue), 0) AS bigint) AS billed_cents,"
        " CAST(coalesce(sum(amount_cents) FILTER (WHERE decided AND account IN (:expected, :unapplied)), 0) AS bigint) AS paid_cents,"
        " CAST(coalesce(sum(amount_cents) FILTER (WHERE account = ANY(CAST(:adjustments AS text[]))), 0) AS bigint)"
        "   AS adjusted_cents,"
        # A decision books the patient's share as due and at once pays it from what he had paid before: both together.
        " CAST(coalesce(sum(amount_cents) FILTER (WHERE decided AND account IN (:due, :prepaid, :back)), 0) AS bigint)"
        "   AS patient_cents,"
        " CAST(coalesce(sum(amount_cents) FILTER (WHERE account = :receivable), 0) AS bigint) AS open_cents,"
        " CAST(coalesce(sum(amount_cents) FILTER (WHERE account = :denied), 0) AS bigint) AS denied_cents,"
        " CAST(coalesce(sum(amount_cents) FILTER (WHERE account = :written_off), 0) AS bigint) AS written_off_cents,"
        " CAST(-coalesce(sum(amount_cents) FILTER (WHERE account = :credit), 0) AS bigint) AS credit_cents"
        " FROM (SELECT e.account, e.amount_cents, j.source_kind IN ('remittance_claim', 'remittance', 'match_action') AS decided FROM entry e"
        "       JOIN journal j ON j.id = e.journal_id WHERE e.org_id = :org AND e.claim_id IS NOT NULL) told",
        org=tx.org_id,
        revenue=str(Account.REVENUE),
        expected=str(Account.EFT_EXPECTED),
        unapplied=str(Account.UNAPPLIED_CASH),
        adjustments=[str(account) for account in ADJUSTMENTS],
        due=str(Account.PATIENT_DUE),
        prepaid=str(Account.PATIENT_PREPAID),
        back=str(Account.PATIENT_CREDIT),
        receivable=str(Account.RECEIVABLE),
        denied=str(Account.RECEIVABLE_DENIED),
        written_off=str(Account.WRITE_OFF),
        credit=str(Account.PAYER_CREDIT),
    )
    assert row is not None
    return ClaimMoney(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class RemittanceMoney:
    """Remittances against books and bank, cents. The last four overlap nowhere."""

    remittance_cents: int  # BPR02 of everything posted
    posted_cents: int  # what their journals put on EFT expected
    unposted_cents: int  # recorded and not posted: not gone through yet, or unbalanced or in conflict and not settled
    awaiting_deposit_cents: int  # posted, and the bank has not seen the money
    deposits_waiting_cents: int  # seen by the bank, and no remittance explains it
    unapplied_cents: int  # posted and deposited, and no claim of ours is named


def remittance_money(tx: Tenant) -> RemittanceMoney:
    """Signs are dropped row by row in the last four, so that a takeback never hides a payment.

    A set that is unbalanced or in conflict counts until a person resolves its exception: what is right about it comes in
    another set, and would be counted twice for ever.
    """
    row = tx.first(
        "WITH told AS (SELECT id, state, amount_cents FROM remittance WHERE org_id = :org),"
        # What a decision left unapplied, and what people have moved of it since by matching and unmatching.
        " unapplied AS ("
        "  SELECT sum(e.amount_cents) AS cents FROM journal j JOIN entry e ON e.journal_id = j.id"
        "  LEFT JOIN match_action a ON j.source_kind = 'match_action' AND a.id = j.source_id"
        "  JOIN remittance_claim rc ON rc.id = CASE WHEN a.id IS NULL THEN j.source_id ELSE a.remittance_claim_id END"
        "  JOIN told ON told.id = rc.remittance_id AND told.state = 'MATCHED'"
        "  WHERE j.org_id = :org AND j.source_kind IN ('remittance_claim', 'match_action') AND e.account = :unapplied"
        "  GROUP BY rc.id)"
        " SELECT (SELECT CAST(coalesce(sum(amount_cents), 0) AS bigint) FROM told"
        "         WHERE state IN ('POSTED', 'MATCHED')) AS remittance_cents,"
        " (SELECT CAST(coalesce(sum(e.amount_cents), 0) AS bigint) FROM journal j JOIN entry e ON e.journal_id = j.id"
        "  WHERE j.org_id = :org AND j.source_kind IN ('remittance_claim', 'remittance') AND e.account = :expected)"
        "  AS posted_cents,"
        " (SELECT CAST(coalesce(sum(abs(amount_cents)), 0) AS bigint) FROM told"
        "  WHERE state = 'RECEIVED' OR state IN ('UNBALANCED', 'CONFLICT') AND EXISTS ("
        "   SELECT 1 FROM work_exception x WHERE x.org_id = :org AND x.state = 'OPEN' AND x.subject_kind = 'remittance'"
        "   AND x.subject_id = told.id AND x.type IN ('remittance_unbalanced', 'remittance_conflict'))) AS unposted_cents,"
        " (SELECT CAST(coalesce(sum(abs(amount_cents)), 0) AS bigint) FROM told"
        "  WHERE state = 'POSTED') AS awaiting_deposit_cents,"
        " (SELECT CAST(coalesce(sum(abs(amount_cents)), 0) AS bigint) FROM deposit"
        "  WHERE org_id = :org AND state = 'WAITING') AS deposits_waiting_cents,"
        " (SELECT CAST(coalesce(sum(abs(cents)), 0) AS bigint) FROM unapplied) AS unapplied_cents",
        org=tx.org_id,
        expected=str(Account.EFT_EXPECTED),
        unapplied=str(Account.UNAPPLIED_CASH),
    )
    assert row is not None
    return RemittanceMoney(**row._mapping)  # noqa: SLF001


def folds(tx: Tenant) -> list[str]:
    """Every row whose history does not lead to its state, in words; none means that each state can be replayed.

    Where months of history were dropped, a row is judged from the first state that is still told.
    """
    since = tx.value("SELECT history_from FROM retention")
    return [told for kind in Kind for told in _folds_of(tx, kind, since)]


def _folds_of(tx: Tenant, kind: Kind, since: datetime | None) -> Iterator[str]:
    rows = tx.rows(
        f"SELECT t.id, t.state, h.events, h.states FROM {TABLE[kind]} t LEFT JOIN"  # noqa: S608 - our own literals
        " (SELECT subject_id, array_agg(event ORDER BY id) AS events, array_agg(state ORDER BY id) AS states"
        "  FROM history WHERE org_id = :org AND subject_kind = :kind"
        "  AND at >= coalesce(CAST(:since AS timestamptz), '-infinity') GROUP BY subject_id) h ON h.subject_id = t.id"
        " WHERE t.org_id = :org ORDER BY t.id",
        org=tx.org_id,
        kind=str(kind),
        since=since,
    )
    for row in rows:
        events, begin = row.events or [], NEW
        if since is not None and not (events and (NEW, events[0]) in TABLES[kind]):
            events, begin = events[1:], row.states[0] if events else row.state
        try:
            led_to = fold(kind, events, begin)
        except ValueError as error:
            yield f"{kind} {row.id}: {error}"
            continue
        if led_to != row.state:
            yield f"{kind} {row.id} is {row.state}, its history leads to {led_to or 'nothing'}"
