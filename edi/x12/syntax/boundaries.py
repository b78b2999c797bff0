"""Where interchanges begin and end in a text, and what is said of that: common to whoever reads it whole or bit by bit."""

import re
from collections.abc import Iterable

from edi.findings import Finding, Place, Severity, class_of
from edi.x12.syntax.header import Header, header_at, is_full_header
from edi.x12.syntax.structure import Builder

BETWEEN = " \t\r\n\x1a\x00"  # what editors, mainframes and file systems leave between and after interchanges
LINE_END = re.compile(r"[\r\n]")
BYTE_ORDER_MARK = "\xef\xbb\xbf"
_LINE = re.compile(r"\r\n|\r|\n")
_HEADER_WIDTH = 105  # of an ISA before its terminator
_NEAR = 40  # characters in which blanks may stand before a segment


def is_broken_early(text: str) -> bool:
    """Whether a line ends within the first header, as in a file that is broken into lines of one width."""
    return LINE_END.search(text.lstrip(BETWEEN), 0, _HEADER_WIDTH) is not None


def shows_its_beginning(text: str) -> bool:
    """Whether ``is_broken_early`` can be told from this much of a file."""
    return len(text.lstrip(BETWEEN)) >= _HEADER_WIDTH


def has_uneven_lines(text: str) -> bool:
    """Whether its lines, the last one aside, are not all of one width."""
    first, *lines = _LINE.split(text.rstrip(BETWEEN))
    return any(len(line) != len(first) for line in lines[:-1])


def unwrapped(text: str) -> str:
    """A whole file in one piece where it was broken into lines of one width (80, mostly), through the header too."""
    if not is_broken_early(text):
        return text
    first, *lines = _LINE.split(text.rstrip(BETWEEN))
    if not lines or len(lines[-1]) > len(first) or any(len(line) != len(first) for line in lines[:-1]):
        return text
    return "".join((first, *lines))


def may_begin(text: str, start: int) -> bool:
    """Whether the landmark here may be an ISA that begins an interchange."""
    if not text.startswith("ISA", start):
        return False
    return not text[start - 1 : start].isalnum() or is_full_header(text, start)


def begins_anew(text: str, start: int, header: Header) -> bool:
    """Whether inside the interchange of ``header`` another one begins at this landmark."""
    if not text.startswith("ISA", start):
        return False
    fresh = _is_fresh(text, start, header) or is_full_header(text, start)
    return fresh and header_at(text, start) is not None


def is_trailer(text: str, start: int, header: Header) -> bool:
    """Whether the interchange of ``header`` has its IEA at this landmark."""
    return text.startswith("IEA" + header.delimiters.element, start) and _is_fresh(text, start, header)


def _is_fresh(text: str, start: int, header: Header) -> bool:
    """Whether a segment may begin here: after a terminator or a line break, blanks aside."""
    before = text[max(start - _NEAR, header.end, 0) : start].rstrip(" \t")
    return (not before and start - header.end <= _NEAR) or before[-1:] in {header.delimiters.segment, "\r", "\n"}


def extent(text: str, landmarks: Iterable[int], header: Header, decided: int, *, ended: bool) -> tuple[int, bool]:
    """Where the interchange of ``header`` ends, and whether with its IEA: at the latest where the next one begins.

    ``landmarks`` are those after the header and before ``decided``: what comes later is not judged yet, unless ``ended`` says
    that nothing comes. An end that is not at hand is -1.
    """
    mark = header.delimiters.segment
    trailer, stop = -1, -1  # where IEA stands, and its terminator
    for start in landmarks:
        if 0 <= stop < start:
            break
        if begins_anew(text, start, header):
            return (start, False) if trailer < 0 else (_line_end(text, trailer, start), True)
        if trailer < 0 and is_trailer(text, start, header):
            trailer, stop = start, text.find(mark, start)
    if trailer < 0:
        return (len(text) if ended else -1), False
    if stop < 0 and ended:
        return _line_end(text, trailer, len(text)), True
    if stop < 0 or stop >= decided:
        return -1, True
    end = stop + 1 if mark in "\r\n" else _after_repeats(text, stop + 1, mark)
    return (end if ended or mark in "\r\n" or text[end:].strip() else -1), True


