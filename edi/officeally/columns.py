"""Fixed columns: where they begin by the table, and where they begin by the heading that stands above them.

A table lists a report's columns from left to right. A cell reaches to where the next begins, so that values may touch.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from edi.amounts import cents_from_text
from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity, class_of
from edi.officeally.lines import problem

_WIDE = 100_000
_PUSHES = (*range(1, 25), *range(-1, -7, -1))
"""How far a value that is too wide, or narrower than its column, may have moved what comes after it."""


@dataclass(frozen=True, slots=True)
class Column:
    """`start` counts from 0; `label` is the heading that we write, `known_as` what headings may call it."""

    name: str
    start: int
    label: str
    known_as: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns and the place of each."""

    columns: Sequence[Column]
    starts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def known(cls, columns: Sequence[Column]) -> "Layout":
        return cls(columns, {column.name: column.start for column in columns})

    @classmethod
    def under(cls, heading: str, columns: Sequence[Column], needed: Sequence[str]) -> "Layout | None":
        """The columns as a heading shows them; None for a line that is no heading of all that is `needed`."""
        starts: dict[str, int] = {}
        at = 0
        for column in columns:
            if found := re.compile(column.known_as, re.IGNORECASE).search(heading, at):
                starts[column.name], at = found.start(), found.end()
        return cls(columns, starts) if all(name in starts for name in needed) else None

    def span(self, name: str) -> tuple[int, int]:
        """First column of a cell and the one after its last."""
        start = self.starts[name]
        return start, min((other for other in self.starts.values() if other > start), default=_WIDE)

    def cells(self, text: str) -> dict[str, str]:
        """The cells of a row, blanks around them taken off; columns that a heading did not show are blank."""
        cut = {name: text[slice(*self.span(name))].strip() for name in self.starts}
        return {column.name: cut.get(column.name, "") for column in self.columns}

    def splits(self, text: str) -> int:
        """How many cells begin where no blank is before them: a heading that stands elsewhere cuts values in two."""
        around = (text[start - 1 : start + 1] for start in self.starts.values() if start > 0)
        return sum(len(pair) == len(pair.replace(" ", "")) == 2 for pair in around)

    def cuts(self, text: str) -> bool:
        """Whether a value runs over the edge of a column without having begun at its start: the row stands elsewhere."""
        return any(
            text[start] == " " and edge < len(text) and " " not in text[edge - 1 : edge + 1]
            for start, edge in pairwise(sorted(self.starts.values())[1:])
            if start < len(text)
        )

    def fits(self, text: str) -> bool:
        """Whether every value begins where its column does, no cell holds two of them, and one pair touches at most."""
        starts = sorted(self.starts.values())[1:]
        cells = [text[start:edge].rstrip() for start, edge in pairwise([*starts, _WIDE])]
        return self.splits(text) <= 1 and all(not cell.startswith(" ") and "  " not in cell for cell in cells)

    def pushed(self, text: str) -> "Iterator[Layout]":
        """The same columns where one value of the row moved all that come after it: a value begins there now."""
        for at, following in pairwise(sorted(self.starts.values())[1:]):
            for by in _PUSHES:
                edge = text[following + by - 1 : following + by + 1]
                if following + by > at and len(edge) == 2 and edge[0] == " " != edge[1]:
                    moved = {name: start + by if start > at else start for name, start in self.starts.items()}
                    yield Layout(self.columns, moved)

    def heading(self) -> str:
        return _placed((self.starts[column.name], column.label) for column in self.columns)

    def row(self, cells: dict[str, str]) -> str:
        """A printed row. NotRepresentable for a cell that does not fit, or that would not be read back as it is."""
        for name, value in cells.items():
            start, end = self.span(name)
            if len(value) > end - start:
                raise refusal("OA-FIT", f"{name} is longer than its column", value, (start, end))
            check_printable(name, value)
        return _placed((self.starts[name], value) for name, value in cells.items())


