"""What the readers of both reports share: pages, headings, and which columns a row stands in."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from edi.findings import Finding, Severity
from edi.officeally.columns import Cells, Column, Layout
from edi.officeally.lines import Line, lines_of, problem, text_of, unread

_Row = TypeVar("_Row")


class Reading(ABC):
    """Line after line, with what is wrong so far. `in_detail` is true from the first heading or row on."""

    def __init__(self, columns: Sequence[Column], needed: Sequence[str], prefix: str) -> None:
        self.findings: list[Finding] = []
        self.layout = self._known = Layout.known(columns)
        self.in_detail = False
        self._columns, self._needed, self._prefix = columns, needed, prefix
        self._at_page_top = False
        self._above: set[str] = set()

    def read(self, data: bytes) -> list[Finding]:
        """Reads it all; gives the findings."""
        text = text_of(data)
        lines = lines_of(text)
        for line in lines:
            self._at_page_top = self._at_page_top or line.new_page
            self.take(line)
        # Blanks at the very end are no sign of a line's end.
        ended = not lines or text.rstrip(" \t").endswith(("\n", "\r", "\f"))
        self.end(lines[-1] if lines else Line(1, ""), cut_off=not ended)
        return self.findings

    @abstractmethod
    def take(self, line: Line) -> None:
        """Reads one line that holds something."""

    @abstractmethod
    def end(self, last: Line, *, cut_off: bool) -> None:
        """Judges the whole; `cut_off` says that the last line has no end."""

    def begin_detail(self) -> None:
        """A heading or row: what stood at the top of this page is over."""
        self.in_detail, self._at_page_top = True, False

    def heading(self, line: Line) -> bool:
        """Takes over the columns that a heading shows."""
        layout = Layout.under(line.text, self._columns, self._needed)
        if layout is None:
            return False
        self.layout = layout
        self.begin_detail()
        return True

    def fitted(self, line: Line, placed: Callable[[Layout], str], row_of: Callable[[Cells], _Row]) -> _Row | None:
        """The row by the heading's columns, or by the known ones where it fits these better; None if by neither.

        `placed` gives the line moved to where a layout's columns are, `row_of` the row from its cells.
        """
        self.begin_detail()
        tries = []
        for layout in (self.layout, self._known):
            cells = Cells(placed(layout), layout, line.number, self._prefix)
            tries.append((row_of(cells), cells))
        row, best = min(tries, key=lambda tried: tried[1].doubt)
        self.findings += best.findings
        return None if best.unreadable else row

    def passed_over(self, line: Line) -> bool:
        """Whether an unknown line is a title or a page's heading, by where it stands or because it stood there before."""
        text = line.text.strip()
        if not self.in_detail:
            self._above.add(text)
            return True
        return self._at_page_top or text in self._above or line.tells_page

    def unknown(self, line: Line) -> None:
        self.findings.append(unread(line))

    def error(self, code: str, message: str, line: Line) -> None:
        self.findings.append(problem(Severity.ERROR, f"{self._prefix}-{code}", message, line.number))
