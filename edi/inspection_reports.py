"""What a text report of Office Ally's holds, for `inspect`: counts, codes and money, no claim and no person."""

from collections import Counter

from edi.findings import Finding
from edi.officeally import EDI_STATUS, FILE_SUMMARY, EdiStatus, FileSummary, read_edi_status, read_file_summary

Told = tuple[dict[str, object], list[Finding], bool]

KINDS = (FILE_SUMMARY, EDI_STATUS)


def summarise(kind: str, data: bytes) -> Told:
    """Summary and findings of a report of one of `KINDS`, and whether anything of it could be understood."""
    if kind == EDI_STATUS:
        status, findings = read_edi_status(data)
        return _edi_status(status), findings, bool(status.rows)
    summary, findings = read_file_summary(data)
    return _file_summary(summary), findings, bool(summary.rows) or summary.failed


def _file_summary(report: FileSummary) -> dict[str, object]:
    refused = sum(row.rejected for row in report.rows)
    pending = sum(row.pending for row in report.rows)
    return {
        "file_id": report.file_id,
        "uploaded_name": report.uploaded_name or report.split_name,
        "split_into": report.split_into,
        "processed": report.processed.isoformat() if report.processed else None,
        "complete": report.complete,
        "failed": report.failed,
        "claims": len(report.rows),
        "claims_accepted": len(report.rows) - refused - pending,
        "claims_rejected": refused,
        "claims_pending": pending,
        "announced": {section.lower(): count for section, count in report.counts.items()},
        "codes": dict(Counter(code for row in report.rows for code in row.error_codes)),
        "legend": {one.code: one.text for one in report.legend},
    }


def _edi_status(report: EdiStatus) -> dict[str, object]:
    return {
        "file_ids": sorted({row.file_id for row in report.rows}),
        "complete": report.complete,
        "announced": report.count,
        "claims": len(report.rows),
        "amount_cents": sum(row.amount_cents or 0 for row in report.rows),
        "statuses": dict(Counter(row.status for row in report.rows)),
        "payers": dict(Counter(row.payer_id for row in report.rows if row.payer_id)),
    }
