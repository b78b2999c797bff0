"""277CA claim acknowledgment, guide 005010X214: values, writer, reader and rules."""

from edi.x12.sets.status_report import (
    ACCEPTING,
    NOT_FOUND,
    REJECTING,
    ClaimStatus,
    LineStatus,
    ProviderStatus,
    Source,
    Status,
    StatusCode,
    StatusReceiver,
    StatusReport,
    Verdict,
    verdict_of,
)
from edi.x12.sets.t277ca_read import read_set
from edi.x12.sets.t277ca_totals import totals
from edi.x12.sets.t277ca_write import VERSION, write_set

__all__ = [
    "ACCEPTING",
    "NOT_FOUND",
    "REJECTING",
    "VERSION",
    "ClaimStatus",
    "LineStatus",
    "ProviderStatus",
    "Source",
    "Status",
    "StatusCode",
    "StatusReceiver",
    "StatusReport",
    "Verdict",
    "read_set",
    "totals",
    "verdict_of",
    "write_set",
]
