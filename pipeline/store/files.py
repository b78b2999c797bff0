"""Outgoing files, their sets and submissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain import answering
from pipeline.domain.mailbox import Mode
from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.arrays import array
from pipeline.store.crypto import sha256
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class OutboundFile:
    id: int
    mailbox_id: int
    kind: str
    mode: Mode
    control_number: int
    name: str
    lot_id: int | None
    state: str
    fence: int
    lease_over: bool
    temporary_name: str | None
    temporary_folder: str | None
    claims: int


_FILE = (
    "SELECT id, mailbox_id, kind, mode, control_number, name, lot_id, state, fence,"
    " coalesce(lease_until <= now(), true) AS lease_over, temporary_name, temporary_folder,"
    " claims FROM outbound_file"
)


def _file(row: Any) -> OutboundFile:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return OutboundFile(**{**values, "mode": Mode(values["mode"])})


def get(tx: Tenant, file_id: int, *, lock: bool = False) -> OutboundFile | None:
    row = tx.first(f"{_FILE} WHERE id = :id{' FOR UPDATE' if lock else ''}", id=file_id)
    return None if row is None else _file(row)


def of_lot(tx: Tenant, lot_id: int, states: Sequence[str]) -> list[OutboundFile]:
    rows = tx.rows(
        f"{_FILE} WHERE lot_id = :lot AND state = ANY(CAST(:states AS text[])) ORDER BY id",
        lot=lot_id,
        states=list(states),
    )
    return [_file(row) for row in rows]


NOT_LEFT = answering.NOT_LEFT
HERE = (
    f"({{0}}.state IN {NOT_LEFT!r} OR ({{0}}.state = 'STAGING' AND {{0}}.temporary_name IS DISTINCT FROM {{0}}.name))"
)
"""`answering.here` of the outbound_file under the given alias."""
UNSENT = ("RESERVED", "STAGING", "STAGED", "RENAMING")
"""States of a file whose bytes are stored and which is still to leave."""


def unsent(tx: Tenant, mailbox_id: int) -> list[int]:
    """Files that wait to leave by this mailbox."""
    rows = tx.rows(
        "SELECT id FROM outbound_file WHERE mailbox_id = :box AND state = ANY(CAST(:states AS text[])) ORDER BY id",
        box=mailbox_id,
        states=list(UNSENT),
    )
    return [row.id for row in rows]


@dataclass(frozen=True, slots=True)
class NewFile:
    kind: str
    mode: Mode
    exchange: str
    control_number: int
    name: str
    claims: int


def add(tx: Tenant, mailbox_id: int, lot_id: int | None, new: Sequence[NewFile], business_at: datetime) -> list[int]:
    """Files with their numbers and names, and no bytes yet: state BUNDLED."""
    ids = tx.ids("outbound_file", len(new))
    tx.insert(
        "outbound_file",
        {
            "id": ("bigint", ids),
            "mailbox_id": ("bigint", [mailbox_id] * len(new)),
            "lot_id": ("bigint", [lot_id] * len(new)),
            "kind": ("text", [f.kind for f in new]),
            "mode": ("text", [str(f.mode) for f in new]),
            "exchange": ("text", [f.exchange for f in new]),
            "control_number": ("bigint", [f.control_number for f in new]),
            "name": ("text", [f.name for f in new]),
            "state": ("text", ["BUNDLED"] * len(new)),
            "claims": ("int", [f.claims for f in new]),
            "amount_cents": ("bigint", [0] * len(new)),
            "business_at": ("timestamptz", [business_at] * len(new)),
        },
    )
    transitions.born(tx, Kind.FILE, ids, "numbered", business_at=business_at)
    return ids


def store_bytes(tx: Tenant, file_id: int, data: bytes, amount_cents: int) -> None:
    """Bytes before wire: what will leave, exactly, with its hash; the file is RESERVED from here on."""
    transitions.move(
        tx,
        Kind.FILE,
        [file_id],
        "rendered",
        assign="content = :content, sha256 = :sha, size = :size, amount_cents = :amount",
        content=tx.keys.seal("outbound_file", "content", file_id, data),
        sha=sha256(data),
        size=len(data),
        amount=amount_cents,
    )


def twin(tx: Tenant, mailbox_id: int, kind: str, data: bytes) -> int | None:
    """A file of this mailbox that has exactly these bytes, if there is one."""
    found: int | None = tx.value(
        "SELECT min(id) FROM outbound_file WHERE mailbox_id = :box AND kind = :kind AND sha256 = :sha",
        box=mailbox_id,
        kind=kind,
        sha=sha256(data),
    )
    return found


def note_answered(tx: Tenant, file_id: int) -> None:
    """Notes when the first answer to a file came that has left, though it moved nothing (a TA1 that accepts)."""
    tx.run(
        "UPDATE outbound_file SET answered_at = now()"
        " WHERE id = :id AND answered_at IS NULL AND state <> ALL(CAST(:not_left AS text[]))",
        id=file_id,
        not_left=list(NOT_LEFT),
    )


def content(tx: Tenant, file_id: int) -> bytes:
    """The exact bytes of the file; they are compared with their stored hash each time."""
    row = tx.first("SELECT content, sha256 FROM outbound_file WHERE id = :id", id=file_id)
    if row is None or row.content is None:
        raise ValueError(f"file {file_id} has no bytes yet")
    data = tx.keys.open("outbound_file", "content", file_id, bytes(row.content))
    if sha256(data) != bytes(row.sha256):
        raise ValueError(f"file {file_id}: its bytes do not match their sha256")
    return data


@dataclass(frozen=True, slots=True)
class Placed:
    """One submission where it stands in its file."""

    submission_id: int
    claim_id: int
    set_id: int
    set_control: str
    ordinal: int
    attempt: int
    claim_state: str

    @property
    def wanted(self) -> bool:
        """False once its claim was decided or held, so that it must not go out any more."""
        return answering.wanted(self.claim_state)


def add_sets(tx: Tenant, file_id: int, controls: Sequence[str]) -> list[int]:
    ids = tx.ids("transaction_set", len(controls))
    tx.insert(
        "transaction_set",
        {
            "id": ("bigint", ids),
            "file_id": ("bigint", [file_id] * len(ids)),
            "control_number": ("text", controls),
            "position": ("int", list(range(1, len(ids) + 1))),
        },
    )
    return ids


def add_submissions(tx: Tenant, file_id: int, placed: Sequence[tuple[int, int, int]]) -> None:
    """(claim id, set id, ordinal) each; the attempt is one more than the claim had."""
    claim_ids = [claim for claim, _, _ in placed]
    tries = {
        row.claim_id: row.attempt
        for row in tx.rows(
            "SELECT claim_id, max(attempt) AS attempt FROM submission"
            " WHERE claim_id = ANY(CAST(:ids AS bigint[])) GROUP BY claim_id",
            ids=claim_ids,
        )
    }
    ids = tx.ids("submission", len(placed))
    tx.insert(
        "submission",
        {
            "id": ("bigint", ids),
            "claim_id": ("bigint", claim_ids),
            "file_id": ("bigint", [file_id] * len(ids)),
            "set_id": ("bigint", [set_id for _, set_id, _ in placed]),
            "ordinal": ("smallint", [ordinal for _, _, ordinal in placed]),
            "attempt": ("smallint", [tries.get(claim, 0) + 1 for claim in claim_ids]),
            "state": ("text", ["IN_FILE"] * len(ids)),
        },
    )
    transitions.born(tx, Kind.SUBMISSION, ids, "bundled", file_id=file_id)


def placed(tx: Tenant, file_id: int) -> list[Placed]:
    """The file's submissions that still stand, in the order of the file."""
    rows = tx.rows(
        "SELECT s.id AS submission_id, s.claim_id, s.set_id, t.control_number AS set_control, s.ordinal, s.attempt,"
        " c.state AS claim_state"
        " FROM submission s JOIN transaction_set t ON t.id = s.set_id JOIN claim c ON c.id = s.claim_id"
        " WHERE s.file_id = :file AND s.state <> 'WITHDRAWN' ORDER BY t.position, s.ordinal",
        file=file_id,
    )
    return [Placed(**row._mapping) for row in rows]  # noqa: SLF001


def all_wanted(tx: Tenant, file_id: int) -> bool:
    """Whether every claim in the file is still to go out; see `Placed.wanted`."""
    return not tx.value(
        "SELECT EXISTS (SELECT 1 FROM submission s JOIN claim c ON c.id = s.claim_id"
        " WHERE s.file_id = :file AND s.state <> 'WITHDRAWN' AND c.state <> :wanted)",
        file=file_id,
        wanted=answering.WANTED,
    )


def store_ranges(tx: Tenant, ranges: dict[int, list[int]]) -> None:
    """First and last segment number of each claim of each set, flat, by ordinal."""
    tx.run(
        "UPDATE transaction_set t SET ranges = CAST(g.flat AS int[])"
        " FROM unnest(CAST(:ids AS bigint[]), CAST(:flats AS text[])) AS g(id, flat) WHERE t.id = g.id",
        ids=array("bigint", list(ranges)),
        flats=array("text", [array("int", flat) for flat in ranges.values()]),
    )
