"""Bytes to the parts of a file, one after the other, holding no more of it than the segment at hand and what it counts.

What is found is what `edi.x12.syntax.reader.read` finds, though not in its order: here as soon as it is known. Only a
file that is broken into lines of one width is held whole, for nothing but its last line tells that it is one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from edi.findings import Finding
from edi.x12.syntax import boundaries
from edi.x12.syntax.document import Document, Group, Interchange, TransactionSet
from edi.x12.syntax.header import LANDMARK, Header, header_at
from edi.x12.syntax.segments import Around, BitByBit
from edi.x12.syntax.stray import Stray
from edi.x12.syntax.structure import CONTROL, Builder
from edi.x12.syntax.window import BLOCK, Window

_BEHIND = 64
"""Characters before a place that are still looked at: what tells whether a segment may begin there."""


@dataclass(slots=True)
class Opened:
    """An interchange, a group or a set begins: what its first segment tells, with nothing inside."""

    part: Interchange | Group | TransactionSet


@dataclass(slots=True)
class Segments:
    """Segments of the set that is open, ST and SE included; the first one has number ``first`` in it, ST = 1."""

    ts: TransactionSet
    first: int
    segments: list[list[str]]


@dataclass(slots=True)
class Closed:
    """The same part has ended, and whether it was whole. The file itself comes last, with the blanks between
    interchanges.
    """

    part: Document | Interchange | Group | TransactionSet


Part = Opened | Segments | Closed | Finding


def stream(source: Iterable[bytes] | BinaryIO, *, block: int = BLOCK) -> Iterator[Part]:
    """The parts of a file in their order. ``source`` gives its bytes in chunks of any size, or is open for reading.

    ``block`` is how many bytes are read on at a time. Never raises on bad bytes; what reading itself raises is not caught.
    """
    return _Stream(Window(source, block)).parts()


class _Stream:
    """``_at`` is the place in the window where what was not taken yet begins."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._at = 0
        self._index = 0  # of the next segment in the file
        self._document = Document()  # for its blanks
        self._silent = True  # neither an interchange nor a finding so far
        self._interchanges = 0
        self._numbers: set[tuple[str, str, str]] = set()

    def parts(self) -> Iterator[Part]:
        for part in self._inside():
            self._silent = False
            yield part
        if self._silent:
            yield boundaries.empty()
        yield Closed(self._document)

    def _inside(self) -> Iterator[Part]:
        yield from self._beginning()
        while True:
            header, left_out = self._next_header()
            yield from left_out
            if header is None:
                return
            yield from self._interchange(header)

    def _forget(self) -> int:
        """Drop what was taken, but for the little that is looked back at; how many characters."""
        count = max(0, self._at - _BEHIND)
        self._window.drop(count)
        self._at -= count
        return count

    # -- between interchanges ------------------------------------------------------------------------------------------
    def _beginning(self) -> Iterator[Finding]:
        window = self._window
        while not window.ended and not boundaries.shows_its_beginning(window.text):
            window.more()
        if boundaries.is_broken_early(window.text):
            while not window.ended and not boundaries.has_uneven_lines(window.text):
                window.more()
            if window.ended:
                yield from self._unwrap()
        if window.text.startswith(boundaries.BYTE_ORDER_MARK):
            yield boundaries.byte_order_mark()
            self._at = len(boundaries.BYTE_ORDER_MARK)

    def _unwrap(self) -> Iterator[Finding]:
        text = self._window.text
        whole = boundaries.unwrapped(text)
        if whole is not text:
            yield boundaries.wrapped()
            self._document.blanks += len(text) - len(whole)
            self._window.text = whole

    def _next_header(self) -> tuple[Header | None, list[Finding]]:
        """The next header that can be read, and what lies before it."""
        window, stray, broken = self._window, Stray(), Stray()
        while True:
            text, decided = window.text, window.decided
            for start in _landmarks(text, self._at, decided):
                if not boundaries.may_begin(text, start):
                    continue
                header = header_at(text, start)
                if header is None and broken.length:
                    continue
                (broken if broken.length else stray).add(text[self._at : start])
                self._at = start
                if header is not None:
                    self._at = header.end
                    return header, self._left_out(stray, broken, last=False)
                broken.add(text[start : start + 1])
                self._at = start + 1
            if decided > self._at:
                (broken if broken.length else stray).add(text[self._at : decided])
                self._at = decided
            if window.ended:
                return None, self._left_out(stray, broken, last=True)
            self._forget()
            window.more()

    def _left_out(self, stray: Stray, broken: Stray, *, last: bool) -> list[Finding]:
        self._document.blanks += stray.blanks + broken.blanks
        found = []
        if stray.length:
            alone = last and not broken.length and not self._interchanges
            found.append(boundaries.garbage(self._index, stray.kind, stray.length, alone=alone))
        if broken.length:
            found.append(boundaries.broken_header(self._index, broken.kind, broken.length))
        return found

    # -- one interchange -----------------------------------------------------------------------------------------------
    def _interchange(self, header: Header) -> Iterator[Part]:
        self._interchanges += 1
        parts: list[Part] = []
        builder = _Building(header, self._index, parts)
        around = Around()
        bits = BitByBit(builder, around)
        parts.append(Opened(builder.interchange))
        boundaries.check_header(header, builder, self._numbers)
        builder.begin()
        yield from _taken(parts)
        for pieces in self._whole_pieces(header):
            builder.take(bits.count + 1, bits.take(pieces))
            yield from _taken(parts)
        end, closed = self._extent(header, self._at)
        *pieces, last = self._window.text[self._at : end].split(header.delimiters.segment)
        builder.take(bits.count + 1, bits.take(pieces))
        builder.take(bits.count + 1, bits.end(last, closed=closed))
        builder.end(bits.count)
        interchange = builder.interchange
        interchange.blanks, interchange.terminated = around.blanks, around.terminated
        parts.append(Closed(interchange))
        self._at = end
        self._index += 1 + bits.count
        self._forget()
        yield from _taken(parts)

    def _whole_pieces(self, header: Header) -> Iterator[list[str]]:
        """What has its terminator, until the end of the interchange is at hand."""
        window, mark = self._window, header.delimiters.segment
        judged = self._at  # landmarks before this place decide nothing
        while True:
            end, closed = self._extent(header, judged)
            if end >= 0:
                return
            if not closed:
                decided = max(window.decided, self._at)
                last = window.text.rfind(mark, self._at, decided)
                if last >= 0:
                    yield window.text[self._at : last].split(mark)
                    self._at = last + 1
                dropped = self._forget()
                header.end -= dropped
                judged = decided - dropped
            window.more()

    def _extent(self, header: Header, judged: int) -> tuple[int, bool]:
        window = self._window
        found = _landmarks(window.text, judged, window.decided)
        return boundaries.extent(window.text, found, header, window.decided, ended=window.ended)


