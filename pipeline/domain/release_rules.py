"""Which payments may leave, and by whose leave: dated rules over what is known of a payment.

A rule is an expression in CEL, the Common Expression Language, over the names of `Facts`; it holds or it does not. All rules
that hold are collected, and the gravest answer counts: refuse, hold, so many approvals, release. Where no rule holds, the
payment is held: nothing leaves because somebody forgot a rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import IntEnum
from operator import attrgetter
from typing import Any

import cel

from pipeline.domain.payer_rules import ANY


class Answer(IntEnum):
    """The graver the greater."""

    RELEASE = 0
    APPROVE = 1  # by so many people who did not prepare it
    HOLD = 2  # a person looks into it, then lets it go by his approval
    REFUSE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules may ask of a payment. Cents, counts, days and our own words: nothing of a person."""

    kind: str  # refund, payer_refund, vendor, disbursement, reversal, prenote
    amount_cents: int
    limit_cents: int  # the tenant's own: above it people approve
    payee_payments: int  # earlier ones to this account that left and stayed
    payee_known_days: int  # since the first of them; 0 where there is none
    payee_age_days: int  # since we know the payee
    details_age_days: int  # since people stood up for the bank details, or a claim told the first ones
    details_changed: bool  # the payee had others before
    prenoted: bool  # the account was tried out, and nothing came back
    name_held: bool  # somebody has put the payee, or his name, on hold
    payee_30d_cents: int  # to this account within 30 days, this one not counted
    payee_30d_count: int
    same_amount_30d: int  # to this account, of this very amount, for another obligation
    payee_returns: int  # payments to this account that came back
    day_cents: int  # all that was proposed or left on the same business day, this one not counted
    money_is_in: bool  # every remittance of the claim has its deposit

    def as_dict(self) -> dict[str, Any]:
        return dict(zip(NAMES, _values(self), strict=True))


NAMES = tuple(field.name for field in fields(Facts))
_values = attrgetter(*NAMES)
_SAMPLE = Facts(
    kind="refund", amount_cents=1, limit_cents=1, payee_payments=0, payee_known_days=0, payee_age_days=0,
    details_age_days=0, details_changed=False, prenoted=False, name_held=False, payee_30d_cents=0, payee_30d_count=0,
    same_amount_30d=0, payee_returns=0, day_cents=0, money_is_in=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRule:
    """One row. `version` is told with every answer; `approvals` counts for `approve` and `hold`."""

    name: str
    version: int
    kind: str = ANY
    valid_from: date = date.min
    valid_to: date = date.max
    when: "Condition"
    answer: Answer
    approvals: int = 1
    reason: str


class Condition:
    """A compiled expression. ValueError says what is wrong with one that does not answer yes or no on every payment."""

    __slots__ = ("_program", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._program = cel.compile(text)
            holds = self._program.execute(_SAMPLE.as_dict())
        except (ValueError, TypeError, RuntimeError) as error:
            raise ValueError(str(error).partition("\n")[0]) from None
        if type(holds) is not bool:
            raise ValueError("the expression is no question: it must be true or false")

    def holds(self, told: dict[str, Any]) -> bool:
        return bool(self._program.execute(told))


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer with the rules that gave it, each as name/version, and their reasons."""

    answer: Answer
    approvals: int
    rules: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def needed(self) -> int:
        """So many people must approve; 0: it goes by itself."""
        return 0 if self.answer is Answer.RELEASE else max(self.approvals, 1)

    @property
    def told(self) -> str:
        return ", ".join(self.rules)


NO_RULE = Ruling(Answer.HOLD, 1, ("no_rule/0",), ("no rule says that such a payment may go",))


class ReleaseBook:
    """All rules; the order of rows is no matter."""

    def __init__(self, rows: Iterable[ReleaseRule]) -> None:
        self.rows = tuple(rows)

    def ruled(self, facts: Facts, day: date) -> Ruling:
        """What the rules of a business day say of a payment."""
        told = facts.as_dict()
        holding = [
            row
            for row in self.rows
            if row.valid_from <= day <= row.valid_to and row.kind in {ANY, facts.kind} and row.when.holds(told)
        ]
        if not holding:
            return NO_RULE
        gravest = max(row.answer for row in holding)
        speaking = [row for row in holding if row.answer is gravest]
        return Ruling(
            gravest,
            max(row.approvals for row in holding if row.answer >= Answer.APPROVE) if gravest else 0,
            tuple(f"{row.name}/{row.version}" for row in speaking),
            _once(row.reason for row in speaking),
        )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def compared(book: ReleaseBook, past: Sequence[tuple[Facts, date, str]]) -> list[tuple[int, str, Ruling]]:
    """Where the book would answer otherwise than was answered (`told`): position, what was said, what it says now."""
    changed = []
    for position, (facts, day, told) in enumerate(past):
        ruling = book.ruled(facts, day)
        if summary(ruling) != told:
            changed.append((position, told, ruling))
    return changed


def summary(ruling: Ruling) -> str:
    """The answer in a word: release, approve 2, hold, refuse."""
    word = ruling.answer.name.lower()
    return f"{word} {ruling.needed}" if ruling.answer is Answer.APPROVE else word
