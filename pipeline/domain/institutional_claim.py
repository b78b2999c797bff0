"""The canonical institutional claim: what a hospital, a nursing facility or a clinic bills, in the field's own terms.

Shape only, as of the professional one (`claim`), with which it shares its base. The place of each field in the 837I
(005010X223A2) stands beside it; docs/claim.md is made from here. A document says that it is one by its `form`.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pipeline.domain.claim import BaseClaim, BaseLine, Facility, Provider
from pipeline.domain.coordination import BaseAdjudication
from pipeline.domain.value import At, Clock, Codes, Quantity, Text, Value


class Diagnosis(Value):
    """A diagnosis, or the external cause of one."""

    code: Annotated[Text, At("2300 HI", "ICD-10-CM, with or without point")]
    present_on_admission: Annotated[
        Text | None, At("2300 HI (ninth component)", "Y, N, U unknown, W undetermined; absent where the code is exempt")
    ] = None


class Procedure(Value):
    """A procedure of a stay."""

    code: Annotated[Text, At("2300 HI", "ICD-10-PCS, seven characters")]
    performed_on: Annotated[date, At("2300 HI (fourth component)", "Its day")]


class Occurrence(Value):
    """An event that bears on payment."""

    code: Annotated[Text, At("2300 HI (BH)", "Occurrence code, two characters")]
    on: Annotated[date, At("2300 HI (fourth component)", "Its day")]


class OccurrenceSpan(Value):
    """A period that bears on payment."""

    code: Annotated[Text, At("2300 HI (BI)", "Occurrence span code, two characters")]
    first: Annotated[date, At("2300 HI (fourth component)", "First day")]
    last: Annotated[date, At("2300 HI (fourth component)", "Last day")]


class ValueAmount(Value):
    """An amount of money, or a number of something, that bears on payment: one of the two."""

    code: Annotated[Text, At("2300 HI (BE)", "Value code, two characters: 80 covered days, 81 days not covered …")]
    amount_cents: Annotated[int | None, At("2300 HI (fifth component)", "Money, cents")] = None
    count: Annotated[
        Quantity | None, At("2300 HI (fifth component)", "What is no money: days, visits, pints, a ZIP code")
    ] = None


class InstitutionalAdjudication(BaseAdjudication):
    """What one other payer has decided on one line of an institutional claim."""

    revenue_code: Annotated[Text, At("2430 SVD04", "The revenue code that was judged, as the remittance has it")]


class InstitutionalLine(BaseLine):
    """One revenue code with what was charged under it."""

    DOCUMENT_ORDER: ClassVar[str] = (
        "revenue_code procedure modifiers description charge_cents units unit non_covered_cents service_date"
        " service_date_to ndc ndc_units ndc_unit operating rendering adjudications"
    )
    PROVIDERS: ClassVar[tuple[str, ...]] = ("operating", "rendering")

    revenue_code: Annotated[Text, At("2400 SV201", "Four digits with the leading zero; never the total, 0001")]
    procedure: Annotated[
        Text | None, At("2400 SV202-2", "HCPCS or CPT code; where outpatient care is priced by it")
    ] = None
    unit: Annotated[Text, At("2400 SV204", "UN units, DA days")] = "UN"
    units: Annotated[Quantity, At("2400 SV205", "Units, or days of a stay")]
    non_covered_cents: Annotated[int | None, At("2400 SV207", "What of the charge the plan does not cover, cents")] = (
        None
    )
    operating: Annotated[Provider | None, At("2420A", "Who operated, if not the claim's operating physician")] = None
    rendering: Annotated[Provider | None, At("2420C", "Who did it, if not the claim's rendering provider")] = None
    adjudications: Annotated[
        tuple[InstitutionalAdjudication, ...] | None,
        At("2430", "What other payers have decided on the line, at most fifteen"),
    ] = None

    @property
    def billed_code(self) -> str:
        return self.procedure or self.revenue_code


class InstitutionalClaim(BaseClaim):
    """An institutional claim that is ready to bill. Its type of bill is `facility_type` and `frequency`: 11 and 1 are 0111."""

    PROVIDERS: ClassVar[tuple[str, ...]] = ("attending", "operating", "other_operating", "rendering", "referring")
    DOCUMENT_ORDER: ClassVar[str] = (
        "form external_id epcr_patient_id billing_provider_npi facility_type frequency payer_claim_number charge_cents"
        " payer patient subscriber relationship statement_from statement_to admission_date admission_time"
        " admission_type admission_source discharge_time patient_status principal_diagnosis admitting_diagnosis"
        " visit_reasons external_causes drg other_diagnoses principal_procedure other_procedures occurrence_spans"
        " occurrences value_amounts condition_codes lines attending operating other_operating rendering referring"
        " facility prior_authorization referral_number medical_record_number accident_state note assignment_code"
        " benefits_assigned release_code delay_reason patient_due_cents patient_paid_cents refund_to other_payers"
        " attachments"
    )

    form: Annotated[Literal["institutional"], At("not sent", "`institutional`: the claim goes as an 837I")]
    facility_type: Annotated[
        Text, At("2300 CLM05-1", "Second and third digit of the type of bill: 11 inpatient, 13 outpatient hospital …")
    ]
    frequency: Annotated[
        Text,
        At(
            "2300 CLM05-3",
            "Last digit of the type of bill: 1 admit through discharge, 2 first, 3 continuing, 4 last of several,"
            " 7 replacement, 8 void …",
        ),
    ] = "1"
    statement_from: Annotated[date, At("2300 DTP*434", "First day of the statement")]
    statement_to: Annotated[
        date, At("2300 DTP*434", "Last day of the statement; of a stay that has ended, its discharge")
    ]
    admission_date: Annotated[date | None, At("2300 DTP*435", "Admission, or start of care; of every stay")] = None
    admission_time: Annotated[Clock | None, At("2300 DTP*435 (DT)", "Its hour and minute, HH:MM")] = None
    admission_type: Annotated[
        Text, At("2300 CL101", "1 emergency, 2 urgent, 3 elective, 4 newborn, 5 trauma, 9 not known")
    ]
    admission_source: Annotated[
        Text | None, At("2300 CL102", "Point of origin: 1 home, 2 clinic, 4 other hospital …; of every stay")
    ] = None
    discharge_time: Annotated[Clock | None, At("2300 DTP*096", "Hour and minute of discharge, HH:MM")] = None
    patient_status: Annotated[Text, At("2300 CL103", "Two digits: 01 home, 20 expired, 30 still a patient …")]
    principal_diagnosis: Annotated[Diagnosis, At("2300 HI (ABK)", "What the stay or visit turned out to be for")]
    admitting_diagnosis: Annotated[
        Text | None, At("2300 HI (ABJ)", "With what a patient was admitted; of every stay")
    ] = None
    visit_reasons: Annotated[
        Codes, At("2300 HI (APR)", "The patient's reasons for an unplanned visit, at most three")
    ] = ()
    external_causes: Annotated[
        tuple[Diagnosis, ...], At("2300 HI (ABN)", "How an injury came about: V to Y, at most twelve")
    ] = ()
    drg: Annotated[Text | None, At("2300 HI (DR)", "Diagnosis related group, three or four digits")] = None
    other_diagnoses: Annotated[tuple[Diagnosis, ...], At("2300 HI (ABF)", "At most twenty-four")] = ()
    principal_procedure: Annotated[Procedure | None, At("2300 HI (BBR)", "The main procedure of a stay")] = None
    other_procedures: Annotated[tuple[Procedure, ...], At("2300 HI (BBQ)", "At most twenty-four")] = ()
    occurrence_spans: Annotated[tuple[OccurrenceSpan, ...], At("2300 HI (BI)", "At most twenty-four")] = ()
    occurrences: Annotated[tuple[Occurrence, ...], At("2300 HI (BH)", "At most twenty-four")] = ()
    value_amounts: Annotated[tuple[ValueAmount, ...], At("2300 HI (BE)", "At most twenty-four")] = ()
    condition_codes: Annotated[Codes, At("2300 HI (BG)", "Two characters each, at most twenty-four")] = ()
    lines: Annotated[tuple[InstitutionalLine, ...], At("2400", "At least one, at most 999")]
    attending: Annotated[
        Provider | None,
        At("2310A", "The person in charge of the patient; absent only where all there was is transport"),
    ] = None
    operating: Annotated[Provider | None, At("2310B", "The person who operated")] = None
    other_operating: Annotated[Provider | None, At("2310C", "A second person who operated")] = None
    rendering: Annotated[Provider | None, At("2310D", "The person who treated, if not the attending")] = None
    referring: Annotated[Provider | None, At("2310F", "The person who referred, if not the attending")] = None
    facility: Annotated[Facility | None, At("2310E", "Where, if not at the billing provider's address")] = None
    accident_state: Annotated[Text | None, At("2300 REF*LU", "State of an auto accident")] = None
    note: Annotated[Text | None, At("2300 NTE*ADD", "Billing note, at most 80 characters")] = None
    patient_due_cents: Annotated[int | None, At("2300 AMT*F3", "What the patient is thought to owe, cents")] = None
    patient_paid_cents: Annotated[
        int | None,
        At("not sent", "What the patient has paid, cents; a payer that asks for it gets it as a value code, too"),
    ] = None

    @property
    def service_from(self) -> date:
        """The first day of the statement."""
        return self.statement_from

    @property
    def service_to(self) -> date:
        """The last day of the statement."""
        return self.statement_to

    @property
    def bill_type(self) -> str:
        """The type of bill without its leading zero: 111."""
        return f"{self.facility_type}{self.frequency}"

    @property
    def inpatient(self) -> bool:
        """Whether the bill is one of a stay."""
        return self.facility_type in _STAYS


_STAYS = frozenset({"11", "18", "21", "28", "41", "65", "66"})
"""Hospital, swing bed, skilled nursing, religious nonmedical and intermediate care, each for patients who stay."""
