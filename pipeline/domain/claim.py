"""The canonical claim: what upstream wants paid, in the field's own terms; here what every claim has, and the professional one.

Shape only: types, and what cannot be left out. Whether codes, dates and amounts make sense is for `edits`, so that a
biller sees every finding of a claim at once and in one form. Amounts are integer cents, dates ISO, quantities decimal
strings or numbers. Mileage, dates, diagnoses and amounts have no default; the defaults there are (signature,
assignment, release, unit, frequency, payer order) say what nearly every claim says and are neither clinical nor money.
The place of each field in the 837P (005010X222A1) stands beside it; docs/claim.md is made from here. The institutional
claim, which inherits the base, is in `institutional_claim`.

A field that is added later must be optional with None as default, and stand last in its `DOCUMENT_ORDER`: the content
hash of stored claims rests on it.
"""

from datetime import date
from typing import Annotated, ClassVar

from pipeline.domain.ambulance import Ambulance
from pipeline.domain.coordination import Adjudication, BaseAdjudication, OtherPayer
from pipeline.domain.people import Address, Person
from pipeline.domain.value import At, Codes, Quantity, Text, Value


class Patient(Person):
    """Who was treated. With a member id of his own, he is the subscriber."""

    birth_date: Annotated[date, At("DMG02", "Date of birth")]
    sex: Annotated[Text, At("DMG03", "F, M or U (unknown)")]
    address: Annotated[Address, At("2010BA or 2010CA N3, N4", "Home")]
    member_id: Annotated[
        Text | None, At("2010BA NM109", "The patient's member id; exactly when there is no `subscriber`")
    ] = None


class Subscriber(Person):
    """The insured, where that is not the patient."""

    member_id: Annotated[Text, At("2010BA NM109", "The insured's member id")]
    birth_date: Annotated[date | None, At("2010BA DMG02", "Date of birth; with address and sex or not at all")] = None
    sex: Annotated[Text | None, At("2010BA DMG03", "F, M or U")] = None
    address: Annotated[Address | None, At("2010BA N3, N4", "Home")] = None


class Payer(Value):
    """Who shall pay, and under which plan."""

    payer_id: Annotated[Text, At("2010BB NM109", "The payer's id at the clearinghouse")]
    name: Annotated[Text, At("2010BB NM103", "The payer's name")]
    filing_code: Annotated[Text, At("2000B SBR09", "Claim filing indicator: MB, MC, CI, BL, CH …")]
    responsibility: Annotated[Text, At("2000B SBR01", "P: this payer pays first")] = "P"
    group_number: Annotated[Text | None, At("2000B SBR03", "Group or policy number")] = None
    group_name: Annotated[Text | None, At("2000B SBR04", "Group or plan name, if there is no number")] = None
    insurance_type: Annotated[Text | None, At("2000B SBR05", "Only where Medicare is not primary")] = None
    address: Annotated[Address | None, At("2010BB N3, N4", "The payer's address")] = None


class Provider(Value):
    """A person (`last_name`, `first_name`) or an organisation (`name`) that took part in the service."""

    npi: Annotated[Text, At("NM109", "National provider identifier")]
    last_name: Annotated[Text | None, At("NM103 (NM102 = 1)", "Last name of a person")] = None
    first_name: Annotated[Text | None, At("NM104", "First name of a person")] = None
    middle_name: Annotated[Text | None, At("NM105", "Middle name of a person")] = None
    suffix: Annotated[Text | None, At("NM107", "Generation")] = None
    name: Annotated[Text | None, At("NM103 (NM102 = 2)", "Name of an organisation")] = None
    taxonomy: Annotated[Text | None, At("PRV03", "Specialty; of a rendering provider only")] = None


class Facility(Value):
    """Where the service was given, if not at the billing provider's address."""

    name: Annotated[Text, At("2310C NM103", "Name")]
    npi: Annotated[Text | None, At("2310C NM109", "National provider identifier")] = None
    address: Annotated[Address, At("2310C N3, N4", "Address")]


