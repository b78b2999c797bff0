"""Bytes to interchanges, groups, sets and segments. Any bytes at all: what is wrong becomes a finding, never a raise.

Delimiters are taken anew from every ISA. Line breaks around segments are tolerated, a newline may itself be the
terminator. Every byte ends up in a segment, in the count of blanks around segments, or in a finding that says why not.
"""

import re
from bisect import bisect_left

from edi.findings import Finding, Place, Severity, class_of
from edi.pause import collector_paused
from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet
from edi.x12.syntax.header import Header, header_at, is_full_header, landmarks
from edi.x12.syntax.segments import Around, segments_of
from edi.x12.syntax.structure import Builder

__all__ = ["Document", "Group", "Interchange", "TransactionSet", "is_told_whole", "is_whole", "read"]

_BETWEEN = " \t\r\n\x1a\x00"  # what editors, mainframes and file systems leave between and after interchanges
_LINE_END = re.compile(r"[\r\n]")
_LINE = re.compile(r"\r\n|\r|\n")
_HEADER_WIDTH = 105  # of an ISA before its terminator
_PLAIN = bytes(range(0x20, 0x7F)) + b"\r\n\t"
_BOM = "\xef\xbb\xbf"


def read(data: bytes) -> Document:
    """Everything in ``data``, with findings for whatever is not as the standard has it. Never raises on bad bytes.

    Takes time in proportion to the size, whatever the bytes are.
    """
    with collector_paused():
        return _Reader(data).read()


def is_whole(data: bytes) -> bool:
    """Whether nothing of a file can be missing at its end: its last interchange has its IEA, and no other has begun.

    What is missing in the middle is a fault that `read` reports; waiting does not mend it.
    """
    return _Reader(data).ends_whole(terminated=True)


