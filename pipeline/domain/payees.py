"""Who a payee is, so that the same one is met again, and what a version of his bank details stands for."""

from dataclasses import dataclass, field
from datetime import date

from pipeline.domain.payment import Payee, PayeeKind
from pipeline.domain.wire_text import wire_text

CHANGE_NEEDS = 2
"""So many people stand up for a change: none of them is whoever told of it by a claim or a bank's notice."""


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
