"""upload: the exact stored bytes reach the partner once.

    RESERVED → STAGING → STAGED → RENAMING → SENT

Every arrow is committed before its act on the other side. STAGING is a lease with a fence: the temporary name carries
the fence, and only the newest fence can commit STAGED, so a worker that was thought dead can neither rename nor be
renamed over. Nobody makes a temporary again after STAGED: from there on the only question is whether the rename
happened, and the temporary's presence answers it.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

import structlog

from pipeline import logs
from pipeline.domain.errors import ModeMismatch, TryLater
from pipeline.domain.mailbox import Mode, Profile, UploadStyle
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.stages.outside import held, opened
from pipeline.store import exceptions, files, pace, payments, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.tenants import Mailbox
from transport.base import RemoteMailbox
from transport.errors import AlreadyExists, NotFound, RetryLater, TransportError

log = structlog.get_logger()


def upload_lot(ctx: Context, org_id: int, lot_id: int) -> None:
    """Uploads what the lot has ready: the last link of its chain."""
    with ctx.tenant(org_id, "upload") as tx:
        waiting = files.of_lot(tx, lot_id, files.UNSENT)
    for file in waiting:
        with logs.scope(stage="upload", org_id=org_id, lot_id=lot_id, file_id=file.id):
            try:
                upload(ctx, org_id, file.id)
            except TryLater as error:
                log.info("upload waits", reason=str(error))
            except Exception as error:  # noqa: BLE001 - the other files must go; the sweep comes again and counts
                log.error("upload failed", error=logs.place(error))  # noqa: TRY400 - no text


def upload(ctx: Context, org_id: int, file_id: int) -> None:
    """Takes one file as far towards SENT as it gets. Raises TryLater when the partner must be tried again."""
    job = _take(ctx, org_id, file_id)
    if job is None:
        return
    try:
        with opened(ctx, org_id, job.box, "upload") as remote:
            _carry(ctx, org_id, job, remote)
    except TryLater:
        _give_back(ctx, org_id, job)
        raise


def _carry(ctx: Context, org_id: int, job: "_Job", remote: RemoteMailbox) -> None:
    if job.file.state == "STAGING" and not _stage(ctx, org_id, job, remote):
        return
    if job.style is UploadStyle.DIRECT:
        _sent(ctx, org_id, job)
    elif _commit(ctx, org_id, job, "renaming"):
        _rename(ctx, org_id, job, remote)


@dataclass(slots=True)
class _Job:
    file: OutboundFile
    box: Mailbox
    data: bytes
    begun: bool = False
    """True from just before the first byte leaves."""

    @property
    def profile(self) -> Profile:
        return self.box.profile

    @property
    def style(self) -> UploadStyle:
        return self.profile.upload_style

    @property
    def folder(self) -> str:
        """Where the bytes are written first."""
        staging = self.profile.staging_folder
        return staging if self.style is UploadStyle.STAGING and staging else self.profile.upload_folder

    @property
    def temporary(self) -> str:
        return temporary_name(self.style, self.file.name, self.file.fence)

    def left_behind(self, name: str) -> bool:
        """Whether this is the temporary of an earlier lease, which the partner cannot see and which must go."""
        found = re.fullmatch(rf"{re.escape(self.file.name)}\.(\d+)\.part", name)
        return found is not None and int(found[1]) < self.file.fence


def temporary_name(style: UploadStyle, name: str, fence: int) -> str:
    """The name to write under; it carries the fence so that two leases never write to the same place."""
    return name if style is UploadStyle.DIRECT else f"{name}.{fence}.part"


def _take(ctx: Context, org_id: int, file_id: int) -> _Job | None:
    """The lease, or None when there is nothing to do now: sent, held, paused, too soon, or another's."""
    with ctx.tenant(org_id, "upload") as tx:
        file = files.get(tx, file_id, lock=True)
        if file is None or file.state not in files.UNSENT:
            work.done(tx, "upload", [file_id])
            return None
        logs.tell(mailbox_id=file.mailbox_id, control_number=file.control_number, kind=file.kind)
        box = tenants.mailbox(tx, file.mailbox_id)
        wait_s = _must_wait(ctx, tx, box, file)
        if wait_s is not None:
            log.info("file waits", state=file.state, for_s=round(wait_s, 1))
            work.postpone(tx, "upload", file_id, wait_s)
            return None
        data = files.content(tx, file_id)
        if not _may_go(tx, file, box, data):
            return None
        if file.state in {"RESERVED", "STAGING"}:
            _lease(ctx, tx, box, file)
        else:
            tx.run(_EXTEND, id=file_id, lease=ctx.limits.transfer_lease_s)
        work.postpone(tx, "upload", file_id, ctx.limits.transfer_lease_s)
        taken = files.get(tx, file_id)
        if taken is None:
            return None
        logs.tell(attempt=taken.fence)
        return _Job(taken, box, data)


