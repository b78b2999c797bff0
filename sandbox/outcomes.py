"""What the sandbox decides about a claim: a pure function of the claim's content, so that faults cannot change totals.

The last digit of the subscriber's member id chooses the outcome (anything that is no digit counts as 0):

| digit | outcome |
|---|---|
| 0 1 2 | paid: of each line 20 % is contractual (CO-45), the rest is paid |
| 3 | paid with patient responsibility: CO-45, then deductible PR-1 on the first charged line, co-insurance PR-2 on every line, co-pay PR-3 on the last |
| 4 | partly paid: the last charged line is denied (CO-50), the others as 0; with one charged line only, that line is cut by CO-45 and CO-151 to half its charge |
| 5 | denied, paid 0: second last digit even: CLP02 4 with CO-29; odd: CLP02 1 with PR-204 |
| 6 | rejected by the clearinghouse, never at the payer: by 277CA A7:164:IL, except |
| 96 | its 999 rejects the whole set and names the claim (CTX*CLM01) |
| 86 | its 999 rejects the whole set and gives only a position inside the claim (IK302) |
| 7 | rejected by the payer: second last digit even: A3:33:IL; odd: A7:88:IL; no remittance |
| 8 | paid as 0; later reversed (CLP02 22) and corrected to three quarters of that payment (CO-59 takes the rest) |
| 9 | overpaid: the payer pays the whole charge, so that whatever the patient paid is too much |

A payer that comes after others pays what the last of them left to the patient (group PR); the rest of the charge is OA-23, the
impact of what was decided before. Its own member id chooses:

| digit | what it does with what was left |
|---|---|
| 0 1 2 8 | pays it; 8 is reversed and corrected later, as above |
| 3 | pays it less a co-payment, PR-3 on the last line that has some |
| 4 | pays half of it on each line, the other half is the patient's (PR-2) |
| 5 | pays nothing: second last digit even: CLP02 4 with CO-29; odd: PR-204 |
| 6 7 | as above |
| 9 | pays the whole charge, as if nobody had paid before |

A first payer whose member id ends in 53 decides as 3 and passes the claim on to the next payer that it names, if it names one
that has not decided: CLP02 19 and NM1*TT. The next payer then sends an 835 of its own for a claim that it never got from us.

A void (CLM05-3 8) is answered by the reversal of what the payer had decided on the version before, or would have; a
replacement (7) by that reversal and, in the same 835, its own decision. Where nothing came before, it is decided as any.
One whose REF*F8 is no number of the payer's for the claim is rejected by the payer: A7:464 (`sandbox/versions.py`).
A claim of 96 or 86 loses every set that it comes in; the others of the set are answered when they come in another.
Shares are cut to whole cents, in the payer's favour; a line without a charge gets no adjustment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from edi.x12.sets.adjustments import adjustment
from edi.x12.sets.t835 import REVERSAL, Adjustment

_CONTRACTUAL, _DEDUCTIBLE_LIMIT, _COPAY_LIMIT = 20, 2500, 1000
REPLACEMENT, VOID = "7", "8"
CHANGES = frozenset({REPLACEMENT, VOID})
"""CLM05-3 of what changes a claim that the payer has."""


class Outcome(StrEnum):
    """What becomes of a claim."""

    PAID = "paid"
    PATIENT_SHARE = "patient_share"
    PARTLY_PAID = "partly_paid"
    DENIED = "denied"
    CLEARINGHOUSE_REJECTED = "clearinghouse_rejected"
    PAYER_REJECTED = "payer_rejected"
    CORRECTED = "corrected"
    OVERPAID = "overpaid"


class SetFault(StrEnum):
    """How the 999 complains of a claim for which it rejects the whole set; the value is the member id's ending."""

    NAMED = "96"
    PLACED = "86"


_CROSSES_OVER = "53"
_BY_ENDING = {str(fault): fault for fault in SetFault}

_DENIALS = {True: ("PR", "204", "N30"), False: ("CO", "29", "N211")}
"""Group, reason and remark of a denial, by whether it is the patient's to pay."""

_BY_DIGIT = {
    "3": Outcome.PATIENT_SHARE,
    "4": Outcome.PARTLY_PAID,
    "5": Outcome.DENIED,
    "6": Outcome.CLEARINGHOUSE_REJECTED,
    "7": Outcome.PAYER_REJECTED,
    "8": Outcome.CORRECTED,
    "9": Outcome.OVERPAID,
}


@dataclass(slots=True)
class LineDecision:
    """One service line: charge = paid + adjustments. Nobody changes one; there are too many to freeze each."""

    charge_cents: int
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def paid_cents(self) -> int:
        return self.charge_cents - sum([one.amount_cents for one in self.adjustments])


@dataclass(slots=True)
class Decision:
    """One claim. ``status`` is CLP02; the lines are in the claim's order."""

    status: str
    lines: tuple[LineDecision, ...]

    @property
    def charge_cents(self) -> int:
        return sum([line.charge_cents for line in self.lines])

    @property
    def paid_cents(self) -> int:
        return sum([line.paid_cents for line in self.lines])

    @property
    def patient_cents(self) -> int:
        """The patient's responsibility: all adjustments of group PR."""
        return sum([one.amount_cents for line in self.lines for one in line.adjustments if one.group == "PR"])


def outcome(member_id: str | None) -> Outcome:
    """The outcome that a member id asks for."""
    return _BY_DIGIT.get((member_id or "")[-1:], Outcome.PAID)


