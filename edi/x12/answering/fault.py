"""Which claims of a set a 999 complains of: by the claim number it names, else by the position it gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from edi.x12.sets.t999.values import SegmentError, SetAcknowledgment

_ABSENT = frozenset({"3", "I6", "I7", "I8"})  # IK304: something is missing at, that is before, the position
_OPENS_WITH = frozenset({"SBR", "PAT"})  # what follows the first segment of a level
_LEVEL = "HL"
_SEGMENTS_IN_ERROR = frozenset({"5", "I5", "I6"})  # IK502: the errors say it all


@dataclass(frozen=True, slots=True, kw_only=True)
class AtFault:
    """``claims`` are patient control numbers (CLM01) in the order of the set. ``outside`` says that something is wrong
    that belongs to no single claim: a level that claims share, the set itself, or a verdict without a reason.
    """

    claims: tuple[str, ...] = ()
    outside: bool = False


def at_fault(answer: SetAcknowledgment, ranges: Mapping[str, tuple[int, int]]) -> AtFault:
    """Claims at fault in one set, from the answer to it and its stored segment ranges (``WrittenSet.ranges``).

    An error belongs to the claim that its context names (CTX*CLM01), if the set has it; otherwise to the claim whose
    first and last segment number enclose the position (IK302). An error at neither, a set that is rejected without any
    error, and a reason that is about the whole set (a wrong count, a number used before) are outside. So is the numbering
    of levels (HL): it runs through the set, and one wrong number makes those after it wrong.
    """
    named: set[str] = set()
    outside = not answer.accepted and (not answer.errors or bool(set(answer.reasons) - _SEGMENTS_IN_ERROR))
    for error in answer.errors:
        claims = [claim for claim in error.claim_ids if claim in ranges] or list(_around(error, ranges))
        if error.segment == _LEVEL and not error.claim_ids:
            claims = []
        named.update(claims)
        outside = outside or not claims
    order = sorted(named, key=lambda claim: ranges[claim])
    return AtFault(claims=tuple(order), outside=outside)


def _around(error: SegmentError, ranges: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """The claim whose segments enclose the error.

    What is missing is told at the segment that was found in its stead. Where that one opens a claim, or belongs to
    none, the gap is at the end of what comes before it.
    """
    number = error.number
    if error.code in _ABSENT and error.segment not in _OPENS_WITH and not _within(number, ranges):
        number -= 1
    return (claim for claim, (first, last) in ranges.items() if first <= number <= last)


def _within(number: int, ranges: Mapping[str, tuple[int, int]]) -> bool:
    """True if the segment is inside a claim and not its first one."""
    return any(first < number <= last for first, last in ranges.values())
