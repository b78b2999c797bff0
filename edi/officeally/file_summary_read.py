"""Reads a File Summary. Never raises; what cannot be read of a claim's row is an error with its line and columns."""

import re
from datetime import date

from edi.findings import Finding, Severity
from edi.officeally.columns import Cells, aligned
from edi.officeally.file_summary import COLUMNS, NEEDED, ErrorText, FileSummary, Section, SummaryRow, tells_failure
from edi.officeally.lines import Line
from edi.officeally.reading import Reading

_ROW = re.compile(r" {0,6}(?P<sequence>\d{1,6})\)")
# Only so near: a number further to the right is that of the patient, or an account of digits.
_ID_AFTER_SEQUENCE = re.compile(r" *\d{1,6}\) {0,8}(?P<anchor>\d{8,12})(?!\d)")
_SECTION = re.compile(
    r"[\s\-=*]*(?P<name>ACCEPTED|ERROR|REJECTED|PENDING) CLAIMS?(?: DETAILS?)?[\s\-=*:]*", re.IGNORECASE
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
    reading = _Reading()
    findings = reading.read(data)
    return reading.report, findings


class _Reading(Reading):
    """A line is tried against what it may be, the most telling first."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, NEEDED, "OA-FS")
        self.report = FileSummary()
        self.section: Section | None = None
        self.begun: set[Section] = set()

    def take(self, line: Line) -> None:
        # Above the claims a numbered line is a row only with a claim's id: reports number their advice too.
        if _ROW.match(line.text) and (self.in_detail or _ID_AFTER_SEQUENCE.match(line.text)):
            self._row(line)
        elif not (
            line.is_rule
            or self._title(line)
            or self.heading(line)
            or self._legend(line)
            or self._told(line)
            or self._goes_on(line)
            or self.lost(line)
            or self.passed_over(line)
        ):
            self.unknown(line)

    def end(self, last: Line, *, cut_off: bool) -> None:
        self._check_counts(last)
        if cut_off and _ROW.match(last.text):
            self.report.complete = False
            self.error("CUT", "the last row has no end: it may be cut off", last)
        if not self.report.rows and not self.report.failed:
            self.report.complete = False
            self.error("EMPTY", "neither a claim nor a word that the file failed", last)

    def _row(self, line: Line) -> None:
        found = _ID_AFTER_SEQUENCE.match(line.text)
        anchor = found.span("anchor") if found else None
        row = self.fitted(
            line,
            lambda layout: aligned(line.text, anchor, layout.starts["clearinghouse_id"]),
            lambda cells: self._of(cells, line),
        )
        if row is not None:
            self.report.rows.append(row)

    def _goes_on(self, line: Line) -> bool:
        """Error codes of the row above for which its line had no room."""
        start, rows = self.layout.starts["errors"], self.report.rows
        if not rows or not rows[-1].errors or line.text[: start - 1].strip():
            return False
        rows[-1].errors = f"{rows[-1].errors} {line.text.strip()}"
        return True

    def _of(self, cells: Cells, line: Line) -> SummaryRow:
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
        if row.section is Section.ACCEPTED and row.rejected and not cells.unreadable:
            what = "stand at a claim among the accepted; it counts as refused"
            cells.tell(Severity.WARNING, "SECTION", "errors", what)
        return row

    def _title(self, line: Line) -> bool:
        title = _SECTION.fullmatch(line.text)
        if title is None:
            return False
        self.section = _named(title["name"])
        self.begun.add(self.section)
        self.begin_detail()
        return True

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

    def _check_counts(self, last: Line) -> None:
        if self.report.counts and self.report.rows and not self.begun:
            self._check_without_sections(last)
        for section in sorted(self.begun & set(self.report.counts)):
            told = self.report.counts[section]
            found = sum(row.section is section for row in self.report.rows)
            if found != told:
                self.report.complete = self.report.complete and found > told
                self.error("COUNT", f"{told} {section.lower()} claims are announced, {found} can be read", last)

    def _check_without_sections(self, last: Line) -> None:
        """No section says what a row is, so only its error cell does; the totals must bear it out."""
        rows, counts = self.report.rows, self.report.counts
        refused = sum(row.rejected for row in rows)
        told, errors = sum(counts.values()), counts.get(Section.ERROR, refused)
        if errors != refused or len(rows) not in {told, refused}:
            self.report.complete = len(rows) >= told
            self.error(
                "COUNT",
                f"{told} claims, {errors} of them in error, are announced; of {len(rows)} that can be read {refused} are",
                last,
            )


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
