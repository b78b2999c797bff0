"""The coded facts of an institutional claim: what HI carries."""

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True, kw_only=True)
class Diagnosis:
    """A diagnosis or external cause, without decimal point."""

    code: str
    on_admission: str | None = None  # Y, N, U unknown, W undetermined; absent where the code is exempt or nobody asks


@dataclass(slots=True, kw_only=True)
class Procedure:
    """A procedure of ICD and its day."""

    code: str
    on: date


@dataclass(slots=True, kw_only=True)
class Occurrence:
    """An event that bears on payment, by its code, and its day."""

    code: str
    on: date


@dataclass(slots=True, kw_only=True)
class OccurrenceSpan:
    """A period that bears on payment, by its code, with first and last day."""

    code: str
    first: date
    last: date


@dataclass(slots=True, kw_only=True)
class ValueAmount:
    """A value code with its amount. What it counts besides money, days for one, is told in hundredths as cents are."""

    code: str
    amount_cents: int