def aligned(text: str, anchor: tuple[int, int] | None, start: int) -> str:
    """The row moved so that what `anchor` spans begins in column `start`: a wide value before it pushes a row aside."""
    shift = 0 if anchor is None else anchor[0] - start
    return " " * -shift + text if shift < 0 else text[shift:]


def check_printable(name: str, value: str) -> None:
    """NotRepresentable unless a report can show the value and give it back: ASCII, no blanks around or in a row."""
    if not (value.isascii() and (value.isprintable() or not value)) or value != " ".join(value.split(" ")).strip(" "):
        raise refusal("OA-CHARACTERS", f"{name} is no printable ASCII", value)
    if "  " in value:
        raise refusal("OA-CHARACTERS", f"{name} has several blanks in a row", value)


def refusal(code: str, message: str, value: str, columns: tuple[int, int] | None = None) -> NotRepresentable:
    """What a writer raises, with the value told by class and length."""
    return NotRepresentable(
        Finding(
            severity=Severity.ERROR,
            code=code,
            message=message,
            cure="shorten or correct the value; nothing is cut to fit",
            place=Place(columns=None if columns is None else (columns[0] + 1, columns[1])),
            value_class=class_of(value),
            value_length=len(value),
        )
    )


@dataclass(slots=True)
class Cells:
    """The cells of one row, read value by value; what is wrong gathers in `findings` under the report's `prefix`."""

    printed: str
    layout: Layout
    line: int
    prefix: str
    findings: list[Finding] = field(default_factory=list)
    texts: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.texts = self.layout.cells(self.printed)

    def text(self, name: str) -> str | None:
        return self.texts[name] or None

    def number(self, name: str) -> str | None:
        """An identifier of digits."""
        value = self.text(name)
        if value is not None and not (value.isascii() and value.isdigit()):
            self.tell(Severity.ERROR, "NUMBER", name, "is no number")
        return value

    def word(self, name: str) -> str:
        """An identifier without which the row says nothing."""
        value = self.texts[name]
        if not value or " " in value:
            self.tell(Severity.ERROR, "VALUE", name, "has a blank within" if value else "is missing")
        return value

    def day(self, name: str) -> date | None:
        """A date printed as 11/02/2026."""
        value = self.text(name)
        try:
            return None if value is None else datetime.strptime(value, "%m/%d/%Y").date()  # noqa: DTZ007 - a day
        except ValueError:
            self.tell(Severity.WARNING, "DATE", name, "is no date of the form MM/DD/YYYY")
            return None

    def cents(self, name: str) -> int | None:
        """Dollars with or without sign and thousands separators."""
        value = self.text(name)
        try:
            return None if value is None else cents_from_text(value.lstrip("$").replace(",", ""))
        except ValueError:
            self.tell(Severity.WARNING, "AMOUNT", name, "is no amount")
            return None

    def tell(self, severity: Severity, code: str, name: str, what: str) -> None:
        value = self.texts[name]
        start, end = self.layout.span(name) if name in self.layout.starts else (0, 0)
        columns = (start, min(end, start + max(len(value), 1)))
        message = f"{name.replace('_', ' ')} {what}"
        self.findings.append(problem(severity, f"{self.prefix}-{code}", message, self.line, columns, value))

    @property
    def unreadable(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def doubt(self) -> tuple[bool, bool, int]:
        """How badly the row fits its columns, for choosing between two layouts."""
        return self.unreadable, self.layout.cuts(self.printed), self.layout.splits(self.printed)

    @property
    def misplaced(self) -> bool:
        """Whether its values stand in other columns than these; one in its own columns is never read in others."""
        return self.layout.cuts(self.printed)


def day_text(value: date | None) -> str:
    return "" if value is None else f"{value:%m/%d/%Y}"


def _placed(cells: Iterable[tuple[int, str]]) -> str:
    row = ""
    for start, value in cells:
        row = f"{row:<{start}}{value}"
    return row.rstrip()
