"""upload: the exact stored bytes reach the partner once.

    RESERVED → STAGING → STAGED → RENAMING → SENT

Every arrow is committed before its act on the other side. STAGING is a lease with a fence: the temporary name carries
the fence, and only the newest fence can commit STAGED, so a worker that was thought dead can neither rename nor be
renamed over. Nobody makes a temporary again after STAGED: from there on the only question is whether the rename
happened, and the temporary's presence answers it. What follows what is decided in `pipeline.domain.sending`; here it
is done.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from pipeline import logs
from pipeline.domain import sending
from pipeline.domain.errors import ModeMismatch, TryLater
from pipeline.domain.forms import CLAIM_KINDS
from pipeline.domain.mailbox import Mode, Profile, UploadStyle
from pipeline.domain.sending import Commit, Committed, Delete, End, Found, Names, Present, Reply, Sending, Step, Write
from pipeline.domain.states import Kind
from pipeline.stages import filing, recall
from pipeline.stages.context import Context
from pipeline.stages.outside import held, opened
from pipeline.store import exceptions, files, pace, payment_entries, standings, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import OutboundFile
from pipeline.store.standings import Rules
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
    """Does what the try asks for, step by step; raises what the partner said where that is how it ended."""
    steps, answer = sending.carry(job.sending), None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as ended:
            _end(ctx, org_id, job, ended.value)
            return
        answer = _commit(ctx, org_id, job, step) if isinstance(step, Commit) else _outside(job, remote, step)


def _outside(job: "_Job", remote: RemoteMailbox, step: Step) -> Any:
    if isinstance(step, Names):
        return [seen.name for seen in remote.list(job.sending.folder)]
    if isinstance(step, Present):
        return remote.size(job.sending.folder, job.sending.temporary) is not None
    if isinstance(step, Delete):
        with suppress(NotFound):
            remote.delete(job.sending.folder, step.name)
        return None
    return _reply(job, remote, step)


def _reply(job: "_Job", remote: RemoteMailbox, step: Step) -> Reply:
    """Writes or renames; an error whose outcome is to be judged becomes a reply, and is kept."""
    try:
        if isinstance(step, Write):
            job.begun = True
            remote.write(job.sending.folder, job.sending.temporary, job.data)
        else:
            remote.rename(job.sending.folder, job.sending.temporary, job.profile.upload_folder, job.file.name)
    except (AlreadyExists, NotFound, RetryLater) as error:
        job.error = error
        if isinstance(error, NotFound):
            job.begun = False  # there is no such folder, so nothing can lie in it
            return Reply.MISSING
        return Reply.TAKEN if isinstance(error, AlreadyExists) else Reply.BROKEN
    return Reply.DONE


def _end(ctx: Context, org_id: int, job: "_Job", end: End) -> None:
    if end is End.TEMPORARY_TAKEN:
        raise TryLater(f"file {job.file.id}: the temporary name is taken")
    if end is End.NAME_TAKEN:
        # A file of ours by that name is there and our temporary too: names never repeat, so a person must look.
        with ctx.tenant(org_id, "upload") as tx:
            reason = "a file of this name is at the partner already; compare it with ours, then remove it there"
            exceptions.open_all(tx, [Raise("upload_unknown", "file", job.file.id, reason)])
        raise TryLater(f"file {job.file.id}: the name is taken")
    if end is End.REFUSED and job.error is not None:
        raise job.error


@dataclass(slots=True)
class _Job:
    file: OutboundFile
    box: Mailbox
    data: bytes
    begun: bool = False
    """True from just before the first byte leaves."""
    error: TransportError | None = None
    """What the partner last said in place of "done"."""

    @property
    def profile(self) -> Profile:
        return self.box.profile

    @property
    def sending(self) -> Sending:
        """As the lease wrote it down; the mailbox may have been changed since."""
        file = self.file
        temporary = file.temporary_name or ""
        return Sending(file.name, file.fence, file.state, temporary, file.temporary_folder or _folder(self.profile))


def _folder(profile: Profile) -> str:
    """Where the bytes are written first."""
    staging = profile.staging_folder
    return staging if profile.upload_style is UploadStyle.STAGING and staging else profile.upload_folder


def _take(ctx: Context, org_id: int, file_id: int) -> _Job | None:
    """The lease, or None when there is nothing to do now: sent, held, paused, too soon, or another's."""
    with ctx.tenant(org_id, "upload") as tx:
        file = files.get(tx, file_id, lock=True)
        if file is None or file.state not in files.UNSENT:
            work.done(tx, "upload", [file_id])
            return None
        logs.tell(mailbox_id=file.mailbox_id, control_number=file.control_number, kind=file.kind)
        box = tenants.mailbox(tx, file.mailbox_id)
        direct = sending.written_directly(file.name, file.temporary_name)
        now = sending.found(file.state, direct=direct, lease_over=file.lease_over)
        wait_s = _must_wait(ctx, tx, box, file, now)
        if wait_s is not None:
            log.info("file waits", state=file.state, for_s=round(wait_s, 1))
            work.postpone(tx, "upload", file_id, wait_s)
            return None
        data = files.content(tx, file_id)
        if not _may_go(ctx, tx, file, box, data, now):
            return None
        if now is Found.TO_STAGE:
            _lease(ctx, tx, box, file)
        else:
            tx.run(_EXTEND, id=file_id, lease=ctx.limits.transfer_lease_s)
        work.postpone(tx, "upload", file_id, ctx.limits.transfer_lease_s)
        taken = files.get(tx, file_id)
        if taken is None:
            return None
        logs.tell(attempt=taken.fence)
        return _Job(taken, box, data)


