"""The provider's level of an 835 (PLB): what each reason means, and which way it should move the payment.

A positive amount lowers the payment, a negative one raises it. Recoveries go both ways: what a reversal takes back but
the payer does not keep yet is WO negative now and WO positive in a later set (X12 interpretations 227, 1756). A set whose
reversals exceed its payments pays nothing and carries the rest with FB negative; the next one begins with FB positive
(interpretation 1604).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from edi.findings import Finding, Severity
from edi.x12.sets.t835.findings import found
from edi.x12.sets.t835.values import ProviderAdjustment, Remittance


class Kind(StrEnum):
    """What becomes of the money of a provider adjustment."""

    FORWARD = "forward"  # carried to or from another remittance
    RECOVERY = "recovery"  # an overpayment kept back, or let go for now
    REFUND = "refund"  # the payer acknowledges a refund that it was sent
    INTEREST = "interest"  # paid on top of the claims
    FEE = "fee"  # for a service, a loan or lateness; the payer keeps it
    WITHHELD = "withheld"  # kept for somebody else: a tax, a levy, a lender
    ADDED = "added"  # paid beside the claims: capitation, incentives, settlements
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason code. ``sign`` is the sign that its amount should have, 0 where both are usual."""

    code: str
    name: str
    kind: Kind
    sign: int


_ROWS = (
    ("50", "charge for lateness", Kind.FEE, 1),
    ("51", "penalty in the form of interest", Kind.FEE, 1),
    ("72", "refund received from the provider", Kind.REFUND, -1),
    ("90", "discount for paying early", Kind.FEE, 1),
    ("AH", "fee for making the payment", Kind.FEE, 1),
    ("AM", "applied to a loan of the provider", Kind.WITHHELD, 1),
    ("AP", "advance on future benefits", Kind.ADDED, 0),
    ("B2", "rebate", Kind.OTHER, 0),
    ("B3", "allowance for recoveries", Kind.OTHER, 0),
    ("BD", "bad debt", Kind.ADDED, 0),
    ("BN", "bonus", Kind.ADDED, -1),
    ("C5", "allowance for the time being", Kind.OTHER, 0),
    ("CR", "interest on capitation", Kind.INTEREST, 0),
    ("CS", "adjustment that the reference explains", Kind.OTHER, 0),
    ("CT", "capitation", Kind.ADDED, -1),
    ("CV", "capital costs passed through", Kind.ADDED, 0),
    ("CW", "nurse anaesthetist costs passed through", Kind.ADDED, 0),
    ("DM", "medical education costs passed through", Kind.ADDED, 0),
    ("E3", "withheld by contract", Kind.WITHHELD, 0),
    ("FB", "balance carried between remittances", Kind.FORWARD, 0),
    ("FC", "share of a fund", Kind.ADDED, 0),
    ("GO", "graduate education costs", Kind.ADDED, 0),
    ("HM", "clotting factor supplement", Kind.ADDED, 0),
    ("IP", "incentive", Kind.ADDED, -1),
    ("IR", "income tax withheld", Kind.WITHHELD, 1),
    ("IS", "settlement for the time being", Kind.ADDED, 0),
    ("J1", "not reimbursable, offset", Kind.OTHER, 0),
    ("L3", "penalty", Kind.FEE, 0),
    ("L6", "interest owed to the provider", Kind.INTEREST, -1),
    ("LE", "levy for a creditor", Kind.WITHHELD, 1),
    ("LS", "lump sum", Kind.ADDED, 0),
    ("OA", "organ acquisition costs passed through", Kind.ADDED, 0),
    ("OB", "debt of an affiliated provider", Kind.RECOVERY, 1),
    ("PI", "periodic payment", Kind.ADDED, 0),
    ("PL", "final settlement", Kind.ADDED, 0),
    ("RA", "change with effect for the past", Kind.OTHER, 0),
    ("RE", "return on equity", Kind.ADDED, 0),
    ("SL", "student loan repaid", Kind.WITHHELD, 1),
    ("TL", "liability of a third party", Kind.OTHER, 0),
    ("WO", "recovery of an overpayment", Kind.RECOVERY, 0),
    ("WU", "recovery without a reason told", Kind.RECOVERY, 1),
)
REASONS = {code: Reason(code=code, name=name, kind=kind, sign=sign) for code, name, kind, sign in _ROWS}


def reason_of(adjustment: ProviderAdjustment) -> Reason:
    """What its reason code means; a code that nobody knows keeps its letters and is of kind OTHER."""
    code = adjustment.reason
    return REASONS.get(code) or Reason(code=code, name="a reason unknown here", kind=Kind.OTHER, sign=0)


def cents_by_kind(remittance: Remittance) -> dict[Kind, int]:
    """The provider adjustments in cents by what they are; together they are all of PLB. Positive lowers the payment."""
    sums: dict[Kind, int] = {}
    for one in remittance.provider_adjustments:
        kind = reason_of(one).kind
        sums[kind] = sums.get(kind, 0) + one.amount_cents
    return sums


def provider_reasons(remittance: Remittance) -> Iterator[Finding]:
    """The reason is known, and its amount has the sign that belongs to it. Interest may come back with a reversal."""
    reversing = any(claim.is_reversal for claim in remittance.claims)
    for one in remittance.provider_adjustments:
        reason = REASONS.get(one.reason)
        if reason is None:
            words = "a provider adjustment for a reason that is not in the table"
            yield _plb(Severity.INFO, "X835-PLB-REASON", words, one)
        elif one.amount_cents * reason.sign < 0 and not (reason.kind is Kind.INTEREST and reversing):
            way = "lowers" if one.amount_cents > 0 else "raises"
            yield _plb(Severity.WARNING, "X835-PLB-SIGN", f"{reason.name} ({reason.code}) {way} the payment", one)


def forward_balance(remittance: Remittance) -> Iterator[Finding]:
    """A set that carries what it could not collect (FB negative) pays nothing itself."""
    for one in remittance.provider_adjustments:
        if one.reason == "FB" and one.amount_cents < 0 and remittance.payment.amount_cents:
            words = "a balance carried forward although the set pays something"
            yield _plb(Severity.WARNING, "X835-FORWARD-PAID", words, one)


def interest(remittance: Remittance) -> Iterator[Finding]:
    """Interest shown at the claims (AMT*I) is what the provider's level pays (L6)."""
    shown = sum(claim.interest_cents for claim in remittance.claims)
    paid = [one for one in remittance.provider_adjustments if one.reason == "L6"]
    total = -sum(one.amount_cents for one in paid)
    if paid and shown != total:
        severity = Severity.WARNING if shown else Severity.INFO
        words = f"interest at the claims and at the provider's level differ by {total - shown} cents"
        yield _plb(severity, "X835-INTEREST", words, paid[0])
    elif shown and not paid:
        claim = next(one for one in remittance.claims if one.interest_cents)
        words = "interest shown at the claims and not paid at the provider's level"
        cure = "Nothing to post for it; ask the payer where it was paid."
        yield found(Severity.INFO, "X835-INTEREST", words, cure, number=claim.segment_number, segment="CLP", element=1)


def _plb(severity: Severity, code: str, words: str, one: ProviderAdjustment) -> Finding:
    cure = "Post it as told; ask the payer what it is if the remark does not say."
    return found(severity, code, words, cure, number=one.segment_number, segment="PLB", element=3)
