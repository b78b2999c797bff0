"""271 eligibility response, guide 005010X279A1: values, writer and reader, and which inquiry a response answers."""

from edi.x12.sets.eligibility import Diagnosis, Procedure, Relationship, Specialty
from edi.x12.sets.inquiries import Dated, Name, Reference, Trace
from edi.x12.sets.shared import Address, Contact
from edi.x12.sets.t271.echo import Echo, echo
from edi.x12.sets.t271.read import read_set
from edi.x12.sets.t271.values import (
    ACTIVE,
    INACTIVE,
    Benefit,
    Dependent,
    EligibilityResponse,
    Limit,
    Military,
    Receiver,
    Rejection,
    Related,
    Source,
    Subscriber,
    Visits,
)
from edi.x12.sets.t271.write import VERSION, write_set

__all__ = [
    "ACTIVE",
    "INACTIVE",
    "VERSION",
    "Address",
    "Benefit",
    "Contact",
    "Dated",
    "Dependent",
    "Diagnosis",
    "Echo",
    "EligibilityResponse",
    "Limit",
    "Military",
    "Name",
    "Procedure",
    "Receiver",
    "Reference",
    "Rejection",
    "Related",
    "Relationship",
    "Source",
    "Specialty",
    "Subscriber",
    "Trace",
    "Visits",
    "echo",
    "read_set",
    "write_set",
]
