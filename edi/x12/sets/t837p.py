"""837 professional claim, guide 005010X222A1: values, writer and reader."""

from edi.x12.sets.professional import (
    Address,
    AmbulanceCondition,
    AmbulanceTransport,
    BillingProvider,
    DropOff,
    Facility,
    Patient,
    Payer,
    ProfessionalClaim,
    ProfessionalSet,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from edi.x12.sets.t837p_read import read_set
from edi.x12.sets.t837p_write import VERSION, write_set

__all__ = [
    "VERSION",
    "Address",
    "AmbulanceCondition",
    "AmbulanceTransport",
    "BillingProvider",
    "DropOff",
    "Facility",
    "Patient",
    "Payer",
    "ProfessionalClaim",
    "ProfessionalSet",
    "Provider",
    "Receiver",
    "ServiceLine",
    "Submitter",
    "Subscriber",
    "read_set",
    "write_set",
]
