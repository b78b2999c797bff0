"""Which of Office Ally's text reports some bytes are, by what they say of themselves."""

import re

from edi.officeally import edi_status, file_summary
from edi.officeally.columns import Layout
from edi.officeally.edi_status_read import read_edi_status
from edi.officeally.file_summary_read import read_file_summary
from edi.officeally.lines import lines_of, text_of

FILE_SUMMARY, EDI_STATUS, ERA_STATUS = "text:file-summary", "text:edi-status", "text:era-status"

_BEGINNING = 32_768
_TITLES = (
    (FILE_SUMMARY, re.compile(r"\bFILE SUMMARY\b|^[\s\-=*]*(?:ACCEPTED|ERROR|PENDING) CLAIMS? DETAIL", re.IGNORECASE)),
    (EDI_STATUS, re.compile(r"\bEDI STATUS\b", re.IGNORECASE)),
    (ERA_STATUS, re.compile(r"\bERA STATUS\b", re.IGNORECASE)),
)
_HEADINGS = (
    (FILE_SUMMARY, file_summary.COLUMNS, file_summary.NEEDED),
    (EDI_STATUS, edi_status.COLUMNS, edi_status.NEEDED),
)


def report_kind(data: bytes) -> str | None:
    """The kind of a report, or None. A column heading or a title decides, whichever comes first."""
    beginning = data[:_BEGINNING]
    if b"\0" in beginning.rstrip(b"\0"):
        return None
    for line in lines_of(text_of(beginning)):
        for kind, columns, needed in _HEADINGS:
            if Layout.under(line.text, columns, needed):
                return kind
        for kind, title in _TITLES:
            if title.search(line.text):
                return kind
    return None


def is_whole(kind: str, data: bytes) -> bool:
    """Whether a report has all the rows that it announces and its last row has an end."""
    if kind == FILE_SUMMARY:
        return read_file_summary(data)[0].complete
    return kind != EDI_STATUS or read_edi_status(data)[0].complete
