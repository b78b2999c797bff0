"""Which payments may be asked back, and until when (the rules' section on reversing entries)."""

from datetime import date
from enum import StrEnum

from pipeline.domain.calendar import add_banking_days

WITHIN_DAYS = 5
"""So many banking days after a payment has settled may its reversal still reach the receiving bank."""
REVERSIBLE = ("ACKNOWLEDGED", "SETTLED", "OVERPAID")


class Cause(StrEnum):
    """What was wrong with the payment: the rules know these and no others; a change of mind is none."""

    DUPLICATE = "duplicate"
    RECEIVER = "receiver"
    AMOUNT = "amount"
    DATE = "date"


def last_day(settled: date) -> date:
    """The last day on which a reversal may settle."""
    return add_banking_days(settled, WITHIN_DAYS)
