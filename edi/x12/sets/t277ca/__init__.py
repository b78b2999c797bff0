"""277CA claim acknowledgment, guide 005010X214: values, writer, reader and rules."""

from edi.x12.sets.t277ca.read import read_set
from edi.x12.sets.t277ca.sums import totals
from edi.x12.sets.t277ca.values import (
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
from edi.x12.sets.t277ca.write import VERSION, write_set

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
