"""The next payer's claim, made from a payer's claim and what that payer decided on it: a pure function.

Whoever is next in the order of payers becomes the claim's payer, and whoever decided becomes one of the other payers, with
his decision as his 835 told it (loops 2320, 2330B and 2430): groups, reasons, amounts, quantities and their order are
copied, never computed. What earlier payers decided stays as it is. What cannot be copied truly is a problem, and nothing is made.

What was said to the one payer alone is not said to the next: his authorization and referral numbers, his number of the claim,
why the claim reached him late, papers that were sent to him. Papers that are only held for whoever asks are named again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import ValidationError

from pipeline.domain.claim import Claim, Patient, Payer, ServiceLine, Subscriber
from pipeline.domain.coordination import Adjudication, Adjustment, OtherInsured, OtherPayer
from pipeline.domain.edits import coordination
from pipeline.domain.edits.codes import ORDER_OF_PAYERS, SELF
from pipeline.domain.edits.coding import is_procedure
from pipeline.domain.line_matching import How, LinesMatched, OurLine, match_lines
from pipeline.domain.problems import Problem
from pipeline.domain.remittance import LineDecision

_ORIGINAL, _HELD = "1", "AA"  # CLM05-3; PWK02
_BUNDLED_INTO = "97"
"""CARC of a service whose payment is in another's."""
_PATIENT = "PR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAdjustment:
    """One reason of a CAS, with the units not paid where it tells them."""

    group: str
    reason: str
    amount_cents: int
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """One SVC: what it is about, and its adjustments whole."""

    decided: LineDecision
    adjustments: tuple[ToldAdjustment, ...] = ()
    qualifier: str = "HC"  # SVC01-1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One CLP as the 835 has it. `segment` is its position in the set (ST = 1); amounts are cents."""

    segment: int
    charge_cents: int
    paid_cents: int
    payer_claim_number: str | None = None  # CLP07
    decided_on: date | None = None  # BPR16 or DTM*405, the earlier one
    service_date: date | None = None  # the claim's one day, for lines that tell none
    adjustments: tuple[ToldAdjustment, ...] = ()  # claim level
    lines: tuple[ToldLine, ...] = ()
    remarks: tuple[str, ...] = ()  # MOA03 to MOA07


def next_claim(claim: Claim, told: Told, ours: Sequence[OurLine]) -> Claim | list[Problem]:
    """The claim for the payer after `claim.payer`, or why there can be none. `ours` are the claim's lines as they went out.

    The result passes the rules of coordination (`edits.coordination`); the other edits judge it as any claim that comes in.
    """
    following = next_payer(claim)
    if following is None:
        return [_problem("SEC01", "other_payers", "no further payer is named", "bill the patient, or name the payer")]
    copy = _Copy(claim, told, ours)
    try:
        made = _made(claim, following, copy)
    except ValidationError as error:
        places = sorted({".".join(map(str, one["loc"])) for one in error.errors()})
        return [_cannot("SEC02", f"the decision holds what no claim can say: {', '.join(places)}")]
    return copy.problems or _unbalanced(made) or made


def next_payer(claim: Claim) -> OtherPayer | None:
    """The first of the payers that come after the claim's own; None where it names none."""
    own = _place(claim.payer)
    return min((one for one in claim.other_payers or () if _place(one) > own >= 0), key=_place, default=None)


def _place(payer: Payer | OtherPayer) -> int:
    """A payer's place in the order, from 0; -1 where it is unknown, which the edits tell."""
    return ORDER_OF_PAYERS.index(payer.responsibility) if payer.responsibility in ORDER_OF_PAYERS else -1


