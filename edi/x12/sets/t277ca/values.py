"""The claim acknowledgment as values: 277CA, guide 005010X214. Money is integer cents, blank is None."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from edi.x12.syntax.document import TransactionSet

REJECTING = frozenset({"A3", "A6", "A7", "A8"})
"""Categories that say: not taken in, nothing will be adjudicated."""
ACCEPTING = frozenset({"A0", "A1", "A2", "A5"})
"""Categories that say: received, passed on or taken in, split included."""
NOT_FOUND = frozenset({"A4"})
"""The category that says: no such claim here, which is neither an acceptance nor a rejection."""
OPPOSITE = {"WQ": REJECTING, "U": ACCEPTING}
"""By action (STC03), the categories that say the opposite of it."""


class Verdict(StrEnum):
    """What a report says of a claim, a line, a provider or a batch."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_FOUND = "not found"


@dataclass(slots=True, kw_only=True)
class StatusCode:
    """A further code pair of the same STC (STC10, STC11)."""

    category: str
    code: str
    entity: str | None = None


@dataclass(slots=True, kw_only=True)
class Status:
    """STC: one status."""

    category: str  # STC01-1: A0 to A8
    code: str  # STC01-2
    entity: str | None = None  # STC01-3
    date: dt.date | None = None  # STC02
    action: str | None = None  # STC03: WQ accept, U reject
    charge_cents: int | None = None  # STC04
    further: list[StatusCode] = field(default_factory=list)  # STC10, STC11
    text: str | None = None  # STC12
    segment_number: int = field(default=0, compare=False)  # position of STC, ST = 1

    @property
    def categories(self) -> list[str]:
        """Every category of this STC, the first one first."""
        return [self.category, *(one.category for one in self.further)]

    @property
    def contradicts_itself(self) -> bool:
        """Whether its category says the opposite of its action: the action counts, but somebody should ask."""
        return self.category in OPPOSITE.get(self.action or "", frozenset())


def verdict_of(statuses: Sequence[Status]) -> Verdict | None:
    """What these statuses say of what they stand for; None where they say nothing that this report may say.

    The action (STC03) decides, the category only without one; but what was not found was not accepted either.
    """
    if not statuses:
        return None
    actions = {one.action for one in statuses}
    categories = {category for one in statuses for category in one.categories}
    if "U" in actions:
        return Verdict.REJECTED
    if "WQ" not in actions and categories & REJECTING:
        return Verdict.REJECTED
    if categories & NOT_FOUND:
        return Verdict.NOT_FOUND
    return Verdict.ACCEPTED if "WQ" in actions or categories & ACCEPTING else None


@dataclass(slots=True, kw_only=True)
class LineStatus:
    """Loop 2220D: a status of one service line."""

    procedure: str | None = None  # SVC01-2
    procedure_qualifier: str = "HC"  # SVC01-1
    modifiers: list[str] = field(default_factory=list)  # SVC01-3 to -6
    charge_cents: int | None = None  # SVC02
    units: Decimal | None = None  # SVC07
    statuses: list[Status] = field(default_factory=list)
    line_control_number: str | None = None  # REF*FJ, the REF*6R of the claim
    service_date: dt.date | None = None  # DTP*472
    service_date_to: dt.date | None = None

    @property
    def rejected(self) -> bool:
        return verdict_of(self.statuses) is Verdict.REJECTED


