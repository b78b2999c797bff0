"""837 institutional claim, guide 005010X223A2: values, writer and reader."""

from edi.x12.sets.shared import Address, Adjustment, Contact
from edi.x12.sets.t837.values import Payer, PayToPlan, Receiver, Submitter
from edi.x12.sets.t837.values_details import Attachment, Condition, Contract
from edi.x12.sets.t837.values_other import OtherInsured, OutpatientAdjudication
from edi.x12.sets.t837.values_parties import Facility, NamelessProvider, Provider, Reference
from edi.x12.sets.t837i.read import read_set
from edi.x12.sets.t837i.values import BillingProvider, InstitutionalSet, Patient, Subscriber
from edi.x12.sets.t837i.values_claim import InpatientAdjudication, InstitutionalClaim, Note, OtherPayer
from edi.x12.sets.t837i.values_codes import Diagnosis, Occurrence, OccurrenceSpan, Procedure, ValueAmount
from edi.x12.sets.t837i.values_line import InstitutionalPricing, LineAdjudication, ServiceLine
from edi.x12.sets.t837i.write import VERSION, write_set

__all__ = [
    "VERSION",
    "Address",
    "Adjustment",
    "Attachment",
    "BillingProvider",
    "Condition",
    "Contact",
    "Contract",
    "Diagnosis",
    "Facility",
    "InpatientAdjudication",
    "InstitutionalClaim",
    "InstitutionalPricing",
    "InstitutionalSet",
    "LineAdjudication",
    "NamelessProvider",
    "Note",
    "Occurrence",
    "OccurrenceSpan",
    "OtherInsured",
    "OtherPayer",
    "OutpatientAdjudication",
    "Patient",
    "PayToPlan",
    "Payer",
    "Procedure",
    "Provider",
    "Receiver",
    "Reference",
    "ServiceLine",
    "Submitter",
    "Subscriber",
    "ValueAmount",
    "read_set",
    "write_set",
]
