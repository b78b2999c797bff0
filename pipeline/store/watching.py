"""What waits, with the facts that tell since when and why; and the exceptions that stand about it.

Each question is one statement for a whole tenant. What is surely not due yet is left out by the time when the file was
made, which is never later than when it left.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.domain.watching import INQUIRY, UNDECIDED
from pipeline.store.answers import LATEST
from pipeline.store.conversations import GOOD
from pipeline.store.database import Tenant
from pipeline.store.files import UNSENT

_LEFT = ("SENT", "ACCEPTED", "REJECTED")

# When the file left, by business time: answers may have proved it, and after a restore nobody noted the time.
SENT_AT = (
    "(SELECT min(h.business_at) FROM history h WHERE h.subject_kind = 'file' AND h.subject_id = f.id"
    " AND h.event = ANY(CAST(:left_by AS text[])) AND h.at >= f.created_at - interval '1 day')"
)
LEFT_BY = ["sent", "accepted", "rejected"]


# -- files ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SilentFile:
    """An 837 or 270 file that nothing has answered; the meaning of its fields is that of `domain.watching.Unanswered`."""

    file_id: int
    mailbox_id: int
    name: str
    state: str
    amount_cents: int
    due: datetime
    sent: datetime | None
    failure: str | None
    stopped: str | None
    fetched: bool
    broken_off: bool
    since: datetime
    """Database time: when something last happened to it."""


def silent_files(tx: Tenant, hours: Mapping[int, int], now: datetime) -> list[SilentFile]:
    """Files that were to leave so many hours of business time ago (by mailbox) and have no answer of any kind."""
    rows = tx.rows(
        f"""
        SELECT f.id AS file_id, f.mailbox_id, f.name, f.state, f.amount_cents, f.business_at AS due, {SENT_AT} AS sent,
               w.last_error AS failure,
               (SELECT min(x.type) FROM work_exception x WHERE x.org_id = :org AND x.state = 'OPEN'
                AND x.subject_kind = 'file' AND x.subject_id = f.id AND x.type IN ('mode_mismatch', 'upload_unknown')
               ) AS stopped,
               coalesce(p.last_at > f.sent_at, false) AS fetched,
               coalesce(t.outcome = 'broken_off', false) AS broken_off,
               coalesce(f.sent_at, f.created_at) AS since
        FROM unnest(CAST(:boxes AS bigint[]), CAST(:hours AS int[])) AS box(id, hours)
        JOIN outbound_file f ON f.mailbox_id = box.id
        LEFT JOIN due_work w ON w.stage = 'upload' AND w.subject_id = f.id AND w.org_id = :org
        LEFT JOIN conversation p ON p.mailbox_id = box.id AND p.stage = 'poll' AND p.outcome = :good
        LEFT JOIN LATERAL (SELECT outcome FROM conversation c WHERE c.mailbox_id = box.id
                           ORDER BY last_at DESC LIMIT 1) t ON true
        WHERE f.kind IN ('837P', '837I', '270') AND f.state = ANY(CAST(:states AS text[])) AND f.answered_at IS NULL
          AND f.business_at <= :now - make_interval(hours => box.hours)
          AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.file_id = f.id AND s.state NOT IN ('IN_FILE', 'WITHDRAWN'))
        ORDER BY f.id
        """,  # noqa: S608 - ours
        org=tx.org_id,
        boxes=list(hours),
        hours=list(hours.values()),
        good=GOOD,
        states=[*UNSENT, "UNKNOWN", "SENT"],
        left_by=LEFT_BY,
        now=now,
    )
    return [SilentFile(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


# -- claims -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """A claim that is out, by its latest submission; business times, but for `since`."""

    claim_id: int
    charge_cents: int
    clearinghouse_id: str | None
    status_days: int
    state: str
    sent: datetime
    accepted: datetime | None
    answered: datetime | None
    since: datetime
    """Database time: when something last happened to the submission."""


_WAITING = f"""
    WITH out_now AS MATERIALIZED (
        SELECT s.id, s.claim_id, s.state, s.clearinghouse_id, c.charge_cents, box.days, s.file_id
        FROM unnest(CAST(:boxes AS bigint[]), CAST(:days AS int[])) AS box(id, days)
        JOIN outbound_file f ON f.mailbox_id = box.id AND f.state = ANY(CAST(:left AS text[]))
        JOIN submission s ON s.file_id = f.id AND s.state = ANY(CAST(:undecided AS text[]))
        JOIN claim c ON c.id = s.claim_id AND c.state = 'SUBMITTED'
        WHERE {{narrow}} AND {LATEST.format("s")}
    ), sent AS MATERIALIZED (
        SELECT f.id, coalesce({SENT_AT}, f.business_at, f.created_at) AS sent, f.created_at
        FROM outbound_file f WHERE f.id IN (SELECT file_id FROM out_now)
    )
    SELECT o.claim_id, o.charge_cents, o.clearinghouse_id, o.days AS status_days, o.state, sent.sent, told.accepted,
           told.answered, coalesce(told.since, sent.created_at) AS since
    FROM out_now o JOIN sent ON sent.id = o.file_id CROSS JOIN LATERAL (
        SELECT min(coalesce(h.business_at, h.at)) FILTER (WHERE h.event = 'payer_accepted') AS accepted,
               max(coalesce(h.business_at, h.at)) FILTER (WHERE h.inbound_file_id IS NOT NULL) AS answered,
               max(h.at) AS since
        FROM history h WHERE h.subject_kind = 'submission' AND h.subject_id = o.id
          AND h.at >= sent.created_at - interval '1 day') told
    ORDER BY o.claim_id
