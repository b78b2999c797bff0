"""Status inquiries (276): which claims have been silent, what was asked in which file, and what came back (277).

What stands in the table of inquiries beside them (eligibility) is another kind and never seen here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.domain.states import Kind
from pipeline.domain.watching import UNDECIDED
from pipeline.store import transitions
from pipeline.store.answers import ANSWERED, LATEST, Answered
from pipeline.store.database import Tenant
from pipeline.store.watching import LEFT_BY, SENT_AT

_LOCK = 4823003
_LEFT = ["SENT", "ACCEPTED"]
_OUT = (
    " JOIN outbound_file f ON f.id = s.file_id AND f.state = ANY(CAST(:left AS text[]))"
    " JOIN claim c ON c.id = s.claim_id AND c.state = 'SUBMITTED'"
    f" WHERE s.state = ANY(CAST(:undecided AS text[])) AND {LATEST.format('s')}"
)
"""Of submissions s: the latest of a claim that is out, has left, and is not decided."""


def lock(tx: Tenant) -> None:
    """Keeps others of the tenant from asking, and from making files of questions, until this transaction ends."""
    tx.value("SELECT pg_advisory_xact_lock(:lock, CAST(:org AS int))", lock=_LOCK, org=tx.org_id)


# -- who is silent --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SilentClaim:
    """A claim that is out, by its latest submission; business times. `asked`, `times`, `final` as in `domain.chasing`."""

    claim_id: int
    clm01: str
    payer_id: str
    filing_code: str | None
    service_from: date | None
    mailbox_id: int
    state: str
    sent: datetime
    heard: datetime | None
    asked: datetime | None
    times: int
    final: bool
    open: bool
    """An inquiry is not answered yet."""


_SILENT = f"""
    WITH out_now AS MATERIALIZED (
        SELECT s.id, s.claim_id, s.state, c.clm01, c.payer_id, c.filing_code, c.service_from, f.mailbox_id,
               coalesce({SENT_AT}, f.business_at, f.created_at) AS sent,
               f.created_at
        FROM submission s {_OUT} AND {{narrow}}
    )
    SELECT o.claim_id, o.clm01, o.payer_id, o.filing_code, o.service_from, o.mailbox_id, o.state, o.sent, told.heard,
           asked.asked, asked.times, coalesce(asked.final, false) AS final, coalesce(asked.open, false) AS open
    FROM out_now o
    CROSS JOIN LATERAL (
        SELECT max(coalesce(h.business_at, h.at)) AS heard FROM history h
        WHERE h.subject_kind = 'submission' AND h.subject_id = o.id AND h.inbound_file_id IS NOT NULL
          AND h.at >= o.created_at - interval '1 day') told
    CROSS JOIN LATERAL (
        SELECT max(q.business_at) AS asked, count(*) AS times, bool_or(starts_with(q.answer, 'F')) AS final,
               bool_or(q.state IN ('ASKED', 'IN_FILE')) AS open
        FROM inquiry q WHERE q.claim_id = o.claim_id AND q.kind = 'status' AND q.business_at >= o.sent) asked
    ORDER BY o.claim_id
"""  # noqa: S608 - ours


def silent(tx: Tenant, least_days: int, now: datetime) -> list[SilentClaim]:
    """Claims whose file was made at least so many days of business time ago, and that are not decided."""
    narrow = "f.business_at <= :now - make_interval(days => :least)"
    return _silent(tx, narrow, now=now, least=least_days)


def standing(tx: Tenant, claim_id: int) -> SilentClaim | None:
    """The same of one claim version, locked; None when it is not out, or is decided."""
    tx.value("SELECT true FROM claim WHERE id = :id FOR UPDATE", id=claim_id)
    found = _silent(tx, "c.id = :claim", claim=claim_id)
    return found[0] if found else None


def _silent(tx: Tenant, narrow: str, **given: object) -> list[SilentClaim]:
    rows = tx.rows(_SILENT.format(narrow=narrow), left=_LEFT, undecided=list(UNDECIDED), left_by=LEFT_BY, **given)
    return [SilentClaim(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


# -- asking ---------------------------------------------------------------------------------------------------------------
def ask(tx: Tenant, claims: Sequence[SilentClaim], asked_by: str, now: datetime) -> list[int]:
    """A new inquiry a claim, ASKED; what is still open about it ends, unanswered. Under `lock`. Gives the new ids."""
    if not claims:
        return []
    _give_up(tx, [one.claim_id for one in claims])
    ids = tx.ids("inquiry", len(claims))
    numbers = _asked_before(tx, [one.clm01 for one in claims])
    traces = [f"{one.clm01}Q{numbers.get(one.clm01, 0) + 1}" for one in claims]
    questions = [json.dumps({"claim": one.clm01, "state": one.state}).encode() for one in claims]
    tx.insert(
        "inquiry",
        {
            "id": ("bigint", ids),
            "kind": ("text", ["status"] * len(ids)),
            "trace": ("text", traces),
            "state": ("text", ["ASKED"] * len(ids)),
            "payer_id": ("text", [one.payer_id for one in claims]),
            "claim_id": ("bigint", [one.claim_id for one in claims]),
            "service_from": ("date", [one.service_from for one in claims]),
            "asked_by": ("text", [asked_by] * len(ids)),
            "question": (
                "bytea",
                [tx.keys.seal("inquiry", "question", i, q) for i, q in zip(ids, questions, strict=True)],
            ),
            "business_at": ("timestamptz", [now] * len(ids)),
        },
    )
    transitions.born(tx, Kind.INQUIRY, ids, "asked", business_at=now)
    return ids


def _give_up(tx: Tenant, claim_ids: Sequence[int]) -> None:
    rows = tx.rows(
        "SELECT id FROM inquiry WHERE claim_id = ANY(CAST(:claims AS bigint[])) AND kind = 'status'"
        " AND state IN ('ASKED', 'IN_FILE') ORDER BY id",
        claims=list(claim_ids),
    )
    transitions.move(tx, Kind.INQUIRY, [row.id for row in rows], "failed", detail="no answer came; it is asked again")


def _asked_before(tx: Tenant, clm01s: Sequence[str]) -> dict[str, int]:
    """How many inquiries there were about each claim, under all its versions: the number of the next is one more."""
    rows = tx.rows(
        "SELECT c.clm01, count(*) AS number FROM claim c JOIN inquiry q ON q.claim_id = c.id AND q.kind = 'status'"
        " WHERE c.org_id = :org AND c.clm01 = ANY(CAST(:numbers AS text[])) GROUP BY c.clm01",
        org=tx.org_id,
        numbers=list(clm01s),
    )
    return {row.clm01: row.number for row in rows}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An inquiry that is to go into a file, with the numbers by which its claim is known outside."""

    id: int
    trace: str
    payer_id: str
    claim_id: int
    payer_control_number: str | None
    clearinghouse_id: str | None


