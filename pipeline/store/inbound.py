"""What comes in: every byte kept, each content once a mailbox, each delivery noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.domain.errors import NotKnown
from pipeline.domain.states import Kind
from pipeline.store import transitions
from pipeline.store.crypto import sha256
from pipeline.store.database import Tenant


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of a partner's listing."""

    name: str
    size: int
    mtime_s: int


@dataclass(frozen=True, slots=True)
class InboundFile:
    id: int
    mailbox_id: int
    name: str
    kind: str
    state: str
    content: bytes
    applied_at: datetime | None = None
    """Business time, of a file that is being applied."""


def unread(tx: Tenant, mailbox_id: int, listing: Sequence[Seen]) -> list[Seen]:
    """Those of a listing that we have not taken in yet."""
    if not listing:
        return []
    rows = tx.rows(
        "SELECT g.name, g.size, g.mtime_s FROM unnest(CAST(:names AS text[]), CAST(:sizes AS bigint[]),"
        " CAST(:mtimes AS bigint[])) AS g(name, size, mtime_s) WHERE NOT EXISTS ("
        "  SELECT 1 FROM delivery d WHERE d.mailbox_id = :box AND d.name = g.name AND d.size = g.size"
        "  AND d.mtime_s = g.mtime_s AND d.inbound_file_id IS NOT NULL) ORDER BY g.mtime_s, g.name",
        names=[s.name for s in listing],
        sizes=[s.size for s in listing],
        mtimes=[s.mtime_s for s in listing],
        box=mailbox_id,
    )
    return [Seen(row.name, row.size, row.mtime_s) for row in rows]


def store(
    tx: Tenant,
    mailbox_id: int,
    name: str,
    kind: str,
    data: bytes,
    *,
    parent_id: int | None,
    event: str,
    reason: str | None,
) -> tuple[int, bool]:
    """Keeps the bytes; gives the row's id and whether they are new to this mailbox. A copy is only noted."""
    [file_id] = tx.ids("inbound_file", 1)
    digest = sha256(data)
    new = tx.run(
        "WITH kept AS ("
        "  INSERT INTO inbound_file (id, org_id, mailbox_id, parent_id, name, kind, sha256, size, state, reason)"
        "  VALUES (:id, :org, :box, :parent, :name, :kind, :sha, :size, :state, :reason)"
        "  ON CONFLICT (org_id, mailbox_id, sha256) DO NOTHING RETURNING id, org_id, received_at)"
        " INSERT INTO inbound_content (inbound_file_id, org_id, at, content)"
        " SELECT id, org_id, received_at, CAST(:content AS bytea) FROM kept",
        id=file_id,
        org=tx.org_id,
        box=mailbox_id,
        parent=parent_id,
        name=name,
        kind=kind,
        sha=digest,
        size=len(data),
        content=tx.keys.seal("inbound_file", "content", file_id, data),
        state="RECEIVED" if event == "received" else "QUARANTINED",
        reason=reason,
    )
    if new:
        transitions.born(tx, Kind.INBOUND, [file_id], event, detail=name)
        return file_id, True
    known = tx.value(
        "SELECT id FROM inbound_file WHERE org_id = :org AND mailbox_id = :box AND sha256 = :sha",
        org=tx.org_id,
        box=mailbox_id,
        sha=digest,
    )
    return int(known), False


def note_delivery(tx: Tenant, mailbox_id: int, seen: Seen, data: bytes | None, file_id: int | None) -> float:
    """Notes that the listing had it; gives the age in seconds of the first sight of this name, size and time."""
    age = tx.value(
        "INSERT INTO delivery (org_id, mailbox_id, name, size, mtime_s, sha256, inbound_file_id)"
        " VALUES (:org, :box, :name, :size, :mtime, :sha, :file)"
        " ON CONFLICT (mailbox_id, name, size, mtime_s) DO UPDATE SET sha256 = excluded.sha256,"
        " inbound_file_id = excluded.inbound_file_id"
        " RETURNING extract(epoch FROM now() - first_seen_at)",
        org=tx.org_id,
        box=mailbox_id,
        name=seen.name,
        size=seen.size,
        mtime=seen.mtime_s,
        sha=None if data is None else sha256(data),
        file=file_id,
    )
    return float(age)


_WITH_BYTES = (
    "SELECT f.id, f.mailbox_id, f.name, f.kind, f.state, coalesce(c.content, f.content) AS content FROM inbound_file f"
    " LEFT JOIN inbound_content c ON c.inbound_file_id = f.id AND c.at = f.received_at"
)


def get(tx: Tenant, file_id: int, *, lock: bool = False) -> InboundFile | None:
    """The file with its bytes; with `lock` only if no other transaction has it (None then too).

    Raises NotKnown where the bytes have gone with their month, after all the years that they had to be kept.
    """
    row = tx.first(f"{_WITH_BYTES} WHERE f.id = :id{' FOR UPDATE OF f SKIP LOCKED' if lock else ''}", id=file_id)
    if row is not None and row.content is None:
        raise NotKnown(f"the bytes of file I{file_id} were dropped with the month they came in")
    return None if row is None else _opened(tx, row)


def _opened(tx: Tenant, row: Any) -> InboundFile:
    """Sealed under the name of the file's own row, wherever the bytes lie."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["content"] = tx.keys.open("inbound_file", "content", row.id, bytes(row.content))
    return InboundFile(**values)


def finished(tx: Tenant, mailbox_id: int, listing: Sequence[Seen]) -> list[Seen]:
    """Those of a listing that are kept and understood: all that may be removed at the partner's, if he wants that."""
    rows = tx.rows(
        "SELECT g.name, g.size, g.mtime_s FROM unnest(CAST(:names AS text[]), CAST(:sizes AS bigint[]),"
        " CAST(:mtimes AS bigint[])) AS g(name, size, mtime_s) JOIN delivery d ON d.mailbox_id = :box"
        " AND d.name = g.name AND d.size = g.size AND d.mtime_s = g.mtime_s"
        " JOIN inbound_file f ON f.id = d.inbound_file_id WHERE f.state <> 'QUARANTINED' ORDER BY g.name",
        names=[s.name for s in listing],
        sizes=[s.size for s in listing],
        mtimes=[s.mtime_s for s in listing],
        box=mailbox_id,
    )
    return [Seen(row.name, row.size, row.mtime_s) for row in rows]


def quarantined(tx: Tenant, mailbox_id: int, name: str) -> list[InboundFile]:
    """Files of this name that were set aside and that a person still has before him."""
    rows = tx.rows(
        _WITH_BYTES + " WHERE f.mailbox_id = :box AND f.name = :name AND coalesce(c.content, f.content) IS NOT NULL"  # noqa: S608 - our own literals
        " AND EXISTS (SELECT 1 FROM work_exception x WHERE x.org_id = :org AND x.state = 'OPEN'"
        "  AND x.type = 'quarantined' AND x.subject_kind = 'inbound' AND x.subject_id = f.id) ORDER BY f.id",
        org=tx.org_id,
        box=mailbox_id,
        name=name,
    )
    return [_opened(tx, row) for row in rows]


def applied(tx: Tenant, file_id: int) -> None:
    transitions.move(tx, Kind.INBOUND, [file_id], "applied")
