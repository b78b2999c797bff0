"""The remittance advice as values: 835, guide 005010X221A1. Money is integer cents, blank is None."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from edi.x12.sets.shared import Address, Adjustment, Contact

REVERSAL = "22"
"""CLP02 of a claim that takes an earlier decision back."""


@dataclass(slots=True, kw_only=True)
class Payment:
    """BPR and TRN: the money and the trace that also travels with the deposit."""

    handling: str  # BPR01: I, H, C, D, P, U, X
    amount_cents: int  # BPR02
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
    date: dt.date  # BPR16
    trace_number: str  # TRN02
    payer_trace_id: str  # TRN03, 1 + the payer's tax id
    trace_supplement: str | None = None  # TRN04


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
    references: list[tuple[str, str]] = field(default_factory=list)  # REF: 0B, D3, PQ


@dataclass(slots=True, kw_only=True)
class Amount:
    """AMT: told beside the payment, never part of balancing."""

    code: str  # AMT01: I interest, AU coverage, B6 allowed …
    amount_cents: int


@dataclass(slots=True, kw_only=True)
class RemittanceLine:
    """Loop 2110: the decision on one service line."""

    procedure: str  # SVC01-2
    procedure_qualifier: str = "HC"  # SVC01-1
    modifiers: list[str] = field(default_factory=list)  # SVC01-3 to -6
    charge_cents: int  # SVC02
    paid_cents: int  # SVC03
    revenue_code: str | None = None  # SVC04
    units: Decimal | None = None  # SVC05, 1 where absent
    submitted_procedure: str | None = None  # SVC06-2, only where it differs
    submitted_modifiers: list[str] = field(default_factory=list)  # SVC06-3 to -6
    submitted_qualifier: str | None = None  # SVC06-1
    submitted_units: Decimal | None = None  # SVC07
    service_date: dt.date | None = None  # DTM*472, or DTM*150
    service_date_to: dt.date | None = None  # DTM*151
    adjustments: list[Adjustment] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)  # REF other than 6R
    line_control_number: str | None = None  # REF*6R
    amounts: list[Amount] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # LQ*HE
    segment_number: int = field(default=0, compare=False)  # position of SVC, ST = 1


@dataclass(slots=True, kw_only=True)
class RemittanceClaim:
    """Loop 2100: the decision on one claim. ``segment_number`` is the position of its CLP in the set, ST = 1."""

    patient_control_number: str  # CLP01
    status: str  # CLP02
    charge_cents: int  # CLP03
    paid_cents: int  # CLP04
    patient_responsibility_cents: int | None = None  # CLP05
    filing_code: str | None = None  # CLP06
    payer_control_number: str | None = None  # CLP07
    facility_code: str | None = None  # CLP08
    frequency: str | None = None  # CLP09
    adjustments: list[Adjustment] = field(default_factory=list)
    patient_last_name: str | None = None  # NM1*QC
    patient_first_name: str | None = None
    patient_middle_name: str | None = None
    member_id: str | None = None  # NM109 of QC
    member_id_kind: str | None = None  # NM108 of QC
    subscriber_last_name: str | None = None  # NM1*IL
    subscriber_first_name: str | None = None
    subscriber_id: str | None = None
    corrected_last_name: str | None = None  # NM1*74
    corrected_first_name: str | None = None
    corrected_id: str | None = None
    rendering_last_name: str | None = None  # NM1*82
    rendering_first_name: str | None = None
    rendering_npi: str | None = None
    crossover_name: str | None = None  # NM1*TT
    crossover_id: str | None = None
    references: list[tuple[str, str]] = field(default_factory=list)  # REF
    service_date: dt.date | None = None  # DTM*232
    service_date_to: dt.date | None = None  # DTM*233
    coverage_expired: dt.date | None = None  # DTM*036
    received_date: dt.date | None = None  # DTM*050
    amounts: list[Amount] = field(default_factory=list)  # AMT
    remarks: list[str] = field(default_factory=list)  # remark codes of MOA and MIA
    lines: list[RemittanceLine] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL

    @property
    def interest_cents(self) -> int:
        return sum(one.amount_cents for one in self.amounts if one.code == "I")


@dataclass(slots=True, kw_only=True)
class ProviderAdjustment:
    """One pair of a PLB segment: money that belongs to no claim of this set. Positive lowers the payment."""

    provider_id: str  # PLB01
    fiscal_date: dt.date  # PLB02
    reason: str  # PLB03-1
    reference: str | None = None  # PLB03-2
    amount_cents: int  # PLB04
    segment_number: int = field(default=0, compare=False)  # position of PLB, ST = 1


@dataclass(slots=True, kw_only=True)
class Remittance:
    """One 835 transaction set: one payment (or notice of none) with all that explains it."""

    payment: Payment
    receiver_id: str | None = None  # REF*EV
    currency: str | None = None  # CUR02, absent for US dollars
    production_date: dt.date | None = None  # DTM*405
    payer: PayerParty
    payee: PayeeParty
    claims: list[RemittanceClaim] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)
