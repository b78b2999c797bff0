"""The three balances of an 835. Adjustments (CAS) and PLB enter; AMT and QTY never do.

line         charge - line adjustments = paid                                SVC02, CAS, SVC03
claim        charge - claim and line adjustments = paid                      CLP03, CAS, CLP04
             and, where there are lines, their charges and payments add up    SVC02, SVC03
transaction  sum of claim payments - provider adjustments = payment amount   CLP04, PLB, BPR02

What could not be read whole cannot be judged, which is not the same as being wrong: a claim that was left out is in no
sum, and the transaction that it belongs to is called unjudged instead of unbalanced.
"""

from collections.abc import Iterator

from edi.findings import Finding, Severity
from edi.x12.sets.t835.findings import addressed, found
from edi.x12.sets.t835.values import Remittance, RemittanceClaim, RemittanceLine
from edi.x12.syntax.document import TransactionSet


def balance(remittance: Remittance, ts: TransactionSet | None = None) -> list[Finding]:
    """Every level at which the set does not add up, with its place and the difference in cents, or cannot be judged.

    Codes X835-BAL-LINE, -CLAIM, -TRANSACTION and X835-UNJUDGED-TRANSACTION, all errors: nothing of such a set may be
    posted. With the set ``ts`` that it was read from, places name interchange, group and set too.
    """
    findings: list[Finding] = []
    for claim in remittance.claims:
        _claim(claim, findings)
    findings += _transaction(remittance, sum([claim.paid_cents for claim in remittance.claims]))
    return addressed(findings, ts)


def balance_of_claim(claim: RemittanceClaim, ts: TransactionSet) -> list[Finding]:
    """The part of ``balance`` that is about one claim and its lines."""
    findings: list[Finding] = []
    _claim(claim, findings)
    return addressed(findings, ts)


def balance_of_transaction(remittance: Remittance, paid_cents: int, ts: TransactionSet) -> list[Finding]:
    """The part of ``balance`` that is about the payment, where its claims, whose payments are so much, are elsewhere."""
    return addressed(_transaction(remittance, paid_cents), ts)


def unjudged(remittance: Remittance, ts: TransactionSet | None = None) -> list[Finding]:
    """Why it cannot be said whether the payment is the sum of what explains it; empty where it can."""
    return addressed(_unjudged(remittance), ts)


def _unjudged(remittance: Remittance) -> Iterator[Finding]:
    unread = remittance.unread
    if unread:
        words = f"{len(unread)} of its claims and adjustments could not be read, so their money is in no sum"
        yield _no_judgement(words, unread[0])
    if remittance.payment.amount_cents is None:
        yield _no_judgement("the payment's amount could not be read", 2, "BPR", 2)


def _no_judgement(words: str, number: int, segment: str | None = None, element: int | None = None) -> Finding:
    return found(
        Severity.ERROR,
        "X835-UNJUDGED-TRANSACTION",
        f"whether it balances cannot be judged: {words}",
        "Do not post; read the part named here in the file, and ask the payer for a correct remittance.",
        number=number,
        segment=segment,
        element=element,
    )


def _transaction(remittance: Remittance, paid: int) -> Iterator[Finding]:
    amount, first = remittance.payment.net_cents, next(_unjudged(remittance), None)
    if first is not None or amount is None:
        yield from _unjudged(remittance)
        return
    expected = paid - sum([one.amount_cents for one in remittance.provider_adjustments])
    if expected != amount:
        yield _off("X835-BAL-TRANSACTION", "payments less provider adjustments", amount - expected, 2, "BPR", 2)


def _claim(claim: RemittanceClaim, findings: list[Finding]) -> None:
    adjusted = sum([one.amount_cents for one in claim.adjustments])
    at_claim, charges, payments = adjusted, 0, 0
    for line in claim.lines:
        lowered = sum([one.amount_cents for one in line.adjustments])
        if line.charge_cents - lowered != line.paid_cents:
            findings.append(_line(line, lowered))
        adjusted += lowered
        charges += line.charge_cents
        payments += line.paid_cents
    number = claim.segment_number
    if claim.charge_cents - adjusted != claim.paid_cents:
        difference = claim.paid_cents - (claim.charge_cents - adjusted)
        findings.append(_off("X835-BAL-CLAIM", "charge less adjustments", difference, number, "CLP", 4))
    if claim.lines and charges != claim.charge_cents:
        findings.append(_off("X835-BAL-CLAIM", "charges of the lines", claim.charge_cents - charges, number, "CLP", 3))
    if claim.lines and payments - at_claim != claim.paid_cents:
        difference = claim.paid_cents - (payments - at_claim)
        findings.append(
            _off("X835-BAL-CLAIM", "payments of the lines less claim adjustments", difference, number, "CLP", 4)
        )


def _line(line: RemittanceLine, lowered: int) -> Finding:
    difference = line.paid_cents - (line.charge_cents - lowered)
    return _off("X835-BAL-LINE", "charge less adjustments", difference, line.segment_number, "SVC", 3)


def _off(code: str, what: str, difference: int, number: int, segment: str, element: int) -> Finding:
    return found(
        Severity.ERROR,
        code,
        f"does not balance: {what} and the amount told differ by {difference} cents",
        "Do not post; ask the payer for a corrected remittance.",
        number=number,
        segment=segment,
        element=element,
    )
