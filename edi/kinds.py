"""What kind of file some bytes are, by how they begin. The name of a file says nothing here."""

import re

from edi.nacha.acknowledgment import is_acknowledgment
from edi.officeally import report_kind

_BLANKS = b"\xef\xbb\xbf \t\r\n\x00\x1a"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_X12 = re.compile(rb"(ISA|GS|ST)[^A-Za-z0-9\s]")
# File header: priority code and routing number; or, in what some banks hand back, a batch header or an entry first.
_NACHA = re.compile(
    rb"1\d\d[ \d]\d{8,9}[ \dA-Za-z]|5(?:200|220|225|280)[ -~]{46}[A-Z]{3}|6\d{11}[ -~]{17}\d{10}[ -~]{55}"
)


def kind_of(data: bytes) -> str:
    """The kind of a file.

    x12:837 and so on by its first ST01, x12:ta1 where a TA1 stands alone, x12 for an envelope of neither or a set
    without envelope, nacha, bank:ack, text:file-summary, text:edi-status, text:era-status, zip, unknown. A file that is
    cut off keeps the kind that its beginning shows.
    """
    if data.startswith(_ZIP):
        return "zip"
    start = data[:512].lstrip(_BLANKS)
    if x12 := _X12.match(start):
        return _x12_kind(data, re.escape(start[3:4])) if x12[1] == b"ISA" else "x12"
    if is_acknowledgment(start):
        return "bank:ack"
    return "nacha" if _NACHA.match(start) else report_kind(data) or "unknown"


def _x12_kind(data: bytes, element: bytes) -> str:
    """By the first set; a TA1 before a set does not name the file. Needs no terminator, so a misshapen ISA will do."""
    begins = rb"(?:[^A-Za-z0-9\s" + element + rb"]|[\r\n])\s*"
    first_set = re.search(begins + rb"ST" + element + rb"(\d{3})\b", data)
    if first_set is not None:
        return f"x12:{first_set[1].decode()}"
    return "x12:ta1" if re.search(begins + rb"TA1" + element, data) else "x12"
