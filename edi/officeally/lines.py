"""A report as numbered lines, and what every reader of such lines needs."""

import re
from dataclasses import dataclass

from edi.findings import Finding, Place, Severity, class_of

_LINE_ENDS = re.compile(r"\r\n|\n|\r")
_RULE = re.compile(r"\s*[-=_*]{3,}\s*")
_PAGE = re.compile(r"\bpage\b\W*\d+", re.IGNORECASE)
_CURE = "look at the file, and ask Office Ally for it again if it is damaged"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its number in the file from 1, its text without blanks at the end, whether a page begins with it."""

    number: int
    text: str
    new_page: bool = False

    @property
    def is_rule(self) -> bool:
        """Dashes across the page."""
        return _RULE.fullmatch(self.text) is not None

    @property
    def tells_page(self) -> bool:
        return _PAGE.search(self.text) is not None


def text_of(data: bytes) -> str:
    """The characters of a report: UTF-8 where it is that, else one character a byte, so that columns stay columns."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.rstrip("\0\x1a")


def lines_of(text: str) -> list[Line]:
    """The lines that hold anything. A form feed begins a page, within a line too; a tab reaches to the next eighth column."""
    found: list[Line] = []
    new_page = False
    for number, physical in enumerate(_LINE_ENDS.split(text), start=1):
        for place, part in enumerate(physical.split("\f")):
            new_page = new_page or place > 0
            printed = part.expandtabs().rstrip()
            if printed:
                found.append(Line(number, printed, new_page))
                new_page = False
    return found


def problem(
    severity: Severity,
    code: str,
    message: str,
    line: int,
    columns: tuple[int, int] | None = None,
    value: str | None = None,
) -> Finding:
    """A finding at a line; `columns` are 0-based from and to (exclusive), `value` is told by class and length only."""
    return Finding(
        severity=severity,
        code=code,
        message=message,
        cure=_CURE,
        place=Place(line=line, columns=None if columns is None else (columns[0] + 1, columns[1])),
        value_class=None if value is None else class_of(value),
        value_length=None if value is None else len(value),
    )


def unread(line: Line) -> Finding:
    """A line that no rule of the report covers: kept in the file, told, and no reason to refuse the rest."""
    message = "a line that is neither a claim nor a heading was passed over"
    return problem(Severity.WARNING, "OA-LINE", message, line.number, (0, len(line.text)), line.text.strip())
