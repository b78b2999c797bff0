"""Reversals (CLP02 = 22) with the decisions that they take back and the corrections that follow them.

A reversal repeats the earlier decision with every amount negated, adjustments and lines too (X12 interpretation 1429);
the corrected claim is expected in the same set, after it (interpretation 791). Claims belong together by CLP01 and
CLP07; a correction may have a number of its own in CLP07, so CLP01 alone will do where nothing better is there.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edi.findings import Finding, Severity
from edi.x12.sets.t835.findings import found
from edi.x12.sets.t835.values import Remittance, RemittanceClaim


@dataclass(slots=True, kw_only=True)
class Pair:
    """A reversal, what it takes back where that is at hand too, and what the payer decided instead, if it says so."""

    reversal: RemittanceClaim
    original: RemittanceClaim | None = None
    correction: RemittanceClaim | None = None


def pairs(remittance: Remittance, earlier: Sequence[Remittance] = ()) -> list[Pair]:
    """Every reversal of the set, in order. Originals are looked for in ``earlier`` sets (of the same file) as well.

    Each claim is original or correction of one reversal only.
    """
    before = [claim for one in earlier for claim in one.claims]
    every, used, made = [*before, *remittance.claims], set[int](), list[Pair]()
    by_number: dict[str, list[int]] = {}
    for at, claim in enumerate(every):
        if not claim.is_reversal:
            by_number.setdefault(claim.patient_control_number, []).append(at)
    for at in range(len(before), len(every)):
        if every[at].is_reversal:
            candidates = by_number.get(every[at].patient_control_number, [])
            made.append(_pair(every, at, candidates, used, len(before)))
    return made


def _pair(every: Sequence[RemittanceClaim], at: int, candidates: list[int], used: set[int], first: int) -> Pair:
    reversal = every[at]
    free = sorted(
        (one for one in candidates if one not in used),
        key=lambda one: every[one].payer_control_number != reversal.payer_control_number,
    )
    originals = [one for one in free if one < at]
    original = next((one for one in originals if negates(reversal, every[one])), None)
    correction = next((one for one in free if one > at), None)
    if correction is None:  # told before its reversal, against the custom
        correction = next((one for one in originals if one != original and one >= first), None)
    if original is None:
        original = next((one for one in originals if one != correction), None)
    used.update(one for one in (original, correction) if one is not None)
    return Pair(
        reversal=reversal,
        original=None if original is None else every[original],
        correction=None if correction is None else every[correction],
    )


def negates(reversal: RemittanceClaim, original: RemittanceClaim) -> bool:
    """Charge, payment and every adjustment, claim and lines together, have the opposite sign and the same amount."""
    sums = Counter({("", "charge"): reversal.charge_cents + original.charge_cents})
    sums["", "paid"] = reversal.paid_cents + original.paid_cents
    for one in (*reversal.every_adjustment, *original.every_adjustment):
        sums[one.group, one.reason] += one.amount_cents
    return not any(sums.values())


def reversals(remittance: Remittance) -> Iterator[Finding]:
    """A reversal has negated amounts, takes back what it says it does, and is followed by its correction."""
    for pair in pairs(remittance):
        claim, original = pair.reversal, pair.original
        if claim.charge_cents > 0 or claim.paid_cents > 0:
            yield _reversal(
                claim, Severity.WARNING, "X835-REVERSAL-SIGN", "a reversal whose amounts are not negated", 3
            )
        elif original is not None and not negates(claim, original):
            yield _reversal(
                claim, Severity.WARNING, "X835-REVERSAL-AMOUNT", "a reversal that does not negate its original", 4
            )
        if pair.correction is None:
            yield _reversal(
                claim, Severity.INFO, "X835-REVERSAL-ALONE", "a reversal without its correction in the set", 2
            )


def _reversal(claim: RemittanceClaim, severity: Severity, code: str, message: str, element: int) -> Finding:
    cure = "Post it as a contra entry of the earlier decision; ask the payer if it does not match or nothing follows."
    return found(severity, code, message, cure, number=claim.segment_number, segment="CLP", element=element)
