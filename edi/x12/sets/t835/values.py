"""The remittance advice as values: 835, guide 005010X221A1. Money is integer cents, blank is None.

What was read keeps its set in ``raw``: a segment that the values have no room for is there. Codes are kept as they came,
known or not.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from edi.x12.sets.shared import Address, Adjustment, Contact, Delivery
from edi.x12.syntax.document import TransactionSet

REVERSAL = "22"
"""CLP02 of a claim that takes an earlier decision back."""


@dataclass(slots=True, kw_only=True)
class Payment:
    """BPR and TRN: the money and the trace that also travels with the deposit."""

    handling: str  # BPR01: I, H, C, D, P, U, X
    amount_cents: int | None  # BPR02; None where a set that was read does not tell it
    credit_debit: str = "C"  # BPR03
    method: str  # BPR04: ACH, CHK, NON, FWT, BOP
    format: str | None = None  # BPR05: CCP, CTX
    sender_bank_kind: str | None = None  # BPR06
    sender_bank: str | None = None  # BPR07
    sender_account_kind: str | None = None  # BPR08
    sender_account: str | None = None  # BPR09
    originating_company: str | None = None  # BPR10
    originating_supplement: str | None = None  # BPR11
    receiver_bank_kind: str | None = None  # BPR12
    receiver_bank: str | None = None  # BPR13
    receiver_account_kind: str | None = None  # BPR14
    receiver_account: str | None = None  # BPR15
    date: dt.date | None  # BPR16; None as above
    trace_number: str  # TRN02; blank where a set that was read has none, as every text that is required
    payer_trace_id: str  # TRN03, 1 + the payer's tax id
    trace_supplement: str | None = None  # TRN04

    @property
    def net_cents(self) -> int | None:
        """What the payee gets: negative where BPR03 says debit."""
        if self.amount_cents is None or self.credit_debit != "D":
            return self.amount_cents
        return -self.amount_cents


@dataclass(slots=True, kw_only=True)
class PayerParty:
    """Loop 1000A."""

    name: str  # N102
    identifier: str | None = None  # N104 where XV
    address: Address
    references: list[tuple[str, str]] = field(default_factory=list)  # REF: 2U, EO, HI, NF
    contacts: list[Contact] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class PayeeParty:
    """Loop 1000B. ``npi`` is N104 where XX; ``tax_id`` is N104 where FI, else REF*TJ."""

    name: str  # N102
    npi: str | None = None
    tax_id: str | None = None
    plan_id: str | None = None  # N104 where XV
    address: Address | None = None
    references: list[tuple[str, str]] = field(default_factory=list)  # REF: 0B, D3, PQ, a second TJ
    delivery: Delivery | None = None


@dataclass(slots=True, kw_only=True)
class Name:
    """NM1 of a claim: a person, or an organisation with its whole name in ``last_name``."""

    last_name: str | None = None  # NM103
    first_name: str | None = None  # NM104
    middle_name: str | None = None  # NM105
    suffix: str | None = None  # NM107
    identifier_kind: str | None = None  # NM108
    identifier: str | None = None  # NM109
    person: bool = True  # NM102: 1, else 2


@dataclass(slots=True, kw_only=True)
class Figures:
    """The figures of a summary segment (TS3, TS2, MIA, MOA) by element position, as the guide numbers them."""

    amounts: dict[int, int] = field(default_factory=dict)  # cents
    counts: dict[int, Decimal] = field(default_factory=dict)  # days, discharges, rates


@dataclass(slots=True, kw_only=True)
class ProviderSummary:
    """TS3: the totals of one provider, facility type and fiscal year."""

    provider_id: str  # TS301
    facility_code: str  # TS302
    fiscal_date: dt.date  # TS303
    claim_count: Decimal  # TS304
    charge_cents: int  # TS305
    figures: Figures = field(default_factory=Figures)  # TS313 to TS324


@dataclass(slots=True, kw_only=True)
class ClaimGroup:
    """Loop 2000: the claims from ``first_claim`` (an index into the set's claims) up to the next group's first."""

    number: str  # LX01
    first_claim: int
    summary: ProviderSummary | None = None
    inpatient: Figures | None = None  # TS2


@dataclass(slots=True, kw_only=True)
class Amount:
    """AMT: told beside the payment, never part of balancing."""

    code: str  # AMT01: I interest, AU coverage, B6 allowed …
    amount_cents: int


@dataclass(slots=True, kw_only=True)
class Quantity:
    """QTY: counted beside the payment, never part of balancing."""

    code: str  # QTY01: CA covered days, NE days not covered …
    quantity: Decimal


@dataclass(slots=True, kw_only=True)
class RemittanceLine:
    """Loop 2110: the decision on one service line."""

    procedure: str | None  # SVC01-2; None where a set that was read names none
    procedure_qualifier: str = "HC"  # SVC01-1
    modifiers: list[str] = field(default_factory=list)  # SVC01-3 to -6
    charge_cents: int  # SVC02
    paid_cents: int  # SVC03
    revenue_code: str | None = None  # SVC04
    units: Decimal | None = None  # SVC05, 1 where absent
    submitted_procedure: str | None = None  # SVC06-2, only where it differs
    submitted_modifiers: list[str] = field(default_factory=list)  # SVC06-3 to -6
    submitted_qualifier: str | None = None  # SVC06-1
    submitted_description: str | None = None  # SVC06-7
    submitted_units: Decimal | None = None  # SVC07
    service_date: dt.date | None = None  # DTM*472, or DTM*150
    service_date_to: dt.date | None = None  # DTM*151
    adjustments: list[Adjustment] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)  # REF other than 6R
    line_control_number: str | None = None  # REF*6R
    amounts: list[Amount] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # LQ*HE
    reject_codes: list[str] = field(default_factory=list)  # LQ*RX, NCPDP
    segment_number: int = field(default=0, compare=False)  # position of SVC, ST = 1


@dataclass(slots=True, kw_only=True)
class RemittanceClaim:
    """Loop 2100: the decision on one claim, in segments ``segment_number`` to ``segment_last`` of the set, ST = 1."""

    patient_control_number: str  # CLP01
    status: str  # CLP02
    charge_cents: int  # CLP03
    paid_cents: int  # CLP04
    patient_responsibility_cents: int | None = None  # CLP05
    filing_code: str | None = None  # CLP06
    payer_control_number: str | None = None  # CLP07
    facility_code: str | None = None  # CLP08
    frequency: str | None = None  # CLP09
    drg: str | None = None  # CLP11
    drg_weight: Decimal | None = None  # CLP12
    discharge_fraction: Decimal | None = None  # CLP13
    adjustments: list[Adjustment] = field(default_factory=list)
    patient: Name | None = None  # NM1*QC
    subscriber: Name | None = None  # NM1*IL, where not the patient
    corrected: Name | None = None  # NM1*74, the insured as the payer knows him
    rendering: Name | None = None  # NM1*82
    crossover: Name | None = None  # NM1*TT, the carrier that the claim went on to
    priority_payer: Name | None = None  # NM1*PR, who should have been asked first
    other_subscriber: Name | None = None  # NM1*GB
    inpatient: Figures | None = None  # MIA
    outpatient: Figures | None = None  # MOA
    remarks: list[str] = field(default_factory=list)  # remark codes of MIA, if there is one, else MOA
    references: list[tuple[str, str]] = field(default_factory=list)  # REF
    service_date: dt.date | None = None  # DTM*232
    service_date_to: dt.date | None = None  # DTM*233
    coverage_expired: dt.date | None = None  # DTM*036
    received_date: dt.date | None = None  # DTM*050
    contacts: list[Contact] = field(default_factory=list)  # PER*CX
    amounts: list[Amount] = field(default_factory=list)  # AMT
    quantities: list[Quantity] = field(default_factory=list)  # QTY
    lines: list[RemittanceLine] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)
    segment_last: int = field(default=0, compare=False)

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL

    @property
    def every_adjustment(self) -> list[Adjustment]:
        """Those of the claim, then those of its lines."""
        return [*self.adjustments, *(one for line in self.lines for one in line.adjustments)]

    @property
    def interest_cents(self) -> int:
        """AMT*I of the claim: interest that the payer adds, paid at the provider's level (PLB L6)."""
        return sum(one.amount_cents for one in self.amounts if one.code == "I")


@dataclass(slots=True, kw_only=True)
class ProviderAdjustment:
    """One pair of a PLB segment: money that belongs to no claim of this set. Positive lowers the payment."""

    provider_id: str  # PLB01
    fiscal_date: dt.date | None  # PLB02; None where a set that was read does not tell it
    reason: str  # PLB03-1
    reference: str | None = None  # PLB03-2
    amount_cents: int  # PLB04
    segment_number: int = field(default=0, compare=False)  # position of PLB, ST = 1


@dataclass(slots=True, kw_only=True)
class Remittance:
    """One 835 transaction set: one payment (or notice of none) with all that explains it.

    ``unread`` is empty for a set that was read whole; else claims or provider adjustments are missing here.
    """

    payment: Payment
    receiver_id: str | None = None  # REF*EV
    software_version: str | None = None  # REF*F2
    currency: str | None = None  # CUR02, absent for US dollars
    production_date: dt.date | None = None  # DTM*405
    payer: PayerParty
    payee: PayeeParty
    groups: list[ClaimGroup] = field(default_factory=list)  # empty: all claims in one group 1 without summaries
    claims: list[RemittanceClaim] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)
    unread: list[int] = field(default_factory=list, compare=False)  # numbers of segments whose money could not be read
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)