def waiting(tx: Tenant, mailbox_id: int, limit: int) -> list[Waiting]:
    """Those whose claim went out last through this mailbox, by payer and then by age; under `lock`."""
    rows = tx.rows(
        "SELECT q.id, q.trace, q.payer_id, q.claim_id, s.payer_control_number, s.clearinghouse_id FROM inquiry q"  # noqa: S608 - ours
        " JOIN submission s ON s.claim_id = q.claim_id AND s.state <> 'WITHDRAWN'"
        f" AND {LATEST.format('s')} JOIN outbound_file f ON f.id = s.file_id AND f.mailbox_id = :box"
        " WHERE q.org_id = :org AND q.state = 'ASKED' AND q.kind = 'status'"
        ' ORDER BY q.payer_id COLLATE "C", q.id LIMIT :limit',
        org=tx.org_id,
        box=mailbox_id,
        limit=limit,
    )
    return [Waiting(**row._mapping) for row in rows]  # noqa: SLF001


def placed(tx: Tenant, ids: Sequence[int], file_id: int) -> None:
    """They stand in this file."""
    transitions.move(tx, Kind.INQUIRY, ids, "placed", assign="file_id = :in_file", in_file=file_id, file_id=file_id)


def failed(tx: Tenant, ids: Sequence[int], why: str, inbound_file_id: int | None = None) -> list[int]:
    """Nobody will answer them; gives those that moved. `why` stands in clear."""
    return transitions.move(tx, Kind.INQUIRY, ids, "failed", detail=why, inbound_file_id=inbound_file_id)


# -- what is answered -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Asked:
    """An inquiry, as an answer meets it."""

    id: int
    trace: str
    state: str
    answer: str | None
    payer_id: str
    claim_id: int
    file_id: int | None
    clm01: str


_ASKED = (
    "SELECT q.id, q.trace, q.state, q.answer, q.payer_id, q.claim_id, q.file_id, c.clm01 FROM inquiry q"
    " JOIN claim c ON c.id = q.claim_id WHERE q.org_id = :org AND q.kind = 'status'"
)


def traced(tx: Tenant, traces: Sequence[str]) -> dict[str, Asked]:
    """By TRN02."""
    rows = tx.rows(f"{_ASKED} AND q.trace = ANY(CAST(:traces AS text[]))", org=tx.org_id, traces=list(traces))
    return {row.trace: Asked(**row._mapping) for row in rows}  # noqa: SLF001


def open_about(tx: Tenant, claim_ids: Sequence[int]) -> dict[int, Asked]:
    """By claim version the inquiry that stands in a file and has no answer."""
    rows = tx.rows(
        f"{_ASKED} AND q.claim_id = ANY(CAST(:claims AS bigint[])) AND q.state = 'IN_FILE' ORDER BY q.id",
        org=tx.org_id,
        claims=list(claim_ids),
    )
    return {row.claim_id: Asked(**row._mapping) for row in rows}  # noqa: SLF001


def in_file(tx: Tenant, file_id: int) -> dict[str, list[Asked]]:
    """Those of a file by the number of their set (ST02, without leading zeros): a set a payer, in the order of their ids."""
    rows = tx.rows(f'{_ASKED} AND q.file_id = :file ORDER BY q.payer_id COLLATE "C", q.id', org=tx.org_id, file=file_id)
    by_payer: dict[str, list[Asked]] = {}
    for row in rows:
        by_payer.setdefault(row.payer_id, []).append(Asked(**row._mapping))  # noqa: SLF001
    return {str(number): asked for number, asked in enumerate(by_payer.values(), 1)}


