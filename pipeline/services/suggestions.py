"""Decisions that found no claim, and the claims that each may be about: for whoever sorts out unmatched money.

The list shows no patient. The view of one decision names the patients that are compared, so it goes to the screen of the
person who asked and nowhere else; whose claims were shown is written to the audit trail.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipeline.domain.claim_scoring import MARGIN, THRESHOLD, Scored
from pipeline.domain.errors import NotKnown
from pipeline.stages import claim_finding
from pipeline.stages.context import Context
from pipeline.store import audit, matching, remittances
from pipeline.store.matching import Unmatched

MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A claim that fits, with its score and the signs in words; `patient` only in the view of one decision."""

    claim_id: int
    clm01: str
    version: int
    state: str
    charge_cents: int
    service_from: date | None
    points: int
    evidence: tuple[str, ...]
    patient: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    decision: Unmatched
    best: Suggestion | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The oldest of what waits, and how many and how much there is in all."""

    waiting: list[Waiting]
    decisions: int
    paid_cents: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON; dates stay objects with `isoformat`."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One decision with the patient as the payer names him, and what of ours fits best; `why` no claim was taken."""

    decision: Unmatched
    patient: str | None
    procedures: tuple[str, ...]
    crossed_over_to: str | None
    suggestions: list[Suggestion]
    why: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def unmatched(ctx: Context, org_id: int, actor: str, limit: int = 100) -> Listing:
    """Posted decisions without a claim, the oldest first, each with the claim that fits best; notes that `actor` looked."""
    with ctx.database.tenant(org_id, actor) as tx:
        found = matching.unmatched(tx, limit)
        rankings = claim_finding.rankings(tx, remittances.decisions_by_id(tx, [one.id for one in found]), MOST)
        total = matching.unmatched_total(tx)
        audit.note(tx, "unmatched.list", "org", org_id, f"{len(found)} decisions")
    waiting = [Waiting(one, _suggestion(best[0]) if (best := rankings[one.id]) else None) for one in found]
    return Listing(waiting, total.decisions, total.paid_cents)


def suggestions(ctx: Context, org_id: int, actor: str, decision_id: int) -> Compared:
    """The best five claims for one decision. Raises NotKnown; notes each claim that `actor` was shown."""
    with ctx.database.tenant(org_id, actor) as tx:
        found = matching.one_unmatched(tx, decision_id)
        if found is None:
            raise NotKnown(f"no decision {decision_id} is unmatched; `claimrail unmatched` lists those that are")
        [row] = remittances.decisions_by_id(tx, [decision_id])
        ranking = claim_finding.rankings(tx, [row], MOST)[decision_id]
        audit.note(tx, "unmatched.show", "remittance_claim", decision_id)
        for one in ranking:
            audit.note(tx, "unmatched.show", "claim", one.claim.claim_id, f"beside decision {decision_id}")
    return Compared(
        decision=found,
        patient=_named(row.patient.last_name, row.patient.first_name),
        procedures=tuple(line.submitted_procedure or line.procedure or "" for line in row.lines),
        crossed_over_to=row.crossed_over_to,
        suggestions=[_suggestion(one, named=True) for one in ranking],
        why=_why_item(ranking) if row.is_item else _why(ranking),
    )


def _suggestion(one: Scored, *, named: bool = False) -> Suggestion:
    claim = one.claim
    return Suggestion(
        claim_id=claim.claim_id,
        clm01=claim.clm01,
        version=claim.version,
        state=claim.state,
        charge_cents=claim.charge_cents,
        service_from=claim.service_from,
        points=one.points,
        evidence=one.evidence,
        patient=_named(claim.inside.last_name, claim.inside.first_name) if named and claim.inside else None,
    )


def _named(last_name: str | None, first_name: str | None) -> str | None:
    return ", ".join(part for part in (last_name, first_name) if part) or None


def _why_item(ranking: list[Scored]) -> str:
    found = "; a claim whose number is in it is below" if ranking else ""
    return f"an item of an 820 is tied by its number alone, and no claim bears this one{found}"


def _why(ranking: list[Scored]) -> str:
    """Why none was taken, as things stand now."""
    if not ranking:
        return "no claim that has left is of this member, nor of this day and charge"
    if ranking[0].points < THRESHOLD:
        return f"the best fits with {ranking[0].points} points; {THRESHOLD} are needed"
    if len(ranking) > 1 and ranking[0].points - ranking[1].points < MARGIN:
        return f"several fit nearly alike: less than {MARGIN} points lie between the first and the second"
    return "the first fits now; it came later, another decision of its 835 names it too, or a person took it away"
