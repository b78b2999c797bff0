"""Questions to payers about coverage: stored before anything leaves, sealed, answered by the number that comes back (TRN02).

The number says by its first letter how the question is asked: R in real time, B in a file. Its end is chance, so that an
answer to another database's question, before a restore, fits none of this one.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.domain.eligibility import FINAL, Answer, Coverage, Question
from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.database import Tenant

KIND = "eligibility"
REAL_TIME, BATCH = "R", "B"
_BATCHED = f"{BATCH}%"
_UNSETTLED = ", ".join(f"'{one}'" for one in Coverage if one not in FINAL)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A question with its row and its number."""

    id: int
    trace: str
    question: Question
    claim_id: int | None = None


def numbered(tx: Tenant, way: str, asked: Sequence[tuple[Question, int | None]]) -> list[Numbered]:
    """Rows and numbers for questions (each with its claim, if it is of one); nothing is stored yet."""
    ids = tx.ids("inquiry", len(asked))
    return [
        Numbered(row_id, f"{way}{row_id}X{secrets.token_hex(5).upper()}", question, claim_id)
        for row_id, (question, claim_id) in zip(ids, asked, strict=True)
    ]


def add(tx: Tenant, asked: Sequence[Numbered], asked_by: str, now: datetime, sent: bytes | None = None) -> None:
    """Stores questions as ASKED; `sent` are the exact bytes of one that leaves in real time, sealed with it."""
    tx.insert(
        "inquiry",
        {
            "id": ("bigint", [one.id for one in asked]),
            "kind": ("text", [KIND] * len(asked)),
            "trace": ("text", [one.trace for one in asked]),
            "state": ("text", ["ASKED"] * len(asked)),
            "payer_id": ("text", [one.question.payer_id for one in asked]),
            "member_hmac": ("bytea", [_member(tx, one.question) for one in asked]),
            "claim_id": ("bigint", [one.claim_id for one in asked]),
            "service_from": ("date", [one.question.service_date for one in asked]),
            "asked_by": ("text", [asked_by] * len(asked)),
            "question": ("bytea", [_sealed(tx, "question", one.id, one.question, sent) for one in asked]),
            "business_at": ("timestamptz", [now] * len(asked)),
        },
    )
    transitions.born(tx, Kind.INQUIRY, [one.id for one in asked], "asked", business_at=now)


def _member(tx: Tenant, question: Question) -> bytes:
    return tx.keys.index("member", question.insured.member_id)


def _sealed(tx: Tenant, column: str, row_id: int, value: Question | Answer | None, data: bytes | None) -> bytes:
    """The value beside the bytes that carried it, under one seal."""
    held = {
        "value": None if value is None else value.model_dump(mode="json", exclude_none=True),
        "bytes": None if data is None else data.decode("latin-1"),
    }
    return tx.keys.seal("inquiry", column, row_id, json.dumps(held).encode())


def _opened(tx: Tenant, column: str, row_id: int, sealed: bytes) -> tuple[str, str | None]:
    held = json.loads(tx.keys.open("inquiry", column, row_id, sealed))
    return json.dumps(held["value"]), held["bytes"]


# -- what is kept -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with what became of it."""

    id: int
    trace: str
    state: str
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None
    file_id: int | None
    inbound_file_id: int | None
    question: Question = field(repr=False)
    answer: Answer | None = field(repr=False)
    sent: str | None = field(repr=False)
    received: str | None = field(repr=False)


_INQUIRY = (
    "SELECT i.id, i.trace, i.state, i.asked_by, i.business_at, i.answered_at, i.file_id, i.inbound_file_id, i.question,"
    " i.answered FROM inquiry i WHERE i.org_id = :org AND i.kind = 'eligibility'"
)


def get(tx: Tenant, inquiry_id: int) -> Inquiry | None:
    row = tx.first(f"{_INQUIRY} AND i.id = :id", org=tx.org_id, id=inquiry_id)
    return None if row is None else _inquiry(tx, row)


