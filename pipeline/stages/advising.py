"""The 835s beside disbursements: each leaves once its payment has left, never before, through the mailbox that the bank names."""

from collections.abc import Sequence

from edi.errors import EdiError
from edi.x12.sets import t835
from pipeline.domain.errors import Conflict
from pipeline.domain.mailbox import AdviceProfile, Mode
from pipeline.mapping.disbursement_to_835 import Disbursed, advice, interchange
from pipeline.stages import bundle, disbursing
from pipeline.stages.context import Context
from pipeline.store import counters, disbursements, exceptions, files, tenants
from pipeline.store.database import Tenant
from pipeline.store.disbursements import Passed
from pipeline.store.exceptions import Raise
from pipeline.store.files import NewFile
from pipeline.store.tenants import Mailbox

Sets = dict[tuple[int, int], t835.Remittance]
"""By inbound file and position in it."""


def make(ctx: Context, tx: Tenant, banks: Sequence[Mailbox]) -> list[int]:
    """A RESERVED file for each disbursement that has left and has none; gives their ids."""
    named = {box.id: box for box in banks if box.bank.advices is not None}
    untold = disbursements.untold(tx, list(named)) if named else []
    if not untold:
        return []
    ways = {box.name: box for box in tenants.mailboxes(tx, "advices")}
    sets = _sets(tx, untold)
    made = [_make(ctx, tx, named[one.mailbox_id], ways, one, sets) for one in untold]
    return [file_id for file_id in made if file_id is not None]


def _sets(tx: Tenant, told: Sequence[Passed]) -> Sets:
    """The payers' 835s behind these, each file read once."""
    positions: dict[int, list[int]] = {}
    for one in told:
        positions.setdefault(one.inbound_file_id, []).append(one.position)
    return {
        (file_id, position): found
        for file_id, some in positions.items()
        for position, found in disbursing.sets_of(tx, file_id, some).items()
    }


def _make(ctx: Context, tx: Tenant, bank: Mailbox, ways: dict[str, Mailbox], one: Passed, sets: Sets) -> int | None:
    way = ways.get(bank.bank.advices or "")
    if way is None:
        _stuck(tx, one, f"the mailbox that bank {bank.name} names for them is none of kind advices")
        return None
    if way.bundling_pause is not None:
        return None
    try:
        data = _written(ctx, bank, one, sets)
    except (EdiError, Conflict) as error:
        _stuck(tx, one, str(error))
        return None
    file_id = _store(ctx, tx, way, data, one)
    disbursements.told(tx, one.payment_id, file_id)
    exceptions.close(tx, "advice_unfit", "payment", [one.payment_id], "its 835 is made")
    return file_id


def written(ctx: Context, tx: Tenant, bank: Mailbox, one: Passed) -> bytes:
    """The set, from ST to SE. Raises EdiError; Conflict where the payment is in no file, or the payer's 835 is not to be read."""
    return _written(ctx, bank, one, _sets(tx, [one]))


def _written(ctx: Context, bank: Mailbox, one: Passed, sets: Sets) -> bytes:
    remittance = sets.get((one.inbound_file_id, one.position))
    if remittance is None or one.effective_date is None:
        raise Conflict(f"payment {one.payment_id} has not been filed yet, or its payer's 835 cannot be read any more")
    paid = Disbursed(
        payment_id=one.payment_id,
        amount_cents=one.amount_cents,
        where=one.where,
        effective_date=one.effective_date,
        produced=ctx.today(),
    )
    return advice(remittance, paid, bank.bank)


def _store(ctx: Context, tx: Tenant, way: Mailbox, data: bytes, one: Passed) -> int:
    profile, now = way.profile, ctx.clock.now()
    assert isinstance(profile, AdviceProfile)  # its kind was asked for
    pair = bundle.exchange(profile)
    number = counters.take(tx, bundle.series(pair))
    whole = interchange(data, profile, way.mode, number, now)
    [file_id] = files.add(
        tx, way.id, None, [NewFile("835", way.mode, pair, number, file_name(way.mode, number), 1)], now
    )
    files.add_sets(tx, file_id, ["0001"])
    files.store_bytes(tx, file_id, whole, one.amount_cents)
    return file_id


def file_name(mode: Mode, control_number: int) -> str:
    return f"{'TEST_' if mode is Mode.TEST else ''}835_{control_number:09d}.txt"


def _stuck(tx: Tenant, one: Passed, why: str) -> None:
    reason = f"no 835 can be made beside the disbursement: {why}"
    exceptions.open_all(tx, [Raise("advice_unfit", "payment", one.payment_id, reason, money_cents=one.amount_cents)])