class BaseLine(Value):
    """What every service line has."""

    PROVIDERS: ClassVar[tuple[str, ...]] = ("rendering",)
    """Fields with a `Provider` who took part."""

    procedure: Annotated[Text | None, At("2400 SV101-2 or SV202-2", "HCPCS or CPT code")] = None
    modifiers: Annotated[Codes, At("2400 SV101-3 to -6 or SV202-3 to -6", "At most four")] = ()
    description: Annotated[
        Text | None, At("2400 SV101-7 or SV202-7", "What was done; required with an unlisted code")
    ] = None
    charge_cents: Annotated[int, At("2400 SV102 or SV203", "Charge, cents")]
    units: Annotated[Quantity, At("2400 SV104 or SV205", "Units, minutes, miles or days")]
    unit: Annotated[Text, At("2400 SV103 or SV204", "UN units, MJ anaesthesia minutes, DA days")] = "UN"
    service_date: Annotated[date | None, At("2400 DTP*472", "Date of service, or its first day")] = None
    service_date_to: Annotated[date | None, At("2400 DTP*472 (RD8)", "Last day of service")] = None
    ndc: Annotated[Text | None, At("2410 LIN03", "National drug code, eleven digits")] = None
    ndc_units: Annotated[Quantity | None, At("2410 CTP04", "Quantity of the drug")] = None
    ndc_unit: Annotated[Text | None, At("2410 CTP05", "F2, GR, ME, ML or UN")] = None
    rendering: Annotated[Provider | None, At("2420A or C", "Who did it, if not the claim's rendering provider")] = None
    adjudications: Annotated[
        tuple[BaseAdjudication, ...] | None, At("2430", "What other payers have decided on the line, at most fifteen")
    ] = None

    @property
    def billed_code(self) -> str:
        """What a remittance calls the line by, if it is not by its number: the procedure, else the revenue code."""
        return self.procedure or ""


class ServiceLine(BaseLine):
    """One thing done and charged."""

    DOCUMENT_ORDER: ClassVar[str] = (
        "procedure modifiers description charge_cents units unit service_date service_date_to diagnosis_pointers"
        " place_of_service emergency patient_count prior_authorization note ndc ndc_units ndc_unit rendering"
        " adjudications"
    )

    procedure: Annotated[Text, At("2400 SV101-2", "HCPCS or CPT code")]
    modifiers: Annotated[Codes, At("2400 SV101-3 to -6", "At most four")] = ()
    description: Annotated[Text | None, At("2400 SV101-7", "What was done; required with an unlisted code")] = None
    charge_cents: Annotated[int, At("2400 SV102", "Charge, cents")]
    units: Annotated[Quantity, At("2400 SV104", "Units, minutes or miles")]
    unit: Annotated[Text, At("2400 SV103", "UN units, MJ anaesthesia minutes")] = "UN"
    service_date: Annotated[date, At("2400 DTP*472", "Date of service, or its first day")]
    diagnosis_pointers: Annotated[
        tuple[int, ...], At("2400 SV107", "One to four places in `diagnoses`, from 1; the first is the main one")
    ]
    place_of_service: Annotated[Text | None, At("2400 SV105", "Only where it differs from the claim's")] = None
    emergency: Annotated[bool, At("2400 SV109", "True writes Y; false says nothing")] = False
    patient_count: Annotated[int | None, At("2400 QTY*PT", "Patients aboard, if more than one")] = None
    prior_authorization: Annotated[Text | None, At("2400 REF*G1", "Of this line, if not the claim's")] = None
    note: Annotated[Text | None, At("2400 NTE*ADD", "Free text, at most 80 characters")] = None
    rendering: Annotated[Provider | None, At("2420A", "Who did it, if not the claim's rendering provider")] = None
    adjudications: Annotated[
        tuple[Adjudication, ...] | None, At("2430", "What other payers have decided on the line, at most fifteen")
    ] = None