def kept(tx: Tenant, question: Question, answers: Sequence[str], since: datetime) -> Inquiry | None:
    """The latest question of the very same content that was answered in one of these words since then."""
    rows = tx.rows(
        f"{_INQUIRY} AND i.member_hmac = :member AND i.payer_id = :payer AND i.service_from = :day"
        " AND i.state = 'ANSWERED' AND i.answer = ANY(CAST(:answers AS text[])) AND i.answered_at >= :since"
        " ORDER BY i.answered_at DESC, i.id DESC",
        org=tx.org_id,
        member=_member(tx, question),
        payer=question.payer_id,
        day=question.service_date,
        answers=list(answers),
        since=since,
    )
    return next((one for one in (_inquiry(tx, row) for row in rows) if one.question == question), None)


def by_trace(tx: Tenant, traces: Sequence[str]) -> dict[str, Inquiry]:
    """The questions of these numbers, locked in the order of their ids."""
    rows = tx.rows(
        f"{_INQUIRY} AND i.trace = ANY(CAST(:traces AS text[])) ORDER BY i.id FOR UPDATE",
        org=tx.org_id,
        traces=list(traces),
    )
    return {row.trace: _inquiry(tx, row) for row in rows}


def waiting(tx: Tenant, most: int) -> list[Numbered]:
    """Questions that wait for a file, the oldest first, locked."""
    rows = tx.rows(
        "SELECT id, trace, claim_id, question FROM inquiry WHERE org_id = :org AND kind = 'eligibility'"
        " AND state = 'ASKED' AND trace LIKE :batched ORDER BY id LIMIT :most FOR UPDATE",
        org=tx.org_id,
        batched=_BATCHED,
        most=most,
    )
    read = [(row, _opened(tx, "question", row.id, bytes(row.question))[0]) for row in rows]
    return [Numbered(row.id, row.trace, Question.model_validate_json(text), row.claim_id) for row, text in read]


def abandoned(tx: Tenant, age_s: float) -> list[int]:
    """What was asked at once so long ago (database time) that nobody waits for the answer any more."""
    rows = tx.rows(
        "SELECT id FROM inquiry WHERE org_id = :org AND kind = 'eligibility' AND state = 'ASKED'"
        " AND trace NOT LIKE :batched AND created_at < now() - make_interval(secs => :age) ORDER BY id",
        org=tx.org_id,
        batched=_BATCHED,
        age=age_s,
    )
    return [row.id for row in rows]


def unanswered(tx: Tenant, mailbox_id: int, before: datetime) -> dict[int, list[int]]:
    """Questions, by file, of files of a mailbox that were made before that business time and taken in, and not answered."""
    rows = tx.rows(
        "SELECT i.file_id, array_agg(i.id ORDER BY i.id) AS ids FROM inquiry i JOIN outbound_file f ON f.id = i.file_id"
        " WHERE i.org_id = :org AND i.kind = 'eligibility' AND i.state = 'IN_FILE' AND f.mailbox_id = :box"
        " AND f.answered_at IS NOT NULL AND f.business_at < :before GROUP BY i.file_id ORDER BY i.file_id",
        org=tx.org_id,
        box=mailbox_id,
        before=before,
    )
    return {row.file_id: list(row.ids) for row in rows}


