"""The three balances of an 835. Adjustments (CAS) and PLB enter; AMT and QTY never do.

line         charge - line adjustments = paid                                SVC02, CAS, SVC03
claim        charge - claim and line adjustments = paid                      CLP03, CAS, CLP04
             and, where there are lines, their charges and payments add up    SVC02, SVC03
transaction  sum of claim payments - provider adjustments = payment amount   CLP04, PLB, BPR02
"""

from dataclasses import replace

from edi.findings import Finding, Place, Severity
from edi.x12.document import TransactionSet
from edi.x12.sets.remittance import Remittance, RemittanceClaim, RemittanceLine


def balance(remittance: Remittance, ts: TransactionSet | None = None) -> list[Finding]:
    """Every level at which the set does not add up, with its place and the difference in cents.

    With the set ``ts`` that it was read from, places name interchange, group and set too.
    """
    findings: list[Finding] = []
    total = 0
    for claim in remittance.claims:
        _claim(claim, findings)
        total += claim.paid_cents
    expected = total - sum(one.amount_cents for one in remittance.provider_adjustments)
    payment = remittance.payment
    amount = -payment.amount_cents if payment.credit_debit == "D" else payment.amount_cents
    if expected != amount:
        findings.append(
            _finding("X835-BAL-TRANSACTION", "payments less provider adjustments", amount - expected, 2, "BPR", 2)
        )
    if ts is None:
        return findings
    return [replace(one, place=ts.place(one.place.segment_number or 1, element=one.place.element)) for one in findings]


def _claim(claim: RemittanceClaim, findings: list[Finding]) -> None:
    adjusted = sum([one.amount_cents for one in claim.adjustments])
    at_claim, charges, payments = adjusted, 0, 0
    for line in claim.lines:
        lowered = sum([one.amount_cents for one in line.adjustments])
        if line.charge_cents - lowered != line.paid_cents:
            _line(line, lowered, findings)
        adjusted += lowered
        charges += line.charge_cents
        payments += line.paid_cents
    number = claim.segment_number
    if claim.charge_cents - adjusted != claim.paid_cents:
        difference = claim.paid_cents - (claim.charge_cents - adjusted)
        findings.append(_finding("X835-BAL-CLAIM", "charge less adjustments", difference, number, "CLP", 4))
    if claim.lines and charges != claim.charge_cents:
        findings.append(
            _finding("X835-BAL-CLAIM", "charges of the lines", claim.charge_cents - charges, number, "CLP", 3)
        )
    if claim.lines and payments - at_claim != claim.paid_cents:
        difference = claim.paid_cents - (payments - at_claim)
        findings.append(
            _finding("X835-BAL-CLAIM", "payments of the lines less claim adjustments", difference, number, "CLP", 4)
        )


def _line(line: RemittanceLine, lowered: int, findings: list[Finding]) -> None:
    difference = line.paid_cents - (line.charge_cents - lowered)
    findings.append(_finding("X835-BAL-LINE", "charge less adjustments", difference, line.segment_number, "SVC", 3))


def _finding(code: str, what: str, difference: int, number: int, segment: str, element: int) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code=code,
        message=f"does not balance: {what} and the amount told differ by {difference} cents",
        cure="Do not post; ask the payer for a corrected remittance.",
        place=Place(segment_number=number or None, segment=segment, element=element),
    )
