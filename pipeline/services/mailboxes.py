"""Mailboxes as people handle them: look, change, try, let go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from pipeline.domain.errors import CallerError, NotKnown
from pipeline.domain.mailbox import AdviceProfile, Connection, MailboxProfile, Mode, Profile
from pipeline.services import setup
from pipeline.stages.context import Context
from pipeline.stages.outside import DIAGNOSES
from pipeline.store import audit, exceptions, tenants, work
from pipeline.store.tenants import Mailbox
from transport.errors import NotFound, TransportError

AnyMailboxProfile = MailboxProfile


@dataclass(frozen=True, slots=True)
class Probe:
    """What a real login found. `files` counts what lies in the pick-up folder."""

    good: bool
    what: str
    cure: str = ""
    files: int = 0


def listed(ctx: Context, org_id: int) -> list[Mailbox]:
    with ctx.tenant(org_id, "mailboxes") as tx:
        return tenants.mailboxes(tx)


def named(ctx: Context, org_id: int, name: str) -> Mailbox:
    """Raises NotKnown with the names that there are."""
    boxes = listed(ctx, org_id)
    for box in boxes:
        if box.name == name:
            return box
    known = ", ".join(box.name for box in boxes) or "none at all"
    raise NotKnown(f"there is no mailbox {name!r}; there is: {known}")


def change(
    ctx: Context, org_id: int, actor: str, name: str, changes: Mapping[str, Any], *, enabled: bool | None = None
) -> list[str]:
    """Changes fields of the profile or, by their own names, of its connection; gives the names that changed.

    A changed profile lifts a pause, and what waited is tried at once. Raises NotKnown, CallerError.
    """
    box = named(ctx, org_id, name)
    profile = changed_profile(box.profile, changes)
    enabled_now = box.enabled if enabled is None else enabled
    names = [*differing(box.profile, profile), *(["enabled"] if enabled_now != box.enabled else [])]
    return _put(ctx, org_id, actor, box, profile, names, enabled=enabled_now)


def replace(
    ctx: Context, org_id: int, actor: str, name: str, profile: AnyMailboxProfile, *, enabled: bool
) -> list[str]:
    """Puts a whole profile in the place of the mailbox's; gives the names of the fields that changed."""
    box = named(ctx, org_id, name)
    if box.profile.kind != profile.kind:
        raise CallerError(f"mailbox {name!r} is a {box.profile.kind}'s")
    names = [*differing(box.profile, profile), *(["enabled"] if enabled != box.enabled else [])]
    return _put(ctx, org_id, actor, box, profile, names, enabled=enabled)


def _put(
    ctx: Context, org_id: int, actor: str, box: Mailbox, profile: AnyMailboxProfile, names: list[str], *, enabled: bool
) -> list[str]:
    setup.put_mailbox(ctx, org_id, actor, box.name, box.mode, profile, enabled=enabled)
    _note(ctx, org_id, actor, box, "mailbox.set", ", ".join(names) or "nothing")
    return names


def resume(ctx: Context, org_id: int, actor: str, name: str) -> None:
    """Lifts every pause by a person's word, that of bundling too; what waited is tried at once."""
    box = named(ctx, org_id, name)
    if box.bundling_pause is not None:
        with ctx.database.tenant(org_id, actor) as tx:
            tenants.resume_bundling(tx, box.id)
            work.hasten(tx, "bundle")
            if box.profile.kind == "bank":
                work.put(tx, "release", [org_id], 0)
            exceptions.close(tx, "restored_doubt", "mailbox", [box.id], f"{actor}: mailbox.resume")
            audit.note(tx, "mailbox.bundle", "mailbox", box.id, box.bundling_pause)
    _lift(ctx, org_id, actor, box)


def _lift(ctx: Context, org_id: int, actor: str, box: Mailbox) -> None:
    setup.put_mailbox(ctx, org_id, actor, box.name, box.mode, box.profile, enabled=box.enabled)
    _note(ctx, org_id, actor, box, "mailbox.resume", box.pause_reason)


def check(ctx: Context, org_id: int, actor: str, name: str) -> Probe:
    """Logs in and looks into each folder. A good try lifts a pause; a bad one changes nothing."""
    box = named(ctx, org_id, name)
    found = probe(ctx, box.profile)
    if found.good and (box.paused or box.pause_reason is not None):
        _lift(ctx, org_id, actor, box)  # a good login says nothing of why files were rejected
    return found


def probe(ctx: Context, profile: Profile) -> Probe:
    """One real try: login, host key, every folder of the profile. Nothing is written or taken."""
    folders = dict.fromkeys(f for f in (profile.upload_folder, profile.staging_folder, profile.pickup_folder) if f)
    folder = ""
    try:
        with ctx.outside(profile.connection) as remote:
            for folder in folders:
                files = len(remote.list(folder))
    except NotFound:
        return Probe(
            good=False, what=f"logged in, but there is no folder {folder!r}", cure="ask the partner for its folders"
        )
    except TransportError as error:
        code = next((DIAGNOSES[kind] for kind in type(error).__mro__ if kind in DIAGNOSES), None)
        _, what, cure = code or ("", str(error), "try again in some minutes")
        return Probe(good=False, what=what, cure=cure)
    return Probe(good=True, what=f"logged in; {', '.join(folders)} can be read", files=files)


def add_advices(ctx: Context, org_id: int, actor: str, name: str, mode: Mode, fields: Mapping[str, Any]) -> int:
    """Adds a mailbox through which 835s beside disbursements leave, from fields of its profile and of its connection.

    Raises CallerError (a field that is missing or wrong) and Conflict (the name is another's).
    """
    connection = {one: value for one, value in fields.items() if one in Connection.model_fields}
    rest = {one: value for one, value in fields.items() if one not in Connection.model_fields}
    try:
        profile = AdviceProfile.model_validate({**rest, "connection": connection})
    except ValidationError as error:
        raise CallerError(f"the mailbox cannot be so: {_wrong(error)}") from None
    mailbox_id = setup.put_mailbox(ctx, org_id, actor, name, mode, profile)
    with ctx.database.tenant(org_id, actor) as tx:
        audit.note(tx, "mailbox.add", "mailbox", mailbox_id)
    return mailbox_id


def changed_profile(profile: AnyMailboxProfile, changes: Mapping[str, Any]) -> AnyMailboxProfile:
    """The profile with these fields, validated; a name is the profile's or, where it has none, its connection's."""
    whole = profile.model_dump()
    for name, value in changes.items():
        place = whole["connection"] if name in whole["connection"] else whole
        if name not in place:
            raise CallerError(f"a mailbox has no {name!r}")
        place[name] = value
    try:
        return type(profile).model_validate(whole)
    except ValidationError as error:
        raise CallerError(f"the mailbox cannot be so: {_wrong(error)}") from None


def _wrong(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False, include_url=False)
    )


def differing(one: AnyMailboxProfile, other: AnyMailboxProfile) -> list[str]:
    """Names of the fields in which two profiles differ, the connection's as their own; never a value."""
    first, second = one.model_dump(), other.model_dump()
    ours, theirs = first.pop("connection"), second.pop("connection")
    return [name for name in ours if ours[name] != theirs[name]] + [
        name for name in first if first[name] != second.get(name)
    ]


def _note(ctx: Context, org_id: int, actor: str, box: Mailbox, action: str, detail: str | None) -> None:
    with ctx.database.tenant(org_id, actor) as tx:
        for code, _, _ in DIAGNOSES.values():
            exceptions.close(tx, code, "mailbox", [box.id], f"{actor}: {action}")
        audit.note(tx, action, "mailbox", box.id, detail)
