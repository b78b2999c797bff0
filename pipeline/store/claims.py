"""Claims: stored whole and sealed, taken in lots, read back for the stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from pipeline.domain.chain import TAKEN_IN
from pipeline.domain.claim import canonical_bytes
from pipeline.domain.forms import AnyClaim, Form, form_of
from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.arrays import array
from pipeline.store.crypto import TenantKeys, sha256
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class NewClaim:
    external_id: str = field(repr=False)
    form: Form
    version: int
    frequency: str
    member_id: str | None = field(repr=False)
    content_sha256: bytes
    payer_id: str
    filing_code: str | None
    further_payers: int
    charge_cents: int
    patient_paid_cents: int
    service_from: date | None
    document: bytes = field(repr=False)
    first_id: int | None = None
    """The first version of the claim, on which the money of all is booked; None: this is it."""
    made_from_id: int | None = None
    """The decision of an earlier payer that it was made from, where it asks a later one."""


def new_claim(claim: AnyClaim, version: int = 1) -> NewClaim:
    """The row of a claim as it is to be stored."""
    document = canonical_bytes(claim)
    return NewClaim(
        external_id=claim.external_id,
        form=form_of(claim),
        version=version,
        frequency=claim.frequency,
        member_id=claim.member_id,
        content_sha256=sha256(document),
        payer_id=claim.payer.payer_id,
        filing_code=claim.filing_code,
        further_payers=claim.further_payers,
        charge_cents=claim.charge_cents,
        patient_paid_cents=claim.patient_paid_cents or 0,
        service_from=claim.service_from,
        document=document,
    )


@dataclass(frozen=True, slots=True)
class StoredClaim:
    id: int
    first_id: int | None
    clm01: str
    form: Form
    version: int
    content_sha256: bytes
    state: str
    submitted: bool
    taken_in: bool
    """Whether the clearinghouse or the payer has any version of the claim."""
    payer_id: str
    for_a_later_payer: bool
    """Made by ourselves from an earlier payer's decision, or in the place of such a version."""
    contents: Mapping[bytes, int]
    """Hashes of the versions before it, with their ids."""


@dataclass(frozen=True, slots=True)
class Document:
    """A stored claim, still sealed: one that does not open must not keep the others from being read."""

    id: int
    clm01: str
    first_id: int | None
    made_from_id: int | None
    frequency: str
    _sealed: bytes = field(repr=False)
    _keys: TenantKeys = field(repr=False)

    @property
    def document(self) -> bytes:
        """The claim as canonical JSON; SealBroken if it does not open."""
        return self._keys.open("claim", "document", self.id, self._sealed)


def find(tx: Tenant, external_ids: Sequence[str]) -> dict[str, StoredClaim]:
    """The latest version of each claim known by the tenant's own id; locks them in id order."""
    indexes = {tx.keys.index("external", external): external for external in external_ids}
    rows = tx.rows(
        "SELECT c.id, c.first_id, c.clm01, c.form, c.external_hmac, c.content_sha256, c.state, c.version, c.payer_id,"
        " c.made_from_id IS NOT NULL AS made,"
        " EXISTS (SELECT 1 FROM submission s WHERE s.claim_id = c.id AND s.state <> 'WITHDRAWN') AS submitted,"
        " EXISTS (SELECT 1 FROM submission s WHERE s.claim_id = c.id AND s.state = ANY(CAST(:taken_in AS text[])))"
        "   AS taken_in"
        " FROM claim c WHERE c.org_id = :org AND c.external_hmac = ANY(CAST(:keys AS bytea[]))"
        " ORDER BY c.id FOR UPDATE OF c",  # a later version has a higher id
        org=tx.org_id,
        keys=list(indexes),
        taken_in=sorted(TAKEN_IN),
    )
    found: dict[str, StoredClaim] = {}
    first: dict[str, str] = {}
    asked: dict[str, set[str]] = {}  # later payers of each claim
    for row in rows:
        external_id, content = indexes[bytes(row.external_hmac)], bytes(row.content_sha256)
        earlier = found.get(external_id)
        later = asked.setdefault(external_id, set())
        if row.payer_id != first.setdefault(external_id, row.payer_id) and row.made:
            later.add(row.payer_id)
        found[external_id] = StoredClaim(
            row.id,
            row.first_id,
            row.clm01,
            Form(row.form),
            row.version,
            content,
            row.state,
            row.submitted,
            row.taken_in or (earlier is not None and earlier.taken_in),
            row.payer_id,
            row.made or row.payer_id in later,
            {**earlier.contents, earlier.content_sha256: earlier.id} if earlier else {},
        )
    return found