def _made(claim: Claim, following: OtherPayer, copy: "_Copy") -> Claim:
    others = [one for one in claim.other_payers or () if one is not following]
    decided = sorted([*others, _decider(claim, copy)], key=_place)
    held = tuple(one for one in claim.attachments or () if one.transmission == _HELD)
    return claim.model_copy(
        update={
            "frequency": _ORIGINAL,
            "payer_claim_number": None,
            "payer": _payer(following),
            **_insured(claim.patient, following),
            "other_payers": tuple(decided),
            "lines": tuple(_line(number, line, copy) for number, line in enumerate(claim.lines, start=1)),
            "benefits_assigned": following.benefits_assigned,
            "release_code": following.release_code,
            "prior_authorization": None,
            "referral_number": None,
            "delay_reason": None,
            "attachments": held or None,
        }
    )


def _payer(payer: OtherPayer) -> Payer:
    return Payer(
        payer_id=payer.payer_id,
        name=payer.name,
        filing_code=payer.filing_code,
        responsibility=payer.responsibility,
        group_number=payer.group_number,
        group_name=payer.group_name,
        insurance_type=payer.insurance_type,
    )


def _insured(patient: Patient, payer: OtherPayer) -> dict[str, object]:
    """Patient, subscriber and relationship as the next payer knows them."""
    insured = payer.insured
    named = {name: getattr(insured, name) for name in ("last_name", "first_name", "middle_name", "suffix")}
    if payer.relationship == SELF:
        treated = patient.model_copy(update={**named, "member_id": insured.member_id})
        return {"patient": treated, "subscriber": None, "relationship": None}
    return {
        "patient": patient.model_copy(update={"member_id": None}),
        # Birth date and sex of this insured are not known, and an address alone is not sent.
        "subscriber": Subscriber(**named, member_id=insured.member_id),
        "relationship": payer.relationship,
    }


def _decider(claim: Claim, copy: "_Copy") -> OtherPayer:
    """The claim's payer as one of the others, with what he decided on the claim as a whole."""
    payer, person, told = claim.payer, claim.subscriber or claim.patient, copy.told
    by_line = bool(copy.lines)
    return OtherPayer(
        payer_id=payer.payer_id,
        name=payer.name,
        filing_code=payer.filing_code,
        responsibility=payer.responsibility,
        relationship=(claim.relationship or "") if claim.subscriber else SELF,
        insured=OtherInsured(
            last_name=person.last_name,
            first_name=person.first_name,
            middle_name=person.middle_name,
            suffix=person.suffix,
            member_id=person.member_id or "",
            address=person.address,
        ),
        group_number=payer.group_number,
        group_name=payer.group_name,
        insurance_type=payer.insurance_type,
        benefits_assigned=claim.benefits_assigned,
        release_code=claim.release_code,
        paid_cents=told.paid_cents,
        patient_liability_cents=None if by_line else _liability(told.adjustments),
        adjustments=_adjustments(told.adjustments),
        remarks=told.remarks,
        adjudication_date=None if by_line else told.decided_on,
        payer_claim_number=told.payer_claim_number,
    )


def _line(number: int, line: ServiceLine, copy: "_Copy") -> ServiceLine:
    decided = [*(line.adjudications or ()), *copy.decisions_on(number)]
    return line.model_copy(update={"prior_authorization": None, "adjudications": tuple(decided) or None})


def _adjustments(told: Sequence[ToldAdjustment]) -> tuple[Adjustment, ...]:
    """As they are told; one of no amount adjusts nothing, and is left out."""
    return tuple(
        Adjustment.model_validate(
            {"group": one.group, "reason": one.reason, "amount_cents": one.amount_cents, "quantity": one.quantity}
        )
        for one in told
        if one.amount_cents
    )


def _liability(told: Sequence[ToldAdjustment]) -> int | None:
    """What the payer leaves to the patient: all of group PR. Below zero is no liability, and none is told."""
    cents = sum(one.amount_cents for one in told if one.group == _PATIENT)
    return None if cents < 0 else cents


