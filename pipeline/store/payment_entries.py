"""Payments' lines in files: placed once while alive, followed to the bank and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.domain import payables
from pipeline.domain.payables import Leaving
from pipeline.domain.payment import Payee, PaymentKind
from pipeline.domain.states import Kind
from pipeline.store import ledger, payees, payments, transitions
from pipeline.store.cutoffs import NOT_YET, Passed
from pipeline.store.database import Tenant
from pipeline.store.obligations import MONEY_IS_IN


# -- into files -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A payment that may leave, with all that its entry says. `mailbox_id` None: the tenant's first bank."""

    id: int
    kind: PaymentKind
    amount_cents: int
    payee: Payee
    sec: str
    addenda: str
    same_day: bool
    mailbox_id: int | None
    approved_at: datetime | None
    reverses_id: int | None
    reversed_date: date | None  # when what a reversal takes back was to settle


# Paid anew after it had come back or was refused: it does not go a second time, whoever opens it again.
_NOT_REPLACED = (
    "NOT EXISTS (SELECT 1 FROM payment n WHERE n.replaces_id = p.id AND n.state NOT IN ('DENIED', 'VOIDED'))"
)


def approved(tx: Tenant, now: datetime, passed: Passed) -> list[Approved]:
    """Payments that may go, oldest first; locked.

    What waits for its cut-off, its money, its payee or its bank details stays out.
    """
    rows = tx.rows(
        "SELECT p.id, p.kind, p.amount_cents, p.payee, coalesce(p.sec, 'PPD') AS sec, p.addenda, p.same_day, p.mailbox_id,"  # noqa: S608
        " p.approved_at, p.reverses_id, (SELECT e.effective_date FROM payment_entry e WHERE e.payment_id = p.reverses_id"
        "  AND e.live) AS reversed_date FROM payment p WHERE p.org_id = :org AND p.state = 'APPROVED'"
        f" AND {MONEY_IS_IN} AND {payees.MAY_BE_PAID} AND NOT {NOT_YET} AND {_NOT_REPLACED} ORDER BY p.id FOR UPDATE OF p",
        org=tx.org_id,
        now=now,
        **passed.parameters,
    )
    return [
        Approved(
            id=row.id,
            kind=PaymentKind(row.kind),
            amount_cents=row.amount_cents,
            payee=payments.payee(tx, row),
            sec=row.sec,
            addenda=payments.addenda(tx, row),
            same_day=row.same_day,
            mailbox_id=row.mailbox_id,
            approved_at=row.approved_at,
            reverses_id=row.reverses_id,
            reversed_date=row.reversed_date,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Traced:
    """The line that a payment gets. `effective_date` is the day on which it shall settle."""

    payment_id: int
    amount_cents: int
    trace: str
    effective_date: date | None = None


def place(tx: Tenant, file_id: int, traced: Sequence[Traced]) -> None:
    """Gives each payment its live entry in the file; the database allows one live entry a payment."""
    tx.insert(
        "payment_entry",
        {
            "id": ("bigint", tx.ids("payment_entry", len(traced))),
            "payment_id": ("bigint", [one.payment_id for one in traced]),
            "file_id": ("bigint", [file_id] * len(traced)),
            "trace": ("text", [one.trace for one in traced]),
            "amount_cents": ("bigint", [one.amount_cents for one in traced]),
            "live": ("boolean", [True] * len(traced)),
            "effective_date": ("date", [one.effective_date for one in traced]),
        },
    )
    moved = transitions.move(tx, Kind.PAYMENT, [one.payment_id for one in traced], "placed", file_id=file_id)
    if len(moved) != len(traced):
        raise RuntimeError("a payment moved while it was locked")


def file_sent(tx: Tenant, file_id: int, business_date: date | None = None) -> None:
    """The file has left: its payments are SENT and the bank account is charged. Twice, and nothing more happens."""
    day = business_date or _day_of(tx, file_id)
    entries = live_entries(tx, file_id)
    moved = set(transitions.move(tx, Kind.PAYMENT, [e.payment_id for e in entries], "sent", file_id=file_id))
    ledger.post(tx, [j for e in entries if e.payment_id in moved for j in payables.sent(e.leaving(), day)])
    payees.prenotes_sent(tx, [e.payment_id for e in entries if e.payment_id in moved])


def _day_of(tx: Tenant, file_id: int) -> date:
    """The business day on which the file was made."""
    day: date = tx.value(
        "SELECT CAST(coalesce(business_at, created_at) AS date) FROM outbound_file WHERE id = :id", id=file_id
    )
    return day


# -- what the bank speaks of ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Entry:
    """A payment's live line in a file, with how the payment stands; `mailbox_id` names the bank that the file goes to."""

    id: int
    payment_id: int
    file_id: int
    kind: str
    claim_id: int | None
    trace: str
    amount_cents: int
    mailbox_id: int
    effective_date: date | None
    state: str
    payee_id: int | None
    details_id: int | None

    def leaving(self, times: int = 0) -> Leaving:
        return Leaving(
            entry_id=self.id,
            kind=PaymentKind(self.kind),
            claim_id=self.claim_id,
            amount_cents=self.amount_cents,
            bank=str(self.mailbox_id),
            times=times,
        )


_ENTRY = (
    "SELECT e.id, e.payment_id, e.file_id, p.kind, p.claim_id, e.trace, e.amount_cents, f.mailbox_id, e.effective_date,"
    " p.state, p.payee_id, p.details_id"
    " FROM payment_entry e JOIN payment p ON p.id = e.payment_id JOIN outbound_file f ON f.id = e.file_id"
    " WHERE e.org_id = :org AND e.live"
)


def live_entries(tx: Tenant, file_id: int) -> list[Entry]:
    rows = tx.rows(f"{_ENTRY} AND e.file_id = :file ORDER BY e.id", org=tx.org_id, file=file_id)
    return [Entry(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def by_trace(tx: Tenant, traces: Iterable[str]) -> dict[str, Entry]:
    rows = tx.rows(f"{_ENTRY} AND e.trace = ANY(CAST(:traces AS text[]))", org=tx.org_id, traces=list(traces))
    return {row.trace: Entry(**row._mapping) for row in rows}  # noqa: SLF001


def receivers(tx: Tenant, payment_ids: Sequence[int]) -> dict[int, Payee]:
    """To whom, and where, each of these payments went."""
    rows = tx.rows(
        "SELECT id, payee FROM payment WHERE id = ANY(CAST(:ids AS bigint[]))",
        ids=list(payment_ids),
    )
    return {row.id: payments.payee(tx, row) for row in rows}


def files_answering_to(tx: Tenant, mailbox_id: int, created: str) -> list[int]:
    """ACH files of this mailbox with bytes, made in the minute `created` (YYMMDDHHMM, UTC, as in their header)."""
    rows = tx.rows(
        "SELECT id FROM outbound_file WHERE org_id = :org AND mailbox_id = :box AND kind = 'ACH'"
        " AND content IS NOT NULL AND to_char(business_at AT TIME ZONE 'UTC', 'YYMMDDHH24MI') = :created ORDER BY id",
        org=tx.org_id,
        box=mailbox_id,
        created=created,
    )
    return [row.id for row in rows]
