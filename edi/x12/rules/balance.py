"""SNIP 3 of claims: amounts that must add up."""

from collections.abc import Iterator

from edi.findings import Severity
from edi.x12.rules.claims import Claim, Line, adjustments, total
from edi.x12.rules.rule import At, Facts, Found, rule
from edi.x12.rules.values import cents
from edi.x12.tree import Item

_CENTS_OF_TEN_DIGITS = 10**10
_AMOUNT_OF = {"SV2": 3}


@rule("X837-BAL-CLAIM", 3, status="A7:178")
def charge_is_the_sum_of_its_lines(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """CLM02 is the sum of its lines' charges, SV102 or SV203."""
    charges = [line.charge for line in claim.lines if line.charge is not None]
    if claim.charge is None or not charges or len(charges) < len(claim.lines):
        return
    difference = claim.charge - sum(charges)
    if difference:
        yield Found(
            At(claim.clm, 2),
            f"the claim's charge and the sum of its lines differ by {difference} cents",
            "Correct the charge of the claim or of the line that is wrong.",
        )


@rule("X837-CHARGE", 3, status="A7:178")
def charge_is_above_zero(claim: Claim, facts: Facts) -> Iterator[Found]:
    """What is billed for payment (BHT06 CH) has a charge; only encounters may be free."""
    header = facts.root.first("BHT")
    if header is not None and header[6] == "CH" and claim.charge is not None and claim.charge <= 0:
        yield Found(At(claim.clm, 2), "a chargeable claim without a charge", "Bill the charge, or send an encounter.")


@rule("X837-AMOUNT-LONG", 2, "5", severity=Severity.WARNING)
def amount_has_ten_digits_at_most(item: Item, _facts: Facts) -> Iterator[Found]:
    """Claims carry amounts of at most ten digits, cents included."""
    at = _AMOUNT_OF.get(item.id, 2)
    value = cents(item[at])
    if value is not None and abs(value) >= _CENTS_OF_TEN_DIGITS:
        yield Found(At(item, at), "an amount of more than ten digits", "Correct the amount.")


@rule("X837-BAL-COB-LINE", 3, status="A7:400")
def other_payer_balances_on_the_line(line: Line, _facts: Facts) -> Iterator[Found]:
    """What another payer paid and adjusted on a line, in one decision or several, is its charge: SVD02 + CAS."""
    decided: dict[str, tuple[Item, int | None]] = {}
    for decision in line.decisions():
        svd = decision.opening
        first, before = decided.get(svd[1], (svd, 0))
        decided[svd[1]] = first, total(before, cents(svd[2]), adjustments(decision))
    for svd, accounted in decided.values():
        if line.charge is not None and accounted is not None and line.charge != accounted:
            yield Found(
                At(svd, 2),
                "charge, and payment with adjustments of another payer, differ by"
                f" {line.charge - accounted} cents on this line",
                "Copy payment and adjustments from that payer's remittance as they are.",
            )


@rule("X837-BAL-COB-CLAIM", 3, status="A7:400")
def other_payer_balances_on_the_claim(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """What another payer paid and adjusted, claim and lines, is the claim's charge: CLM02 = AMT*D + CAS at both levels."""
    if not claim.others:
        return
    on_lines = _adjusted_on_lines(claim)
    for payer in claim.others:
        if payer.paid is None:
            continue
        accounted = total(cents(payer.paid[2]), adjustments(payer.node), on_lines.get(payer.identifier, 0))
        if claim.charge is not None and accounted is not None and claim.charge != accounted:
            yield Found(
                At(payer.paid, 2),
                f"charge, and payment with adjustments of another payer, differ by {claim.charge - accounted} cents",
                "Copy payment and adjustments from that payer's remittance; never tell one adjustment at both levels.",
            )


def _adjusted_on_lines(claim: Claim) -> dict[str, int | None]:
    """By payer, what it adjusted on all lines; None where an amount cannot be read."""
    found: dict[str, int | None] = {}
    for line in claim.lines:
        for decision in line.decisions():
            payer = decision.opening[1]
            found[payer] = total(found.get(payer, 0), adjustments(decision))
    return found


CLAIM = (charge_is_the_sum_of_its_lines, charge_is_above_zero, other_payer_balances_on_the_claim)
LINE = (other_payer_balances_on_the_line,)
AMOUNT = (amount_has_ten_digits_at_most,)
