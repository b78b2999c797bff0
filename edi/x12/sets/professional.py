"""The professional claim set as values: 837, guide 005010X222A1.

A tree as the wire has it: billing providers hold subscribers, subscribers hold claims (patient = subscriber) or
patients, who hold claims. Money is integer cents, quantities are Decimal, blank is None. Codes stay codes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(slots=True, kw_only=True)
class Address:
    """N3 and N4 of one party."""

    line1: str  # N301
    line2: str | None = None  # N302
    city: str  # N401
    state: str | None = None  # N402, absent outside the United States and Canada
    zip: str | None = None  # N403, digits without hyphen
    country: str | None = None  # N404, only outside the United States
    subdivision: str | None = None  # N407, of a country without states


@dataclass(slots=True, kw_only=True)
class Submitter:
    """Loop 1000A: who sends the file. A person submits with ``first_name``; an organisation without."""

    name: str  # NM103
    first_name: str | None = None  # NM104
    identifier: str  # NM109
    contact_name: str | None = None  # PER02
    phone: str | None = None  # PER04 where TE
    phone_extension: str | None = None  # EX
    email: str | None = None  # EM


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Loop 1000B: who takes the file in."""

    name: str  # NM103
    identifier: str  # NM109


@dataclass(slots=True, kw_only=True)
class Provider:
    """A person (``last_name``, ``first_name``) or an organisation (``name``) that took part in the service."""

    name: str | None = None  # NM103 where NM102 is 2
    last_name: str | None = None  # NM103 where NM102 is 1
    first_name: str | None = None  # NM104
    middle_name: str | None = None  # NM105
    suffix: str | None = None  # NM107
    npi: str | None = None  # NM109
    taxonomy: str | None = None  # PRV03, rendering provider only
    secondary_id: str | None = None  # REF*G2


@dataclass(slots=True, kw_only=True)
class Facility:
    """Loop 2310C: where the service was given, if not at the billing provider's address."""

    name: str
    npi: str | None = None
    address: Address


@dataclass(slots=True, kw_only=True)
class DropOff:
    """Loop 2310F or 2420H: where an ambulance brought the patient."""

    name: str | None = None
    address: Address


@dataclass(slots=True, kw_only=True)
class AmbulanceTransport:
    """CR1: the transport as a whole."""

    weight_lb: int | None = None  # CR102, pounds
    reason: str  # CR104: A, B, C, D, E
    miles: Decimal  # CR106, loaded miles
    round_trip_purpose: str | None = None  # CR109
    stretcher_purpose: str | None = None  # CR110


@dataclass(slots=True, kw_only=True)
class AmbulanceCondition:
    """CRC*07: up to five condition codes that all apply, or all do not."""

    applies: bool = True  # CRC02
    codes: list[str] = field(default_factory=list)  # CRC03-CRC07


@dataclass(slots=True, kw_only=True)
class ServiceLine:
    """Loop 2400: one thing done and charged."""

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
    service_date: date  # DTP*472
    service_date_to: date | None = None  # DTP*472 as a range
    line_control_number: str | None = None  # REF*6R
    ambulance: AmbulanceTransport | None = None  # CR1, only where the line differs from the claim
    conditions: list[AmbulanceCondition] = field(default_factory=list)  # CRC*07, as above
    patient_count: int | None = None  # QTY*PT
    prior_authorization: str | None = None  # REF*G1
    referral_number: str | None = None  # REF*9F
    clia: str | None = None  # REF*X4
    note: str | None = None  # NTE*ADD
    ndc: str | None = None  # LIN03 where N4, eleven digits
    ndc_units: Decimal | None = None  # CTP04
    ndc_unit: str | None = None  # CTP05
    rendering: Provider | None = None  # 2420A
    supervising: Provider | None = None  # 2420D
    ordering: Provider | None = None  # 2420E
    referring: Provider | None = None  # 2420F
    pick_up: Address | None = None  # 2420G
    drop_off: DropOff | None = None  # 2420H