@dataclass(slots=True, kw_only=True)
class ClaimStatus:
    """Loops 2000D and 2200D: what became of one claim. ``StatusReport.verdict_on`` has what stands above it too."""

    last_name: str | None = None  # NM103 of QC
    first_name: str | None = None
    middle_name: str | None = None
    member_id: str | None = None  # NM109 of QC
    patient_control_number: str  # TRN02, the CLM01 of the claim
    statuses: list[Status] = field(default_factory=list)
    payer_control_number: str | None = None  # REF*1K
    clearinghouse_id: str | None = None  # REF*D9
    bill_type: str | None = None  # REF*BLT
    service_date: dt.date | None = None  # DTP*472
    service_date_to: dt.date | None = None
    lines: list[LineStatus] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)  # position of TRN, ST = 1

    @property
    def verdict(self) -> Verdict | None:
        """By the claim's own statuses; a rejected line stands for its claim where that has none."""
        return verdict_of(self.statuses) if self.statuses else Verdict.REJECTED if self.rejected_lines else None

    @property
    def rejected(self) -> bool:
        return self.verdict is Verdict.REJECTED

    @property
    def contradicts_itself(self) -> bool:
        return any(one.contradicts_itself for one in self.statuses)

    @property
    def rejected_lines(self) -> list[LineStatus]:
        """Lines at fault. The claim's own status may only point at them (A3:247), so the reasons stand here."""
        return [line for line in self.lines if line.rejected]


@dataclass(slots=True, kw_only=True)
class ProviderStatus:
    """Loops 2000C and 2200C. A rejection here covers every claim of the provider, listed or not."""

    name: str | None = None  # NM103 of 85
    first_name: str | None = None
    npi: str | None = None  # NM109 where XX
    tax_id: str | None = None  # NM109 where FI
    reference: str | None = None  # TRN02
    statuses: list[Status] = field(default_factory=list)
    accepted_count: int | None = None  # QTY*QA
    rejected_count: int | None = None  # QTY*QC
    accepted_cents: int | None = None  # AMT*YU
    rejected_cents: int | None = None  # AMT*YY
    patients: list[ClaimStatus] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)  # position of HL, ST = 1

    @property
    def rejected(self) -> bool:
        return verdict_of(self.statuses) is Verdict.REJECTED


@dataclass(slots=True, kw_only=True)
class Source:
    """Loop 2100A: who answers. ``kind`` AY is a clearinghouse, PR a payer."""

    kind: str  # NM101
    name: str  # NM103
    identifier: str | None = None  # NM109
    identifier_kind: str = "46"  # NM108: 46, FI, PI, XV


@dataclass(slots=True, kw_only=True)
class StatusReceiver:
    """Loop 2100B: who is answered."""

    name: str | None = None
    identifier: str | None = None
    segment_number: int = field(default=0, compare=False)  # position of HL, ST = 1


@dataclass(slots=True, kw_only=True)
class StatusReport:
    """One 277CA transaction set. ``batch_reference`` echoes the BHT03 of the 837 that is answered."""

    reference: str  # BHT03
    when: dt.datetime | None = None  # BHT04, BHT05
    source: Source
    source_reference: str | None = None  # 2200A TRN02
    received_date: dt.date | None = None  # DTP*050
    processed_date: dt.date | None = None  # DTP*009
    receiver: StatusReceiver = field(default_factory=StatusReceiver)
    batch_reference: str | None = None  # 2200B TRN02
    batch_statuses: list[Status] = field(default_factory=list)
    accepted_count: int | None = None  # QTY*90
    rejected_count: int | None = None  # QTY*AA
    accepted_cents: int | None = None  # AMT*YU
    rejected_cents: int | None = None  # AMT*YY
    providers: list[ProviderStatus] = field(default_factory=list)
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)  # what it was read from

    @property
    def by(self) -> Literal["clearinghouse", "payer"]:
        """Which of the two speaks. One claim is answered by both, in this order; who is no payer stands before it."""
        return "payer" if self.source.kind == "PR" else "clearinghouse"

    @property
    def rejected(self) -> bool:
        """Whole batch rejected at the receiver level: covers every claim, listed or not."""
        return verdict_of(self.batch_statuses) is Verdict.REJECTED

    def verdict_on(self, provider: ProviderStatus, claim: ClaimStatus) -> Verdict | None:
        """The verdict on a claim: a rejection of the batch or of its provider covers it, whatever is said of itself."""
        return Verdict.REJECTED if self.rejected or provider.rejected else claim.verdict
