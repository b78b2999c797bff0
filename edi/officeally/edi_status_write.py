"""Writes an EDI Status report, for the sandbox and for tests. NotRepresentable for what could not be read back."""

import textwrap
from collections.abc import Iterator

from edi.amounts import dollars_text
from edi.officeally.columns import Layout, check_printable, day_text, refusal
from edi.officeally.edi_status import COLUMNS, EdiStatus, StatusRow

_LAYOUT = Layout.known(COLUMNS)
_TEXT_WIDTH = 80
_FIRST, _SECOND = _LAYOUT.starts["file_id"], _LAYOUT.starts["clearinghouse_id"]
_FILE_ID_DIGITS = range(8, 13)


def write_edi_status(report: EdiStatus) -> bytes:
    """The report in ASCII with CRLF: heading, a row a claim, long texts on several lines, the number of claims."""
    lines = ["EDI STATUS REPORT", "", _LAYOUT.heading(), "-" * 180]
    for row in report.rows:
        lines += _lines(row)
    if report.count is not None:
        lines += ["", f"Total Claims: {report.count}"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _lines(row: StatusRow) -> Iterator[str]:
    """A file id of more than ten digits pushes its row to the right, as a printed column does."""
    if not (row.file_id.isascii() and row.file_id.isdigit() and len(row.file_id) in _FILE_ID_DIGITS):
        raise refusal("OA-FIT", "file_id is no number of 8 to 12 digits", row.file_id, (_FIRST, _SECOND))
    check_printable("text", row.text or "")
    first, *more = textwrap.wrap(row.text or "", _TEXT_WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    rest = _LAYOUT.row(_cells(row, first))
    yield f"{'':{_FIRST}}{row.file_id:<{_SECOND - _FIRST}}{rest[_SECOND:]}"
    for line in more:
        yield f"{'':{_LAYOUT.starts['text']}}{line}"


def _cells(row: StatusRow, text: str) -> dict[str, str]:
    return {
        "clearinghouse_id": row.clearinghouse_id or "",
        "account": row.account,
        "patient": row.patient or "",
        "amount": "" if row.amount_cents is None else dollars_text(row.amount_cents),
        "practice_id": row.practice_id or "",
        "tax_id": row.tax_id or "",
        "payer_id": row.payer_id or "",
        "processed": day_text(row.processed),
        "payer_reference": row.payer_reference or "",
        "status": row.status,
        "text": text,
    }
