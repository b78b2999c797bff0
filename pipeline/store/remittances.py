"""Remittances and their claims: recorded once, read back for posting, tied to claims and deposits."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.remittance import (
    Advice,
    ClaimDecision,
    LineDecision,
    PatientTold,
    ProviderLevel,
    Verdict,
    by_group,
    verdict,
)
from pipeline.domain.states import Kind, after
from pipeline.store import explained, transitions
from pipeline.store.arrays import array
from pipeline.store.database import Tenant
from pipeline.store.explained import Explained
from pipeline.store.files import NOT_LEFT

_EVENTS = ("received", "unbalanced", "duplicate", "conflict")


@dataclass(frozen=True, slots=True)
class NewRemittance:
    """A set to record. `event` is received, unbalanced, duplicate or conflict; only a received one keeps its claims."""

    position: int
    set_key: str
    content_sha256: bytes
    advice: Advice
    event: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the tenant already holds of these sets, by each of the three ways to tell a set."""

    keys: dict[str, bytes]  # set key -> content hash
    contents: set[bytes]
    payments: set[tuple[str, str, int, date | None]]  # trace, payer, cents, date


def known(tx: Tenant, new: Sequence[tuple[str, bytes, Advice]]) -> Known:
    """Held remittances that share set key, content or payment with one of `new` (set key, content hash, advice)."""
    rows = tx.rows(
        "SELECT set_key, content_sha256, trace_number, trace_payer_id, amount_cents, payment_date FROM remittance"
        " WHERE org_id = :org AND state IN ('RECEIVED', 'POSTED', 'MATCHED')"
        " AND (set_key = ANY(CAST(:keys AS text[])) OR content_sha256 = ANY(CAST(:contents AS bytea[]))"
        "      OR trace_number = ANY(CAST(:traces AS text[])))",
        org=tx.org_id,
        keys=[key for key, _, _ in new],
        contents=[content for _, content, _ in new],
        traces=[advice.trace_number for _, _, advice in new],
    )
    return Known(
        {row.set_key: bytes(row.content_sha256) for row in rows},
        {bytes(row.content_sha256) for row in rows},
        {(row.trace_number, row.trace_payer_id, row.amount_cents, row.payment_date) for row in rows},
    )


def add(tx: Tenant, inbound_file_id: int, new: Sequence[NewRemittance]) -> list[int]:
    """Records the sets of a file, each in the state of its event; gives their ids in the same order."""
    if not new:
        return []
    ids = tx.ids("remittance", len(new))
    tx.insert(
        "remittance",
        {
            "id": ("bigint", ids),
            "inbound_file_id": ("bigint", [inbound_file_id] * len(new)),
            "position": ("int", [n.position for n in new]),
            "set_key": ("text", [n.set_key for n in new]),
            "content_sha256": ("bytea", [n.content_sha256 for n in new]),
            "payer_name": ("text", [n.advice.payer_name for n in new]),
            "trace_number": ("text", [n.advice.trace_number for n in new]),
            "trace_payer_id": ("text", [n.advice.trace_payer_id for n in new]),
            "method": ("text", [n.advice.method for n in new]),
            "amount_cents": ("bigint", [n.advice.amount_cents for n in new]),
            "payment_date": ("date", [n.advice.payment_date for n in new]),
            "provider_adjustments": (
                "bytea",
                [_seal_provider_level(tx, i, n.advice.provider_level) for i, n in zip(ids, new, strict=True)],
            ),
            "state": ("text", [after(Kind.REMITTANCE, "", n.event) for n in new]),
        },
    )
    for event in _EVENTS:
        of_event = [i for i, n in zip(ids, new, strict=True) if n.event == event]
        transitions.born(tx, Kind.REMITTANCE, of_event, event, inbound_file_id=inbound_file_id)
    _add_claims(tx, [(i, c) for i, n in zip(ids, new, strict=True) if n.event == "received" for c in n.advice.claims])
    return ids


