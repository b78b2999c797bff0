"""What a payer decided, and what that means for the claim. The money decides, never the status word alone.

A payer writes a full denial with status 1 as readily as with status 4, so CLP02 is asked only for what it alone can
say: that a decision is taken back (22), that the claim was somebody else's (23), that nothing was decided (25).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    PAID = "paid"
    PARTLY_PAID = "partly_paid"
    DENIED = "denied"
    REVERSED = "reversed"
    FORWARDED = "forwarded"


_REVERSAL, _NOT_OURS, _PREDETERMINATION = "22", "23", "25"
REMITTED, PREMIUMS = "RM", "PM"
"""Stand where CLP02 stands for what an 820 pays, which is no decision: one item of it (RMR), or all premiums of a set."""
LATER_PAYER = frozenset({"2", "3", "20", "21"})
"""CLP02 of a claim that was decided as secondary or tertiary."""
CROSSED_OVER = frozenset({"19", "20", "21"})
"""CLP02 of a claim that was decided as primary, secondary or tertiary and then passed on to the next payer."""
PASSED_ON_REMARKS = frozenset({"MA07", "MA18", "N89"})
"""Remark codes (RARC) by which a payer says, without CLP02, that he has forwarded the claim: to Medicaid, to the supplemental
insurer, to several."""
NOT_NAMED = "not named"
"""Stands for a payer that the claim was passed on to and that the decision does not name."""

# Adjustment reasons (CARC) that any paid claim may carry: price, not refusal.
_CONTRACT = frozenset({"45", "23", "59", "94", "97", "131", "144", "253"})
# Reasons under which the patient pays a share of what is covered: deductible, co-insurance, co-payment, blood.
_COST_SHARE = frozenset({"1", "2", "3", "66"})
PATIENT_GROUP = "PR"
_PAYER_INITIATED = "PI"


class Adjusted(NamedTuple):
    """One reason of a CAS; positive lowers the payment."""

    group: str
    reason: str
    amount_cents: int

    @property
    def is_cost_share(self) -> bool:
        return self.group == PATIENT_GROUP and self.reason in _COST_SHARE

    @property
    def is_price(self) -> bool:
        return self.group != _PAYER_INITIATED and (self.reason in _CONTRACT or self.is_cost_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDecision:
    """One SVC. `control_number` is REF*6R: ours, where the payer gives it back; `procedure` None where it names none.

    `submitted_…` is what the payer says that we sent, told only where it decided under something else.
    """

    procedure: str | None
    modifiers: tuple[str, ...] = ()
    charge_cents: int
    paid_cents: int
    adjustments: tuple[Adjusted, ...] = ()
    control_number: str | None = None
    remarks: tuple[str, ...] = ()
    units: Decimal | None = None  # SVC05; None where it is not told, which stands for 1
    submitted_procedure: str | None = None  # SVC06-2
    submitted_modifiers: tuple[str, ...] = ()  # SVC06-3 to -6
    submitted_units: Decimal | None = None  # SVC07
    service_date: date | None = None  # DTM*472, else DTM*150
    service_date_to: date | None = None  # DTM*151
    revenue_code: str | None = None  # SVC04, of institutional claims beside a procedure

    @property
    def is_denied(self) -> bool:
        """Charged, not paid, and neither the patient's share of something covered nor part of another service."""
        return (
            self.charge_cents > 0
            and self.paid_cents <= 0
            and any(a.amount_cents > 0 and not a.is_price for a in self.adjustments)
            and not any(a.is_cost_share for a in self.adjustments)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTold:
    """Who was treated, in the payer's words; nothing of it is shown by its repr."""

    last_name: str | None = field(default=None, repr=False)  # NM1*QC
    first_name: str | None = field(default=None, repr=False)
    member_id: str | None = field(default=None, repr=False)  # NM109 of NM1*IL, else of NM1*QC
    corrected_member_id: str | None = field(default=None, repr=False)  # NM109 of NM1*74


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDecision:
    """One CLP with all that explains it. `segment` is its position in the set (ST = 1).

    An item of an 820 (RMR) is told as one too: `status` is REMITTED, the number the item's own (RMR02), the charge what was
    billed (RMR05). Premiums are one together, of status PREMIUMS: they have no claims.
    """

    patient_control_number: str  # CLP01
    status: str  # CLP02
    charge_cents: int  # CLP03
    paid_cents: int  # CLP04
    payer_control_number: str | None = None  # CLP07
    adjustments: tuple[Adjusted, ...] = ()  # claim level
    lines: tuple[LineDecision, ...] = ()
    remarks: tuple[str, ...] = ()
    segment: int
    filing_code: str | None = None  # CLP06
    facility_code: str | None = None  # CLP08
    patient: PatientTold = PatientTold()
    service_from: date | None = None  # DTM*232, else the first day of any line
    service_to: date | None = None  # DTM*233, else the last day of any line
    received_date: date | None = None  # DTM*050, when the payer got the claim
    crossed_over_to: str | None = None
    """The payer that the claim was passed on to after this decision, by its name; `NOT_NAMED` where it has none."""

    @property
    def all_adjustments(self) -> tuple[Adjusted, ...]:
        return (*self.adjustments, *(a for line in self.lines for a in line.adjustments))

    @property
    def adjusted_cents(self) -> dict[str, int]:
        """Claim and line level together, by group."""
        return by_group(self.all_adjustments)

    @property
    def patient_cents(self) -> int:
        """What the payer says is the patient's to pay: the sum of group PR (CLP05 says the same, save on reversals)."""
        return self.adjusted_cents.get(PATIENT_GROUP, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLevel:
    """One pair of a PLB: money of no claim in this set. Positive lowers the payment."""

    reason: str
    reference: str | None
    amount_cents: int
    segment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One 835 or 820 set: a payment, or the word that there is none, and what it is made of. A blank trace is none."""

    payer_name: str | None
    trace_number: str  # TRN02
    trace_payer_id: str  # TRN03
    method: str  # BPR04
    amount_cents: int  # BPR02, negative where BPR03 says debit
    payment_date: date | None  # BPR16
    claims: tuple[ClaimDecision, ...] = ()
    provider_level: tuple[ProviderLevel, ...] = field(default=())
    set_id: str = "835"


def by_group(adjustments: Iterable[Adjusted]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for group, _, cents in adjustments:
        totals[group] = totals.get(group, 0) + cents
    return totals


def verdict(decision: ClaimDecision) -> Verdict:
    """What the decision is, by its money.

    *denied*: a charge, nothing paid, and no deductible, co-insurance or co-payment that would show the services as
    covered. *partly paid*: something paid, and a line was refused, or the charge was lowered for a reason that is not
    price (contract, bundling, other payer's payment) nor the patient's share. *paid*: all else, so also a claim whose
    covered amount falls wholly to the patient's deductible. *forwarded*: nothing was decided here. An item of an 820 is paid,
    or taken back where it is negative.
    """
    if decision.status in {REMITTED, PREMIUMS}:
        return Verdict.REVERSED if decision.status == REMITTED and decision.paid_cents < 0 else Verdict.PAID
    if decision.status == _REVERSAL:
        return Verdict.REVERSED
    if decision.status in {_NOT_OURS, _PREDETERMINATION}:
        return Verdict.FORWARDED
    adjustments = decision.all_adjustments
    if decision.charge_cents > 0 and decision.paid_cents <= 0:
        return Verdict.PAID if any(a.is_cost_share for a in adjustments) else Verdict.DENIED
    if any(line.is_denied for line in decision.lines) or any(
        a.amount_cents > 0 and not a.is_price for a in adjustments
    ):
        return Verdict.PARTLY_PAID
    return Verdict.PAID
