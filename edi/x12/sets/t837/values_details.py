"""Details that claims and lines have in common, most of them rare."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True, kw_only=True)
class Condition:
    """CRC: up to five condition codes that all apply, or all do not."""

    applies: bool = True  # CRC02
    codes: list[str] = field(default_factory=list)  # CRC03-CRC07


@dataclass(slots=True, kw_only=True)
class Attachment:
    """PWK: a document that goes with the claim or line, or is kept for whoever asks."""

    report_type: str  # PWK01
    transmission: str  # PWK02: AA on request, BM, EL, EM, FT, FX
    control_number: str | None = None  # PWK06, the same as on the document; absent only with AA


@dataclass(slots=True, kw_only=True)
class Contract:
    """CN1: the terms of a contract between provider and payer."""

    kind: str  # CN101
    amount_cents: int | None = None  # CN102
    percentage: Decimal | None = None  # CN103
    code: str | None = None  # CN104
    discount_percentage: Decimal | None = None  # CN105
    version: str | None = None  # CN106


@dataclass(slots=True, kw_only=True)
class Pricing:
    """HCP: what a repricer made of the charge. Product and units belong to a line only."""

    methodology: str  # HCP01
    allowed_cents: int  # HCP02
    saving_cents: int | None = None  # HCP03
    organization: str | None = None  # HCP04
    rate: Decimal | None = None  # HCP05
    patient_group: str | None = None  # HCP06
    patient_group_cents: int | None = None  # HCP07
    procedure_qualifier: str | None = None  # HCP09
    procedure: str | None = None  # HCP10
    unit: str | None = None  # HCP11
    units: Decimal | None = None  # HCP12
    reject_reason: str | None = None  # HCP13
    compliance: str | None = None  # HCP14
    exception: str | None = None  # HCP15