class Attachment(Value):
    """A paper that goes with the claim by another way; the payer finds it by its number."""

    type: Annotated[
        Text, At("2300 PWK01", "Report type, as CT certification, OZ support data, PN physical therapy notes")
    ]
    transmission: Annotated[
        Text, At("2300 PWK02", "AA held for the payer to ask, BM mail, EL electronic, EM e-mail, FT transfer, FX fax")
    ]
    control_number: Annotated[
        Text | None, At("2300 PWK06", "Stands on the paper too; needed unless it is only held (AA)")
    ] = None


class BankDetails(Value):
    """Where money of the patient goes back to. Not part of the 837."""

    name: Annotated[Text, At("NACHA entry detail", "Account holder, at most 22 characters")]
    routing_number: Annotated[Text, At("NACHA entry detail", "Nine digits, the last a check digit")]
    account_number: Annotated[Text, At("NACHA entry detail", "At most 17 characters")]
    account_type: Annotated[Text, At("NACHA entry detail", "checking or savings")]


class BaseClaim(Value):
    """What every claim has, of whatever form. `service_from` and `service_to` are its days of service, None without."""

    PROVIDERS: ClassVar[tuple[str, ...]] = ()
    """Fields with a `Provider` who took part."""

    external_id: Annotated[Text, At("not sent", "Upstream's id of the claim; the key that makes sending it twice safe")]
    epcr_patient_id: Annotated[Text | None, At("not sent", "The patient's id in the patient care record")] = None
    billing_provider_npi: Annotated[Text | None, At("2010AA NM109", "Absent: the tenant's default provider")] = None
    frequency: Annotated[Text, At("2300 CLM05-3", "1 original, 7 replacement, 8 void")] = "1"
    payer_claim_number: Annotated[
        Text | None, At("2300 REF*F8", "The payer's number of the claim that 7 or 8 is about; never with 1")
    ] = None
    charge_cents: Annotated[int, At("2300 CLM02", "Total charge, cents; the sum of the lines")]
    payer: Annotated[Payer, At("2000B, 2010BB", "Who shall pay")]
    patient: Annotated[Patient, At("2010BA or 2010CA", "Who was treated")]
    subscriber: Annotated[Subscriber | None, At("2010BA", "The insured; absent: the patient is")] = None
    relationship: Annotated[
        Text | None,
        At("2000B SBR02 or 2000C PAT01", "Of the patient to the subscriber: 01 spouse, 19 child …; required with one"),
    ] = None
    lines: Annotated[tuple[BaseLine, ...], At("2400", "What was done and charged")]
    referring: Annotated[Provider | None, At("2310A or F", "Who referred: a person")] = None
    rendering: Annotated[Provider | None, At("2310B or D", "Who treated")] = None
    facility: Annotated[Facility | None, At("2310C or E", "Where, if not at the billing provider's address")] = None
    prior_authorization: Annotated[Text | None, At("2300 REF*G1", "Prior authorization number")] = None
    referral_number: Annotated[Text | None, At("2300 REF*9F", "Referral number; not the same as the authorization")] = (
        None
    )
    medical_record_number: Annotated[Text | None, At("2300 REF*EA", "The provider's record number")] = None
    note: Annotated[Text | None, At("2300 NTE*ADD", "Free text, at most 80 characters")] = None
    assignment_code: Annotated[Text, At("2300 CLM07", "A assigned, B laboratory only, C not assigned")] = "A"
    benefits_assigned: Annotated[Text, At("2300 CLM08", "Y, N, or W: patient refuses")] = "Y"
    release_code: Annotated[Text, At("2300 CLM09", "Y signed, I informed consent")] = "Y"
    delay_reason: Annotated[Text | None, At("2300 CLM20", "Why the claim is late: 1 to 11, 15")] = None
    patient_paid_cents: Annotated[
        int | None, At("2300 AMT*F5", "What the patient has paid on these services, cents")
    ] = None
    refund_to: Annotated[BankDetails | None, At("not sent", "Where a patient's overpayment goes back to")] = None
    other_payers: Annotated[
        tuple[OtherPayer, ...] | None,
        At(
            "2320, 2330",
            "Who else pays, at most ten: with what they decided before this payer, or to be billed after it",
        ),
    ] = None
    attachments: Annotated[tuple[Attachment, ...] | None, At("2300 PWK", "Papers that go another way, at most ten")] = (
        None
    )

    @property
    def member_id(self) -> str | None:
        """The insured's member id: the subscriber's, else the patient's own (2010BA NM109)."""
        return self.subscriber.member_id if self.subscriber else self.patient.member_id

    @property
    def service_from(self) -> date | None:
        """The first day of service of any line; None without lines."""
        return min((line.service_date for line in self.lines if line.service_date), default=None)

    @property
    def service_to(self) -> date | None:
        """The last day of service of any line; None without lines."""
        return max((day for line in self.lines if (day := line.service_date_to or line.service_date)), default=None)

    @property
    def filing_code(self) -> str | None:
        """The payer's class (SBR09); None for what is no code at all, which the edits tell."""
        return self.payer.filing_code if len(self.payer.filing_code) <= _FILING_CODE else None

    @property
    def further_payers(self) -> int:
        """How many of the other payers come after this claim's, and have not been asked yet."""
        others = self.other_payers or ()
        return sum(_ORDER.find(one.responsibility) > _ORDER.find(self.payer.responsibility) for one in others)


