"""The institutional claim set as values: 837, guide 005010X223A2.

The tree is that of both guides (``edi.x12.sets.t837.values``), with the claims of this one.
"""

from dataclasses import dataclass, field

from edi.x12.sets.t837.values import BaseBillingProvider, BasePatient, BaseSet, BaseSubscriber
from edi.x12.sets.t837i.values_claim import InstitutionalClaim


@dataclass(slots=True, kw_only=True)
class Patient(BasePatient):
    """Loops 2000C and 2010CA: a patient who is not the subscriber."""

    claims: list[InstitutionalClaim] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Subscriber(BaseSubscriber):
    """Loops 2000B, 2010BA and 2010BB: the insured and the payer."""

    patients: list[Patient] = field(default_factory=list)
    claims: list[InstitutionalClaim] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class BillingProvider(BaseBillingProvider):
    """Loops 2000A, 2010AA, 2010AB and 2010AC: who bills, always an organisation."""

    subscribers: list[Subscriber] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class InstitutionalSet(BaseSet):
    """One 837I transaction set."""

    billing: list[BillingProvider] = field(default_factory=list)
