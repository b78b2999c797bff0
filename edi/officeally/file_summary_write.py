"""Writes a File Summary, for the sandbox and for tests. NotRepresentable for what the report could not give back."""

from collections.abc import Iterator

from edi.officeally.columns import Layout, check_printable, day_text, refusal
from edi.officeally.file_summary import COLUMNS, FileSummary, Section, SummaryRow, tells_failure

_LAYOUT = Layout.known(COLUMNS)
_RULE = "-" * 162
_MARGIN = 7


def write_file_summary(report: FileSummary) -> bytes:
    """The report in ASCII with CRLF: what it is about, totals, legend, then each section with its heading and rows."""
    lines = [*_head(report), *_legend(report)]
    for section in (Section.ACCEPTED, Section.ERROR, Section.PENDING, None):
        lines += _detail(section, [row for row in report.rows if row.section is section])
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _head(report: FileSummary) -> Iterator[str]:
    yield "CLAIMS UPLOAD FILE SUMMARY"
    if report.uploaded_name is not None:
        yield f"File Name: {_checked('uploaded_name', report.uploaded_name)}"
    if report.split_name is not None:
        parts = "several files" if report.split_into is None else f"{report.split_into} files"
        yield f"The file {_checked('split_name', report.split_name)} was split into {parts}"
    if report.file_id is not None:
        yield f"File ID: {_checked('file_id', report.file_id)}"
    if report.processed is not None:
        yield f"Date Processed: {day_text(report.processed)}"
    for section, count in report.counts.items():
        yield f"{section.title()} Claims: {count}"
    if report.failure is not None:
        if not tells_failure(report.failure):
            raise refusal("OA-FAILURE", "failure does not say that the file was not processed", report.failure)
        yield _checked("failure", report.failure)
    yield ""


def _legend(report: FileSummary) -> Iterator[str]:
    for one in report.legend:
        yield f"     +---> {one.count} # errors {_checked('code', one.code)} - {_checked('text', one.text)}"


def _detail(section: Section | None, rows: list[SummaryRow]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    if section is not None:
        yield f"-------{section} CLAIM DETAIL"
    yield from (_RULE, _LAYOUT.heading(), _RULE)
    for row in rows:
        yield _LAYOUT.row(_cells(row))


def _cells(row: SummaryRow) -> dict[str, str]:
    sequence = f"{row.sequence})"
    if len(sequence) > _MARGIN:
        raise refusal("OA-FIT", "sequence is longer than its column", sequence, (0, _MARGIN))
    return {
        "sequence": sequence,
        "clearinghouse_id": row.clearinghouse_id or "",
        "patient_id": row.patient_id or "",
        "patient": row.patient or "",
        "birth_date": day_text(row.birth_date),
        "service_from": day_text(row.service_from),
        "service_to": day_text(row.service_to),
        "procedure": row.procedure or "",
        "diagnosis": row.diagnosis or "",
        "tax_id": row.tax_id or "",
        "account": row.account,
        "provider_id": row.provider_id or "",
        "payer_id": row.payer_id or "",
        "errors": row.errors or "",
    }


def _checked(name: str, value: str) -> str:
    check_printable(name, value)
    return value
