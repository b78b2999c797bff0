"""Tenants and what belongs to them: keys, billing providers, people, mailboxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import text

from pipeline.domain.errors import Conflict, NotKnown
from pipeline.domain.mailbox import AnyProfile, BankProfile, ClearinghouseProfile, MailboxProfile, Mode
from pipeline.store.crypto import new_key
from pipeline.store.database import Database, Queries, Tenant

_PROFILE: TypeAdapter[MailboxProfile] = TypeAdapter(AnyProfile)


@dataclass(frozen=True, slots=True)
class Mailbox:
    id: int
    name: str
    mode: Mode
    enabled: bool
    profile: MailboxProfile
    paused: bool
    pause_reason: str | None
    failures: int
    bundling_pause: str | None
    """Why no new file is made for it; None: they are."""
    last_sent_at: datetime | None
    last_polled_at: datetime | None

    @property
    def clearinghouse(self) -> ClearinghouseProfile:
        """Its profile, of one that was asked for by this kind. TypeError for any other."""
        if not isinstance(self.profile, ClearinghouseProfile):
            raise TypeError("a clearinghouse's mailbox has a clearinghouse's profile")
        return self.profile

    @property
    def bank(self) -> BankProfile:
        """The same of a bank's."""
        if not isinstance(self.profile, BankProfile):
            raise TypeError("a bank mailbox has a bank's profile")
        return self.profile


def create(database: Database, slug: str, name: str, *, approval_limit_cents: int) -> int:
    """A new tenant with keys of its own; gives its org_id. Conflict: there is one of that slug."""
    with database.narrow() as tx:
        given = tx.value("INSERT INTO org (slug) VALUES (:slug) ON CONFLICT DO NOTHING RETURNING org_id", slug=slug)
        if given is None:
            raise Conflict(f"there is a tenant {slug!r} already")
        org_id = int(given)
        tx.cx.execute(text("SELECT set_config('app.org_id', :org, true)"), {"org": str(org_id)})
        keyring = database.keyring
        tx.run(
            "INSERT INTO tenant (org_id, name, data_key, index_key, wrapping_key_id, approval_limit_cents)"
            " VALUES (:org, :name, :data, :index, :key_id, :approval)",
            org=org_id,
            name=name,
            data=keyring.wrap(org_id, "data key", new_key()),
            index=keyring.wrap(org_id, "index key", new_key()),
            key_id=keyring.current,
            approval=approval_limit_cents,
        )
    return org_id


def named(tx: Queries, slug: str) -> int:
    org_id = tx.value("SELECT org_id FROM org WHERE slug = :slug", slug=slug)
    if org_id is None:
        raise NotKnown(f"there is no tenant {slug!r}")
    return int(org_id)


def all_ids(tx: Queries) -> list[int]:
    return [row.org_id for row in tx.rows("SELECT org_id FROM org ORDER BY org_id")]


# -- billing providers ----------------------------------------------------------------------------------------------
def add_billing_provider(tx: Tenant, npi: str, details: bytes, *, valid_from: date, is_default: bool) -> int:
    [row_id] = tx.ids("billing_provider", 1)
    tx.run(
        "INSERT INTO billing_provider (id, org_id, npi, valid_from, is_default, details)"
        " VALUES (:id, :org, :npi, :valid_from, :is_default, :details)",
        id=row_id,
        org=tx.org_id,
        npi=npi,
        valid_from=valid_from,
        is_default=is_default,
        details=tx.keys.seal("billing_provider", "details", row_id, details),
    )
    return row_id


def billing_providers(tx: Tenant, on: date) -> list[tuple[str, bool, bytes]]:
    """(NPI, is the default, details as JSON) of each billing provider that is valid on the day, the default first."""
    rows = tx.rows(
        "SELECT id, npi, is_default, details FROM billing_provider WHERE org_id = :org AND valid_from <= :day"
        " AND (valid_to IS NULL OR valid_to >= :day) ORDER BY is_default DESC, id",
        org=tx.org_id,
        day=on,
    )
    return [
        (
            row.npi,
            row.is_default,
            tx.keys.open("billing_provider", "details", row.id, bytes(row.details)),
        )
        for row in rows
    ]


# -- people ---------------------------------------------------------------------------------------------------------
def add_principal(tx: Tenant, name: str, roles: Sequence[str]) -> int:
    """A person by a name that is new to the tenant; Conflict if it is not."""
    row_id = tx.value(
        "INSERT INTO principal (org_id, name, roles) VALUES (:org, :name, CAST(:roles AS text[]))"
        " ON CONFLICT DO NOTHING RETURNING id",
        org=tx.org_id,
        name=name,
        roles=list(roles),
    )
    if row_id is None:
        raise Conflict(f"there is somebody called {name!r} already")
    return int(row_id)


def principal(tx: Tenant, name: str) -> tuple[int, list[str]]:
    """Id and roles of an active person; NotKnown otherwise."""
    row = tx.first(
        "SELECT id, roles FROM principal WHERE org_id = :org AND name = :name AND active", org=tx.org_id, name=name
    )
    if row is None:
        raise NotKnown(f"there is nobody called {name!r} here")
    return row.id, list(row.roles)


