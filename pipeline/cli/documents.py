"""Claims out of a JSON file, each as the bytes that stand there: nothing is read and written anew on the way."""

import json
from collections.abc import Iterator
from pathlib import Path

_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"


def documents(file: Path) -> list[tuple[str, bytes]]:
    """(place, document) of each claim: one object a file, a list of them, or one a line.

    What is no JSON comes back whole, for intake to say where it breaks.
    """
    data = file.read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [(file.name, data)]
    return [(place, document.encode()) for place, document in _split(file.name, text)]


def _split(name: str, text: str) -> list[tuple[str, str]]:
    if text.lstrip(_BLANK).startswith("["):
        found = _list(text)
        return [(name, text)] if found is None else [(f"{name}[{n}]", item) for n, item in enumerate(found)]
    lines = [(f"{name}:{number}", one) for number, one in enumerate(text.split("\n"), start=1) if one.strip(_BLANK)]
    if len(lines) > 1 and _is_json(lines[0][1]):
        return lines
    return [(name, text)]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _list(text: str) -> list[str] | None:
    """The items of a JSON list as they are spelt; None where the text is no whole list."""
    try:
        return list(_items(text))
    except (ValueError, RecursionError, IndexError):
        return None


def _items(text: str) -> Iterator[str]:
    at = _past_blank(text, text.index("[") + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield text[at:end]
        at = _past_blank(text, end)
        if text[at] == ",":
            at = _past_blank(text, at + 1)
            if text[at] == "]":
                raise ValueError("a comma before the end of the list")
        elif text[at] != "]":
            raise ValueError("no comma between two items")
    if _past_blank(text, at + 1) != len(text):
        raise ValueError("something after the list")


def _past_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at