"""  # noqa: S608 - ours
_LONG_OUT = (
    "f.business_at <= :now - make_interval(days => CASE s.state WHEN 'PAYER_ACCEPTED' THEN :decision ELSE box.days END)"
)


def waiting_claims(tx: Tenant, days: Mapping[int, int], decision_days: int, now: datetime) -> list[WaitingClaim]:
    """Claims so long out that a window may be over: `days` for a payer's answer, by mailbox, then for its decision."""
    return _waiting(tx, _LONG_OUT, days, decision=decision_days, now=now)


def waiting_claim(tx: Tenant, days: Mapping[int, int], claim_id: int) -> WaitingClaim | None:
    """The same of one claim, however long it has been out; None when it is not out, or is decided."""
    found = _waiting(tx, "c.id = :claim", days, claim=claim_id)
    return found[0] if found else None


def _waiting(tx: Tenant, narrow: str, days: Mapping[int, int], **given: object) -> list[WaitingClaim]:
    rows = tx.rows(
        _WAITING.format(narrow=narrow),
        boxes=list(days),
        days=list(days.values()),
        left=list(_LEFT),
        undecided=list(UNDECIDED),
        left_by=LEFT_BY,
        **given,
    )
    return [WaitingClaim(**row._mapping) for row in rows]  # noqa: SLF001


def ask_for_status(tx: Tenant, claim_ids: Collection[int]) -> None:
    """An inquiry is the next step of these claims, and no longer that of others whose window was over."""
    ids = sorted(claim_ids)
    tx.run(
        "UPDATE claim SET next_step = :step WHERE id IN (SELECT id FROM claim"
        " WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'SUBMITTED' AND next_step IS NULL ORDER BY id FOR UPDATE)",
        ids=ids,
        step=INQUIRY,
    )
    tx.run(
        "UPDATE claim SET next_step = NULL WHERE id IN (SELECT c.id FROM claim c WHERE c.next_step = :step"
        " AND c.id IN (SELECT subject_id FROM work_exception WHERE org_id = :org AND type = 'status_window_over'"
        "   EXCEPT SELECT unnest(CAST(:ids AS bigint[]))) ORDER BY c.id FOR UPDATE)",
        ids=ids,
        step=INQUIRY,
        org=tx.org_id,
    )


# -- money ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LateMoney:
    """A remittance without its deposit, or a deposit without its remittance. `since`: its last event, database time."""

    id: int
    trace_number: str | None
    amount_cents: int
    due: date
    since: datetime


def late_remittances(tx: Tenant, today: date) -> list[LateMoney]:
    """Posted remittances of some money whose deposit should have come before today."""
    return _late(tx, "remittance", "POSTED", "deposit_due", today)


def late_deposits(tx: Tenant, today: date) -> list[LateMoney]:
    """Deposits that wait for a remittance that should have come before today."""
    return _late(tx, "deposit", "WAITING", "remittance_due", today)


def _late(tx: Tenant, table: str, state: str, due: str, today: date) -> list[LateMoney]:
    rows = tx.rows(
        f"SELECT t.id, t.trace_number, t.amount_cents, t.{due} AS due, coalesce((SELECT max(h.at) FROM history h"  # noqa: S608 - ours
        f"  WHERE h.subject_kind = '{table}' AND h.subject_id = t.id), t.received_at) AS since"
        f" FROM {table} t WHERE t.org_id = :org AND t.state = '{state}' AND t.{due} < :today AND t.amount_cents <> 0"
        " ORDER BY t.id",
        org=tx.org_id,
        today=today,
    )
    return [LateMoney(**row._mapping) for row in rows]  # noqa: SLF001


# -- the exceptions about it ------------------------------------------------------------------------------------------
def standing(tx: Tenant, type_: str, subject_kind: str) -> dict[int, str]:
    """The reasons of the open exceptions of a type, by subject."""
    rows = tx.rows(
        "SELECT subject_id, reason FROM work_exception WHERE org_id = :org AND type = :type AND subject_kind = :kind"
        " AND state = 'OPEN'",
        org=tx.org_id,
        type=type_,
        kind=subject_kind,
    )
    return {row.subject_id: row.reason for row in rows}


def resolved_by_others(tx: Tenant, type_: str, subject_kind: str, ids: Sequence[int], ours: str) -> dict[int, datetime]:
    """When, by subject, the latest exception of the type was resolved in other words than `ours`: by a person."""
    rows = tx.rows(
        "SELECT subject_id, max(resolved_at) AS at FROM work_exception WHERE org_id = :org AND type = :type"
        " AND subject_kind = :kind AND subject_id = ANY(CAST(:ids AS bigint[])) AND state <> 'OPEN'"
        " AND resolution IS DISTINCT FROM :ours AND resolved_at IS NOT NULL GROUP BY subject_id",
        org=tx.org_id,
        type=type_,
        kind=subject_kind,
        ids=list(ids),
        ours=ours,
    )
    return {row.subject_id: row.at for row in rows}


def reword(tx: Tenant, type_: str, subject_kind: str, reasons: Mapping[int, str]) -> None:
    """Gives open exceptions of a type other reasons, by subject."""
    if reasons:
        tx.run(
            "UPDATE work_exception x SET reason = g.reason"
            " FROM unnest(CAST(:ids AS bigint[]), CAST(:reasons AS text[])) AS g(id, reason)"
            " WHERE x.org_id = :org AND x.type = :type AND x.subject_kind = :kind AND x.subject_id = g.id"
            " AND x.state = 'OPEN'",
            org=tx.org_id,
            type=type_,
            kind=subject_kind,
            ids=list(reasons),
            reasons=list(reasons.values()),
        )
