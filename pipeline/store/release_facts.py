"""What release rules ask of payments, counted from what was paid before."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.domain.release_rules import Facts, Ruling, summary
from pipeline.store.arrays import array
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Asked:
    """A payment that is, or is to be. `payment_id` is None before it has a row."""

    kind: str
    amount_cents: int
    payee_hmac: bytes
    obligation: str
    claim_id: int | None
    payment_id: int | None = None


_EARLIER = """
    SELECT g.n, count(*) FILTER (WHERE p.state IN ('SENT', 'ACKNOWLEDGED')) AS stayed,
           min(f.business_at) FILTER (WHERE p.state IN ('SENT', 'ACKNOWLEDGED')) AS first_at,
           count(*) FILTER (WHERE recent) AS recent,
           coalesce(sum(p.amount_cents) FILTER (WHERE recent), 0) AS recent_cents,
           count(*) FILTER (WHERE recent AND p.amount_cents = g.cents) AS same,
           count(*) FILTER (WHERE p.state = 'RETURNED') AS returns
    FROM unnest(CAST(:ns AS int[]), CAST(:payees AS bytea[]), CAST(:cents AS bigint[]), CAST(:obligations AS text[]))
         AS g(n, payee, cents, obligation)
    JOIN payment p ON p.org_id = :org AND p.payee_hmac = g.payee AND p.obligation <> g.obligation
    LEFT JOIN payment_entry e ON e.payment_id = p.id AND e.live LEFT JOIN outbound_file f ON f.id = e.file_id
    CROSS JOIN LATERAL (SELECT p.state NOT IN ('DENIED', 'VOIDED', 'RETURNED')
        AND coalesce(f.business_at, :now) > CAST(:now AS timestamptz) - interval '30 days' AS recent) within
    GROUP BY g.n
"""


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
    waiting = _money_missing(tx, [one.claim_id for one in asked if one.claim_id is not None])
    of_the_day = _day_cents(tx, day)
    own = {one.payment_id for one in asked}
    others = sum(cents for payment_id, cents in of_the_day.items() if payment_id not in own)
    return [
        _facts(one, earlier.get(n), limit, now, money_is_in=one.claim_id not in waiting, day_cents=others)
        for n, one in enumerate(asked)
    ]


def _facts(one: Asked, row: Any, limit: int, now: datetime, *, money_is_in: bool, day_cents: int) -> Facts:
    known = (now - row.first_at).days if row is not None and row.first_at is not None else 0
    return Facts(
        kind=one.kind,
        amount_cents=one.amount_cents,
        limit_cents=limit,
        payee_payments=0 if row is None else row.stayed,
        payee_known_days=max(known, 0),
        payee_30d_cents=0 if row is None else int(row.recent_cents),
        payee_30d_count=0 if row is None else row.recent,
        same_amount_30d=0 if row is None else row.same,
        payee_returns=0 if row is None else row.returns,
        day_cents=day_cents,
        money_is_in=money_is_in,
    )


def _money_missing(tx: Tenant, claim_ids: Sequence[int]) -> set[int]:
    rows = tx.rows(
        "SELECT DISTINCT rc.claim_id FROM remittance_claim rc JOIN remittance r ON r.id = rc.remittance_id"
        " WHERE rc.claim_id = ANY(CAST(:ids AS bigint[])) AND r.state = 'POSTED'",
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
