"""Keeping and deleting: months made ahead, and those dropped that nobody has to keep any longer. As the owner role.

The law asks for six years (45 CFR 164.316(b)(2)); an operator may ask for more, never again for less.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.domain.errors import CallerError
from pipeline.store import months
from pipeline.store.database import as_owner
from pipeline.store.months import Month


@dataclass(frozen=True, slots=True)
class Review:
    """What is old enough to go, by month. Nothing written after `kept_since` may."""

    kept_since: datetime
    months: list[Month]

    @property
    def free(self) -> list[Month]:
        """Those that can go: they lie by month, and no hold keeps a row of them."""
        return [one for one in self.months if one.droppable and not one.held_rows]


def maintain(owner_url: str, years: int) -> int:
    """Makes the months ahead and notes for how many years all is kept; gives the years that hold. Safe to repeat."""
    with as_owner(owner_url) as owner:
        months.make(owner)
        return months.keep_for(owner, years)


def review(owner_url: str, before: date | None = None) -> Review:
    """Months that ended before `before`; without it, all that are old enough. Changes nothing.

    CallerError where `before` is later than what must be kept.
    """
    with as_owner(owner_url) as owner:
        kept_since = months.kept_since(owner)
        until = kept_since if before is None else datetime.combine(before, datetime.min.time(), UTC)
        if until > kept_since:
            raise CallerError(f"what was written since {kept_since:%Y-%m-%d} must be kept: name an earlier day")
        return Review(kept_since, months.older(owner, until))


def drop(owner_url: str, actor: str, found: Review) -> None:
    """Drops the months of a review that can go, each in a transaction of its own, the oldest first.

    What came under hold since the review makes the database refuse; what went before stays gone.
    """
    for month in found.free:
        with as_owner(owner_url) as owner:
            months.drop(owner, month, actor)