def _may_go(tx: Tenant, file: OutboundFile, box: Mailbox, data: bytes) -> bool:
    """False, and written down, for a file that must not leave, or that may have left unseen."""
    try:
        check_modes(file, box.mode, data)
    except ModeMismatch as error:
        reason = f"{error}; it stays here: correct the mailbox, or withdraw the claims and send them by the right one"
        exceptions.open_all(tx, [Raise("mode_mismatch", "file", file.id, reason)])
        work.done(tx, "upload", [file.id])
        return False
    if file.state not in {"RESERVED", "STAGING"}:
        return True
    if file.state == "STAGING" and box.profile.upload_style is UploadStyle.DIRECT:
        _doubt(tx, file.id)
        return False
    return file.kind != "ACH" or _payments_stand(tx, file)


_EXTEND = "UPDATE outbound_file SET lease_until = now() + make_interval(secs => :lease) WHERE id = :id"


def _lease(ctx: Context, tx: Tenant, box: Mailbox, file: OutboundFile) -> None:
    fence = file.fence + 1
    transitions.move(
        tx,
        Kind.FILE,
        [file.id],
        "staging",
        assign="fence = :fence, temporary_name = :temporary, lease_until = now() + make_interval(secs => :lease)",
        fence=fence,
        temporary=temporary_name(box.profile.upload_style, file.name, fence),
        lease=ctx.limits.transfer_lease_s,
    )
    pace.begun(tx, box)


def _must_wait(ctx: Context, tx: Tenant, box: Mailbox, file: OutboundFile) -> float | None:
    """Seconds until the file may be tried; None: now."""
    if held(ctx, tx, box) or not box.enabled:
        return ctx.limits.retry_ceiling_s
    if file.state != "RESERVED" and not file.lease_over:
        return ctx.limits.transfer_lease_s
    wait = pace.wait_s(tx, box, begins=file.state in {"RESERVED", "STAGING"})
    if wait > 0:
        return wait
    if box.profile.paced and pace.another_is_under_way(tx, box.id, file.id):
        return ctx.limits.retry_base_s
    return None


def check_modes(file: OutboundFile, mode: Mode, data: bytes) -> None:
    """ISA15, the keyword in the name and the mailbox must say the same; ModeMismatch says which does not."""
    if file.mode is not mode:
        raise ModeMismatch(f"the file is of mode {file.mode}, the mailbox of mode {mode}")
    if file.kind != "837P":
        return
    if ("OATEST" in file.name) is not (mode is Mode.TEST):
        raise ModeMismatch("the file name's OATEST keyword disagrees with the mailbox's mode")
    # ISA15 stands at a fixed place: the segment has fixed widths.
    if data[102:103].decode("ascii", "replace") != mode:
        raise ModeMismatch("ISA15 disagrees with the mailbox's mode")


def _payments_stand(tx: Tenant, file: OutboundFile) -> bool:
    """Looks at every payment again in the transaction that lets the file go; else voids it unsent for a rebuild."""
    reasons = payments.recheck(tx, file.id)
    if not reasons:
        return True
    payments.void_file(tx, file.id)
    transitions.move(tx, Kind.FILE, [file.id], "voided", detail="; ".join(reasons)[:500])
    work.done(tx, "upload", [file.id])
    work.put(tx, "release", [tx.org_id], 0)
    return False


def _stage(ctx: Context, org_id: int, job: _Job, remote: RemoteMailbox) -> bool:
    """Writes the temporary and commits STAGED under our fence; False when another lease has taken over."""
    if job.style is UploadStyle.DIRECT:
        return _write_direct(ctx, org_id, job, remote)
    if job.file.fence > 1:
        for found in remote.list(job.folder):
            if job.left_behind(found.name):
                _delete(remote, job.folder, found.name)
    try:
        remote.write(job.folder, job.temporary, job.data)
    except AlreadyExists:
        # Only a database that was set back can meet its own temporary name; the next fence has another.
        raise TryLater(f"file {job.file.id}: the temporary name is taken") from None
    if _commit(ctx, org_id, job, "staged"):
        return True
    _delete(remote, job.folder, job.temporary)
    return False


