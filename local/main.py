"""The command `claimrail`: the product's commands, with the embedded servers behind them where no URL names others.

Where DATABASE_URL stands neither in the environment nor in `.env`, the servers under `var/` are started, or attached to
if another process runs them, for commands that need them. Data stay there between runs.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import cli
from pipeline.cli import app

_CHECKOUT = Path(__file__).resolve().parent.parent
_ALONE = {"inspect", "demo", "up"}
"""Commands that need no database, or bring their own."""
_MAKES_SCHEMA = {"init", "migrate", "doctor"}
"""Commands that make sense on an empty database; the others are told where to begin."""


def var() -> Path:
    """Where local data live: CLAIMRAIL_VAR, else var/ of the checkout, else of the folder we are in."""
    if given := os.environ.get("CLAIMRAIL_VAR"):
        return Path(given)
    return (_CHECKOUT if (_CHECKOUT / "Makefile").exists() else Path.cwd()) / "var"


@app.command()
def demo(
    claims: Annotated[int, typer.Option(min=1, help="How many invented claims.")] = 500,
    seed: Annotated[int, typer.Option(help="Another number, other claims.")] = 1,
) -> None:
    """The whole flow on this machine, claim to cash; ends with one JSON line."""
    from local.demo import run
    from pipeline.cli.session import quiet

    quiet(logging.ERROR)  # what people are told is said by the scenes
    raise typer.Exit(run(claims, seed, var()))


@app.command()
def up() -> None:
    """The whole system, left running until Ctrl-C."""
    from local.up import run

    raise typer.Exit(run(var()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command; ends with SystemExit as the commands do (see `pipeline.cli`)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with _servers(given):
        app(args=given, prog_name="claimrail")


def _known() -> set[str]:
    """The first words of all commands: those that stand alone, and those of a group."""
    alone = {info.name or getattr(info.callback, "__name__", "") for info in app.registered_commands}
    groups = {group.name or group.typer_instance.info.name for group in app.registered_groups if group.typer_instance}
    return alone | {name for name in groups if isinstance(name, str)}


@contextmanager
def _servers(arguments: Sequence[str]) -> Iterator[None]:
    command = next((one for one in arguments if not one.startswith("-")), None)
    if command not in _known() - _ALONE or {"-h", "--help"} & set(arguments):
        yield
        return
    cli.ring_factory = _ring
    named = _named()
    if "DATABASE_URL" in named:
        yield
        return
    from local.servers import embedded
    from local.spawn import LocalError

    before = dict(os.environ)
    try:
        with embedded(var(), {**os.environ, **named}) as servers:
            _prepare(servers, str(command))
            yield
    except LocalError as error:
        print(f"claimrail: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    finally:
        # The addresses of servers that may be gone now must not outlive them.
        os.environ.clear()
        os.environ.update(before)


def _named() -> dict[str, str]:
    """Servers that the environment or, as the settings read it, `.env` names; blank counts as absent."""
    from pydantic import Field
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Named(BaseSettings):
        model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

        database: str | None = Field(None, validation_alias="DATABASE_URL")
        broker: str | None = Field(None, validation_alias="REDIS_URL")

    found = Named()
    return {name: url for name, url in {"DATABASE_URL": found.database, "REDIS_URL": found.broker}.items() if url}


def _prepare(servers: Any, command: str) -> None:
    """The product's variables for the embedded servers, and the schema at this version if there is one."""
    import psycopg

    from local.environment import environment
    from local.postgres import plain_url

    os.environ.update(environment(var(), servers))
    if servers.owned:
        cli.ring_factory = None  # nobody listens on a broker that ends with us; the sweep finds all work
    with psycopg.connect(plain_url(servers.database_owner_url)) as connection:
        [(known,)] = connection.execute("SELECT to_regclass('public.installation') IS NOT NULL").fetchall()
    if known:
        from pipeline.store import migrate

        migrate.upgrade(servers.database_owner_url, servers.database_url)
    elif command not in _MAKES_SCHEMA:
        print(
            "claimrail: there is nothing here yet. `claimrail init` sets a tenant up; `make demo` shows all of it with"
            " invented claims; DATABASE_URL names another database.",
            file=sys.stderr,
        )
        raise SystemExit(2)


def _ring() -> Callable[..., None]:
    from tasks.ring import ring

    return ring
