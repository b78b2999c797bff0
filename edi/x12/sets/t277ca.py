"""277CA claim acknowledgment, guide 005010X214: values, writer and reader."""

from edi.x12.sets.status_report import (
    REJECTING,
    ClaimStatus,
    LineStatus,
    ProviderStatus,
    Source,
    Status,
    StatusCode,
    StatusReceiver,
    StatusReport,
    is_rejection,
)
from edi.x12.sets.t277ca_read import read_set
from edi.x12.sets.t277ca_write import VERSION, write_set

__all__ = [
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
    "is_rejection",
    "read_set",
    "write_set",
]
