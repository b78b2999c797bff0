"""Files of any size, a claim at a time: what the readers of whole files give, without the file ever being held.

    with open(path, "rb") as file:
        for part in read_stream(file):
            match part:
                case Decided():             # a claim of an 835, with its lines
                case Billed():              # a claim of an 837P or 837I, with subscriber and billing provider
                case SetEnd():              # the rest of its set, and whether it was closed
                case Finding():             # what is wrong, as soon as it is known

Findings are those of `edi.x12.syntax.reader.read`, of the set's `read_set` and, for the 835, of `t835.balance`: those about a
segment or a claim at once, counts and sums at the end of what they count. What looks at a set as a whole, `judge` and the
pairs of reversals, needs the whole set. An answer or an inquiry is small, so it comes as one set.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from edi.findings import Finding
from edi.x12.guides import guide_of
from edi.x12.sets.t835.stream import Decided, RemittanceStream
from edi.x12.sets.t835.values import ClaimGroup, Remittance
from edi.x12.sets.t837.stream import Billed, ClaimStream
from edi.x12.sets.t837.values import BaseSet
from edi.x12.sets.t837i.read import read_bit_by_bit as institutional
from edi.x12.sets.t837p.read import read_bit_by_bit as professional
from edi.x12.syntax.document import Document, OpenSet, TransactionSet, opened
from edi.x12.syntax.stream import Closed, Opened, Segments, stream
from edi.x12.syntax.window import BLOCK

__all__ = ["Billed", "ClaimGroup", "Closed", "Decided", "Opened", "SetEnd", "read_stream"]


@dataclass(slots=True)
class SetEnd:
    """The end of a set. ``value`` is the typed value without its claims (835: without its groups too), None as where the
    whole reader gives none; for a set of another kind it is None, and ``ts`` has all its segments.
    """

    ts: TransactionSet
    value: Remittance | BaseSet | None


Part = Opened | ClaimGroup | Decided | Billed | SetEnd | Closed | Finding
_Stream = RemittanceStream | ClaimStream
_STREAMS: dict[str, Callable[[OpenSet], _Stream]] = {
    "835": RemittanceStream, "837P": professional, "837I": institutional,
}  # fmt: skip


def read_stream(source: Iterable[bytes] | BinaryIO, *, block: int = BLOCK) -> Iterator[Part]:
    """The parts of a file in their order. ``source`` gives its bytes in chunks of any size, or is open for reading.

    Envelopes come as `Opened` and `Closed`, the file itself last. Never raises on bad bytes.
    """
    within: _Stream | None = None
    for part in stream(source, block=block):
        match part:
            case Opened(TransactionSet() as ts):
                yield part
                within = _stream_of(ts)
            case Segments(ts, first, segments) if within is not None:
                yield from within.take(segments, first)
            case Segments(ts, _, segments):
                ts.segments += segments
            case Closed(TransactionSet() as ts):
                if within is not None:
                    yield from within.end()
                yield SetEnd(ts=ts, value=None if within is None else within.value)
            case Opened() | Closed() | Finding():
                yield part


def _stream_of(ts: TransactionSet) -> Any:
    guide = guide_of(ts.set_id, ts.version)
    make = _STREAMS.get(guide.name) if guide is not None else None
    return None if make is None else make(opened(ts))


__all__ += ["Document", "Finding", "Part", "TransactionSet"]
