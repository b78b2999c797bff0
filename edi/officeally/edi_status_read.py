"""Reads an EDI Status report. Never raises; what cannot be read of a row is an error with its line and columns."""

import re

from edi.findings import Finding, Severity
from edi.officeally.columns import Cells, Layout, aligned
from edi.officeally.edi_status import ACCEPTED, COLUMNS, NEEDED, REJECTED, EdiStatus, StatusRow
from edi.officeally.lines import Line, ends_its_line, lines_of, problem, text_of, unread

_KNOWN = Layout.known(COLUMNS)
_ROW = re.compile(r" {0,12}(?P<ids>\d{8,24})(?P<gap> +(?P<second>\d{8,12})(?!\S))?")
_COUNT = re.compile(r".*?\bTOTAL(?: CLAIMS?)?\s*:\s*(?P<count>[\d,]+)\b", re.IGNORECASE)
_FILE_ID_MAX, _CLAIM_ID_LENGTH = 12, 10
_HANGS_FROM = _KNOWN.starts["status"]
"""A line that begins this far to the right can only be a payer's text."""


def read_edi_status(data: bytes) -> tuple[EdiStatus, list[Finding]]:
    """The report and everything wrong with it. With an error among the findings the report must not be relied on."""
    text = text_of(data)
    reading = _Reading()
    lines = lines_of(text)
    for line in lines:
        reading.take(line)
    cut_off = bool(lines) and not ends_its_line(text)
    return reading.end(lines[-1].number if lines else 1, cut_off=cut_off)


class _Reading:
    """Line after line: heading, row, or a payer's text that goes on from the line before."""

    def __init__(self) -> None:
        self.report = EdiStatus()
        self.findings: list[Finding] = []
        self.layout = _KNOWN
        self.open: StatusRow | None = None
        self.in_detail = False
        self.at_page_top = False
        self.furniture: set[str] = set()

    def take(self, line: Line) -> None:
        self.at_page_top = self.at_page_top or line.new_page
        if self.open is not None and _indent(line) == self.layout.starts.get("text"):
            self._goes_on(self.open, line)
        elif _ROW.match(line.text):
            self._row(line)
        elif layout := Layout.under(line.text, COLUMNS, NEEDED):
            self.layout, self.in_detail, self.at_page_top = layout, True, False
        elif found := _COUNT.match(line.text):
            self.report.count = int(found["count"].replace(",", ""))
            self.open = None
        elif not line.is_rule:
            self._other(line)

    def end(self, last_line: int, *, cut_off: bool) -> tuple[EdiStatus, list[Finding]]:
        told, found = self.report.count, len(self.report.rows)
        if told is not None and told != found:
            self.report.complete = found > told
            self._error("OA-ES-COUNT", f"{told} claims are announced, {found} can be read", last_line)
        elif cut_off and told is None:
            self.report.complete = False
            self._error("OA-ES-CUT", "the last line has no end: it may be cut off", last_line)
        if not found and told != 0:
            self.report.complete = False
            self._error("OA-ES-EMPTY", "no claim in the report", last_line)
        return self.report, self.findings

    def _row(self, line: Line) -> None:
        self.in_detail, self.at_page_top = True, False
        row, cells = min(
            (self._cells(line, layout) for layout in (self.layout, _KNOWN)), key=lambda tried: tried[1].doubt
        )
        self.findings += cells.findings
        self.open = None if cells.unreadable else row
        if self.open is not None:
            self.report.rows.append(row)

    def _cells(self, line: Line, layout: Layout) -> tuple[StatusRow, Cells]:
        file_id, anchor = _ids(line.text, layout)
        text = aligned(line.text, anchor, layout.starts.get("clearinghouse_id", 0))
        cells = Cells(text, layout, line.number, "OA-ES")
        row = StatusRow(
            file_id=file_id,
            clearinghouse_id=cells.number("clearinghouse_id"),
            account=cells.word("account"),
            patient=cells.text("patient"),
            amount_cents=cells.cents("amount"),
            practice_id=cells.text("practice_id"),
            tax_id=cells.text("tax_id"),
            payer_id=cells.text("payer_id"),
            processed=cells.day("processed"),
            payer_reference=cells.text("payer_reference"),
            status=cells.word("status").upper(),
            text=cells.text("text"),
            line=line.number,
        )
        if row.status not in {ACCEPTED, REJECTED} and not cells.unreadable:
            cells.tell(Severity.WARNING, "STATUS", "status", f"is neither {ACCEPTED} nor {REJECTED}; it moves nothing")
        return row, cells

    def _other(self, line: Line) -> None:
        text = line.text.strip()
        if not self.in_detail:
            self.furniture.add(text)
        elif self.at_page_top or text in self.furniture or line.tells_page:
            return
        elif self.open is not None and _indent(line) >= _HANGS_FROM:
            self._goes_on(self.open, line)
        else:
            self.findings.append(unread(line))

    @staticmethod
    def _goes_on(row: StatusRow, line: Line) -> None:
        text = line.text.strip()
        row.text = f"{row.text} {text}" if row.text else text

    def _error(self, code: str, message: str, line: int) -> None:
        self.findings.append(problem(Severity.ERROR, code, message, line))


def _indent(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip())


def _ids(text: str, layout: Layout) -> tuple[str, tuple[int, int] | None]:
    """The file id, and where the claim id stands. Ids grew: they may touch, and push the row to the right."""
    found = _ROW.match(text)
    assert found is not None, "the caller has seen it"
    ids, account = found["ids"], layout.starts["account"]
    if found["second"] and found.start("second") < account - _CLAIM_ID_LENGTH // 2:
        return ids, found.span("second")
    if len(ids) > _FILE_ID_MAX:
        cut = len(ids) - _CLAIM_ID_LENGTH
        return ids[:cut], (found.start("ids") + cut, found.end("ids"))
    end = found.end("ids")
    return ids, (end, end) if end > layout.starts.get("clearinghouse_id", end) else None