def latest_tries(tx: Tenant, claim_ids: Sequence[int]) -> dict[int, Answered]:
    """By claim version the submission that an answer about it is about: the latest."""
    rows = tx.rows(
        f"{ANSWERED} FROM submission s JOIN claim c ON c.id = s.claim_id"
        f" WHERE s.claim_id = ANY(CAST(:claims AS bigint[])) AND s.state <> 'WITHDRAWN' AND {LATEST.format('s')}",
        claims=list(claim_ids),
    )
    return {row.claim_id: Answered(**row._mapping) for row in rows}  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class Told:
    """What the payer said to one inquiry: its status category, that in words for the story, and all of it to be sealed."""

    inquiry: Asked
    category: str
    words: str
    whole: Mapping[str, Any]


def answered(tx: Tenant, told: Sequence[Told], inbound_file_id: int, now: datetime) -> None:
    """Writes down what was said. A later answer takes the place of an earlier one, but none that of a final one."""
    first = {one.inquiry.id for one in told if one.inquiry.state != "ANSWERED"}
    for event, some in (
        ("answered", [one for one in told if one.inquiry.id in first]),
        ("late_answer", [one for one in told if one.inquiry.id not in first]),
    ):
        counts = [not (one.inquiry.answer or "").startswith("F") or one.category.startswith("F") for one in some]
        sealed = [
            tx.keys.seal("inquiry", "answered", one.inquiry.id, json.dumps(one.whole).encode()) if new else None
            for one, new in zip(some, counts, strict=True)
        ]
        transitions.move(
            tx,
            Kind.INQUIRY,
            [one.inquiry.id for one in some],
            event,
            each={
                "answer": ("text", [one.category if new else None for one, new in zip(some, counts, strict=True)]),
                "answered": ("bytea", sealed),
            },
            assign="inbound_file_id = :came_in, answered_at = :now",
            came_in=inbound_file_id,
            now=now,
            inbound_file_id=inbound_file_id,
            detail=[one.words for one in some],
            business_at=now,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One inquiry with all that was answered; business times."""

    id: int
    trace: str
    state: str
    asked_by: str
    asked: datetime
    file: str | None  # the name of the 276 file
    answer: str | None
    answered: datetime | None
    said: dict[str, Any] | None = field(repr=False)


def about(tx: Tenant, claim_ids: Sequence[int]) -> list[Row]:
    """The inquiries about these claim versions, the oldest first."""
    rows = tx.rows(
        "SELECT q.id, q.trace, q.state, q.asked_by, q.business_at AS asked, f.name AS file, q.answer,"
        " q.answered_at AS answered, q.answered AS said FROM inquiry q LEFT JOIN outbound_file f ON f.id = q.file_id"
        " WHERE q.claim_id = ANY(CAST(:claims AS bigint[])) AND q.kind = 'status' ORDER BY q.id",
        claims=list(claim_ids),
    )
    return [Row(**{**row._mapping, "said": _opened(tx, row.id, row.said)}) for row in rows]  # noqa: SLF001


def _opened(tx: Tenant, inquiry_id: int, sealed: bytes | None) -> dict[str, Any] | None:
    if sealed is None:
        return None
    told: dict[str, Any] = json.loads(tx.keys.open("inquiry", "answered", inquiry_id, bytes(sealed)))
    return told


# -- decided, and no remittance ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Finalised:
    """A claim of which its payer said that it is decided, and that no remittance has decided here."""

    claim_id: int
    charge_cents: int
    answer: str
    answered: datetime  # business time, of the first such answer
    since: datetime  # database time, of the latest


def finalised(tx: Tenant, before: datetime) -> list[Finalised]:
    """Those whose first final answer came at or before then."""
    rows = tx.rows(
        "SELECT c.id AS claim_id, c.charge_cents, (array_agg(q.answer ORDER BY q.id DESC))[1] AS answer,"  # noqa: S608 - ours
        " min(q.answered_at) AS answered, max(q.created_at) AS since FROM inquiry q"
        " JOIN claim c ON c.id = q.claim_id AND c.state = 'SUBMITTED'"
        " JOIN submission s ON s.claim_id = c.id AND s.state <> 'WITHDRAWN'"
        f" AND {LATEST.format('s')} JOIN outbound_file f ON f.id = s.file_id AND q.business_at >= f.business_at"
        " WHERE q.org_id = :org AND q.kind = 'status' AND q.state = 'ANSWERED' AND starts_with(q.answer, 'F')"
        " AND s.state = ANY(CAST(:undecided AS text[]))"
        " GROUP BY c.id HAVING min(q.answered_at) <= :before ORDER BY c.id",
        org=tx.org_id,
        undecided=list(UNDECIDED),
        before=before,
    )
    return [Finalised(**row._mapping) for row in rows]  # noqa: SLF001