def set_fault(member_id: str | None) -> SetFault | None:
    """Whether the claim costs its whole set, and how that is told; None for nearly all."""
    return _BY_ENDING.get((member_id or "")[-2:])


def crosses_over(member_id: str | None) -> bool:
    """Whether the payer passes the claim on to the next one itself."""
    return (member_id or "").endswith(_CROSSES_OVER)


def second_last_is_odd(member_id: str | None) -> bool:
    digit = (member_id or "")[-2:-1]
    return digit.isdigit() and int(digit) % 2 == 1


def decide(member_id: str | None, charges_cents: Sequence[int]) -> Decision:
    """The payer's first decision on the lines' charges. Only for claims that the payer took in."""
    kind = outcome(member_id)
    if kind is Outcome.DENIED:
        return _denied(charges_cents, by_patient=second_last_is_odd(member_id))
    lines = [_contractual(charge) for charge in charges_cents]
    if kind is Outcome.PATIENT_SHARE:
        lines = _with_patient_share(lines)
    elif kind is Outcome.PARTLY_PAID:
        lines = _with_denied_line(lines)
    elif kind is Outcome.OVERPAID:
        lines = [LineDecision(charge) for charge in charges_cents]
    return Decision("1", tuple(lines))


def decide_after(member_id: str | None, charges_cents: Sequence[int], left_cents: Sequence[int]) -> Decision:
    """The first decision of a payer that comes after others; ``left_cents`` is what they left to the patient, by line."""
    kind = outcome(member_id)
    if kind is Outcome.OVERPAID:
        return Decision("1", tuple(LineDecision(charge) for charge in charges_cents))
    lines = [
        _with(LineDecision(charge), "OA", "23", charge - share)
        for charge, share in zip(charges_cents, left_cents, strict=True)
    ]
    if kind is Outcome.DENIED:
        by_patient = second_last_is_odd(member_id)
        group, reason, remark = _DENIALS[by_patient]
        refused = (_remarked(_with(line, group, reason, line.paid_cents), remark) for line in lines)
        return Decision("1" if by_patient else "4", tuple(refused))
    if kind is Outcome.PARTLY_PAID:
        lines = [_with(line, "PR", "2", line.paid_cents // 2) for line in lines]
    elif kind is Outcome.PATIENT_SHARE:
        last = max((place for place, line in enumerate(lines) if line.paid_cents), default=0)
        lines[last] = _with(lines[last], "PR", "3", min(_COPAY_LIMIT, lines[last].paid_cents // 4))
    return Decision("1", tuple(lines))


def reversal(decision: Decision) -> Decision:
    """The same decision taken back: every amount negated, CLP02 22."""
    return Decision(REVERSAL, tuple(_negated(line) for line in decision.lines))


def correction(decision: Decision) -> Decision:
    """The decision that replaces a reversed one: each line is paid three quarters of what it was."""
    return Decision(decision.status, tuple(_with(line, "CO", "59", line.paid_cents // 4) for line in decision.lines))


def _contractual(charge_cents: int) -> LineDecision:
    line = LineDecision(charge_cents)
    return _with(line, "CO", "45", charge_cents - charge_cents * (100 - _CONTRACTUAL) // 100)


def _with(line: LineDecision, group: str, reason: str, amount_cents: int) -> LineDecision:
    if amount_cents == 0:
        return line
    added = adjustment(group, reason, amount_cents)
    return LineDecision(line.charge_cents, (*line.adjustments, added), line.remarks)


def _with_patient_share(lines: Sequence[LineDecision]) -> list[LineDecision]:
    first, last = _first_and_last_charged(lines)
    shared = []
    for place, line in enumerate(lines):
        deductible = min(_DEDUCTIBLE_LIMIT, line.paid_cents // 4) if place == first else 0
        after = _with(line, "PR", "1", deductible)
        after = _with(after, "PR", "2", after.paid_cents // 5)
        shared.append(_with(after, "PR", "3", min(_COPAY_LIMIT, after.paid_cents // 4) if place == last else 0))
    return shared


def _with_denied_line(lines: Sequence[LineDecision]) -> list[LineDecision]:
    first, last = _first_and_last_charged(lines)
    changed = list(lines)
    charge = lines[last].charge_cents if lines else 0
    if charge == 0:
        return changed
    if first == last:
        changed[last] = _with(lines[last], "CO", "151", lines[last].paid_cents - charge // 2)
    else:
        changed[last] = _remarked(_with(LineDecision(charge), "CO", "50", charge), "N115")
    return changed


def _first_and_last_charged(lines: Sequence[LineDecision]) -> tuple[int, int]:
    charged = [place for place, line in enumerate(lines) if line.charge_cents] or [0]
    return charged[0], charged[-1]


def _denied(charges_cents: Sequence[int], *, by_patient: bool) -> Decision:
    group, reason, remark = _DENIALS[by_patient]
    lines = (_remarked(_with(LineDecision(c), group, reason, c), remark) for c in charges_cents)
    return Decision("1" if by_patient else "4", tuple(lines))


def _remarked(line: LineDecision, remark: str) -> LineDecision:
    return LineDecision(line.charge_cents, line.adjustments, (remark,))


def _negated(line: LineDecision) -> LineDecision:
    undone = tuple(adjustment(one.group, one.reason, -one.amount_cents) for one in line.adjustments)
    return LineDecision(-line.charge_cents, undone, line.remarks)
