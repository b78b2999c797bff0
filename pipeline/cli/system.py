"""The system at the terminal: set it up, bring the schema up, ask the doctor."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import app
from pipeline.cli.session import AsJson, me, product, quiet
from pipeline.cli.show import line, printed_json

if TYPE_CHECKING:
    from pipeline.bootstrap import Product
    from pipeline.domain.provider import BillingProviderFacts
    from pipeline.services.doctor import Check, Surroundings
    from pipeline.settings import Settings
    from pipeline.stages.context import Context

_STYLE = {"ok": "green", "warn": "yellow", "fail": "bold red"}


# -- init and migrate -----------------------------------------------------------------------------------------------
@app.command()
def migrate() -> None:
    """Bring the database to this version's schema, as the role of DATABASE_OWNER_URL. Safe to repeat."""
    from pipeline.settings import Settings

    quiet()
    line(f"the schema is at {_migrate(Settings())}")


def _migrate(settings: "Settings") -> str:
    from pipeline.services import keeping
    from pipeline.store import installation
    from pipeline.store import migrate as schema

    schema.upgrade(settings.owner_url, settings.database_url.get_secret_value())
    keeping.maintain(settings.owner_url, settings.retention_years)
    installation.record(settings.owner_url, settings.environment)
    return schema.head()


@app.command()
def adopt(
    compared: Annotated[
        bool, typer.Option("--compared", help="You have compared, partner by partner, what went out.")
    ] = False,
) -> None:
    """After a restore or a clone: take this database for ours, so that files may leave again.

    First `claimrail reconcile --apply --answered` for every tenant, or compare by hand and say --compared; then adopt,
    and start the processes anew.
    """
    from pipeline.domain.errors import CallerError
    from pipeline.settings import Settings
    from pipeline.store import installation

    quiet()
    owner_url = Settings().owner_url
    if not compared and (left := installation.unreconciled(owner_url)):
        raise CallerError(
            f"not compared yet: {', '.join(left)}; `claimrail reconcile --apply --answered` does it (--org for each"
            " tenant), or compare by hand with `claimrail files` and say --compared"
        )
    installation.adopt(owner_url)
    line("this database is ours; start workers, beat and api anew")


@app.command()
def init(
    slug: Annotated[str, typer.Option(help="Short name of the tenant.")] = "main",
    name: Annotated[str | None, typer.Option(help="Its full name.")] = None,
    provider: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="JSON of billing providers (examples/provider.json is one)."),
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(metavar="NAME:ROLE,ROLE", help="Who may do what, e.g. ben:approver.")
    ] = None,
    approval_limit_cents: Annotated[int, typer.Option(min=0, help="Payments above it wait for an approver.")] = 50_000,
) -> None:
    """Set up schema, tenant, billing providers, people, and the mailboxes that the environment describes.

    Safe to repeat: what is there already stays as it is, what is missing is added.
    """
    people = _people(person or [])
    providers = [facts for path in provider or [] for facts in _providers(path)]
    with product() as built:
        _migrate(built.settings)
        org_id = _tenant(built.context, slug, name or slug, approval_limit_cents)
        _add_providers(built, org_id, providers)
        _add_people(built.context, org_id, people)
        _add_mailboxes(built, org_id)
    line("`claimrail doctor` says what is still missing")


def _people(given: list[str]) -> dict[str, list[str]]:
    from pipeline.domain.errors import CallerError
    from pipeline.domain.permissions import Role

    known = {str(role) for role in Role}
    people: dict[str, list[str]] = {}
    for one in given:
        name, _, roles = one.partition(":")
        people[name] = [role for role in roles.split(",") if role]
        if not name or not people[name] or not known.issuperset(people[name]):
            raise CallerError(f"--person takes NAME:ROLE,ROLE with roles of: {', '.join(sorted(known))}")
    return people


def _providers(path: Path) -> list["BillingProviderFacts"]:
    import json

    from pydantic import TypeAdapter, ValidationError

    from pipeline.domain.errors import CallerError
    from pipeline.domain.provider import BillingProviderFacts

    try:
        text = path.read_text().strip()
        adapter = TypeAdapter(list[BillingProviderFacts])
        return adapter.validate_json(text if text.startswith("[") else f"[{text}]")
    except ValidationError as error:
        one = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, one["loc"]))
        raise CallerError(f"{path}: {where}: {one['msg']}") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise CallerError(f"{path} is no JSON in UTF-8") from None


