"""Lines of the bank's statements about our own files, and what they are to be compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.domain.tying_out import Expected, Line, remaining
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line as a report tells it: `kind` settlement or returns, `cents` as the account gained them."""

    kind: str
    cents: int
    day: date
    reference: str


def record(tx: Tenant, mailbox_id: int, inbound_file_id: int, lines: Sequence[NewLine]) -> int:
    """Keeps those that no report has told before; gives how many."""
    if not lines:
        return 0
    return tx.insert(
        "bank_line",
        {
            "id": ("bigint", tx.ids("bank_line", len(lines))),
            "mailbox_id": ("bigint", [mailbox_id] * len(lines)),
            "inbound_file_id": ("bigint", [inbound_file_id] * len(lines)),
            "kind": ("text", [one.kind for one in lines]),
            "amount_cents": ("bigint", [one.cents for one in lines]),
            "day": ("date", [one.day for one in lines]),
            "reference": ("text", [one.reference for one in lines]),
        },
        conflict="ON CONFLICT DO NOTHING",
    )


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that fits nothing yet. `since`: when it was told, by the database's clock."""

    id: int
    mailbox_id: int
    kind: str
    amount_cents: int
    day: date
    reference: str
    since: datetime

    @property
    def line(self) -> Line:
        return Line(id=self.id, cents=self.amount_cents, day=self.day, reference=self.reference)


def open_lines(tx: Tenant) -> list[OpenLine]:
    rows = tx.rows(
        "SELECT id, mailbox_id, kind, amount_cents, day, reference, told_at AS since FROM bank_line"
        " WHERE org_id = :org AND file_id IS NULL AND returns_id IS NULL ORDER BY id",
        org=tx.org_id,
    )
    return [OpenLine(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def tie(tx: Tenant, files: Mapping[int, int], returns: Mapping[int, int]) -> None:
    """Notes what each line is about: a file of ours, or the bank's file whose returns it pays back."""
    for column, met in (("file_id", files), ("returns_id", returns)):
        if met:
            tx.run(
                f"UPDATE bank_line l SET {column} = g.about FROM unnest(CAST(:ids AS bigint[]), CAST(:about AS bigint[]))"  # noqa: S608
                " AS g(id, about) WHERE l.id = g.id AND l.file_id IS NULL AND l.returns_id IS NULL",
                ids=list(met),
                about=list(met.values()),
            )


# -- what lines are about -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is at the bank and not wholly told of yet; `expected` are the days that are missing."""

    file_id: int
    mailbox_id: int
    name: str
    expected: tuple[Expected, ...]
    last_day: date
    since: datetime


def open_files(tx: Tenant, mailbox_ids: Sequence[int], until: date) -> list[OpenFile]:
    """Files of these mailboxes that were to settle up to a day, and that lines have not told wholly.

    A sum is what the account gains: entries that the bank refused are not in it, those that came back later are.
    """
    rows = tx.rows(
        "WITH ours AS MATERIALIZED (SELECT f.id, f.mailbox_id, f.name, f.exchange, f.business_at,"
        "   coalesce(f.answered_at, f.sent_at, f.created_at) AS since FROM outbound_file f"
        "   WHERE f.org_id = :org AND f.mailbox_id = ANY(CAST(:boxes AS bigint[])) AND f.kind = 'ACH'"
        "   AND f.state IN ('SENT', 'ACCEPTED')),"
        " due AS (SELECT e.file_id, e.effective_date AS day,"
        "   CAST(sum(CASE WHEN p.kind = 'reversal' THEN e.amount_cents ELSE -e.amount_cents END) AS bigint) AS cents"
        "   FROM ours JOIN payment_entry e ON e.file_id = ours.id AND e.live JOIN payment p ON p.id = e.payment_id"
        "   WHERE e.effective_date IS NOT NULL GROUP BY e.file_id, e.effective_date),"
        " told AS (SELECT file_id, array_agg(amount_cents ORDER BY day, id) AS cents FROM bank_line"
        "   WHERE org_id = :org AND file_id IS NOT NULL GROUP BY file_id)"
        " SELECT ours.*, d.days, d.sums, coalesce(told.cents, '{}') AS told FROM ours JOIN"
        "  (SELECT file_id, array_agg(day ORDER BY day) AS days, array_agg(cents ORDER BY day) AS sums FROM due"
        "   WHERE cents <> 0 GROUP BY file_id HAVING sum(cents) IS NOT NULL AND min(day) <= :until) d ON d.file_id = ours.id"
        " LEFT JOIN told ON told.file_id = ours.id"
        " WHERE told.cents IS NULL OR (SELECT sum(c) FROM unnest(told.cents) AS g(c))"
        "   <> (SELECT sum(s) FROM unnest(d.sums) AS g(s)) ORDER BY ours.id",
        org=tx.org_id,
        boxes=list(mailbox_ids),
        until=until,
    )
    found = []
    for row in rows:
        origin = row.exchange.partition("|")[0]
        names = (row.name, f"{origin}-{row.business_at:%y%m%d%H%M}-")
        expected = [
            Expected(file_id=row.id, cents=cents, day=day, names=names)
            for day, cents in zip(row.days, row.sums, strict=True)
        ]
        left = tuple(remaining(expected, row.told))
        if left:
            found.append(OpenFile(row.id, row.mailbox_id, row.name, left, max(row.days), row.since))
    return found


def open_returns(tx: Tenant, mailbox_ids: Sequence[int], since: date) -> dict[int, list[Expected]]:
    """The bank's files since a business day by which payments came back or were kept, and that no line pays; by mailbox."""
    rows = tx.rows(
        "SELECT i.id, i.mailbox_id, CAST(min(h.business_at AT TIME ZONE 'America/New_York') AS date) AS day,"
        " CAST(sum(CASE WHEN h.event = 'returned' THEN 1 ELSE -1 END * CASE WHEN p.kind = 'reversal' THEN -1 ELSE 1 END"
        "   * p.amount_cents) AS bigint) AS cents"
        " FROM inbound_file i JOIN history h ON h.inbound_file_id = i.id AND h.subject_kind = 'payment'"
        "   AND h.event IN ('returned', 'return_dishonoured', 'paid_twice') JOIN payment p ON p.id = h.subject_id"
        " WHERE i.org_id = :org AND i.mailbox_id = ANY(CAST(:boxes AS bigint[])) AND i.kind = 'nacha:return'"
        # Two clocks: the first spares the months of history that are long over.
        "   AND h.at >= now() - interval '90 days' AND h.business_at >= CAST(:since AS date)"
        "   AND NOT EXISTS (SELECT 1 FROM bank_line l WHERE l.org_id = :org AND l.returns_id = i.id)"
        " GROUP BY i.id, i.mailbox_id ORDER BY i.id",
        org=tx.org_id,
        boxes=list(mailbox_ids),
        since=since,
    )
    found: dict[int, list[Expected]] = {}
    for row in rows:
        if row.cents:
            found.setdefault(row.mailbox_id, []).append(Expected(file_id=row.id, cents=row.cents, day=row.day))
    return found
