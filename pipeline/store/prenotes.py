"""Accounts that are tried out without money first: which want it, and which have passed."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.domain.payment import Payee, PayeeKind
from pipeline.domain.states import Kind
from pipeline.store import payees, transitions
from pipeline.store.database import Tenant

_OBLIGATION = "prenote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Bank details that are to be tried out. `obligation` names this try: a further one only where the last was voided."""

    details_id: int
    payee_id: int
    kind: PayeeKind
    where: Payee
    obligation: str


def wanted(tx: Tenant) -> list[Wanted]:
    """Bank details that nothing may be paid to before a prenote, and for which none is under way."""
    rows = tx.rows(
        "SELECT d.id, d.payee_id, d.details, y.kind, (SELECT count(*) FROM payment p WHERE p.payee_id = d.payee_id"
        "   AND p.details_id = d.id AND p.kind = 'prenote') AS tries"
        " FROM bank_details d JOIN payee y ON y.id = d.payee_id"
        " WHERE d.org_id = :org AND d.state = 'ACTIVE' AND d.prenote = 'wanted' AND NOT EXISTS (SELECT 1 FROM payment p"
        "   WHERE p.payee_id = d.payee_id AND p.details_id = d.id AND p.kind = 'prenote' AND p.state <> 'VOIDED')"
        " ORDER BY d.id",
        org=tx.org_id,
    )
    return [
        Wanted(
            details_id=row.id,
            payee_id=row.payee_id,
            kind=PayeeKind(row.kind),
            where=payees.opened(tx, row.id, row.details),
            obligation=f"{_OBLIGATION}:{row.id}" + (f"/{row.tries + 1}" if row.tries else ""),
        )
        for row in rows
    ]


def passed(tx: Tenant, today: date, now: datetime) -> list[int]:
    """Moves along what came through: the bank took the prenote in, its days are over, and nothing came back.

    A correction that the receiving bank asked for is decided on first. Gives the ids that moved.
    """
    rows = tx.rows(
        "SELECT d.id FROM bank_details d WHERE d.org_id = :org AND d.state = 'ACTIVE' AND d.prenote = 'out'"
        " AND d.prenote_until < :today AND EXISTS (SELECT 1 FROM payment p WHERE p.payee_id = d.payee_id"
        "   AND p.details_id = d.id AND p.kind = 'prenote' AND p.state IN ('ACKNOWLEDGED', 'SETTLED'))"
        " AND NOT EXISTS (SELECT 1 FROM bank_details v WHERE v.payee_id = d.payee_id AND v.state = 'PROPOSED'"
        "   AND v.source = 'noc') ORDER BY d.id",
        org=tx.org_id,
        today=today,
    )
    return transitions.move(
        tx,
        Kind.DETAILS,
        [row.id for row in rows],
        "prenote_passed",
        assign="prenote = 'passed'",
        where="AND t.prenote = 'out'",
        business_at=now,
    )


def waited_out(tx: Tenant, now: datetime) -> bool:
    """Whether an approved payment waits whose bank details were on hold for a time and are no more."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM payment p JOIN bank_details b ON b.id = p.details_id WHERE p.org_id = :org"  # noqa: S608 - ours
            f" AND p.state = 'APPROVED' AND b.hold_until <= :now AND {payees.MAY_BE_PAID})",
            org=tx.org_id,
            now=now,
        )
    )
