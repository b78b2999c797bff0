"""The yearly look at the rules of release: told when it is due, closed by `services/rules_review`."""

from datetime import date, timedelta

from pipeline.stages.context import Context
from pipeline.store import audit, exceptions, release_facts
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise

ACTION = "rules.reviewed"
_EVERY = timedelta(days=365)


def last_review(tx: Tenant) -> date | None:
    """The business day of the last review, which stands first in its detail; None where there was none."""
    found = audit.noted(tx, ACTION)
    return date.fromisoformat(found[0].detail[:10]) if found else None


def look(ctx: Context, tx: Tenant) -> None:
    """Tells approvers when the rules were not reviewed for a year, or never since the first payment a year ago."""
    since = last_review(tx) or release_facts.first_day(tx)
    if since is None or ctx.today() - since < _EVERY:
        return
    reason = (
        f"the rules of release were last reviewed, or first used, on {since}: the ACH rules ask for a review every year"
    )
    exceptions.open_all(tx, [Raise("rules_review_due", "org", tx.org_id, reason)])
