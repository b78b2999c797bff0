"""Cut-offs: which approved payments have made one, which wait for the next; and the days that a file's entries bear.

`payment.approved_at` says which cut-off a payment makes: it belongs to the first one after. What may not go when that one
passes is put off to it, so that it belongs to the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.store import payees
from pipeline.store.database import Tenant
from pipeline.store.obligations import MONEY_IS_IN


@dataclass(frozen=True, slots=True)
class Passed:
    """The last cut-off that has passed, by mailbox, of those banks that have any; `first`: the bank of those who name none."""

    first: int
    at: Mapping[int, datetime]

    @property
    def parameters(self) -> dict[str, Any]:
        return {"first_box": self.first, "boxes": list(self.at), "passed": list(self.at.values())}


_OF_BOX = (
    "unnest(CAST(:boxes AS bigint[]), CAST(:passed AS timestamptz[])) AS c(box, at)"
    " WHERE c.box = coalesce(p.mailbox_id, :first_box)"
)
NOT_YET = f"EXISTS (SELECT 1 FROM {_OF_BOX} AND p.approved_at >= c.at)"  # noqa: S608 - ours
"""Of a payment `p`: its cut-off is still to come (parameters of `Passed`). Approved at a cut-off is after it."""


def put_off(tx: Tenant, passed: Passed, now: datetime) -> None:
    """What is approved, and could not go when its cut-off passed, belongs to the next."""
    tx.run(
        "UPDATE payment SET approved_at = late.at FROM ("  # noqa: S608 - ours
        f"  SELECT p.id, c.at FROM payment p, {_OF_BOX} AND p.org_id = :org AND p.state = 'APPROVED'"
        f"  AND p.approved_at < c.at AND NOT ({MONEY_IS_IN} AND {payees.MAY_BE_PAID}) ORDER BY p.id FOR UPDATE OF p"
        " ) late WHERE payment.id = late.id",
        org=tx.org_id,
        now=now,
        **passed.parameters,
    )


def waiting(tx: Tenant, first: int) -> list[int]:
    """Mailboxes through which something approved is still to go, whatever it waits for."""
    rows = tx.rows(
        "SELECT DISTINCT coalesce(mailbox_id, :first) AS id FROM payment WHERE org_id = :org AND state = 'APPROVED'",
        org=tx.org_id,
        first=first,
    )
    return [row.id for row in rows]


def missed(tx: Tenant, passed: Passed) -> bool:
    """Whether anything approved has not gone though its cut-off has passed, and no person is asked about its bank's files."""
    return bool(
        tx.value(
            f"SELECT EXISTS (SELECT 1 FROM payment p, {_OF_BOX} AND p.org_id = :org AND p.state = 'APPROVED'"  # noqa: S608
            " AND p.approved_at < c.at AND NOT EXISTS (SELECT 1 FROM work_exception x WHERE x.org_id = :org"
            "  AND x.state = 'OPEN' AND x.type = 'ach_refused' AND x.subject_kind = 'mailbox' AND x.subject_id = c.box))",
            org=tx.org_id,
            **passed.parameters,
        )
    )


@dataclass(frozen=True, slots=True)
class DayOfFile:
    """Entries of a file that bear one day; `most_cents` is the greatest of them."""

    effective_date: date
    sec: str
    most_cents: int


def days_of(tx: Tenant, file_id: int) -> Sequence[DayOfFile]:
    rows = tx.rows(
        "SELECT e.effective_date, coalesce(p.sec, 'PPD') AS sec, max(e.amount_cents) AS most_cents FROM payment_entry e"
        " JOIN payment p ON p.id = e.payment_id WHERE e.file_id = :file AND e.live AND e.effective_date IS NOT NULL"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        file=file_id,
    )
    return [DayOfFile(row.effective_date, row.sec, row.most_cents) for row in rows]
