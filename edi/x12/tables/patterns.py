"""Rows of a table compiled: one regular expression judges a whole segment, a slower walk says what is wrong with it.

A segment is judged with private separators (ASCII unit, record and group separator) in place of the interchange's own,
so that one expression serves every set of delimiters and no value can pass for two.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from edi.x12.tables.notes import broken_notes
from edi.x12.tables.schema import Composite, Element, Segment

ELEMENT, COMPONENT, REPETITION = "\x1f", "\x1e", "\x1d"
"""Private separators of a segment under judgement."""

EMPTY = "EMPTY"
"""In a ``Fault``, for separators at an end with nothing behind them: untidy, and no IK403 has a code for it."""


class Charset(StrEnum):
    """Which characters a value may hold, delimiters aside."""

    BASIC = "basic"  # the standard's basic set: upper case, digits, space and ! " & ' ( ) * + , - . / : ; ? =
    EXTENDED = "extended"  # any printable ASCII character


_ALLOWED = {Charset.BASIC: r"A-Z0-9 !\"&'()*+,\-./:;?=", Charset.EXTENDED: r" -~"}
_LEAP = r"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = (
    r"(?:(?!0000)(?:\d{4}(?:(?:0[13578]|1[02])(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)(?:0[1-9]|[12]\d|30)"
    rf"|02(?:0[1-9]|1\d|2[0-8]))|{_LEAP}0229))"
)
"""A day that the calendar has, CCYYMMDD."""
_MINUTE = r"(?:(?:[01]\d|2[0-3])[0-5]\d)"
_PERIODS = {"D8": _DAY, "RD8": f"(?:{_DAY}-{_DAY})", "DT": f"(?:{_DAY}{_MINUTE})", "TM": _MINUTE}
_LENGTHS = {"D8": 8, "DT": 12, "TM": 4}
_NEVER = "(?!)"
_TIME = r"(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?)"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong inside a segment. ``code`` is IK403's, or EMPTY; ``element`` counts from 1."""

    element: int
    code: str
    message: str
    component: int | None = None
    value: str = ""
    number: str | None = None


def _value_pattern(element: Element, charset: Charset) -> str:
    if element.codes and not element.kind.startswith("DP"):
        return "(?:" + "|".join(re.escape(code) for code in element.codes) + ")"
    return _kind_pattern(element, charset)


def _kind_pattern(element: Element, charset: Charset) -> str:
    low, high = element.minimum, element.maximum
    match element.kind:
        case "N0":
            return rf"-?\d{{{low},{high}}}"
        case "R":
            return rf"-?(?:\d{{{low},{high}}}|(?=\d*\.\d+(?![\d.]))[\d.]{{2,{high + 1}}})"
        case "DT":
            return _DAY if high == 8 else r"\d{6}"
        case "TM":
            return _TIME
        case kind if kind.startswith("DP:"):
            known = [_PERIODS[code] for code in kind[3:].split(",") if code in _PERIODS]
            if known:
                return "(?:" + "|".join(known) + ")"
    return rf"(?! )[{_ALLOWED[charset]}]{{{low},{high}}}(?<! )"


def _chain(bodies: Sequence[str], required: Sequence[bool], separator: str) -> str:
    """Bodies one after another, where what is absent at the end is absent with its separators."""
    text = ""
    for index in range(len(bodies) - 1, 0, -1):
        body = bodies[index] if required[index] else _optional(bodies[index])
        text = f"{separator}{body}{text}"
        if not any(required[index:]):
            text = _optional(text)
    first = bodies[0] if required[0] else _optional(bodies[0])
    return first + text


def _optional(body: str) -> str:
    """As ``?`` would say it, which costs twice as much: it is counted like any repetition."""
    return "" if body == _NEVER else f"(?:{body}|)"


def _repeated(body: str, repeat: int) -> str:
    return body if repeat == 1 else f"{body}(?:{REPETITION}{body}){{0,{repeat - 1}}}"


def _body(element: Element | Composite, charset: Charset) -> str:
    if element.usage == "N":
        return _NEVER
    if isinstance(element, Element):
        return _repeated(_value_pattern(element, charset), element.repeat)
    parts = [_body(part, charset) for part in element.parts]
    return _repeated(_chain(parts, [part.usage == "R" for part in element.parts], COMPONENT), element.repeat)


@lru_cache(maxsize=4096)
def segment_pattern(segment: Segment, charset: Charset) -> re.Pattern[str]:
    """The expression a whole segment (private separators, nothing trailing) must match."""
    bodies = [re.escape(segment.id), *(_body(element, charset) for element in segment.elements)]
    required = [True, *(element.usage == "R" for element in segment.elements)]
    return re.compile(f"{_chain(bodies, required, ELEMENT)}(?<![{COMPONENT}{ELEMENT}])", re.ASCII)


