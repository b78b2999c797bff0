"""Several payers of one claim, as the payers see it: what earlier ones left, and a claim that one passes on to the next.

All of it follows from the claim's content: what stands in its loops 2320 and 2430, and the member ids at its payers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from edi.x12.sets import t837i, t837p
from edi.x12.sets.t837p import (
    Adjustment,
    LineAdjudication,
    OtherInsured,
    OtherPayer,
    Patient,
    Payer,
    ProfessionalClaim,
    Subscriber,
)
from sandbox.cases import Case
from sandbox.outcomes import Decision, crosses_over, decide

_ORDER = "PSTABCDEFGH"  # SBR01
_PATIENT, _SELF, _ORIGINAL = "PR", "18", "1"


Line = t837p.ServiceLine | t837i.ServiceLine


def left(case: Case) -> list[int] | None:
    """Cents of each line that the last of the earlier payers left to the patient; None where nobody decided before."""
    lines: Sequence[Line] = case.claim.lines
    decided = [one for one in case.claim.other_payers if one.paid_cents is not None]
    if not decided:
        return None
    last = max(decided, key=lambda one: _ORDER.find(one.responsibility))
    shares = [_patients(_of(line, last.identifier)) for line in lines]
    of_claim = _patients(last.adjustments)
    for place, line in enumerate(lines):
        part = min(of_claim, max(line.charge_cents - shares[place], 0))
        shares[place] += part
        of_claim -= part
    return [max(min(share, line.charge_cents), 0) for share, line in zip(shares, lines, strict=True)]


def _of(line: Line, payer_id: str) -> Iterable[Adjustment]:
    return (one for told in line.adjudications if told.payer_id == payer_id for one in told.adjustments)


def _patients(adjustments: Iterable[Adjustment]) -> int:
    return sum(one.amount_cents for one in adjustments if one.group == _PATIENT)


def next_payer(case: Case) -> OtherPayer | None:
    """The payer to whom this one passes the claim on once it has decided; None where it does not. Stays are not passed on."""
    claim = case.claim
    if not isinstance(claim, ProfessionalClaim) or claim.frequency != _ORIGINAL:
        return None
    if not crosses_over(case.subscriber.member_id):
        return None
    own = _ORDER.find(case.subscriber.responsibility)
    after = [one for one in claim.other_payers if one.paid_cents is None and _ORDER.find(one.responsibility) > own]
    return min(after, key=lambda one: _ORDER.find(one.responsibility), default=None)


def crossed(cases: Iterable[Case]) -> list[Case]:
    """The claims that their payers pass on, as the next payers get them."""
    return [
        _passed_on(case, case.claim, payer)
        for case in cases
        if (payer := next_payer(case)) is not None and isinstance(case.claim, ProfessionalClaim)
    ]


def _passed_on(case: Case, claim: ProfessionalClaim, payer: OtherPayer) -> Case:
    decision = decide(case.subscriber.member_id, [line.charge_cents for line in claim.lines])
    person, himself = case.person, payer.relationship == _SELF
    insured = payer.insured
    subscriber = Subscriber(
        responsibility=payer.responsibility,
        relationship=_SELF if himself else None,
        filing_code=payer.filing_code,
        last_name=insured.last_name,
        first_name=insured.first_name,
        member_id=insured.member_id,
        address=person.address if himself else None,
        birth_date=person.birth_date if himself else None,
        sex=person.sex if himself else None,
        payer=Payer(name=payer.name, identifier=payer.identifier),
    )
    patient = None if himself else _dependent(case, payer.relationship)
    return replace(case, subscriber=subscriber, patient=patient, claim=_claim(case, claim, payer, decision))


def _dependent(case: Case, relationship: str) -> Patient:
    person = case.person
    assert person.last_name is not None
    assert person.address is not None
    return Patient(
        relationship=relationship,
        last_name=person.last_name,
        first_name=person.first_name,
        address=person.address,
        birth_date=person.birth_date,
        sex=person.sex or "U",
    )


def _claim(case: Case, claim: ProfessionalClaim, payer: OtherPayer, decision: Decision) -> ProfessionalClaim:
    """The claim with what the payer that passes it on has decided, line by line."""
    first = case.subscriber
    decided = OtherPayer(
        responsibility=first.responsibility,
        relationship=first.relationship or (case.patient.relationship if case.patient else _SELF),
        filing_code=first.filing_code,
        paid_cents=decision.paid_cents,
        insured=OtherInsured(last_name=first.last_name, first_name=first.first_name, member_id=first.member_id),
        name=first.payer.name,
        identifier=first.payer.identifier,
    )
    lines = [
        replace(
            line,
            adjudications=[
                LineAdjudication(
                    payer_id=first.payer.identifier,
                    paid_cents=said.paid_cents,
                    procedure=line.procedure,
                    units=line.units,
                    adjustments=list(said.adjustments),
                    adjudication_date=None,
                )
            ],
        )
        for line, said in zip(claim.lines, decision.lines, strict=True)
    ]
    others = [decided, *(one for one in claim.other_payers if one is not payer)]
    return replace(claim, other_payers=others, lines=lines)