def _may_go(ctx: Context, tx: Tenant, file: OutboundFile, box: Mailbox, data: bytes, now: Found) -> bool:
    """False, and written down, for a file that must not leave, or that may have left unseen."""
    try:
        check_modes(file, box.mode, data)
    except ModeMismatch as error:
        reason = f"{error}; it stays here: correct the mailbox, or withdraw the claims and send them by the right one"
        exceptions.open_all(tx, [Raise("mode_mismatch", "file", file.id, reason)])
        work.done(tx, "upload", [file.id])
        return False
    if now is Found.DOUBTFUL:
        _doubt(tx, file.id)
        return False
    if now is Found.TO_RENAME:
        return True
    return _payments_stand(ctx, tx, file, box, data) if file.kind == "ACH" else recall.stands(ctx, tx, file)


_EXTEND = "UPDATE outbound_file SET lease_until = now() + make_interval(secs => :lease) WHERE id = :id"


def _lease(ctx: Context, tx: Tenant, box: Mailbox, file: OutboundFile) -> None:
    fence = file.fence + 1
    transitions.move(
        tx,
        Kind.FILE,
        [file.id],
        "staging",
        assign="fence = :fence, temporary_name = :temporary, temporary_folder = :folder,"
        " lease_until = now() + make_interval(secs => :lease)",
        fence=fence,
        temporary=sending.temporary_name(box.profile.upload_style, file.name, fence),
        folder=_folder(box.profile),
        lease=ctx.limits.transfer_lease_s,
    )
    pace.begun(tx, box)


def _must_wait(ctx: Context, tx: Tenant, box: Mailbox, file: OutboundFile, now: Found) -> float | None:
    """Seconds until the file may be tried; None: now."""
    if held(ctx, tx, box) or not box.enabled:
        return ctx.limits.retry_ceiling_s
    if now is Found.LEASED:
        return ctx.limits.transfer_lease_s
    wait = pace.wait_s(tx, box, begins=now is not Found.TO_RENAME)
    if wait > 0:
        return wait
    if box.profile.paced and pace.another_is_under_way(tx, box.id, file.id):
        return ctx.limits.retry_base_s
    return None


def check_modes(file: OutboundFile, mode: Mode, data: bytes) -> None:
    """ISA15, the keyword in the name and the mailbox must say the same; ModeMismatch says which does not."""
    if file.mode is not mode:
        raise ModeMismatch(f"the file is of mode {file.mode}, the mailbox of mode {mode}")
    if file.kind not in {*CLAIM_KINDS, "270", "276"}:
        return
    if ("OATEST" in file.name) is not (mode is Mode.TEST):
        raise ModeMismatch("the file name's OATEST keyword disagrees with the mailbox's mode")
    # ISA15 stands at a fixed place: the segment has fixed widths.
    if data[102:103].decode("ascii", "replace") != mode:
        raise ModeMismatch("ISA15 disagrees with the mailbox's mode")


def _payments_stand(ctx: Context, tx: Tenant, file: OutboundFile, box: Mailbox, data: bytes) -> bool:
    """Looks at every payment, the days and the bytes again in the transaction that lets the file go; else voids it unsent for a rebuild."""
    rules = Rules(ctx.releases, ctx.clock.now(), ctx.today())
    reasons = standings.recheck(tx, file.id, rules) or filing.objections(ctx, tx, box, file.id, data)
    if not reasons:
        return True
    standings.void_file(tx, file.id, rules)
    transitions.move(tx, Kind.FILE, [file.id], "voided", detail="; ".join(reasons)[:500])
    work.done(tx, "upload", [file.id])
    work.put(tx, "release", [tx.org_id], 0)
    return False


def _give_back(ctx: Context, org_id: int, job: _Job) -> None:
    """Ends our lease early, so that the next try need not wait for it: every state can be taken up again."""
    with ctx.tenant(org_id, "upload") as tx:
        if sending.untouched(job.sending, begun=job.begun):
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


def _commit(ctx: Context, org_id: int, job: _Job, step: Commit) -> Committed:
    with ctx.tenant(org_id, "upload") as tx:
        if step.event == "sent":
            moved = _sent(ctx, tx, job)
        elif step.event == "uncertain":
            moved = _doubt(tx, job.file.id)
        else:
            moved = _move(tx, job, step.event)
        state = str(tx.value("SELECT state FROM outbound_file WHERE id = :id", id=job.file.id))
    if moved and step.event == "sent":
        log.info("file sent", claims=job.file.claims, size=len(job.data))
    return Committed(moved, state)


def _sent(ctx: Context, tx: Tenant, job: _Job) -> bool:
    moved = transitions.move(
        tx,
        Kind.FILE,
        [job.file.id],
        "sent",
        assign="sent_at = now(), lease_until = NULL",
        business_at=ctx.clock.now(),
    )
    if moved and job.file.kind == "ACH":
        payment_entries.file_sent(tx, job.file.id)
    exceptions.close(tx, ("upload_unknown", "mode_mismatch"), "file", moved, "it is sent")
    work.done(tx, "upload", [job.file.id])
    return bool(moved)


def _doubt(tx: Tenant, file_id: int) -> bool:
    """A direct write that broke off: whether the partner has it is unknown, and only its answer or a person can tell."""
    moved = transitions.move(tx, Kind.FILE, [file_id], "uncertain", assign="lease_until = NULL")
    reason = "a direct upload broke off; ask the partner whether the file arrived; it is never sent again by itself"
    exceptions.open_all(tx, [Raise("upload_unknown", "file", one, reason) for one in moved])
    work.done(tx, "upload", [file_id])
    return bool(moved)
