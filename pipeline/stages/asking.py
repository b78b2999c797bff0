"""ask: the questions about coverage that wait go to their payers in a file.

A file holds a set for each provider and payer. It leaves by the ordinary upload, and whoever does not answer it is told of
by the ordinary watch.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from pipeline.domain.states import Kind
from pipeline.mapping.eligibility_to_270 import Asking
from pipeline.stages import bundle, coverage
from pipeline.stages.context import Context
from pipeline.stages.outside import waits
from pipeline.store import counters, exceptions, files, inquiries, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.files import NewFile
from pipeline.store.inquiries import Numbered
from pipeline.store.tenants import Mailbox

STAGE = "ask"
_IN_FILE = 1000
_IN_SET = 99
"""The guide's most for questions that are not asked at once."""


def ask(ctx: Context, org_id: int, _subject_id: int) -> None:
    """Puts what waits into files of the tenant's clearinghouse mailbox, RESERVED with their exact bytes."""
    made: list[int] = []
    with ctx.tenant(org_id, STAGE) as tx:
        if waits(ctx, tx, STAGE, org_id) or not work.lock(tx, STAGE, org_id):
            return
        box = bundle.clearinghouse(tx)
        if box.bundling_pause is not None:
            work.postpone(tx, STAGE, org_id, ctx.limits.retry_ceiling_s)
            return
        while waiting := inquiries.waiting(tx, _IN_FILE):
            made += _place(ctx, tx, box, waiting)
        work.put(tx, "upload", made, ctx.limits.lease_s)
        work.done(tx, STAGE, [org_id])
    if made:
        ctx.ring("upload", org_id, made)


def _place(ctx: Context, tx: Tenant, box: Mailbox, waiting: Sequence[Numbered]) -> list[int]:
    """One file of these questions; none where not one of them can be written. Each of them has left ASKED afterwards."""
    profile, now = box.clearinghouse, ctx.clock.now()
    pair = bundle.exchange(profile)
    number = counters.take(tx, bundle.series(pair))
    ids = {one.trace: one.id for one in waiting}
    placed: list[int] = []
    sets: list[bytes] = []
    for group in _groups(ctx, tx, waiting):
        data, going = _written(ctx, tx, group, ids, number, f"{len(sets) + 1:04d}")
        if data is not None:
            sets.append(data)
            placed += [ids[one.trace] for one in going]
    if not sets:
        return []
    whole = coverage.interchange(profile, profile.receiver_id, box.mode, number, now, sets)
    new = NewFile(coverage.KIND, box.mode, pair, number, bundle.file_name(box.mode, number, coverage.KIND), 0)
    [file_id] = files.add(tx, box.id, None, [new], now)
    files.add_sets(tx, file_id, [f"{place:04d}" for place in range(1, len(sets) + 1)])
    files.store_bytes(tx, file_id, whole, 0)
    transitions.move(
        tx, Kind.INQUIRY, placed, "placed", assign="file_id = :file", file_id=file_id, business_at=now, file=file_id
    )
    return [file_id]


def _groups(ctx: Context, tx: Tenant, waiting: Sequence[Numbered]) -> Iterator[list[Asking]]:
    """Those of one provider to one payer, as many as a set may hold."""
    asker = coverage.asker(ctx, tx)
    by_pair: dict[tuple[str, str], list[Asking]] = {}
    for one in waiting:
        asked = asker(one)
        if isinstance(asked, str):
            _stuck(ctx, tx, one.id, asked)
        else:
            by_pair.setdefault((asked.provider.npi, asked.payer_id), []).append(asked)
    for every in by_pair.values():
        for start in range(0, len(every), _IN_SET):
            yield every[start : start + _IN_SET]


def _written(
    ctx: Context, tx: Tenant, group: list[Asking], ids: dict[str, int], number: int, control: str
) -> tuple[bytes | None, list[Asking]]:
    """The set and whom it asks about. Where it cannot be written whole, those at fault stay out."""
    data = coverage.in_set(ctx, group, number, control)
    if isinstance(data, bytes):
        return data, group
    good: list[Asking] = []
    for one in group:
        alone = coverage.in_set(ctx, [one], number, control)
        if isinstance(alone, bytes):
            good.append(one)
        else:
            _stuck(ctx, tx, ids[one.trace], alone)
    data = coverage.in_set(ctx, good, number, control) if good else ""
    return (data, good) if isinstance(data, bytes) else (None, [])


def _stuck(ctx: Context, tx: Tenant, inquiry_id: int, why: str) -> None:
    inquiries.fail(tx, [inquiry_id], why, ctx.clock.now())
    exceptions.open_all(tx, [Raise("inquiry_failed", "inquiry", inquiry_id, f"{why}; mend it, then ask again")])


# -- what nobody answers ----------------------------------------------------------------------------------------------
def look(ctx: Context, tx: Tenant) -> None:
    """FAILED: what was asked at once and whose asker died; what a file asked that was taken in, and nobody answered."""
    now = ctx.clock.now()
    lost = inquiries.abandoned(tx, ctx.limits.transfer_lease_s)
    inquiries.fail(tx, lost, "whoever asked was gone before the answer", now)
    for box in tenants.mailboxes(tx, "clearinghouse"):
        hours = box.clearinghouse.silence_alarm_h
        for file_id, silent in inquiries.unanswered(tx, box.id, now - timedelta(hours=hours)).items():
            why = f"the file was taken in, and not answered within {hours} hours"
            failed = inquiries.fail(tx, silent, why, now)
            told = f"{why}: {len(failed)} questions; ask the clearinghouse, or ask again (`claimrail eligibility`)"
            exceptions.open_all(tx, [Raise("inquiry_failed", "file", file_id, told)] if failed else [])
