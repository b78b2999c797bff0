"""Who a payee is, so that the same one is met again, and what a version of his bank details stands for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.domain.payment import Payee, PayeeKind
from pipeline.domain.permissions import allowed
from pipeline.domain.wire_text import wire_text

CHANGE_NEEDS = 2
"""So many people stand up for a change: none of them is whoever told of it by a claim or a bank's notice."""
BY_HAND = "by_hand"
"""The word for a hold that a person has placed; others name what placed them."""


def may_stand_up(roles: Collection[str]) -> bool:
    """Whether a person of these roles counts for a version: who may propose one, or who may say the last word."""
    return allowed(roles, "payees.change") or allowed(roles, "payees.confirm")


def still_needed(needed: int, stood_up: Sequence[Collection[str]]) -> int:
    """How many more must stand up, from the roles of those who have: one of them at least may say the last word."""
    counted = [roles for roles in stood_up if may_stand_up(roles)]
    last_word = any(allowed(roles, "payees.confirm") for roles in counted)
    return max(needed - len(counted), 0 if last_word else 1)


def plain_name(name: str) -> str:
    """A name by which holds are found: upper-case letters and digits without accents, its words in alphabetical order."""
    try:
        written = wire_text(name)
    except ValueError:  # it has characters that no bank takes; it is still a name
        written = name.upper()
    words = "".join(c if c.isalnum() else " " for c in written).split()
    return " ".join(sorted(words))


def patient_key(member_id: str | None, birth_date: date, first_name: str) -> str:
    """What names a patient over his claims: the payer's number for him, his birth date and first name."""
    return f"{(member_id or '').strip().upper()}|{birth_date.isoformat()}|{plain_name(first_name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPayee:
    """A payee as something tells of him. `key` names him among those of his kind and is never kept in clear."""

    kind: PayeeKind
    key: str = field(repr=False)
    where: Payee
    source: str  # claim | person | noc
    source_id: int | None = None
