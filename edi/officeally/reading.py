"""What the readers of both reports share: pages, headings, and which columns a row stands in."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from edi.findings import Finding, Severity
from edi.officeally.columns import Cells, Column, Layout
from edi.officeally.lines import Line, lines_of, problem, text_of, unread

_Row = TypeVar("_Row")
_FIGURES = 5
"""Words with digits in them that only a claim's row has: numbers, dates, codes."""
_LONGEST = 2000
"""Characters of a line. No report prints more; patterns over such a line could take minutes."""


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
            if len(line.text) > _LONGEST:
                self.error("LONG", f"a line of {len(line.text)} characters is none of a report", line)
            else:
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
        layouts = [self.layout] if self.layout == self._known else [self.layout, self._known]

        def tried(layout: Layout) -> tuple[_Row, Cells]:
            cells = Cells(placed(layout), layout, line.number, self._prefix)
            return row_of(cells), cells

        row, best = min(map(tried, layouts), key=lambda one: one[1].doubt)
        if best.misplaced:
            moved = [tried(one) for base in layouts for one in base.pushed(placed(base)) if one.fits(placed(one))]
            sound = [one for one in moved if not one[1].findings]
            if sound and all(other == sound[0][0] for other, _ in sound):
                row, best = sound[0]
                message = "a row whose values stand beside their columns was read by where they begin"
                self.findings.append(problem(Severity.WARNING, f"{self._prefix}-MOVED", message, line.number))
            elif not best.unreadable:
                best.tell(Severity.ERROR, "CUT-CELL", "account", "cannot be told: values run over the edges of columns")
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

    def lost(self, line: Line) -> bool:
        """Whether an unknown line holds as much as a claim's row does: then it must not be passed over."""
        if sum(any(map(str.isdigit, word)) for word in line.text.split()) < _FIGURES:
            return False
        self.error("ROW", "a line that may be a claim's row cannot be read", line)
        return True

    def error(self, code: str, message: str, line: Line) -> None:
        self.findings.append(problem(Severity.ERROR, f"{self._prefix}-{code}", message, line.number))
