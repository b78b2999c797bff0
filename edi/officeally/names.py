"""The names of what Office Ally lays out, anchored at both ends.

Every name holds a file id of 8 to 12 digits, which may itself contain "835", "999" or "277": only a whole name tells a
kind, and even then it is a promise that the content has to keep. Reports on professional claims are named for their form,
HCFA; those on institutional ones are for theirs, UB.
"""

import re
from dataclasses import dataclass

_ID = r"(?P<file_id>\d{8,12})"
_DAY = r"\d{8}"
_FORM = "(?:HCFA|UB)"
_KINDS = (
    (rf"{_ID}_.+_999\.999", "x12:999"),
    (rf".+_{_ID}_{_FORM}_277ca_{_DAY}\.txt", "x12:277"),
    (rf"{_ID}_EDI_STATUS_{_FORM}_{_DAY}\.277", "x12:277"),
    (rf"FS_{_FORM}_{_ID}_IN_C\.txt", "text:file-summary"),
    (rf"FS_{_FORM}_{_ID}_?ErrorReport[\w.-]*\.txt", "text:file-summary"),
    (rf"{_ID}_EDI_STATUS_{_DAY}\.txt", "text:edi-status"),
    (rf"{_ID}_ERA_STATUS_5010_{_DAY}\.zip", "zip"),
    (rf"{_ID}_ERA_835_5010_{_DAY}\.835", "x12:835"),
    (rf"{_ID}_ERA_STATUS_5010_{_DAY}\.txt", "text:era-status"),
)
_NAMES = tuple((re.compile(pattern, re.IGNORECASE | re.ASCII), kind) for pattern, kind in _KINDS)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a name says of its file: a kind as `edi.kinds` names it, and Office Ally's number for the upload or the ERA."""

    kind: str
    file_id: str


def promised(name: str) -> Promise | None:
    """What a file's name promises; None for a name that is not one of Office Ally's. In either case of letters, which some
    file systems change.
    """
    for pattern, kind in _NAMES:
        if found := pattern.fullmatch(name):
            return Promise(kind, found["file_id"])
    return None
