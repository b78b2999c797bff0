"""Setting a tenant up: its keys, its first billing provider, its mailboxes, its people."""

from collections.abc import Mapping, Sequence
from datetime import date

from pipeline.domain.errors import CallerError
from pipeline.domain.mailbox import MailboxProfile, Mode
from pipeline.domain.provider import BillingProviderFacts
from pipeline.mapping.bank_profiles import reading_profile
from pipeline.stages.context import Context
from pipeline.store import files, tenants, work

_EPOCH = date(2000, 1, 1)


def create_tenant(ctx: Context, slug: str, name: str, *, approval_limit_cents: int = 50_000) -> int:
    """A tenant with keys of its own. `approval_limit_cents`: payments above it wait for a second person."""
    org_id = tenants.create(ctx.database, slug, name, approval_limit_cents=approval_limit_cents)
    with ctx.tenant(org_id, "setup") as tx:
        work.put(tx, "watch", [org_id], ctx.limits.watch_interval_s)
    return org_id


def add_providers(ctx: Context, org_id: int, actor: str, providers: Sequence[BillingProviderFacts]) -> None:
    """Billing providers; the first becomes the default for claims that name none."""
    with ctx.database.tenant(org_id, actor) as tx:
        for position, facts in enumerate(providers):
            tenants.add_billing_provider(
                tx,
                facts.npi,
                facts.model_dump_json(exclude_none=True).encode(),
                valid_from=_EPOCH,
                is_default=position == 0,
            )


def add_people(ctx: Context, org_id: int, actor: str, people: Mapping[str, Sequence[str]]) -> None:
    """Principals by name with their roles: preparer, approver, biller, auditor, operator."""
    with ctx.database.tenant(org_id, actor) as tx:
        for name, roles in people.items():
            tenants.add_principal(tx, name, roles)


def put_mailbox(
    ctx: Context,
    org_id: int,
    actor: str,
    name: str,
    mode: Mode,
    profile: MailboxProfile,
    *,
    enabled: bool = True,
) -> int:
    """Adds a mailbox, or replaces what is known of it; a pause is lifted and what waited is tried at once.

    Raises CallerError for a deviation of a bank's files that has no such name.
    """
    try:
        reading_profile(profile)
    except ValueError as error:
        raise CallerError(str(error)) from None
    with ctx.database.tenant(org_id, actor) as tx:
        mailbox_id = tenants.put_mailbox(tx, name, mode, profile, enabled=enabled)
        work.postpone(tx, "poll", mailbox_id, 0)
        work.put(tx, "upload", files.unsent(tx, mailbox_id), 0)
    return mailbox_id
