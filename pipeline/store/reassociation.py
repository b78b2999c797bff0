"""What waits for its other half: the candidates over which `domain.reassociation` decides, and both waiting lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.reassociation import Near, Pair, Reversal, due
from pipeline.store.arrays import array
from pipeline.store.database import Tenant


def await_deposits(tx: Tenant, today: date) -> None:
    """Notes by when the deposits of posted remittances are expected, where it is not yet; no money waits for none."""
    rows = tx.rows(
        "SELECT id, payment_date FROM remittance WHERE org_id = :org AND state = 'POSTED' AND deposit_due IS NULL"
        " AND amount_cents <> 0 ORDER BY id FOR UPDATE",
        org=tx.org_id,
    )
    if rows:
        tx.run(
            "UPDATE remittance r SET deposit_due = g.due"
            " FROM unnest(CAST(:ids AS bigint[]), CAST(:days AS date[])) AS g(id, due) WHERE r.id = g.id",
            ids=array("bigint", [row.id for row in rows]),
            days=array("date", [due(row.payment_date, today) for row in rows]),
        )


def same_trace(tx: Tenant, inbound_file_id: int) -> list[Pair]:
    """Waiting deposits with remittances of the same TRN02 and TRN03, oldest first; touched: either came in this file."""
    rows = tx.rows(
        "SELECT d.id AS deposit_id, r.id AS remittance_id, d.amount_cents AS deposit_cents,"
        " r.amount_cents AS remittance_cents, r.state = 'MATCHED' AS paid,"
        " (d.inbound_file_id = :file OR r.inbound_file_id = :file) AS touched"
        " FROM deposit d JOIN remittance r ON r.org_id = d.org_id AND r.trace_number = d.trace_number"
        " AND r.trace_payer_id = d.trace_payer_id"
        " WHERE d.org_id = :org AND d.state = 'WAITING' AND d.amount_cents > 0 AND r.amount_cents <> 0"
        " AND r.state IN ('POSTED', 'MATCHED') ORDER BY d.id, r.id",
        org=tx.org_id,
        file=inbound_file_id,
    )
    return [Pair(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


_CALENDAR_DAYS = 10
"""More than the banking days of any window here span, holidays between them: narrows what the decision looks at."""


def same_amount(tx: Tenant, today: date) -> list[Near]:
    """Waiting deposits without a known trace, with waiting remittances of the same amount and about the same date.

    Not ready: a deposit with a whole trace whose own 835 is not late yet, one of whose money another source may have
    told too, and a remittance whose own trace a waiting deposit bears.
    """
    rows = tx.rows(
        "SELECT d.id AS deposit_id, r.id AS remittance_id, d.effective_date, r.payment_date,"
        " d.trace_payer_id AS deposit_payer_id, d.sender, r.trace_payer_id AS remittance_payer_id, r.payer_name,"
        " ((d.trace_number IS NULL OR d.remittance_due < CAST(:today AS date))"
        "  AND NOT EXISTS (SELECT 1 FROM deposit o WHERE o.org_id = d.org_id AND o.state = 'WAITING'"
        "   AND o.trace_number = r.trace_number AND o.trace_payer_id = r.trace_payer_id)"
        "  AND NOT EXISTS (SELECT 1 FROM deposit o WHERE o.org_id = d.org_id AND o.amount_cents = d.amount_cents"
        "   AND o.source <> d.source AND abs(o.effective_date - d.effective_date) <= :days"
        "   AND NOT EXISTS (SELECT 1 FROM history h WHERE h.subject_kind = 'deposit' AND h.subject_id = o.id"
        "    AND h.event = 'told_again' AND split_part(h.detail, ' ', 1) = d.source))) AS ready"
        " FROM deposit d JOIN remittance r ON r.org_id = d.org_id AND r.amount_cents = d.amount_cents"
        " AND r.payment_date BETWEEN d.effective_date - :days AND d.effective_date + :days"
        " WHERE d.org_id = :org AND d.state = 'WAITING' AND d.amount_cents > 0 AND r.state = 'POSTED'"
        " AND NOT EXISTS (SELECT 1 FROM remittance k WHERE k.org_id = d.org_id AND k.trace_number = d.trace_number"
        "  AND k.trace_payer_id = d.trace_payer_id) ORDER BY d.id, r.id",
        org=tx.org_id,
        today=str(today),
        days=_CALENDAR_DAYS,
    )
    return [Near(**row._mapping) for row in rows]  # noqa: SLF001


def reversals(tx: Tenant, inbound_file_id: int) -> list[Reversal]:
    """Waiting debits with the deposits of the same amount that they may take back, where either came in this file."""
    rows = tx.rows(
        "WITH named AS (SELECT t.id AS debit, d.id AS deposit FROM deposit t JOIN deposit d ON d.org_id = t.org_id"
        "   AND d.amount_cents = -t.amount_cents WHERE t.inbound_file_id = :file AND t.amount_cents < 0"
        "  UNION SELECT t.id, d.id FROM deposit d JOIN deposit t ON t.org_id = d.org_id AND t.state = 'WAITING'"
        "   AND t.amount_cents = -d.amount_cents WHERE d.inbound_file_id = :file AND d.amount_cents > 0)"
        "SELECT t.id AS debit_id, d.id AS deposit_id, d.state = 'WAITING' AS deposit_waits,"
        " coalesce(t.trace_number = d.trace_number AND t.trace_payer_id = d.trace_payer_id, false) AS same_trace,"
        " coalesce(t.bank_reference = d.bank_reference, false) AS same_reference,"
        " t.trace_payer_id AS debit_payer_id, t.sender AS debit_sender, d.trace_payer_id AS deposit_payer_id,"
        " d.sender AS deposit_sender, t.effective_date AS debit_day, d.effective_date AS deposit_day"
        " FROM named JOIN deposit t ON t.id = named.debit JOIN deposit d ON d.id = named.deposit"
        " WHERE t.org_id = :org AND t.state = 'WAITING' AND d.state IN ('WAITING', 'MATCHED') ORDER BY t.id, d.id",
        org=tx.org_id,
        file=inbound_file_id,
    )
    return [Reversal(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Fresh:
    """A deposit or debit of a file that waits after the file was gone through."""

    id: int
    amount_cents: int
    has_trace: bool


def still_waiting(tx: Tenant, inbound_file_id: int) -> list[Fresh]:
    rows = tx.rows(
        "SELECT id, amount_cents, trace_number IS NOT NULL AS has_trace FROM deposit"
        " WHERE org_id = :org AND inbound_file_id = :file AND state = 'WAITING' ORDER BY id",
        org=tx.org_id,
        file=inbound_file_id,
    )
    return [Fresh(**row._mapping) for row in rows]  # noqa: SLF001


# -- the waiting lists ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDeposit:
    """A deposit whose 835 has not come. `alike` are waiting remittances of the same amount."""

    id: int
    amount_cents: int
    effective_date: date | None
    sender: str | None
    source: str
    trace_number: str | None
    bank_reference: str | None
    remittance_due: date | None
    alike: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRemittance:
    """A posted 835 whose money the bank has not seen. `alike` are waiting deposits of the same amount."""

    id: int
    amount_cents: int
    payment_date: date | None
    payer_name: str | None
    trace_number: str
    deposit_due: date | None
    alike: Sequence[int]


def waiting_deposits(tx: Tenant) -> list[WaitingDeposit]:
    rows = tx.rows(
        "SELECT d.id, d.amount_cents, d.effective_date, d.sender, d.source, d.trace_number, d.bank_reference,"
        " d.remittance_due, ARRAY(SELECT r.id FROM remittance r WHERE r.org_id = d.org_id AND r.state = 'POSTED'"
        "  AND r.amount_cents = d.amount_cents ORDER BY r.id) AS alike"
        " FROM deposit d WHERE d.org_id = :org AND d.state = 'WAITING' ORDER BY d.id",
        org=tx.org_id,
    )
    return [WaitingDeposit(**row._mapping) for row in rows]  # noqa: SLF001


def waiting_remittances(tx: Tenant) -> list[WaitingRemittance]:
    rows = tx.rows(
        "SELECT r.id, r.amount_cents, r.payment_date, r.payer_name, r.trace_number, r.deposit_due,"
        " ARRAY(SELECT d.id FROM deposit d WHERE d.org_id = r.org_id AND d.state = 'WAITING'"
        "  AND d.amount_cents = r.amount_cents ORDER BY d.id) AS alike"
        " FROM remittance r WHERE r.org_id = :org AND r.state = 'POSTED' AND r.amount_cents <> 0 ORDER BY r.id",
        org=tx.org_id,
    )
    return [WaitingRemittance(**row._mapping) for row in rows]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Remittance:
    id: int
    state: str
    amount_cents: int


def remittance(tx: Tenant, remittance_id: int) -> Remittance | None:
    row = tx.first(
        "SELECT id, state, amount_cents FROM remittance WHERE org_id = :org AND id = :id",
        org=tx.org_id,
        id=remittance_id,
    )
    return None if row is None else Remittance(**row._mapping)  # noqa: SLF001