def is_told_whole(data: bytes) -> bool:
    """Whether nothing of what a file tells is missing at its end: `is_whole`, or it lacks its last terminator alone.

    An IEA without terminator tells all where it repeats ISA13, for then no digit of it is to come. Some senders never
    write that terminator; but who reads such a file at once reads one that is still being written, too.
    """
    return _Reader(data).ends_whole(terminated=False)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._document = Document()
        self._index = 0  # of the next segment in the file
        self._text = self._unwrapped(data.decode("latin-1"))
        self._odd = bool(data.translate(None, _PLAIN))
        self._landmarks = landmarks(self._text)
        self._numbers: set[tuple[str, str, str]] = set()  # sender, receiver and ISA13 of the interchanges so far

    def read(self) -> Document:
        at = self._byte_order_mark()
        while (found := self._next_header(at)) is not None:
            at = self._interchange(found)
        if not self._document.interchanges and not self._document.findings:
            self._report(
                Severity.ERROR, "X12-EMPTY", "the file holds nothing", "Ask the sender for the whole file.", ""
            )
        return self._document

    def ends_whole(self, *, terminated: bool) -> bool:
        """`is_whole` or `is_told_whole`, without taking segments apart."""
        at, whole = 0, False
        while (found := self._next_header(at)) is not None:
            at, closed = self._extent(found)
            whole = closed and self._is_ended(found, at, terminated=terminated)
        rest = self._text[at:].strip(_BETWEEN)
        return whole and not (rest.startswith("ISA") or (rest and "ISA".startswith(rest)))

    def _is_ended(self, header: Header, end: int, *, terminated: bool) -> bool:
        """Whether the IEA before ``end`` has its terminator or, where that is not asked, the number of its ISA."""
        marks = header.delimiters
        trailer = self._text[header.end : end].rstrip(_BETWEEN.replace(marks.segment, ""))
        number = trailer.rsplit(marks.element, 1)[-1]
        return trailer.endswith(marks.segment) or (not terminated and number == header.elements[13].strip())

    # -- between interchanges ------------------------------------------------------------------------------------------
    def _byte_order_mark(self) -> int:
        if not self._text.startswith(_BOM):
            return 0
        message, cure = "the file begins with a UTF-8 byte order mark", "Have the sender leave it out."
        self._report(Severity.WARNING, "X12-BOM", message, cure, _BOM)
        return len(_BOM)

    def _unwrapped(self, text: str) -> str:
        """The text in one piece where it was broken into lines of one width (80, mostly), through the header too."""
        if _LINE_END.search(text.lstrip(_BETWEEN), 0, _HEADER_WIDTH) is None:
            return text
        first, *lines = _LINE.split(text.rstrip(_BETWEEN))
        if not lines or len(lines[-1]) > len(first) or any(len(line) != len(first) for line in lines[:-1]):
            return text
        message, cure = "the file is broken into lines of one width", "Have the sender break no lines within segments."
        self._report(Severity.WARNING, "X12-WRAPPED", message, cure, "")
        whole = "".join((first, *lines))
        self._document.blanks += len(text) - len(whole)
        return whole

    def _next_header(self, at: int) -> Header | None:
        """The next header that can be read; whatever lies before it is reported."""
        broken: int | None = None
        for number in range(bisect_left(self._landmarks, at), len(self._landmarks)):
            start = self._landmarks[number]
            if not self._may_begin(start):
                continue
            header = header_at(self._text, start)
            if header is not None:
                self._left_out(at, broken, start, last=False)
                return header
            broken = start if broken is None else broken
        self._left_out(at, broken, len(self._text), last=True)
        return None

    def _may_begin(self, start: int) -> bool:
        if not self._text.startswith("ISA", start):
            return False
        return not self._text[start - 1 : start].isalnum() or is_full_header(self._text, start)

    def _left_out(self, start: int, broken: int | None, end: int, *, last: bool) -> None:
        """Reports what lies between two interchanges; ``broken`` is where a header begins that cannot be read."""
        stray = self._stripped(start, end if broken is None else broken)
        if stray:
            nothing = last and broken is None and not self._document.interchanges
            self._report(
                Severity.ERROR,
                "X12-NO-ISA" if nothing else "X12-GARBAGE",
                "bytes without an interchange header (ISA)"
                if nothing
                else f"{len(stray)} bytes that belong to no interchange",
                "Look at the file: cut in two, joined wrongly, or not X12 at all.",
                stray,
            )
        if broken is not None:
            self._report(
                Severity.ERROR,
                "X12-ISA",
                "an interchange header that cannot be read: not sixteen elements with four different delimiters; what"
                " follows it is left out up to the next header",
                "Ask the sender for the whole file.",
                self._stripped(broken, end),
                Place(segment_index=self._index, segment="ISA"),
                standard_code="022",
            )

    def _stripped(self, start: int, end: int) -> str:
        text = self._text[start:end]
        bare = text.strip(_BETWEEN)
        self._document.blanks += len(text) - len(bare)
        return bare

    # -- one interchange -----------------------------------------------------------------------------------------------
    def _interchange(self, header: Header) -> int:
        """Takes one interchange apart; where the next may begin."""
        end, closed = self._extent(header)
        builder = Builder(header, self._index, self._document.findings)
        self._check_header(header, builder)
        around = Around()
        segments = segments_of(self._text[header.end : end], builder, around, closed=closed, odd=self._odd)
        interchange = builder.build(segments)
        interchange.blanks, interchange.terminated = around.blanks, around.terminated
        self._document.interchanges.append(interchange)
        self._index += 1 + len(segments)
        return end

    def _extent(self, header: Header) -> tuple[int, bool]:
        """Where the interchange ends, and whether with its IEA: at the latest where the next one begins."""
        trailer = "IEA" + header.delimiters.element
        end: int | None = None
        for number in range(bisect_left(self._landmarks, header.end), len(self._landmarks)):
            start = self._landmarks[number]
            if end is not None and start >= end:
                break
            if self._text.startswith("ISA", start):
                fresh = self._is_fresh(start, header) or is_full_header(self._text, start)
                if fresh and header_at(self._text, start) is not None:
                    return start, end is not None
            elif end is None and self._text.startswith(trailer, start) and self._is_fresh(start, header):
                end = self._after_trailer(start, header.delimiters.segment)
        return (len(self._text), False) if end is None else (end, True)

    def _is_fresh(self, start: int, header: Header) -> bool:
        """Whether a segment may begin here: after a terminator or a line break, blanks aside."""
        before = self._text[max(start - 40, header.end) : start].rstrip(" \t")
        return (not before and start - header.end <= 40) or before[-1:] in {header.delimiters.segment, "\r", "\n"}

    def _after_trailer(self, start: int, terminator: str) -> int:
        """The end of the IEA that begins here: its terminator, else the end of its line."""
        at = self._text.find(terminator, start)
        if at >= 0:
            again = None if terminator in "\r\n" else re.compile(rf"(?:\s*{re.escape(terminator)})+")
            more = again.match(self._text, at + 1) if again else None
            return more.end() if more else at + 1
        line_end = _LINE_END.search(self._text, start)
        return line_end.start() if line_end else len(self._text)

    def _check_header(self, header: Header, builder: Builder) -> None:
        key = (builder.interchange.sender_id, builder.interchange.receiver_id, builder.interchange.control_number)
        if key in self._numbers:
            message, cure = (
                "the interchange control number was used before in this file",
                "Ask the sender which counts.",
            )
            builder.note(Severity.ERROR, "X12-ISA13-REPEATED", message, cure, 0, element=13, standard_code="025")
        self._numbers.add(key)
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

    def _report(
        self,
        severity: Severity,
        code: str,
        message: str,
        cure: str,
        unread: str,
        place: Place | None = None,
        standard_code: str | None = None,
    ) -> None:
        """A finding about the file itself; ``unread`` is what stays outside the interchanges because of it."""
        self._document.findings.append(
            Finding(
                severity=severity,
                code=code,
                message=message,
                cure=cure,
                place=place or Place(segment_index=self._index),
                standard_code=standard_code,
                value_class=class_of(unread) if unread else None,
                value_length=len(unread) if unread else None,
            )
        )
