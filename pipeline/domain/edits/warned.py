"""Warnings of a claim that goes on all the same, as its history keeps them: codes and places, never a value."""

import re
from collections.abc import Iterable

from pipeline.domain.edits import RULES
from pipeline.domain.problems import Problem

_NAMED = 10
"""So many are named; a claim of fifty lines may have as many."""

_TOLD = re.compile(r"(\d+ warnings?(?:, the first \d+)?): (.+)")
_ABOUT = {rule.code: rule.about for rule in RULES}


def noted(problems: Iterable[Problem]) -> str | None:
    """One line for the history, `2 warnings: IDN13 at payer_claim_number, DAT07 at delay_reason`; None without any."""
    found = [f"{one.code} at {one.path or 'claim'}" for one in problems if one.severity == "warning"]
    if not found:
        return None
    count = f"{len(found)} warning{'s' if len(found) > 1 else ''}"
    first = f", the first {_NAMED}" if len(found) > _NAMED else ""
    return f"{count}{first}: {', '.join(found[:_NAMED])}"


def told(detail: str | None) -> tuple[str | None, list[dict[str, str]]]:
    """Such a line in words and findings: each with code, path and, as its message, the sentence of its rule.

    Any other line comes back as it is, without findings. A rule that is no longer there has no sentence.
    """
    if (line := _TOLD.fullmatch(detail or "")) is None:
        return detail, []
    pairs = [one.split(" at ", 1) for one in line[2].split(", ")]
    return line[1], [
        {"code": code, "path": path, "severity": "warning", "message": _ABOUT.get(code, "")} for code, path in pairs
    ]
