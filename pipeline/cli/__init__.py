"""`claimrail`: the product at the terminal. Commands are thin: they ask a service and show what it said.

Exit codes: 0 done; 1 done, and something in the data or the system wants a look; 2 not done (usage, settings, outage).
Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from collections.abc import Callable
from typing import Any

import typer

from pipeline.cli.errors import Guarded

ring_factory: Callable[[], Any] | None = None
"""Gives the bell to ring after a submission (see `stages.context.Ring`). None: no bell, the sweep finds all work."""

app = typer.Typer(
    cls=Guarded,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback that shows locals would show patients
    help="Carries medical claims from ready-to-bill to cash in the bank.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

from pipeline.cli import (  # noqa: E402 - they hang their commands on `app`
    books,
    claims,
    deposits,
    desk,
    drain,
    eligibility,
    exceptions,
    files,
    inspecting,
    keeping,
    mailboxes,
    money,
    pay,
    payees,
    reconciling,
    rules,
    secondaries,
    status,
    system,
    unmatched,
)

__all__ = [
    "app",
    "books",
    "claims",
    "deposits",
    "desk",
    "drain",
    "eligibility",
    "exceptions",
    "files",
    "inspecting",
    "keeping",
    "mailboxes",
    "money",
    "pay",
    "payees",
    "reconciling",
    "ring_factory",
    "rules",
    "secondaries",
    "status",
    "system",
    "unmatched",
]
