"""That somebody looks at the rules of release once a year, and the record of it.

The ACH rules ask every originator for risk-based monitoring of what it sends, reviewed at least yearly (fraud monitoring, in
force for all since 22 June 2026). Each ruling is kept with what it rested on; a review says who read the rules, when, which
versions they had, and what they had answered since the last one.
"""

from dataclasses import dataclass
from datetime import date

from pipeline.domain.release_rules import ReleaseBook
from pipeline.services.permitted import permitted
from pipeline.stages.context import Context
from pipeline.stages.rules_watch import ACTION, last_review
from pipeline.store import audit, exceptions, release_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`told`: the rules with their versions and how often each answer was given since the review before."""

    day: date
    by: str
    told: str


def reviewed(ctx: Context, org_id: int, principal_name: str) -> Review:
    """Writes down that an approver has read the rules in force. Raises NotKnown and NotAllowed as `permitted` does."""
    today = ctx.today()
    with ctx.database.tenant(org_id, principal_name) as tx:
        permitted(tx, principal_name, "rules.review")
        answers = release_facts.answered(tx, last_review(tx))
        told = f"{_counts(answers)}; rules {_versions(ctx.releases, today)}"
        audit.note(tx, ACTION, "org", org_id, f"{today.isoformat()} {told}")
        exceptions.close(tx, "rules_review_due", "org", [org_id], f"{principal_name}: {ACTION}")
    return Review(day=today, by=principal_name, told=told)


def reviews(ctx: Context, org_id: int) -> list[Review]:
    """All reviews, latest first."""
    with ctx.tenant(org_id, "rules") as tx:
        found = audit.noted(tx, ACTION)
    return [
        Review(day=date.fromisoformat(one.detail[:10]), by=one.actor, told=one.detail[10:].strip()) for one in found
    ]


def _counts(answers: dict[str, int]) -> str:
    return ", ".join(f"{times} {answer}" for answer, times in answers.items()) or "no payment was ruled on"


def _versions(book: ReleaseBook, day: date) -> str:
    return ", ".join(f"{row.name}/{row.version}" for row in book.rows if row.valid_from <= day <= row.valid_to)