# -- lines ------------------------------------------------------------------------------------------------------------
class _Copy:
    """The decision's lines, each with the line of ours that it is about; `problems` say which cannot be copied."""

    def __init__(self, claim: Claim, told: Told, ours: Sequence[OurLine]) -> None:
        self.told = told
        self.lines = told.lines
        self._payer_id = claim.payer.payer_id
        found = match_lines([line.decided for line in told.lines], ours, told.service_date)
        self._by_ours = self._paired(found)
        self.problems = list(self._problems(found))

    def decisions_on(self, number: int) -> Iterator[Adjudication]:
        """2430 of one line of ours (from 1), in the order of the 835; nothing where there are problems."""
        if not self.problems:
            yield from (self._adjudication(position) for position in self._by_ours.get(number, ()))

    def _adjudication(self, position: int) -> Adjudication:
        line = self.lines[position]
        decided = line.decided
        return Adjudication.model_validate(
            {
                "payer_id": self._payer_id,
                "paid_cents": decided.paid_cents,
                "procedure": decided.procedure,
                "modifiers": decided.modifiers,
                # Absent stands for one (SVC05).
                "units": Decimal(1) if decided.units is None else decided.units,
                "bundled_line": self._into(position),
                "adjustments": _adjustments(line.adjustments),
                "adjudication_date": self.told.decided_on,
                "patient_liability_cents": _liability(line.adjustments),
            }
        )

    def _paired(self, found: LinesMatched) -> dict[int, tuple[int, ...]]:
        """Positions in the decision by line of ours, where each stands for one line of ours."""
        paired: dict[int, tuple[int, ...]] = {}
        for match in found.matches:
            if len(match.ours) == 1:
                paired[match.ours[0]] = match.told
            elif len(match.ours) == len(match.told):  # alike in all that a payer tells: their order is his
                paired |= {ours: (told,) for ours, told in zip(match.ours, match.told, strict=True)}
        return paired

    def _problems(self, found: LinesMatched) -> Iterator[Problem]:
        if self.told.decided_on is None:
            yield _cannot("SEC03", "the decision has no date (BPR16 or DTM*405)")
        for position in found.unmatched:
            yield _cannot("SEC04", f"its line {position + 1} is about none of the claim's lines")
        for match in found.matches:
            told = ", ".join(str(position + 1) for position in match.told)
            if match.how in {How.MERGED, How.BUNDLED} and len(match.ours) > 1:
                lines = ", ".join(map(str, match.ours))
                yield _cannot(
                    "SEC05", f"its line {told} decides lines {lines} of the claim in one, and shares nothing out"
                )
        for position, line in enumerate(self.lines):
            if line.qualifier != "HC" or not is_procedure(line.decided.procedure or ""):
                yield _cannot("SEC06", f"its line {position + 1} was decided under no HCPCS or CPT code")
            elif self._is_bundled(position) and self._into(position) is None:
                yield _cannot("SEC07", f"its line {position + 1} is paid with another, and it is not told with which")

    def _is_bundled(self, position: int) -> bool:
        """Whether a line was judged as part of another service, under that one's code."""
        line = self.lines[position]
        return (
            line.decided.submitted_procedure not in {None, line.decided.procedure}
            and not line.decided.paid_cents
            and any(one.reason == _BUNDLED_INTO for one in line.adjustments)
        )

    def _into(self, position: int) -> int | None:
        """The number of our line that this one was judged with: the only other one under its code."""
        if not self._is_bundled(position):
            return None
        code = self.lines[position].decided.procedure
        carriers = {
            number
            for number, positions in self._by_ours.items()
            for other in positions
            if other != position and self.lines[other].decided.procedure == code and not self._is_bundled(other)
        }
        return carriers.pop() if len(carriers) == 1 else None


# -- problems ---------------------------------------------------------------------------------------------------------
_BY_HAND = "bill this payer by hand, or ask the one who decided for a remittance that tells it line by line"


def _unbalanced(made: Claim) -> list[Problem]:
    return [_problem(code, path, message, _BY_HAND) for code, path, message in coordination.found(made)]


def _cannot(code: str, message: str) -> Problem:
    return _problem(code, "other_payers", message, _BY_HAND)


def _problem(code: str, path: str, message: str, cure: str) -> Problem:
    return Problem(path=path, code=code, message=message, cure=cure)