def _tenant(ctx: "Context", slug: str, name: str, approval_limit_cents: int) -> int:
    from pipeline.domain.errors import NotKnown
    from pipeline.services import setup
    from pipeline.store import tenants

    try:
        with ctx.database.narrow() as tx:
            org_id = tenants.named(tx, slug)
    except NotKnown:
        org_id = setup.create_tenant(ctx, slug, name, approval_limit_cents=approval_limit_cents)
        line(f"tenant {slug}: made")
    else:
        line(f"tenant {slug}: there already")
    return org_id


def _add_providers(built: "Product", org_id: int, given: list["BillingProviderFacts"]) -> None:
    """New ones only; of the first ones ever, OFFICEALLY_DEFAULT_NPI names the default."""
    from pipeline.services import setup
    from pipeline.store import tenants

    with built.context.tenant(org_id, "init") as tx:
        known = {npi for npi, _, _ in tenants.billing_providers(tx, built.context.today())}
    new = [facts for facts in given if facts.npi not in known]
    new.sort(key=lambda facts: facts.npi != built.settings.office_ally.default_npi)
    if new:
        setup.add_providers(built.context, org_id, me(), new)
    line(f"billing providers: {len(new)} added, {len(known)} there already")


def _add_people(ctx: "Context", org_id: int, people: dict[str, list[str]]) -> None:
    from pipeline.domain.errors import NotKnown
    from pipeline.services import setup
    from pipeline.store import tenants

    new = {}
    with ctx.tenant(org_id, "init") as tx:
        for name, roles in people.items():
            try:
                tenants.principal(tx, name)
            except NotKnown:
                new[name] = roles
    setup.add_people(ctx, org_id, me(), new)
    if people:
        line(f"people: {len(new)} added, {len(people) - len(new)} there already")


def _add_mailboxes(built: "Product", org_id: int) -> None:
    from pipeline.services import mailboxes, setup

    known = {box.profile.kind for box in mailboxes.listed(built.context, org_id)}
    for seed in _surroundings(built.settings).seeds:
        if seed.kind in known:
            line(f"mailbox of the {seed.kind}: there already, and stays as it is")
        elif seed.profile is None or seed.mode is None:
            line(f"mailbox of the {seed.kind}: not added; {seed.problem}")
        else:
            setup.put_mailbox(built.context, org_id, me(), seed.kind, seed.mode, seed.profile, enabled=seed.enabled)
            line(
                f"mailbox of the {seed.kind}: added, mode {seed.mode}"
                + ("" if seed.enabled else ", held: nothing leaves")
            )


def _surroundings(settings: "Settings") -> "Surroundings":
    """The settings as the doctor compares them with what is stored."""
    from pipeline.domain.errors import ConfigurationError
    from pipeline.domain.mailbox import Mode
    from pipeline.first_mailboxes import bank_profile, clearinghouse_profile
    from pipeline.services.doctor import Seed, Surroundings

    mode = Mode(settings.office_ally.mode)
    try:
        _, profile = clearinghouse_profile(settings.office_ally)
        first = Seed("clearinghouse", profile, mode, settings.office_ally.enabled)
    except ConfigurationError as error:
        first = Seed("clearinghouse", problem=str(error))
    try:
        second = Seed("bank", bank_profile(settings.bank), mode)
    except ConfigurationError as error:
        second = Seed("bank", problem=str(error))
    broker = settings.broker
    return Surroundings(
        settings.environment,
        settings.redis_url.get_secret_value(),
        (first, second),
        broker.sentinel_master or "",
        broker.sentinel_password.get_secret_value() if broker.sentinel_password else None,
    )


# -- doctor ---------------------------------------------------------------------------------------------------------
@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look at settings, database, broker, keys and mailboxes (with a real login); name each cure. Exit 1 if one fails."""
    checks = _checks()
    if as_json:
        printed_json([asdict(check) for check in checks])
    else:
        for check in checks:
            line(f"{check.result:4}  {check.name}: {check.what}", style=_STYLE[check.result])
            if check.cure:
                line(f"      cure: {check.cure}")
    raise typer.Exit(int(any(check.result == "fail" for check in checks)))


def _checks() -> list["Check"]:
    from pydantic import ValidationError

    from pipeline.cli.errors import unset
    from pipeline.domain.errors import ConfigurationError
    from pipeline.services.doctor import Check, Result, examine

    cure = "set it in the environment or in .env; .env.example names them all"
    try:
        with product() as built:
            settings = Check("settings", Result.OK, "every variable that is needed is set")
            return [settings, *examine(built.context, _surroundings(built.settings))]
    except ValidationError as error:
        told = [text.removeprefix("claimrail: ") for text in unset(error)[:-1]]
        return [Check("settings", Result.FAIL, text, cure) for text in told]
    except ConfigurationError as error:
        return [Check("settings", Result.FAIL, str(error), "correct what is named, then ask again")]
