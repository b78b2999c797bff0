"""What release rules ask of payments, counted from what was paid before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.domain.payment import OUT
from pipeline.domain.release_rules import Facts, Ruling, summary
from pipeline.store.arrays import array
from pipeline.store.database import Tenant
from pipeline.store.payees import HELD


@dataclass(frozen=True, slots=True)
class Asked:
    """A payment that is, or is to be. `payment_id` is None before it has a row."""

    kind: str
    amount_cents: int
    payee_hmac: bytes
    obligation: str
    claim_id: int | None
    payment_id: int | None = None
    details_id: int | None = None


def asked_of(row: Any) -> Asked:
    """What is asked about a payment that has a row."""
    return Asked(
        row.kind, row.amount_cents, bytes(row.payee_hmac), row.obligation, row.claim_id, row.id, row.details_id
    )


def proposed(tx: Tenant, payment_ids: Sequence[int]) -> list[Asked]:
    """What is asked about each of these payments, in the same order."""
    rows = tx.rows(
        "SELECT id, kind, amount_cents, payee_hmac, obligation, claim_id, details_id FROM payment"
        " WHERE id = ANY(CAST(:ids AS bigint[]))",
        ids=list(payment_ids),
    )
    found = {row.id: asked_of(row) for row in rows}
    return [found[payment_id] for payment_id in payment_ids]


_OUT = "p.state IN (" + ", ".join(f"'{state}'" for state in OUT) + ")"
_EARLIER = f"""
    SELECT g.n, count(*) FILTER (WHERE {_OUT}) AS stayed,
           min(f.business_at) FILTER (WHERE {_OUT}) AS first_at,
           count(*) FILTER (WHERE recent) AS recent,
           coalesce(sum(p.amount_cents) FILTER (WHERE recent), 0) AS recent_cents,
           count(*) FILTER (WHERE recent AND p.amount_cents = g.cents) AS same,
           count(*) FILTER (WHERE p.state = 'RETURNED') AS returns
    FROM unnest(CAST(:ns AS int[]), CAST(:payees AS bytea[]), CAST(:cents AS bigint[]), CAST(:obligations AS text[]))
         AS g(n, payee, cents, obligation)
    JOIN payment p ON p.org_id = :org AND p.payee_hmac = g.payee AND p.obligation <> g.obligation
        AND p.kind NOT IN ('prenote', 'reversal')
    LEFT JOIN payment_entry e ON e.payment_id = p.id AND e.live LEFT JOIN outbound_file f ON f.id = e.file_id
    CROSS JOIN LATERAL (SELECT p.state NOT IN ('DENIED', 'VOIDED', 'RETURNED')
        AND coalesce(f.business_at, :now) > CAST(:now AS timestamptz) - interval '30 days' AS recent) within
    GROUP BY g.n
