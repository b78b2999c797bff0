"""Reads a File Summary. Never raises; what cannot be read of a claim's row is an error with its line and columns."""

import re
from datetime import date

from edi.findings import Finding, Severity
from edi.officeally.columns import Cells, Layout, aligned
from edi.officeally.file_summary import COLUMNS, NEEDED, ErrorText, FileSummary, Section, SummaryRow, tells_failure
from edi.officeally.lines import Line, ends_its_line, lines_of, problem, text_of, unread

_KNOWN = Layout.known(COLUMNS)
_ROW = re.compile(r" {0,6}(?P<sequence>\d{1,6})\)")
_ID_AFTER_SEQUENCE = re.compile(r" *\d{1,6}\) *(?P<anchor>\d{8,12})(?!\d)")
_SECTION = re.compile(
    r"[\s\-=*]*(?P<name>ACCEPTED|ERROR|REJECTED|PENDING) CLAIMS?(?: DETAILS?)?[\s\-=*]*", re.IGNORECASE
)
_COUNT = re.compile(
    r".*?\b(?P<name>ACCEPTED|ERROR|REJECTED|PENDING) CLAIMS?\b[^:]*:\s*(?P<count>[\d,]+)\b", re.IGNORECASE
)
_LEGEND = re.compile(
    r"\s*\+-*>\s*(?P<count>\d+)\s*#?\s*errors?\s+(?P<code>[A-Z]+\d\w*)\s*-\s*(?P<text>.+)", re.IGNORECASE
)
_NAME = re.compile(r".*?\bFile ?Name\s*:\s*(?P<name>\S.*)", re.IGNORECASE)
_SPLIT = re.compile(r".*?\bfile\s+(?P<name>\S.*?)\s+was split into\b\s*(?P<parts>\d+)?", re.IGNORECASE)
_FILE_ID = re.compile(r".*?\bFile ?ID\s*[:#]+\s*(?P<id>\d{8,12})\b", re.IGNORECASE)
_PROCESSED = re.compile(r".*?\bDate Processed\s*:\s*(?P<month>\d\d)/(?P<day>\d\d)/(?P<year>\d{4})", re.IGNORECASE)
_ERROR_NAMES = {"REJECTED": Section.ERROR}


def read_file_summary(data: bytes) -> tuple[FileSummary, list[Finding]]:
    """The report and everything wrong with it. With an error among the findings the report must not be relied on."""
    text = text_of(data)
    reading = _Reading()
    lines = lines_of(text)
    for line in lines:
        reading.take(line)
    cut_off = bool(lines) and not ends_its_line(text) and _ROW.match(lines[-1].text) is not None
    return reading.end(lines[-1].number if lines else 1, cut_off=cut_off)


