"""Reads an EDI Status report. Never raises; what cannot be read of a row is an error with its line and columns."""

import re

from edi.findings import Finding, Severity
from edi.officeally.columns import Cells, Layout, aligned
from edi.officeally.edi_status import ACCEPTED, COLUMNS, NEEDED, REJECTED, EdiStatus, StatusRow
from edi.officeally.lines import Line
from edi.officeally.reading import Reading

_ROW = re.compile(r" {0,12}(?P<ids>\d{8,24})(?P<gap> +(?P<second>\d{8,12})(?!\S))?")
_COUNT = re.compile(r".*?\bTOTAL(?: CLAIMS?)?\s*:\s*(?P<count>[\d,]+)\b", re.IGNORECASE)
_WITH = re.compile(rf"(?P<status>(?:{ACCEPTED}|{REJECTED}) WITH [A-Z]+)\b(?P<text>.*)", re.IGNORECASE)
_FILE_ID_MAX, _CLAIM_ID_LENGTH = 12, 10
_HANGS_FROM = next(column.start for column in COLUMNS if column.name == "status")
"""A line that begins this far to the right can only be a payer's text."""


def read_edi_status(data: bytes) -> tuple[EdiStatus, list[Finding]]:
    """The report and everything wrong with it. With an error among the findings the report must not be relied on."""
    reading = _Reading()
    findings = reading.read(data)
    return reading.report, findings


class _Reading(Reading):
    """Heading, row, or a payer's text that goes on from the line before: `open` is the row that it belongs to."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, NEEDED, "OA-ES")
        self.report = EdiStatus()
        self.open: StatusRow | None = None

    def take(self, line: Line) -> None:
        if self.open is not None and _indent(line) == self.layout.starts.get("text"):
            self._goes_on(self.open, line)
        elif _ROW.match(line.text):
            self._row(line)
        elif found := _COUNT.match(line.text):
            self.report.count = int(found["count"].replace(",", ""))
            self.open = None
        elif not (line.is_rule or self.heading(line) or self.lost(line) or self.passed_over(line)):
            self._other(line)

    def end(self, last: Line, *, cut_off: bool) -> None:
        told, found = self.report.count, len(self.report.rows)
        if told is not None and told != found:
            self.report.complete = found > told
            self.error("COUNT", f"{told} claims are announced, {found} can be read", last)
        elif cut_off and told is None:
            self.report.complete = False
            self.error("CUT", "the last line has no end: it may be cut off", last)
        if not found and told != 0:
            self.report.complete = False
            self.error("EMPTY", "no claim in the report", last)

    def _row(self, line: Line) -> None:
        self.open = self.fitted(
            line,
            lambda layout: aligned(line.text, _ids(line.text, layout)[1], layout.starts.get("clearinghouse_id", 0)),
            lambda cells: _row_of(cells, line),
        )
        if self.open is not None:
            self.report.rows.append(self.open)

    def _other(self, line: Line) -> None:
        if self.open is not None and _indent(line) >= _HANGS_FROM:
            self._goes_on(self.open, line)
        else:
            self.unknown(line)

    @staticmethod
    def _goes_on(row: StatusRow, line: Line) -> None:
        text = line.text.strip()
        row.text = f"{row.text} {text}" if row.text else text


def _row_of(cells: Cells, line: Line) -> StatusRow:
    row = StatusRow(
        file_id=_ids(line.text, cells.layout)[0],
        clearinghouse_id=cells.number("clearinghouse_id"),
        account=cells.word("account"),
        patient=cells.text("patient"),
        amount_cents=cells.cents("amount"),
        practice_id=cells.text("practice_id"),
        tax_id=cells.text("tax_id"),
        payer_id=cells.text("payer_id"),
        processed=cells.day("processed"),
        payer_reference=cells.text("payer_reference"),
        status="",
        text=cells.text("text"),
        line=line.number,
    )
    _tell_status(row, cells)
    return row


def _tell_status(row: StatusRow, cells: Cells) -> None:
    """The status may be of several words ("accepted with errors"), and longer than its column."""
    start = cells.layout.starts["status"]
    if long := _WITH.match(cells.printed, start):
        row.status, row.text = long["status"].upper(), long["text"].strip() or None
        cells.tell(Severity.WARNING, "STATUS", "status", "is of two minds; it moves nothing")
        return
    row.status = status = cells.texts["status"].upper().rstrip(".:;,")
    if status in {ACCEPTED, REJECTED}:
        return
    if not status:
        cells.tell(Severity.ERROR, "VALUE", "status", "is missing")
    elif status.startswith((f"{ACCEPTED} ", f"{REJECTED} ")) or cells.printed[start - 1] != " ":
        cells.tell(Severity.ERROR, "VALUE", "status", "runs into what stands beside it")
    elif not cells.unreadable:
        cells.tell(Severity.WARNING, "STATUS", "status", f"is neither {ACCEPTED} nor {REJECTED}; it moves nothing")


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
