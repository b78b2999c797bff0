"""From bytes that somebody sent to a claim, or to everything that keeps them from being one."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from pipeline.domain.claim import Claim
from pipeline.domain.forms import AnyClaim
from pipeline.domain.institutional_claim import InstitutionalClaim
from pipeline.domain.problems import Problem

MAX_BYTES = 1_000_000
"""More than any claim of fifty lines needs; a larger document is refused unread."""

_KNOWN = {
    "missing": ("SHAPE-MISSING", "the field is missing", "add it"),
    "extra_forbidden": ("SHAPE-UNKNOWN", "there is no such field", "remove it or correct its name; see docs/claim.md"),
    "string_too_short": ("SHAPE-BLANK", "the text is blank", "give a value or leave the field out"),
    "string_pattern_mismatch": ("SHAPE-TYPE", "the value is of the wrong kind", "give a time of day as HH:MM"),
    "string_too_long": ("SHAPE-LENGTH", "the text has more than 1000 characters", "shorten it"),
}
_KINDS = {
    "string": "text in quotes",
    "int": "a whole number (amounts are whole cents)",
    "bool": "true or false",
    "date": "a date as YYYY-MM-DD",
    "decimal": "a decimal number, as a number or in quotes",
    "is": "a finite number",
    "finite": "a finite number",
    "literal": '"institutional", or leave the field out: the claim is then a professional one',
    "tuple": "a list",
    "model": "an object",
    "value": "a number of at most ten places before and six after the point",
}


def parse_claim(data: bytes) -> AnyClaim | list[Problem]:
    """The claim that a JSON document holds, of the form that it names, or all its problems of shape at once.

    Codes: SHAPE-JSON (no JSON, or twice the same name in an object), SHAPE-SIZE, SHAPE-MISSING, SHAPE-UNKNOWN,
    SHAPE-BLANK, SHAPE-LENGTH, SHAPE-TYPE. Never raises on any bytes, never repeats a value.
    """
    if len(data) > MAX_BYTES:
        return [_whole("SHAPE-SIZE", f"the document has more than {MAX_BYTES} bytes", "send one claim a document")]
    try:
        claim = (InstitutionalClaim if _names_a_form(data) else Claim).model_validate_json(data)
    except ValidationError as error:
        return [_problem(detail) for detail in error.errors(include_input=False, include_context=False)]
    try:
        # Read a second time for what the first reader passes over: the later of two equal names would win unseen.
        json.loads(data, object_pairs_hook=_unrepeated)
    except _RepeatedError:
        return [_whole("SHAPE-JSON", "an object holds the same name twice", "send each field once")]
    except ValueError:
        return [_whole("SHAPE-JSON", "the document is not plain JSON in UTF-8", "send it as UTF-8 without BOM")]
    return claim


def _names_a_form(data: bytes) -> bool:
    """Whether the document has a `form`. It is read for that only where the name may stand in it."""
    if b'"form"' not in data and b"\\u" not in data:
        return False
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(read, dict) and "form" in read


class _RepeatedError(Exception):
    pass


def _unrepeated(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _RepeatedError


def _problem(detail: Mapping[str, Any]) -> Problem:
    kind = detail["type"]
    path = path_of(detail["loc"])
    if kind == "json_invalid":
        return _whole("SHAPE-JSON", "the document is not JSON" + _position(detail["msg"]), "send one JSON object")
    if kind in _KNOWN:
        code, message, cure = _KNOWN[kind]
        return Problem(
            path=_known_names(path) if kind == "extra_forbidden" else path, code=code, message=message, cure=cure
        )
    wanted = _KINDS.get(kind.split("_", maxsplit=1)[0], "another kind of value")
    return Problem(path=path, code="SHAPE-TYPE", message="the value is of the wrong kind", cure=f"give {wanted}")


def path_of(location: Iterable[str | int]) -> str:
    """("lines", 1, "charge_cents") as "lines[1].charge_cents"."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _known_names(path: str) -> str:
    """An unknown name comes from the sender and might be anything, so only a plain one is repeated."""
    parent, _, name = path.rpartition(".")
    plain = name.isascii() and name.replace("_", "").isalpha() and len(name) <= 40
    return path if plain else ".".join(filter(None, (parent, "?")))


def _position(message: str) -> str:
    """The place that ends the reader's message, as " at line 3 column 7"; no part of the document is in it."""
    _, found, place = message.rpartition(" at line ")
    numbers = place.replace("column", "").split()
    return (
        f" at line {numbers[0]} column {numbers[1]}"
        if found and len(numbers) == 2 and all(number.isdigit() for number in numbers)
        else ""
    )


def _whole(code: str, message: str, cure: str) -> Problem:
    return Problem(path="", code=code, message=message, cure=cure)
