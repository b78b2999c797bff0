"""How much: charges, units, what the patient has paid and where it would go back to."""

import re
from collections.abc import Iterator

from pipeline.domain.bank_accounts import routing_number_valid
from pipeline.domain.claim import BaseClaim, Claim
from pipeline.domain.coordination import Adjustment
from pipeline.domain.edits.codes import ACCOUNT_TYPES
from pipeline.domain.edits.parties import adjudications, other_payers
from pipeline.domain.edits.rule import Facts, Found, rule

MAX_CENTS = 9_999_999_999
"""Ten digits with the cents: the most an amount of a claim may hold."""

_OF_PAYERS = ("paid_cents", "non_covered_cents", "patient_liability_cents")
_OF_DECISIONS = ("paid_cents", "patient_liability_cents")
_ACCOUNT = re.compile(r"[A-Z0-9][A-Z0-9 -]{0,16}")


@rule("MON01")
def line_charge_above_zero(claim: Claim, _facts: Facts) -> Iterator[Found]:
    """Every line charges something."""
    for index, line in enumerate(claim.lines):
        if line.charge_cents <= 0:
            yield f"lines[{index}].charge_cents", "the charge is not above zero", "give the charge, or remove the line"


@rule("MON02")
def lines_add_up(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """The claim's charge is the sum of its lines."""
    if claim.charge_cents != sum(line.charge_cents for line in claim.lines):
        yield "charge_cents", "the claim's charge is not the sum of its lines", "correct the total or the lines"


@rule("MON03")
def units_above_zero(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Units are above zero, below 100,000 and have at most three decimals."""
    for index, line in enumerate(claim.lines):
        if not 0 < line.units < 100_000 or line.units != round(line.units, 3):
            yield f"lines[{index}].units", "units are not above zero with at most three decimals", "correct the units"


@rule("MON04")
def amounts_fit(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """No amount has more than ten digits with its cents."""
    amounts = [(f"lines[{index}].charge_cents", line.charge_cents) for index, line in enumerate(claim.lines)]
    amounts += [("charge_cents", claim.charge_cents), ("patient_paid_cents", claim.patient_paid_cents or 0)]
    for path, payer in other_payers(claim):
        amounts += [(f"{path}.{name}", getattr(payer, name) or 0) for name in _OF_PAYERS]
        amounts += _adjusted(path, payer.adjustments)
    for path, found in adjudications(claim):
        amounts += [(f"{path}.{name}", getattr(found, name) or 0) for name in _OF_DECISIONS]
        amounts += _adjusted(path, found.adjustments)
    for path, cents in amounts:
        if abs(cents) > MAX_CENTS:
            yield path, "the amount has more than ten digits", "split the claim"


def _adjusted(path: str, adjustments: tuple[Adjustment, ...]) -> list[tuple[str, int]]:
    return [(f"{path}.adjustments[{index}].amount_cents", one.amount_cents) for index, one in enumerate(adjustments)]


@rule("MON05")
def patient_paid_not_negative(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """What the patient paid is not negative."""
    if claim.patient_paid_cents is not None and claim.patient_paid_cents < 0:
        yield (
            "patient_paid_cents",
            "the amount is negative",
            "give what the patient paid; a refund is not part of a claim",
        )


@rule("MON06", "warning")
def patient_paid_within_charge(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """What the patient paid is not more than the charge."""
    if (claim.patient_paid_cents or 0) > max(claim.charge_cents, 0):
        yield (
            "patient_paid_cents",
            "the patient has paid more than the charge",
            "look whether cents and dollars are mixed up",
        )


@rule("MON07")
def refund_routing_sound(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A refund's routing number has nine digits and a sound check digit."""
    if claim.refund_to is not None and not routing_number_valid(claim.refund_to.routing_number):
        yield (
            "refund_to.routing_number",
            "not a routing number with a sound check digit",
            "ask for the bank details again",
        )


@rule("MON08")
def refund_account_fits(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A refund's account has 1 to 17 capitals, digits, blanks or hyphens, and is a checking or savings account."""
    if claim.refund_to is None:
        return
    if not _ACCOUNT.fullmatch(claim.refund_to.account_number):
        yield (
            "refund_to.account_number",
            "not 1 to 17 capitals, digits, blanks or hyphens",
            "ask for the bank details again",
        )
    if claim.refund_to.account_type not in ACCOUNT_TYPES:
        yield "refund_to.account_type", "neither checking nor savings", "give one of them"


RULES = (
    lines_add_up,
    units_above_zero,
    amounts_fit,
    patient_paid_not_negative,
    patient_paid_within_charge,
    refund_routing_sound,
    refund_account_fits,
)
PROFESSIONAL = (line_charge_above_zero,)
