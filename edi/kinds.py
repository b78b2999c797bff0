"""What kind of file some bytes are, by how they begin. The name of a file says nothing here."""

import re

from edi.bai2.recognition import is_bai2
from edi.nacha.acknowledgment import is_acknowledgment
from edi.officeally import report_kind
from edi.x12.syntax.header import Header, header_at, is_full_header, landmarks

_BLANKS = b"\xef\xbb\xbf \t\r\n\x00\x1a"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BEGINNING = 4096
# An interchange, also one whose header nobody can make out; a group or a set without any.
_X12 = re.compile(
    rb"ISA(?P<mark>[^A-Za-z0-9 \r\n])|GS(?P<gs>[^A-Za-z0-9 \r\n])[A-Z]{2}(?P=gs)|ST(?P<st>[^A-Za-z0-9 \r\n])\d{3}(?P=st)"
)
# File header: priority code and routing number; or, in what some banks hand back, a batch header or an entry first.
_NACHA = re.compile(
    rb"1\d\d[ \d]\d{8,9}[ \dA-Za-z]|5(?:200|220|225|280)[ -~]{46}[A-Z]{3}|6\d{11}[ -~]{17}\d{10}[ -~]{55}"
)


def kind_of(data: bytes) -> str:
    """The kind of a file.

    x12:837 and so on by its first ST01 (professional or institutional, the version of each set says; x12:277-x212 for a
    277 that answers a 276, told from the claim acknowledgment by ST03 or GS08), x12:ta1 where a TA1 stands alone, x12 for an
    envelope of neither or a set without envelope, nacha, bank:ack, bai2, text:file-summary, text:edi-status,
    text:era-status, zip, unknown. A file that is cut off keeps the kind that its beginning shows.
    """
    if data.startswith(_ZIP):
        return "zip"
    beginning = data[:_BEGINNING]
    start = beginning.lstrip(_BLANKS)
    header = _header(beginning.decode("latin-1"))
    if x12 := _X12.match(start):
        return _x12_kind(data, x12["mark"], header) if x12["mark"] else "x12"
    if told := _bank_kind(data, start) or report_kind(data):
        return told
    return "unknown" if header is None else _x12_kind(data, header.delimiters.element.encode("latin-1"), header)


def _bank_kind(data: bytes, start: bytes) -> str | None:
    if is_acknowledgment(data.lstrip(_BLANKS)):
        return "bank:ack"
    if is_bai2(start):
        return "bai2"
    return "nacha" if _NACHA.match(start) else None


def _header(text: str) -> Header | None:
    """The first interchange header, whatever stands before it: the reader passes over that too."""
    begins = (at for at in landmarks(text) if not text[at - 1 : at].isalnum() or is_full_header(text, at))
    return next((found for at in begins if (found := header_at(text, at)) is not None), None)


def _x12_kind(data: bytes, element: bytes, header: Header | None) -> str:
    """By the first set; a TA1 before a set does not name the file. Needs no terminator, so a misshapen ISA will do."""
    ends = rb"[^A-Za-z0-9\s" + re.escape(element) + rb"]"
    if header is not None:
        ends = re.escape(header.delimiters.segment.encode("latin-1"))
    begins, mark = rb"(?:" + ends + rb"|[\r\n])[\s\x00\x1a]*", re.escape(element)
    for text in (data, data.translate(None, b"\r\n")):  # lines may be broken anywhere, in a segment's name too
        if first_set := re.search(begins + rb"ST" + mark + rb"(\d{3})\b", text):
            return f"x12:{first_set[1].decode()}" + _status_response(text, first_set, element, ends)
        if re.search(begins + rb"TA1" + mark, text):
            return "x12:ta1"
    return "x12"


def _status_response(text: bytes, first_set: re.Match[bytes], element: bytes, ends: bytes) -> str:
    """What is added to the kind of a 277 that answers a 276: it is no acknowledgment of claims."""
    if first_set[1] != b"277":
        return ""
    st = _segment(text, first_set.start(1), ends).split(element)
    group = _segment(text, text.rfind(b"GS" + element, 0, first_set.start()), ends).split(element)
    version = (st[2:3] or group[8:9] or [b""])[0]
    return "-x212" if version.strip().upper().startswith(b"005010X212") else ""


def _segment(text: bytes, start: int, ends: bytes) -> bytes:
    """What stands from ``start`` up to the end of a segment; nothing for -1."""
    return re.split(ends, text[start : start + _BEGINNING], maxsplit=1)[0] if start >= 0 else b""