@lru_cache(maxsize=4096)
def _element_pattern(element: Element, charset: Charset) -> re.Pattern[str]:
    return re.compile(_value_pattern(element, charset), re.ASCII)


@lru_cache(maxsize=64)
def _charset_pattern(charset: Charset) -> re.Pattern[str]:
    return re.compile(f"[{_ALLOWED[charset]}]*")


def faults_of(segment: Segment, elements: Sequence[str], charset: Charset) -> list[Fault]:
    """Everything wrong with the elements of a segment (id first, private separators inside elements)."""
    found: list[Fault] = []
    for position, element in enumerate(segment.elements, 1):
        value = elements[position] if position < len(elements) else ""
        found += _element_faults(element, position, value, charset)
    for position in range(len(segment.elements) + 1, len(elements)):
        if elements[position]:
            found.append(Fault(position, "3", "more elements than the guide has", value=elements[position]))
    if len(elements) > 1 and elements[-1] == "":
        found.append(Fault(len(elements) - 1, EMPTY, "empty element at the end of the segment"))
    if misdated(elements):
        found.append(Fault(3, "8", "not in the form that its qualifier says", value=elements[3], number="1251"))
    found += [Fault(position, code, words) for position, code, words in broken_notes(segment.notes, elements)]
    return found


def misdated(elements: Sequence[str]) -> bool:
    """A DTP whose qualifier says one date and its value a range, or a time of day and its value none, or the reverse."""
    if elements[0] != "DTP" or len(elements) < 4:
        return False
    form, length = elements[2], len(elements[3])
    if (form == "RD8") != ("-" in elements[3]):
        return True
    return length != _LENGTHS.get(form, length) and length in _LENGTHS.values()


def _element_faults(element: Element | Composite, position: int, value: str, charset: Charset) -> Iterator[Fault]:
    number = element.number if isinstance(element, Element) else None
    if not value:
        if element.usage == "R":
            yield Fault(position, "1", "required element is missing", number=number)
    elif element.usage == "N":
        yield Fault(position, "I10", "the guide does not use this element", value=value, number=number)
    elif isinstance(element, Element):
        for one in _repeats(element, value):
            yield from _value_faults(element, position, None, one, charset)
    else:
        for one in _repeats(element, value):
            yield from _composite_faults(element, position, one, charset)
    if value.count(REPETITION) >= element.repeat and element.repeat > 1:
        yield Fault(position, "12", f"more than {element.repeat} repeats", value=value, number=number)


def _repeats(element: Element | Composite, value: str) -> list[str]:
    return value.split(REPETITION) if element.repeat > 1 else [value]


def _composite_faults(composite: Composite, position: int, value: str, charset: Charset) -> Iterator[Fault]:
    parts = value.split(COMPONENT)
    for index, part in enumerate(composite.parts, 1):
        given = parts[index - 1] if index <= len(parts) else ""
        if not given:
            if part.usage == "R":
                yield Fault(position, "1", "required component is missing", index, number=part.number)
        elif part.usage == "N":
            yield Fault(position, "I10", "the guide does not use this component", index, given, part.number)
        else:
            yield from _value_faults(part, position, index, given, charset)
    if len(parts) > len(composite.parts):
        yield Fault(position, "13", "more components than the guide has", value=value)
    elif len(parts) > 1 and not parts[-1]:
        yield Fault(position, EMPTY, "empty component at the end of the element", len(parts), value)


def _value_faults(
    element: Element, position: int, component: int | None, value: str, charset: Charset
) -> Iterator[Fault]:
    if _element_pattern(element, charset).fullmatch(value):
        return
    code, message = _misfit(element, value, charset)
    yield Fault(position, code, message, component, value, element.number)


def _misfit(element: Element, value: str, charset: Charset) -> tuple[str, str]:
    """Code of IK403 and words for a value that does not match its element."""
    if not _charset_pattern(charset).fullmatch(value):
        return "6", f"holds a character outside the {charset} character set, or a separator"
    digits = value.lstrip("-").replace(".", "") if element.kind in {"R", "N0"} else value
    if len(digits) < element.minimum:
        return "4", f"length is {len(digits)}, shortest is {element.minimum}"
    if len(digits) > element.maximum:
        return "5", f"length is {len(digits)}, longest is {element.maximum}"
    if element.codes and not element.kind.startswith("DP"):
        return "7", "not one of the codes that the guide allows here"
    return _WORDS.get(element.kind[:2], ("6", "leading or trailing space"))


_WORDS = {
    "DT": ("8", "not a day of the calendar in the form asked for"),
    "DP": ("8", "not a day of the calendar in the form that its qualifier says"),
    "TM": ("9", "not a time of day"),
    "R": ("6", "not a number as X12 writes it"),
    "N0": ("6", "not a number as X12 writes it"),
}