def _after_repeats(text: str, start: int, mark: str) -> int:
    """The end of further terminators that stand here, blanks between them."""
    more = re.compile(rf"(?:\s*{re.escape(mark)})+").match(text, start)
    return more.end() if more else start


def _line_end(text: str, start: int, end: int) -> int:
    """Where the line ends that begins at ``start``, at the latest at ``end``."""
    found = LINE_END.search(text, start, end)
    return found.start() if found else end


# -- what is said ------------------------------------------------------------------------------------------------------


def check_header(header: Header, builder: Builder, numbers: set[tuple[str, str, str]]) -> None:
    """Note what is odd about an ISA; ``numbers`` are sender, receiver and ISA13 of those before it, and get its own."""
    one = builder.interchange
    key = (one.sender_id, one.receiver_id, one.control_number)
    if key in numbers:
        message, cure = "the interchange control number was used before in this file", "Ask the sender which counts."
        builder.note(Severity.ERROR, "X12-ISA13-REPEATED", message, cure, 0, element=13, standard_code="025")
    numbers.add(key)
    if not header.padded:
        message, cure = "ISA is not padded to its fixed widths", "Have the sender pad ISA to 106 bytes."
        builder.note(Severity.WARNING, "X12-ISA-WIDTH", message, cure, 0)
    if not header.repeats:
        message = "ISA11 is no usable repetition separator"
        cure = "Have the sender give a repetition separator of its own."
        builder.note(Severity.WARNING, "X12-ISA11", message, cure, 0, element=11)
    if not header.composes:
        message = "ISA16 is no usable component separator; composites may be read wrongly"
        cure = "Have the sender give a component separator of one character."
        builder.note(Severity.ERROR, "X12-ISA16", message, cure, 0, element=16, standard_code="027")


def byte_order_mark() -> Finding:
    """The file begins with one."""
    message, cure = "the file begins with a UTF-8 byte order mark", "Have the sender leave it out."
    kind, length = class_of(BYTE_ORDER_MARK), len(BYTE_ORDER_MARK)
    return _about_the_file(Severity.WARNING, "X12-BOM", message, cure, Place(segment_index=0), kind, length)


def wrapped() -> Finding:
    """The file was broken into lines of one width."""
    message, cure = "the file is broken into lines of one width", "Have the sender break no lines within segments."
    return _about_the_file(Severity.WARNING, "X12-WRAPPED", message, cure, Place(segment_index=0))


def empty() -> Finding:
    """There is nothing in it."""
    message, cure = "the file holds nothing", "Ask the sender for the whole file."
    return _about_the_file(Severity.ERROR, "X12-EMPTY", message, cure, Place(segment_index=0))


def garbage(index: int, kind: str, length: int, *, alone: bool) -> Finding:
    """So many characters that belong to no interchange, before segment ``index``; ``alone`` where there is none at all."""
    return _about_the_file(
        Severity.ERROR,
        "X12-NO-ISA" if alone else "X12-GARBAGE",
        "bytes without an interchange header (ISA)" if alone else f"{length} bytes that belong to no interchange",
        "Look at the file: cut in two, joined wrongly, or not X12 at all.",
        Place(segment_index=index),
        kind,
        length,
    )


def broken_header(index: int, kind: str, length: int) -> Finding:
    """A header that cannot be read, and what is left out for it."""
    return _about_the_file(
        Severity.ERROR,
        "X12-ISA",
        "an interchange header that cannot be read: not sixteen elements with four different delimiters; what"
        " follows it is left out up to the next header",
        "Ask the sender for the whole file.",
        Place(segment_index=index, segment="ISA"),
        kind,
        length,
        standard_code="022",
    )


def _about_the_file(
    severity: Severity,
    code: str,
    message: str,
    cure: str,
    place: Place,
    kind: str | None = None,
    length: int | None = None,
    standard_code: str | None = None,
) -> Finding:
    """``kind`` and ``length`` describe what stays outside the interchanges because of it."""
    return Finding(
        severity=severity,
        code=code,
        message=message,
        cure=cure,
        place=place,
        standard_code=standard_code,
        value_class=kind,
        value_length=length,
    )
