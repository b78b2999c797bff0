"""Mailboxes at the terminal: look, change, try, resume."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, Org, session
from pipeline.cli.show import line, moment, printed_json, table

if TYPE_CHECKING:
    from pipeline.services.mailboxes import AnyMailboxProfile
    from pipeline.settings import Settings
    from pipeline.store.tenants import Mailbox

mailbox = typer.Typer(no_args_is_help=True, help="The accounts at the clearinghouse and the bank.")
app.add_typer(mailbox, name="mailbox")

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `claimrail mailbox list` shows it.")]


@mailbox.command("list")
def list_(org: Org = None, as_json: AsJson = False) -> None:
    """List the mailboxes, and whether each is held or paused."""
    from pipeline.services import mailboxes as service

    with session(org) as s:
        boxes = service.listed(s.ctx, s.org_id)
    if as_json:
        printed_json([_as_dict(box) for box in boxes])
        return
    rows = [
        (box.name, box.profile.kind, "test" if box.mode == "T" else "production", _state(box),
         f"{box.profile.connection.username}@{box.profile.connection.host}:{box.profile.connection.port}",
         moment(box.last_sent_at), moment(box.last_polled_at))
        for box in boxes
    ]  # fmt: skip
    table(("name", "kind", "mode", "state", "account", "last sent (UTC)", "last polled (UTC)"), rows)


def _as_dict(box: "Mailbox") -> dict[str, Any]:
    """Everything but the secrets."""
    profile = box.profile.model_dump(mode="python")
    profile["connection"] = {k: v for k, v in profile["connection"].items() if k not in {"password", "private_key"}}
    return {
        "name": box.name,
        "mode": str(box.mode),
        "enabled": box.enabled,
        "paused": box.paused,
        "pause_reason": box.pause_reason,
        "bundling_pause": box.bundling_pause,
        "failures": box.failures,
        "last_sent_at": box.last_sent_at,
        "last_polled_at": box.last_polled_at,
        "profile": profile,
    }


def _state(box: "Mailbox") -> str:
    if not box.enabled:
        return "held: files stay RESERVED"
    if box.paused:
        return f"paused: {box.pause_reason}"
    return f"no new files: {box.bundling_pause}" if box.bundling_pause else "open"


@mailbox.command("set")
def set_(
    name: Name,
    host: str | None = None,
    port: int | None = None,
    user: str | None = None,
    host_key: Annotated[str | None, typer.Option(help="Pinned, as in known_hosts: 'ssh-ed25519 AAAA…'.")] = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for it, or read it from a pipe.")] = False,
    realtime_password: Annotated[
        bool, typer.Option("--realtime-password", help="The same for questions that are answered at once.")
    ] = False,
    private_key: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="A file.")] = None,
    enable: Annotated[bool | None, typer.Option("--enable/--disable", help="Let files leave, or hold them.")] = None,
    from_env: Annotated[
        bool, typer.Option("--from-env", help="Take all of it from OFFICEALLY_… or CLAIMRAIL_BANK_….")
    ] = False,
    fields: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Any other field of the profile.")
    ] = None,
    org: Org = None,
) -> None:
    """Change a mailbox. A pause is lifted, and what waited is tried at once."""
    from pipeline.services import mailboxes as service

    changes = {"host": host, "port": port, "username": user, "host_key": host_key}
    if private_key is not None:
        changes["private_key"] = private_key.read_text()
    given = {field: value for field, value in changes.items() if value is not None} | _pairs(fields or [])
    if password:
        given["password"] = _password()
    if realtime_password:
        given["realtime_password"] = _password()
    with session(org, ring=True) as s:
        if from_env:
            kind = service.named(s.ctx, s.org_id, name).profile.kind
            profile, enabled = _seed(s.product.settings, kind)
            profile = service.changed_profile(profile, given)
            enabled = enabled if enable is None else enable
            changed = service.replace(s.ctx, s.org_id, s.actor, name, profile, enabled=enabled)
        else:
            changed = service.change(s.ctx, s.org_id, s.actor, name, given, enabled=enable)
    line(f"mailbox {name}: changed {', '.join(changed) or 'nothing'}; `claimrail mailbox check {name}` tries it")


@mailbox.command("add-advices")
def add_advices(
    name: Name,
    fields: Annotated[
        list[str], typer.Option("--set", metavar="FIELD=VALUE", help="host, username, host_key, folders, ids …")
    ],
    production: Annotated[bool, typer.Option("--production", help="Of mode production; else of mode test.")] = False,
    password: Annotated[bool, typer.Option("--password", help="Ask for it, or read it from a pipe.")] = False,
    org: Org = None,
) -> None:
    """Add a mailbox through which 835s beside disbursements leave; the bank's mailbox names it as `advices`."""
    from pipeline.domain.mailbox import Mode
    from pipeline.services import mailboxes as service

    given = _pairs(fields) | ({"password": _password()} if password else {})
    with session(org, ring=True) as s:
        service.add_advices(s.ctx, s.org_id, s.actor, name, Mode.PRODUCTION if production else Mode.TEST, given)
    line(f"mailbox {name} is added; `claimrail mailbox set BANK --set advices={name}` lets 835s leave by it")


def _pairs(fields: list[str]) -> dict[str, Any]:
    from pipeline.domain.errors import CallerError

    given: dict[str, Any] = {}
    for field in fields:
        name, found, value = field.partition("=")
        if not found:
            raise CallerError("--set takes FIELD=VALUE")
        given[name] = value or None
    return given


def _password() -> str:
    """Never an argument: those stand in the list of processes and in the shell's history."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True))
    return sys.stdin.readline().rstrip("\n")


def _seed(settings: "Settings", kind: str) -> tuple["AnyMailboxProfile", bool]:
    """The mailbox as the environment has it, and whether it may send. Raises ConfigurationError."""
    from pipeline.first_mailboxes import bank_profile, clearinghouse_profile

    if kind == "bank":
        return bank_profile(settings.bank), True
    _, profile = clearinghouse_profile(settings.office_ally)
    return profile, settings.office_ally.enabled


@mailbox.command()
def check(name: Name, org: Org = None) -> None:
    """Log in for real and look into each folder. A good try lifts a pause. Exit 1 if it fails."""
    from pipeline.services import mailboxes as service

    with session(org, ring=True) as s:
        found = service.check(s.ctx, s.org_id, s.actor, name)
    line(f"mailbox {name}: {found.what}" + (f"; {found.files} files lie ready" if found.good else f"; {found.cure}"))
    raise typer.Exit(int(not found.good))


@mailbox.command()
def resume(name: Name, org: Org = None) -> None:
    """Lift a pause: what waited is tried at once."""
    from pipeline.services import mailboxes as service

    with session(org, ring=True) as s:
        service.resume(s.ctx, s.org_id, s.actor, name)
    line(f"mailbox {name} goes on")