def _inquiry(tx: Tenant, row: Any) -> Inquiry:
    question, sent = _opened(tx, "question", row.id, bytes(row.question))
    told, received = ("null", None) if row.answered is None else _opened(tx, "answered", row.id, bytes(row.answered))
    return Inquiry(
        id=row.id,
        trace=row.trace,
        state=row.state,
        asked_by=row.asked_by,
        asked_at=row.business_at,
        answered_at=row.answered_at,
        file_id=row.file_id,
        inbound_file_id=row.inbound_file_id,
        question=Question.model_validate_json(question),
        answer=None if told == "null" else Answer.model_validate_json(told),
        sent=sent,
        received=received,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A question without anything of the patient."""

    id: int
    state: str
    answer: str | None
    payer_id: str
    service_date: date
    asked_by: str
    asked_at: datetime
    file_id: int | None
    clm01: str | None


def listed(tx: Tenant, states: Sequence[str], most: int) -> list[Listed]:
    """The newest questions, those in `states` alone where some are named."""
    rows = tx.rows(
        "SELECT i.id, i.state, i.answer, i.payer_id, i.service_from AS service_date, i.asked_by,"
        " i.business_at AS asked_at, i.file_id, c.clm01 FROM inquiry i LEFT JOIN claim c ON c.id = i.claim_id"
        " WHERE i.org_id = :org AND i.kind = 'eligibility' AND (cardinality(CAST(:states AS text[])) = 0 OR i.state = ANY(CAST(:states AS text[])))"
        " ORDER BY i.id DESC LIMIT :most",
        org=tx.org_id,
        states=list(states),
        most=most,
    )
    return [Listed(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class OfClaim:
    claim_id: int
    document: bytes = field(repr=False)


def claim_named(tx: Tenant, key: str) -> OfClaim | None:
    """The latest version of the claim with this CLM01, or this id of the tenant's own."""
    row = tx.first(
        "SELECT id, document FROM claim WHERE org_id = :org AND (clm01 = :key OR external_hmac = :external)"
        " ORDER BY id DESC LIMIT 1",
        org=tx.org_id,
        key=key,
        external=tx.keys.index("external", key),
    )
    return None if row is None else OfClaim(row.id, tx.keys.open("claim", "document", row.id, bytes(row.document)))


# -- what becomes of it -----------------------------------------------------------------------------------------------
def answer(
    tx: Tenant,
    given: Sequence[tuple[int, Answer]],
    now: datetime,
    *,
    received: bytes | None = None,
    inbound_file_id: int | None = None,
) -> list[int]:
    """Answers by row. What an answer has settled stands, and a later one is only written down; one that follows a
    promise, or no word at all, takes its place.

    `received` are the bytes of an answer in real time, sealed with it. Gives the rows that it counts for.
    """

    def move(event: str, some: Sequence[tuple[int, Answer]], where: str = "") -> list[int]:
        return transitions.move(
            tx,
            Kind.INQUIRY,
            [row_id for row_id, _ in some],
            event,
            where=where,
            assign="answered_at = :now, inbound_file_id = :inbound",
            each={
                "answer": ("text", [str(one.coverage) for _, one in some]),
                "answered": ("bytea", [_sealed(tx, "answered", row_id, one, received) for row_id, one in some]),
            },
            inbound_file_id=inbound_file_id,
            business_at=now,
            now=now,
            inbound=inbound_file_id,
        )

    counted = set(move("answered", given))
    counted |= set(move("late_answer", [g for g in given if g[0] not in counted], f"AND t.answer IN ({_UNSETTLED})"))
    late = [row_id for row_id, _ in given if row_id not in counted]
    transitions.move(tx, Kind.INQUIRY, late, "late_answer", inbound_file_id=inbound_file_id, business_at=now)
    return sorted(counted)


def fail(
    tx: Tenant,
    inquiry_ids: Sequence[int],
    why: str,
    now: datetime,
    *,
    received: bytes | None = None,
    inbound_file_id: int | None = None,
) -> list[int]:
    """FAILED: refused by its set or envelope, or heard by nobody. `why` is shown: codes and our words only."""
    return transitions.move(
        tx,
        Kind.INQUIRY,
        inquiry_ids,
        "failed",
        detail=why,
        each={
            "answered": (
                "bytea",
                [None if received is None else _sealed(tx, "answered", one, None, received) for one in inquiry_ids],
            )
        },
        inbound_file_id=inbound_file_id,
        business_at=now,
    )


def why_failed(tx: Tenant, inquiry_id: int) -> str | None:
    """In the words of `fail`; None for a question that has not."""
    found: str | None = tx.value(
        "SELECT detail FROM history WHERE org_id = :org AND subject_kind = 'inquiry' AND subject_id = :id"
        " AND event = 'failed' ORDER BY id DESC LIMIT 1",
        org=tx.org_id,
        id=inquiry_id,
    )
    return found
