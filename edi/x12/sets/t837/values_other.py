"""Other payers of a claim and what they decided, as both guides tell it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edi.x12.sets.shared import Address, Adjustment
from edi.x12.sets.t837.values_parties import Reference


@dataclass(slots=True, kw_only=True)
class OutpatientAdjudication:
    """MOA: how Medicare came to its decision."""

    reimbursement_rate: Decimal | None = None  # MOA01
    payable_cents: int | None = None  # MOA02
    remarks: list[str] = field(default_factory=list)  # MOA03-MOA07
    renal_disease_cents: int | None = None  # MOA08
    professional_component_cents: int | None = None  # MOA09


@dataclass(slots=True, kw_only=True)
class OtherInsured:
    """Loop 2330A: who is insured with another payer."""

    name: str | None = None  # NM103 where NM102 is 2
    last_name: str | None = None  # NM103 where NM102 is 1
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    member_id: str | None = None  # NM109
    member_id_kind: str = "MI"  # NM108: MI or II
    address: Address | None = None
    social_security_number: str | None = None  # REF*SY


@dataclass(slots=True, kw_only=True)
class BaseOtherPayer:
    """Loops 2320 and 2330: another payer of the same claim, and what he decided on the claim as a whole.

    ``paid_cents`` 0 says that he decided and paid nothing; None that he has not decided.
    """

    responsibility: str  # SBR01
    relationship: str  # SBR02, the patient's to this payer's insured
    group_number: str | None = None  # SBR03
    group_name: str | None = None  # SBR04
    filing_code: str | None = None  # SBR09
    adjustments: list[Adjustment] = field(default_factory=list)  # CAS
    paid_cents: int | None = None  # AMT*D
    non_covered_cents: int | None = None  # AMT*A8
    remaining_liability_cents: int | None = None  # AMT*EAF
    benefits_assigned: str = "Y"  # OI03
    release_code: str = "Y"  # OI06
    outpatient: OutpatientAdjudication | None = None  # MOA
    insured: OtherInsured  # 2330A
    name: str  # 2330B: NM103
    identifier: str  # NM109
    identifier_kind: str = "PI"  # NM108: PI or XV
    address: Address | None = None
    adjudication_date: date | None = None  # DTP*573, where no line tells it
    references: list[Reference] = field(default_factory=list)  # REF: 2U, EI, FY, NF
    prior_authorization: str | None = None  # REF*G1
    referral_number: str | None = None  # REF*9F
    adjustment_indicator: str | None = None  # REF*T4: Y
    payer_claim_number: str | None = None  # REF*F8


@dataclass(slots=True, kw_only=True)
class BaseLineAdjudication:
    """Loop 2430: what another payer decided on this line."""

    payer_id: str  # SVD01, the identifier of one of the claim's other payers
    paid_cents: int  # SVD02
    modifiers: list[str] = field(default_factory=list)  # SVD03-3 to -6
    description: str | None = None  # SVD03-7
    units: Decimal  # SVD05
    bundled_line: int | None = None  # SVD06, the line with which it was paid together
    adjustments: list[Adjustment] = field(default_factory=list)  # CAS
    adjudication_date: date | None  # DTP*573, None only where a read set has none
    remaining_liability_cents: int | None = None  # AMT*EAF
