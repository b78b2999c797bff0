"""The service line of the 837P as a value, and what only a line has."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edi.x12.sets.shared import Address
from edi.x12.sets.t837.values_details import Attachment, Condition, Contract, Pricing
from edi.x12.sets.t837.values_other import BaseLineAdjudication
from edi.x12.sets.t837.values_parties import Facility, NamelessProvider, Provider, Reference
from edi.x12.sets.t837p.values_details import AmbulanceTransport, DropOff


@dataclass(slots=True, kw_only=True)
class Equipment:
    """SV5: durable medical equipment, bought or rented."""

    procedure: str  # SV501-2
    days: Decimal  # SV503
    rental_cents: int  # SV504
    purchase_cents: int  # SV505
    frequency: str  # SV506: 1 weekly, 4 monthly, 6 daily


@dataclass(slots=True, kw_only=True)
class EquipmentCertification:
    """CR3: the certificate of need for equipment."""

    kind: str  # CR301: I initial, R renewal, S revised
    months: Decimal  # CR303


@dataclass(slots=True, kw_only=True)
class Measurement:
    """MEA: a test result."""

    reference: str  # MEA01: OG, TR
    qualifier: str  # MEA02: HT height, R1 hemoglobin, R2 hematocrit, R3 epoetin dose, R4 creatinine
    value: Decimal  # MEA03


@dataclass(slots=True, kw_only=True)
class PurchasedService:
    """PS1: what a service bought from another provider cost."""

    provider_id: str  # PS101
    charge_cents: int  # PS102


@dataclass(slots=True, kw_only=True)
class LineAdjudication(BaseLineAdjudication):
    """Loop 2430: what another payer decided on this line."""

    procedure: str  # SVD03-2
    procedure_qualifier: str = "HC"  # SVD03-1


@dataclass(slots=True, kw_only=True)
class FormAnswer:
    """FRM: the answer to one question of a form, in the kind that the question asks for."""

    question: str  # FRM01
    answer: str | None = None  # FRM02: Y, N, W
    text: str | None = None  # FRM03
    answer_date: date | None = None  # FRM04
    percentage: Decimal | None = None  # FRM05


@dataclass(slots=True, kw_only=True)
class FormAnswers:
    """Loop 2440: a form of need and its answers."""

    kind: str  # LQ01: AS form type, UT certificate of medical necessity
    identifier: str | None = None  # LQ02
    answers: list[FormAnswer] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ServiceLine:
    """Loop 2400: one thing done and charged. ``segment_number`` is the position of its LX, ST = 1."""

    number: int  # LX01
    procedure: str  # SV101-2
    procedure_qualifier: str = "HC"  # SV101-1
    modifiers: list[str] = field(default_factory=list)  # SV101-3 to -6
    description: str | None = None  # SV101-7
    charge_cents: int  # SV102
    unit: str = "UN"  # SV103
    units: Decimal  # SV104
    place_of_service: str | None = None  # SV105, only where it differs from the claim's
    pointers: list[int] = field(default_factory=list)  # SV107, from 1
    emergency: bool = False  # SV109
    epsdt: bool = False  # SV111
    family_planning: bool = False  # SV112
    copay_exempt: bool = False  # SV115: 0
    equipment: Equipment | None = None  # SV5
    attachments: list[Attachment] = field(default_factory=list)  # PWK
    certificate_transmission: str | None = None  # PWK02 where it tells of a certificate of need: AB, AD, AF, AG, NS
    ambulance: AmbulanceTransport | None = None  # CR1, only where the line differs from the claim
    certification: EquipmentCertification | None = None  # CR3
    conditions: list[Condition] = field(default_factory=list)  # CRC*07, as above
    hospice_employee: bool | None = None  # CRC*70: whether the provider is the hospice's own
    equipment_condition: Condition | None = None  # CRC*09: 38, ZV
    service_date: date  # DTP*472
    service_date_to: date | None = None  # DTP*472 as a range
    prescription_date: date | None = None  # DTP*471
    certification_revision_date: date | None = None  # DTP*607
    therapy_begin_date: date | None = None  # DTP*463
    last_certification_date: date | None = None  # DTP*461
    last_seen_date: date | None = None  # DTP*304
    hemoglobin_test_date: date | None = None  # DTP*738
    creatinine_test_date: date | None = None  # DTP*739
    shipped_date: date | None = None  # DTP*011
    last_xray_date: date | None = None  # DTP*455
    initial_treatment_date: date | None = None  # DTP*454
    patient_count: int | None = None  # QTY*PT
    obstetric_units: Decimal | None = None  # QTY*FL, anaesthesia units added for obstetric care
    measurements: list[Measurement] = field(default_factory=list)  # MEA
    contract: Contract | None = None  # CN1
    repriced_number: str | None = None  # REF*9B
    adjusted_repriced_number: str | None = None  # REF*9D
    prior_authorization: str | None = None  # REF*G1
    further_authorizations: list[Reference] = field(default_factory=list)  # REF*G1 beyond it, or of another payer
    line_control_number: str | None = None  # REF*6R
    mammography_certification: str | None = None  # REF*EW
    clia: str | None = None  # REF*X4
    referring_clia: str | None = None  # REF*F4
    immunization_batch: str | None = None  # REF*BT
    referral_number: str | None = None  # REF*9F
    further_referrals: list[Reference] = field(default_factory=list)  # REF*9F beyond it, or of another payer
    sales_tax_cents: int | None = None  # AMT*T
    postage_cents: int | None = None  # AMT*F4
    fixed_format: list[str] = field(default_factory=list)  # K3
    note: str | None = None  # NTE*ADD or NTE*DCP
    note_code: str = "ADD"  # NTE01
    third_party_note: str | None = None  # NTE*TPO
    purchased_service: PurchasedService | None = None  # PS1
    pricing: Pricing | None = None  # HCP
    ndc: str | None = None  # LIN03, eleven digits where N4
    ndc_qualifier: str = "N4"  # LIN02: N4, or EN, EO, HI, ON, UK, UP for other products
    ndc_units: Decimal | None = None  # CTP04
    ndc_unit: str | None = None  # CTP05
    prescription_number: str | None = None  # REF of loop 2410
    prescription_kind: str = "XZ"  # REF01: XZ prescription, VY link of a compound
    rendering: Provider | None = None  # 2420A
    purchased_from: NamelessProvider | None = None  # 2420B
    facility: Facility | None = None  # 2420C
    supervising: Provider | None = None  # 2420D
    ordering: Provider | None = None  # 2420E
    referring: Provider | None = None  # 2420F where DN
    primary_care: Provider | None = None  # 2420F where P3
    pick_up: Address | None = None  # 2420G
    drop_off: DropOff | None = None  # 2420H
    adjudications: list[LineAdjudication] = field(default_factory=list)  # 2430
    forms: list[FormAnswers] = field(default_factory=list)  # 2440
    segment_number: int = field(default=0, compare=False)
