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

__all__ = [
    "REJECTING",
    "ClaimStatus",
    "LineStatus",
    "ProviderStatus",
    "Source",
    "Status",
    "StatusCode",
    "StatusReceiver",
    "StatusReport",
    "is_rejection",
]