"""  # noqa: S608 - ours


def facts(tx: Tenant, asked: Sequence[Asked], now: datetime, day: date) -> list[Facts]:
    """What the rules may ask of each, in the same order; `now` and `day` are business time."""
    if not asked:
        return []
    limit = int(tx.value("SELECT approval_limit_cents FROM tenant WHERE org_id = :org", org=tx.org_id))
    rows = tx.rows(
        _EARLIER,
        org=tx.org_id,
        ns=array("int", list(range(len(asked)))),
        payees=array("bytea", [one.payee_hmac for one in asked]),
        cents=array("bigint", [one.amount_cents for one in asked]),
        obligations=array("text", [one.obligation for one in asked]),
        now=now,
    )
    earlier = {row.n: row for row in rows}
    payees = _payees(tx, [one.details_id for one in asked if one.details_id is not None])
    waiting = _money_missing(tx, [one.claim_id for one in asked if one.claim_id is not None])
    of_the_day = _day_cents(tx, day)
    own = {one.payment_id for one in asked}
    others = sum(cents for payment_id, cents in of_the_day.items() if payment_id not in own)
    return [
        _facts(
            one,
            earlier.get(n),
            payees.get(one.details_id),
            limit,
            now,
            money_is_in=one.claim_id not in waiting,
            day_cents=others,
        )
        for n, one in enumerate(asked)
    ]


def _facts(one: Asked, row: Any, payee: Any, limit: int, now: datetime, *, money_is_in: bool, day_cents: int) -> Facts:
    return Facts(
        kind=one.kind,
        amount_cents=one.amount_cents,
        limit_cents=limit,
        payee_payments=0 if row is None else row.stayed,
        payee_known_days=_days(now, None if row is None else row.first_at),
        payee_age_days=_days(now, None if payee is None else payee.business_at),
        details_age_days=_days(now, None if payee is None else payee.confirmed_at),
        details_changed=payee is not None and payee.changed,
        prenoted=payee is not None and payee.prenote == "passed",
        name_held=payee is not None and payee.held,
        payee_30d_cents=0 if row is None else int(row.recent_cents),
        payee_30d_count=0 if row is None else row.recent,
        same_amount_30d=0 if row is None else row.same,
        payee_returns=0 if row is None else row.returns,
        day_cents=day_cents,
        money_is_in=money_is_in,
    )


def _days(now: datetime, since: datetime | None) -> int:
    return 0 if since is None else max((now - since).days, 0)


def _payees(tx: Tenant, details_ids: Sequence[int]) -> dict[int | None, Any]:
    rows = tx.rows(
        "SELECT d.id, y.business_at, d.confirmed_at, d.prenote,"  # noqa: S608 - ours
        " EXISTS (SELECT 1 FROM bank_details v WHERE v.payee_id = d.payee_id AND v.version < d.version"
        "   AND v.confirmed_at IS NOT NULL) AS changed,"
        f" {HELD} AS held"
        " FROM bank_details d JOIN payee y ON y.id = d.payee_id WHERE d.id = ANY(CAST(:ids AS bigint[]))",
        ids=list(details_ids),
    )
    return {row.id: row for row in rows}


def _money_missing(tx: Tenant, claim_ids: Sequence[int]) -> set[int]:
    rows = tx.rows(
        "SELECT DISTINCT g.claim_id FROM unnest(CAST(:ids AS bigint[])) AS g(claim_id) JOIN claim b ON b.id = g.claim_id"
        " JOIN claim v ON v.clm01 = b.clm01 JOIN remittance_claim rc ON rc.claim_id = v.id"
        " JOIN remittance r ON r.id = rc.remittance_id WHERE r.state = 'POSTED'",
        ids=list(claim_ids),
    )
    return {row.claim_id for row in rows}


def _day_cents(tx: Tenant, day: date) -> dict[int, int]:
    rows = tx.rows(
        "SELECT DISTINCT r.payment_id, p.amount_cents FROM ruling r JOIN payment p ON p.id = r.payment_id"
        " WHERE r.org_id = :org AND r.business_date = :day AND p.state NOT IN ('DENIED', 'VOIDED')",
        org=tx.org_id,
        day=day,
    )
    return {row.payment_id: row.amount_cents for row in rows}


# -- what was said ------------------------------------------------------------------------------------------------------
def record(tx: Tenant, ruled: Sequence[tuple[int, Facts, Ruling]], day: date) -> None:
    """Keeps every ruling with what it rested on: what fraud monitoring is asked to show. Never changed."""
    if ruled:
        tx.insert(
            "ruling",
            {
                "id": ("bigint", tx.ids("ruling", len(ruled))),
                "payment_id": ("bigint", [payment for payment, _, _ in ruled]),
                "answer": ("text", [summary(ruling) for _, _, ruling in ruled]),
                "approvals": ("smallint", [ruling.needed for _, _, ruling in ruled]),
                "rules": ("text", [ruling.told for _, _, ruling in ruled]),
                "facts": ("text", [json.dumps(told.as_dict(), separators=(",", ":")) for _, told, _ in ruled]),
                "business_date": ("date", [day] * len(ruled)),
            },
        )


def answered(tx: Tenant, since: date | None) -> dict[str, int]:
    """How often the rules gave each answer on business days from `since` on."""
    rows = tx.rows(
        "SELECT answer, count(*) AS times FROM ruling WHERE org_id = :org"
        " AND (CAST(:since AS date) IS NULL OR business_date >= :since) GROUP BY answer ORDER BY answer",
        org=tx.org_id,
        since=since,
    )
    return {row.answer: row.times for row in rows}


def first_day(tx: Tenant) -> date | None:
    """The business day of the first ruling; None where nothing was ever ruled on."""
    day: date | None = tx.value("SELECT min(business_date) FROM ruling WHERE org_id = :org", org=tx.org_id)
    return day


@dataclass(frozen=True, slots=True)
class Past:
    """One ruling as it was given."""

    payment_id: int
    answer: str
    rules: str
    facts: Facts
    business_date: date


def past(tx: Tenant, since: date | None) -> list[Past]:
    """Every ruling from a business day on, oldest first; those of before a fact was kept lack it and are left out."""
    rows = tx.rows(
        "SELECT payment_id, answer, rules, facts, business_date FROM ruling WHERE org_id = :org"
        " AND (CAST(:since AS date) IS NULL OR business_date >= :since) ORDER BY id",
        org=tx.org_id,
        since=since,
    )
    told = ((row, json.loads(row.facts)) for row in rows)
    return [
        Past(row.payment_id, row.answer, row.rules, Facts(**found), row.business_date)
        for row, found in told
        if set(found) == set(Facts.__slots__)
    ]
