"""277 claim status response, guide 005010X212: values, writer and reader, and which inquiry a response answers."""

from edi.x12.sets.inquiries import Name
from edi.x12.sets.shared import Contact
from edi.x12.sets.t277.echo import Echo, echo
from edi.x12.sets.t277.read import read_set
from edi.x12.sets.t277.values import (
    ClaimStatus,
    Dependent,
    LineStatus,
    Provider,
    Receiver,
    Source,
    Status,
    StatusCode,
    StatusResponse,
    Subscriber,
)
from edi.x12.sets.t277.write import VERSION, write_set

__all__ = [
    "VERSION",
    "ClaimStatus",
    "Contact",
    "Dependent",
    "Echo",
    "LineStatus",
    "Name",
    "Provider",
    "Receiver",
    "Source",
    "Status",
    "StatusCode",
    "StatusResponse",
    "Subscriber",
    "echo",
    "read_set",
    "write_set",
]
