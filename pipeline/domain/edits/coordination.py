"""Other payers of the claim: their order, what the earlier ones have decided, and that it adds up."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

from pipeline.domain.claim import BaseClaim
from pipeline.domain.coordination import Adjustment, BaseAdjudication, OtherPayer
from pipeline.domain.edits.codes import (
    ADJUSTMENT_GROUPS,
    FILING_CODES,
    INSURANCE_TYPES,
    ORDER_OF_PAYERS,
    RELATIONSHIPS,
    SELF,
)
from pipeline.domain.edits.coding import is_modifier, is_procedure
from pipeline.domain.edits.parties import adjudications, other_payers
from pipeline.domain.edits.rule import Facts, Found, rule

_REMARK = re.compile(r"[A-Z]{1,2}[0-9]{1,4}")
_MOST_REMARKS = 5
_REASON = re.compile(r"[A-Z0-9]{1,5}")
_MOST_PAYERS, _MOST_A_LINE, _MOST_A_GROUP, _MOST_MODIFIERS = 10, 15, 6, 4


def concerned(claim: BaseClaim) -> bool:
    """True if any of these rules can find something."""
    return (
        claim.payer.responsibility != "P"
        or claim.other_payers is not None
        or [line for line in claim.lines if line.adjudications is not None] != []
    )


def _of(claim: BaseClaim, payer: OtherPayer) -> list[tuple[str, BaseAdjudication]]:
    return [(path, found) for path, found in adjudications(claim) if found.payer_id == payer.payer_id]


def _cents(adjustments: Iterable[Adjustment]) -> int:
    return sum(adjustment.amount_cents for adjustment in adjustments)


def _levels(claim: BaseClaim) -> Iterator[tuple[str, tuple[Adjustment, ...]]]:
    """Every place that carries adjustments: a payer's claim level, or a line of his."""
    for path, payer in other_payers(claim):
        yield path, payer.adjustments
    for path, found in adjudications(claim):
        yield path, found.adjustments