def add(tx: Tenant, claims: Sequence[NewClaim], *, ready: bool) -> dict[str, int]:
    """Inserts claims as READY or as DRAFT that asked to be ready, with their history; gives row ids by CLM01.

    A claim that another transaction stored a moment before is absent: that one stands.
    """
    if not claims:
        return {}
    keys, event = tx.keys, "readied" if ready else "stored"
    count = len(claims)
    # Ids follow the order given; rows are written in the order of their keys, so that two writers cannot block each other.
    numbered = sorted(
        zip(tx.ids("claim", count), claims, strict=True), key=lambda pair: keys.index("external", pair[1].external_id)
    )
    ids, claims = [row_id for row_id, _ in numbered], [claim for _, claim in numbered]
    tx.insert(
        "claim",
        {
            "id": ("bigint", ids),
            "clm01": ("text", [keys.claim_number(c.external_id) for c in claims]),
            "form": ("text", [c.form for c in claims]),
            "version": ("smallint", [c.version for c in claims]),
            "frequency": ("text", [c.frequency for c in claims]),
            "external_hmac": ("bytea", [keys.index("external", c.external_id) for c in claims]),
            "member_hmac": ("bytea", [_member(tx, c) for c in claims]),
            "index_key_id": ("smallint", [keys.index_key_id] * count),
            "content_sha256": ("bytea", [c.content_sha256 for c in claims]),
            "state": ("text", ["READY" if ready else "DRAFT"] * count),
            "payer_id": ("text", [c.payer_id for c in claims]),
            "filing_code": ("text", [c.filing_code for c in claims]),
            "further_payers": ("smallint", [c.further_payers for c in claims]),
            "charge_cents": ("bigint", [c.charge_cents for c in claims]),
            "patient_paid_cents": ("bigint", [c.patient_paid_cents for c in claims]),
            "service_from": ("date", [c.service_from for c in claims]),
            "ready_requested_at": ("timestamptz", [None if ready else datetime.now(UTC)] * count),
            "first_id": ("bigint", [c.first_id for c in claims]),
            "made_from_id": ("bigint", [c.made_from_id for c in claims]),
            "document": (
                "bytea",
                [keys.seal("claim", "document", i, c.document) for i, c in zip(ids, claims, strict=True)],
            ),
        },
        # No target: the claim's key and its CLM01 repeat together, and either may be found to repeat first.
        conflict="ON CONFLICT DO NOTHING",
    )
    stored = tx.rows("SELECT id, clm01 FROM claim WHERE id = ANY(CAST(:ids AS bigint[])) ORDER BY id", ids=ids)
    transitions.born(tx, Kind.CLAIM, [row.id for row in stored], event)
    return {row.clm01: row.id for row in stored}


def take_lot(tx: Tenant, size: int) -> tuple[int, list[int]] | None:
    """Puts up to `size` waiting claims into a new lot; None when none waits."""
    waiting = [
        row.id
        for row in tx.rows(
            "SELECT id FROM claim WHERE org_id = :org AND waiting ORDER BY id LIMIT :size FOR UPDATE SKIP LOCKED",
            org=tx.org_id,
            size=size,
        )
    ]
    if not waiting:
        return None
    lot_id = _new_lot(tx)
    tx.run("UPDATE claim SET lot_id = :lot WHERE id = ANY(CAST(:ids AS bigint[]))", lot=lot_id, ids=waiting)
    return lot_id, waiting


def _new_lot(tx: Tenant) -> int:
    return int(tx.value("INSERT INTO lot (org_id) VALUES (:org) RETURNING id", org=tx.org_id))


def send_on(tx: Tenant, ids: Sequence[int], event: str, **told: Any) -> tuple[int, list[int]]:
    """Moves claims by `event` into a new lot, for `bundle` to place anew; gives the lot and those that moved."""
    lot_id = _new_lot(tx)
    return lot_id, transitions.move(tx, Kind.CLAIM, ids, event, assign="lot_id = :lot", lot=lot_id, **told)