class _Reading:
    """Line after line. A line is tried against what it may be, the most telling first."""

    def __init__(self) -> None:
        self.report = FileSummary()
        self.findings: list[Finding] = []
        self.layout = _KNOWN
        self.section: Section | None = None
        self.begun: set[Section] = set()
        self.in_detail = False
        self.at_page_top = False
        self.furniture: set[str] = set()

    def take(self, line: Line) -> None:
        self.at_page_top = self.at_page_top or line.new_page
        if _ROW.match(line.text):
            self._row(line)
        elif not (line.is_rule or self._heading(line) or self._legend(line) or self._told(line)):
            self._other(line)

    def end(self, last_line: int, *, cut_off: bool) -> tuple[FileSummary, list[Finding]]:
        self._check_counts(last_line)
        if cut_off:
            self.report.complete = False
            self._error("OA-FS-CUT", "the last row has no end: it may be cut off", last_line)
        if not self.report.rows and not self.report.failed:
            self.report.complete = False
            self._error("OA-FS-EMPTY", "neither a claim nor a word that the file failed", last_line)
        return self.report, self.findings

    def _row(self, line: Line) -> None:
        self.in_detail, self.at_page_top = True, False
        cells = min((self._cells(line, layout) for layout in (self.layout, _KNOWN)), key=lambda tried: tried[1].doubt)
        row, read = cells
        self.findings += read.findings
        if read.unreadable:
            return
        if row.section is Section.ACCEPTED and row.rejected:
            read.tell(
                Severity.WARNING, "SECTION", "errors", "stand at a claim among the accepted; it counts as refused"
            )
            self.findings += read.findings[-1:]
        self.report.rows.append(row)

    def _cells(self, line: Line, layout: Layout) -> tuple[SummaryRow, Cells]:
        found = _ID_AFTER_SEQUENCE.match(line.text)
        text = aligned(line.text, found.span("anchor") if found else None, layout.starts["clearinghouse_id"])
        cells = Cells(text, layout, line.number, "OA-FS")
        row = SummaryRow(
            section=self.section,
            sequence=_sequence(line),
            clearinghouse_id=cells.number("clearinghouse_id"),
            patient_id=cells.text("patient_id"),
            patient=cells.text("patient"),
            birth_date=cells.day("birth_date"),
            service_from=cells.day("service_from"),
            service_to=cells.day("service_to"),
            procedure=cells.text("procedure"),
            diagnosis=cells.text("diagnosis"),
            tax_id=cells.text("tax_id"),
            account=cells.word("account"),
            provider_id=cells.text("provider_id"),
            payer_id=cells.text("payer_id"),
            errors=cells.text("errors"),
            line=line.number,
        )
        return row, cells

    def _heading(self, line: Line) -> bool:
        if title := _SECTION.fullmatch(line.text):
            self.section = _named(title["name"])
            self.begun.add(self.section)
            self.in_detail, self.at_page_top = True, False
            return True
        if layout := Layout.under(line.text, COLUMNS, NEEDED):
            self.layout = layout
            self.in_detail, self.at_page_top = True, False
            return True
        return False

    def _legend(self, line: Line) -> bool:
        found = _LEGEND.fullmatch(line.text)
        if found:
            one = ErrorText(code=found["code"].upper(), count=int(found["count"]), text=" ".join(found["text"].split()))
            if one not in self.report.legend:  # repeated on each page by some
                self.report.legend.append(one)
        return found is not None

    def _told(self, line: Line) -> bool:
        """What stands above the claims: names, numbers, totals. The first word counts where pages repeat it."""
        report = self.report
        if found := _SPLIT.match(line.text):
            report.split_name = report.split_name or found["name"]
            report.split_into = report.split_into or (int(found["parts"]) if found["parts"] else None)
        elif found := _COUNT.match(line.text):
            report.counts.setdefault(_named(found["name"]), int(found["count"].replace(",", "")))
        elif found := _NAME.match(line.text):
            report.uploaded_name = report.uploaded_name or found["name"]
        elif found := _FILE_ID.match(line.text):
            report.file_id = report.file_id or found["id"]
        elif found := _PROCESSED.match(line.text):
            report.processed = report.processed or _day(found)
        elif tells_failure(line.text):
            report.failure = report.failure or line.text.strip()
        else:
            return False
        return True

    def _other(self, line: Line) -> None:
        """Titles and page headings are no loss; among the claims any other line is told."""
        text = line.text.strip()
        if not self.in_detail:
            self.furniture.add(text)
        elif not (self.at_page_top or text in self.furniture or line.tells_page):
            self.findings.append(unread(line))

    def _check_counts(self, last_line: int) -> None:
        for section in self.begun & set(self.report.counts):
            told = self.report.counts[section]
            found = sum(row.section is section for row in self.report.rows)
            if found != told:
                self.report.complete = self.report.complete and found > told
                message = f"{told} {section.lower()} claims are announced, {found} can be read"
                self._error("OA-FS-COUNT", message, last_line)

    def _error(self, code: str, message: str, line: int) -> None:
        self.findings.append(problem(Severity.ERROR, code, message, line))


def _sequence(line: Line) -> int:
    found = _ROW.match(line.text)
    assert found is not None, "the caller has seen it"
    return int(found["sequence"])


def _named(name: str) -> Section:
    return _ERROR_NAMES.get(name.upper()) or Section(name.upper())


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