class _Building(Builder):
    """Puts the parts into a list as they come, and keeps of the set that is open only what its end needs."""

    def __init__(self, header: Header, first_index: int, parts: list[Part]) -> None:
        super().__init__(header, first_index, parts.append)
        self._parts = parts
        self._ts: TransactionSet | None = None
        self._stray = ""  # id of the first segment that is outside any set since the last one of an envelope

    def take(self, number: int, segments: list[list[str]]) -> None:
        """The next segments of the interchange, the first one of which has this number (ISA = 0)."""
        begun = 0  # from here on they were not given out
        for at in [at for at, elements in enumerate(segments) if elements[0] in CONTROL]:
            name = segments[at][0]
            inside = self._ts is not None and name in _STAY_INSIDE
            stop = at + 1 if inside else at
            self._give(number + begun, segments[begun:stop])
            self.control(number + at, segments[at])
            begun = stop if inside or name == "ST" else at + 1
        self._give(number + begun, segments[begun:])

    def _give(self, number: int, run: list[list[str]]) -> None:
        if not run:
            return
        if self._ts is not None and self._open is not None:
            self._parts.append(Segments(self._ts, number - self._open[0] + 1, run))
        elif number == self._covered + 1:
            self._stray = run[0][0]

    def _name_of(self, _number: int) -> str:
        return self._stray

    def _st(self, number: int, elements: list[str]) -> None:
        super()._st(number, elements)
        self._ts = self._set_of(number, elements)
        self._parts.append(Opened(self._ts))

    def _keep_group(self, group: Group) -> None:
        self._parts.append(Opened(group))

    def _keep_set(self, _last: int, *, complete: bool) -> None:
        if self._ts is not None:
            self._ts.complete = complete
            self._parts.append(Closed(self._ts))
        self._ts = None

    def _keep_segments(self, group: Group, _last: int) -> None:
        self._parts.append(Closed(group))


_STAY_INSIDE = frozenset({"SE", "TA1", "ISA"})
"""Segments of envelopes that, where a set is open, are its own: the last ones where they should not be."""


def _landmarks(text: str, start: int, end: int) -> Iterator[int]:
    """Where "ISA" or "IEA" begins before ``end``."""
    for found in LANDMARK.finditer(text, start):
        if found.start() >= end:
            return
        yield found.start()


def _taken(parts: list[Part]) -> Iterator[Part]:
    """The parts so far, which are no longer kept."""
    given, parts[:] = parts[:], []
    return iter(given)
