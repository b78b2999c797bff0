"""The service line of the 837I as a value."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edi.x12.sets.t837.values_details import Attachment, Pricing
from edi.x12.sets.t837.values_other import BaseLineAdjudication
from edi.x12.sets.t837.values_parties import Provider


@dataclass(slots=True, kw_only=True)
class InstitutionalPricing(Pricing):
    """HCP with a revenue code."""

    revenue_code: str | None = None  # HCP08


@dataclass(slots=True, kw_only=True)
class LineAdjudication(BaseLineAdjudication):
    """Loop 2430: what another payer decided on this line."""

    procedure: str | None = None  # SVD03-2
    procedure_qualifier: str = "HC"  # SVD03-1, said only with a procedure
    revenue_code: str  # SVD04


@dataclass(slots=True, kw_only=True)
class ServiceLine:
    """Loop 2400 and below."""

    number: int  # LX01, from 1
    revenue_code: str  # SV201
    procedure: str | None = None  # SV202-2
    procedure_qualifier: str = "HC"  # SV202-1, said only with a procedure
    modifiers: list[str] = field(default_factory=list)  # SV202-3 to -6
    description: str | None = None  # SV202-7
    charge_cents: int  # SV203
    unit: str = "UN"  # SV204: UN, DA days
    units: Decimal  # SV205
    non_covered_cents: int | None = None  # SV207
    attachments: list[Attachment] = field(default_factory=list)  # PWK
    service_date: date | None = None  # DTP*472
    service_date_to: date | None = None  # DTP*472 as a range
    line_control_number: str | None = None  # REF*6R
    repriced_number: str | None = None  # REF*9B
    adjusted_repriced_number: str | None = None  # REF*9D
    service_tax_cents: int | None = None  # AMT*GT
    facility_tax_cents: int | None = None  # AMT*N8
    third_party_note: str | None = None  # NTE*TPO
    pricing: InstitutionalPricing | None = None  # HCP
    ndc: str | None = None  # LIN03, eleven digits
    ndc_units: Decimal | None = None  # CTP04
    ndc_unit: str | None = None  # CTP05
    prescription_number: str | None = None  # REF of loop 2410
    prescription_kind: str = "XZ"  # REF01: XZ prescription, VY link of a compound
    operating: Provider | None = None  # 2420A
    other_operating: Provider | None = None  # 2420B
    rendering: Provider | None = None  # 2420C
    referring: Provider | None = None  # 2420D
    adjudications: list[LineAdjudication] = field(default_factory=list)  # 2430
    segment_number: int = field(default=0, compare=False)
