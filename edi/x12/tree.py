"""A set as the tree of its loops: what the structure walk found, with every segment at its exact place.

Rules of meaning work on it rather than on typed values, so that they can name segment and element, and still see a claim
that a typed reader would have to leave out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from edi.x12.tables.schema import KEYED


@dataclass(slots=True, eq=False)
class Item:
    """One segment. ``number`` counts from ST = 1; ``node`` is its loop. ``item[3]`` is the text of element 03 or ""."""

    number: int
    elements: list[str]
    node: "Node"

    def __getitem__(self, position: int) -> str:
        return self.elements[position] if position < len(self.elements) else ""

    @property
    def id(self) -> str:
        return self.elements[0]

    @property
    def qualifier(self) -> str:
        """The value by which segments of this id are told apart; "" where there is none."""
        at = KEYED.get(self.elements[0])
        if at is None or at >= len(self.elements):
            return ""
        return self.elements[at].split(self.node.component, 1)[0]

    def parts(self, position: int) -> list[str]:
        """Components of an element; one that is absent has a single blank one."""
        return self[position].split(self.node.component)

    def part(self, position: int, component: int) -> str:
        """A component, counted from 1; blank where absent."""
        text, mark = self[position], self.node.component
        if mark not in text:
            return text if component == 1 else ""
        parts = text.split(mark)
        return parts[component - 1] if component <= len(parts) else ""


@dataclass(slots=True, eq=False)
class Node:
    """One loop, opened by its first item. ``strays`` are segments that had no place while it was the innermost loop."""

    id: str
    component: str
    parent: "Node | None" = None
    items: list[Item] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    strays: list[Item] = field(default_factory=list)

    def all(self, name: str, *qualifiers: str) -> list[Item]:
        """Segments of this loop itself by id and, where given, by one of the qualifiers."""
        return [
            one for one in self.items if one.elements[0] == name and (not qualifiers or one.qualifier in qualifiers)
        ]

    def first(self, name: str, *qualifiers: str) -> Item | None:
        """The first of ``all``, or None."""
        for one in self.items:
            if one.elements[0] == name and (not qualifiers or one.qualifier in qualifiers):
                return one
        return None

    def loops(self, *names: str) -> list["Node"]:
        """Loops directly below with one of these ids."""
        return [one for one in self.children if one.id in names]

    def walk(self) -> Iterator["Node"]:
        """The loop itself and all below it, in the order of the set."""
        ahead = [self]
        while ahead:  # a generator inside a generator for each level would cost four times as much
            node = ahead.pop()
            yield node
            ahead += node.children[::-1]

    @property
    def opening(self) -> Item:
        """The segment that opens the loop."""
        return self.items[0]
