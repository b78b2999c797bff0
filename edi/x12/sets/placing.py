"""Writing a set where its table leads: each segment goes to the first place of its loop that its qualifier fits, and the
whole is walked once more before it is handed out, for order, repeats and what is missing.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.x12.judging.walk import walk
from edi.x12.profile import INBOUND
from edi.x12.sets.layouts import Layout
from edi.x12.sets.shared import Address, Contact
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.document import set_of
from edi.x12.tables.schema import Loop
from edi.x12.writer import Row, SetWriter, maybe_day
from edi.x12.written import WrittenSet

T = TypeVar("T")


class Place:
    """A loop of a table, ready to be written into: its rows and the loops below it, by segment id and in order."""

    def __init__(self, loop: Loop) -> None:
        self.opening = Row(loop.trigger, loop.id)
        self.rows: dict[str, list[Row]] = {}
        self.below: dict[str, list[Place]] = {}
        for item in loop.contents:
            if isinstance(item, Loop):
                self.below.setdefault(item.trigger.id, []).append(Place(item))
            else:
                self.rows.setdefault(item.id, []).append(Row(item, loop.id))


class Placer:
    """Segments of one set, each put into its place. ``what`` names the set in what is said of a value it has no room for."""

    def __init__(self, top: Place, out: SetWriter, what: str) -> None:
        self.top = top
        self.out = out
        self._what = what

    def row(self, place: Place, name: str, qualifier: str) -> Row:
        """The row of ``place`` for a segment with this qualifier."""
        return self._fitting(place, name, qualifier, [(row, row) for row in place.rows.get(name, [])])

    def loop(self, place: Place, name: str, qualifier: str) -> Place:
        """The loop below ``place`` that such a segment opens."""
        return self._fitting(place, name, qualifier, [(one.opening, one) for one in place.below.get(name, [])])

    def _fitting(self, place: Place, name: str, qualifier: str, known: list[tuple[Row, T]]) -> T:
        """The first whose row has the qualifier; a single one judges it itself when it is written."""
        if len(known) == 1:
            return known[0][1]
        for row, found in known:
            if row.segment.key and qualifier in row.segment.key[1]:
                return found
        if not known:
            raise self.out.refuse(place.opening, 1, f"{self._what} has no {name} here")
        row = known[0][0]
        position = row.segment.key[0] if row.segment.key else 1
        raise self.out.refuse(row, position, f"a qualifier that {self._what} does not have here")

    def put(self, place: Place, name: str, *values: str) -> None:
        """A segment of ``place``, told from others by its first element."""
        self.out.put(self.row(place, name, values[0]), *values)

    def lay(self, place: Place, name: str, layout: Layout[Any], value: object, qualifier: str = "") -> None:
        """A value as a segment of ``place``."""
        layout.put(self.out, self.row(place, name, qualifier), value)

    def each(self, place: Place, name: str, layout: Layout[Any], values: Iterable[object], qualifier: str = "") -> None:
        """One segment a value; ``qualifier`` names the field that tells its row."""
        for value in values:
            self.lay(place, name, layout, value, getattr(value, qualifier) if qualifier else "")

    def opened(self, place: Place, name: str, layout: Layout[Any], value: object, qualifier: str = "") -> Place:
        """The loop that a value opens below ``place``, its first segment written."""
        inner = self.loop(place, name, qualifier)
        layout.put(self.out, inner.opening, value)
        return inner

    def address(self, place: Place, value: Address) -> None:
        """N3 and N4, each where there is something of it."""
        if value.line1 or value.line2:
            self.put(place, "N3", value.line1, value.line2 or "")
        rest = (value.state or "", value.zip or "", value.country or "", "", "", value.subdivision or "")
        if value.city or any(rest):
            self.put(place, "N4", value.city, *rest)

    def contact(self, place: Place, value: Contact) -> None:
        """PER."""
        self.put(place, "PER", value.function, value.name or "", *(part for pair in value.numbers for part in pair))

    def finish(self, control_number: str) -> WrittenSet:
        """SE, and the bytes."""
        self.put(self.top, "SE", str(self.out.count + 1), control_number)
        return self.out.finish()


def walked(written: WrittenSet, version: str, delimiters: Delimiters, table: Loop) -> WrittenSet:
    """The same set; NotRepresentable with the first thing in which it is not as its table has it."""
    findings, _ = walk(set_of(written.data, version, delimiters), table, INBOUND)
    for finding in findings:
        if finding.severity is Severity.ERROR:
            raise NotRepresentable(finding)
    return written


def period(first: date | None, last: date | None) -> tuple[str, str]:
    """Qualifier and text of a period, or of a day told in its place; blank where neither is there."""
    if first is None:
        return "", ""
    return ("D8", maybe_day(first)) if last is None else ("RD8", f"{maybe_day(first)}-{maybe_day(last)}")