def _add_claims(tx: Tenant, decisions: Sequence[tuple[int, ClaimDecision]]) -> None:
    if not decisions:
        return
    ids = tx.ids("remittance_claim", len(decisions))
    tx.insert(
        "remittance_claim",
        {
            "id": ("bigint", ids),
            "remittance_id": ("bigint", [i for i, _ in decisions]),
            "segment": ("int", [c.segment for _, c in decisions]),
            "clp01": ("text", [c.patient_control_number for _, c in decisions]),
            "payer_control_number": ("text", [c.payer_control_number for _, c in decisions]),
            "status": ("text", [c.status for _, c in decisions]),
            "charge_cents": ("bigint", [c.charge_cents for _, c in decisions]),
            "paid_cents": ("bigint", [c.paid_cents for _, c in decisions]),
            "patient_cents": ("bigint", [c.patient_cents for _, c in decisions]),
            "verdict": ("text", [str(verdict(c)) for _, c in decisions]),
            "adjustments": (
                "bytea",
                [
                    tx.keys.seal("remittance_claim", "adjustments", i, explained.written(c))
                    for i, (_, c) in zip(ids, decisions, strict=True)
                ],
            ),
            "member_hmac": ("bytea", [_member_index(tx, c) for _, c in decisions]),
            "service_from": ("date", [c.service_from for _, c in decisions]),
            "crossed_over_to": ("text", [c.crossed_over_to for _, c in decisions]),
        },
    )


def _member_index(tx: Tenant, decision: ClaimDecision) -> bytes | None:
    """The blind index that a claim of this member has too (`store.claims`)."""
    member_id = (decision.patient.member_id or "").strip()
    return tx.keys.index("member", member_id) if member_id else None


def _seal_provider_level(tx: Tenant, remittance_id: int, adjustments: Sequence[ProviderLevel]) -> bytes | None:
    if not adjustments:
        return None
    told = json.dumps([[a.reason, a.reference, a.amount_cents, a.segment] for a in adjustments]).encode()
    return tx.keys.seal("remittance", "provider_adjustments", remittance_id, told)


@dataclass(frozen=True, slots=True)
class StoredRemittance:
    id: int
    inbound_file_id: int
    amount_cents: int
    provider_level: list[tuple[str, int]]  # reason, cents


def in_state(tx: Tenant, inbound_file_id: int, state: str) -> list[int]:
    rows = tx.rows(
        "SELECT id FROM remittance WHERE org_id = :org AND inbound_file_id = :file AND state = :state ORDER BY id",
        org=tx.org_id,
        file=inbound_file_id,
        state=state,
    )
    return [row.id for row in rows]


def reversal_is_early(tx: Tenant, inbound_file_id: int) -> bool:
    """Whether the file takes back a decision that came before it and is not posted, or may stand in a file unread."""
    return bool(
        tx.value(
            "WITH taken_back AS (SELECT c.clp01 FROM remittance r JOIN remittance_claim c ON c.remittance_id = r.id"
            "   WHERE r.inbound_file_id = :file AND r.state = 'RECEIVED' AND c.status = '22')"
            " SELECT EXISTS (SELECT 1 FROM taken_back) AND ("
            "  EXISTS (SELECT 1 FROM inbound_file i JOIN inbound_file ours ON ours.id = :file"
            "   WHERE i.mailbox_id = ours.mailbox_id AND i.id < ours.id AND i.kind = 'x12:835' AND i.state = 'RECEIVED')"
            "  OR EXISTS (SELECT 1 FROM taken_back t JOIN remittance_claim c ON c.clp01 = t.clp01"
            "   JOIN remittance r ON r.id = c.remittance_id"
            "   WHERE r.inbound_file_id < :file AND r.state = 'RECEIVED'))",
            file=inbound_file_id,
        )
    )


def get(tx: Tenant, remittance_id: int) -> StoredRemittance:
    row: Any = tx.first(
        "SELECT id, inbound_file_id, amount_cents, provider_adjustments FROM remittance WHERE id = :id",
        id=remittance_id,
    )
    level = []
    if row.provider_adjustments is not None:
        sealed = bytes(row.provider_adjustments)
        told = json.loads(tx.keys.open("remittance", "provider_adjustments", row.id, sealed))
        level = [(reason, cents) for reason, _, cents, _ in told]
    return StoredRemittance(row.id, row.inbound_file_id, row.amount_cents, level)


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One CLP as recorded. `adjusted_cents` is by group, claim and line level together."""

    id: int
    segment: int
    clp01: str
    payer_control_number: str | None
    charge_cents: int
    paid_cents: int
    verdict: Verdict
    adjusted_cents: dict[str, int]
    status: str  # CLP02
    service_from: date | None
    crossed_over_to: str | None
    explained: Explained

    @property
    def lines(self) -> tuple[LineDecision, ...]:
        return self.explained.lines

    @property
    def patient(self) -> PatientTold:
        return self.explained.patient


_DECISION = (
    "SELECT id, segment, clp01, payer_control_number, charge_cents, paid_cents, verdict, status, service_from,"
    " crossed_over_to, adjustments FROM remittance_claim"
)


def decisions(tx: Tenant, remittance_id: int) -> list[StoredDecision]:
    """The set's CLPs in the order of the set."""
    rows = tx.rows(f"{_DECISION} WHERE remittance_id = :id ORDER BY segment", id=remittance_id)
    return list(_decisions(tx, rows))


