"""The part of a text that is at hand while it is read bit by bit."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

BLOCK = 65_536
"""Bytes that are read on at a time."""
_LARGE = 1 << 20
_AHEAD = 512
"""Characters ahead that may decide what begins at a place: an ISA with every element at its longest, and more."""


class Window:
    """``text`` is what was read and is still needed; ``ended`` says that the file has no more."""

    def __init__(self, source: Iterable[bytes] | BinaryIO, block: int = BLOCK) -> None:
        self.text = ""
        self.ended = False
        self._block = block
        self._chunks = _chunks(source, block)

    @property
    def decided(self) -> int:
        """Up to here, all that what follows could decide is at hand."""
        return len(self.text) if self.ended else max(0, len(self.text) - _AHEAD)

    def more(self) -> None:
        """Read on. A window that has grown large doubles, so that what is long is not looked at again and again."""
        wanted = max(self._block, len(self.text) if len(self.text) > _LARGE else 0)
        parts, got = [self.text], 0
        while got < wanted:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.ended = True
                break
            parts.append(chunk)
            got += len(chunk)
        self.text = "".join(parts)

    def drop(self, count: int) -> None:
        """Forget so many characters at its beginning."""
        self.text = self.text[count:]


def _chunks(source: Iterable[bytes] | BinaryIO, block: int) -> Iterator[str]:
    """The text, one character a byte, in pieces of ``block`` at most."""
    if hasattr(source, "read"):
        while data := source.read(block):
            yield data.decode("latin-1")
        return
    for data in source:
        for start in range(0, len(data), block):
            yield data[start : start + block].decode("latin-1")
