"""The tree of a claim set that both guides have: who sends, who bills, who is insured, who shall pay, who is the patient.

Billing providers hold subscribers, subscribers hold claims (patient = subscriber) or patients, who hold claims. Money is
integer cents, quantities are Decimal, blank is None. Codes stay codes. ``segment_number`` of a level is the position of
its HL, ST = 1. A guide adds to the ``Base…`` values what only it has, and its claims.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from edi.x12.sets.shared import Address, Contact
from edi.x12.sets.t837.values_parties import Reference
from edi.x12.syntax.document import TransactionSet


@dataclass(slots=True, kw_only=True)
class Submitter:
    """Loop 1000A: who sends the file. A person submits with ``first_name``; an organisation without.

    The first contact is told by ``contact_name`` and its numbers; ``contacts`` has what they cannot tell.
    """

    name: str  # NM103
    first_name: str | None = None  # NM104
    middle_name: str | None = None  # NM105
    identifier: str  # NM109
    contact_name: str | None = None  # PER02
    phone: str | None = None  # PER04 where TE
    phone_extension: str | None = None  # EX
    email: str | None = None  # EM
    fax: str | None = None  # FX
    contacts: list[Contact] = field(default_factory=list)  # the second PER; the first where it has other numbers


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Loop 1000B: who takes the file in."""

    name: str  # NM103
    identifier: str  # NM109


@dataclass(slots=True, kw_only=True)
class Payer:
    """Loop 2010BB: who shall pay."""

    name: str  # NM103
    identifier: str  # NM109
    identifier_kind: str = "PI"  # NM108: PI or XV
    address: Address | None = None
    secondary_id: str | None = None  # REF*2U
    references: list[Reference] = field(default_factory=list)  # REF: EI, FY, NF; 2U beyond the first
    billing_provider_id: str | None = None  # REF*G2: the billing provider as this payer knows it
    provider_references: list[Reference] = field(default_factory=list)  # REF: LU; G2 beyond the first


@dataclass(slots=True, kw_only=True)
class BasePatient:
    """Loops 2000C and 2010CA: a patient who is not the subscriber and has no member id of his own."""

    relationship: str  # PAT01
    last_name: str
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    address: Address
    birth_date: date | None  # None only where a read set has none that can be read
    sex: str
    property_casualty_number: str | None = None  # REF*Y4
    secondary_id: str | None = None  # REF*1W or REF*SY
    secondary_id_kind: str = "1W"  # REF01
    segment_number: int = field(default=0, compare=False)


@dataclass(slots=True, kw_only=True)
class BaseSubscriber:
    """Loops 2000B, 2010BA and 2010BB: the insured and the payer.

    ``relationship`` is "18" where the subscriber is the patient, and then address, birth date and sex are needed;
    claims of other patients sit under ``patients``. ``name`` stands for ``last_name`` where the insured is an
    employer.
    """

    responsibility: str = "P"  # SBR01
    relationship: str | None = None  # SBR02
    group_number: str | None = None  # SBR03
    group_name: str | None = None  # SBR04
    filing_code: str | None = None  # SBR09
    name: str | None = None  # NM103 where NM102 is 2
    last_name: str | None = None  # NM103 where NM102 is 1
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    member_id: str | None = None  # NM109
    member_id_kind: str = "MI"  # NM108: MI or II
    address: Address | None = None
    birth_date: date | None = None
    sex: str | None = None
    social_security_number: str | None = None  # REF*SY
    property_casualty_number: str | None = None  # REF*Y4
    payer: Payer
    segment_number: int = field(default=0, compare=False)


@dataclass(slots=True, kw_only=True)
class PayToPlan:
    """Loop 2010AC: the health plan that is to get the money, in subrogation."""

    name: str  # NM103
    identifier: str  # NM109
    identifier_kind: str = "PI"  # NM108: PI or XV
    address: Address
    secondary: Reference | None = None  # REF: 2U, FY, NF
    tax_id: str  # REF*EI


@dataclass(slots=True, kw_only=True)
class BaseBillingProvider:
    """Loops 2000A, 2010AA, 2010AB and 2010AC: who bills. An organisation has ``name``, a person last and first name.

    Contacts are told as with the submitter.
    """

    name: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    npi: str | None = None
    taxonomy: str | None = None  # PRV03
    currency: str | None = None  # CUR02, absent for US dollars
    tax_id: str  # REF02, nine digits
    tax_id_kind: str = "EI"  # REF01: EI, or SY in the 837P
    address: Address
    contact_name: str | None = None  # PER02
    phone: str | None = None  # PER04 where TE
    phone_extension: str | None = None  # EX
    email: str | None = None  # EM
    fax: str | None = None  # FX
    contacts: list[Contact] = field(default_factory=list)
    pay_to: Address | None = None  # 2010AB
    pay_to_plan: PayToPlan | None = None  # 2010AC
    segment_number: int = field(default=0, compare=False)


@dataclass(slots=True, kw_only=True)
class BaseSet:
    """One transaction set. ``reference`` is BHT03, echoed by the 277CA as its batch reference.

    ``raw`` is the set that this was read from, None for one that was made.
    """

    reference: str  # BHT03
    when: datetime | None  # BHT04, BHT05; None only where a read set has none that can be read
    purpose: str = "00"  # BHT02: 00 original, 18 reissue
    kind: str = "CH"  # BHT06: CH chargeable, RP reporting, 31 subrogation
    submitter: Submitter
    receiver: Receiver
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)

    def segments_of(self, claim: Any) -> list[list[str]]:
        """The segments that ``claim`` was read from, CLM to its last; none where the set was not read."""
        return self.raw.segments[claim.segment_number - 1 : claim.segment_last] if self.raw else []
