"""Payments and their files that wait: for the bank's answer, for the day from which they count as paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.domain.calendar import add_banking_days
from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.database import Tenant


# -- files without an answer ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SilentFile:
    """A file at the bank that nothing has answered. `sent` is business time, `since` the database's."""

    file_id: int
    name: str
    amount_cents: int
    sent: datetime
    since: datetime


def silent_files(tx: Tenant, hours: Mapping[int, float], now: datetime) -> list[SilentFile]:
    """ACH files that left so many hours of business time ago, by mailbox, and have no answer of any kind."""
    rows = tx.rows(
        "SELECT f.id AS file_id, f.name, f.amount_cents, s.sent, coalesce(f.sent_at, f.created_at) AS since"
        " FROM unnest(CAST(:boxes AS bigint[]), CAST(:hours AS float8[])) AS box(id, hours)"
        " JOIN outbound_file f ON f.mailbox_id = box.id AND f.kind = 'ACH' AND f.state = 'SENT' AND f.answered_at IS NULL"
        " CROSS JOIN LATERAL (SELECT coalesce((SELECT min(h.business_at) FROM history h WHERE h.subject_kind = 'file'"
        "   AND h.subject_id = f.id AND h.event = 'sent'), f.business_at, f.created_at) AS sent) s"
        " WHERE s.sent <= :now - make_interval(secs => box.hours * 3600) ORDER BY f.id",
        boxes=list(hours),
        hours=list(hours.values()),
        now=now,
    )
    return [SilentFile(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


# -- paid -------------------------------------------------------------------------------------------------------------
def reversals_pass(tx: Tenant, today: date) -> bool:
    """Whether a reversal of ours can be refused no longer since today: money moves then."""
    return bool(tx.value(f"SELECT EXISTS ({_PASSED} AND p.kind = 'reversal')", org=tx.org_id, today=today))


def settle(tx: Tenant, today: date, now: datetime) -> tuple[list[int], list[int]]:
    """ACKNOWLEDGED → SETTLED, of all whose days for coming back are over; gives their ids, and the reversals' among them."""
    rows = tx.rows(f"{_PASSED} ORDER BY p.id", org=tx.org_id, today=today)
    moved = set(transitions.move(tx, Kind.PAYMENT, [row.id for row in rows], "settled", business_at=now))
    return sorted(moved), [row.id for row in rows if row.kind == "reversal" and row.id in moved]


_PASSED = (
    "SELECT p.id, p.kind FROM payment p"
    " WHERE p.org_id = :org AND p.state = 'ACKNOWLEDGED' AND p.provisional_until < :today"
)


def until_when(tx: Tenant, days: Mapping[int, int]) -> None:
    """Notes until when payments may come back that were acknowledged before that was noted; `days` by mailbox."""
    rows = tx.rows(
        "SELECT p.id, f.mailbox_id, coalesce(e.effective_date, CAST(f.business_at AS date), CAST(f.created_at AS date))"
        " AS day FROM payment p JOIN payment_entry e ON e.payment_id = p.id AND e.live"
        " JOIN outbound_file f ON f.id = e.file_id"
        " WHERE p.org_id = :org AND p.state = 'ACKNOWLEDGED' AND p.provisional_until IS NULL ORDER BY p.id FOR UPDATE OF p",
        org=tx.org_id,
    )
    if rows:
        ends = [add_banking_days(row.day, days.get(row.mailbox_id, _RETURN_DAYS)) for row in rows]
        tx.run(
            "UPDATE payment p SET provisional_until = g.day FROM unnest(CAST(:ids AS bigint[]), CAST(:days AS date[]))"
            " AS g(id, day) WHERE p.id = g.id",
            ids=[row.id for row in rows],
            days=[day.isoformat() for day in ends],
        )


_RETURN_DAYS = 2


# -- for people -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Provisional:
    """Payments that are with their payees and may ordinarily come back up to a business day."""

    until: date
    count: int
    cents: int


def provisional(tx: Tenant) -> Sequence[Provisional]:
    """By day, the soonest first; prenotes move nothing and are not among them."""
    rows = tx.rows(
        "SELECT provisional_until AS until, count(*) AS count, CAST(sum(amount_cents) AS bigint) AS cents FROM payment"
        " WHERE org_id = :org AND state = 'ACKNOWLEDGED' AND provisional_until IS NOT NULL AND kind <> 'prenote'"
        " GROUP BY provisional_until ORDER BY provisional_until",
        org=tx.org_id,
    )
    return [Provisional(**row._mapping) for row in rows]  # noqa: SLF001