def _write_direct(ctx: Context, org_id: int, job: _Job, remote: RemoteMailbox) -> bool:
    job.begun = True
    try:
        remote.write(job.folder, job.temporary, job.data)
    except (AlreadyExists, RetryLater):
        with ctx.tenant(org_id, "upload") as tx:
            _doubt(tx, job.file.id)
        return False
    except NotFound:
        job.begun = False  # there is no such folder, so nothing can lie in it
        raise
    return True


def _delete(remote: RemoteMailbox, folder: str, name: str) -> None:
    with suppress(NotFound):
        remote.delete(folder, name)


def _give_back(ctx: Context, org_id: int, job: _Job) -> None:
    """Ends our lease early, so that the next try need not wait for it: every state can be taken up again."""
    with ctx.tenant(org_id, "upload") as tx:
        if job.style is UploadStyle.DIRECT and not job.begun:
            _move(tx, job, "not_begun", assign="lease_until = NULL")
        ours = tx.run(
            "UPDATE outbound_file SET lease_until = now() WHERE id = :id AND fence = :fence"
            " AND state = ANY(CAST(:states AS text[]))",
            id=job.file.id,
            fence=job.file.fence,
            states=list(files.UNSENT),
        )
        if ours:
            work.postpone(tx, "upload", job.file.id, ctx.limits.retry_base_s)


def _move(tx: Tenant, job: _Job, event: str, assign: str = "") -> bool:
    """Moves the file under our fence; False when a newer lease, or the partner's answer, was there first."""
    moved = transitions.move(
        tx, Kind.FILE, [job.file.id], event, where="AND t.fence = :fence", assign=assign, fence=job.file.fence
    )
    return bool(moved)


def _commit(ctx: Context, org_id: int, job: _Job, event: str) -> bool:
    with ctx.tenant(org_id, "upload") as tx:
        moved = _move(tx, job, event)
        state = tx.value("SELECT state FROM outbound_file WHERE id = :id", id=job.file.id)
    return moved or (event == "renaming" and state == "RENAMING")


def _rename(ctx: Context, org_id: int, job: _Job, remote: RemoteMailbox) -> None:
    """The temporary is there: rename it. It is gone: the rename happened, whoever did it and whatever came after."""
    temporary = job.file.temporary_name or job.temporary
    if remote.size(job.folder, temporary) is not None:
        try:
            remote.rename(job.folder, temporary, job.profile.upload_folder, job.file.name)
        except (NotFound, AlreadyExists) as error:
            if remote.size(job.folder, temporary) is not None:
                _name_taken(ctx, org_id, job, error)
                raise
            log.info("another worker renamed it")
    _sent(ctx, org_id, job)


def _name_taken(ctx: Context, org_id: int, job: _Job, error: TransportError) -> None:
    """A file of ours by that name is there and our temporary too: names never repeat, so a person must look."""
    if isinstance(error, AlreadyExists):
        with ctx.tenant(org_id, "upload") as tx:
            reason = "a file of this name is at the partner already; compare it with ours, then remove it there"
            exceptions.open_all(tx, [Raise("upload_unknown", "file", job.file.id, reason)])
        raise TryLater(f"file {job.file.id}: the name is taken") from None


def _sent(ctx: Context, org_id: int, job: _Job) -> None:
    with ctx.tenant(org_id, "upload") as tx:
        moved = transitions.move(
            tx,
            Kind.FILE,
            [job.file.id],
            "sent",
            assign="sent_at = now(), lease_until = NULL",
            business_at=ctx.clock.now(),
        )
        if moved and job.file.kind == "ACH":
            payments.file_sent(tx, job.file.id)
        if moved:
            for type_ in ("upload_unknown", "mode_mismatch"):
                exceptions.close(tx, type_, "file", moved, "it is sent")
        work.done(tx, "upload", [job.file.id])
    if moved:
        log.info("file sent", claims=job.file.claims, size=len(job.data))


def _doubt(tx: Tenant, file_id: int) -> None:
    """A direct write that broke off: whether the partner has it is unknown, and only its answer or a person can tell."""
    transitions.move(tx, Kind.FILE, [file_id], "uncertain", assign="lease_until = NULL")
    exceptions.open_all(
        tx,
        [
            Raise(
                "upload_unknown",
                "file",
                file_id,
                "a direct upload broke off; ask the partner whether the file arrived; it is never sent again by itself",
            )
        ],
    )
    work.done(tx, "upload", [file_id])
