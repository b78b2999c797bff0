"""Finding the claim of a decision that neither CLM01 nor the payer's number has found.

First by our line numbers (REF*6R), each of which has the claim's number in it. Then by signs: candidates are looked up by
member id and by day and charge, the few that can matter are opened, and one is taken only if it fits well and no other
fits nearly as well (`domain.claim_scoring`). Nothing is locked or changed here.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from pipeline.domain.claim_scoring import Inside, OurClaim, Scored, Told, ranked, unique, worth_opening
from pipeline.domain.forms import AnyClaim, stored_claim
from pipeline.domain.remittance import Verdict
from pipeline.mapping.claim_to_837p import claim_of_line
from pipeline.store import claims, matching
from pipeline.store.crypto import SealBroken
from pipeline.store.database import Tenant
from pipeline.store.matching import Wanted
from pipeline.store.remittances import StoredDecision

BY_LINE, BY_SCORE = "line_number", "score"
_BY_LINE_WORDS = "its lines bear the line numbers of this claim alone"
_OURS = re.compile(r"(?=(C[0-9A-Z]{13}))")


@dataclass(frozen=True, slots=True)
class Found:
    """The claim version of a decision. `matched_by` is line_number or score; `score` is None for the former."""

    claim_id: int
    clm01: str
    matched_by: str
    score: int | None
    evidence: tuple[str, ...]
    """In words, without anything of the patient."""


def find(tx: Tenant, decisions: Sequence[StoredDecision], taken: Collection[str] = ()) -> dict[int, Found]:
    """The claims of these decisions by remittance_claim id; a decision that is not there has no claim for sure.

    `taken` are CLM01s that other decisions of the same set name: by signs no second decision is tied to them.
    """
    told = _told(tx, decisions)
    candidates = matching.candidates(tx, [_wanted(row, told[row.id]) for row in decisions])
    found: dict[int, Found] = {}
    for row in decisions:
        named = _by_line(told[row.id], candidates.get(row.id, []))
        if named is not None:
            found[row.id] = named
    rest = {row.id: told[row.id] for row in decisions if row.id not in found}
    scored = _by_score(tx, rest, candidates)
    return found | _not_contended(told, scored, {*taken, *(one.clm01 for one in found.values())})


def rankings(tx: Tenant, decisions: Sequence[StoredDecision], most: int) -> dict[int, list[Scored]]:
    """The `most` best candidates of each decision, whether or not one would be taken: for people."""
    told = _told(tx, decisions)
    candidates = matching.candidates(tx, [_wanted(row, told[row.id]) for row in decisions])
    best = {
        decision_id: [scored.claim for scored in ranked(told[decision_id], of_decision)[: 2 * most]]
        for decision_id, of_decision in candidates.items()
    }
    opened = _opened(tx, {claim.claim_id for some in best.values() for claim in some})
    return {row.id: ranked(told[row.id], _with_inside(best.get(row.id, []), opened))[:most] for row in decisions}


# -- what a decision tells ------------------------------------------------------------------------------------------
def _told(tx: Tenant, decisions: Sequence[StoredDecision]) -> dict[int, Told]:
    payers = matching.payer_names(tx, [row.id for row in decisions])
    return {row.id: _told_by(tx, row, payers.get(row.id)) for row in decisions}


def _told_by(tx: Tenant, row: StoredDecision, payer_name: str | None) -> Told:
    patient = row.patient
    ids = {identifier.strip() for identifier in (patient.member_id, patient.corrected_member_id) if identifier}
    takes_back = row.verdict is Verdict.REVERSED
    return Told(
        number=row.clp01,
        line_numbers=frozenset(
            number for line in row.lines if (number := claim_of_line(line.control_number or "")) is not None
        ),
        member_indexes=frozenset(tx.keys.index("member", identifier) for identifier in ids if identifier),
        service_from=row.service_from,
        charge_cents=-row.charge_cents if takes_back else row.charge_cents,
        takes_back=takes_back,
        procedures=frozenset(
            code for line in row.lines if (code := line.submitted_procedure or line.procedure) is not None
        ),
        last_name=patient.last_name,
        first_name=patient.first_name,
        payer_name=payer_name,
    )


def _wanted(row: StoredDecision, told: Told) -> Wanted:
    dressed = _OURS.findall(re.sub(r"[^A-Z0-9]", "", row.clp01.upper()))
    return Wanted(
        decision_id=row.id,
        numbers=told.line_numbers | frozenset(dressed),
        member_indexes=told.member_indexes,
        service_from=told.service_from,
        charge_cents=told.charge_cents,
    )


# -- by line numbers ------------------------------------------------------------------------------------------------
def _by_line(told: Told, candidates: Iterable[OurClaim]) -> Found | None:
    """The one claim whose line numbers come back: of its versions the one of this charge, else the latest."""
    named = [claim for claim in candidates if claim.clm01 in told.line_numbers]
    if len({claim.clm01 for claim in named}) != 1:
        return None
    best = max(named, key=lambda claim: (claim.charge_cents == told.charge_cents, claim.version))
    return Found(best.claim_id, best.clm01, BY_LINE, None, (_BY_LINE_WORDS,))


# -- by signs -------------------------------------------------------------------------------------------------------
def _by_score(tx: Tenant, told: Mapping[int, Told], candidates: Mapping[int, list[OurClaim]]) -> dict[int, Found]:
    """Opens only claims on which the outcome can depend."""
    worth = {decision_id: worth_opening(one, candidates.get(decision_id, [])) for decision_id, one in told.items()}
    opened = _opened(tx, {claim.claim_id for some in worth.values() for claim in some})
    found = {}
    for decision_id, one in told.items():
        best = unique(ranked(one, _with_inside(worth[decision_id], opened)))
        # A claim that does not open may be the one.
        if best is not None and all(claim.claim_id in opened for claim in worth[decision_id]):
            found[decision_id] = Found(best.claim.claim_id, best.claim.clm01, BY_SCORE, best.points, best.evidence)
    return found


def _not_contended(told: Mapping[int, Told], found: Mapping[int, Found], taken: Collection[str]) -> dict[int, Found]:
    """Without those for which another decision has the same claim: one of the two is about something else.

    A reversal and what it takes back, or what corrects it, are about the same claim.
    """
    times: dict[tuple[str, bool], int] = {}
    for decision_id, one in found.items():
        key = one.clm01, told[decision_id].takes_back
        times[key] = times.get(key, 0) + 1
    return {
        decision_id: one
        for decision_id, one in found.items()
        if times[one.clm01, told[decision_id].takes_back] == 1
        and (told[decision_id].takes_back or one.clm01 not in taken)
    }


def _with_inside(claims_: Iterable[OurClaim], opened: Mapping[int, Inside]) -> list[OurClaim]:
    return [replace(claim, inside=opened.get(claim.claim_id)) for claim in claims_]


def _opened(tx: Tenant, claim_ids: Collection[int]) -> dict[int, Inside]:
    """What is in the claims, without those that do not open or are no longer read."""
    found = {}
    for claim_id, document in claims.by_id(tx, sorted(claim_ids)).items() if claim_ids else ():
        try:
            found[claim_id] = _inside(stored_claim(document.document))
        except (SealBroken, ValidationError):
            continue
    return found


def _inside(claim: AnyClaim) -> Inside:
    return Inside(
        procedures=frozenset(line.billed_code for line in claim.lines),
        last_name=claim.patient.last_name,
        first_name=claim.patient.first_name,
        payer_name=claim.payer.name,
    )
