"""The claim of the 837P as a value, and its other payers."""

from dataclasses import dataclass, field
from datetime import date

from edi.x12.sets.shared import Address
from edi.x12.sets.t837.values_details import Attachment, Condition, Contract, Pricing
from edi.x12.sets.t837.values_other import BaseOtherPayer
from edi.x12.sets.t837.values_parties import Facility, NamelessProvider, Provider
from edi.x12.sets.t837p.values_details import AmbulanceTransport, DropOff, SpinalManipulation, VisionCondition
from edi.x12.sets.t837p.values_line import ServiceLine


@dataclass(slots=True, kw_only=True)
class OtherPayer(BaseOtherPayer):
    """Loops 2320 and 2330: another payer of the same claim, and what he decided on the claim as a whole."""

    insurance_type: str | None = None  # SBR05
    patient_signature_code: str | None = None  # OI04
    referring: NamelessProvider | None = None  # 2330C where DN
    primary_care: NamelessProvider | None = None  # 2330C where P3
    rendering: NamelessProvider | None = None  # 2330D
    facility: NamelessProvider | None = None  # 2330E
    supervising: NamelessProvider | None = None  # 2330F
    billing: NamelessProvider | None = None  # 2330G


@dataclass(slots=True, kw_only=True)
class ProfessionalClaim:
    """Loop 2300: one claim with its service lines.

    ``segment_number`` and ``segment_last`` are the positions of its CLM and of its last segment, ST = 1.
    """

    patient_control_number: str  # CLM01
    charge_cents: int  # CLM02
    place_of_service: str  # CLM05-1
    frequency: str = "1"  # CLM05-3: 1 original, 7 replacement, 8 void
    signature_on_file: bool = True  # CLM06
    assignment_code: str = "A"  # CLM07: A, B, C
    benefits_assigned: str = "Y"  # CLM08: Y, N, W
    release_code: str = "Y"  # CLM09: Y, I
    patient_signature_code: str | None = None  # CLM10: P
    related_causes: list[str] = field(default_factory=list)  # CLM11-1, -2: AA, EM, OA
    accident_state: str | None = None  # CLM11-4
    accident_country: str | None = None  # CLM11-5
    special_program: str | None = None  # CLM12
    delay_reason: str | None = None  # CLM20
    onset_date: date | None = None  # DTP*431
    initial_treatment_date: date | None = None  # DTP*454
    last_seen_date: date | None = None  # DTP*304
    acute_manifestation_date: date | None = None  # DTP*453
    accident_date: date | None = None  # DTP*439
    last_menstrual_date: date | None = None  # DTP*484
    last_xray_date: date | None = None  # DTP*455
    prescription_date: date | None = None  # DTP*471, hearing and vision
    disability_start: date | None = None  # DTP*360, or DTP*314 with the end
    disability_end: date | None = None  # DTP*361, or DTP*314 with the start
    last_worked_date: date | None = None  # DTP*297
    return_to_work_date: date | None = None  # DTP*296
    admission_date: date | None = None  # DTP*435
    discharge_date: date | None = None  # DTP*096
    care_assumed_date: date | None = None  # DTP*090
    care_relinquished_date: date | None = None  # DTP*091
    first_contact_date: date | None = None  # DTP*444
    repricer_received_date: date | None = None  # DTP*050
    attachments: list[Attachment] = field(default_factory=list)  # PWK
    contract: Contract | None = None  # CN1
    patient_paid_cents: int | None = None  # AMT*F5
    authorization_exception: str | None = None  # REF*4N
    medicare_crossover: str | None = None  # REF*F5
    mammography_certification: str | None = None  # REF*EW
    referral_number: str | None = None  # REF*9F
    prior_authorization: str | None = None  # REF*G1
    payer_claim_number: str | None = None  # REF*F8
    clia: str | None = None  # REF*X4
    repriced_number: str | None = None  # REF*9A
    adjusted_repriced_number: str | None = None  # REF*9C
    investigational_device: str | None = None  # REF*LX
    clearinghouse_claim_id: str | None = None  # REF*D9
    medical_record_number: str | None = None  # REF*EA
    demonstration_project: str | None = None  # REF*P4
    care_plan_oversight: str | None = None  # REF*1J
    fixed_format: list[str] = field(default_factory=list)  # K3
    note: str | None = None  # NTE02
    note_code: str = "ADD"  # NTE01
    ambulance: AmbulanceTransport | None = None  # CR1
    spinal: SpinalManipulation | None = None  # CR2
    conditions: list[Condition] = field(default_factory=list)  # CRC*07
    vision_conditions: list[VisionCondition] = field(default_factory=list)  # CRC*E1, E2, E3
    homebound: bool = False  # CRC*75
    epsdt_referral: Condition | None = None  # CRC*ZZ: AV, NU, S2, ST
    diagnoses: list[str] = field(default_factory=list)  # HI: ABK first, then ABF; no decimal point
    icd_version: int = 10  # 9 where HI has BK and BF
    anesthesia_procedures: list[str] = field(default_factory=list)  # HI: BP, then BO
    condition_codes: list[str] = field(default_factory=list)  # HI: BG
    pricing: Pricing | None = None  # HCP
    referring: Provider | None = None  # 2310A where DN
    primary_care: Provider | None = None  # 2310A where P3
    rendering: Provider | None = None  # 2310B
    facility: Facility | None = None  # 2310C
    supervising: Provider | None = None  # 2310D
    pick_up: Address | None = None  # 2310E
    drop_off: DropOff | None = None  # 2310F
    other_payers: list[OtherPayer] = field(default_factory=list)  # 2320
    lines: list[ServiceLine] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)
    segment_last: int = field(default=0, compare=False)
