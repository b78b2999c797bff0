"""bundle: small sets in large files. Numbers, names and places are decided and stored; no bytes yet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.forms import KINDS, Form
from pipeline.domain.mailbox import AdviceProfile, ClearinghouseProfile, Mode
from pipeline.domain.states import Kind
from pipeline.stages.context import Context
from pipeline.stages.outside import waits
from pipeline.store import claims, counters, files, outside, tenants, transitions, work
from pipeline.store.database import Tenant
from pipeline.store.files import NewFile
from pipeline.store.tenants import Mailbox


def bundle(ctx: Context, org_id: int, lot_id: int) -> None:
    """Places the lot's VALIDATED claims in files of the tenant's clearinghouse mailbox."""
    with ctx.tenant(org_id, "bundle") as tx:
        if waits(ctx, tx, "bundle", lot_id) or not claims.lock_lot(tx, lot_id):
            return
        outside.hold(tx, list(claims.forms_in_lot(tx, lot_id, "VALIDATED")), ctx.clock.now())
        waiting = claims.forms_in_lot(tx, lot_id, "VALIDATED")
        if waiting:
            box = clearinghouse(tx)
            if box.bundling_pause is not None:
                # A person has been told; `mailbox resume` brings this forward.
                work.postpone(tx, "bundle", lot_id, ctx.limits.retry_ceiling_s)
                return
            now = ctx.clock.now()
            _place(tx, lot_id, box, waiting, now)
            transitions.move(tx, Kind.CLAIM, list(waiting), "bundled", business_at=now)
            work.put(tx, "render", [lot_id], ctx.limits.lease_s)
        work.done(tx, "bundle", [lot_id])


def clearinghouse(tx: Tenant) -> Mailbox:
    """The mailbox that the tenant's claims leave by. ConfigurationError where there is none."""
    boxes = tenants.mailboxes(tx, "clearinghouse")
    if not boxes:
        raise ConfigurationError("the tenant has no clearinghouse mailbox: add one with `claimrail init`")
    return next((box for box in boxes if box.enabled), boxes[0])


def exchange(profile: ClearinghouseProfile | AdviceProfile) -> str:
    """The sender-receiver pair within which an interchange number is used once, for ever."""
    return exchange_with(profile, profile.receiver_id)


def exchange_with(profile: ClearinghouseProfile | AdviceProfile, receiver_id: str) -> str:
    """The same for another receiver at the partner's."""
    return f"{profile.sender_qualifier}:{profile.sender_id}|{profile.receiver_qualifier}:{receiver_id}"


def series(pair: str) -> str:
    """The name of the pair's row of numbers."""
    return f"isa:{pair}"


def file_name(mode: Mode, control_number: int, kind: str) -> str:
    """Office Ally reads the keyword in the name: OATEST means that nothing is forwarded to a payer."""
    return f"{'OATEST_' if mode is Mode.TEST else ''}{kind}_{control_number:09d}.txt"


def _place(tx: Tenant, lot_id: int, box: Mailbox, waiting: Mapping[int, Form], now: datetime) -> None:
    """A file holds claims of one form: the two are different sets of different guides."""
    profile = box.profile
    if not isinstance(profile, ClearinghouseProfile):
        raise ConfigurationError(f"mailbox {box.id} is not a clearinghouse's")
    parts = [
        (KINDS[form], part)
        for form in Form
        for part in _chunks([i for i, one in waiting.items() if one is form], profile.claims_per_file)
    ]
    pair = exchange(profile)
    first = counters.take(tx, series(pair), len(parts))
    file_ids = files.add(
        tx,
        box.id,
        lot_id,
        [
            NewFile(kind, box.mode, pair, number, file_name(box.mode, number, kind), len(part))
            for number, (kind, part) in enumerate(parts, first)
        ],
        now,
    )
    for file_id, (_, part) in zip(file_ids, parts, strict=True):
        sets = list(_chunks(part, profile.claims_per_set))
        set_ids = files.add_sets(tx, file_id, [f"{number:04d}" for number in range(1, len(sets) + 1)])
        files.add_submissions(
            tx,
            file_id,
            [
                (claim_id, set_id, ordinal)
                for set_id, members in zip(set_ids, sets, strict=True)
                for ordinal, claim_id in enumerate(members)
            ],
        )


def _chunks(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
