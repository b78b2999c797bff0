"""837 professional claim, guide 005010X222A1: values, writer and reader."""

from edi.x12.sets.shared import Address, Adjustment, Contact
from edi.x12.sets.t837p.read import read_set
from edi.x12.sets.t837p.values import (
    BillingProvider,
    Patient,
    Payer,
    PayToPlan,
    ProfessionalSet,
    Receiver,
    Submitter,
    Subscriber,
)
from edi.x12.sets.t837p.values_claim import OtherInsured, OtherPayer, OutpatientAdjudication, ProfessionalClaim
from edi.x12.sets.t837p.values_details import (
    AmbulanceCondition,
    AmbulanceTransport,
    Attachment,
    Condition,
    Contract,
    Pricing,
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
from edi.x12.sets.t837p.values_parties import DropOff, Facility, NamelessProvider, Provider, Reference
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
