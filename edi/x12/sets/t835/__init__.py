"""835 remittance advice, guide 005010X221A1: values, writer, reader, balances and rules."""

from edi.x12.sets.shared import Address, Adjustment, Contact, Delivery
from edi.x12.sets.t835.balances import balance, unjudged
from edi.x12.sets.t835.provider import Kind, Reason, cents_by_kind, reason_of
from edi.x12.sets.t835.read import read_set
from edi.x12.sets.t835.reversals import Pair, pairs
from edi.x12.sets.t835.rules import judge
from edi.x12.sets.t835.values import (
    REVERSAL,
    Amount,
    ClaimGroup,
    Figures,
    Name,
    PayeeParty,
    PayerParty,
    Payment,
    ProviderAdjustment,
    ProviderSummary,
    Quantity,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from edi.x12.sets.t835.write import VERSION, write_set

__all__ = [
    "REVERSAL",
    "VERSION",
    "Address",
    "Adjustment",
    "Amount",
    "ClaimGroup",
    "Contact",
    "Delivery",
    "Figures",
    "Kind",
    "Name",
    "Pair",
    "PayeeParty",
    "PayerParty",
    "Payment",
    "ProviderAdjustment",
    "ProviderSummary",
    "Quantity",
    "Reason",
    "Remittance",
    "RemittanceClaim",
    "RemittanceLine",
    "balance",
    "cents_by_kind",
    "judge",
    "pairs",
    "read_set",
    "reason_of",
    "unjudged",
    "write_set",
]
