"""Remittances and their claims: recorded once, read back for posting, tied to claims and deposits."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.domain.remittance import (
    LATER_PAYER,
    PATIENT_GROUP,
    PREMIUMS,
    REMITTED,
    Adjusted,
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
from pipeline.store import billing, explained, transitions
from pipeline.store.arrays import array
from pipeline.store.database import Tenant
from pipeline.store.explained import Explained
from pipeline.store.files import HERE

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
            **_proof([n.advice for n in new]),
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


def _proof(advices: Sequence[Advice]) -> dict[str, tuple[str, Sequence[object]]]:
    """The sums that each set proves itself by, as it told them."""
    return {
        "claims": ("int", [len(a.claims) for a in advices]),
        "lines": ("int", [sum(len(c.lines) for c in a.claims) for a in advices]),
        "charged_cents": ("bigint", [sum(c.charge_cents for c in a.claims) for a in advices]),
        "claims_paid_cents": ("bigint", [sum(c.paid_cents for c in a.claims) for a in advices]),
        "adjusted_cents": (
            "bigint",
            [sum(r.amount_cents for c in a.claims for r in c.all_adjustments) for a in advices],
        ),
        "provider_cents": ("bigint", [sum(p.amount_cents for p in a.provider_level) for a in advices]),
    }


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
class ProviderLevelRow:
    """One pair of a PLB; positive lowers the payment."""

    reason: str
    reference: str | None
    amount_cents: int
    segment: int


@dataclass(frozen=True, slots=True)
class StoredRemittance:
    id: int
    inbound_file_id: int
    position: int
    amount_cents: int
    provider_level: list[ProviderLevelRow]
    set_id: str  # 835 or 820


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
            "   WHERE r.inbound_file_id = :file AND r.state = 'RECEIVED' AND c.verdict = 'reversed')"
            " SELECT EXISTS (SELECT 1 FROM taken_back) AND ("
            "  EXISTS (SELECT 1 FROM inbound_file i JOIN inbound_file ours ON ours.id = :file"
            "   WHERE i.mailbox_id = ours.mailbox_id AND i.id < ours.id AND i.state = 'RECEIVED'"
            "   AND i.kind IN ('x12:835', 'x12:820', 'nacha:deposit'))"
            "  OR EXISTS (SELECT 1 FROM taken_back t JOIN remittance_claim c ON c.clp01 = t.clp01"
            "   JOIN remittance r ON r.id = c.remittance_id"
            "   WHERE r.inbound_file_id < :file AND r.state = 'RECEIVED'))",
            file=inbound_file_id,
        )
    )


def get(tx: Tenant, remittance_id: int) -> StoredRemittance:
    row: Any = tx.first(
        "SELECT id, inbound_file_id, position, amount_cents, set_key, provider_adjustments FROM remittance WHERE id = :id",
        id=remittance_id,
    )
    level = []
    if row.provider_adjustments is not None:
        sealed = bytes(row.provider_adjustments)
        told = json.loads(tx.keys.open("remittance", "provider_adjustments", row.id, sealed))
        level = [ProviderLevelRow(*pair) for pair in told]
    # The key of an 835 begins with its sender's qualifier and a colon.
    set_id = "820" if row.set_key.startswith("820|") else "835"
    return StoredRemittance(row.id, row.inbound_file_id, row.position, row.amount_cents, level, set_id)


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One CLP, or what an 820 pays, as recorded; `adjustments` are those of claim and lines together."""

    id: int
    remittance_id: int
    segment: int
    status: str  # CLP02, or REMITTED or PREMIUMS
    clp01: str
    payer_control_number: str | None
    charge_cents: int
    paid_cents: int
    verdict: Verdict
    service_from: date | None
    crossed_over_to: str | None
    claim_id: int | None
    explained: Explained

    @property
    def later_payer(self) -> bool:
        """Whether another payer has decided before this one."""
        return self.status in LATER_PAYER

    @property
    def is_item(self) -> bool:
        """Whether it is an item of an 820: money for a claim, and no decision on it."""
        return self.status == REMITTED

    @property
    def is_premiums(self) -> bool:
        """Whether it is the premiums of an 820, which are no claim's."""
        return self.status == PREMIUMS

    @property
    def payers_number(self) -> str | None:
        """By what the payer may call the claim: an item of an 820 has one number, whosever it is."""
        return self.payer_control_number or (self.clp01 if self.is_item else None) or None

    @property
    def segment_name(self) -> str:
        return segment_name(self.status)

    @property
    def adjustments(self) -> tuple[Adjusted, ...]:
        return self.explained.all_adjustments

    @property
    def patient_cents(self) -> int:
        """What the payer leaves to the patient."""
        return by_group(self.adjustments).get(PATIENT_GROUP, 0)

    @property
    def lines(self) -> tuple[LineDecision, ...]:
        return self.explained.lines

    @property
    def patient(self) -> PatientTold:
        return self.explained.patient


