"""837 professional claim, guide 005010X222A1: values, writer and reader."""

from edi.x12.sets.shared import Address, Adjustment, Contact
from edi.x12.sets.t837.values import Payer, PayToPlan, Receiver, Submitter
from edi.x12.sets.t837.values_details import Attachment, Condition, Contract, Pricing
from edi.x12.sets.t837.values_other import OtherInsured, OutpatientAdjudication
from edi.x12.sets.t837.values_parties import Facility, NamelessProvider, Provider, Reference
from edi.x12.sets.t837p.read import read_set
from edi.x12.sets.t837p.values import BillingProvider, Patient, ProfessionalSet, Subscriber
from edi.x12.sets.t837p.values_claim import OtherPayer, ProfessionalClaim
from edi.x12.sets.t837p.values_details import (
    AmbulanceCondition,
    AmbulanceTransport,
    DropOff,
    SpinalManipulation,
    VisionCondition,
)
from edi.x12.sets.t837p.values_line import (
    Equipment,
    EquipmentCertification,
    FormAnswer,
    FormAnswers,
    LineAdjudication,
    Measurement,
    PurchasedService,
    ServiceLine,
)
from edi.x12.sets.t837p.write import VERSION, write_set

__all__ = [
    "VERSION",
    "Address",
    "Adjustment",
    "AmbulanceCondition",
    "AmbulanceTransport",
    "Attachment",
    "BillingProvider",
    "Condition",
    "Contact",
    "Contract",
    "DropOff",
    "Equipment",
    "EquipmentCertification",
    "Facility",
    "FormAnswer",
    "FormAnswers",
    "LineAdjudication",
    "Measurement",
    "NamelessProvider",
    "OtherInsured",
    "OtherPayer",
    "OutpatientAdjudication",
    "Patient",
    "PayToPlan",
    "Payer",
    "Pricing",
    "ProfessionalClaim",
    "ProfessionalSet",
    "Provider",
    "PurchasedService",
    "Receiver",
    "Reference",
    "ServiceLine",
    "SpinalManipulation",
    "Submitter",
    "Subscriber",
    "VisionCondition",
    "read_set",
    "write_set",
]
