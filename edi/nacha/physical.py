"""Bytes of an ACH file as physical lines, and lines as bytes again: line ends, cut blanks, characters beyond ASCII.

Lines may end in LF, CRLF or CR, or not at all (94 characters after 94).
"""

import re
from dataclasses import dataclass

from edi.nacha.columns import RECORD_LENGTH

_LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its characters, one a column, the encoding that gave them, and the bytes that end it."""

    text: str
    end: bytes
    encoding: str = "latin-1"

    @property
    def data(self) -> bytes:
        return self.text.encode(self.encoding) + self.end


def split_lines(data: bytes) -> list[Line]:
    """The physical records: by line end, and where a line is several times 94 long, by length. Blank ones too."""
    lines: list[Line] = []
    for match in _LINE.finditer(data):
        content, end = match[1], match[2]
        if not content and not end:
            break
        starts = range(0, len(content), RECORD_LENGTH) if _is_run(content) else ()
        lines += [_line(content[at : at + RECORD_LENGTH], b"") for at in starts[:-1]]
        lines.append(_line(content[starts[-1] :] if starts else content, end))
    return lines


def _is_run(content: bytes) -> bool:
    """Whether a line is several records without line ends between."""
    length = len(content)
    if length <= RECORD_LENGTH or not content[RECORD_LENGTH:].strip():
        return False
    return length % RECORD_LENGTH == 0 or length > 2 * RECORD_LENGTH


def _line(content: bytes, end: bytes) -> Line:
    """Text with one character a column: UTF-8 only where that gives exactly the record length."""
    if not content.isascii():
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return Line(content.decode("latin-1"), end)
        if len(text) == RECORD_LENGTH:
            return Line(text, end, "utf-8")
    return Line(content.decode("latin-1"), end)
