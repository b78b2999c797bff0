"""What commands share: the product, the tenant, who is asking."""

import getpass
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.bootstrap import Product
    from pipeline.stages.context import Context

Org = Annotated[
    str | None,
    typer.Option(
        "--org", metavar="SLUG", envvar="CLAIMRAIL_ORG", help="The tenant; may be left out where there is one."
    ),
]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Who acts: one of the tenant's people.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Everything = Annotated[bool, typer.Option("--all", help="Show everything, however much it is.")]


@dataclass(frozen=True, slots=True)
class Session:
    """One command's way in: `ctx` for services, the tenant, and the name that history and audit rows bear."""

    product: "Product"
    org_id: int
    actor: str

    @property
    def ctx(self) -> "Context":
        return self.product.context


def me() -> str:
    """The account that runs the command: terminals have no logins of their own."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli:unknown"


@contextmanager
def product(*, ring: bool = False) -> Iterator["Product"]:
    """The product for the length of a command; with `ring` it rings as the entry point said (`cli.ring_factory`)."""
    import pipeline.cli
    from pipeline.bootstrap import build
    from pipeline.domain.errors import ConfigurationError
    from pipeline.settings import Settings
    from pipeline.stages.context import silent

    quiet()
    settings = Settings()
    bell = pipeline.cli.ring_factory() if ring and settings.ring and pipeline.cli.ring_factory is not None else silent
    try:
        built = build(settings, ring=bell)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None
    try:
        yield built
    finally:
        built.close()


@contextmanager
def session(org: str | None, *, ring: bool = False) -> Iterator[Session]:
    """The product and the tenant that is meant."""
    with product(ring=ring) as built:
        yield Session(built, tenant(built.context, org), me())


def tenant(ctx: "Context", slug: str | None) -> int:
    """The tenant called `slug`, or the only one there is."""
    from pipeline.domain.errors import CallerError
    from pipeline.store import tenants

    with ctx.database.narrow() as tx:
        if slug is not None:
            return tenants.named(tx, slug)
        slugs = {row.org_id: row.slug for row in tx.rows("SELECT org_id, slug FROM org ORDER BY slug")}
    if not slugs:
        raise CallerError("there is no tenant yet; `claimrail init` makes one")
    if len(slugs) > 1:
        raise CallerError(f"there are several tenants ({', '.join(slugs.values())}): say which with --org SLUG")
    return int(next(iter(slugs)))


def quiet(level: int = logging.WARNING) -> None:
    """Log lines go to stderr, so that what a command prints can be piped."""
    from pipeline import logs
    from pipeline.settings import LogSettings

    logs.configure(LogSettings().format, level)