class Claim(BaseClaim):
    """A professional claim that is ready to bill."""

    PROVIDERS: ClassVar[tuple[str, ...]] = ("referring", "rendering", "supervising")
    DOCUMENT_ORDER: ClassVar[str] = (
        "external_id epcr_patient_id billing_provider_npi frequency payer_claim_number place_of_service charge_cents"
        " payer patient subscriber relationship diagnoses lines ambulance referring rendering supervising facility"
        " prior_authorization referral_number clia medical_record_number note related_causes accident_date"
        " accident_state onset_date admission_date discharge_date signature_on_file assignment_code benefits_assigned"
        " release_code patient_signature_code delay_reason patient_paid_cents refund_to other_payers attachments"
    )

    place_of_service: Annotated[Text, At("2300 CLM05-1", "Place of service; 41 land, 42 air or water ambulance")]
    diagnoses: Annotated[Codes, At("2300 HI (ABK, ABF)", "ICD-10-CM, with or without point; the first is the main one")]
    lines: Annotated[tuple[ServiceLine, ...], At("2400", "At least one, at most fifty")]
    ambulance: Annotated[Ambulance | None, At("2300 CR1, CRC; 2310E, F", "With place of service 41 and 42")] = None
    referring: Annotated[Provider | None, At("2310A", "Who referred: a person")] = None
    rendering: Annotated[Provider | None, At("2310B", "Who treated, if not the billing provider")] = None
    supervising: Annotated[Provider | None, At("2310D", "Who supervised: a person")] = None
    facility: Annotated[Facility | None, At("2310C", "Where, if not at the billing provider's address")] = None
    clia: Annotated[Text | None, At("2300 REF*X4", "Laboratory certificate number")] = None
    related_causes: Annotated[Codes, At("2300 CLM11", "AA auto accident, EM employment, OA other accident")] = ()
    accident_date: Annotated[date | None, At("2300 DTP*439", "Date of the accident")] = None
    accident_state: Annotated[Text | None, At("2300 CLM11-4", "State of an auto accident")] = None
    onset_date: Annotated[date | None, At("2300 DTP*431", "Onset of the illness")] = None
    admission_date: Annotated[date | None, At("2300 DTP*435", "Admission, of inpatient services")] = None
    discharge_date: Annotated[date | None, At("2300 DTP*096", "Discharge")] = None
    signature_on_file: Annotated[bool, At("2300 CLM06", "The provider has signed")] = True
    patient_signature_code: Annotated[Text | None, At("2300 CLM10", "P: signature made by the provider")] = None


_FILING_CODE = 2
_ORDER = "PSTABCDEFGH"  # SBR01


def canonical_bytes(claim: BaseClaim) -> bytes:
    """The claim as JSON, the same bytes for the same content: fields in the document's order, absent ones left out,
    numbers in their shortest form. `forms.stored_claim` reads it back.
    """
    return claim.model_dump_json(exclude_none=True).encode()
