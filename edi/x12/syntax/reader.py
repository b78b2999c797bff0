"""Bytes to interchanges, groups, sets and segments. Any bytes at all: what is wrong becomes a finding, never a raise.

Delimiters are taken anew from every ISA. Line breaks around segments are tolerated, a newline may itself be the
terminator. Every byte ends up in a segment, in the count of blanks around segments, or in a finding that says why not.
"""

from bisect import bisect_left

from edi.findings import class_of
from edi.pause import collector_paused
from edi.x12.syntax import boundaries
from edi.x12.syntax.boundaries import BETWEEN, BYTE_ORDER_MARK
from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet
from edi.x12.syntax.header import Header, header_at, landmarks
from edi.x12.syntax.segments import Around, segments_of
from edi.x12.syntax.structure import Builder

__all__ = ["Document", "Group", "Interchange", "TransactionSet", "is_told_whole", "is_whole", "read"]

_PLAIN = bytes(range(0x20, 0x7F)) + b"\r\n"


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
        self._findings = self._document.findings
        self._index = 0  # of the next segment in the file
        self._text = self._unwrapped(data.decode("latin-1"))
        self._odd = bool(data.translate(None, _PLAIN))
        self._landmarks = landmarks(self._text)
        self._numbers: set[tuple[str, str, str]] = set()  # sender, receiver and ISA13 of the interchanges so far

    def read(self) -> Document:
        at = self._byte_order_mark()
        while (found := self._next_header(at)) is not None:
            at = self._interchange(found)
        if not self._document.interchanges and not self._findings:
            self._findings.append(boundaries.empty())
        return self._document

    def ends_whole(self, *, terminated: bool) -> bool:
        """`is_whole` or `is_told_whole`, without taking segments apart."""
        at, whole = 0, False
        while (found := self._next_header(at)) is not None:
            at, closed = self._extent(found)
            whole = closed and self._is_ended(found, at, terminated=terminated)
        rest = self._text[at:].strip(BETWEEN)
        return whole and not (rest.startswith("ISA") or (rest and "ISA".startswith(rest)))

    def _is_ended(self, header: Header, end: int, *, terminated: bool) -> bool:
        """Whether the IEA before ``end`` has its terminator or, where that is not asked, the number of its ISA."""
        marks = header.delimiters
        trailer = self._text[header.end : end].rstrip(BETWEEN.replace(marks.segment, ""))
        number = trailer.rsplit(marks.element, 1)[-1]
        return trailer.endswith(marks.segment) or (not terminated and number == header.elements[13].strip())

    # -- between interchanges ------------------------------------------------------------------------------------------
    def _byte_order_mark(self) -> int:
        if not self._text.startswith(BYTE_ORDER_MARK):
            return 0
        self._findings.append(boundaries.byte_order_mark())
        return len(BYTE_ORDER_MARK)

    def _unwrapped(self, text: str) -> str:
        whole = boundaries.unwrapped(text)
        if whole is not text:
            self._findings.append(boundaries.wrapped())
            self._document.blanks += len(text) - len(whole)
        return whole

    def _next_header(self, at: int) -> Header | None:
        """The next header that can be read; whatever lies before it is reported."""
        broken: int | None = None
        for number in range(bisect_left(self._landmarks, at), len(self._landmarks)):
            start = self._landmarks[number]
            if not boundaries.may_begin(self._text, start):
                continue
            header = header_at(self._text, start)
            if header is not None:
                self._left_out(at, broken, start, last=False)
                return header
            broken = start if broken is None else broken
        self._left_out(at, broken, len(self._text), last=True)
        return None

    def _left_out(self, start: int, broken: int | None, end: int, *, last: bool) -> None:
        """Reports what lies between two interchanges; ``broken`` is where a header begins that cannot be read."""
        stray = self._stripped(start, end if broken is None else broken)
        if stray:
            alone = last and broken is None and not self._document.interchanges
            self._findings.append(boundaries.garbage(self._index, class_of(stray), len(stray), alone=alone))
        if broken is not None:
            rest = self._stripped(broken, end)
            self._findings.append(boundaries.broken_header(self._index, class_of(rest), len(rest)))

    def _stripped(self, start: int, end: int) -> str:
        text = self._text[start:end]
        bare = text.strip(BETWEEN)
        self._document.blanks += len(text) - len(bare)
        return bare

    # -- one interchange -----------------------------------------------------------------------------------------------
    def _interchange(self, header: Header) -> int:
        """Takes one interchange apart; where the next may begin."""
        end, closed = self._extent(header)
        builder = Builder(header, self._index, self._findings.append)
        boundaries.check_header(header, builder, self._numbers)
        around = Around()
        segments = segments_of(self._text[header.end : end], builder, around, closed=closed, odd=self._odd)
        interchange = builder.build(segments)
        interchange.blanks, interchange.terminated = around.blanks, around.terminated
        self._document.interchanges.append(interchange)
        self._index += 1 + len(segments)
        return end

    def _extent(self, header: Header) -> tuple[int, bool]:
        """Where the interchange ends, and whether with its IEA: at the latest where the next one begins."""
        first = bisect_left(self._landmarks, header.end)
        landmarks_after = (self._landmarks[number] for number in range(first, len(self._landmarks)))
        return boundaries.extent(self._text, landmarks_after, header, len(self._text), ended=True)
