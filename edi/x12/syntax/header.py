"""The interchange header: where one may begin, its elements as they stand, and the delimiters that it declares."""

import re
from dataclasses import dataclass

from edi.x12.syntax.delimiters import Delimiters

_WIDTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)
_REACH = 400  # more than a header with every element at its longest
_ELEMENT_MAX = 20
LANDMARK = re.compile("ISA|IEA")
# A header of full width is told from data by its shape alone, wherever it stands.
_FULL = re.compile(
    r"ISA([^A-Za-z0-9 \r\n])..\1.{10}\1..\1.{10}\1..\1.{15}\1..\1.{15}\1.{6}\1.{4}\1.\1.{5}\1.{9}\1.\1.\1", re.DOTALL
)
# ISA16 of several characters (an escape such as an HTML entity), or none at all, is taken if a segment that may follow
# ISA comes next. Where it is on the next line, the first character is the terminator if that segment ends with it too.
_LONG_END = r"([^\s{0}]{{2,8}}?)([^A-Za-z0-9\s{0}])\s*(?:GS|TA1|IEA){0}"
_NO_COMPONENT = (
    r"()([^A-Za-z0-9\s{0}]) *(?:GS|TA1|IEA){0}",
    r"()([^A-Za-z0-9\s{0}])[\r\n]+ *(?:GS|TA1|IEA){0}[^\r\n]*\2 *[\r\n]",
)
_FOLLOWED = r"([^A-Za-z0-9\s{0}][ \t{0}]+)([^A-Za-z0-9 \t{0}])"
"""Blanks or empty elements between ISA16 and the terminator."""


@dataclass(slots=True, kw_only=True)
class Header:
    """An ISA that was read. ``elements`` are as they stand, padding and empty ones beyond the sixteenth included; ``end``
    is where the next segment begins.

    ``padded`` says that every element has its fixed width; ``repeats`` and ``composes`` that ISA11 and ISA16 are what
    they should be. Where they are not, ``delimiters`` have a stand-in.
    """

    elements: list[str]
    delimiters: Delimiters
    end: int
    padded: bool
    repeats: bool
    composes: bool


def landmarks(text: str) -> list[int]:
    """Where "ISA" or "IEA" stands, in order. Found once for the whole file, so that no byte is searched twice."""
    return [match.start() for match in LANDMARK.finditer(text)]


def is_full_header(text: str, start: int) -> bool:
    """Whether an ISA in its fixed widths stands here."""
    return _FULL.match(text, start) is not None


def header_at(text: str, start: int) -> Header | None:
    """The ISA that begins at ``start``; None if sixteen elements, a separator and a terminator cannot be made out."""
    mark = text[start + 3 : start + 4]
    if not mark or mark.isalnum() or mark in " \r\n":
        return None
    *parts, rest = text[start : start + _REACH].split(mark, 16)
    if len(parts) < 16 or any(len(part) > _ELEMENT_MAX for part in parts):
        return None
    tail, terminator = _end(rest, mark)
    if not terminator or terminator.isalnum():
        return None
    last = tail[:1] if tail[1:].strip(f" \t{mark}") == "" else tail
    composes = len(last) == 1 and _separates(last, {mark, terminator})
    component = last if composes else _stand_in(":>", {mark, terminator, parts[11]})
    repeats = len(parts[11]) == 1 and _separates(parts[11], {mark, terminator, component})
    repetition = parts[11] if repeats else _stand_in("^!", {mark, terminator, component})
    try:
        delimiters = Delimiters(mark, component, repetition, terminator)
    except ValueError:
        return None
    return Header(
        elements=[*parts, *tail.split(mark)],
        delimiters=delimiters,
        end=start + sum(len(part) + 1 for part in parts) + len(tail) + 1,
        padded=len(tail) == 1 and all(len(part) == width for part, width in zip(parts, _WIDTHS, strict=True)),
        repeats=repeats or parts[11] == "U",  # a standards code, as before 005010: nothing repeats then
        composes=composes,
    )


def _end(rest: str, mark: str) -> tuple[str, str]:
    """ISA16, with whatever blanks or empty elements come after it, and the terminator, at the start of ``rest``."""
    second = rest[1:2]
    forms: tuple[str, ...] = ()
    if second.isalnum():
        forms = (_NO_COMPONENT[0], _LONG_END)
    elif second in {"\r", "\n"}:
        forms = (_NO_COMPONENT[1],)
    elif second in {" ", mark}:
        forms = (_NO_COMPONENT[0], _FOLLOWED)
    matches = (re.match(form.format(re.escape(mark)), rest) for form in forms)
    found = next((one for one in matches if one is not None), None)
    return (rest[:1], second) if found is None else (found[1], found[2])


def _separates(mark: str, taken: set[str]) -> bool:
    return not mark.isalnum() and mark != " " and mark not in taken


def _stand_in(wanted: str, taken: set[str]) -> str:
    return next(one for one in f"{wanted}|`\x1d\x1e\x1f" if one not in taken)
