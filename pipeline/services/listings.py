"""Lists for people: open exceptions and files; and the exact bytes of a file, which is written down."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from pipeline.domain.errors import CallerError, NotKnown
from pipeline.services.tracking import Standing, standings
from pipeline.stages.context import Context
from pipeline.store import audit, inbound, listings
from pipeline.store import files as outbound
from pipeline.store.database import Tenant
from pipeline.store.listings import FileRow, OpenException


def open_exceptions(ctx: Context, org_id: int, limit: int = 1000) -> list[OpenException]:
    """What waits for a person, oldest first."""
    with ctx.tenant(org_id, "listing") as tx:
        return listings.open_exceptions(tx, limit)


def files(ctx: Context, org_id: int, limit: int = 1000) -> list[FileRow]:
    """The newest files of both directions, oldest first; 837 files with their status as a batch."""
    with ctx.tenant(org_id, "listing") as tx:
        found = listings.files(tx, limit)
        known = standings(ctx, tx, [int(one.ref[1:]) for one in found if one.ref.startswith("O")])
    return [replace(one, **asdict(known[int(one.ref[1:])])) if _stands(one, known) else one for one in found]


def _stands(one: FileRow, known: Mapping[int, Standing]) -> bool:
    return one.ref.startswith("O") and int(one.ref[1:]) in known


@dataclass(frozen=True, slots=True)
class Exported:
    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def export(ctx: Context, org_id: int, actor: str, ref: str) -> Exported:
    """The exact bytes as they were stored; `ref` as `files` gives it (O12, I7; a bare number is one that went out).

    The bytes are compared with their sha256, and an audit row says who took them. Raises NotKnown and CallerError.
    """
    direction, number = _named(ref)
    with ctx.database.tenant(org_id, actor) as tx:
        found = _outgoing(tx, number) if direction == "O" else _incoming(tx, number)
        kind = "file" if direction == "O" else "inbound"
        audit.note(tx, "file.export", kind, number, f"sha256 {found.sha256}")
    return found


def outgoing_number(ref: str) -> int:
    """The row id of a file that went out; CallerError for anything else."""
    direction, number = _named(ref)
    if direction != "O":
        raise CallerError(f"file {ref} came in: name one that went out, such as O12")
    return number


def _named(ref: str) -> tuple[str, int]:
    direction, number = ref[:1].upper(), ref[1:]
    if ref.isdigit():
        direction, number = "O", ref
    if direction not in {"O", "I"} or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise CallerError("a file is named O and its number (it went out) or I and its number (it came in)")
    return direction, int(number)


def _outgoing(tx: Tenant, file_id: int) -> Exported:
    file = outbound.get(tx, file_id)
    if file is None:
        raise NotKnown(f"there is no file O{file_id}")
    if file.state in {"BUNDLED", "VOIDED"} and not _has_bytes(tx, file_id):
        raise CallerError(f"file O{file_id} has no bytes: it is {file.state}")
    return Exported(file.name, outbound.content(tx, file_id))


def _has_bytes(tx: Tenant, file_id: int) -> bool:
    return bool(tx.value("SELECT content IS NOT NULL FROM outbound_file WHERE id = :id", id=file_id))


def _incoming(tx: Tenant, file_id: int) -> Exported:
    file = inbound.get(tx, file_id)
    if file is None:
        raise NotKnown(f"there is no file I{file_id}")
    return Exported(file.name, file.content)
