"""835 remittance advice, guide 005010X221A1: values, writer, reader and balance."""

from edi.x12.sets.professional import Address
from edi.x12.sets.remittance import (
    REVERSAL,
    Adjustment,
    Amount,
    Contact,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)

__all__ = [
    "REVERSAL",
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
]