def segment_name(status: str) -> str:
    """What stands at a decision's place in its set."""
    return "RMR" if status in {REMITTED, PREMIUMS} else "CLP"


_DECISION = (
    "SELECT id, remittance_id, segment, status, clp01, payer_control_number, charge_cents, paid_cents, verdict,"
    " service_from, crossed_over_to, claim_id, adjustments FROM remittance_claim"
)


def decisions(tx: Tenant, remittance_id: int) -> list[StoredDecision]:
    """The set's CLPs in the order of the set."""
    rows = tx.rows(f"{_DECISION} WHERE remittance_id = :id ORDER BY segment", id=remittance_id)
    return list(_decisions(tx, rows))


def decisions_by_id(tx: Tenant, ids: Sequence[int]) -> list[StoredDecision]:
    """Some CLPs, of whatever sets, in id order."""
    rows = tx.rows(f"{_DECISION} WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id", ids=list(ids))
    return list(_decisions(tx, rows))


def decision(tx: Tenant, remittance_claim_id: int) -> StoredDecision | None:
    """One CLP by its row, locked."""
    rows = tx.rows(
        f"{_DECISION} WHERE org_id = :org AND id = :id FOR UPDATE",
        org=tx.org_id,
        id=remittance_claim_id,
    )
    return next(_decisions(tx, rows), None)


def _decisions(tx: Tenant, rows: Sequence[Any]) -> Iterator[StoredDecision]:
    for row in rows:
        told = explained.read(tx.keys.open("remittance_claim", "adjustments", row.id, bytes(row.adjustments)))
        yield StoredDecision(
            row.id,
            row.remittance_id,
            row.segment,
            row.status,
            row.clp01,
            row.payer_control_number,
            row.charge_cents,
            row.paid_cents,
            Verdict(row.verdict),
            row.service_from,
            row.crossed_over_to,
            row.claim_id,
            told,
        )


def is_posted(tx: Tenant, remittance_id: int) -> bool:
    return tx.value("SELECT state FROM remittance WHERE id = :id", id=remittance_id) in {"POSTED", "MATCHED"}


def look_again(tx: Tenant, remittance_id: int) -> None:
    """Lets the next release look through its claims again."""
    tx.run("UPDATE remittance SET released_at = NULL WHERE org_id = :org AND id = :id", org=tx.org_id, id=remittance_id)


def tie_claims(tx: Tenant, ties: Sequence[tuple[int, int, str]]) -> None:
    """Notes which claim each CLP is about, and how it was found: (remittance_claim id, claim id, how)."""
    if ties:
        tx.run(
            "UPDATE remittance_claim r SET claim_id = g.claim_id, matched_by = g.how"
            " FROM unnest(CAST(:ids AS bigint[]), CAST(:claims AS bigint[]), CAST(:how AS text[]))"
            " AS g(id, claim_id, how) WHERE r.id = g.id",
            ids=array("bigint", [row for row, _, _ in ties]),
            claims=array("bigint", [claim for _, claim, _ in ties]),
            how=array("text", [how for _, _, how in ties]),
        )


