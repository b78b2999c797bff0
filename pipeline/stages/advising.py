"""The 835s beside disbursements: each leaves once its payment has left, never before, through the mailbox that the bank names."""

from collections.abc import Sequence

from edi.errors import EdiError
from pipeline.domain.errors import Conflict
from pipeline.domain.mailbox import AdviceProfile, Mode
from pipeline.mapping.disbursement_to_835 import Disbursed, advice, interchange
from pipeline.stages import bundle, disbursing, ruling
from pipeline.stages.context import Context
from pipeline.store import counters, disbursements, exceptions, files, tenants
from pipeline.store.database import Tenant
from pipeline.store.disbursements import Passed
from pipeline.store.exceptions import Raise
from pipeline.store.files import NewFile
from pipeline.store.tenants import Mailbox


def make(ctx: Context, tx: Tenant, banks: Sequence[Mailbox]) -> list[int]:
    """A RESERVED file for each disbursement that has left and has none; gives their ids."""
    named = {box.id: box for box in banks if ruling.profile(box).advices is not None}
    untold = disbursements.untold(tx, list(named)) if named else []
    if not untold:
        return []
    ways = {box.name: box for box in tenants.mailboxes(tx, "advices")}
    made = [_make(ctx, tx, named[one.mailbox_id], ways, one) for one in untold]
    return [file_id for file_id in made if file_id is not None]


def _make(ctx: Context, tx: Tenant, bank: Mailbox, ways: dict[str, Mailbox], one: Passed) -> int | None:
    way = ways.get(ruling.profile(bank).advices or "")
    if way is None:
        _stuck(tx, one, f"the mailbox that bank {bank.name} names for them is none of kind advices")
        return None
    if way.bundling_pause is not None:
        return None
    try:
        data = written(ctx, tx, bank, one)
    except (EdiError, Conflict) as error:
        _stuck(tx, one, str(error))
        return None
    file_id = _store(ctx, tx, way, data, one)
    disbursements.told(tx, one.payment_id, file_id)
    exceptions.close(tx, "advice_unfit", "payment", [one.payment_id], "its 835 is made")
    return file_id


def written(ctx: Context, tx: Tenant, bank: Mailbox, one: Passed) -> bytes:
    """The set, from ST to SE. Raises EdiError; Conflict where the payment is in no file, or the payer's 835 is not to be read."""
    remittance = disbursing.sets_of(tx, one.inbound_file_id, [one.position]).get(one.position)
    if remittance is None or one.effective_date is None:
        raise Conflict(f"payment {one.payment_id} has not been filed yet, or its payer's 835 cannot be read any more")
    paid = Disbursed(
        payment_id=one.payment_id,
        amount_cents=one.amount_cents,
        where=one.where,
        effective_date=one.effective_date,
        produced=ctx.today(),
    )
    return advice(remittance, paid, ruling.profile(bank))


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
