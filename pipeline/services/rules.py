"""The rules of release, for whoever looks after them: what they are, and what others would have said."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.domain.release_rules import compared, summary
from pipeline.rules import release
from pipeline.stages.context import Context
from pipeline.store import release_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A past ruling that the rules under test would not give."""

    payment_id: int
    business_date: date
    was: str
    was_by: str
    would_be: str
    would_be_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`answers` counts what the rules under test say; `changed` are those that were answered otherwise."""

    rulings: int
    answers: dict[str, int]
    changed: list[Changed]


def try_on_past(ctx: Context, org_id: int, folder: Path | None, since: date | None = None) -> Tried:
    """Runs rules (of a folder; None: those in force) over what was known of past payments when they were ruled on.

    Nothing is changed. Raises ConfigurationError for rules that cannot be read.
    """
    book = ctx.releases if folder is None else release.read(folder)
    with ctx.tenant(org_id, "rules") as tx:
        past = release_facts.past(tx, since)
    answers = Counter(summary(book.ruled(one.facts, one.business_date)) for one in past)
    changed = compared(book, [(one.facts, one.business_date, one.answer) for one in past])
    return Tried(
        rulings=len(past),
        answers=dict(sorted(answers.items())),
        changed=[
            Changed(
                payment_id=past[position].payment_id,
                business_date=past[position].business_date,
                was=was,
                was_by=past[position].rules,
                would_be=summary(ruling),
                would_be_by=ruling.told,
            )
            for position, was, ruling in changed
        ],
    )
