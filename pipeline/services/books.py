"""The books, for whoever wants to see them: trial balance, an account line by line, a balance at any time."""

from dataclasses import dataclass
from datetime import date

from pipeline.domain.errors import CallerError
from pipeline.domain.ledger import Account
from pipeline.stages.context import Context
from pipeline.store import ledger, statements
from pipeline.store.statements import Line, Wanted


def trial_balance(ctx: Context, org_id: int, until: date | None = None) -> dict[str, int]:
    """Cents by account up to the end of a business day (None: all), debit positive; the sum is zero."""
    with ctx.tenant(org_id, "books") as tx:
        return ledger.trial_balance(tx, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An account, or a part of it: what stood before, each line, what stands after. `whole`: no line was left out."""

    wanted: Wanted
    opening_cents: int
    lines: list[Line]
    whole: bool

    @property
    def closing_cents(self) -> int:
        return self.opening_cents + sum(line.amount_cents for line in self.lines)


def statement(ctx: Context, org_id: int, wanted: Wanted, limit: int = 10_000) -> Statement:
    """The account's entries with file, set and segment they came from. Raises CallerError for an unknown account."""
    if wanted.account not in set(Account):
        raise CallerError(f"there is no account {wanted.account}: it is one of {', '.join(Account)}")
    with ctx.database.tenant(org_id, "system:books", snapshot=True) as tx:
        found = statements.lines(tx, wanted, limit + 1)
        opening = statements.opening(tx, wanted)
    return Statement(wanted=wanted, opening_cents=opening, lines=found[:limit], whole=len(found) <= limit)