@rule("COB01")
def payers_in_order(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Each payer has a place of his own in the order, at most ten besides the claim's; none before the claim's is left out."""
    others = [payer.responsibility for _, payer in other_payers(claim)]
    if len(others) > _MOST_PAYERS:
        yield "other_payers", "a claim has at most ten other payers", "name those that have decided"
    for path, payer in other_payers(claim):
        if payer.responsibility not in ORDER_OF_PAYERS:
            yield f"{path}.responsibility", "the place in the order is unknown", "give P, S, T or A to H"
        elif [*others, claim.payer.responsibility].count(payer.responsibility) > 1:
            yield f"{path}.responsibility", "two payers have the same place in the order", "correct the order"
    if not set(_earlier(claim)) <= set(others):
        yield (
            "other_payers",
            "a payer that comes before the claim's own is missing",
            "add each earlier payer with what it decided, or bill the first payer first",
        )


def _earlier(claim: BaseClaim) -> tuple[str, ...]:
    """The places before the claim's own; none where that is unknown, which PAY02 says."""
    own = claim.payer.responsibility
    return ORDER_OF_PAYERS[: ORDER_OF_PAYERS.index(own)] if own in ORDER_OF_PAYERS else ()


@rule("COB02")
def earlier_payers_have_decided(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A payer before the claim's own has decided (0 paid is a decision), one after it has not."""
    own, earlier = claim.payer.responsibility, _earlier(claim)
    for path, payer in other_payers(claim):
        if payer.responsibility == own or not {own, payer.responsibility} <= set(ORDER_OF_PAYERS):
            continue
        decided = payer.paid_cents is not None or payer.adjustments or payer.adjudication_date or _of(claim, payer)
        if payer.responsibility in earlier and payer.paid_cents is None:
            yield f"{path}.paid_cents", "an earlier payer has not decided", "give what it paid, 0 where it was nothing"
        if payer.responsibility not in earlier and decided:
            yield f"{path}.responsibility", "a payer that comes later has decided already", "correct the order"


@rule("COB03")
def decisions_name_their_payer(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """What is decided on a line is of one of the other payers, whose ids differ; at most fifteen decisions a line."""
    ids = Counter(payer.payer_id for _, payer in other_payers(claim))
    for path, payer in other_payers(claim):
        if ids[payer.payer_id] > 1:
            yield f"{path}.payer_id", "two other payers have the same id", "lines could not tell them apart: correct it"
    for index, line in enumerate(claim.lines):
        decisions = line.adjudications or ()
        for place, found in enumerate(decisions):
            path = f"lines[{index}].adjudications[{place}]"
            if found.payer_id not in ids:
                yield f"{path}.payer_id", "the line names a payer that is none of the other payers", "add or correct it"
            if found.bundled_line is not None and not 1 <= found.bundled_line <= len(claim.lines):
                yield f"{path}.bundled_line", "there is no such line", "count the lines from 1"
        if len(decisions) > _MOST_A_LINE:
            yield f"lines[{index}].adjudications", "a line has at most fifteen decisions", "take each payer's last word"


@rule("COB04")
def adjustments_well_formed(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """An adjustment has a known group, a reason and an amount; a group has at most six in one place, none twice."""
    for path, adjustments in _levels(claim):
        for index, adjustment in enumerate(adjustments):
            place = f"{path}.adjustments[{index}]"
            if adjustment.group not in ADJUSTMENT_GROUPS:
                yield f"{place}.group", "the adjustment group is unknown", "give CO, CR, OA, PI or PR"
            if not _REASON.fullmatch(adjustment.reason):
                yield f"{place}.reason", "not the form of a reason code", "copy it from the remittance"
            if adjustment.amount_cents == 0:
                yield f"{place}.amount_cents", "the adjustment adjusts nothing", "remove it"
        counted = Counter(adjustment.group for adjustment in adjustments)
        codes = {(adjustment.group, adjustment.reason) for adjustment in adjustments}
        if len(codes) < len(adjustments) or any(count > _MOST_A_GROUP for count in counted.values()):
            yield f"{path}.adjustments", "a reason twice, or more than six of a group", "copy the remittance's CAS"


@rule("COB05")
def adjustments_on_one_level(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A payer's adjustment is told of the claim or of its lines, never of both."""
    for path, payer in other_payers(claim):
        of_lines = {(one.group, one.reason) for _, found in _of(claim, payer) for one in found.adjustments}
        for index, adjustment in enumerate(payer.adjustments):
            if (adjustment.group, adjustment.reason) in of_lines:
                yield (
                    f"{path}.adjustments[{index}]",
                    "the adjustment stands at the claim and at its lines",
                    "leave it where the remittance has it",
                )


@rule("COB06")
def lines_balance(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A line's charge is what a payer paid on it and what it adjusted there, to the cent."""
    for index, line in enumerate(claim.lines):
        decided: dict[str, int] = {}
        for found in line.adjudications or ():
            decided[found.payer_id] = decided.get(found.payer_id, 0) + found.paid_cents + _cents(found.adjustments)
        for place, found in enumerate(line.adjudications or ()):
            if decided.pop(found.payer_id, line.charge_cents) != line.charge_cents:
                yield (
                    f"lines[{index}].adjudications[{place}]",
                    "paid and adjusted do not add up to the line's charge",
                    "copy paid amount and adjustments from the remittance",
                )


@rule("COB07")
def claim_balances(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """What a payer paid on the claim is the charge less all its adjustments, and its lines' payments less the claim's."""
    for path, payer in other_payers(claim):
        if payer.paid_cents is None:
            continue
        of_lines = [found for _, found in _of(claim, payer)]
        adjusted = _cents(payer.adjustments) + sum(_cents(found.adjustments) for found in of_lines)
        paid_on_lines = sum(found.paid_cents for found in of_lines) - _cents(payer.adjustments)
        if claim.charge_cents != payer.paid_cents + adjusted or (of_lines and paid_on_lines != payer.paid_cents):
            yield (
                f"{path}.paid_cents",
                "paid and adjusted do not add up to the claim's charge",
                "copy paid amounts and adjustments of claim and lines from the remittance",
            )


@rule("COB08")
def decision_dated_once(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """A decision has its date: on the lines where it is told by line, else at the claim."""
    for path, payer in other_payers(claim):
        by_line = bool(_of(claim, payer))
        if payer.adjudication_date is not None and by_line:
            yield f"{path}.adjudication_date", "the lines have their dates already", "remove the claim's"
        if payer.adjudication_date is None and payer.paid_cents is not None and not by_line:
            yield f"{path}.adjudication_date", "the decision has no date", "give the date of the remittance"


@rule("COB09")
def other_plan_known(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Filing, relationship, insurance type and consent codes of another payer are the standard's."""
    for path, payer in other_payers(claim):
        types = {None} if payer.responsibility == "P" else {None, *INSURANCE_TYPES}
        for field, value, known in (
            ("filing_code", payer.filing_code, FILING_CODES),
            ("relationship", payer.relationship, RELATIONSHIPS | {SELF}),
            ("insurance_type", payer.insurance_type, types),
            ("benefits_assigned", payer.benefits_assigned, {"Y", "N", "W"}),
            ("release_code", payer.release_code, {"Y", "I"}),
        ):
            if value not in known:
                yield f"{path}.{field}", "the code is unknown here", "see the field's codes in docs/claim.md"


@rule("COB10")
def decided_amounts_possible(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """What was paid, not covered or left to the patient is never below zero, nor are the units."""
    for path, payer in other_payers(claim):
        for field in ("paid_cents", "non_covered_cents", "patient_liability_cents"):
            if (getattr(payer, field) or 0) < 0:
                yield f"{path}.{field}", "the amount is negative", "give the amount of the decision that stands"
    for path, found in adjudications(claim):
        for field in ("paid_cents", "patient_liability_cents", "units"):
            if (getattr(found, field) or 0) < 0:
                yield f"{path}.{field}", "the amount is negative", "give the amount of the decision that stands"


@rule("COB11")
def judged_procedure_well_formed(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """The procedure that a payer judged has the form of HCPCS or CPT, and at most four modifiers of two characters."""
    for path, found in adjudications(claim):
        if found.procedure is not None and not is_procedure(found.procedure):
            yield f"{path}.procedure", "not the form of a HCPCS or CPT code", "copy it from the remittance"
        if len(found.modifiers) > _MOST_MODIFIERS or not all(map(is_modifier, found.modifiers)):
            yield f"{path}.modifiers", "not at most four of two capitals or digits", "copy them from the remittance"


@rule("COB12")
def remarks_well_formed(claim: BaseClaim, _facts: Facts) -> Iterator[Found]:
    """Remark codes of a decision are at most five, each a letter or two and digits."""
    for path, payer in other_payers(claim):
        if len(payer.remarks) > _MOST_REMARKS or not all(map(_REMARK.fullmatch, payer.remarks)):
            yield f"{path}.remarks", "not at most five remark codes", "copy them from the remittance, as MA18 or N89"


RULES = (
    payers_in_order,
    earlier_payers_have_decided,
    decisions_name_their_payer,
    adjustments_well_formed,
    adjustments_on_one_level,
    lines_balance,
    claim_balances,
    decision_dated_once,
    other_plan_known,
    decided_amounts_possible,
    judged_procedure_well_formed,
    remarks_well_formed,
)


def found(claim: BaseClaim) -> Iterator[tuple[str, str, str]]:
    """Code, path and message of all that these rules find in a claim that is not to be billed yet."""
    # They look at the claim alone: at no day, provider or payer's own rules.
    nothing = cast("Facts", None)
    for one in RULES:
        for path, message, _ in one.find(claim, nothing):
            yield one.code, path, message