def untie(tx: Tenant, remittance_claim_id: int) -> None:
    """The CLP is about no claim of ours any more."""
    tx.run(
        "UPDATE remittance_claim SET claim_id = NULL, matched_by = NULL WHERE org_id = :org AND id = :id",
        org=tx.org_id,
        id=remittance_claim_id,
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim version that a CLP may be about, with its latest submission: of those that have left, if any has."""

    claim_id: int
    books_id: int
    """The claim's first version, on which the money of all its versions is booked."""
    made_from_id: int | None
    """The decision of an earlier payer that it was made from, where it asks a later one."""
    clm01: str
    version: int
    frequency: str
    charge_cents: int
    state: str
    payer_id: str
    filing_code: str | None
    further_payers: int
    service_from: date | None
    submission_id: int
    payer_control_number: str | None


def candidates(tx: Tenant, numbers: Sequence[str], payer_numbers: Sequence[str]) -> list[Candidate]:
    """Claims that went out under one of `numbers` (CLM01) or that the payer calls one of `payer_numbers`.

    Locks them in id order, and the first versions of those: what follows reads their balances and must be alone with them.
    """
    return _candidates(
        tx,
        "SELECT c.id FROM unnest(CAST(:numbers AS text[])) AS g(number) JOIN claim c ON c.clm01 = g.number"
        " UNION SELECT s.claim_id FROM unnest(CAST(:payer_numbers AS text[])) AS g(number)"
        " JOIN submission s ON s.org_id = :org AND s.payer_control_number = g.number",
        numbers=array("text", numbers),
        payer_numbers=array("text", payer_numbers),
    )


def candidates_by_id(tx: Tenant, claim_ids: Sequence[int]) -> list[Candidate]:
    """The same for claims that are known; one that never went out is absent."""
    return _candidates(tx, "SELECT id FROM unnest(CAST(:ids AS bigint[])) AS g(id)", ids=array("bigint", claim_ids))


def _candidates(tx: Tenant, named: str, **parameters: object) -> list[Candidate]:
    rows = tx.rows(
        f"WITH named AS MATERIALIZED ({named}), latest AS MATERIALIZED ("  # noqa: S608 - ours
        "  SELECT DISTINCT ON (s.claim_id) s.claim_id, s.id, s.payer_control_number FROM named"
        "  JOIN submission s ON s.claim_id = named.id JOIN outbound_file f ON f.id = s.file_id"
        "  WHERE s.state <> 'WITHDRAWN'"
        f"  ORDER BY s.claim_id, {HERE.format('f')}, s.attempt DESC"
        ") SELECT c.id AS claim_id, coalesce(c.first_id, c.id) AS books_id, c.made_from_id, c.clm01, c.version,"
        " c.frequency, c.charge_cents, c.state, c.payer_id, c.filing_code,"
        " c.further_payers, c.service_from, latest.id AS submission_id,"
        " latest.payer_control_number FROM latest JOIN claim c ON c.id = latest.claim_id WHERE c.org_id = :org"
        " ORDER BY c.id FOR UPDATE OF c",
        org=tx.org_id,
        **parameters,
    )
    found = [Candidate(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it
    billing.lock(tx, sorted({one.books_id for one in found} - {one.claim_id for one in found}))
    return found


@dataclass(frozen=True, slots=True)
class Posted:
    """An earlier decision on a claim, its reversal, or an item of an 820 on it, that is in the books."""

    id: int
    claim_id: int
    books_id: int
    charge_cents: int
    paid_cents: int
    verdict: Verdict
    status: str  # CLP02, or REMITTED
    crossed_over: bool = False

    @property
    def later_payer(self) -> bool:
        return self.status in LATER_PAYER

    @property
    def is_item(self) -> bool:
        return self.status == REMITTED

    @property
    def is_reversal(self) -> bool:
        """Whether it takes back one decision. Items of 820s stand for themselves, negative ones too."""
        return self.verdict is Verdict.REVERSED and not self.is_item


def posted(tx: Tenant, claim_ids: Sequence[int]) -> list[Posted]:
    """Posted decisions on these claims, whichever of its versions each names, oldest first."""
    rows = tx.rows(
        "SELECT rc.id, rc.claim_id, coalesce(v.first_id, v.id) AS books_id, rc.charge_cents, rc.paid_cents, rc.verdict,"
        " rc.status, rc.crossed_over_to FROM (SELECT DISTINCT clm01 FROM claim WHERE id = ANY(CAST(:ids AS bigint[]))) AS g"
        " JOIN claim v ON v.clm01 = g.clm01 JOIN remittance_claim rc ON rc.claim_id = v.id"
        " WHERE rc.verdict <> 'forwarded' ORDER BY rc.id",
        ids=list(claim_ids),
    )
    return [
        Posted(
            row.id,
            row.claim_id,
            row.books_id,
            row.charge_cents,
            row.paid_cents,
            Verdict(row.verdict),
            row.status,
            row.crossed_over_to is not None,
        )
        for row in rows
    ]
