"""835 remittance advice, guide 005010X221A1: values, writer, reader and balance."""

from edi.x12.sets.remittance import (
    REVERSAL,
    Amount,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from edi.x12.sets.shared import Address, Adjustment, Contact
from edi.x12.sets.t835_balance import balance
from edi.x12.sets.t835_read import read_set
from edi.x12.sets.t835_write import VERSION, write_set

__all__ = [
    "REVERSAL",
    "VERSION",
    "Address",
    "Adjustment",
    "Amount",
    "Contact",
    "PayeeParty",
    "PayerParty",
    "Payment",
    "ProviderAdjustment",
    "Remittance",
    "RemittanceClaim",
    "RemittanceLine",
    "balance",
    "read_set",
    "write_set",
]
