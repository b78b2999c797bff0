"""276 claim status request, guide 005010X212: values, writer and reader."""

from edi.x12.sets.claim_status import ServiceLine
from edi.x12.sets.inquiries import Name
from edi.x12.sets.t276.read import read_set
from edi.x12.sets.t276.values import ClaimRequest, Dependent, Provider, Receiver, Source, StatusRequest, Subscriber
from edi.x12.sets.t276.write import VERSION, write_set

__all__ = [
    "VERSION",
    "ClaimRequest",
    "Dependent",
    "Name",
    "Provider",
    "Receiver",
    "ServiceLine",
    "Source",
    "StatusRequest",
    "Subscriber",
    "read_set",
    "write_set",
]
