"""Sets without an envelope, as they stand in the addenda of a bank's entries: their separators are found by their shape."""

import re
from dataclasses import replace

from edi.findings import Finding
from edi.x12.syntax.delimiters import Delimiters
from edi.x12.syntax.document import TransactionSet
from edi.x12.syntax.reader import read

_BEGINS = re.compile(rb"\s*ST([^A-Za-z0-9\s])\d{3}\1")
_MARKS = ":>^|<}{!%#\x1f\x1e"
_ENVELOPE = 2
"""Segments that are put before the sets to read them: ISA and GS."""


def read_bare(data: bytes, version: str) -> tuple[list[TransactionSet], list[Finding]]:
    """The sets of ST..SE after ST..SE, and what is wrong with their syntax and counts; no sets where none begins.

    ``version`` is that of sets without ST03. The terminator is the character before SE. Components and repeats are not
    told apart, for nothing says by which characters; what the plain 820 of a vendor needs has none.
    """
    marks = _marks(data)
    if marks is None:
        return [], []
    document = read(_wrapped(data.strip(), version, marks))
    sets = document.sets
    for one in sets:
        one.interchange = one.group = None
        one.first_segment_index -= _ENVELOPE
    return sets, [_unwrapped(one) for one in document.findings]


def _marks(data: bytes) -> Delimiters | None:
    begins = _BEGINS.match(data)
    if begins is None:
        return None
    element = begins[1]
    ends = re.search(rb"([^A-Za-z0-9 \t])\s*SE" + re.escape(element) + rb"\d", data)
    terminator = ends[1] if ends else data.rstrip(b" \t\r\n")[-1:]
    if terminator == element or any(one.decode("latin-1").isalnum() for one in (element, terminator)):
        return None
    unused = [one for one in _MARKS if one.encode() not in data]
    if len(unused) < 2:
        return None
    return Delimiters(element.decode("latin-1"), unused[0], unused[1], terminator.decode("latin-1"))


def _wrapped(data: bytes, version: str, marks: Delimiters) -> bytes:
    """The sets in an interchange, its terminators made whole."""
    end = marks.segment
    blank, one = " " * 10, ["ZZ", "NONE".ljust(15)]
    isa = ["ISA", "00", blank, "00", blank, *one, *one, "000101", "0000", marks.repetition, "00501", "000000001", "0", "P",
           marks.component]  # fmt: skip
    gs = ["GS", "RA", "NONE", "NONE", "20000101", "0000", "1", "X", version]
    text = data.decode("latin-1")
    if not text.endswith(end):
        text += end
    sets = len(re.findall(rf"(?:^|{re.escape(end)})\s*ST{re.escape(marks.element)}", text))
    trailer = [["GE", str(sets), "1"], ["IEA", "1", "000000001"]]
    head, tail = ("".join(marks.element.join(part) + end for part in parts) for parts in ([isa, gs], trailer))
    return f"{head}{text}{tail}".encode("latin-1")


def _unwrapped(finding: Finding) -> Finding:
    """The finding without what was put around its set."""
    place = finding.place
    index = None if place.segment_index is None else max(place.segment_index - _ENVELOPE, 0)
    return replace(finding, place=replace(place, interchange=None, group=None, segment_index=index))
