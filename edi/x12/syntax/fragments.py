"""X12 inside records of fixed width: cut into pieces, and joined again.

A CTX entry carries a whole set (ST to SE) or interchange (ISA to IEA) in its addenda, unbroken: 80 characters each, the
next one going on where the last one ended, in the middle of a segment or not.
"""

from collections.abc import Iterable

from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity

WIDTH = 80
"""Characters of payment related information in an addenda record."""
MOST = 9_999
"""Addenda records of one CTX entry: their sequence number has four digits."""


def to_pieces(data: bytes, *, width: int = WIDTH, most: int = MOST) -> list[bytes]:
    """The bytes in pieces of ``width``, the last one as long as it comes: its record fills it up with spaces.

    Raises NotRepresentable for a character that no record holds (line breaks too: write the set with another terminator),
    for a space at the very end, which would be lost among those, and for more than ``most`` pieces.
    """
    spoilt = next((at for at, one in enumerate(data) if not 0x20 <= one <= 0x7E), None)
    if spoilt is not None:
        words = f"byte {spoilt + 1} is no printable ASCII character"
        raise _refusal(words, "Write it with delimiters that are printable; correct the value where it comes from.")
    if data.endswith(b" "):
        raise _refusal("it ends in a space", "End it with the terminator of its last segment.")
    pieces = [data[at : at + width] for at in range(0, len(data), width)]
    if len(pieces) > most:
        words = f"{len(pieces)} pieces of {width} characters, {most} at most"
        raise _refusal(words, "Pay in several entries, each with fewer items.")
    return pieces


def from_pieces(pieces: Iterable[bytes], *, width: int = WIDTH) -> bytes:
    """What ``to_pieces`` cut, from pieces in their order, whether their records' spaces are still on them or not.

    Spaces are given back to pieces that are shorter than ``width``, the last one aside: there they can only have been the
    text's own. What fills up the last piece is left off.
    """
    every = list(pieces)
    whole = [*(one.ljust(width) for one in every[:-1]), *every[-1:]]
    return b"".join(whole).rstrip(b" ")


def _refusal(words: str, cure: str) -> NotRepresentable:
    finding = Finding(
        severity=Severity.ERROR,
        code="X12-FRAGMENTS",
        message=f"cannot be cut into records: {words}",
        cure=cure,
        place=Place(),
    )
    return NotRepresentable(finding)
