"""The vocabulary of the tables: how a guide's rows are written down as Python literals.

    L("2010BA", "R", 1,                                      loop: id, usage, repeat (0 = no limit), contents in order
        S("N3", "R", 1, "R 166", "S 166"),                   segment: id, usage, repeat, elements from 01
        S("HI", "R", 1, C("R", "R 1270 ABK BK", "R 1271")),  composite element with its components

An element is "usage data-element codes…", with ``x10`` for a repeat. Usage is R required, S situational, N not used.
Type and length belong to the data element (``edi.x12.tables.elements``). ``notes`` are the standard's syntax notes: P0304
means "03 and 04 only together", R0203 "one of them", E0207 "not both", C0605 "06 needs 05", L050607 "05 needs 06 or 07".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from edi.x12.tables.elements import DATA_ELEMENTS

KEYED = {"NM1": 1, "N1": 1, "REF": 1, "DTP": 1, "DTM": 1, "AMT": 1, "QTY": 1, "PER": 1, "CRC": 1, "NTE": 1, "HI": 1}
KEYED |= {"PWK": 2, "TRN": 1, "HL": 3, "PRV": 1, "ENT": 2}
"""Segments that mean different things by a qualifier, and the element that holds it."""


@dataclass(frozen=True, slots=True)
class Element:
    """A simple element or a component. ``kind`` is AN, ID, N0, R, DT, TM, or DP: a date or period by its qualifier."""

    usage: str
    number: str = ""
    kind: str = "AN"
    minimum: int = 0
    maximum: int = 0
    codes: tuple[str, ...] = ()
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Composite:
    usage: str
    parts: tuple[Element, ...]
    repeat: int = 1


@dataclass(frozen=True)
class Segment:
    """One segment at one place of a set. ``maximum`` 0 means no limit."""

    id: str
    usage: str
    maximum: int
    elements: tuple[Element | Composite, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def key(self) -> tuple[int, frozenset[str]] | None:
        """Element position and qualifiers by which this place is told from others of the same id, if any."""
        position = KEYED.get(self.id)
        if position is None or position > len(self.elements):
            return None
        element = self.elements[position - 1]
        codes = element.parts[0].codes if isinstance(element, Composite) else element.codes
        return (position, frozenset(codes)) if codes else None


@dataclass(frozen=True)
class Loop:
    """Segments that belong together; the first one opens the loop. ``maximum`` 0 means no limit."""

    id: str
    usage: str
    maximum: int
    contents: tuple["Segment | Loop", ...]

    @property
    def trigger(self) -> Segment:
        first = self.contents[0]
        return first if isinstance(first, Segment) else first.trigger

    def walk(self) -> Iterator[tuple[str, Segment]]:
        """Every segment below with the id of its loop, in order."""
        for item in self.contents:
            if isinstance(item, Segment):
                yield self.id, item
            else:
                yield from item.walk()

    def segment(self, loop: str, name: str, qualifier: str | None = None) -> Segment:
        """The row of segment ``name`` in ``loop``, told from others by ``qualifier``. KeyError if there is none."""
        for where, row in self.walk():
            if where == loop and row.id == name and (qualifier is None or (row.key and qualifier in row.key[1])):
                return row
        raise KeyError(f"{loop} {name} {qualifier or ''}")


def S(name: str, usage: str, maximum: int, *elements: "str | Composite", notes: str = "") -> Segment:  # noqa: N802
    """A row of a table: see the module's text."""
    parsed: list[Element | Composite] = []
    for element in elements:
        before = parsed[-1] if parsed else None
        parsed.append(element if isinstance(element, Composite) else _element(element, before))
    return Segment(name, _usage(usage), maximum, tuple(parsed), tuple(notes.split()))


def C(usage: str, *parts: str) -> Composite:  # noqa: N802
    """A composite element."""
    usage, _, repeat = usage.partition(" x")
    parsed: list[Element] = []
    for part in parts:
        parsed.append(_element(part, parsed[-1] if parsed else None))
    return Composite(_usage(usage), tuple(parsed), int(repeat or 1))


def L(name: str, usage: str, maximum: int, *contents: "Segment | Loop") -> Loop:  # noqa: N802
    """A loop of a table."""
    return Loop(name, _usage(usage), maximum, contents)


def _element(text: str, before: "Element | Composite | None") -> Element:
    usage, *rest = text.split()
    if not rest:
        return Element(_usage(usage))
    number, *codes = rest
    repeat = int(codes.pop()[1:]) if codes and codes[-1][0] == "x" else 1
    kind, minimum, maximum = DATA_ELEMENTS[number]
    if number == "1251" and isinstance(before, Element) and before.number == "1250":
        kind = "DP:" + ",".join(before.codes)
    return Element(_usage(usage), number, kind, minimum, maximum, tuple(codes), repeat)


def _usage(usage: str) -> str:
    if usage not in {"R", "S", "N"}:
        raise ValueError(f"usage is R, S or N, not {usage!r}")
    return usage
