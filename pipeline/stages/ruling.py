"""What the rules of release say of payments that were just proposed; and the banks that they can leave through."""

from collections.abc import Sequence

from pipeline.stages.context import Context
from pipeline.store import payments, release_facts, tenants
from pipeline.store.database import Tenant
from pipeline.store.tenants import Mailbox


def rule(ctx: Context, tx: Tenant, payment_ids: Sequence[int]) -> None:
    """Asks about each, all of them there already so that they see one another; keeps what was said, and does it."""
    now, today = ctx.clock.now(), ctx.today()
    asked = release_facts.proposed(tx, payment_ids)
    told = release_facts.facts(tx, asked, now, today)
    rulings = [ctx.releases.ruled(one, today) for one in told]
    release_facts.record(tx, list(zip(payment_ids, told, rulings, strict=True)), today)
    of_each = [(i, one.amount_cents, said) for i, one, said in zip(payment_ids, asked, rulings, strict=True)]
    payments.cancel(tx, payments.go_by_rule(tx, of_each, now), today)


def banks(tx: Tenant) -> list[Mailbox]:
    """The tenant's bank mailboxes; payments that name none leave through the first."""
    return tenants.mailboxes(tx, "bank")
