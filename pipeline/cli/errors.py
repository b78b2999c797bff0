"""What a person sees of an error: one line, with the cure. Never a traceback for what can be foreseen."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from pydantic import ValidationError

NOT_DONE = 2

_PREFIX = {"OfficeAllySettings": "OFFICEALLY_", "BankSettings": "CLAIMRAIL_BANK_", "FlowSettings": "CLAIMRAIL_FLOW_"}
_SETTINGS = {"Settings", "BrokerSettings", *_PREFIX}
_HOW = {
    "DATABASE_URL": "postgresql+psycopg://claimrail_app@host/claimrail",
    "REDIS_URL": "redis://host:6379/0",
    "CLAIMRAIL_KEYS": 'id:base64 of 32 bytes, as from: echo "k1:$(head -c 32 /dev/urandom | base64)"',
}


class Guarded(TyperGroup):
    """The group of all commands; every foreseeable error of any of them ends here."""

    def invoke(self, ctx: Any) -> Any:
        with told():
            return super().invoke(ctx)


@contextmanager
def told() -> Iterator[None]:
    """Turns foreseeable errors into one line on stderr and exit code 2."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except BrokenPipeError:
        # Whoever read has seen enough (`| head`); what is still buffered must not complain at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        lines = explained(error)
        if lines is None:
            raise
        for line in lines:
            print(line, file=sys.stderr)
        raise SystemExit(NOT_DONE) from None


def explained(error: Exception) -> list[str] | None:
    """The error in a person's words; None if it is a bug, which keeps its traceback."""
    from pydantic import ValidationError

    from pipeline.domain.errors import CallerError, ClaimrailError, ConfigurationError, TryLater

    if isinstance(error, ValidationError):
        return unset(error) if error.title in _SETTINGS else None
    if isinstance(error, ConfigurationError):
        return [
            f"claimrail: a setting is missing or wrong: {error}",
            "claimrail: `claimrail doctor` looks at all of them",
        ]
    if isinstance(error, TryLater):
        return [f"claimrail: {error}; nothing is lost: try again, and `claimrail doctor` says what does not answer"]
    if isinstance(error, (CallerError, ClaimrailError)):
        return [f"claimrail: {error}"]
    return _of_others(error)


def _of_others(error: Exception) -> list[str] | None:
    from sqlalchemy.exc import ArgumentError, DBAPIError

    from pipeline.store.crypto import SealBroken

    if isinstance(error, SealBroken):
        return [f"claimrail: {error}; give the wrapping key that sealed it in CLAIMRAIL_KEYS"]
    if isinstance(error, ArgumentError):
        return ["claimrail: DATABASE_URL is no URL of a database; it looks like " + _HOW["DATABASE_URL"]]
    if isinstance(error, DBAPIError):
        return _of_database(error)
    return None


def _of_database(error: Any) -> list[str] | None:
    code = getattr(error.orig, "sqlstate", None)
    if code in {"42P01", "3F000", "42703"}:
        return ["claimrail: the database lacks tables or columns of this version; run `claimrail migrate`"]
    if code == "42501":
        return ["claimrail: the database role may not do this; DATABASE_OWNER_URL migrates, DATABASE_URL works"]
    if code is None or code.startswith(("08", "28", "3D")):
        return [
            f"claimrail: the database does not let us in ({code or type(error.orig).__name__}); see `claimrail doctor`"
        ]
    return None


def unset(error: "ValidationError") -> list[str]:
    """Each variable that is missing or wrong, with how it looks when set. Never the value."""
    prefix = _PREFIX.get(error.title, "CLAIMRAIL_")
    lines = []
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        name = variable(prefix, one["loc"])
        looks = f"; it looks like {_HOW[name]}" if name in _HOW else ""
        what = "is not set" if one["type"] == "missing" else f"is wrong: {one['msg']}"
        lines.append(f"claimrail: {name} {what}{looks}")
    return [*lines, "claimrail: set them in the environment or in .env (.env.example names them all)"]


def variable(prefix: str, location: tuple[int | str, ...]) -> str:
    """The environment's name of a field: an alias stands for itself, a field name gets its prefix."""
    name = str(location[0]) if location else "settings"
    return name if name.isupper() else prefix + name.upper()
