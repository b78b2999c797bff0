"""The claim of the 837I as a value, and its other payers."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from edi.x12.sets.t837.values_details import Attachment, Condition, Contract
from edi.x12.sets.t837.values_other import BaseOtherPayer
from edi.x12.sets.t837.values_parties import Facility, NamelessProvider, Provider
from edi.x12.sets.t837i.values_codes import Diagnosis, Occurrence, OccurrenceSpan, Procedure, ValueAmount
from edi.x12.sets.t837i.values_line import InstitutionalPricing, ServiceLine


@dataclass(slots=True, kw_only=True)
class InpatientAdjudication:
    """MIA: how Medicare came to its decision on a stay. Amounts are parts of the payment by the prospective system."""

    covered_days: Decimal  # MIA01, covered days or visits
    psychiatric_days: Decimal | None = None  # MIA03, of the lifetime
    drg_cents: int | None = None  # MIA04
    remark: str | None = None  # MIA05
    disproportionate_share_cents: int | None = None  # MIA06
    pass_through_cents: int | None = None  # MIA07, Medicare second payer
    capital_cents: int | None = None  # MIA08
    capital_federal_cents: int | None = None  # MIA09
    capital_hospital_cents: int | None = None  # MIA10
    capital_disproportionate_cents: int | None = None  # MIA11
    old_capital_cents: int | None = None  # MIA12
    capital_teaching_cents: int | None = None  # MIA13
    operating_hospital_cents: int | None = None  # MIA14
    cost_report_days: Decimal | None = None  # MIA15
    operating_federal_cents: int | None = None  # MIA16
    capital_outlier_cents: int | None = None  # MIA17
    indirect_teaching_cents: int | None = None  # MIA18
    professional_component_cents: int | None = None  # MIA19
    second_remark: str | None = None  # MIA20
    third_remark: str | None = None  # MIA21
    fourth_remark: str | None = None  # MIA22
    fifth_remark: str | None = None  # MIA23
    capital_exception_cents: int | None = None  # MIA24


@dataclass(slots=True, kw_only=True)
class OtherPayer(BaseOtherPayer):
    """Loops 2320 and 2330: another payer of the same claim, and what he decided on the claim as a whole."""

    inpatient: InpatientAdjudication | None = None  # MIA
    attending: NamelessProvider | None = None  # 2330C
    operating: NamelessProvider | None = None  # 2330D
    other_operating: NamelessProvider | None = None  # 2330E
    facility: NamelessProvider | None = None  # 2330F
    rendering: NamelessProvider | None = None  # 2330G
    referring: NamelessProvider | None = None  # 2330H
    billing: NamelessProvider | None = None  # 2330I


@dataclass(slots=True, kw_only=True)
class Note:
    """NTE: what is said in words, and what it is about."""

    kind: str  # NTE01: ALG, DCP, DGN, DME, MED, NTR, ODT, RHB, RLH, RNH, SET, SFM, SPT, UPI
    text: str  # NTE02


@dataclass(slots=True, kw_only=True)
class InstitutionalClaim:
    """Loop 2300: one claim with its service lines.

    The type of bill is ``facility_code`` and ``frequency``: 11 and 1 are the 0111 of a form. ``segment_number`` and
    ``segment_last`` are the positions of its CLM and of its last segment, ST = 1.
    """

    patient_control_number: str  # CLM01
    charge_cents: int  # CLM02
    facility_code: str  # CLM05-1, the first two digits of the type of bill
    frequency: str = "1"  # CLM05-3: 1 whole stay, 2 to 4 first, next and last of several, 7 replacement, 8 void
    assignment_code: str = "A"  # CLM07: A, B, C
    benefits_assigned: str = "Y"  # CLM08: Y, N, W
    release_code: str = "Y"  # CLM09: Y, I
    delay_reason: str | None = None  # CLM20
    discharge_time: time | None = None  # DTP*096, hour and minute
    statement_from: date  # DTP*434
    statement_to: date  # DTP*434
    admission_date: date | None = None  # DTP*435, start of care
    admission_time: time | None = None  # DTP*435 in the form with hour and minute
    repricer_received_date: date | None = None  # DTP*050
    admission_type: str  # CL101
    admission_source: str | None = None  # CL102
    patient_status: str  # CL103
    attachments: list[Attachment] = field(default_factory=list)  # PWK
    contract: Contract | None = None  # CN1
    patient_due_cents: int | None = None  # AMT*F3, an estimate
    authorization_exception: str | None = None  # REF*4N
    referral_number: str | None = None  # REF*9F
    prior_authorization: str | None = None  # REF*G1
    payer_claim_number: str | None = None  # REF*F8
    repriced_number: str | None = None  # REF*9A
    adjusted_repriced_number: str | None = None  # REF*9C
    investigational_devices: list[str] = field(default_factory=list)  # REF*LX
    clearinghouse_claim_id: str | None = None  # REF*D9
    accident_state: str | None = None  # REF*LU
    medical_record_number: str | None = None  # REF*EA
    demonstration_project: str | None = None  # REF*P4
    peer_review_authorization: str | None = None  # REF*G4
    fixed_format: list[str] = field(default_factory=list)  # K3
    notes: list[Note] = field(default_factory=list)  # NTE of the claim
    billing_note: str | None = None  # NTE*ADD
    epsdt_referral: Condition | None = None  # CRC*ZZ: AV, NU, S2, ST
    icd_version: int = 10  # 9 where HI has BK, BF and so on
    principal_diagnosis: Diagnosis | None  # HI: ABK; None only where a read claim has none
    admitting_diagnosis: str | None = None  # HI: ABJ
    visit_reasons: list[str] = field(default_factory=list)  # HI: APR
    external_causes: list[Diagnosis] = field(default_factory=list)  # HI: ABN
    drg: str | None = None  # HI: DR
    other_diagnoses: list[Diagnosis] = field(default_factory=list)  # HI: ABF
    principal_procedure: Procedure | None = None  # HI: BBR
    other_procedures: list[Procedure] = field(default_factory=list)  # HI: BBQ
    occurrence_spans: list[OccurrenceSpan] = field(default_factory=list)  # HI: BI
    occurrences: list[Occurrence] = field(default_factory=list)  # HI: BH
    value_amounts: list[ValueAmount] = field(default_factory=list)  # HI: BE
    condition_codes: list[str] = field(default_factory=list)  # HI: BG
    treatment_codes: list[str] = field(default_factory=list)  # HI: TC
    pricing: InstitutionalPricing | None = None  # HCP
    attending: Provider | None = None  # 2310A
    operating: Provider | None = None  # 2310B
    other_operating: Provider | None = None  # 2310C
    rendering: Provider | None = None  # 2310D
    facility: Facility | None = None  # 2310E
    referring: Provider | None = None  # 2310F
    other_payers: list[OtherPayer] = field(default_factory=list)  # 2320
    lines: list[ServiceLine] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)
    segment_last: int = field(default=0, compare=False)
