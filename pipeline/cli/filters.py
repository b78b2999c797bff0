"""The options by which commands choose exceptions: the same for all of them, told once."""

import inspect
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pipeline.store.desk import Wanted

_SECONDS = {"m": 60, "h": 3600, "d": 86400}


def _options(
    *,
    types: Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Of this type, or these.")] = None,
    severity: Annotated[list[str] | None, typer.Option("--severity", help="error, warning or info.")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help="Whose work the type is: biller, operator …")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="NAME", help="What this person has.")] = None,
    unowned: Annotated[bool, typer.Option("--unowned", help="What nobody has taken.")] = False,
    about: Annotated[
        str | None, typer.Option("--about", metavar="SUBJECT", help="A CLM01, or kind and id: deposit:7.")
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="What should have been done, by business time.")] = False,
    money_from: Annotated[str | None, typer.Option("--money-from", metavar="AMOUNT", help="As much, or more.")] = None,
    money_to: Annotated[str | None, typer.Option("--money-to", metavar="AMOUNT", help="As much, or less.")] = None,
    older_than: Annotated[str | None, typer.Option("--older-than", metavar="AGE", help="30m, 12h, 3d.")] = None,
) -> "Wanted":
    from pipeline.store.desk import Wanted

    subject, clm01 = _subject(about)
    return Wanted(
        types=types or None,
        severities=severity or None,
        roles=role or None,
        owner=owner,
        unowned=unowned,
        subject=subject,
        clm01=clm01,
        overdue=overdue,
        money_from_cents=_cents(money_from),
        money_to_cents=_cents(money_to),
        older_than_s=_age_s(older_than),
    )


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """The command with these options too; it is handed them as one keyword, `wanted`."""
    ours = inspect.signature(_options).parameters
    theirs = [one for name, one in inspect.signature(command).parameters.items() if name != "wanted"]

    def run(**given: Any) -> None:
        chosen = {name: given.pop(name) for name in ours}
        command(**given, wanted=_options(**chosen))

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    keyword = inspect.Parameter.KEYWORD_ONLY
    joined = [one.replace(kind=keyword) for one in (*theirs, *ours.values())]
    run.__signature__ = inspect.Signature(joined)  # type: ignore[attr-defined]
    return run


def _subject(about: str | None) -> tuple[tuple[str, int] | None, str | None]:
    """Kind and id, or a claim's number."""
    if about is None:
        return None, None
    found = re.fullmatch(r"([a-z_]+)[: ]([0-9]{1,18})", about)
    return ((found[1], int(found[2])), None) if found else (None, about)


def _cents(text: str | None) -> int | None:
    from pipeline.domain.errors import CallerError

    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{2}))?", text.replace(",", ""))
    if found is None:
        raise CallerError("an amount is dollars and cents, such as 1250 or 99.50")
    return int(found[1]) * 100 + int(found[2] or 0)


def _age_s(text: str | None) -> float | None:
    from pipeline.domain.errors import CallerError

    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,5})([mhd])", text)
    if found is None:
        raise CallerError("an age is a number of minutes, hours or days: 30m, 12h, 3d")
    return int(found[1]) * _SECONDS[found[2]]