@dataclass(slots=True, kw_only=True)
class ProfessionalClaim:
    """Loop 2300: one claim with its service lines."""

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
    accident_date: date | None = None  # DTP*439
    last_menstrual_date: date | None = None  # DTP*484
    admission_date: date | None = None  # DTP*435
    discharge_date: date | None = None  # DTP*096
    patient_paid_cents: int | None = None  # AMT*F5
    referral_number: str | None = None  # REF*9F
    prior_authorization: str | None = None  # REF*G1
    payer_claim_number: str | None = None  # REF*F8
    clia: str | None = None  # REF*X4
    clearinghouse_claim_id: str | None = None  # REF*D9
    medical_record_number: str | None = None  # REF*EA
    note: str | None = None  # NTE02
    note_code: str = "ADD"  # NTE01
    ambulance: AmbulanceTransport | None = None  # CR1
    conditions: list[AmbulanceCondition] = field(default_factory=list)  # CRC*07
    diagnoses: list[str] = field(default_factory=list)  # HI: ABK first, then ABF; no decimal point
    referring: Provider | None = None  # 2310A
    rendering: Provider | None = None  # 2310B
    facility: Facility | None = None  # 2310C
    supervising: Provider | None = None  # 2310D
    pick_up: Address | None = None  # 2310E
    drop_off: DropOff | None = None  # 2310F
    lines: list[ServiceLine] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Payer:
    """Loop 2010BB: who shall pay."""

    name: str  # NM103
    identifier: str  # NM109
    identifier_kind: str = "PI"  # NM108: PI or XV
    address: Address | None = None
    secondary_id: str | None = None  # REF*2U
    billing_provider_id: str | None = None  # REF*G2: the billing provider as this payer knows it


@dataclass(slots=True, kw_only=True)
class Patient:
    """Loops 2000C and 2010CA: a patient who is not the subscriber and has no member id of his own."""

    relationship: str  # PAT01
    last_name: str
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    address: Address
    birth_date: date | None  # None only where a read set has none that can be read
    sex: str
    claims: list[ProfessionalClaim] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Subscriber:
    """Loops 2000B, 2010BA and 2010BB: the insured and the payer.

    ``relationship`` is "18" where the subscriber is the patient, and then address, birth date and sex are needed;
    claims of other patients sit under ``patients``. ``name`` stands for ``last_name`` where the insured is an
    employer.
    """

    responsibility: str = "P"  # SBR01
    relationship: str | None = None  # SBR02
    group_number: str | None = None  # SBR03
    group_name: str | None = None  # SBR04
    insurance_type: str | None = None  # SBR05
    filing_code: str | None = None  # SBR09
    name: str | None = None  # NM103 where NM102 is 2
    last_name: str | None = None  # NM103 where NM102 is 1
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    member_id: str | None = None  # NM109
    address: Address | None = None
    birth_date: date | None = None
    sex: str | None = None
    property_casualty_number: str | None = None  # REF*Y4
    payer: Payer
    patients: list[Patient] = field(default_factory=list)
    claims: list[ProfessionalClaim] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class BillingProvider:
    """Loops 2000A, 2010AA and 2010AB: who bills. An organisation has ``name``, a person last and first name."""

    name: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    npi: str | None = None
    taxonomy: str | None = None  # PRV03
    tax_id: str  # REF02, nine digits
    tax_id_kind: str = "EI"  # REF01: EI or SY
    address: Address
    contact_name: str | None = None  # PER02
    phone: str | None = None  # PER04 where TE
    pay_to: Address | None = None  # 2010AB
    subscribers: list[Subscriber] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class ProfessionalSet:
    """One 837P transaction set. ``reference`` is BHT03, echoed by the 277CA as its batch reference."""

    reference: str  # BHT03
    when: datetime | None  # BHT04, BHT05; None only where a read set has none that can be read
    purpose: str = "00"  # BHT02: 00 original, 18 reissue
    kind: str = "CH"  # BHT06: CH chargeable, RP reporting, 31 subrogation
    submitter: Submitter
    receiver: Receiver
    billing: list[BillingProvider] = field(default_factory=list)
