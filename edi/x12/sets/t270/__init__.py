"""270 eligibility inquiry, guide 005010X279A1: values, writer and reader."""

from edi.x12.sets.eligibility import Diagnosis, Procedure, Relationship, Specialty
from edi.x12.sets.inquiries import Dated, Name, Reference, Trace
from edi.x12.sets.shared import Address
from edi.x12.sets.t270.read import read_set
from edi.x12.sets.t270.values import Dependent, EligibilityInquiry, Question, Receiver, Source, Subscriber
from edi.x12.sets.t270.write import VERSION, write_set

__all__ = [
    "VERSION",
    "Address",
    "Dated",
    "Dependent",
    "Diagnosis",
    "EligibilityInquiry",
    "Name",
    "Procedure",
    "Question",
    "Receiver",
    "Reference",
    "Relationship",
    "Source",
    "Specialty",
    "Subscriber",
    "Trace",
    "read_set",
    "write_set",
]
