"""poll: what the partner has put out is kept, byte for byte, before anybody reads it."""

from contextlib import suppress

import structlog

from pipeline import logs
from pipeline.domain.errors import ClaimrailError
from pipeline.domain.mailbox import BankProfile
from pipeline.mapping.arrivals import Arrival, members, recognise
from pipeline.stages.context import Context
from pipeline.stages.outside import held, opened
from pipeline.store import exceptions, inbound, tenants, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.inbound import Seen
from pipeline.store.tenants import Mailbox
from transport.base import RemoteMailbox
from transport.errors import NotFound, TransportError

log = structlog.get_logger()

Rings = list[tuple[str, int]]


def poll(ctx: Context, org_id: int, mailbox_id: int) -> None:
    """Takes in everything new in the mailbox's pick-up folder; polls again after the mailbox's interval.

    The lease only saves double work: that nothing counts twice rests on the unique keys of what is stored.
    """
    with ctx.tenant(org_id, "poll") as tx:
        box = tenants.mailbox(tx, mailbox_id)
        work.postpone(tx, "poll", mailbox_id, box.profile.poll_interval_s)
        if held(ctx, tx, box) or not box.enabled or box.paused:
            return
        fence = tenants.take_mailbox(tx, mailbox_id, ctx.limits.transfer_lease_s)
        if fence is None:
            return
    try:
        with opened(ctx, org_id, box, "poll") as remote:
            _collect(ctx, org_id, box, remote)
    finally:
        with ctx.tenant(org_id, "poll") as tx:
            tenants.release_mailbox(tx, mailbox_id, fence)
    with ctx.tenant(org_id, "poll") as tx:
        work.succeeded(tx, "poll", mailbox_id)


def _collect(ctx: Context, org_id: int, box: Mailbox, remote: RemoteMailbox) -> None:
    """Takes in what is new. A file that cannot be worked on is left for a person and does not hold up the others."""
    folder = box.profile.pickup_folder
    listing = [Seen(f.name, f.size, f.mtime_s) for f in remote.list(folder)]
    with ctx.tenant(org_id, "poll") as tx:
        unread = inbound.unread(tx, box.id, listing)
        finished = inbound.finished(tx, box.id, listing) if box.profile.delete_after_read else []
    for seen in finished:
        _delete(remote, folder, seen)  # read before, but the partner was away when it was to be deleted
    failed: list[Exception] = []
    for seen in unread:
        try:
            _fetch(ctx, org_id, box, remote, seen)
        except (ClaimrailError, TransportError):
            raise
        except Exception as error:  # noqa: BLE001 - raised below, when the others are in
            log.error("inbound file not taken in", error=logs.place(error))  # noqa: TRY400
            failed.append(error)
    if failed:
        raise failed[0]


def _fetch(ctx: Context, org_id: int, box: Mailbox, remote: RemoteMailbox, seen: Seen) -> None:
    try:
        data = remote.read(box.profile.pickup_folder, seen.name)
    except NotFound:
        return  # the partner took it back between listing and reading; if it comes again so do we
    rings: Rings = []
    with ctx.tenant(org_id, "poll") as tx:
        _take_in(ctx, tx, box, seen, data, rings)
        finished = inbound.finished(tx, box.id, [seen]) if box.profile.delete_after_read else []
    for stage, file_id in rings:
        ctx.ring(stage, org_id, [file_id])
    for one in finished:
        _delete(remote, box.profile.pickup_folder, one)


def _delete(remote: RemoteMailbox, folder: str, seen: Seen) -> None:
    with suppress(NotFound):
        remote.delete(folder, seen.name)


def _take_in(ctx: Context, tx: Tenant, box: Mailbox, seen: Seen, data: bytes, rings: Rings) -> None:
    """Stores one file and what is in it; while it is not all there it is only noted."""
    arrival = recognise(seen.name, data, _statement_name(box))
    if arrival.whole and len(data) == seen.size:
        file_id = _keep(ctx, tx, box, seen.name, data, arrival, None, rings)
        _close_parts(tx, box, seen.name, data)
    elif inbound.note_delivery(tx, box.id, seen, None, None) < ctx.limits.incomplete_after_s:
        return
    elif arrival.told and len(data) == seen.size:
        file_id = _keep(ctx, tx, box, seen.name, data, arrival, None, rings)
    else:
        reason = f"it is incomplete: {len(data)} bytes came, and its trailer never did"
        file_id = _quarantine(tx, box, seen.name, arrival.kind, data, reason)
    inbound.note_delivery(tx, box.id, seen, data, file_id)


def _statement_name(box: Mailbox) -> str | None:
    return box.profile.statement_name if isinstance(box.profile, BankProfile) else None


def _close_parts(tx: Tenant, box: Mailbox, name: str, data: bytes) -> None:
    """A whole version settles the parts of itself that were set aside before; a part is what it begins with."""
    aside = inbound.quarantined(tx, box.id, name)
    parts = [one.id for one in aside if len(one.content) < len(data) and data.startswith(one.content)]
    exceptions.close(tx, "quarantined", "inbound", parts, "the whole file came in")


def _keep(
    ctx: Context, tx: Tenant, box: Mailbox, name: str, data: bytes, arrival: Arrival, parent: int | None, rings: Rings
) -> int:
    if not arrival.known:
        return _quarantine(tx, box, name, arrival.kind, data, "it is no file that we know", parent)
    if arrival.kind == "zip":
        return _unpack(ctx, tx, box, name, data, parent, rings)
    file_id, new = inbound.store(tx, box.id, name, arrival.kind, data, parent_id=parent, event="received", reason=None)
    if new:
        log.info("inbound file kept", inbound_file_id=file_id, kind=arrival.kind, size=len(data), within=parent)
    if new and arrival.stage is not None:
        work.put(tx, arrival.stage, [file_id], ctx.limits.lease_s)
        rings.append((arrival.stage, file_id))
    elif new:
        inbound.applied(tx, file_id)
    return file_id


def _unpack(ctx: Context, tx: Tenant, box: Mailbox, name: str, data: bytes, parent: int | None, rings: Rings) -> int:
    try:
        inside = members(data)
    except ValueError as error:
        return _quarantine(tx, box, name, "zip", data, str(error), parent)
    if parent is not None:
        return _quarantine(tx, box, name, "zip", data, "it is a zip within a zip", parent)
    file_id, new = inbound.store(tx, box.id, name, "zip", data, parent_id=None, event="received", reason=None)
    if new:
        for member, content in inside:
            arrival = recognise(member, content)
            if arrival.told:
                _keep(ctx, tx, box, member, content, arrival, file_id, rings)
            else:
                _quarantine(tx, box, member, arrival.kind, content, "it is incomplete within its zip", file_id)
        inbound.applied(tx, file_id)
    return file_id


def _quarantine(
    tx: Tenant, box: Mailbox, name: str, kind: str, data: bytes, reason: str, parent: int | None = None
) -> int:
    file_id, new = inbound.store(tx, box.id, name, kind, data, parent_id=parent, event="quarantined", reason=reason)
    if new:
        log.warning("inbound file quarantined", inbound_file_id=file_id, reason=reason)
        exceptions.open_all(
            tx,
            [
                Raise(
                    "quarantined",
                    "inbound",
                    file_id,
                    f"{reason}; look at it with `claimrail inspect` and ask the partner",
                )
            ],
        )
    return file_id