def somebody_waits(tx: Tenant) -> bool:
    """Whether a claim waits for a lot, also one that another transaction has locked."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM claim WHERE org_id = :org AND waiting)"
            " OR EXISTS (SELECT 1 FROM claim WHERE org_id = :org AND requested)",
            org=tx.org_id,
        )
    )


def lock_lot(tx: Tenant, lot_id: int) -> bool:
    """True when this transaction has the lot for itself."""
    return bool(tx.value("SELECT true FROM lot WHERE id = :lot FOR UPDATE SKIP LOCKED", lot=lot_id))


_DOCUMENT = "id, clm01, first_id, made_from_id, frequency, document"


def in_lot(tx: Tenant, lot_id: int, state: str) -> list[Document]:
    """The lot's claims that are in `state`, in id order."""
    rows = tx.rows(
        f"SELECT {_DOCUMENT} FROM claim WHERE lot_id = :lot AND state = :state ORDER BY id",  # noqa: S608 - ours
        lot=lot_id,
        state=state,
    )
    return [_document(tx, row) for row in rows]


def by_id(tx: Tenant, ids: Sequence[int]) -> dict[int, Document]:
    rows = tx.rows(f"SELECT {_DOCUMENT} FROM claim WHERE id = ANY(CAST(:ids AS bigint[]))", ids=list(ids))  # noqa: S608 - ours
    return {row.id: _document(tx, row) for row in rows}


def _document(tx: Tenant, row: Any) -> Document:
    return Document(row.id, row.clm01, row.first_id, row.made_from_id, row.frequency, bytes(row.document), tx.keys)


def _member(tx: Tenant, claim: NewClaim) -> bytes | None:
    return None if claim.member_id is None else tx.keys.index("member", claim.member_id)


def asked_to_be_ready(tx: Tenant) -> list[int]:
    """Drafts whose producer asked for readiness and whose event may never have come."""
    return [
        row.id
        for row in tx.rows(
            "SELECT id FROM claim WHERE org_id = :org AND requested ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED",
            org=tx.org_id,
        )
    ]


def replace_draft(tx: Tenant, claim_id: int, claim: NewClaim) -> bool:
    """New content for a claim that has never left and is in no lot, as a draft; False when it is under way already."""
    return bool(
        transitions.move(
            tx,
            Kind.CLAIM,
            [claim_id],
            "redrafted",
            assign="content_sha256 = :sha, payer_id = :payer, charge_cents = :charge, patient_paid_cents = :paid,"
            " service_from = :service_from, filing_code = :filing_code, further_payers = :further, member_hmac = :member, index_key_id = :index_key, document = :document,"
            " frequency = :frequency, form = :form, lot_id = NULL, ready_requested_at = now()",
            where="AND (t.state <> 'READY' OR t.lot_id IS NULL)",
            sha=claim.content_sha256,
            payer=claim.payer_id,
            charge=claim.charge_cents,
            paid=claim.patient_paid_cents,
            service_from=claim.service_from,
            filing_code=claim.filing_code,
            further=claim.further_payers,
            member=_member(tx, claim),
            index_key=tx.keys.index_key_id,
            frequency=claim.frequency,
            form=claim.form,
            document=tx.keys.seal("claim", "document", claim_id, claim.document),
        )
    )


def name_next_steps(tx: Tenant, named: Mapping[int, str]) -> None:
    """Writes down what is to be done with each claim (by id)."""
    if named:
        tx.run(
            "UPDATE claim c SET next_step = g.step FROM unnest(CAST(:ids AS bigint[]), CAST(:steps AS text[]))"
            " AS g(id, step) WHERE c.id = g.id AND c.next_step IS DISTINCT FROM g.step",
            ids=array("bigint", list(named)),
            steps=array("text", list(named.values())),
        )


def await_decision(tx: Tenant, ids: Sequence[int], billed: str, awaits: str) -> None:
    """Of claims whose next payer is billed now: what was to be done was `billed`, and is `awaits`."""
    tx.run(
        "UPDATE claim SET next_step = :awaits WHERE org_id = :org AND id = ANY(CAST(:ids AS bigint[]))"
        " AND next_step = :billed",
        org=tx.org_id,
        ids=list(ids),
        billed=billed,
        awaits=awaits,
    )


def forms_in_lot(tx: Tenant, lot_id: int, state: str) -> dict[int, Form]:
    """The lot's claims that are in `state`, in id order, each with its form; locked, so that no answer takes one away meanwhile."""
    rows = tx.rows(
        "SELECT id, form FROM claim WHERE lot_id = :lot AND state = :state ORDER BY id FOR UPDATE",
        lot=lot_id,
        state=state,
    )
    return {row.id: Form(row.form) for row in rows}
