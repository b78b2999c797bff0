"""Interchange and group headers around finished sets.

ISA is the one fixed-width segment of X12: 16 elements, 106 bytes with its terminator, ids left-justified and padded to
15. GS06 equals ISA13, so one counter serves both. No byte is written between segments.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity, class_of
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.syntax.ta1 import Ta1, write_ta1

_VERSION_OF_ISA = "00501"
_PRINTABLE = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """All that ISA and GS say. ``control_number`` (1 to 999,999,999) is ISA13 and GS06 alike."""

    sender_qualifier: str  # ISA05
    sender_id: str  # ISA06
    receiver_qualifier: str  # ISA07
    receiver_id: str  # ISA08
    group_sender: str  # GS02
    group_receiver: str  # GS03
    control_number: int  # ISA13 and GS06
    usage: Literal["T", "P"]  # ISA15
    when: datetime  # ISA09, ISA10, GS04, GS05
    functional_id: str  # GS01
    version: str  # GS08
    ack_requested: bool = False  # ISA14
    delimiters: Delimiters = DEFAULT


def write_interchange(envelope: Envelope, sets: Sequence[bytes], ta1s: Sequence[Ta1] = ()) -> bytes:
    """The whole interchange: ISA, the TA1s, one group around ``sets`` (none where there are none), IEA.

    ``sets`` are whole ST..SE byte strings written with the same delimiters. Raises NotRepresentable for an id,
    qualifier or number that does not fit its place, and for a set written with other delimiters.
    """
    element, terminator = envelope.delimiters.element, envelope.delimiters.segment
    control = _control_number(envelope.control_number)
    head = [_isa(envelope, control), *(write_ta1(one, envelope.delimiters) for one in ta1s)]
    tail = element.join(("IEA", "1" if sets else "0", control)) + terminator
    if not sets:
        return ("".join(head) + tail).encode("latin-1")
    for data in sets:
        _check_set(data, envelope.delimiters)
    group = str(envelope.control_number)
    head.append(_gs(envelope, group))
    trailer = element.join(("GE", str(len(sets)), group)) + terminator + tail
    return b"".join(("".join(head).encode("latin-1"), *sets, trailer.encode("latin-1")))


def _isa(envelope: Envelope, control: str) -> str:
    marks = envelope.delimiters
    elements = (
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        _fit("ISA", 5, envelope.sender_qualifier, 2, 2, marks),
        _fit("ISA", 6, envelope.sender_id, 1, 15, marks).ljust(15),
        _fit("ISA", 7, envelope.receiver_qualifier, 2, 2, marks),
        _fit("ISA", 8, envelope.receiver_id, 1, 15, marks).ljust(15),
        envelope.when.strftime("%y%m%d"),
        envelope.when.strftime("%H%M"),
        marks.repetition,
        _VERSION_OF_ISA,
        control,
        "1" if envelope.ack_requested else "0",
        _usage(envelope.usage),
        marks.component,
    )
    return marks.element.join(elements) + marks.segment


def _gs(envelope: Envelope, group: str) -> str:
    marks = envelope.delimiters
    elements = (
        "GS",
        _fit("GS", 1, envelope.functional_id, 2, 2, marks),
        _fit("GS", 2, envelope.group_sender, 2, 15, marks),
        _fit("GS", 3, envelope.group_receiver, 2, 15, marks),
        envelope.when.strftime("%Y%m%d"),
        envelope.when.strftime("%H%M"),
        group,
        "X",
        _fit("GS", 8, envelope.version, 1, 12, marks),
    )
    return marks.element.join(elements) + marks.segment


def _control_number(number: int) -> str:
    if not 1 <= number <= 999_999_999:
        raise _refused("ISA", 13, str(number), "a control number has one to nine digits and is not zero")
    return f"{number:09d}"


def _usage(usage: str) -> str:
    if usage not in {"T", "P"}:
        raise _refused("ISA", 15, usage, "usage is T for test or P for production")
    return usage


def _fit(segment: str, element: int, value: str, minimum: int, maximum: int, marks: Delimiters) -> str:
    if not minimum <= len(value) <= maximum:
        raise _refused(segment, element, value, f"length is {len(value)}, allowed is {minimum} to {maximum}")
    if not _PRINTABLE.fullmatch(value) or value != value.strip() or any(mark in value for mark in marks.all):
        raise _refused(segment, element, value, "holds a delimiter, an outer space or a character outside ASCII")
    return value


def _check_set(data: bytes, marks: Delimiters) -> None:
    element, terminator = marks.element.encode("latin-1"), marks.segment.encode("latin-1")
    if not data.startswith(b"ST" + element) or not data.endswith(terminator):
        raise _refused("ST", None, "", "a set is written whole, with the delimiters of its interchange")


def _refused(segment: str, element: int | None, value: str, why: str) -> NotRepresentable:
    return NotRepresentable(
        Finding(
            severity=Severity.ERROR,
            code="X12-WRITE-ENVELOPE",
            message=f"the envelope cannot be written: {why}",
            cure="Correct the partner profile or the counter that this value comes from.",
            place=Place(segment=segment, element=element),
            value_class=class_of(value),
            value_length=len(value),
        )
    )
