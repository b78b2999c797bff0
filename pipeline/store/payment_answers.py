"""What a bank's answers make of payments: taken, refused, come back, kept after all; each with its journals and history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.domain import payables
from pipeline.domain.calendar import add_banking_days
from pipeline.domain.states import Kind
from pipeline.store import ledger, transitions
from pipeline.store.database import Tenant
from pipeline.store.payment_entries import Entry


# -- acknowledgments ----------------------------------------------------------------------------------------------------
def refused_before(tx: Tenant, file_id: int) -> set[str]:
    """Traces of a file that has left and whose entries the bank refused: they are live no more."""
    rows = tx.rows("SELECT trace FROM payment_entry WHERE file_id = :file AND NOT live", file=file_id)
    return {row.trace for row in rows}


def traces_of(tx: Tenant, file_id: int) -> set[str]:
    """Traces of a file's payments; an offset entry is none."""
    rows = tx.rows("SELECT trace FROM payment_entry WHERE file_id = :file", file=file_id)
    return {row.trace for row in rows}


def move_dates(tx: Tenant, file_id: int, days: Mapping[str, date]) -> None:
    """The bank settles these entries (by trace) on other days than we asked for."""
    if days:
        tx.run(
            "UPDATE payment_entry e SET effective_date = g.day FROM unnest(CAST(:traces AS text[]), CAST(:days AS date[]))"
            " AS g(trace, day) WHERE e.org_id = :org AND e.file_id = :file AND e.trace = g.trace",
            org=tx.org_id,
            file=file_id,
            traces=list(days),
            days=[day.isoformat() for day in days.values()],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """When, by business time, which file of the bank's said it."""

    now: datetime
    today: date
    inbound_file_id: int


def acknowledged(tx: Tenant, entries: Sequence[Entry], moved: Mapping[str, date], return_days: int, said: Said) -> None:
    """SENT → ACKNOWLEDGED: the bank takes them, and they may come back until some days after they settle."""
    settling = [moved.get(entry.trace, entry.effective_date or said.today) for entry in entries]
    transitions.move(
        tx,
        Kind.PAYMENT,
        [entry.payment_id for entry in entries],
        "acknowledged",
        each={"provisional_until": ("date", [add_banking_days(day, return_days).isoformat() for day in settling])},
        inbound_file_id=said.inbound_file_id,
        detail=[
            f"the bank settles it on {moved[entry.trace]}, not as we asked" if entry.trace in moved else None
            for entry in entries
        ],
        business_at=said.now,
    )


def refused(tx: Tenant, entries: Sequence[Entry], reasons: Sequence[str | None], said: Said) -> list[Entry]:
    """SENT → BANK_REJECTED: the bank does not take them; gives those that moved. They are live no more."""
    back = _back(tx, entries, "bank_rejected", reasons, said)
    tx.run("UPDATE payment_entry SET live = false WHERE id = ANY(CAST(:ids AS bigint[]))", ids=[e.id for e in back])
    return back


# -- returns ------------------------------------------------------------------------------------------------------------
def returned(tx: Tenant, entries: Sequence[Entry], details: Sequence[str], said: Said) -> list[Entry]:
    """→ RETURNED: the money is ours again, and what it paid is owed again; gives those that moved."""
    return _back(tx, entries, "returned", details, said)


def _back(tx: Tenant, entries: Sequence[Entry], event: str, details: Sequence[str | None], said: Said) -> list[Entry]:
    moved = _moved(tx, entries, event, details, said, assign="provisional_until = NULL")
    times = _times(tx, moved, (event,))
    ledger.post(tx, [j for e in moved for j in payables.came_back(e.leaving(times.get(e.id, 0)), said.today, event)])
    return moved


def kept(
    tx: Tenant, entries: Sequence[Entry], event: str, details: Sequence[str], return_days: int, said: Said
) -> list[Entry]:
    """RETURNED → ACKNOWLEDGED (`return_dishonoured`) or OVERPAID (`paid_twice`): the payee has the money after all.

    It is provisional again: his bank may contest that as long as it might have returned it. Gives those that moved.
    """
    until = add_banking_days(said.today, return_days)
    moved = _moved(tx, entries, event, details, said, assign="provisional_until = :until", until=until)
    times = _times(tx, moved, (event,))
    journals = [j for e in moved for j in payables.kept_after_all(e.leaving(times.get(e.id, 0)), said.today, event)]
    ledger.post(tx, journals)
    return moved


def _moved(
    tx: Tenant, entries: Sequence[Entry], event: str, details: Sequence[str | None], said: Said, **more: Any
) -> list[Entry]:
    ids = transitions.move(
        tx,
        Kind.PAYMENT,
        [entry.payment_id for entry in entries],
        event,
        inbound_file_id=said.inbound_file_id,
        detail=details,
        business_at=said.now,
        **more,
    )
    found = set(ids)
    return [entry for entry in entries if entry.payment_id in found]


def _times(tx: Tenant, entries: Sequence[Entry], purposes: Sequence[str]) -> dict[int, int]:
    """How often each entry was booked for one of these purposes, whatever the round."""
    rows = tx.rows(
        "SELECT source_id, count(*) AS times FROM journal WHERE org_id = :org AND source_kind = 'payment_entry'"
        " AND source_id = ANY(CAST(:ids AS bigint[])) AND split_part(purpose, '-', 1) = ANY(CAST(:purposes AS text[]))"
        " GROUP BY source_id",
        org=tx.org_id,
        ids=[entry.id for entry in entries],
        purposes=list(purposes),
    )
    return {row.source_id: row.times for row in rows}


def dishonoured_before(tx: Tenant, entries: Sequence[Entry]) -> set[int]:
    """Those entries, by id, whose return was not accepted at some time, so that there is something to contest.

    Told by the history of their payments: a prenote has no journals.
    """
    rows = tx.rows(
        "SELECT DISTINCT subject_id FROM history WHERE org_id = :org AND subject_kind = 'payment'"
        " AND subject_id = ANY(CAST(:ids AS bigint[])) AND event IN ('return_dishonoured', 'paid_twice')",
        org=tx.org_id,
        ids=[entry.payment_id for entry in entries],
    )
    found = {row.subject_id for row in rows}
    return {entry.id for entry in entries if entry.payment_id in found}


def told_before(tx: Tenant, payment_ids: Sequence[int]) -> set[tuple[int, str]]:
    """(payment, words) of every return, dishonour and contest that was applied: another file may tell them again."""
    rows = tx.rows(
        "SELECT subject_id, detail FROM history WHERE org_id = :org AND subject_kind = 'payment'"
        " AND subject_id = ANY(CAST(:ids AS bigint[])) AND event IN ('returned', 'return_dishonoured', 'paid_twice')",
        org=tx.org_id,
        ids=list(payment_ids),
    )
    return {(row.subject_id, row.detail) for row in rows}


# -- before its time ----------------------------------------------------------------------------------------------------
def note_early(tx: Tenant, entry: Entry, words: str, said: Said) -> None:
    """Keeps that this file tells of the payment what is about an answer that has not come."""
    transitions.move(
        tx,
        Kind.PAYMENT,
        [entry.payment_id],
        "told_early",
        inbound_file_id=said.inbound_file_id,
        detail=words,
        business_at=said.now,
    )


def told_early(tx: Tenant, payment_ids: Sequence[int]) -> list[int]:
    """Files that told something of these payments before its time, the oldest first."""
    rows = tx.rows(
        "SELECT DISTINCT inbound_file_id FROM history WHERE org_id = :org AND subject_kind = 'payment'"
        " AND subject_id = ANY(CAST(:ids AS bigint[])) AND event = 'told_early' ORDER BY inbound_file_id",
        org=tx.org_id,
        ids=list(payment_ids),
    )
    return [row.inbound_file_id for row in rows]


def last_words(tx: Tenant, payment_ids: Sequence[int]) -> dict[int, str]:
    """By payment the words of the return, dishonour or contest that stands."""
    rows = tx.rows(
        "SELECT DISTINCT ON (subject_id) subject_id, detail FROM history WHERE org_id = :org AND subject_kind = 'payment'"
        " AND subject_id = ANY(CAST(:ids AS bigint[])) AND event IN ('returned', 'return_dishonoured', 'paid_twice')"
        " ORDER BY subject_id, id DESC",
        org=tx.org_id,
        ids=list(payment_ids),
    )
    return {row.subject_id: row.detail or "" for row in rows}
