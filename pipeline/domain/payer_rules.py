"""What differs from payer to payer and decides whether a claim is well made for this one."""

from dataclasses import dataclass
from enum import StrEnum


class MileageRule(StrEnum):
    """How loaded miles must have been rounded before they are billed. Claimrail checks, it never rounds."""

    MEDICARE = "medicare"  # ground: tenths up to 100 miles, whole miles above; air: whole miles
    WHOLE = "whole"  # whole miles always
    TENTHS = "tenths"  # tenths always


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRules:
    """The rules of one payer at one time."""

    mileage: MileageRule = MileageRule.MEDICARE
    origin_destination_required: bool = True  # the modifier pair on every ambulance line