def decisions_by_id(tx: Tenant, ids: Sequence[int]) -> list[StoredDecision]:
    """Some CLPs, of whatever sets, in id order."""
    rows = tx.rows(f"{_DECISION} WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id", ids=list(ids))
    return list(_decisions(tx, rows))


def _decisions(tx: Tenant, rows: Sequence[Any]) -> Iterator[StoredDecision]:
    for row in rows:
        told = explained.read(tx.keys.open("remittance_claim", "adjustments", row.id, bytes(row.adjustments)))
        yield StoredDecision(
            row.id,
            row.segment,
            row.clp01,
            row.payer_control_number,
            row.charge_cents,
            row.paid_cents,
            Verdict(row.verdict),
            by_group(told.all_adjustments),
            row.status,
            row.service_from,
            row.crossed_over_to,
            told,
        )


def tie_claims(tx: Tenant, pairs: Sequence[tuple[int, int]]) -> None:
    """Notes which claim each CLP is about: (remittance_claim id, claim id)."""
    if pairs:
        tx.run(
            "UPDATE remittance_claim r SET claim_id = g.claim_id"
            " FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS bigint[])) AS g(id, claim_id) WHERE r.id = g.id",
            ids=array("bigint", [row for row, _ in pairs]),
            claims=array("bigint", [claim for _, claim in pairs]),
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim version that a CLP may be about, with its latest submission: of those that have left, if any has."""

    claim_id: int
    clm01: str
    version: int
    charge_cents: int
    state: str
    submission_id: int
    payer_control_number: str | None


def candidates(tx: Tenant, numbers: Sequence[str], payer_numbers: Sequence[str]) -> list[Candidate]:
    """Claims that went out under one of `numbers` (CLM01) or that the payer calls one of `payer_numbers`.

    Locks them in id order: what follows reads their balances and must be alone with them.
    """
    rows = tx.rows(
        "WITH named AS MATERIALIZED ("
        "  SELECT c.id FROM unnest(CAST(:numbers AS text[])) AS g(number) JOIN claim c ON c.clm01 = g.number"
        "  UNION SELECT s.claim_id FROM unnest(CAST(:payer_numbers AS text[])) AS g(number)"
        "  JOIN submission s ON s.org_id = :org AND s.payer_control_number = g.number"
        "), latest AS MATERIALIZED ("
        "  SELECT DISTINCT ON (s.claim_id) s.claim_id, s.id, s.payer_control_number FROM named"
        "  JOIN submission s ON s.claim_id = named.id JOIN outbound_file f ON f.id = s.file_id"
        "  WHERE s.state <> 'WITHDRAWN'"
        "  ORDER BY s.claim_id, f.state = ANY(CAST(:not_left AS text[])), s.attempt DESC"
        ") SELECT c.id AS claim_id, c.clm01, c.version, c.charge_cents, c.state, latest.id AS submission_id,"
        " latest.payer_control_number FROM latest JOIN claim c ON c.id = latest.claim_id WHERE c.org_id = :org"
        " ORDER BY c.id FOR UPDATE OF c",
        org=tx.org_id,
        numbers=array("text", numbers),
        payer_numbers=array("text", payer_numbers),
        not_left=list(NOT_LEFT),
    )
    return [Candidate(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


@dataclass(frozen=True, slots=True)
class Posted:
    """An earlier decision on a claim, or its reversal, that is in the books."""

    id: int
    claim_id: int
    charge_cents: int
    paid_cents: int
    is_reversal: bool


def posted(tx: Tenant, claim_ids: Sequence[int]) -> list[Posted]:
    """Posted decisions on these claims, oldest first."""
    rows = tx.rows(
        "SELECT rc.id, rc.claim_id, rc.charge_cents, rc.paid_cents, rc.verdict FROM remittance_claim rc"
        " WHERE rc.claim_id = ANY(CAST(:ids AS bigint[])) AND rc.verdict <> 'forwarded' ORDER BY rc.id",
        ids=list(claim_ids),
    )
    return [
        Posted(row.id, row.claim_id, row.charge_cents, row.paid_cents, row.verdict == Verdict.REVERSED) for row in rows
    ]
