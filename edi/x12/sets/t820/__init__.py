"""820 payment order and remittance advice, guides 005010X218 and 005010X306, and without a guide: values, writer, reader,
balances.
"""

from edi.x12.sets.shared import Address, Contact, Delivery
from edi.x12.sets.t820.balances import balance
from edi.x12.sets.t820.read import form_of, read_set
from edi.x12.sets.t820.values import (
    Adjustment,
    Charge,
    Currency,
    Dated,
    Entity,
    Form,
    Item,
    MemberCount,
    Note,
    Party,
    Payment,
    PaymentOrder,
    Person,
    Reference,
    SummaryLine,
    Trace,
)
from edi.x12.sets.t820.write import write_set

__all__ = [
    "Address",
    "Adjustment",
    "Charge",
    "Contact",
    "Currency",
    "Dated",
    "Delivery",
    "Entity",
    "Form",
    "Item",
    "MemberCount",
    "Note",
    "Party",
    "Payment",
    "PaymentOrder",
    "Person",
    "Reference",
    "SummaryLine",
    "Trace",
    "balance",
    "form_of",
    "read_set",
    "write_set",
]
