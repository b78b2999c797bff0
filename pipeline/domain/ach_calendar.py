"""A bank's hours: when files are made for it, for which day it takes them, and which day their entries may bear.

Times of day are the Reserve Banks' (Eastern), and count on banking days only. The day of an entry is the rules' effective
entry date: credits at most two banking days after the day for which the bank takes the file, debits at most one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pipeline.domain.calendar import add_banking_days, day_of, is_banking_day, moment_of, next_banking_day
from pipeline.domain.mailbox import BankProfile

STILL_TAKEN = timedelta(hours=1)
"""So long after the last cut-off of a day the bank takes a file for that day: cut-offs are set so that this remains."""
_MOST_AHEAD_OF_DEBITS = 1
_NEVER_SAME_DAY = frozenset({"IAT", "ENR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One of the operator's windows for settlement on the same day, as it was or is; cents are the most an entry may have."""

    name: str
    valid_from: date = date.min
    valid_to: date = date.max
    deadline: time
    settlement: time
    limit_cents: int


class WindowBook:
    """All windows; the order of rows is no matter."""

    def __init__(self, rows: Iterable[Window]) -> None:
        self.rows = tuple(rows)

    def takes(self, amount_cents: int, day: date, now: datetime, lead: timedelta) -> bool:
        """Whether an entry may settle on `day` if its file leaves now; a bank wants it `lead` before the operator does."""
        return any(
            row.valid_from <= day <= row.valid_to
            and amount_cents <= row.limit_cents
            and now < moment_of(day, row.deadline) - lead
            for row in self.rows
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BankHours:
    """What was agreed with one bank about times and days."""

    windows: WindowBook
    cutoffs: tuple[time, ...] = ()
    settlement_days: int = 1
    same_day: bool = False
    lead: timedelta = timedelta(0)

    # -- cut-offs -----------------------------------------------------------------------------------------------------
    def passed(self, now: datetime) -> datetime | None:
        """The last cut-off that is not after `now`: what was approved before it is due. None where there are no cut-offs."""
        if not self.cutoffs:
            return None
        day = day_of(now)
        while True:
            if is_banking_day(day):
                for at in sorted(self.cutoffs, reverse=True):
                    if (moment := moment_of(day, at)) <= now:
                        return moment
            day -= timedelta(days=1)

    def coming(self, now: datetime) -> datetime | None:
        """The first cut-off after `now`: the one that a payment belongs to which is approved now."""
        if not self.cutoffs:
            return None
        day = add_banking_days(day_of(now), 0)
        today = (moment_of(day, at) for at in sorted(self.cutoffs))
        return next((one for one in today if one > now), None) or moment_of(next_banking_day(day), min(self.cutoffs))

    # -- days ---------------------------------------------------------------------------------------------------------
    def bank_day(self, now: datetime) -> date:
        """The banking day for which the bank takes a file that leaves now."""
        day = day_of(now)
        late = bool(self.cutoffs) and now > moment_of(day, max(self.cutoffs)) + STILL_TAKEN
        return next_banking_day(day) if late else add_banking_days(day, 0)

    def earliest(self, now: datetime, amount_cents: int, sec: str) -> date:
        """The first day on which an entry may settle if its file leaves now."""
        day = self.bank_day(now)
        if self.same_day and sec not in _NEVER_SAME_DAY and self.windows.takes(amount_cents, day, now, self.lead):
            return day
        return next_banking_day(day)

    def effective_date(
        self, now: datetime, amount_cents: int, sec: str = "PPD", *, debit: bool = False, same_day: bool = False
    ) -> date:
        """The day that an entry bears whose file is made now. `same_day`: it shall settle as soon as the bank can."""
        days = 0 if same_day else min(self.settlement_days, _MOST_AHEAD_OF_DEBITS if debit else self.settlement_days)
        return next_banking_day(self.bank_day(now), days) if days else self.earliest(now, amount_cents, sec)


def hours(profile: BankProfile, windows: WindowBook) -> BankHours:
    return BankHours(
        windows=windows,
        cutoffs=tuple(time.fromisoformat(one) for one in profile.cutoffs),
        settlement_days=profile.settlement_days,
        same_day=profile.same_day,
        lead=timedelta(minutes=profile.same_day_lead_min),
    )