# -- mailboxes ------------------------------------------------------------------------------------------------------
def put_mailbox(tx: Tenant, name: str, mode: Mode, profile: MailboxProfile, *, enabled: bool) -> int:
    """Adds the mailbox or replaces its profile; a changed profile lifts a pause.

    Conflict: it has another mode, or belongs to another kind of partner; both are for life.
    """
    known = tx.first(
        "SELECT id, mode, kind FROM mailbox WHERE org_id = :org AND name = :name", org=tx.org_id, name=name
    )
    if known is not None and known.mode != mode:
        raise Conflict(f"mailbox {name!r} has mode {known.mode}; add another mailbox for mode {mode}")
    if known is not None and known.kind != profile.kind:
        raise Conflict(f"mailbox {name!r} is a {known.kind}'s; add another mailbox for a {profile.kind}")
    row_id = known.id if known is not None else tx.ids("mailbox", 1)[0]
    sealed = tx.keys.seal("mailbox", "profile", row_id, _PROFILE.dump_json(profile))
    tx.run(
        "INSERT INTO mailbox (id, org_id, name, kind, mode, enabled, profile)"
        " VALUES (:id, :org, :name, :kind, :mode, :enabled, :profile)"
        " ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, profile = excluded.profile,"
        # The reason stays until a login has worked, which then settles what a person was told.
        " paused_until = NULL, failures = 0",
        id=row_id,
        org=tx.org_id,
        name=name,
        kind=profile.kind,
        mode=str(mode),
        enabled=enabled,
        profile=sealed,
    )
    return int(row_id)


_MAILBOX = (
    "SELECT id, name, mode, enabled, profile, coalesce(paused_until > now(), false) AS paused, pause_reason, failures,"
    " bundling_pause, last_sent_at, last_polled_at FROM mailbox WHERE org_id = :org"
)


def mailbox(tx: Tenant, mailbox_id: int) -> Mailbox:
    row = tx.first(f"{_MAILBOX} AND id = :id", org=tx.org_id, id=mailbox_id)
    if row is None:
        raise NotKnown(f"there is no mailbox {mailbox_id}")
    return _mailbox(tx, row)


def mailboxes(tx: Tenant, kind: str | None = None) -> list[Mailbox]:
    rows = tx.rows(
        f"{_MAILBOX} AND (CAST(:kind AS text) IS NULL OR kind = :kind) ORDER BY id", org=tx.org_id, kind=kind
    )
    return [_mailbox(tx, row) for row in rows]


def banks(tx: Tenant) -> dict[int, BankProfile]:
    """The profiles of the tenant's bank mailboxes by their ids."""
    return {box.id: box.bank for box in mailboxes(tx, "bank")}


def _mailbox(tx: Tenant, row: Any) -> Mailbox:
    profile = _PROFILE.validate_json(tx.keys.open("mailbox", "profile", row.id, bytes(row.profile)))
    return Mailbox(
        row.id,
        row.name,
        Mode(row.mode),
        row.enabled,
        profile,
        row.paused,
        row.pause_reason,
        row.failures,
        row.bundling_pause,
        row.last_sent_at,
        row.last_polled_at,
    )


def take_mailbox(tx: Tenant, mailbox_id: int, lease_s: float) -> int | None:
    """A lease on polling the mailbox: the new fence, or None while another holds it."""
    fence = tx.value(
        "UPDATE mailbox SET fence = fence + 1, lease_until = now() + make_interval(secs => :lease)"
        " WHERE id = :id AND (lease_until IS NULL OR lease_until < now()) RETURNING fence",
        id=mailbox_id,
        lease=lease_s,
    )
    return None if fence is None else int(fence)


def release_mailbox(tx: Tenant, mailbox_id: int, fence: int) -> None:
    tx.run(
        "UPDATE mailbox SET lease_until = NULL, last_polled_at = now() WHERE id = :id AND fence = :fence",
        id=mailbox_id,
        fence=fence,
    )


def pause_mailbox(tx: Tenant, mailbox_id: int, reason: str, pause_s: float) -> None:
    tx.run(
        "UPDATE mailbox SET paused_until = now() + make_interval(secs => :pause), pause_reason = :reason,"
        " failures = failures + 1 WHERE id = :id",
        id=mailbox_id,
        pause=pause_s,
        reason=reason,
    )


def mailbox_works(tx: Tenant, mailbox_id: int) -> bool:
    """Lifts a pause after a good login; True when there was one."""
    return bool(
        tx.run(
            "UPDATE mailbox SET paused_until = NULL, pause_reason = NULL, failures = 0"
            " WHERE id = :id AND (pause_reason IS NOT NULL OR failures > 0)",
            id=mailbox_id,
        )
    )


def pause_bundling(tx: Tenant, mailbox_id: int, reason: str) -> None:
    """No new file is made for the mailbox; what is made still leaves, and answers are fetched. A first reason stays."""
    tx.run(
        "UPDATE mailbox SET bundling_pause = :reason WHERE id = :id AND bundling_pause IS NULL",
        id=mailbox_id,
        reason=reason,
    )


def resume_bundling(tx: Tenant, mailbox_id: int) -> None:
    tx.run("UPDATE mailbox SET bundling_pause = NULL WHERE id = :id", id=mailbox_id)
