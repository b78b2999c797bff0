"""Values that more than one set is made of."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True, kw_only=True)
class Address:
    """N3 and N4 of one party."""

    line1: str  # N301
    line2: str | None = None  # N302
    city: str  # N401
    state: str | None = None  # N402, absent outside the United States and Canada
    zip: str | None = None  # N403, digits without hyphen
    country: str | None = None  # N404, only outside the United States
    subdivision: str | None = None  # N407, a province of such a country


@dataclass(slots=True, kw_only=True)
class Contact:
    """PER: name and numbers, each number with its kind (TE, FX, EM, UR, EX)."""

    function: str = "IC"  # PER01: IC; in the 835 CX and BL too
    name: str | None = None  # PER02
    numbers: list[tuple[str, str]] = field(default_factory=list)  # PER03-PER08


@dataclass(slots=True, kw_only=True)
class Delivery:
    """RDM: how the payee wants the advice delivered, in the 835 and 820."""

    method: str  # RDM01: BM mail, EM e-mail, FT file transfer, OL on line
    name: str | None = None  # RDM02
    number: str | None = None  # RDM03


@dataclass(slots=True, kw_only=True)
class Adjustment:
    """One reason of a CAS segment: why so much of the charge is not paid. Positive lowers the payment."""

    group: str  # CAS01: CO, OA, PI, PR
    reason: str  # CARC
    amount_cents: int
    quantity: Decimal | None = None
