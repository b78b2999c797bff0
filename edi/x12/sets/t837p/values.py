"""The professional claim set as values: 837, guide 005010X222A1.

The tree is that of both guides (``edi.x12.sets.t837.values``), with what only this one has, and its claims.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edi.x12.sets.shared import Contact
from edi.x12.sets.t837.values import BaseBillingProvider, BasePatient, BaseSet, BaseSubscriber
from edi.x12.sets.t837.values_parties import Reference
from edi.x12.sets.t837p.values_claim import ProfessionalClaim


@dataclass(slots=True, kw_only=True)
class Patient(BasePatient):
    """Loops 2000C and 2010CA: a patient who is not the subscriber."""

    death_date: date | None = None  # PAT06
    weight_lb: Decimal | None = None  # PAT08
    pregnant: bool = False  # PAT09
    contact: Contact | None = None  # PER
    claims: list[ProfessionalClaim] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Subscriber(BaseSubscriber):
    """Loops 2000B, 2010BA and 2010BB: the insured and the payer."""

    insurance_type: str | None = None  # SBR05
    death_date: date | None = None  # PAT06
    weight_lb: Decimal | None = None  # PAT08
    pregnant: bool = False  # PAT09
    contact: Contact | None = None  # PER
    patients: list[Patient] = field(default_factory=list)
    claims: list[ProfessionalClaim] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class BillingProvider(BaseBillingProvider):
    """Loops 2000A, 2010AA, 2010AB and 2010AC: who bills."""

    references: list[Reference] = field(default_factory=list)  # REF: 0B, 1G
    subscribers: list[Subscriber] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ProfessionalSet(BaseSet):
    """One 837P transaction set."""

    billing: list[BillingProvider] = field(default_factory=list)
