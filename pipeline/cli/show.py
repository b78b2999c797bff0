"""How things look at the terminal: tables, amounts, times, JSON."""

import json
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_PIPED_WIDTH = 200


def console() -> "Console":
    """Colours and the width of the window at a terminal, plain and wide into a pipe."""
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


def printed_json(value: Any) -> None:
    print(json.dumps(value, indent=2, default=_plain))


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def clean(value: Any) -> str:
    """Text that a terminal may be given: what came from outside must not move the cursor or change the title."""
    text = "" if value is None else str(value)
    return "".join(mark if mark.isprintable() or mark == "\n" else "?" for mark in text)


def folded(text: str, indent: str, width: int | None = None) -> list[str]:
    """A long text in lines under each other, each indented; whole into a pipe, where programs look for it.

    ``width`` is the window's unless given.
    """
    if width is None:
        if not sys.stdout.isatty():
            return [indent + text]
        width = console().width
    return textwrap.wrap(
        text, max(width, len(indent) + 40), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def dollars(cents: int | None) -> str:
    """1234.56 with thousands apart; blank where there is no amount."""
    if cents is None:
        return ""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}"


def moment(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None, right: Sequence[str] = ()
) -> None:
    """Prints a table; columns named in `right` are aligned to the right, as amounts are."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(clean(cell)) for cell in row))
    console().print(made)


def pairs(values: Mapping[str, Any]) -> None:
    """Name and value, a line each."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        line(f"{name:{width}}  {clean(value)}")


def line(text: str = "", style: str | None = None) -> None:
    console().print(clean(text), style=style, soft_wrap=True)
