"""What a 999 complains of, in words that a biller can act on: places and codes, never a value.

Codes are those of data elements 620 (IK304), 621 (IK403) and 618 (IK502) in guide 005010X231A1.
"""

from collections.abc import Sequence

from edi.x12.sets.t999.values import ElementError, SegmentError

_SEGMENT = {
    "1": "the segment is not known",
    "2": "the segment was not expected there",
    "3": "a required segment is missing",
    "4": "the loop comes too often",
    "5": "the segment comes too often",
    "6": "the segment does not belong to this set",
    "7": "the segment is out of order",
    "8": "an element of it is wrong",
    "I4": "the segment must not be used",
    "I6": "a segment that another one calls for is missing",
    "I7": "the loop comes too seldom",
    "I8": "the segment comes too seldom",
    "I9": "a segment is there that another one forbids",
}
_ELEMENT = {
    "1": "is missing",
    "2": "is missing, though another one calls for it",
    "3": "is one too many",
    "4": "is too short",
    "5": "is too long",
    "6": "holds a character that is not allowed",
    "7": "holds a code that is not valid",
    "8": "is no valid date",
    "9": "is no valid time",
    "10": "excludes another one that is there",
    "12": "is repeated too often",
    "13": "has too many components",
    "I6": "holds a code that the guide does not use",
    "I9": "is missing, though the situation calls for it",
    "I10": "must not be used",
    "I11": "is repeated too seldom",
    "I12": "does not have the form that is asked for",
    "I13": "is there, though the situation forbids it",
}
_SET = {
    "1": "sets of this kind are not taken",
    "2": "its trailer is missing",
    "3": "header and trailer have different numbers",
    "4": "its count of segments is wrong",
    "5": "segments of it are wrong",
    "6": "its identifier is wrong",
    "7": "its control number is wrong",
    "18": "it does not belong to its group",
    "19": "its guide is not taken",
    "23": "its control number was used before",
    "I5": "it does not follow its guide",
    "I6": "it does not follow its guide",
}
_LONGEST = 6
"""Characters of a loop's identifier (IK303)."""
_MOST = 5
"""Errors that one sentence names; a clearinghouse may list hundreds."""


def of_segments(errors: Sequence[SegmentError]) -> str:
    """The errors of a set or of a claim in it, the first few of them; empty without any."""
    more = f"; and {len(errors) - _MOST} more" if len(errors) > _MOST else ""
    return "; ".join(map(_segment, errors[:_MOST])) + more


def of_set(reasons: Sequence[str]) -> str:
    """The reasons (IK502 to IK506) against a set as a whole; empty without any."""
    return ", ".join(f"{_SET.get(code, 'for a reason not known here')} (IK502 {_id(code)})" for code in reasons)


def _segment(error: SegmentError) -> str:
    loop = f" in loop {_id(error.loop)}" if error.loop else ""
    words = _SEGMENT.get(error.code, "wrong")
    elements = "".join(f", {_element(_id(error.segment), one)}" for one in error.elements)
    return f"segment {error.number} {_id(error.segment)}{loop}: {words} (IK304 {_id(error.code)}){elements}"


def _element(segment: str, error: ElementError) -> str:
    component = "" if error.component is None else f"-{error.component}"
    return f"{segment}{error.element:02d}{component} {_ELEMENT.get(error.code, 'is wrong')} (IK403 {_id(error.code)})"


def _id(text: str) -> str:
    """An identifier as it came; anything longer might be a value that slipped into its place."""
    return text if text.isalnum() and len(text) <= _LONGEST else "?"
